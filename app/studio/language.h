// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>

class QCoreApplication;

namespace spanreel::app {

/// Loads our translation and Qt's own for the locale into the application (which owns them). False where we have none:
/// the texts stay English. Call once, before the first widget.
bool installTranslations(QCoreApplication& application, const QLocale& locale = QLocale());

}  // namespace spanreel::app
