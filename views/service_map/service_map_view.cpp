// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/service_map/service_map_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QShowEvent>
#include <QSplitter>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "model/core/time_format.h"
#include "views/context.h"
#include "views/query_runner.h"
#include "views/service_map/map_arrange.h"
#include "views/service_map/map_canvas.h"
#include "views/service_map/map_flow.h"
#include "views/service_map/map_fold.h"
#include "views/service_map/map_words.h"
#include "views/theme.h"

namespace spanreel::views {

namespace {
constexpr int kLiveMs = 2000;

/// One computed map; made in the query pool.
struct Answer {
    analysis::ServiceMap map;   ///< as drawn
    analysis::ServiceMap whole; ///< the same nodes with all edges
    FoldedAway folded;
    MapGraph graph;
    MapLayout layout;
    std::shared_ptr<const MapFlow> flow;
    trace::TracePtr trace;
    bool keepsPlaces = false;
};

bool sameShape(const MapGraph& a, const MapGraph& b) {
    return a.keys == b.keys && std::equal(a.edges.begin(), a.edges.end(), b.edges.begin(), b.edges.end(), [](const auto& x, const auto& y) { return x.from == y.from && x.to == y.to; });
}
}  // namespace

struct ServiceMapView::Private {
    ViewContext& ctx;
    ServiceMapView& view;
    QComboBox* scope = nullptr;
    QLabel *summary = nullptr, *empty = nullptr, *words = nullptr;
    QToolButton *arrange = nullptr, *fold = nullptr;
    analysis::ServiceMap whole;
    QPushButton* traces = nullptr;
    QWidget* strip = nullptr;
    QStackedWidget* stack = nullptr;
    MapCanvas* canvas = nullptr;
    QTimer* live = nullptr;
    MapGraph graph;
    std::shared_ptr<const MapFlow> flow;
    store::SnapshotPtr seen;            ///< of the session that is counted
    std::optional<TraceId> shownTrace;  ///< of Scope::Trace
    Scope shownScope = Scope::Session;
    bool busy = false, stale = false, fresh = true;
    bool dirty = true;  ///< not computed since something changed while hidden

    Private(ViewContext& c, ServiceMapView& v) : ctx(c), view(v), seen(c.snapshot()) {}

    QToolButton* makeButton(const char* name, const char* icon, const QString& text) {
        auto* button = new QToolButton(&view);
        button->setObjectName(QLatin1String(name));
        if (icon) button->setIcon(Theme::instance().icon(icon));
        if (!icon) button->setText(text);
        button->setToolTip(text);
        button->setAccessibleName(text);
        button->setAutoRaise(true);
        return button;
    }

    void build() {
        scope = new QComboBox(&view);
        scope->setObjectName(QStringLiteral("mapScope"));
        scope->setAccessibleName(ServiceMapView::tr("What the map shows"));
        scope->addItem(ServiceMapView::tr("Whole session"), static_cast<int>(Scope::Session));
        scope->addItem(ServiceMapView::tr("Selected trace"), static_cast<int>(Scope::Trace));
        summary = new QLabel(&view);
        summary->setObjectName(QStringLiteral("mapSummary"));
        summary->setTextFormat(Qt::PlainText);
        summary->setWordWrap(true);  // a long count takes a second line; it must not widen the window
        summary->setMinimumWidth(80);
        summary->setForegroundRole(QPalette::PlaceholderText);
        auto* zoomIn = makeButton("mapZoomIn", "zoom-in", ServiceMapView::tr("Zoom in"));
        auto* zoomOut = makeButton("mapZoomOut", "zoom-out", ServiceMapView::tr("Zoom out"));
        auto* fit = makeButton("mapFit", "fit", ServiceMapView::tr("Fit the whole map"));
        fold = makeButton("mapFold", nullptr, ServiceMapView::tr("Show all"));
        fold->setCheckable(true);
        fold->hide();
        arrange = makeButton("mapArrange", nullptr, ServiceMapView::tr("Arrange anew"));
        auto* bar = new QHBoxLayout;
        bar->setContentsMargins(8, 4, 8, 4);
        bar->setSpacing(8);
        bar->addWidget(scope);
        bar->addWidget(summary, 1);
        for (auto* button : {fold, arrange, zoomOut, zoomIn, fit}) bar->addWidget(button);
        canvas = new MapCanvas(translatedMapWords(), &view);
        canvas->setObjectName(QStringLiteral("mapCanvas"));
        canvas->setAccessibleName(ServiceMapView::tr("Service map"));
        canvas->setAccessibleDescription(ServiceMapView::tr("Arrow keys move between services, Return shows the traces of one, plus and minus zoom, 0 fits."));
        empty = new QLabel(&view);
        empty->setObjectName(QStringLiteral("mapEmpty"));
        empty->setTextFormat(Qt::PlainText);
        empty->setWordWrap(true);
        empty->setAlignment(Qt::AlignTop | Qt::AlignLeft);
        empty->setContentsMargins(16, 16, 16, 16);
        empty->setForegroundRole(QPalette::PlaceholderText);
        empty->setMargin(12);
        stack = new QStackedWidget(&view);
        stack->setObjectName(QStringLiteral("mapStack"));
        stack->addWidget(canvas);
        view.setFocusProxy(canvas);
        stack->addWidget(empty);
        buildStrip();
        auto* splitter = new QSplitter(Qt::Horizontal, &view);
        splitter->setObjectName(QStringLiteral("mapSplitter"));
        splitter->addWidget(stack);
        splitter->addWidget(strip);
        splitter->setStretchFactor(0, 1);
        splitter->setCollapsible(0, false);
        auto* column = new QVBoxLayout(&view);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        column->addLayout(bar);
        column->addWidget(splitter, 1);
        live = new QTimer(&view);
        live->setSingleShot(true);
        live->setInterval(kLiveMs);
        QObject::connect(zoomIn, &QToolButton::clicked, &view, [this] { canvas->zoomBy(1.25); });
        QObject::connect(zoomOut, &QToolButton::clicked, &view, [this] { canvas->zoomBy(1 / 1.25); });
        QObject::connect(fit, &QToolButton::clicked, &view, [this] { canvas->fit(); });
        QObject::connect(fold, &QToolButton::clicked, &view, [this] {
            fresh = true;
            compute();
        });
        QObject::connect(arrange, &QToolButton::clicked, &view, [this] {
            fresh = true;
            compute();
        });
    }

    void buildStrip() {
        strip = new QWidget(&view);
        strip->setObjectName(QStringLiteral("mapStrip"));
        words = new QLabel(strip);
        words->setObjectName(QStringLiteral("mapWords"));
        words->setTextFormat(Qt::PlainText);
        words->setWordWrap(true);
        words->setAlignment(Qt::AlignTop | Qt::AlignLeft);
        words->setTextInteractionFlags(Qt::TextSelectableByMouse);
        words->setContentsMargins(8, 8, 8, 8);
        auto* scroll = new QScrollArea(strip);
        scroll->setObjectName(QStringLiteral("mapWordsScroll"));
        scroll->setWidgetResizable(true);
        scroll->setFrameShape(QFrame::NoFrame);
        scroll->setWidget(words);
        traces = new QPushButton(ServiceMapView::tr("Show its traces"), strip);
        traces->setObjectName(QStringLiteral("mapShowTraces"));
        auto* column = new QVBoxLayout(strip);
        column->setContentsMargins(0, 0, 0, 8);
        column->addWidget(scroll, 1);
        column->addWidget(traces, 0, Qt::AlignHCenter);
        strip->setMinimumWidth(220);
        strip->setMaximumWidth(420);
        strip->hide();
    }

    void wire() {
        QObject::connect(scope, &QComboBox::activated, &view, [this] {
            fresh = true;
            compute();
        });
        QObject::connect(live, &QTimer::timeout, &view, [this] { compute(); });
        QObject::connect(canvas, &MapCanvas::selectionMoved, &view, [this] { showWords(); });
        QObject::connect(canvas, &MapCanvas::nodeActivated, &view, [this](int n) { activate(static_cast<std::uint32_t>(n)); });
        QObject::connect(traces, &QPushButton::clicked, &view, [this] {
            if (const auto n = canvas->selectedNode()) activate(*n);
        });
        QObject::connect(&ctx, &ViewContext::snapshotChanged, &view, [this] {
            const auto before = std::exchange(seen, ctx.snapshot());
            if (!seen->sameSession(*before)) beginAnew();
            else if (current() == Scope::Session && !live->isActive()) live->start();
        });
        QObject::connect(&ctx, &ViewContext::traceChanged, &view, [this] { compute(); });
        QObject::connect(&ctx, &ViewContext::playheadChanged, &view, [this] { showPlayhead(); });
        QObject::connect(&ctx, &ViewContext::serviceFilterChanged, &view, [this] { showFilter(); });
        QObject::connect(&Theme::instance(), &Theme::changed, &view, [this] { canvas->update(); });
    }

    [[nodiscard]] Scope current() const { return static_cast<Scope>(scope->currentData().toInt()); }

    void activate(std::uint32_t n) {
        const auto& node = canvas->map().nodes[n];
        if (node.kind == analysis::PeerKind::Service) emit view.serviceActivated(QString::fromStdString(node.name));
    }

    [[nodiscard]] QString slot() const { return QStringLiteral("map.%1").arg(reinterpret_cast<quintptr>(&view)); }

    /// Nothing of another session stays: neither its map nor its places, nor what is still being counted of it.
    void beginAnew() {
        ctx.queries().cancel(slot());
        busy = stale = false;
        fresh = true;
        show({});
        compute();
    }

    void compute() {
        if (!view.isVisible()) {
            dirty = true;
            return;
        }
        dirty = false;
        if (busy && !fresh) {  // what is asked for afresh takes its place
            stale = true;
            return;
        }
        busy = true;
        stale = false;
        live->stop();
        const bool ofTrace = current() == Scope::Trace;
        const auto trace = ctx.trace();
        if (shownScope != current() || (ofTrace && shownTrace != (trace ? std::optional(trace->id()) : std::nullopt))) fresh = true;
        shownScope = current();
        shownTrace = ofTrace && trace ? std::optional(trace->id()) : std::nullopt;
        if (canvas->map().nodes.empty()) tellWhatIsCounted(ofTrace ? (trace ? trace->nodes().size() : 0) : ctx.snapshot()->spanCount());
        const auto work = [snapshot = ctx.snapshot(), trace, ofTrace, all = fold->isChecked(), isFresh = std::exchange(fresh, false), old = canvas->layoutShown(), oldGraph = graph](std::stop_token stop) {
            Answer answer;
            answer.trace = trace;
            analysis::TraceMap own;
            if (trace) own = analysis::mapOfTrace(*trace);
            if (!ofTrace)
                answer.map = analysis::mapOfSession(snapshot, nullptr, stop);
            else
                answer.map = own.map;
            answer.whole = answer.map;
            if (answer.map.edges.size() > kReadableEdges) {
                answer.folded.edges = answer.map.edges.size() - kReadableEdges;
                if (!all) answer.folded = foldEdges(answer.map);
            }
            answer.graph = mapGraph(answer.map, translatedMapWords());
            answer.keepsPlaces = !isFresh && !old.nodes.empty();
            if (answer.keepsPlaces && sameShape(answer.graph, oldGraph))
                answer.layout = old;
            else
                answer.layout = answer.keepsPlaces ? extendLayout(old, answer.graph) : arrangeMap(answer.graph, stop);
            if (trace) answer.flow = std::make_shared<MapFlow>(*trace, own, answer.map);
            return answer;
        };
        ctx.queries().run(slot(), &view, work, [this](Answer answer) {
            busy = false;
            show(std::move(answer));
            if (std::exchange(stale, false)) compute();
        });
    }

    void tellWhatIsCounted(std::uint64_t spans) {
        if (spans == 0) return;
        empty->setText(ServiceMapView::tr("Counting who calls whom. Spans to look through: %1.").arg(QString::fromStdString(formatCount(spans))));
        stack->setCurrentWidget(empty);
    }

    void show(Answer answer) {
        graph = std::move(answer.graph);
        whole = std::move(answer.whole);
        fold->setVisible(answer.folded.edges > 0);
        const bool all = fold->isChecked();
        const QString foldText = all ? ServiceMapView::tr("Busiest only") : ServiceMapView::tr("Show all");
        fold->setText(foldText);
        fold->setAccessibleName(foldText);
        fold->setToolTip(all ? ServiceMapView::tr("Draws only the kinds of calls that are made most, so that the map can be read") : ServiceMapView::tr("Draws every kind of call"));
        flow = std::move(answer.flow);
        const auto& map = answer.map;
        std::uint64_t peers = 0;
        for (const auto& node : map.nodes) peers += node.kind != analysis::PeerKind::Service;
        const auto count = [](std::uint64_t n) { return QString::fromStdString(formatCount(n)); };
        QStringList parts{ServiceMapView::tr("%n services", nullptr, static_cast<int>(map.nodes.size() - peers))};
        if (peers > 0) parts << ServiceMapView::tr("%n peers without spans of their own", nullptr, static_cast<int>(peers));
        parts << ServiceMapView::tr("%n kinds of calls", nullptr, static_cast<int>(whole.edges.size()));
        baseSummary = map.nodes.empty() ? QString() : parts.join(QStringLiteral(", "));
        if (!all && answer.folded.edges > 0)
            baseSummary = ServiceMapView::tr("%1; the %2 busiest are drawn, %3 with %4 calls are not").arg(baseSummary, count(map.edges.size()), count(answer.folded.edges), count(answer.folded.calls));
        const bool none = map.nodes.empty();
        stack->setCurrentIndex(none ? 1 : 0);
        if (none)
            empty->setText(current() == Scope::Trace ? ServiceMapView::tr("Select a trace to see which services it went through.")
                                                     : ServiceMapView::tr("No spans yet. Open a file, or let a program send traces to the OTLP port: services and who calls whom appear here."));
        canvas->setMap(std::move(answer.map), std::move(answer.layout), answer.keepsPlaces);
        arrange->setEnabled(!none);
        showFilter();
        showPlayhead();
        emit view.layoutChanged();
    }

    void showFilter() {
        std::vector<bool> hidden;
        int hiddenCount = 0;
        for (const auto& node : canvas->map().nodes) {
            hidden.push_back(node.kind == analysis::PeerKind::Service && !ctx.serviceShown(node.name));
            hiddenCount += hidden.back();
        }
        canvas->setHidden(std::move(hidden));
        summary->setText(hiddenCount > 0 ? ServiceMapView::tr("%1; %2 ticked off are drawn faintly").arg(baseSummary).arg(hiddenCount) : baseSummary);
    }

    void showPlayhead() {
        if (!view.isVisible()) return;
        std::vector<std::uint32_t> nodes, edges;
        if (ctx.replayActive() && flow && ctx.trace()) flow->at(ctx.clock().playheadNs(), nodes, edges);
        if (nodes.size() == canvas->map().nodes.size() || nodes.empty()) canvas->setInFlight(std::move(nodes), std::move(edges));
    }

    void showWords() {
        const auto node = canvas->selectedNode();
        const auto edge = canvas->selectedEdge();
        strip->setVisible(node || edge);
        if (node) words->setText(describeNode(whole, *node));
        else if (edge) words->setText(describeEdge(canvas->map(), *edge));
        traces->setVisible(node && canvas->map().nodes[*node].kind == analysis::PeerKind::Service);
    }

    QString baseSummary;
};

ServiceMapView::ServiceMapView(ViewContext& context, QWidget* parent) : QWidget(parent), m_p(std::make_unique<Private>(context, *this)) {
    setObjectName(QStringLiteral("serviceMap"));
    setAccessibleName(tr("Service map"));
    m_p->build();
    m_p->wire();
}
ServiceMapView::~ServiceMapView() = default;

ServiceMapView::Scope ServiceMapView::scope() const { return m_p->current(); }
void ServiceMapView::setScope(Scope scope) {
    m_p->scope->setCurrentIndex(m_p->scope->findData(static_cast<int>(scope)));
    m_p->fresh = true;
    m_p->compute();
}
void ServiceMapView::setScopeFixed(Scope scope) {
    m_p->scope->hide();
    setScope(scope);
}
void ServiceMapView::fit() { m_p->canvas->fit(); }
void ServiceMapView::selectNode(const QString& name) {
    const auto wanted = name.toStdString();
    const auto& nodes = m_p->canvas->map().nodes;
    for (std::uint32_t n = 0; n < nodes.size(); ++n)
        if (nodes[n].name == wanted) {
            m_p->canvas->select(n, std::nullopt);
            return;
        }
}
int ServiceMapView::nodeCount() const { return static_cast<int>(m_p->canvas->map().nodes.size()); }

void ServiceMapView::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_p->dirty) QTimer::singleShot(0, this, [this] { m_p->compute(); });
    m_p->showPlayhead();
}

}  // namespace spanreel::views
