// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/trace_list/trace_list_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QTextDocument>
#include <QToolButton>
#include <QVBoxLayout>

#include "model/core/time_format.h"
#include "views/context.h"
#include "views/query_pace.h"
#include "views/query_runner.h"
#include "views/theme.h"
#include "views/trace_list/empty_page.h"
#include "views/trace_list/newer_hint.h"
#include "views/trace_list/scatter_view.h"
#include "views/trace_list/trace_columns.h"
#include "views/trace_list/trace_delegate.h"
#include "views/trace_list/trace_filter_bar.h"
#include "views/trace_list/trace_model.h"
#include "views/widgets/elided_button.h"
#include "views/widgets/row_hover.h"
#include "views/widgets/text_format.h"

namespace spanreel::views {

namespace {

constexpr int kShortestRefresh = 100;  ///< ms between two listings while data arrives

/// One listing: rows, how they follow from those shown, and where the selected trace is in the snapshot.
struct Listing {
    TraceRowsPtr rows;
    RowChanges changes;
    std::uint32_t selected = TraceRows::kHidden;
    LargestFigures largest;  ///< of those listed
};

QString count(std::uint64_t n) { return QString::fromStdString(formatCount(n)); }

}  // namespace

struct TraceListView::Private {
    TraceListView& view;
    ViewContext& context;
    TraceModel* model = nullptr;
    QTableView* table = nullptr;
    ScatterView* scatter = nullptr;
    QStackedWidget* pages = nullptr;
    EmptyPage* empty = nullptr;
    TraceFilterBar* bar = nullptr;
    QToolButton* brushChip = nullptr;
    QLabel* status = nullptr;
    QLabel* noMatch = nullptr;
    NewerHint* newer = nullptr;
    bool asked = false;  ///< the listing at work follows from what the user did, not from arrivals
    QueryPace pace{kShortestRefresh, [this] { run(); }};
    TraceFilter filter;
    TraceOrder order;
    bool applying = false;
    bool placed = false;        ///< the current row is where the keyboard begins; nobody chose it
    bool rowsWanted = false;    ///< the keyboard goes to the rows once the listing asked for is there
    bool seenWhenLeft = false;  ///< the selected row was in sight when the list was hidden
    QPoint resting;             ///< where the mouse was when the list was empty or hidden: there it points at no row
    std::uint32_t selected = TraceRows::kHidden;  ///< trace index of the row the user is on
    std::optional<std::size_t> knownServices;  ///< of the session shown
    LargestFigures largest;
    std::optional<TraceColumns> widths;

    Private(TraceListView& v, ViewContext& c) : view(v), context(c) {}

    void build();
    void buildTable();
    void readFilter();
    void refresh(bool userAsked);
    void run();
    void beginAnew();
    void take(Listing listing);
    void updateServices();
    void updateStatus();
    void updateDay();
    void updateChip();
    void locateSelection();
    void showSelected();
    void place();
    void choose(int row) {
        placed = false;
        selected = model->rows()->traces[static_cast<std::size_t>(row)];
        context.selectTrace(model->traceAt(row));
    }
    void focusRows();
    [[nodiscard]] bool selectedInSight() const;
    void menu(QPoint at);
    void openCurrent() {
        if (const auto id = model->traceAt(table->currentIndex().row()); id.isValid()) context.requestOpenTrace(id);
    }
};

void TraceListView::Private::build() {
    model = new TraceModel(context, &view);
    bar = new TraceFilterBar(&view);
    buildTable();
    scatter = new ScatterView(context, &view);
    scatter->setMinimumHeight(96);
    auto* lower = new QWidget(&view);
    status = new QLabel(lower);
    status->setObjectName(QStringLiteral("traceListStatus"));
    status->setTextFormat(Qt::PlainText);
    status->setContentsMargins(Theme::kPadding, 3, Theme::kPadding, 3);
    status->setWordWrap(true);  // it never widens the window
    noMatch = new QLabel(tr("No trace matches the filter."), table);
    noMatch->setObjectName(QStringLiteral("traceListNoMatch"));
    noMatch->setAlignment(Qt::AlignCenter);
    noMatch->hide();
    newer = new NewerHint(table);
    auto* overlay = new QVBoxLayout(table->viewport());
    overlay->addWidget(noMatch);
    auto* lowerLayout = new QVBoxLayout(lower);
    lowerLayout->setContentsMargins(0, 0, 0, 0);
    lowerLayout->setSpacing(0);
    brushChip = new ElidedButton(&view);  // has a line of its own below the chart it speaks of
    brushChip->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    brushChip->setObjectName(QStringLiteral("traceFilterBrush"));
    brushChip->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    brushChip->setIcon(Theme::instance().icon("close"));
    brushChip->setIconSize(QSize(12, 12));
    brushChip->hide();
    auto* chips = new QHBoxLayout;
    chips->setContentsMargins(Theme::kPadding, 0, Theme::kPadding, 0);
    chips->addWidget(brushChip);
    chips->addStretch(1);
    lowerLayout->addLayout(chips);
    lowerLayout->addWidget(table, 1);
    lowerLayout->addWidget(status);
    auto* split = new QSplitter(Qt::Vertical, &view);
    split->setObjectName(QStringLiteral("traceListSplitter"));
    split->addWidget(scatter);
    split->addWidget(lower);
    split->setStretchFactor(0, 0);
    split->setStretchFactor(1, 1);
    split->setSizes({150, 600});
    split->setChildrenCollapsible(true);
    auto* full = new QWidget(&view);
    auto* layout = new QVBoxLayout(full);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(bar);
    layout->addWidget(split, 1);
    empty = new EmptyPage(&view);
    pages = new QStackedWidget(&view);
    pages->setObjectName(QStringLiteral("traceListPages"));
    pages->addWidget(empty);
    pages->addWidget(full);
    auto* outer = new QVBoxLayout(&view);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(pages);

    connect(bar, &TraceFilterBar::changed, &view, [this] { readFilter(); });
    connect(bar, &TraceFilterBar::rowsRequested, &view, [this] { view.focusResults(); });
    connect(bar, &TraceFilterBar::clearRequested, &view, [this] { view.clearFilter(); });
    connect(brushChip, &QToolButton::clicked, &view, [this] {
        filter.started.reset();
        filter.lasted.reset();
        updateChip();
        refresh(true);
    });
    QWidget::setTabOrder(bar->lastField(), brushChip);
    QWidget::setTabOrder(brushChip, table);
    QWidget::setTabOrder(table, newer);
    connect(scatter, &ScatterView::traceActivated, &view, [this](TraceId id) { context.requestOpenTrace(id); });
    connect(scatter, &ScatterView::brushed, &view, [this](TimeRange started, std::int64_t shortest, std::int64_t longest) {
        filter.started = started;
        filter.lasted = std::pair(shortest, longest);
        updateChip();
        refresh(true);
    });
    connect(empty, &EmptyPage::openFileRequested, &view, &TraceListView::openFileRequested);
    connect(empty, &EmptyPage::openSampleRequested, &view, &TraceListView::openSampleRequested);
    connect(empty, &EmptyPage::recentFileRequested, &view, &TraceListView::recentFileRequested);
}

void TraceListView::Private::buildTable() {
    table = new QTableView(&view);
    table->setObjectName(QStringLiteral("traceTable"));
    view.setFocusProxy(table);
    table->setAccessibleName(tr("Traces"));
    table->setModel(model);
    table->setItemDelegate(new TraceDelegate(table));
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setFrameShape(QFrame::NoFrame);
    new RowHover(table);
    table->setTabKeyNavigation(false);
    table->setContextMenuPolicy(Qt::CustomContextMenu);
    auto* rows = table->verticalHeader();
    rows->hide();
    rows->setMinimumSectionSize(16);
    rows->setDefaultSectionSize(Theme::kRowHeight);
    rows->setSectionResizeMode(QHeaderView::Fixed);
    auto* columns = table->horizontalHeader();
    columns->setObjectName(QStringLiteral("traceTableHeader"));
    columns->setHighlightSections(false);
    columns->setSectionsMovable(true);
    columns->setSortIndicatorShown(true);
    columns->setSortIndicator(static_cast<int>(order.column), Qt::DescendingOrder);
    columns->setSectionsClickable(true);
    columns->setMinimumSectionSize(44);
    columns->setSectionResizeMode(0, QHeaderView::Stretch);
    columns->setStretchLastSection(false);
    widths.emplace(table);
    widths->fit(0);
    connect(columns, &QHeaderView::sortIndicatorChanged, &view, [this](int section, Qt::SortOrder direction) {
        order = {static_cast<TraceColumn>(section), direction == Qt::DescendingOrder};
        refresh(true);
    });
    connect(table->selectionModel(), &QItemSelectionModel::currentRowChanged, &view, [this](const QModelIndex& current) {
        table->viewport()->update();  // the mark of the current row goes over all its cells
        if (!applying && current.isValid()) choose(current.row());
    });
    connect(table->selectionModel(), &QItemSelectionModel::selectionChanged, &view, [this] {
        if (!applying && placed && table->selectionModel()->isRowSelected(table->currentIndex().row())) choose(table->currentIndex().row());
    });
    connect(table, &QTableView::doubleClicked, &view, [this] { openCurrent(); });
    connect(table, &QTableView::customContextMenuRequested, &view, [this](QPoint at) { menu(at); });
    table->installEventFilter(&view);
}

void TraceListView::Private::readFilter() {
    TraceFilter next = bar->read(filter);
    if (next == filter) return;
    filter = std::move(next);
    refresh(true);
}

void TraceListView::Private::refresh(bool userAsked) {
    filter.hiddenServices = context.hiddenServices();
    bar->setClearable(!filter.empty());
    if (!userAsked) return pace.arrived();
    asked = true;
    newer->reset();
    newer->setNewestFirst(order.column == TraceColumn::Start && order.descending);
    pace.start();
}

void TraceListView::Private::run() {
    context.queries().run(
        QStringLiteral("traceList"), &view,
        [snapshot = context.snapshot(), filter = filter, order = order, notes = model->noteCounts(), before = model->rows(), id = context.selection().trace](std::stop_token stop) {
            Listing out;
            out.rows = listTraces(snapshot, filter, order, notes, stop);
            if (stop.stop_requested()) return out;
            out.changes = rowChanges(*before, *out.rows);
            for (const auto trace : out.rows->traces) out.largest.add(snapshot->trace(trace));
            if (id)
                if (const auto index = snapshot->findTrace(*id)) out.selected = *index;
            return out;
        },
        [this](Listing listing) { take(std::move(listing)); });
}

/// Another session: its rows, traces and services are others, so those shown go at once, and so does what is at work on them.
void TraceListView::Private::beginAnew() {
    auto none = std::make_shared<TraceRows>();
    none->snapshot = context.snapshot();
    knownServices.reset();
    take({.rows = std::move(none), .changes = {.reset = true}});
    refresh(true);
}

void TraceListView::Private::take(Listing listing) {
    pace.done();
    auto* scroll = table->verticalScrollBar();
    const int height = table->verticalHeader()->defaultSectionSize();
    // The row that must not move: under the mouse, else the user's own if it can be seen, else the first one seen.
    // A list that stands at its top, with nobody pointing at it, follows the arrivals.
    const QPoint mouse = table->viewport()->mapFromGlobal(QCursor::pos());
    if (model->rowCount() == 0) resting = QCursor::pos();
    const bool pointed = QCursor::pos() != resting && table->isVisible() && table->underMouse() && table->viewport()->rect().contains(mouse);
    const int mine = selected == TraceRows::kHidden ? -1 : model->rowOf(selected);
    int anchor = -1;
    if (pointed) anchor = table->rowAt(mouse.y());
    else if (selectedInSight()) anchor = mine;
    else if (scroll->value() > 0) anchor = table->rowAt(0);
    std::uint32_t anchorTrace = TraceRows::kHidden;
    int anchorY = 0;
    if (anchor >= 0 && anchor < model->rowCount()) {
        anchorTrace = model->rows()->traces[static_cast<std::size_t>(anchor)];
        anchorY = table->rowViewportPosition(anchor);
    }
    selected = listing.selected;
    applying = true;
    model->apply(listing.rows, listing.changes);
    table->doItemsLayout();  // else the way to scroll is still that of the rows before
    if (anchorTrace != TraceRows::kHidden)
        if (const int row = model->rowOf(anchorTrace); row >= 0) {
            scroll->setValue(row * height - anchorY);
            newer->grew(asked ? 0 : row - anchor);
        }
    asked = false;
    applying = false;
    showSelected();
    updateServices();
    largest = listing.largest;
    widths->hold(largest, context.showsUtc());
    updateDay();
    scatter->setRows(listing.rows);
    // The keyboard goes on from the empty page, and where the user asked for rows.
    const auto* focus = view.window()->focusWidget();
    if (pages->currentIndex() == 0 && focus && (focus == empty || empty->isAncestorOf(focus))) rowsWanted = true;
    empty->setLogs(listing.rows->snapshot->logCount());
    pages->setCurrentIndex(listing.rows->total > 0 ? 1 : 0);
    if (rowsWanted) focusRows();
    noMatch->setVisible(listing.rows->total > 0 && listing.rows->traces.empty());
    emit view.listed();
}

bool TraceListView::Private::selectedInSight() const {
    const int row = selected == TraceRows::kHidden ? -1 : model->rowOf(selected);
    if (row < 0) return false;
    const int y = table->rowViewportPosition(row);
    return y > -table->rowHeight(row) && y < table->viewport()->height();
}

void TraceListView::Private::showSelected() {
    const int row = selected == TraceRows::kHidden ? -1 : model->rowOf(selected);
    if (row < 0) {
        const bool before = std::exchange(applying, true);
        table->clearSelection();
        if (!placed) table->setCurrentIndex({});
        applying = before;
        if (table->hasFocus()) place();
        return;
    }
    placed = false;
    if (row == table->currentIndex().row() && table->selectionModel()->isRowSelected(row)) return;
    applying = true;
    const int value = table->verticalScrollBar()->value();
    table->setCurrentIndex(model->index(row, std::max(0, table->currentIndex().column())));
    table->selectRow(row);
    table->verticalScrollBar()->setValue(value);
    applying = false;
}

/// The keyboard has the table and nothing is selected: the first row seen is the current one, and selects nothing.
void TraceListView::Private::place() {
    if (model->rowCount() == 0 || (table->currentIndex().isValid() && !placed)) return;
    int row = std::max(0, table->rowAt(0));
    if (table->rowViewportPosition(row) < 0 && row + 1 < model->rowCount()) ++row;
    const int value = table->verticalScrollBar()->value();
    const bool before = std::exchange(applying, true);
    table->selectionModel()->setCurrentIndex(model->index(row, 0), QItemSelectionModel::NoUpdate);
    table->verticalScrollBar()->setValue(value);
    applying = before;
    placed = true;
}

void TraceListView::Private::focusRows() {
    rowsWanted = false;
    if (pages->currentIndex() == 0) empty->setFocus(Qt::OtherFocusReason);
    else if (model->rowCount() > 0) table->setFocus(Qt::TabFocusReason);
}

void TraceListView::Private::locateSelection() {
    context.queries().cancel(QStringLiteral("traceList.locate"));  // it looks for what was selected before
    const auto id = context.selection().trace;
    if (!id) {
        selected = TraceRows::kHidden;
        showSelected();
        return;
    }
    if (selected != TraceRows::kHidden && selected < model->rows()->snapshot->traceCount() && model->rows()->snapshot->trace(selected).id == *id) return;
    context.queries().run(
        QStringLiteral("traceList.locate"), &view, [snapshot = context.snapshot(), id = *id](std::stop_token) { return snapshot->findTrace(id); },
        [this](std::optional<std::uint32_t> index) {
            selected = index.value_or(TraceRows::kHidden);
            showSelected();
            if (const int row = model->rowOf(selected); row >= 0) table->scrollTo(model->index(row, 0));
        });
}

void TraceListView::Private::updateServices() {
    const auto& services = model->rows()->snapshot->services();
    if (services.size() == knownServices) return;
    knownServices = services.size();
    QStringList names;
    for (const auto& s : services)
        if (!s.name.empty() && s.spans > 0) names << QString::fromUtf8(s.name.data(), static_cast<qsizetype>(s.name.size()));
    names.sort(Qt::CaseInsensitive);
    bar->setServices(names);
}

void TraceListView::Private::updateStatus() {
    const auto& rows = *model->rows();
    QStringList parts;
    if (rows.traces.size() == rows.total) parts << (rows.total == 1 ? tr("1 trace") : tr("%1 traces").arg(count(rows.total)));
    else parts << tr("Showing %1 of %2 traces").arg(count(rows.traces.size()), count(rows.total));
    if (widths->startsWithoutDay()) parts << tr("started on %1", "a day").arg(dayText(largest.latest, context.showsUtc()));
    if (rows.errors) parts << tr("%1 with errors").arg(count(rows.errors));
    if (rows.hiddenByFilter) parts << tr("%1 hidden by the filter").arg(count(rows.hiddenByFilter));
    if (rows.hiddenByServices) parts << tr("%1 hidden by services unticked in the navigator").arg(count(rows.hiddenByServices));
    if (rows.onlyLogs) parts << (rows.onlyLogs == 1 ? tr("1 trace id occurs in logs only") : tr("%1 trace ids occur in logs only").arg(count(rows.onlyLogs)));
    status->setText(parts.join(QStringLiteral("  \u00b7  ")));
}

/// Where the starts leave their day out, the line below tells it.
void TraceListView::Private::updateDay() {
    model->setStartsWithoutDay(widths->startsWithoutDay());
    updateStatus();
}

void TraceListView::Private::updateChip() {
    brushChip->setVisible(filter.started.has_value());
    if (!filter.started) return;
    brushChip->setText(tr("%1 to %2, %3 to %4", "start from, start to, duration from, duration to")
                           .arg(dateTimeText(filter.started->fromNs, context.showsUtc()), dateTimeText(filter.started->toNs, context.showsUtc()),
                                QString::fromStdString(formatDuration(filter.lasted->first)), QString::fromStdString(formatDuration(filter.lasted->second))));
    brushChip->setAccessibleName(tr("Clear the range picked in the chart"));
    brushChip->setToolTip(Qt::convertFromPlainText(brushChip->text() + QLatin1Char('\n') + tr("Clear the range picked in the chart"), Qt::WhiteSpaceNormal));
}

void TraceListView::Private::menu(QPoint at) {
    const QModelIndex index = table->indexAt(at);
    const auto id = model->traceAt(index.row());
    if (!id.isValid()) return;
    auto* popup = new QMenu(table);
    popup->setObjectName(QStringLiteral("traceTableMenu"));
    popup->setAttribute(Qt::WA_DeleteOnClose);
    popup->addAction(tr("Open trace"), &view, [this, id] { context.requestOpenTrace(id); });
    popup->addAction(Theme::instance().icon("copy"), tr("Copy trace id"), &view, [id] { QGuiApplication::clipboard()->setText(QString::fromStdString(id.toHex())); });
    const QString root = index.siblingAtColumn(0).data(TraceModel::RootServiceRole).toString();
    if (!root.isEmpty())
        popup->addAction(Theme::instance().icon("filter"), tr("Only traces of %1").arg(QString(root).replace(QLatin1Char('&'), QLatin1String("&&"))), &view, [this, root] { view.setServiceFilter(root); });
    popup->popup(table->viewport()->mapToGlobal(at));
}

TraceListView::TraceListView(ViewContext& context, QWidget* parent) : QWidget(parent), m_p(std::make_unique<Private>(*this, context)) {
    setObjectName(QStringLiteral("traceList"));
    setAccessibleName(tr("Traces"));
    m_p->build();
    connect(&context, &ViewContext::snapshotChanged, this, [this] { m_p->refresh(false); });
    connect(&context, &ViewContext::sessionChanged, this, [this] { m_p->beginAnew(); });
    connect(&context, &ViewContext::serviceFilterChanged, this, [this] { m_p->refresh(true); });
    connect(&context, &ViewContext::selectionChanged, this, [this] { m_p->locateSelection(); });
    connect(&context, &ViewContext::timeDisplayChanged, this, [this] {
        m_p->updateChip();
        m_p->widths->hold(m_p->largest, m_p->context.showsUtc());
        m_p->updateDay();
    });
    connect(&context, &ViewContext::notesChanged, this, [this] {
        NoteCounts counts;
        for (const auto& note : m_p->context.notes().notes()) ++counts[note.trace];
        m_p->model->setNoteCounts(std::move(counts));
        if (m_p->order.column == TraceColumn::Notes) m_p->refresh(true);
    });
    connect(&Theme::instance(), &Theme::changed, this, [this] { m_p->table->viewport()->update(); });
    m_p->pace.start();
}
TraceListView::~TraceListView() = default;

bool TraceListView::eventFilter(QObject* watched, QEvent* event) {
    if (watched != m_p->table) return QWidget::eventFilter(watched, event);
    switch (event->type()) {
        case QEvent::KeyPress: {
            const auto key = static_cast<QKeyEvent*>(event)->key();
            if (key != Qt::Key_Return && key != Qt::Key_Enter) break;
            m_p->openCurrent();
            return true;
        }
        case QEvent::Resize:
            m_p->widths->fit(static_cast<QResizeEvent*>(event)->size().width());
            m_p->updateDay();
            break;
        case QEvent::FocusIn:
            if (static_cast<QFocusEvent*>(event)->reason() != Qt::MouseFocusReason) m_p->place();
            break;
        case QEvent::Hide: m_p->seenWhenLeft = m_p->selectedInSight(); break;
        case QEvent::Show:
            m_p->resting = QCursor::pos();
            if (m_p->seenWhenLeft && !m_p->selectedInSight()) m_p->table->scrollTo(m_p->model->index(m_p->model->rowOf(m_p->selected), 0));
            break;
        default: break;
    }
    return QWidget::eventFilter(watched, event);
}

void TraceListView::setEndpoints(const QStringList& environment, const QString& state, const QString& refused) {
    m_p->empty->setEndpoints(environment, state);
    m_p->empty->setRefused(refused);
}
void TraceListView::setRecentFiles(const QStringList& files) { m_p->empty->setRecentFiles(files); }
void TraceListView::setRowHeight(int height) { m_p->table->verticalHeader()->setDefaultSectionSize(height); }
void TraceListView::setServiceFilter(const QString& service) { m_p->bar->setService(service); }
void TraceListView::setTextFilter(const QString& text) {
    m_p->bar->setText(text);
    m_p->readFilter();
}
void TraceListView::clearFilter() {
    m_p->bar->reset();
    m_p->filter.started.reset();
    m_p->filter.lasted.reset();
    m_p->updateChip();
    m_p->readFilter();
    m_p->refresh(true);
}
void TraceListView::focusFilter() { m_p->bar->focusText(); }
void TraceListView::focusRows() { m_p->focusRows(); }
void TraceListView::focusResults() {
    if (m_p->pace.running()) m_p->rowsWanted = true;
    else m_p->focusRows();
}
void TraceListView::step(int rows) {
    const int row = m_p->table->currentIndex().row() + rows;
    if (row < 0 || row >= m_p->model->rowCount()) return;
    m_p->table->setCurrentIndex(m_p->model->index(row, 0));
}
const TraceModel& TraceListView::model() const { return *m_p->model; }
const TraceFilter& TraceListView::filter() const { return m_p->filter; }

}  // namespace spanreel::views
