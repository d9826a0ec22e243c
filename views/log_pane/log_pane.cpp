// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/log_pane/log_pane.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTableView>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <functional>

#include "model/core/time_format.h"
#include "views/context.h"
#include "views/log_pane/log_model.h"
#include "views/notes/notes_pane.h"
#include "views/query_pace.h"
#include "views/query_runner.h"
#include "views/theme.h"
#include "views/widgets/row_hover.h"

namespace spanreel::views {

namespace {
constexpr int kTypingMs = 200;
constexpr int kLiveMs = 500;  ///< the least pause between two listings while data arrives
QString counted(std::uint64_t n) { return QString::fromStdString(formatCount(n)); }

struct Listing {
    LogRowsPtr rows;
    RowChanges changes;  ///< from the rows shown when it was asked for
};

/// Tells of rows reached by the keys, as opposed to those that became current by focus or by a program.
class LogTable : public QTableView {
public:
    using QTableView::QTableView;
    std::function<void(int row)> moved;

protected:
    void keyPressEvent(QKeyEvent* event) override {
        const int before = currentIndex().row();
        QTableView::keyPressEvent(event);
        const int row = currentIndex().row();
        const auto key = event->key();
        const bool moves = key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_Home || key == Qt::Key_End || key == Qt::Key_PageUp || key == Qt::Key_PageDown || key == Qt::Key_Space;
        if (moved && row >= 0 && (moves || row != before)) moved(row);
    }
};
}  // namespace

struct LogPane::Private {
    ViewContext& ctx;
    LogPane& pane;
    LogModel* model = nullptr;
    LogTable* table = nullptr;
    QComboBox *scope = nullptr, *level = nullptr;
    QLineEdit* text = nullptr;
    QToolButton *offsets = nullptr, *clear = nullptr;
    QLabel *count = nullptr, *empty = nullptr;
    QToolButton* emptyButton = nullptr;
    QStackedWidget* stack = nullptr;
    QTimer* typing = nullptr;
    QueryPace pace{kLiveMs, [this] { find(); }};
    std::optional<TraceId> listedTrace;  ///< of the listing asked for last
    std::uint64_t inScope = 0;
    bool scopeAsked = false;         ///< the user named the scope
    bool ownScope = false;           ///< all logs are listed because there is no span yet, not because somebody asked
    bool ownSelection = false;       ///< the selection changes because of us
    trace::NodeId anchor = trace::kNoNode;  ///< the span of Span and Subtree

    Private(ViewContext& c, LogPane& p) : ctx(c), pane(p) {}

    [[nodiscard]] LogScope currentScope() const { return static_cast<LogScope>(scope->currentData().toInt()); }
    [[nodiscard]] bool filtered() const { return !text->text().isEmpty() || level->currentIndex() > 0; }

    void buildBar(QHBoxLayout* bar) {
        scope = new QComboBox(&pane);
        scope->setObjectName(QStringLiteral("logScope"));
        scope->setAccessibleName(LogPane::tr("Which logs are listed"));
        const auto add = [this](const QString& name, LogScope value) { scope->addItem(name, static_cast<int>(value)); };
        add(LogPane::tr("In the trace"), LogScope::Trace);
        add(LogPane::tr("In the span"), LogScope::Span);
        add(LogPane::tr("In the span and below"), LogScope::Subtree);
        add(LogPane::tr("In the time range"), LogScope::Range);
        add(LogPane::tr("In the session"), LogScope::Session);
        add(LogPane::tr("Without a trace id"), LogScope::Unjoined);
        level = new QComboBox(&pane);
        level->setObjectName(QStringLiteral("logLevel"));
        level->setAccessibleName(LogPane::tr("Least severity listed"));
        level->addItem(LogPane::tr("Any severity"), static_cast<int>(LogLevel::None));
        level->addItem(LogPane::tr("DEBUG and up"), static_cast<int>(LogLevel::Debug));
        level->addItem(LogPane::tr("INFO and up"), static_cast<int>(LogLevel::Info));
        level->addItem(LogPane::tr("WARN and up"), static_cast<int>(LogLevel::Warn));
        level->addItem(LogPane::tr("ERROR and up"), static_cast<int>(LogLevel::Error));
        text = new QLineEdit(&pane);
        text->setObjectName(QStringLiteral("logFilter"));
        text->setAccessibleName(LogPane::tr("Text the logs must hold"));
        text->setPlaceholderText(LogPane::tr("Filter by text"));
        text->setClearButtonEnabled(true);
        text->setMaximumWidth(280);
        offsets = new QToolButton(&pane);
        offsets->setObjectName(QStringLiteral("logOffsets"));
        offsets->setCheckable(true);
        offsets->setIcon(Theme::instance().icon("clock"));
        offsets->setText(LogPane::tr("Clock time"));
        offsets->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        offsets->setToolTip(LogPane::tr("Shows the time of day instead of the offset from the trace's start"));
        offsets->setAutoRaise(true);
        clear = new QToolButton(&pane);
        clear->setObjectName(QStringLiteral("logClearFilter"));
        clear->setText(LogPane::tr("Clear filter"));
        clear->setAutoRaise(true);
        clear->hide();
        count = new QLabel(&pane);
        count->setObjectName(QStringLiteral("logCount"));
        count->setTextFormat(Qt::PlainText);
        count->setForegroundRole(QPalette::PlaceholderText);
        for (QWidget* widget : std::initializer_list<QWidget*>{scope, level, text, offsets}) bar->addWidget(widget);
        bar->addStretch(1);
        bar->addWidget(count);
        bar->addWidget(clear);
    }

    void build() {
        model = new LogModel(ctx, &pane);
        table = new LogTable(&pane);
        table->setObjectName(QStringLiteral("logTable"));
        table->setAccessibleName(LogPane::tr("Logs"));
        new RowHover(table);
        table->setModel(model);
        table->setSelectionBehavior(QAbstractItemView::SelectRows);
        table->setSelectionMode(QAbstractItemView::ExtendedSelection);
        table->setShowGrid(false);
        table->setIconSize({10, 10});
        table->setWordWrap(false);
        table->setFrameShape(QFrame::NoFrame);
        table->setContextMenuPolicy(Qt::CustomContextMenu);
        table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
        table->setTabKeyNavigation(false);
        table->verticalHeader()->hide();
        table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
        table->verticalHeader()->setMinimumSectionSize(16);
        table->verticalHeader()->setDefaultSectionSize(Theme::kRowHeight);
        auto* header = table->horizontalHeader();
        header->setHighlightSections(false);
        header->setStretchLastSection(false);
        header->setSectionResizeMode(QHeaderView::Interactive);
        header->setSectionResizeMode(LogModel::Message, QHeaderView::Stretch);
        table->setColumnWidth(LogModel::Time, 116);
        table->setColumnWidth(LogModel::Severity, 78);
        table->setColumnWidth(LogModel::Service, 120);
        table->setColumnWidth(LogModel::Span, 180);
        auto* emptyPage = new QWidget(&pane);
        emptyPage->setObjectName(QStringLiteral("logEmptyPage"));
        empty = new QLabel(emptyPage);
        empty->setObjectName(QStringLiteral("logEmpty"));
        empty->setTextFormat(Qt::PlainText);
        empty->setWordWrap(true);
        empty->setForegroundRole(QPalette::PlaceholderText);
        emptyButton = new QToolButton(emptyPage);
        emptyButton->setObjectName(QStringLiteral("logEmptyButton"));
        emptyButton->setText(LogPane::tr("Show all logs of the session"));
        auto* emptyColumn = new QVBoxLayout(emptyPage);
        emptyColumn->setContentsMargins(8, 12, 8, 8);
        emptyColumn->addWidget(empty);
        emptyColumn->addWidget(emptyButton);
        emptyColumn->addStretch(1);
        stack = new QStackedWidget(&pane);
        stack->setObjectName(QStringLiteral("logStack"));
        stack->addWidget(table);
        stack->addWidget(emptyPage);
        auto* bar = new QHBoxLayout;
        bar->setContentsMargins(8, 4, 8, 4);
        bar->setSpacing(6);
        buildBar(bar);
        auto* column = new QVBoxLayout(&pane);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        column->addLayout(bar);
        column->addWidget(stack, 1);
        typing = new QTimer(&pane);
        typing->setSingleShot(true);
        typing->setInterval(kTypingMs);
        auto* copy = new QAction(LogPane::tr("Copy"), table);
        copy->setShortcut(QKeySequence::Copy);
        copy->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        table->addAction(copy);
        QObject::connect(copy, &QAction::triggered, &pane, [this] { copySelected(); });
    }

    void wire() {
        QObject::connect(scope, &QComboBox::activated, &pane, [this] {
            scopeAsked = true;
            anchor = ctx.selectedNode();
            pace.start();
        });
        QObject::connect(level, &QComboBox::activated, &pane, [this] { pace.start(); });
        QObject::connect(text, &QLineEdit::textChanged, &pane, [this] { typing->start(); });
        QObject::connect(typing, &QTimer::timeout, &pane, [this] { pace.start(); });
        QObject::connect(clear, &QToolButton::clicked, &pane, [this] {
            text->clear();
            level->setCurrentIndex(0);
            pace.start();
        });
        QObject::connect(emptyButton, &QToolButton::clicked, &pane, [this] { pane.setScope(LogScope::Session); });
        QObject::connect(offsets, &QToolButton::toggled, &pane, [this](bool on) { model->setOffsets(!on); });
        table->moved = [this](int row) { choose(row); };
        QObject::connect(table, &QTableView::clicked, &pane, [this](const QModelIndex& index) { choose(index.row()); });
        QObject::connect(table, &QTableView::activated, &pane, [this] { emit pane.detailsRequested(); });
        QObject::connect(table, &QTableView::customContextMenuRequested, &pane, [this](const QPoint& at) { showMenu(at); });
        QObject::connect(&ctx, &ViewContext::traceChanged, &pane, [this] {
            if (!ownSelection) anchor = ctx.selectedNode();
            if (listedTrace == shownTrace()) pace.arrived();  // it grew
            else pace.start();
        });
        QObject::connect(&ctx, &ViewContext::snapshotChanged, &pane, [this] {
            if (suitScope()) return pace.start();
            if (currentScope() == LogScope::Session || currentScope() == LogScope::Unjoined || !ctx.trace()) pace.arrived();
            showCounts();
        });
        QObject::connect(&ctx, &ViewContext::sessionChanged, &pane, [this] { beginAnew(); });
        QObject::connect(&ctx, &ViewContext::selectionChanged, &pane, [this] { followSelection(); });
        QObject::connect(&ctx, &ViewContext::playheadChanged, &pane, [this] { followPlayhead(); });
        QObject::connect(&ctx, &ViewContext::timeDisplayChanged, &pane, [this] { model->refreshTexts(); });
        QObject::connect(&Theme::instance(), &Theme::changed, &pane, [this] { table->viewport()->update(); });
    }

    /// Logs without any span are all listed, until spans come. Whether the scope changed.
    bool suitScope() {
        const bool onlyLogs = ctx.snapshot()->spanCount() == 0 && ctx.snapshot()->logCount() > 0;
        if (scopeAsked || onlyLogs == ownScope) return false;
        ownScope = onlyLogs;
        scope->setCurrentIndex(scope->findData(static_cast<int>(onlyLogs ? LogScope::Session : LogScope::Trace)));
        return true;
    }

    [[nodiscard]] std::optional<TraceId> shownTrace() const { return ctx.trace() ? std::optional(ctx.trace()->id()) : std::nullopt; }

    void find() {
        typing->stop();
        listedTrace = shownTrace();
        LogQuery query;
        query.scope = currentScope();
        query.snapshot = ctx.snapshot();
        query.trace = ctx.trace();
        query.node = query.trace && anchor != trace::kNoNode && anchor < query.trace->nodes().size() ? anchor : trace::kNoNode;
        query.range = ctx.selection().range;
        query.text = text->text().toStdString();
        query.atLeast = static_cast<LogLevel>(level->currentData().toInt());
        ctx.queries().run(
            QStringLiteral("logs.pane"), &pane,
            [query, before = model->rows()](std::stop_token stop) {
                Listing out;
                out.rows = findLogs(query, stop);
                if (!stop.stop_requested()) out.changes = rowChanges(*before, *out.rows);
                return out;
            },
            [this](const Listing& listing) { show(listing); });
    }

    /// Rows of another session mean something else in this one: they go at once, and so does what is being listed of it.
    void beginAnew() {
        auto none = std::make_shared<LogRows>();
        none->snapshot = ctx.snapshot();
        show({std::move(none), {.reset = true}});
        pace.start();
    }

    void show(const Listing& listing) {
        pace.done();
        inScope = listing.rows->inScope;
        const bool wasAtEnd = table->verticalScrollBar()->value() == table->verticalScrollBar()->maximum();
        const bool grew = static_cast<int>(listing.rows->logs.size()) > model->rowCount() && model->rowCount() > 0;
        ownSelection = true;
        model->apply(listing.rows, listing.changes);
        ownSelection = false;
        if (grew && wasAtEnd && currentScope() == LogScope::Session && !ctx.selection().logRow) table->scrollToBottom();
        showCounts();
        followSelection();
        followPlayhead();
    }

    void showCounts() {
        const auto listed = static_cast<std::uint64_t>(model->rowCount());
        const auto session = ctx.snapshot()->logCount();
        QString words;
        if (listed < inScope && inScope == 1)
            words = LogPane::tr("1 log, hidden by the filter");
        else if (listed < inScope)
            words = LogPane::tr("%1 of %2 logs; %3 hidden by the filter").arg(counted(listed), counted(inScope), counted(inScope - listed));
        else
            words = session == 1 ? LogPane::tr("%1 of the session's 1 log").arg(counted(listed)) : LogPane::tr("%1 of the session's %2 logs").arg(counted(listed), counted(session));
        count->setText(words);
        clear->setVisible(filtered());
        stack->setCurrentIndex(listed > 0 ? 0 : 1);
        if (listed > 0) return;
        emptyButton->setVisible(session > 0 && currentScope() != LogScope::Session);
        empty->setText(emptyText(session));
    }

    [[nodiscard]] QString emptyText(std::uint64_t session) const {
        if (session == 0) return LogPane::tr("No logs have come yet. Open a file with logs, or let a program send them to the OTLP port; they are joined to spans by trace id and span id.");
        if (inScope == 1) return LogPane::tr("The one log here is hidden by the filter.");
        if (listedNone()) return LogPane::tr("All %1 logs here are hidden by the filter.").arg(counted(inScope));
        switch (currentScope()) {
            case LogScope::Trace: return ctx.trace() ? LogPane::tr("No log names this trace.") : LogPane::tr("Select a trace to see its logs.");
            case LogScope::Span:
            case LogScope::Subtree: return ctx.selection().span ? LogPane::tr("No log names this span.") : LogPane::tr("Select a span to see its logs.");
            case LogScope::Range: return ctx.selection().range ? LogPane::tr("No logs within the selected time range.") : LogPane::tr("Select a time range on the timeline's ruler to see its logs.");
            case LogScope::Session: return LogPane::tr("No logs.");
            case LogScope::Unjoined: return LogPane::tr("Every log of the session names a trace.");
        }
        return {};
    }
    [[nodiscard]] bool listedNone() const { return inScope > 0; }

    void choose(int row) {
        const auto log = model->logAt(row);
        if (!log || ownSelection || ctx.selection().logRow == log) return;
        ownSelection = true;
        ctx.selectLog(*log);
        ownSelection = false;
    }

    void followSelection() {
        const auto node = ctx.selectedNode();
        const SpanId span = node == trace::kNoNode ? SpanId{} : ctx.trace()->span(node).spanId();
        model->setSelectedSpan(span);
        if (ownSelection) return;
        const bool bySpan = currentScope() == LogScope::Span || currentScope() == LogScope::Subtree;
        if (bySpan && node != anchor) {
            anchor = node;
            pace.start();
            return;
        }
        if (currentScope() == LogScope::Range && shownRange != ctx.selection().range) {
            shownRange = ctx.selection().range;
            pace.start();
            return;
        }
        const auto& selection = ctx.selection();
        int row = selection.logRow ? model->rowOf(*selection.logRow) : -1;
        const bool isLog = row >= 0;
        if (isLog && row == table->currentIndex().row() && table->selectionModel()->isRowSelected(row)) return;  // as it was left, with others beside it
        if (!isLog) row = model->firstRowOfSpan(span);
        ownSelection = true;
        if (isLog)
            table->setCurrentIndex(model->index(row, 0));
        else if (!selection.logRow)
            table->clearSelection();
        if (row >= 0) table->scrollTo(model->index(row, 0));
        ownSelection = false;
    }

    void followPlayhead() {
        const auto trace = ctx.trace();
        std::optional<std::uint64_t> instant;
        if (ctx.replayActive() && trace) instant = trace->startNs() + static_cast<std::uint64_t>(ctx.clock().playheadNs());
        const int before = happened;
        happened = model->setPlayhead(instant);
        if (instant && happened >= 0 && happened != before) table->scrollTo(model->index(happened, 0));
    }

    void copySelected() {
        auto rows = table->selectionModel()->selectedRows();
        std::sort(rows.begin(), rows.end());
        QStringList lines;
        for (const auto& index : rows) lines << model->copyText(index.row());
        if (!lines.isEmpty()) QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
    }

    void showMenu(const QPoint& at) {
        const auto index = table->indexAt(at);
        if (!index.isValid()) return;
        auto* menu = new QMenu(&pane);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->addAction(LogPane::tr("Copy"), &pane, [this] { copySelected(); });
        menu->addAction(LogPane::tr("Show in details"), &pane, [this] { emit pane.detailsRequested(); });
        if (ctx.selection().trace) {
            menu->addAction(LogPane::tr("Show its trace"), &pane, [this] {
                if (ctx.selection().trace) ctx.requestOpenTrace(*ctx.selection().trace);
            });
            menu->addAction(LogPane::tr("Add note on this log…"), &pane, [this] { addNoteFor(ctx, &pane, ctx.selection()); });
        }
        menu->popup(table->viewport()->mapToGlobal(at));
    }

    std::optional<TimeRange> shownRange;
    int happened = -1;
};

LogPane::LogPane(ViewContext& context, QWidget* parent) : QWidget(parent), m_p(std::make_unique<Private>(context, *this)) {
    setObjectName(QStringLiteral("logPane"));
    setAccessibleName(tr("Logs"));
    m_p->build();
    m_p->wire();
    m_p->suitScope();
    m_p->showCounts();
    m_p->pace.start();
}
LogPane::~LogPane() = default;

LogScope LogPane::scope() const { return m_p->currentScope(); }
void LogPane::setScope(LogScope scope) {
    m_p->scopeAsked = true;
    m_p->scope->setCurrentIndex(m_p->scope->findData(static_cast<int>(scope)));
    m_p->anchor = m_p->ctx.selectedNode();
    m_p->pace.start();
}
QString LogPane::countText() const { return m_p->count->text(); }

}  // namespace spanreel::views
