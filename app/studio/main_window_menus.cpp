// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QDockWidget>
#include <QFileInfo>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>

#include "app/studio/help_windows.h"
#include "app/studio/import_summary.h"
#include "app/studio/main_window.h"
#include "app/studio/page_tabs.h"
#include "app/studio/receiver_desk.h"
#include "app/studio/save_trace.h"
#include "app/studio/sessions_desk.h"
#include "app/studio/settings.h"
#include "app/studio/settings_dialog.h"
#include "views/context.h"
#include "views/notes/notes_pane.h"
#include "views/replay/replay_bar.h"
#include "views/report/export_report.h"
#include "views/trace_list/trace_list_view.h"
#include "views/trace_page/trace_page.h"

namespace spanreel::app {

QAction* MainWindow::action(QMenu* menu, const QString& text, const char* name, const QList<QKeySequence>& keys, const std::function<void()>& run) {
    auto* a = menu->addAction(text);
    a->setObjectName(QLatin1String(name));
    if (!keys.isEmpty()) a->setShortcuts(keys);
    connect(a, &QAction::triggered, this, [run] { run(); });
    return a;
}

void MainWindow::buildMenus() {
    for (QMenu* menu : {fileMenu(), editMenu(), viewMenu(), goMenu(), replayMenu(), notesMenu(), helpMenu()}) menuBar()->addMenu(menu);
}

QMenu* MainWindow::fileMenu() {
    auto* menu = new QMenu(tr("&File"), this);
    menu->setObjectName(QStringLiteral("menuFile"));
    auto& theme = views::Theme::instance();
    action(menu, tr("&Open\u2026"), "actionOpen", {QKeySequence::Open}, [this] { askFiles(); })->setIcon(theme.icon("open"));
    m_recent = menu->addMenu(tr("Open &recent"));
    m_recent->setObjectName(QStringLiteral("menuRecent"));
    connect(m_recent, &QMenu::aboutToShow, this, &MainWindow::fillRecentMenu);
    action(menu, tr("Open &sample"), "actionOpenSample", {}, [this] { m_session->openSample(); })->setIcon(theme.icon("sample"));
    action(menu, tr("Import summar&y"), "actionImportSummary", {}, [this] { m_summary->present(); })->setIcon(theme.icon("info"));
    menu->addSeparator();
    auto* report = action(menu, tr("&Export report\u2026"), "actionExportReport", {QKeySequence(Qt::CTRL | Qt::Key_E)}, [this] { views::exportReport(*m_context, this); });
    report->setIcon(theme.icon("report"));
    auto* save = action(menu, tr("Save trace as OT&LP\u2026"), "actionSaveTrace", {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S)}, [this] { saveTraceAs(*m_context, this); });
    save->setIcon(theme.icon("export"));
    const auto enable = [this, report, save] {
        const bool any = m_context->trace() != nullptr;
        report->setEnabled(any);
        save->setEnabled(any);
    };
    connect(m_context.get(), &views::ViewContext::traceChanged, this, enable);
    enable();
    menu->addSeparator();
    action(menu, tr("&New session"), "actionNewSession", {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N)}, [this] { newSession(); });
    action(menu, tr("Sess&ions\u2026"), "actionSessions", {}, [this] { m_sessions->present(); });
    action(menu, tr("Se&ttings\u2026"), "actionSettings", {QKeySequence(Qt::CTRL | Qt::Key_Comma)}, [this] { showSettings(); })->setIcon(theme.icon("settings"));
    menu->addSeparator();
    action(menu, tr("&Close tab"), "actionCloseTab", {QKeySequence::Close}, [this] { m_pages->closeCurrent(); });
    // From every window of the program, such as the import summary.
    action(menu, tr("&Quit"), "actionQuit", {QKeySequence(Qt::CTRL | Qt::Key_Q)}, [this] { close(); })->setShortcutContext(Qt::ApplicationShortcut);
    return menu;
}

SettingsDialog* MainWindow::showSettings() {
    if (auto* open = findChild<SettingsDialog*>()) {
        open->raise();
        open->activateWindow();
        return open;
    }
    auto* dialog = new SettingsDialog(m_settings, m_receivers->inForce(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SettingsDialog::receiversChanged, m_receivers, &ReceiverDesk::restart);
    connect(dialog, &SettingsDialog::viewChanged, this, [this] {
        views::Theme::instance().setChoice(m_settings.theme());
        m_context->setShowsUtc(m_settings.showsUtc());
        setDensity(m_settings.density());
    });
    dialog->show();
    return dialog;
}

void MainWindow::fillRecentMenu() {
    m_recent->clear();
    const QStringList files = m_settings.recentFiles();
    for (const QString& file : files) {
        auto* a = m_recent->addAction(QFontMetrics(font()).elidedText(QString(file).replace(QLatin1Char('&'), QLatin1String("&&")), Qt::ElideMiddle, 520));
        connect(a, &QAction::triggered, this, [this, file] { openFiles({file}); });
    }
    if (files.isEmpty()) {
        m_recent->addAction(tr("No recent files"))->setEnabled(false);
        return;
    }
    m_recent->addSeparator();
    action(m_recent, tr("Clear this list"), "actionClearRecent", {}, [this] {
        m_settings.clearRecentFiles();
        m_pages->traceList().setRecentFiles({});
    });
}

QMenu* MainWindow::editMenu() {
    auto* menu = new QMenu(tr("&Edit"), this);
    menu->setObjectName(QStringLiteral("menuEdit"));
    m_notes->undoAction()->setShortcut(QKeySequence::Undo);
    m_notes->redoAction()->setShortcuts({QKeySequence(QKeySequence::Redo), QKeySequence(Qt::CTRL | Qt::Key_Y)});
    menu->addAction(m_notes->undoAction());
    menu->addAction(m_notes->redoAction());
    menu->addSeparator();
    action(menu, tr("&Find"), "actionFind", {QKeySequence::Find}, [this] {
        if (m_pages->onTracePage()) m_pages->tracePage().focusSearch();
        else if (m_pages->onTraces()) m_pages->traceList().focusFilter();
        else m_find->setFocus(Qt::ShortcutFocusReason);
    })->setIcon(views::Theme::instance().icon("search"));
    action(menu, tr("Find in the &session"), "actionFindSession", {QKeySequence(Qt::CTRL | Qt::Key_L)}, [this] {
        m_find->setFocus(Qt::ShortcutFocusReason);
        m_find->selectAll();
    });
    return menu;
}

QMenu* MainWindow::viewMenu() {
    auto* menu = new QMenu(tr("&View"), this);
    menu->setObjectName(QStringLiteral("menuView"));
    const auto choices = [this, menu](const QString& title, const char* name, const QStringList& texts, int current, const std::function<void(int)>& choose) {
        auto* sub = menu->addMenu(title);
        sub->setObjectName(QLatin1String(name));
        auto* group = new QActionGroup(sub);
        for (int i = 0; i < texts.size(); ++i) {
            auto* a = sub->addAction(texts[i]);
            a->setObjectName(QStringLiteral("%1%2").arg(QLatin1String(name)).arg(i));
            a->setCheckable(true);
            a->setChecked(i == current);
            group->addAction(a);
            connect(a, &QAction::triggered, this, [choose, i] { choose(i); });
        }
        return group;
    };
    auto* themes = choices(tr("&Theme"), "menuTheme", {tr("As the &system"), tr("&Light"), tr("&Dark")}, static_cast<int>(m_settings.theme()), [this](int i) { setTheme(static_cast<views::ThemeChoice>(i)); });
    auto* densities = choices(tr("&Density"), "menuDensity", {tr("&Compact rows"), tr("&Normal rows"), tr("C&omfortable rows")}, static_cast<int>(m_settings.density()), [this](int i) { setDensity(static_cast<Density>(i)); });
    auto* utc = menu->addAction(tr("Times in &UTC"));
    utc->setObjectName(QStringLiteral("actionUtc"));
    utc->setCheckable(true);
    utc->setChecked(m_context->showsUtc());
    connect(utc, &QAction::toggled, this, [this](bool on) {
        m_settings.setShowsUtc(on);
        m_context->setShowsUtc(on);
    });
    connect(menu, &QMenu::aboutToShow, this, [this, themes, densities, utc] {
        themes->actions()[static_cast<int>(m_settings.theme())]->setChecked(true);
        densities->actions()[static_cast<int>(m_settings.density())]->setChecked(true);
        utc->setChecked(m_context->showsUtc());
    });
    menu->addSeparator();
    int number = 1;
    for (QDockWidget* d : {m_navigatorDock, m_detailsDock, m_logDock, m_notesDock, m_inFlightDock}) {
        // Behind another's tab a dock counts as shown: it is brought to the front, and hidden only from there.
        auto* toggle = action(menu, d->windowTitle(), "", {QKeySequence(Qt::ALT | static_cast<Qt::Key>(Qt::Key_0 + number++))}, [d] {
            const bool inSight = d->isVisible() && !d->visibleRegion().isEmpty();
            d->setVisible(!inSight);
            if (!inSight) d->raise();
        });
        toggle->setObjectName(d->objectName() + QStringLiteral("Toggle"));
        toggle->setCheckable(true);
        toggle->setChecked(d->toggleViewAction()->isChecked());
        connect(d->toggleViewAction(), &QAction::toggled, toggle, &QAction::setChecked);
        connect(toggle, &QAction::triggered, d, [d, toggle] { toggle->setChecked(d->toggleViewAction()->isChecked()); });
    }
    action(menu, tr("&Reset layout"), "actionResetLayout", {}, [this] { resetLayout(); });
    menu->addSeparator();
    auto* full = action(menu, tr("&Full screen"), "actionFullScreen", {QKeySequence(Qt::Key_F11)}, [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); });
    full->setCheckable(true);
    return menu;
}

QMenu* MainWindow::goMenu() {
    auto* menu = new QMenu(tr("&Go"), this);
    menu->setObjectName(QStringLiteral("menuGo"));
    menu->addAction(m_back);
    menu->addAction(m_forward);
    menu->addSeparator();
    action(menu, tr("&Traces"), "actionGoTraces", {QKeySequence(Qt::CTRL | Qt::Key_1)}, [this] {
        m_pages->showTraces();
        m_pages->focusPage();
    });
    action(menu, tr("&Selected trace"), "actionGoTrace", {QKeySequence(Qt::CTRL | Qt::Key_2)}, [this] { m_pages->showTrace(); });
    action(menu, tr("Service &map"), "actionGoMap", {QKeySequence(Qt::CTRL | Qt::Key_3)}, [this] {
        m_pages->showMap();
        m_pages->focusPage();
    });
    menu->addSeparator();
    action(menu, tr("&Next trace"), "actionNextTrace", {QKeySequence(Qt::ALT | Qt::Key_Down)}, [this] { m_pages->traceList().step(1); });
    action(menu, tr("&Previous trace"), "actionPreviousTrace", {QKeySequence(Qt::ALT | Qt::Key_Up)}, [this] { m_pages->traceList().step(-1); });
    action(menu, tr("Next ta&b"), "actionNextTab", {QKeySequence(Qt::CTRL | Qt::Key_PageDown)}, [this] { m_pages->next(1); });
    action(menu, tr("Previous t&ab"), "actionPreviousTab", {QKeySequence(Qt::CTRL | Qt::Key_PageUp)}, [this] { m_pages->next(-1); });
    return menu;
}

QMenu* MainWindow::replayMenu() {
    auto* menu = new QMenu(tr("&Replay"), this);
    menu->setObjectName(QStringLiteral("menuReplay"));
    m_replay->playAction()->setShortcut(QKeySequence(Qt::Key_Space));
    m_replay->stepNextAction()->setShortcut(QKeySequence(Qt::Key_Period));
    m_replay->stepPreviousAction()->setShortcut(QKeySequence(Qt::Key_Comma));
    for (QAction* a : {m_replay->playAction(), m_replay->stepNextAction(), m_replay->stepPreviousAction(), m_replay->toStartAction(), m_replay->loopAction(), m_replay->inFlightAction(), m_replay->leaveAction()})
        menu->addAction(a);
    return menu;
}

QMenu* MainWindow::notesMenu() {
    auto* menu = new QMenu(tr("&Notes"), this);
    menu->setObjectName(QStringLiteral("menuNotes"));
    m_notes->addAction()->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_M));
    menu->addAction(m_notes->addAction());
    action(menu, tr("&Show notes"), "actionShowNotes", {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_M)}, [this] {
        m_notesDock->show();
        m_notesDock->raise();
    });
    return menu;
}

QMenu* MainWindow::helpMenu() {
    auto* menu = new QMenu(tr("&Help"), this);
    menu->setObjectName(QStringLiteral("menuHelp"));
    action(menu, tr("&Manual"), "actionManual", {QKeySequence(Qt::Key_F1)}, [this] { showManual(this); });
    action(menu, tr("&Keyboard shortcuts"), "actionShortcuts", {QKeySequence(Qt::CTRL | Qt::Key_Slash)}, [this] { showShortcuts(menuBar(), this); });
    action(menu, tr("&About Spanreel"), "actionAbout", {}, [this] { showAbout(this); });
    return menu;
}

}  // namespace spanreel::app
