// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QTranslator>
#include <memory>

#include "model/core/decimal_mark.h"

// Outside of every namespace, as the macro demands: the resource lies in a static library.
static void initTranslations() { Q_INIT_RESOURCE(i18n); }

namespace spanreel::app {
namespace {

bool install(QCoreApplication& application, const QLocale& locale, const QString& name, const QString& folder) {
    auto translator = std::make_unique<QTranslator>(&application);
    if (!translator->load(locale, name, QStringLiteral("_"), folder)) return false;
    return QCoreApplication::installTranslator(translator.release());
}

/// Numbers speak the language of the words.
void numbersOf(const QLocale& locale) {
    QLocale::setDefault(locale);
    setDecimalMark(locale.decimalPoint() == QLatin1String(",") ? ',' : '.');
}

}  // namespace

bool installTranslations(QCoreApplication& application, const QLocale& locale) {
    initTranslations();
    const QString ours = QStringLiteral(":/i18n"), name = QStringLiteral("spanreel");
    install(application, locale, QStringLiteral("qtbase"), QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    if (locale.language() != QLocale::C && install(application, locale, name, ours)) {
        numbersOf(locale);
        return true;
    }
    numbersOf(QLocale(QLocale::English));
    // The sources speak English; its file holds the plural forms.
    install(application, QLocale(QLocale::English), name, ours);
    return locale.language() == QLocale::C;
}

}  // namespace spanreel::app
