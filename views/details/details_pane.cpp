// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/details/details_pane.h"

#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QElapsedTimer>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTreeView>
#include <QVBoxLayout>
#include <set>

#include "model/core/time_format.h"
#include "model/otlp/encode_json.h"
#include "model/otlp/value_walk.h"
#include "views/context.h"
#include "views/details/details_delegate.h"
#include "views/details/details_model.h"
#include "views/query_runner.h"
#include "views/theme.h"
#include "views/timeline/span_words.h"

namespace spanreel::views {

namespace {

constexpr std::size_t kMostWrapped = 1500;  ///< rows; more have one height each, so that they scroll at once
constexpr qsizetype kMostRaw = 4 << 20;  ///< of raw text shown; copying gives the whole

/// A square in a service's colour.
class Swatch : public QWidget {
public:
    using QWidget::QWidget;
    void setService(std::string name) {
        m_name = std::move(name);
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_name.empty() ? Theme::instance().colours().quiet : Theme::instance().service(m_name));
        painter.drawRoundedRect(QRectF(0, (height() - 10) / 2.0, 10, 10), 2, 2);
    }

private:
    std::string m_name;
};

QLabel* plainLabel(QWidget* parent, const char* name, const QFont& font) {
    auto* label = new QLabel(parent);
    label->setObjectName(QLatin1String(name));
    label->setTextFormat(Qt::PlainText);
    label->setFont(font);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->setMinimumWidth(40);
    return label;
}

void colour(QLabel* label, const QColor& ink) {
    auto palette = label->palette();
    palette.setColor(QPalette::WindowText, ink);
    label->setPalette(palette);
}

}  // namespace

struct DetailsPane::Private {
    ViewContext& context;
    DetailsPane* pane;
    QStackedWidget* stack = nullptr;
    QLabel* empty = nullptr;
    Swatch* swatch = nullptr;
    QLabel* title = nullptr;
    QLabel* subtitle = nullptr;
    QLabel* timing = nullptr;
    QLabel* status = nullptr;
    QLineEdit* filter = nullptr;
    QLabel* filterCount = nullptr;
    QTabWidget* tabs = nullptr;
    QTreeView* tree = nullptr;
    QPlainTextEdit* raw = nullptr;
    QLabel* rawNote = nullptr;
    DetailsModel* model = nullptr;
    QString rawWhole;
    bool rawStale = true;
    std::set<DetailsModel::Section> open{DetailsModel::Section::Marks, DetailsModel::Section::Timing, DetailsModel::Section::Contents, DetailsModel::Section::Services, DetailsModel::Section::Body, DetailsModel::Section::Attributes, DetailsModel::Section::Events,
                                         DetailsModel::Section::Links, DetailsModel::Section::Backlinks};
    QElapsedTimer followed;  ///< since a click followed a link
    bool applying = false;  ///< opening rows ourselves, not the user
    store::RowId shownSpan = store::kNoRow, shownLog = store::kNoRow;
    trace::TracePtr shownTrace;

    void build();
    void refresh(bool force);
    void showSpan(trace::NodeId node);
    void showLog(store::RowId row);
    void showTrace();
    void follow(const QModelIndex& index);
    void openSections();
    void fillRaw();
    void activate(const QModelIndex& index);
    void menu(const QPoint& position);
    void copyRows() const;
    void showAll(const QModelIndex& index);
};

DetailsPane::DetailsPane(ViewContext& context, QWidget* parent) : QWidget(parent), m_p(new Private{context, this}) {
    setObjectName(QStringLiteral("detailsPane"));
    setAccessibleName(tr("Details"));
    m_p->build();
    connect(&context, &ViewContext::selectionChanged, this, [this] { m_p->refresh(false); });
    connect(&context, &ViewContext::traceChanged, this, [this] { m_p->refresh(false); });
    connect(&context, &ViewContext::timeDisplayChanged, this, [this] { m_p->refresh(true); });
    connect(&Theme::instance(), &Theme::changed, this, [this] { m_p->refresh(true); });
    m_p->refresh(true);
}

DetailsPane::~DetailsPane() = default;

bool DetailsPane::eventFilter(QObject* watched, QEvent* event) {
    auto* viewport = m_p->tree ? m_p->tree->viewport() : nullptr;
    if (watched == viewport && event->type() == QEvent::MouseMove) {
        const auto index = m_p->tree->indexAt(static_cast<QMouseEvent*>(event)->position().toPoint());
        viewport->setCursor(m_p->model->isLink(index) ? Qt::PointingHandCursor : Qt::ArrowCursor);
    }
    return QWidget::eventFilter(watched, event);
}

void DetailsPane::focusFilter() {
    m_p->tabs->setCurrentIndex(0);
    m_p->filter->setFocus(Qt::ShortcutFocusReason);
    m_p->filter->selectAll();
}

void DetailsPane::Private::build() {
    stack = new QStackedWidget(pane);
    stack->setObjectName(QStringLiteral("detailsStack"));
    stack->setAccessibleName(tr("Details"));
    empty = plainLabel(stack, "detailsEmpty", Theme::uiFont());
    empty->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    empty->setContentsMargins(12, 12, 12, 12);
    stack->addWidget(empty);

    auto* page = new QWidget(stack);
    page->setObjectName(QStringLiteral("detailsPage"));
    page->setAccessibleName(tr("Details of the selection"));
    auto titleFont = Theme::boldFont();
    titleFont.setPointSizeF(titleFont.pointSizeF() * 1.15);
    title = plainLabel(page, "detailsTitle", titleFont);
    swatch = new Swatch(page);
    swatch->setObjectName(QStringLiteral("detailsSwatch"));
    swatch->setAccessibleName(tr("Colour of the service"));
    swatch->setFixedSize(12, 18);
    subtitle = plainLabel(page, "detailsSubtitle", Theme::uiFont());
    timing = plainLabel(page, "detailsTiming", Theme::uiFont());
    status = plainLabel(page, "detailsStatus", Theme::uiFont());

    tabs = new QTabWidget(page);
    tabs->setObjectName(QStringLiteral("detailsTabs"));
    tabs->setAccessibleName(tr("Kinds of details"));
    tabs->setDocumentMode(true);
    auto* fields = new QWidget(tabs);
    fields->setObjectName(QStringLiteral("detailsFields"));
    fields->setAccessibleName(tr("Fields"));
    filter = new QLineEdit(fields);
    filter->setObjectName(QStringLiteral("detailsFilter"));
    filter->setAccessibleName(tr("Filter the details"));
    filter->setPlaceholderText(tr("Filter keys and values"));
    filter->setClearButtonEnabled(true);
    filterCount = new QLabel(fields);
    filterCount->setObjectName(QStringLiteral("detailsFilterCount"));
    filterCount->setAccessibleName(tr("Rows that match the filter"));
    filterCount->setTextFormat(Qt::PlainText);
    filterCount->hide();
    model = new DetailsModel(pane);
    tree = new QTreeView(fields);
    tree->setObjectName(QStringLiteral("detailsTree"));
    tree->setAccessibleName(tr("Details of the selection"));
    tree->setModel(model);
    tree->setUniformRowHeights(true);
    tree->setIndentation(14);
    tree->setFrameShape(QFrame::NoFrame);
    tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    tree->setTextElideMode(Qt::ElideRight);
    tree->setContextMenuPolicy(Qt::CustomContextMenu);
    tree->setExpandsOnDoubleClick(false);
    tree->setHeaderHidden(true);
    tree->header()->setStretchLastSection(false);
    tree->header()->setSectionResizeMode(DetailsModel::Key, QHeaderView::Interactive);
    tree->header()->setSectionResizeMode(DetailsModel::Value, QHeaderView::Stretch);
    tree->header()->setMinimumSectionSize(40);
    tree->header()->resizeSection(DetailsModel::Key, 140);
    tree->setColumnHidden(DetailsModel::Type, true);
    tree->setItemDelegate(new DetailsDelegate(tree));
    tree->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    tree->setMouseTracking(true);
    tree->viewport()->installEventFilter(pane);
    auto* filterRow = new QHBoxLayout;
    filterRow->setContentsMargins(8, 6, 8, 4);
    filterRow->addWidget(filter, 1);
    filterRow->addWidget(filterCount);
    auto* fieldsLayout = new QVBoxLayout(fields);
    fieldsLayout->setContentsMargins(0, 0, 0, 0);
    fieldsLayout->setSpacing(0);
    fieldsLayout->addLayout(filterRow);
    fieldsLayout->addWidget(tree, 1);
    tabs->addTab(fields, tr("Fields"));

    auto* rawPage = new QWidget(tabs);
    rawPage->setObjectName(QStringLiteral("detailsRawPage"));
    rawPage->setAccessibleName(tr("Raw OTLP"));
    raw = new QPlainTextEdit(rawPage);
    raw->setObjectName(QStringLiteral("detailsRaw"));
    raw->setAccessibleName(tr("The record as OTLP JSON"));
    raw->setReadOnly(true);
    raw->setFont(Theme::monoFont());
    raw->setLineWrapMode(QPlainTextEdit::NoWrap);
    raw->setFrameShape(QFrame::NoFrame);
    rawNote = plainLabel(rawPage, "detailsRawNote", Theme::smallFont());
    auto* copyRaw = new QPushButton(Theme::instance().icon("copy"), tr("Copy as OTLP JSON"), rawPage);
    copyRaw->setObjectName(QStringLiteral("detailsCopyRaw"));
    copyRaw->setAccessibleName(tr("Copy as OTLP JSON"));
    auto* rawBar = new QHBoxLayout;
    rawBar->setContentsMargins(8, 6, 8, 4);
    rawBar->addWidget(copyRaw);
    rawBar->addWidget(rawNote, 1);
    auto* rawLayout = new QVBoxLayout(rawPage);
    rawLayout->setContentsMargins(0, 0, 0, 0);
    rawLayout->setSpacing(0);
    rawLayout->addLayout(rawBar);
    rawLayout->addWidget(raw, 1);
    tabs->addTab(rawPage, tr("Raw OTLP"));

    auto* service = new QHBoxLayout;
    service->setSpacing(4);
    service->addWidget(swatch, 0, Qt::AlignTop);
    service->addWidget(subtitle, 1);
    auto* head = new QVBoxLayout;
    head->setContentsMargins(8, 8, 8, 6);
    head->setSpacing(3);
    head->addWidget(title);
    head->addLayout(service);
    head->addWidget(timing);
    head->addWidget(status);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(head);
    layout->addWidget(tabs, 1);
    stack->addWidget(page);
    auto* outer = new QVBoxLayout(pane);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(stack);

    connect(filter, &QLineEdit::textChanged, pane, [this](const QString& text) {
        model->setFilter(text.trimmed());
        const auto rows = model->shownRows();
        filterCount->setText(rows == 0 ? tr("none") : tr("%1 shown").arg(QString::fromStdString(formatCount(rows))));
        filterCount->setVisible(!text.trimmed().isEmpty());
        openSections();
    });
    connect(tree, &QTreeView::expanded, pane, [this](const QModelIndex& index) {
        if (const auto section = model->sectionOf(index); section && !applying) open.insert(*section);
    });
    connect(tree, &QTreeView::collapsed, pane, [this](const QModelIndex& index) {
        if (const auto section = model->sectionOf(index); section && !applying) open.erase(*section);
    });
    connect(tree, &QTreeView::clicked, pane, [this](const QModelIndex& index) { follow(index); });
    connect(tree, &QTreeView::doubleClicked, pane, [this](const QModelIndex& index) {
        // The second press of a double click on a link meets another row.
        if (!model->isLink(index) && !(followed.isValid() && followed.elapsed() < QApplication::doubleClickInterval())) activate(index);
    });
    connect(tree, &QTreeView::customContextMenuRequested, pane, [this](const QPoint& position) { menu(position); });
    connect(tabs, &QTabWidget::currentChanged, pane, [this] { fillRaw(); });
    connect(copyRaw, &QPushButton::clicked, pane, [this] { QApplication::clipboard()->setText(rawWhole); });

    const auto shortcut = [this](const QKeySequence& keys, auto action) {
        auto* a = new QAction(tree);
        a->setShortcut(keys);
        a->setShortcutContext(Qt::WidgetShortcut);
        connect(a, &QAction::triggered, pane, action);
        tree->addAction(a);
    };
    shortcut(QKeySequence::Copy, [this] { copyRows(); });
    shortcut(Qt::Key_Return, [this] { activate(tree->currentIndex()); });
    shortcut(Qt::Key_Enter, [this] { activate(tree->currentIndex()); });
}

void DetailsPane::Private::refresh(bool force) {
    const auto& selection = context.selection();
    const auto trace = context.trace();
    const auto node = context.selectedNode();
    if (selection.logRow) {
        if (force || shownLog != *selection.logRow) showLog(*selection.logRow);
        return;
    }
    if (trace && node != trace::kNoNode) {
        if (force || shownLog != store::kNoRow || shownTrace != trace || shownSpan != trace->node(node).row) showSpan(node);
        return;
    }
    if (trace && !selection.span) {
        if (force || shownTrace != trace || shownSpan != store::kNoRow || shownLog != store::kNoRow || stack->currentIndex() == 0) showTrace();
        return;
    }
    shownSpan = shownLog = store::kNoRow;
    shownTrace.reset();
    model->clear();
    rawWhole.clear();
    context.queries().cancel(QStringLiteral("details.links"));
    context.queries().cancel(QStringLiteral("details.raw"));
    if (selection.span && trace) empty->setText(tr("The span %1 is not in this trace, as far as it has arrived.").arg(QString::fromStdString(selection.span->toHex())));
    else if (selection.span) empty->setText(tr("Putting the trace together…"));
    else empty->setText(tr("Select a span in the timeline or a log to see what is known of it: timing, status, attributes, events, links, logs and the raw record."));
    colour(empty, Theme::instance().colours().quiet);
    stack->setCurrentIndex(0);
}

void DetailsPane::Private::showSpan(trace::NodeId id) {
    const auto trace = context.trace();
    const auto& node = trace->node(id);
    const auto span = trace->span(id);
    const auto& colours = Theme::instance().colours();
    shownTrace = trace;
    shownSpan = node.row;
    shownLog = store::kNoRow;
    title->setText(span.name().empty() ? tr("(no name)") : plainLine(span.name(), 1000));
    swatch->setService(std::string(span.serviceName()));
    swatch->show();
    subtitle->setText(tr("%1 · %2").arg(span.serviceName().empty() ? tr("(no service)") : plainLine(span.serviceName(), 300), kindInWords(span.kind())));
    colour(subtitle, colours.quiet);
    const auto whole = static_cast<double>(std::max<std::int64_t>(1, trace->durationNs()));
    timing->setText(node.has(trace::kNoTime) ? tr("no usable time")
                                             : tr("%1 · self %2 · %L3 % of the trace")
                                                   .arg(QString::fromStdString(formatDuration(node.durationNs)), QString::fromStdString(formatDuration(node.selfNs)))
                                                   .arg(100.0 * static_cast<double>(node.durationNs) / whole, 0, 'f', 1));
    QString words = span.isError() ? tr("✕ error") : tr("status: %1").arg(statusInWords(span.status()));
    if (!span.statusMessage().empty()) words += QStringLiteral(": ") + plainLine(span.statusMessage(), 2000);
    status->setText(words);
    colour(status, span.isError() ? colours.error : colours.quiet);

    const int scroll = tree->verticalScrollBar()->value();
    model->showSpan(trace, id, context.showsUtc());
    openSections();
    tree->verticalScrollBar()->setValue(scroll);
    stack->setCurrentIndex(1);
    rawStale = true;
    fillRaw();
    context.queries().run(
        QStringLiteral("details.links"), pane, [snapshot = trace->snapshotPtr(), row = node.row](std::stop_token stop) { return std::pair(row, lookUpLinks(snapshot, row, stop)); },
        [this](std::pair<store::RowId, LinkLookup> answer) {
            if (answer.first != shownSpan || (answer.second.links.empty() && answer.second.backlinks.empty())) return;
            const int value = tree->verticalScrollBar()->value();
            model->setLinks(std::move(answer.second));
            openSections();
            tree->verticalScrollBar()->setValue(value);
        });
}

void DetailsPane::Private::showTrace() {
    const auto trace = context.trace();
    const bool grown = shownTrace && shownTrace->id() == trace->id() && shownSpan == store::kNoRow && shownLog == store::kNoRow;
    const int scroll = grown ? tree->verticalScrollBar()->value() : 0;
    shownTrace = trace;
    shownSpan = shownLog = store::kNoRow;
    context.queries().cancel(QStringLiteral("details.links"));
    const bool hasRoot = trace->mainRoot() != trace::kNoNode;
    title->setText(hasRoot ? spanTitle(trace->span(trace->mainRoot())) : QString::fromStdString(trace->id().toHex()));
    swatch->setService(hasRoot ? std::string(trace->span(trace->mainRoot()).serviceName()) : std::string());
    subtitle->setText(tr("Trace; select a span to see its own details"));
    colour(subtitle, Theme::instance().colours().quiet);
    timing->setText(QString::fromStdString(formatDuration(trace->durationNs())));
    status->clear();
    model->showTrace(trace, context.showsUtc());
    openSections();
    tree->verticalScrollBar()->setValue(scroll);
    stack->setCurrentIndex(1);
    rawStale = true;
    fillRaw();
}

void DetailsPane::Private::showLog(store::RowId row) {
    const auto snapshot = context.snapshot();
    const auto log = snapshot->log(row);
    const auto& colours = Theme::instance().colours();
    shownLog = row;
    shownSpan = store::kNoRow;
    shownTrace.reset();
    context.queries().cancel(QStringLiteral("details.links"));
    title->setText(plainLine(otlp::valueToDisplayText(log.body(), 600), 600));
    swatch->setService(std::string(log.serviceName()));
    subtitle->setText(tr("Log of %1").arg(log.serviceName().empty() ? tr("(no service)") : plainLine(log.serviceName(), 300)));
    colour(subtitle, colours.quiet);
    timing->setText(instantInWords(log.bestTimeNs(), context.showsUtc(), 6));
    const auto severity = log.severity();
    status->setText(severity >= 17 ? tr("✕ error") : severity >= 13 ? tr("warning") : log.traceIndex() == store::kNone ? tr("without a trace id") : QString());
    colour(status, severity >= 17 ? colours.error : severity >= 13 ? colours.warning : colours.quiet);
    status->setVisible(!status->text().isEmpty());
    model->showLog(snapshot, row, context.showsUtc());
    openSections();
    stack->setCurrentIndex(1);
    rawStale = true;
    fillRaw();
}

void DetailsPane::Private::openSections() {
    applying = true;
    tree->setUniformRowHeights(model->shownRows() > kMostWrapped);
    const bool filtered = !model->filter().isEmpty();
    for (int row = 0; row < model->rowCount(); ++row) {
        const auto index = model->index(row, 0);
        tree->setFirstColumnSpanned(row, {}, true);
        // A sentence without a value has the whole width, by which its height is measured once it is in sight.
        for (int i = 0; i < model->rowCount(index); ++i)
            if (model->isSentence(model->index(i, 0, index))) tree->setFirstColumnSpanned(i, index, true);
        const auto section = model->sectionOf(index);
        tree->setExpanded(index, filtered || (section && open.contains(*section)));
    }
    if (filtered && model->shownRows() < 2000) tree->expandAll();
    applying = false;
    status->setVisible(!status->text().isEmpty());
}

void DetailsPane::Private::fillRaw() {
    if (!rawStale || tabs->currentIndex() != 1) return;
    rawStale = false;
    rawWhole.clear();
    raw->setPlainText({});
    rawNote->setText(tr("Writing…"));
    if (shownSpan == store::kNoRow && shownLog == store::kNoRow) {
        rawNote->setText(tr("Select a span or a log to see its record."));
        return;
    }
    const auto snapshot = shownTrace && shownLog == store::kNoRow ? shownTrace->snapshotPtr() : context.snapshot();
    context.queries().run(
        QStringLiteral("details.raw"), pane,
        [snapshot, span = shownSpan, log = shownLog](std::stop_token) {
            if (log != store::kNoRow) return QString::fromStdString(otlp::logToJson(*snapshot, snapshot->log(log)));
            if (span != store::kNoRow) return QString::fromStdString(otlp::spanToJson(*snapshot, snapshot->span(span)));
            return QString();
        },
        [this](QString text) {
            rawWhole = std::move(text);
            raw->setPlainText(rawWhole.left(kMostRaw));
            rawNote->setText(rawWhole.size() > kMostRaw ? tr("The first %1 of %2 characters; copying gives all.").arg(QString::fromStdString(formatCount(kMostRaw)), QString::fromStdString(formatCount(static_cast<std::uint64_t>(rawWhole.size())))) : QString());
        });
}

void DetailsPane::Private::follow(const QModelIndex& index) {
    if (!model->isLink(index) || QApplication::keyboardModifiers() != Qt::NoModifier) return;
    followed.start();
    activate(index);
}

void DetailsPane::Private::activate(const QModelIndex& index) {
    switch (model->target(index)) {
    case DetailsModel::Target::Span: {
        const auto [trace, span] = model->targetSpan(index);
        const bool elsewhere = context.selection().trace != trace;
        context.selectSpan(trace, span);
        if (elsewhere) context.requestOpenTrace(trace);
        return;
    }
    case DetailsModel::Target::Log: context.selectLog(model->targetLog(index)); return;
    case DetailsModel::Target::None: break;
    }
    const auto first = index.siblingAtColumn(0);
    if (model->rowCount(first) > 0) tree->setExpanded(first, !tree->isExpanded(first));
    else if (index.isValid()) showAll(index);
}

void DetailsPane::Private::copyRows() const {
    auto rows = tree->selectionModel()->selectedRows(0);
    std::sort(rows.begin(), rows.end());
    QStringList lines;
    if (rows.size() == 1) {
        lines << model->wholeValue(rows.front());
    } else {
        for (const auto& row : rows) lines << model->keyText(row) + QStringLiteral(": ") + model->wholeValue(row);
    }
    if (!lines.isEmpty()) QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void DetailsPane::Private::menu(const QPoint& position) {
    const auto index = tree->indexAt(position);
    if (!index.isValid()) return;
    QMenu popup(tree);
    popup.setObjectName(QStringLiteral("detailsMenu"));
    const auto put = [](const QString& text) { QApplication::clipboard()->setText(text); };
    if (!model->sectionOf(index)) {
        const auto value = model->wholeValue(index), key = model->keyText(index);
        popup.addAction(tr("Copy the value"), QKeySequence(QKeySequence::Copy), pane, [put, value] { put(value); });
        popup.addAction(tr("Copy the key"), pane, [put, key] { put(key); });
        popup.addAction(tr("Copy key and value"), pane, [put, key, value] { put(key + QStringLiteral(": ") + value); });
        popup.addSeparator();
        if (model->target(index) != DetailsModel::Target::None) popup.addAction(model->target(index) == DetailsModel::Target::Log ? tr("Select this log") : tr("Go to this span"), pane, [this, index] { activate(index); });
        popup.addAction(tr("Show all of it…"), pane, [this, index] { showAll(index); });
        popup.addAction(tr("Show only rows with this key"), pane, [this, key] { filter->setText(key); });
    } else {
        popup.addAction(tr("Open all sections"), pane, [this] { tree->expandToDepth(0); });
        popup.addAction(tr("Close all sections"), pane, [this] { tree->collapseAll(); });
    }
    popup.exec(tree->viewport()->mapToGlobal(position));
}

void DetailsPane::Private::showAll(const QModelIndex& index) {
    if (model->sectionOf(index)) return;
    auto* dialog = new QDialog(pane);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("valueDialog"));
    dialog->setWindowTitle(model->keyText(index).left(200));
    dialog->resize(640, 420);
    auto* text = new QPlainTextEdit(dialog);
    text->setObjectName(QStringLiteral("valueText"));
    text->setAccessibleName(tr("The whole value"));
    text->setReadOnly(true);
    text->setFont(Theme::monoFont());
    const auto whole = model->wholeValue(index);
    text->setPlainText(whole);
    auto* length = plainLabel(dialog, "valueLength", Theme::smallFont());
    length->setText(tr("%1 characters").arg(QString::fromStdString(formatCount(static_cast<std::uint64_t>(whole.size())))));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, dialog);
    buttons->setObjectName(QStringLiteral("valueButtons"));
    auto* copy = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
    copy->setObjectName(QStringLiteral("valueCopy"));
    connect(copy, &QPushButton::clicked, dialog, [whole] { QApplication::clipboard()->setText(whole); });
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    auto* layout = new QVBoxLayout(dialog);
    layout->addWidget(text, 1);
    layout->addWidget(length);
    layout->addWidget(buttons);
    dialog->open();
}

}  // namespace spanreel::views
