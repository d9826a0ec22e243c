// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QMenuBar;
class QWidget;

namespace spanreel::app {

/// A window that lists every shortcut of the menus and the keys of the panes. Not modal. GUI thread.
void showShortcuts(QMenuBar* menus, QWidget* parent);
/// The manual that comes with the program. Not modal.
void showManual(QWidget* parent);
/// Name, version, licence.
void showAbout(QWidget* parent);

}  // namespace spanreel::app
