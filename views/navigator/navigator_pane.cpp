// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/navigator/navigator_pane.h"

#include <QApplication>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QListView>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QSplitter>
#include <QStyledItemDelegate>
#include <QTextDocument>
#include <QTimer>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "model/core/time_format.h"
#include "views/context.h"
#include "views/navigator/service_model.h"
#include "views/theme.h"
#include "views/widgets/text_format.h"

namespace spanreel::views {

namespace {

enum SourceRole { KindRole = Qt::UserRole, IdRole, EndpointRole, RefusedRole, CountRole, ToneRole };
enum Kind { kFile, kReceiver, kRefused };

QString count(std::uint64_t n) { return QString::fromStdString(formatCount(n)); }

/// Swatch, name, spans and errors of a service beside its tick box; name and state of a source.
class NavigatorDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {60, Theme::kRowHeight}; }

protected:
    static void background(QPainter* p, const QStyleOptionViewItem& option) {
        if (option.state & QStyle::State_Selected) p->fillRect(option.rect, option.palette.color(QPalette::Highlight));
        else if (option.state & QStyle::State_MouseOver) p->fillRect(option.rect, Theme::instance().colours().hover());
        if (!(option.state & QStyle::State_HasFocus)) return;
        QStyleOptionFocusRect ring;
        ring.QStyleOption::operator=(option);
        ring.state |= QStyle::State_Item;
        option.widget->style()->drawPrimitive(QStyle::PE_FrameFocusRect, &ring, p, option.widget);
    }
    /// Draws right-aligned, in full whatever the room, and returns the x where the rest must end.
    static int right(QPainter* p, QRect rect, const QString& text, const QColor& colour) {
        if (text.isEmpty()) return rect.right();
        p->setPen(colour);
        rect.setLeft(std::min(rect.left(), rect.right() - p->fontMetrics().horizontalAdvance(text) - 1));
        p->drawText(rect, Qt::AlignRight | Qt::AlignVCenter, text);
        return rect.right() - p->fontMetrics().horizontalAdvance(text) - 8;
    }
};

class ServiceDelegate : public NavigatorDelegate {
public:
    using NavigatorDelegate::NavigatorDelegate;
    void paint(QPainter* p, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const auto& c = Theme::instance().colours();
        p->save();
        background(p, option);
        const bool shown = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        QStyleOptionViewItem box = option;
        box.rect = checkBox(option.rect);
        box.state = QStyle::State_Enabled | (shown ? QStyle::State_On : QStyle::State_Off);
        option.widget->style()->drawPrimitive(QStyle::PE_IndicatorItemViewItemCheck, &box, p, option.widget);
        p->setRenderHint(QPainter::Antialiasing);
        const int middle = option.rect.center().y() + 1;
        p->setPen(Qt::NoPen);
        p->setBrush(Theme::instance().service(index.data(ServiceModel::NameRole).toString().toStdString()));
        p->setOpacity(shown ? 1 : 0.4);
        p->drawRoundedRect(QRectF(box.rect.right() + 7, middle - 5, 10, 10), 2, 2);
        p->setFont(option.font);
        QRect text(box.rect.right() + 23, option.rect.top(), 0, option.rect.height());
        text.setRight(option.rect.right() - Theme::kPadding);
        const QString errors = index.data(ServiceModel::ErrorsRole).toString();
        int end = right(p, text, index.data(ServiceModel::SpansRole).toString(), c.quiet);
        text.setRight(end);
        if (!errors.isEmpty()) end = right(p, text, errors + QStringLiteral(" \u2715"), c.error);
        text.setRight(end);
        p->setPen(c.text);
        p->drawText(text, Qt::AlignLeft | Qt::AlignVCenter, p->fontMetrics().elidedText(index.data().toString(), Qt::ElideRight, std::max(0, text.width())));
        p->restore();
    }
    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option, const QModelIndex& index) override {
        QStyleOptionViewItem here = option;
        if (event->type() == QEvent::MouseButtonRelease || event->type() == QEvent::MouseButtonDblClick) {
            const auto* mouse = static_cast<QMouseEvent*>(event);
            if (!checkBox(option.rect).adjusted(-4, -4, 4, 4).contains(mouse->pos())) return false;
            if (event->type() == QEvent::MouseButtonDblClick) return true;
            return model->setData(index, index.data(Qt::CheckStateRole).toInt() == Qt::Checked ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
        }
        return QStyledItemDelegate::editorEvent(event, model, here, index);
    }

private:
    static QRect checkBox(const QRect& row) { return QRect(row.left() + Theme::kPadding, row.center().y() - 6, 14, 14); }
};

class SourceDelegate : public NavigatorDelegate {
public:
    using NavigatorDelegate::NavigatorDelegate;
    void paint(QPainter* p, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        const auto& c = Theme::instance().colours();
        p->save();
        background(p, option);
        const QRect icon(option.rect.left() + Theme::kPadding, option.rect.center().y() - 7, 14, 14);
        index.data(Qt::DecorationRole).value<QIcon>().paint(p, icon);
        QRect text(icon.right() + 7, option.rect.top(), 0, option.rect.height());
        text.setRight(option.rect.right() - Theme::kPadding);
        const int tone = index.data(ToneRole).toInt();
        text.setRight(right(p, text, index.data(CountRole).toString(), tone == 2 ? c.error : tone == 1 ? c.warning : tone == 3 ? c.ok : c.quiet));
        p->setPen(c.text);
        p->drawText(text, Qt::AlignLeft | Qt::AlignVCenter, p->fontMetrics().elidedText(index.data().toString(), Qt::ElideMiddle, std::max(0, text.width())));
        p->restore();
    }
};

QLabel* heading(const QString& text, const char* name, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setObjectName(QLatin1String(name));
    QFont font = Theme::smallFont();
    font.setWeight(QFont::DemiBold);
    font.setCapitalization(QFont::AllUppercase);
    font.setLetterSpacing(QFont::AbsoluteSpacing, 0.5);
    label->setFont(font);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

}  // namespace

struct NavigatorPane::Private {
    NavigatorPane& pane;
    ViewContext& context;
    QTreeWidget* sources = nullptr;
    ServiceModel* services = nullptr;
    QListView* serviceView = nullptr;
    QLabel* hidden = nullptr;
    QTimer pace;
    std::vector<ReceiverStatus> receivers;
    std::vector<RefusedSender> refused;

    Private(NavigatorPane& p, ViewContext& c) : pane(p), context(c) {}

    void build();
    void refreshSources();
    void refreshServices();
    void fitWidth();
    QTreeWidgetItem* itemAt(int row);
    void sourceMenu(QPoint at);
    void serviceMenu(QPoint at);
    void showOnly(const QString& service);
};

void NavigatorPane::Private::build() {
    sources = new QTreeWidget(&pane);
    sources->setObjectName(QStringLiteral("navigatorSources"));
    sources->setAccessibleName(tr("Sources"));
    sources->setHeaderHidden(true);
    sources->setRootIsDecorated(false);
    sources->setUniformRowHeights(true);
    sources->setItemDelegate(new SourceDelegate(sources));
    sources->setFrameShape(QFrame::NoFrame);
    sources->setMouseTracking(true);
    sources->setContextMenuPolicy(Qt::CustomContextMenu);
    services = new ServiceModel(context, &pane);
    serviceView = new QListView(&pane);
    serviceView->setObjectName(QStringLiteral("navigatorServices"));
    serviceView->setAccessibleName(tr("Services"));
    serviceView->setModel(services);
    serviceView->setUniformItemSizes(true);
    serviceView->setItemDelegate(new ServiceDelegate(serviceView));
    serviceView->setFrameShape(QFrame::NoFrame);
    serviceView->setMouseTracking(true);
    serviceView->setContextMenuPolicy(Qt::CustomContextMenu);
    for (QWidget* view : {static_cast<QWidget*>(sources), static_cast<QWidget*>(serviceView)}) view->setBackgroundRole(QPalette::Window);
    hidden = new QLabel(&pane);
    hidden->setObjectName(QStringLiteral("navigatorHidden"));
    hidden->setWordWrap(true);
    hidden->setContentsMargins(Theme::kPadding, 2, Theme::kPadding, 4);
    hidden->hide();

    const auto button = [this](const QString& text, const char* name) {
        auto* b = new QToolButton(&pane);
        b->setText(text);
        b->setObjectName(QLatin1String(name));
        b->setAutoRaise(true);
        b->setFont(Theme::smallFont());
        return b;
    };
    auto* all = button(tr("All"), "navigatorAll");
    all->setAccessibleName(tr("Show all services"));
    auto* none = button(tr("None"), "navigatorNone");
    none->setAccessibleName(tr("Hide all services"));
    connect(all, &QToolButton::clicked, &pane, [this] { context.setHiddenServices({}); });
    connect(none, &QToolButton::clicked, &pane, [this] { showOnly({}); });

    auto* upper = new QWidget(&pane);
    auto* upperLayout = new QVBoxLayout(upper);
    upperLayout->setContentsMargins(0, 6, 0, 0);
    upperLayout->setSpacing(2);
    auto* sourcesHead = heading(tr("Sources"), "navigatorSourcesHeading", upper);
    sourcesHead->setContentsMargins(Theme::kPadding, 0, 0, 0);
    upperLayout->addWidget(sourcesHead);
    upperLayout->addWidget(sources, 1);
    auto* lower = new QWidget(&pane);
    auto* lowerLayout = new QVBoxLayout(lower);
    lowerLayout->setContentsMargins(0, 6, 0, 0);
    lowerLayout->setSpacing(2);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(Theme::kPadding, 0, 4, 0);
    head->setSpacing(0);
    head->addWidget(heading(tr("Services"), "navigatorServicesHeading", lower));
    head->addStretch(1);
    head->addWidget(all);
    head->addWidget(none);
    lowerLayout->addLayout(head);
    lowerLayout->addWidget(serviceView, 1);
    lowerLayout->addWidget(hidden);  // below the list, so that no tick moves under the mouse when it comes and goes
    auto* split = new QSplitter(Qt::Vertical, &pane);
    split->setObjectName(QStringLiteral("navigatorSplitter"));
    split->addWidget(upper);
    split->addWidget(lower);
    split->setSizes({150, 400});
    split->setStretchFactor(1, 1);
    auto* layout = new QVBoxLayout(&pane);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(split);

    connect(sources, &QTreeWidget::customContextMenuRequested, &pane, [this](QPoint at) { sourceMenu(at); });
    // A refused sender has one thing to be done about it: any click offers it. Activation may follow a click.
    const auto offer = [this](QTreeWidgetItem* item) {
        if (item->data(0, KindRole).toInt() == kRefused && !QApplication::activePopupWidget()) sourceMenu(sources->visualItemRect(item).center());
    };
    connect(sources, &QTreeWidget::itemClicked, &pane, offer);
    connect(sources, &QTreeWidget::itemActivated, &pane, [this, offer](QTreeWidgetItem* item) {
        offer(item);
        if (item->data(0, KindRole).toInt() == kFile) emit pane.importSummaryRequested(static_cast<store::SourceId>(item->data(0, IdRole).toInt()));
    });
    connect(serviceView, &QListView::customContextMenuRequested, &pane, [this](QPoint at) { serviceMenu(at); });
    connect(serviceView, &QListView::doubleClicked, &pane, [this](const QModelIndex& index) { emit pane.serviceFilterRequested(services->nameAt(index.row())); });
}

QTreeWidgetItem* NavigatorPane::Private::itemAt(int row) {
    while (sources->topLevelItemCount() <= row) sources->addTopLevelItem(new QTreeWidgetItem);
    return sources->topLevelItem(row);
}

void NavigatorPane::Private::refreshSources() {
    int row = 0;
    const auto fill = [&](int kind, const char* icon, const QString& name, const QString& figure, int tone, const QString& tip) {
        auto* item = itemAt(row++);
        if (item->data(0, KindRole).toInt() != kind || item->icon(0).isNull()) item->setIcon(0, Theme::instance().icon(icon));
        item->setData(0, KindRole, kind);
        item->setText(0, name);
        item->setData(0, CountRole, figure);
        item->setData(0, ToneRole, tone);
        item->setToolTip(0, Qt::convertFromPlainText(tip));
        item->setData(0, Qt::AccessibleTextRole, name + QStringLiteral(", ") + figure);
        return item;
    };
    for (const auto& source : context.snapshot()->sources()) {
        if (source.kind == store::SourceKind::Receiver) continue;  // told by the receivers themselves
        const QString name = sourceTitle(source, context.sessionNames());
        const auto items = source.spans + source.logs + source.metrics;
        QString figure = source.finished ? count(items) : tr("reading, %1").arg(count(items));
        int tone = 0;
        const auto& report = source.report;
        QString words = figure;
        if (report.unopened()) {
            words = tr("cannot be opened");
            figure = QStringLiteral("\u2715");
            tone = 2;
        } else if (report.skipped > 0) {
            words = tr("%1, %2 skipped").arg(count(items), count(report.skipped));
            figure = count(report.skipped) + QStringLiteral(" \u2715  ") + count(items);
            tone = 2;
        } else if (report.warned > 0) {
            words = tr("%1, %2 warned").arg(count(items), count(report.warned));
            figure = count(report.warned) + QStringLiteral(" !  ") + count(items);
            tone = 1;
        }
        const QString tip = tr("%1\n%2 spans, %3 logs, %4 metrics\n%5 read = %6 kept + %7 skipped, %8 kept with a warning")
                                .arg(plain(source.name), count(source.spans), count(source.logs), count(source.metrics), count(report.read()), count(report.kept), count(report.skipped), count(report.warned));
        auto* item = fill(kFile, "file", name, figure, tone, tip);
        item->setData(0, IdRole, source.id);
        item->setData(0, Qt::AccessibleTextRole, name + QStringLiteral(", ") + words);
    }
    for (const auto& r : receivers) {
        QString figure, tip, words;
        int tone = 0;
        switch (r.state) {
            case ReceiverStatus::State::Off: figure = tr("off"); break;
            case ReceiverStatus::State::Starting: figure = tr("starting"); break;
            case ReceiverStatus::State::Failed:
                figure = tr("not listening");
                tone = 2;
                break;
            case ReceiverStatus::State::Listening: {
                const auto lost = r.rejected + r.dropped + r.refused;
                const QString in = count(r.spans + r.logs + r.metrics);
                figure = lost ? count(lost) + QStringLiteral(" !  ") + in : r.spans + r.logs + r.metrics ? in : tr("listening");
                if (lost) words = tr("%1 in, %2 refused").arg(in, count(lost));
                tone = lost ? 1 : 3;
                break;
            }
        }
        tip = tr("%1 on %2\naccepted: %3 spans, %4 logs, %5 metrics\nrejected: %6\ndropped, to be sent again: %7\nrefused by origin, host or protocol: %8")
                  .arg(r.name, r.addresses.isEmpty() ? QStringLiteral("\u2013") : r.addresses.join(QStringLiteral(", ")), count(r.spans), count(r.logs), count(r.metrics), count(r.rejected), count(r.dropped), count(r.refused));
        if (!r.lastError.isEmpty()) tip += QLatin1Char('\n') + tr("last refusal: %1").arg(plain(r.lastError.toStdString()));
        const QString name = tr("%1 %2", "receiver and port").arg(r.name).arg(r.port);
        auto* item = fill(kReceiver, "receiver", name, figure, tone, tip);
        item->setData(0, EndpointRole, r.endpoint);
        if (!words.isEmpty()) item->setData(0, Qt::AccessibleTextRole, name + QStringLiteral(", ") + words);
    }
    for (std::size_t i = 0; i < refused.size(); ++i) {
        const auto& r = refused[i];
        fill(kRefused, "warning", r.isOrigin ? tr("Page %1").arg(r.value) : tr("Host %1").arg(r.value), tr("%1 refused").arg(count(r.count)), 1,
             r.isOrigin ? tr("A web page of %1 tried to send. Click to allow it.").arg(r.value) : tr("A sender called this machine %1. Click to allow that name.").arg(r.value))
            ->setData(0, RefusedRole, static_cast<int>(i));
    }
    while (sources->topLevelItemCount() > row) delete sources->takeTopLevelItem(row);
    fitWidth();
}

/// Keeps the pane so wide that every figure stands in full beside the beginning of a name, and beside the whole name of a
/// receiver, whose kind and port both count. O(rows), at most 500 of a list.
void NavigatorPane::Private::fitWidth() {
    constexpr int kName = 60, kLeast = 190, kMost = 320, kStep = 20, kBeforeSource = 40, kBeforeService = 50;
    const QFontMetrics metrics(serviceView->font());
    const int heads = pane.layout()->minimumSize().width();  // a set minimum width hides the layout's own
    int need = kLeast;
    for (int i = 0; i < std::min(500, sources->topLevelItemCount()); ++i) {
        const auto* item = sources->topLevelItem(i);
        const int name = item->data(0, KindRole).toInt() == kReceiver ? metrics.horizontalAdvance(item->text(0)) : kName;
        need = std::max(need, kBeforeSource + name + metrics.horizontalAdvance(item->data(0, CountRole).toString()) + 8);
    }
    for (int i = 0; i < std::min(500, services->rowCount()); ++i) {
        const QModelIndex at = services->index(i);
        const QString errors = at.data(ServiceModel::ErrorsRole).toString();
        const int failed = errors.isEmpty() ? 0 : metrics.horizontalAdvance(errors + QStringLiteral(" \u2715")) + 8;
        need = std::max(need, kBeforeService + kName + metrics.horizontalAdvance(at.data(ServiceModel::SpansRole).toString()) + 8 + failed);
    }
    if (need > kLeast) need = std::min(kMost, (need + kStep - 1) / kStep * kStep);  // in steps: no creeping while counts grow
    need = std::max(need, heads);
    if (need != pane.minimumWidth()) pane.setMinimumWidth(need);
}

void NavigatorPane::Private::refreshServices() {
    services->refresh();
    const int n = services->hiddenCount();
    hidden->setVisible(n > 0);
    if (n > 0) hidden->setText(tr("%1 of %2 services hidden").arg(n).arg(services->rowCount()));
    fitWidth();
}

void NavigatorPane::Private::sourceMenu(QPoint at) {
    auto* item = sources->itemAt(at);
    if (!item) return;
    auto* menu = new QMenu(sources);
    menu->setObjectName(QStringLiteral("navigatorSourceMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    switch (item->data(0, KindRole).toInt()) {
        case kFile: {
            const auto id = static_cast<store::SourceId>(item->data(0, IdRole).toInt());
            menu->addAction(Theme::instance().icon("info"), tr("Import summary"), &pane, [this, id] { emit pane.importSummaryRequested(id); });
            for (const auto& source : context.snapshot()->sources())
                if (source.id == id)
                    menu->addAction(Theme::instance().icon("copy"), tr("Copy path"), &pane, [path = QString::fromStdString(source.name)] { QGuiApplication::clipboard()->setText(path); });
            break;
        }
        case kReceiver: {
            const QString endpoint = item->data(0, EndpointRole).toString();
            auto* copy = menu->addAction(Theme::instance().icon("copy"), tr("Copy endpoint for a program"), &pane, [endpoint] { QGuiApplication::clipboard()->setText(endpoint); });
            copy->setEnabled(!endpoint.isEmpty());
            break;
        }
        case kRefused: {
            const auto index = static_cast<std::size_t>(item->data(0, RefusedRole).toInt());
            if (index >= refused.size()) break;
            menu->addAction(tr("Allow %1").arg(refused[index].value), &pane, [this, sender = refused[index]] { emit pane.allowRequested(sender); });
            break;
        }
    }
    menu->popup(sources->viewport()->mapToGlobal(at));
}

void NavigatorPane::Private::showOnly(const QString& service) {
    ViewContext::ServiceNames hide;
    for (int i = 0; i < services->rowCount(); ++i)
        if (services->nameAt(i) != service || service.isNull()) hide.insert(services->nameAt(i).toStdString());
    context.setHiddenServices(std::move(hide));
}

void NavigatorPane::Private::serviceMenu(QPoint at) {
    const QModelIndex index = serviceView->indexAt(at);
    if (!index.isValid()) return;
    const QString name = services->nameAt(index.row());
    auto* menu = new QMenu(serviceView);
    menu->setObjectName(QStringLiteral("navigatorServiceMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Show only this"), &pane, [this, name] { showOnly(name); });
    menu->addAction(tr("Show all"), &pane, [this] { context.setHiddenServices({}); });
    menu->addAction(tr("Hide this"), &pane, [this, name] { context.setServiceShown(name, false); });
    menu->addSeparator();
    menu->addAction(Theme::instance().icon("filter"), tr("List its traces"), &pane, [this, name] { emit pane.serviceFilterRequested(name); });
    menu->popup(serviceView->viewport()->mapToGlobal(at));
}

NavigatorPane::NavigatorPane(ViewContext& context, QWidget* parent) : QWidget(parent), m_p(std::make_unique<Private>(*this, context)) {
    setObjectName(QStringLiteral("navigator"));
    setAccessibleName(tr("Navigator"));
    m_p->build();
    m_p->pace.setSingleShot(true);
    m_p->pace.setInterval(200);
    connect(&m_p->pace, &QTimer::timeout, this, [this] {
        m_p->refreshSources();
        m_p->refreshServices();
    });
    connect(&context, &ViewContext::sessionNamesChanged, this, [this] { m_p->refreshSources(); });
    connect(&context, &ViewContext::snapshotChanged, this, [this] {
        if (!m_p->pace.isActive()) m_p->pace.start();
    });
    connect(&context, &ViewContext::serviceFilterChanged, this, [this] { m_p->refreshServices(); });
    const auto tint = [this] {
        QPalette palette = QGuiApplication::palette();
        palette.setColor(QPalette::Base, palette.color(QPalette::Window));
        m_p->sources->setPalette(palette);
        m_p->serviceView->setPalette(palette);
        QPalette warn = QGuiApplication::palette();
        warn.setColor(QPalette::WindowText, Theme::instance().colours().warning);
        m_p->hidden->setPalette(warn);
    };
    connect(&Theme::instance(), &Theme::changed, this, tint);
    tint();
}
NavigatorPane::~NavigatorPane() = default;

void NavigatorPane::setReceivers(const std::vector<ReceiverStatus>& receivers, const std::vector<RefusedSender>& refused) {
    if (receivers == m_p->receivers && refused == m_p->refused) return;
    m_p->receivers = receivers;
    m_p->refused = refused;
    m_p->refreshSources();
}

}  // namespace spanreel::views
