// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/main_window.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QComboBox>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QScreen>
#include <QStatusBar>
#include <QTextEdit>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <utility>

#include "app/studio/import_strip.h"
#include "app/studio/import_summary.h"
#include "app/studio/memory_desk.h"
#include "app/studio/page_tabs.h"
#include "app/studio/receiver_desk.h"
#include "app/studio/sessions_desk.h"
#include "app/studio/settings.h"
#include "app/studio/settings_dialog.h"
#include "app/studio/studio_timing.h"
#include "model/core/time_format.h"
#include "views/context.h"
#include "views/details/details_pane.h"
#include "views/log_pane/log_pane.h"
#include "views/navigator/navigator_pane.h"
#include "views/notes/notes_pane.h"
#include "views/replay/in_flight_panel.h"
#include "views/replay/replay_bar.h"
#include "views/service_map/service_map_view.h"
#include "views/trace_list/trace_list_view.h"
#include "views/trace_page/trace_page.h"
#include "views/widgets/text_format.h"

namespace spanreel::app {

namespace {

constexpr int kLayoutVersion = 2;

std::uint64_t memoryBudgetOf(const StudioOptions& options, const Settings& settings) {
    if (options.memoryBudget) return *options.memoryBudget;
    const auto mib = static_cast<std::uint64_t>(settings.memoryBudgetMib());
    return mib ? mib << 20 : store::defaultMemoryBudget();
}

}  // namespace

MainWindow::MainWindow(Settings& settings, StudioOptions options)
    : m_settings(settings),
      m_options(std::move(options)),
      m_context(std::make_unique<views::ViewContext>()),
      m_session(std::make_unique<Session>(*m_context, SessionKeeping{.keep = m_options.keep && settings.keepsSessions(), .durable = settings.durable(), .memoryBudget = memoryBudgetOf(m_options, settings)})) {
    setObjectName(QStringLiteral("mainWindow"));
    setAcceptDrops(true);
    setDockOptions(QMainWindow::AnimatedDocks | QMainWindow::AllowTabbedDocks | QMainWindow::AllowNestedDocks);
    m_context->setShowsUtc(settings.showsUtc());
    buildPanes();
    buildToolBar();
    buildMenus();
    connectPanes();
    setDensity(settings.density());
    restoreLayout();
    updateTitle();
    qApp->installEventFilter(this);
}

MainWindow::~MainWindow() {
    qApp->removeEventFilter(this);
    m_settings.whenFailing({});
    delete m_timing;
    // Panes go before the context and the session they look at.
    for (auto* child : findChildren<QWidget*>(Qt::FindDirectChildrenOnly)) delete child;
    delete m_sessions;
}

QDockWidget* MainWindow::dock(const QString& title, const char* name, QWidget* content, Qt::DockWidgetArea area) {
    auto* d = new QDockWidget(title, this);
    d->setObjectName(QLatin1String(name));
    d->setAccessibleName(title);
    d->setWidget(content);
    addDockWidget(area, d);
    return d;
}

void MainWindow::buildPanes() {
    auto* centre = new QWidget(this);
    centre->setObjectName(QStringLiteral("centre"));
    auto* layout = new QVBoxLayout(centre);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_banners = new views::BannerStack(centre);
    m_pages = new PageTabs(*m_context, centre);
    layout->addWidget(m_banners);
    layout->addWidget(new ImportStrip(m_session->imports(), centre));
    layout->addWidget(m_pages, 1);
    setCentralWidget(centre);

    m_navigator = new views::NavigatorPane(*m_context);
    m_details = new views::DetailsPane(*m_context);
    m_logs = new views::LogPane(*m_context);
    m_notes = new views::NotesPane(*m_context);
    m_navigatorDock = dock(tr("Navigator"), "navigatorDock", m_navigator, Qt::LeftDockWidgetArea);
    m_detailsDock = dock(tr("Details"), "detailsDock", m_details, Qt::RightDockWidgetArea);
    m_logDock = dock(tr("Logs"), "logDock", m_logs, Qt::BottomDockWidgetArea);
    m_notesDock = dock(tr("Notes"), "notesDock", m_notes, Qt::BottomDockWidgetArea);
    m_inFlightDock = dock(tr("In flight"), "inFlightDock", new views::InFlightPanel(*m_context), Qt::BottomDockWidgetArea);
    tabifyDockWidget(m_logDock, m_notesDock);
    tabifyDockWidget(m_notesDock, m_inFlightDock);
    for (QDockWidget* d : {m_logDock, m_notesDock, m_inFlightDock}) d->setTitleBarWidget(new QWidget(d));  // their tabs are their titles
    m_inFlightDock->hide();
    m_logDock->raise();
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    resizeDocks({m_navigatorDock, m_detailsDock}, {210, 320}, Qt::Horizontal);
    resizeDocks({m_logDock}, {170}, Qt::Vertical);

    auto* bottom = new QToolBar(tr("Replay"), this);
    bottom->setObjectName(QStringLiteral("replayToolBar"));
    bottom->setAccessibleName(tr("Replay"));
    bottom->setMovable(false);
    m_replay = new views::ReplayBar(*m_context, bottom);
    m_replay->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bottom->addWidget(m_replay);
    // The bar's button says whether the dock is in sight; behind another tab it brings it to the front.
    connect(m_replay->inFlightAction(), &QAction::triggered, this, [this](bool on) {
        m_inFlightDock->setVisible(on);
        if (on) m_inFlightDock->raise();
    });
    connect(m_inFlightDock, &QDockWidget::visibilityChanged, m_replay->inFlightAction(), &QAction::setChecked);
    addToolBar(Qt::BottomToolBarArea, bottom);
    m_summary = new ImportSummary(*m_context, this);
}

void MainWindow::buildToolBar() {
    auto& theme = views::Theme::instance();
    auto* bar = new QToolBar(tr("Main toolbar"), this);
    bar->setObjectName(QStringLiteral("mainToolBar"));
    bar->setAccessibleName(tr("Main toolbar"));
    bar->setMovable(false);
    bar->setIconSize(QSize(16, 16));
    m_back = new QAction(theme.icon("back"), tr("Back"), this);
    m_back->setObjectName(QStringLiteral("actionBack"));
    m_back->setShortcuts({QKeySequence(Qt::ALT | Qt::Key_Left), QKeySequence(Qt::Key_Back)});
    m_forward = new QAction(theme.icon("forward"), tr("Forward"), this);
    m_forward->setObjectName(QStringLiteral("actionForward"));
    m_forward->setShortcuts({QKeySequence(Qt::ALT | Qt::Key_Right), QKeySequence(Qt::Key_Forward)});
    connect(m_back, &QAction::triggered, this, [this] { m_context->goBack(); });
    connect(m_forward, &QAction::triggered, this, [this] { m_context->goForward(); });
    const auto history = [this] {
        m_back->setEnabled(m_context->canGoBack());
        m_forward->setEnabled(m_context->canGoForward());
    };
    connect(m_context.get(), &views::ViewContext::historyChanged, this, history);
    history();
    bar->addAction(m_back);
    bar->addAction(m_forward);
    m_find = new QLineEdit(bar);
    m_find->setObjectName(QStringLiteral("findBox"));
    m_find->setAccessibleName(tr("Find traces by operation, service or trace id"));
    m_find->setPlaceholderText(tr("Find an operation, a service or a trace id\u2026"));
    m_find->setClearButtonEnabled(true);
    m_find->addAction(theme.icon("search"), QLineEdit::LeadingPosition);
    m_find->setMinimumWidth(240);
    m_find->setMaximumWidth(560);
    connect(m_find, &QLineEdit::returnPressed, this, &MainWindow::find);
    bar->addWidget(m_find);
    auto* space = new QWidget(bar);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    m_receivers = new ReceiverDesk(*m_session, m_settings, m_options, m_banners->banners(), bar);
    bar->addWidget(m_receivers);
    m_themeButton = new QToolButton(bar);
    m_themeButton->setObjectName(QStringLiteral("themeButton"));
    m_themeButton->setAutoRaise(true);
    connect(m_themeButton, &QToolButton::clicked, this, [this] { setTheme(views::Theme::instance().dark() ? views::ThemeChoice::Light : views::ThemeChoice::Dark); });
    const auto face = [this] {
        const bool dark = views::Theme::instance().dark();
        m_themeButton->setIcon(views::Theme::instance().icon(dark ? "sun" : "moon"));
        const QString words = dark ? tr("Switch to the light theme") : tr("Switch to the dark theme");
        m_themeButton->setToolTip(words);
        m_themeButton->setAccessibleName(words);
    };
    connect(&theme, &views::Theme::changed, this, face);
    face();
    bar->addWidget(m_themeButton);
    addToolBar(Qt::TopToolBarArea, bar);
}

void MainWindow::connectPanes() {
    auto& list = m_pages->traceList();
    connect(&list, &views::TraceListView::openFileRequested, this, &MainWindow::askFiles);
    connect(&list, &views::TraceListView::openSampleRequested, this, [this] { m_session->openSample(); });
    connect(&list, &views::TraceListView::recentFileRequested, this, [this](const QString& file) { openFiles({file}); });
    list.setRecentFiles(m_settings.recentFiles());
    connect(m_receivers, &ReceiverDesk::changed, this, [this](const std::vector<views::ReceiverStatus>& statuses) {
        std::vector<views::RefusedSender> refused;
        for (const auto& r : m_session->refusals()) refused.push_back({r.isOrigin, QString::fromStdString(r.value), r.count});
        m_navigator->setReceivers(statuses, refused);
        m_pages->traceList().setEndpoints(m_receivers->environment(), m_receivers->stateText(), m_receivers->refusedText());
    });
    connect(m_navigator, &views::NavigatorPane::importSummaryRequested, this, [this](store::SourceId source) { m_summary->present(source); });
    connect(m_navigator, &views::NavigatorPane::serviceFilterRequested, this, [this](const QString& service) {
        m_pages->showTraces();
        m_pages->traceList().setServiceFilter(service);
    });
    connect(m_navigator, &views::NavigatorPane::allowRequested, this, [this](const views::RefusedSender& sender) {
        if (sender.isOrigin) m_settings.setAllowedOrigins(m_settings.allowedOrigins() << sender.value);
        else m_settings.setAllowedHosts(m_settings.allowedHosts() << sender.value);
        m_session->allow({sender.isOrigin, sender.value.toStdString(), sender.count});
    });
    connect(m_logs, &views::LogPane::detailsRequested, this, [this] {
        m_detailsDock->show();
        m_detailsDock->raise();
    });
    connect(&m_pages->map(), &views::ServiceMapView::serviceActivated, this, [this](const QString& service) {
        m_pages->showTraces();
        m_pages->traceList().setServiceFilter(service);
    });
    connect(&m_pages->tracePage(), &views::TracePage::addNoteRequested, this, &MainWindow::addNote);
    if (StudioTiming::wanted()) {
        m_timing = new StudioTiming(*this);
        connect(&m_pages->tracePage(), &views::TracePage::firstFramePainted, m_timing, &StudioTiming::framePainted);
    }
    connect(m_session.get(), &Session::problem, this, &MainWindow::say);
    connect(m_session.get(), &Session::problemOver, m_banners, &views::BannerStack::unsay);
    m_sessions = new SessionsDesk(*m_session, m_settings, m_options.keep && m_settings.keepsSessions() && m_receivers->wanted(), m_banners->banners(), this);
    connect(m_sessions, &SessionsDesk::problem, this, &MainWindow::say);
    new MemoryDesk(m_session->memory(), {[this] { newSession(); }, [this] { showSettings()->showMemory(); }}, m_banners->banners(), this);
    m_settings.whenFailing([this](bool fail) { saySettings(fail); });
    connect(&m_session->imports(), &ImportQueue::finished, this, &MainWindow::takeOutcome);
    connect(m_context.get(), &views::ViewContext::snapshotChanged, this, [this, titled = std::size_t{0}]() mutable {
        const std::size_t sources = m_context->snapshot()->sources().size();
        if (std::exchange(titled, sources) != sources) updateTitle();
    });
    connect(m_context.get(), &views::ViewContext::traceChanged, this, &MainWindow::updateTitle);
    connect(m_context.get(), &views::ViewContext::sessionChanged, this, [this] {
        m_pages->closeTraces();
        updateTitle();
    });
    connect(m_pages, &PageTabs::currentChanged, this, &MainWindow::updateTitle);
    connect(m_context.get(), &views::ViewContext::sessionNamesChanged, this, &MainWindow::updateTitle);
    auto* graph = new views::ServiceMapView(*m_context);
    graph->setObjectName(QStringLiteral("traceGraph"));
    graph->setScopeFixed(views::ServiceMapView::Scope::Trace);
    m_pages->tracePage().addReading(tr("Graph"), graph);
}

void MainWindow::begin() {
    m_receivers->start();
    m_sessions->begin();
    m_pages->focusPage();
    if (!m_options.files.isEmpty()) openFiles(m_options.files);
    else if (m_settings.firstStart()) m_session->openSample();
    m_settings.setStarted();
}

void MainWindow::openFiles(const QStringList& files) {
    if (m_timing) m_timing->opening();
    m_focusBefore = focusWidget();
    m_typed = false;
    for (const QString& file : files) m_session->openFile(file);
}

void MainWindow::visit(const QStringList& files) {
    openFiles(files);
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
}

void MainWindow::askFiles() {
    auto* dialog = new QFileDialog(this, tr("Open trace and log files"));
    dialog->setObjectName(QStringLiteral("openDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters({tr("Traces and logs (*.json *.jsonl *.ndjson *.pb *.bin *.binpb *.log *.txt *.gz *.zst *.spanreel)"), tr("All files (*)")});
    dialog->selectNameFilter(tr("All files (*)"));
    connect(dialog, &QFileDialog::filesSelected, this, &MainWindow::openFiles);
    dialog->open();
}

void MainWindow::takeOutcome(const ImportOutcome& outcome) {
    const auto& report = outcome.result.report;
    if (outcome.kind == store::SourceKind::File && report.kept > 0) {
        m_settings.addRecentFile(outcome.path);
        m_pages->traceList().setRecentFiles(m_settings.recentFiles());
    }
    if (outcome.dropped) return;  // nothing of it is here
    if (report.lossy() && !outcome.cancelled) m_lossy = outcome.result.source;
    if (outcome.cancelled && outcome.snapshot) sayCancelled(outcome);  // waiting ones were never begun
    const bool elsewhere = userIsElsewhere();  // before the summary comes
    if (m_lossy && !m_session->imports().busy()) m_summary->present(*std::exchange(m_lossy, std::nullopt), elsewhere ? ImportSummary::Keyboard::Leave : ImportSummary::Keyboard::Take);
    if (const auto& trace = outcome.result.trace; trace && outcome.kind == store::SourceKind::File && m_session->imports().total() == 1) {
        if (elsewhere) m_pages->addTrace(*trace);
        else m_context->requestOpenTrace(trace);
    }
    // The rows are what one goes on with.
    if (!m_session->imports().busy() && m_pages->onTraces() && !elsewhere) m_pages->traceList().focusResults();
    updateTitle();
}

/// Whether the user has gone elsewhere since files were opened last, or writes: what becomes of them takes neither the page
/// nor the keyboard away then.
bool MainWindow::userIsElsewhere() const {
    if (const auto* active = QApplication::activeWindow(); active && active != this) return true;
    const QWidget* now = focusWidget();
    if (!now) return false;
    const bool text = qobject_cast<const QLineEdit*>(now) || qobject_cast<const QTextEdit*>(now) || qobject_cast<const QPlainTextEdit*>(now) || qobject_cast<const QAbstractSpinBox*>(now);
    if (now == m_focusBefore) return text && m_typed;
    return text || (m_focusBefore && !m_pages->traceList().isAncestorOf(now));  // its rows take the keyboard from the empty page
}

void MainWindow::sayCancelled(const ImportOutcome& outcome) {
    const QString name = QFileInfo(outcome.path).fileName(), kept = QString::fromStdString(formatCount(outcome.result.report.kept));
    QString sentence = outcome.percentRead ? tr("Cancelled: %1 records of %2 kept, about %3\u00a0% of the file read.").arg(kept, name).arg(*outcome.percentRead)
                                           : tr("Cancelled: %1 records of %2 kept.").arg(kept, name);
    const auto& imports = m_session->imports();
    if (const int waiting = imports.total() - imports.done(); waiting > 0) sentence += QLatin1Char(' ') + tr("%n waiting files were not read.", nullptr, waiting);
    m_banners->say(QStringLiteral("cancelledBanner"), views::Banner::Tone::Info, sentence);
}

void MainWindow::say(const QString& sentence) { m_banners->say(QStringLiteral("problemBanner"), views::Banner::Tone::Error, sentence); }

void MainWindow::saySettings(bool fail) {
    delete m_settingsBanner;
    if (fail)
        m_settingsBanner = m_banners->say(QStringLiteral("settingsBanner"), views::Banner::Tone::Warning,
                                          tr("Settings cannot be saved in %1: the disk is full, or does not allow it. What you change holds for this window; it is tried again with each change.").arg(m_settings.path()));
}

void MainWindow::find() {
    const QString text = m_find->text().trimmed();
    m_pages->showTraces();
    m_pages->traceList().setTextFilter(text);
    m_pages->traceList().focusResults();
}

void MainWindow::addNote() { views::addNoteFor(*m_context, this, m_context->selection()); }

void MainWindow::setTheme(views::ThemeChoice choice) {
    m_settings.setTheme(choice);
    views::Theme::instance().setChoice(choice);
}

void MainWindow::setDensity(Density density) {
    static constexpr int kHeights[] = {18, 22, 28};
    m_settings.setDensity(density);
    m_pages->traceList().setRowHeight(kHeights[static_cast<int>(density)]);
    m_pages->tracePage().setDensity(static_cast<views::TracePage::Density>(density));
}

void MainWindow::newSession() {
    m_pages->closeTraces();  // once more when the data are gone: some may be opened until then
    m_summary->close();
    m_lossy.reset();
    // What was asked of the old session, and told of it, would hide the new one's records, or be taken for its own.
    m_find->clear();
    m_pages->traceList().clearFilter();
    qDeleteAll(centralWidget()->findChildren<QWidget*>(QStringLiteral("cancelledBanner")));
    m_session->startAnew(m_receivers->config());
}

void MainWindow::updateTitle() {
    const auto& sources = m_context->snapshot()->sources();
    QString name;
    int files = 0;
    for (const auto& source : sources) {
        if (source.kind == store::SourceKind::Receiver) continue;
        const QString last = std::exchange(name, source.kind == store::SourceKind::Sample ? tr("Sample session") : views::sourceTitle(source, m_context->sessionNames()));
        if (name != last || source.kind != store::SourceKind::Recovered) ++files;  // a session may have several journals
    }
    if (files > 1) name = tr("%n files", nullptr, files);
    if (files == 0) name = tr("Live session");
    setWindowTitle(tr("%1 \u2013 %2", "page in front, files").arg(m_pages->currentName(), name));
}

void MainWindow::restoreLayout() {
    const QRect room = screen()->availableGeometry();
    resize(std::min(1440, room.width()), std::min(900, room.height()));
    if (room.width() < 1440 || room.height() < 940) setWindowState(Qt::WindowMaximized);  // a frame would not fit around it
    m_firstLayout = saveState(kLayoutVersion);
    if (!m_settings.geometry().isEmpty()) restoreGeometry(m_settings.geometry());
    if (!m_settings.layout().isEmpty()) restoreState(m_settings.layout(), kLayoutVersion);
}

void MainWindow::resetLayout() {
    restoreState(m_firstLayout, kLayoutVersion);
    m_inFlightDock->hide();
    resizeDocks({m_navigatorDock, m_detailsDock}, {210, 320}, Qt::Horizontal);
    resizeDocks({m_logDock}, {170}, Qt::Vertical);
    m_logDock->raise();
}

void MainWindow::closeEvent(QCloseEvent* event) {
    m_settings.setWindow(saveGeometry(), saveState(kLayoutVersion));
    event->accept();
}

/// Files dragged over any part of the window are opened, over its text fields too. Always as a copy (or a link): a move
/// would let the sender delete them.
bool MainWindow::takeDrag(QDropEvent* event) {
    QStringList files;
    for (const QUrl& url : event->mimeData()->urls())
        if (url.isLocalFile()) files << url.toLocalFile();
    const auto can = event->possibleActions();
    if (files.isEmpty() || !(can & (Qt::CopyAction | Qt::LinkAction))) return false;
    event->setDropAction(can & Qt::CopyAction ? Qt::CopyAction : Qt::LinkAction);
    event->accept();
    if (event->type() == QEvent::Drop) openFiles(files);
    return true;
}

/// What lies behind another dock's tab counts as visible, yet nobody sees it: the Tab key goes past.
bool MainWindow::focusNextPrevChild(bool next) {
    const QWidget* first = nullptr;
    while (QMainWindow::focusNextPrevChild(next)) {
        const QWidget* at = focusWidget();
        if (!at || at == first) return true;
        if (!first) first = at;
        const QWidget* dock = at;
        while (dock && !qobject_cast<const QDockWidget*>(dock)) dock = dock->parentWidget();
        if (!dock || !dock->visibleRegion().isEmpty()) return true;
    }
    return false;
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    // A dock that grew with its contents kept the line of the old separator in it.
    if (event->type() == QEvent::Resize && qobject_cast<QDockWidget*>(watched) && watched->parent() == this) QMetaObject::invokeMethod(this, qOverload<>(&QWidget::update), Qt::QueuedConnection);
    if (event->type() == QEvent::DragEnter || event->type() == QEvent::DragMove || event->type() == QEvent::Drop) {
        const auto* widget = qobject_cast<QWidget*>(watched);
        if (widget && widget->window() == this && takeDrag(static_cast<QDropEvent*>(event))) return true;
    }
    if (event->type() == QEvent::KeyPress && watched == focusWidget() && !static_cast<QKeyEvent*>(event)->text().isEmpty()) m_typed = true;
    // Space presses the button that has the focus; everywhere else it is the replay's.
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space &&
        (qobject_cast<QAbstractButton*>(watched) || qobject_cast<QComboBox*>(watched)))
        event->accept();
    return QMainWindow::eventFilter(watched, event);
}

}  // namespace spanreel::app
