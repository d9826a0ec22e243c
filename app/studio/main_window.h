// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>
#include <QPointer>
#include <memory>
#include <optional>

#include "app/studio/session.h"
#include "app/studio/studio_options.h"
#include "views/theme.h"
#include "views/widgets/banner_stack.h"

class QDockWidget;
class QLineEdit;
class QMenu;
class QToolButton;

namespace spanreel::views {
class DetailsPane;
class LogPane;
class NavigatorPane;
class NotesPane;
class ReplayBar;
class ViewContext;
}  // namespace spanreel::views

namespace spanreel::app {

class ImportSummary;
class PageTabs;
class ReceiverDesk;
class SessionsDesk;
class Settings;
class SettingsDialog;
class StudioTiming;
enum class Density;

/// The studio's window: navigator, pages, details, logs, notes, replay bar, with one session and one context of its own.
/// Wires them and nothing else: what a pane does is the pane's. GUI thread.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    MainWindow(Settings& settings, StudioOptions options);
    ~MainWindow() override;

    /// Opens what the command line named (else, on the very first start, the sample) and starts the receivers.
    void begin();
    void openFiles(const QStringList& files);
    /// The program was started again, with these files: opens them and comes to the front.
    void visit(const QStringList& files);
    [[nodiscard]] views::ViewContext& context() { return *m_context; }
    [[nodiscard]] Session& session() { return *m_session; }

protected:
    void closeEvent(QCloseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    void buildPanes();
    void buildToolBar();
    void connectPanes();
    QDockWidget* dock(const QString& title, const char* name, QWidget* content, Qt::DockWidgetArea area);
    bool takeDrag(QDropEvent* event);
    void restoreLayout();
    void resetLayout();
    // Menus, in main_window_menus.cpp.
    void buildMenus();
    QMenu* fileMenu();
    QMenu* editMenu();
    QMenu* viewMenu();
    QMenu* goMenu();
    QMenu* replayMenu();
    QMenu* notesMenu();
    QMenu* helpMenu();
    QAction* action(QMenu* menu, const QString& text, const char* name, const QList<QKeySequence>& keys, const std::function<void()>& run);
    void fillRecentMenu();

    void askFiles();
    void takeOutcome(const ImportOutcome& outcome);
    [[nodiscard]] bool userIsElsewhere() const;
    void say(const QString& sentence);
    void sayCancelled(const ImportOutcome& outcome);
    void saySettings(bool fail);
    void find();
    void setTheme(views::ThemeChoice choice);
    void setDensity(Density density);
    void newSession();
    SettingsDialog* showSettings();
    void addNote();
    void updateTitle();

    Settings& m_settings;
    const StudioOptions m_options;
    std::unique_ptr<views::ViewContext> m_context;
    std::unique_ptr<Session> m_session;

    views::BannerStack* m_banners = nullptr;
    PageTabs* m_pages = nullptr;
    ReceiverDesk* m_receivers = nullptr;
    ImportSummary* m_summary = nullptr;
    SessionsDesk* m_sessions = nullptr;
    views::NavigatorPane* m_navigator = nullptr;
    views::DetailsPane* m_details = nullptr;
    views::LogPane* m_logs = nullptr;
    views::NotesPane* m_notes = nullptr;
    views::ReplayBar* m_replay = nullptr;
    QDockWidget *m_navigatorDock = nullptr, *m_detailsDock = nullptr, *m_logDock = nullptr, *m_notesDock = nullptr, *m_inFlightDock = nullptr;
    QLineEdit* m_find = nullptr;
    QToolButton* m_themeButton = nullptr;
    QMenu* m_recent = nullptr;
    QAction *m_back = nullptr, *m_forward = nullptr;
    QByteArray m_firstLayout;
    QPointer<QWidget> m_settingsBanner;
    QPointer<QWidget> m_focusBefore;  ///< what had the focus when files were opened last
    bool m_typed = false;             ///< since then
    std::optional<store::SourceId> m_lossy;  ///< an input of this run that lost something
    StudioTiming* m_timing = nullptr;  ///< only where timing is asked for
};

}  // namespace spanreel::app
