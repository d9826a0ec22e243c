// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/context.h"

#include <QTimer>
#include <chrono>
#include <deque>

#include "model/store/trace_store.h"
#include "views/query_runner.h"
#include "views/theme.h"

namespace spanreel::views {

namespace {

constexpr std::size_t kHistoryLimit = 200;
constexpr std::size_t kCachedTraces = 4;
constexpr std::size_t kCacheableNodes = 200'000;

std::int64_t steadyNs() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// What one assembly hands over. `unchanged` = the trace shown is still the newest.
struct Assembled {
    trace::TracePtr trace;
    replay::ReplayClock clock;
    bool unchanged = false;
};

}  // namespace

struct ViewContext::Private {
    ViewContext& ctx;
    QTimer timer;
    struct Place {
        Selection selection;
        Page page;
    };
    std::deque<Place> back, forward;
    Page page = Page::Traces;
    std::deque<trace::TracePtr> cache;  ///< newest first, all of the snapshot's session
    trace::TracePtr offered;            ///< assembled by somebody else, while it is being opened
    ServiceNames hidden;
    bool assembling = false;  ///< for the trace that is selected now
    bool stale = false;       ///< a snapshot came while assembling

    explicit Private(ViewContext& c) : ctx(c) {}

    /// Makes `next` the selection. `remember` = push the old one for back.
    void apply(const Selection& next, bool remember) {
        if (next == ctx.m_selection) return;
        const Selection old = ctx.m_selection;
        const bool moved = old.trace != next.trace || old.span != next.span || old.spanRow != next.spanRow;
        if (remember && moved && old.trace) leave({old, page});
        ctx.m_selection = next;
        if (old.trace != next.trace) changeTrace();
        emit ctx.selectionChanged();
        if (remember && moved) emit ctx.historyChanged();
    }

    void leave(Place place) {
        back.push_back(std::move(place));
        if (back.size() > kHistoryLimit) back.pop_front();
        forward.clear();
    }

    /// Back or forward: what is arrived at is also shown.
    void arrive(std::deque<Place>& from, std::deque<Place>& to) {
        if (from.empty()) return;
        const Place next = std::move(from.back());
        from.pop_back();
        to.push_back({ctx.m_selection, page});
        page = next.page;
        apply(next.selection, false);
        emit ctx.historyChanged();
        emit ctx.pageRequested();
    }

    void changeTrace() {
        remember(ctx.m_trace);
        ctx.m_trace.reset();
        ctx.m_clock.clear();
        ctx.m_replayActive = false;
        timer.stop();
        ctx.m_queries->cancel(QStringLiteral("context.trace"));
        assembling = stale = false;
        if (const auto wanted = ctx.m_selection.trace) {
            for (const auto& cached : cache)
                if (cached->id() == *wanted) ctx.m_trace = cached;
            if (offered && offered->id() == *wanted) ctx.m_trace = offered;
            assemble();
        }
        emit ctx.traceChanged();
        emit ctx.playheadChanged();
    }

    /// Nothing of the session that is shown is of use any more: rows and revisions of the next one mean something else.
    void leaveSession() {
        apply({}, false);
        cache.clear();
    }
    void forgetHistory() {
        back.clear();
        forward.clear();
        emit ctx.historyChanged();
    }

    void remember(const trace::TracePtr& trace) {
        if (!trace || trace->nodes().size() > kCacheableNodes) return;
        std::erase_if(cache, [&](const auto& t) { return t->id() == trace->id(); });
        cache.push_front(trace);
        if (cache.size() > kCachedTraces) cache.pop_back();
    }

    /// Assembles the selected trace in the pool. One at a time: what comes meanwhile marks it stale, so that a busy
    /// receiver never starves the view.
    void assemble() {
        if (!ctx.m_selection.trace) return;
        if (assembling) {
            stale = true;
            return;
        }
        assembling = true;
        const bool needsClock = !ctx.m_clock.hasTrace();
        ctx.m_queries->run(
            QStringLiteral("context.trace"), &ctx,
            [snapshot = ctx.m_snapshot, id = *ctx.m_selection.trace, shown = ctx.m_trace, needsClock](std::stop_token stop) {
                Assembled out;
                const auto index = snapshot->findTrace(id);
                out.unchanged = !index;  // not (or no longer) known: what is shown stays
                if (index && shown && snapshot->trace(*index).revision == shown->revision()) {
                    out.trace = shown;
                    out.unchanged = !needsClock;
                } else if (index) {
                    if (auto assembled = trace::Trace::assemble(snapshot, id, stop)) out.trace = std::move(*assembled);
                    else out.unchanged = true;
                }
                if (out.trace && !out.unchanged) out.clock.setTrace(*out.trace);
                return out;
            },
            [this](Assembled result) {
                assembling = false;
                if (!result.unchanged) show(std::move(result));
                if (std::exchange(stale, false)) assemble();
            });
    }

    void show(Assembled result) {
        const bool grown = ctx.m_clock.hasTrace();
        if (grown) {
            const auto now = steadyNs();
            result.clock.setSpeed(ctx.m_clock.speed(), now);
            result.clock.setLoop(ctx.m_clock.loop());
            result.clock.seek(ctx.m_clock.playheadNs());
            if (ctx.m_clock.playing()) result.clock.play(now);
        }
        const bool sameTrace = ctx.m_trace == result.trace;
        ctx.m_clock = std::move(result.clock);
        ctx.m_trace = std::move(result.trace);
        if (!sameTrace || !grown) emit ctx.traceChanged();
        emit ctx.playheadChanged();
    }

    void tick() {
        if (ctx.m_clock.advance(steadyNs())) emit ctx.playheadChanged();
        if (!ctx.m_clock.playing()) timer.stop();
    }
    void touchReplay() {
        ctx.m_replayActive = true;
        emit ctx.playheadChanged();
    }
};

ViewContext::ViewContext(QObject* parent)
    : QObject(parent), m_p(std::make_unique<Private>(*this)), m_snapshot(store::TraceStore().snapshot()), m_queries(std::make_unique<QueryRunner>()) {
    m_p->timer.setInterval(16);
    m_p->timer.setTimerType(Qt::PreciseTimer);
    connect(&m_p->timer, &QTimer::timeout, this, [this] { m_p->tick(); });
}
ViewContext::~ViewContext() { m_queries.reset(); }

void ViewContext::setSnapshot(store::SnapshotPtr snapshot) {
    if (!snapshot || snapshot == m_snapshot) return;
    const bool another = !m_snapshot->sources().empty() && !snapshot->sameSession(*m_snapshot);  // before the first there is none
    if (another) m_p->leaveSession();
    m_snapshot = std::move(snapshot);
    // Colours are given in the order services came, so the same input always looks the same.
    for (const auto& service : m_snapshot->services()) (void)Theme::service(service.name, false);
    emit snapshotChanged();
    if (another) {
        emit sessionChanged();
        m_p->forgetHistory();  // a step to another page just now too
    }
    m_p->assemble();
}

void ViewContext::setSessionNames(SessionNames names) {
    if (names == m_sessionNames) return;
    m_sessionNames = std::move(names);
    emit sessionNamesChanged();
}

void ViewContext::selectTrace(TraceId id) {
    if (m_selection.trace == id) return;
    Selection next;
    if (id.isValid()) next.trace = id;
    m_p->apply(next, true);
}

void ViewContext::selectSpan(TraceId trace, SpanId span) {
    Selection next;
    next.trace = trace;
    next.span = span;
    if (m_selection.trace == trace) next.range = m_selection.range;
    m_p->apply(next, true);
}

void ViewContext::selectSpan(const store::SpanView& span) {
    Selection next;
    next.trace = span.traceId();
    if (span.spanId().isValid()) next.span = span.spanId();
    next.spanRow = span.row();
    if (m_selection.trace == next.trace) next.range = m_selection.range;
    m_p->apply(next, true);
}

void ViewContext::selectLog(store::RowId logRow) {
    if (!m_snapshot->hasLog(logRow)) return;
    const auto log = m_snapshot->log(logRow);
    Selection next = m_selection;
    next.logRow = logRow;
    if (log.traceIndex() != store::kNone) {
        const auto trace = log.traceId();
        if (next.trace != trace) {
            next.trace = trace;
            next.range.reset();
        }
        next.span.reset();
        next.spanRow.reset();
        if (log.spanId().isValid()) next.span = log.spanId();
    }
    m_p->apply(next, true);
}

void ViewContext::selectRange(std::optional<TimeRange> range) {
    Selection next = m_selection;
    next.range = range;
    m_p->apply(next, true);
}

void ViewContext::clearSpan() {
    Selection next = m_selection;
    next.span.reset();
    next.spanRow.reset();
    next.logRow.reset();
    m_p->apply(next, true);
}

bool ViewContext::canGoBack() const { return !m_p->back.empty(); }
bool ViewContext::canGoForward() const { return !m_p->forward.empty(); }

Page ViewContext::page() const { return m_p->page; }

void ViewContext::setPage(Page page, std::optional<TraceId> trace) {
    if (page == m_p->page && (!trace || trace == m_selection.trace)) return;
    m_p->leave({m_selection, m_p->page});
    m_p->page = page;
    Selection next = m_selection;
    if (trace && trace != m_selection.trace) {
        next = {};
        if (trace->isValid()) next.trace = trace;
    }
    m_p->apply(next, false);
    emit historyChanged();
}

void ViewContext::goBack() { m_p->arrive(m_p->back, m_p->forward); }
void ViewContext::goForward() { m_p->arrive(m_p->forward, m_p->back); }

trace::NodeId ViewContext::selectedNode() const {
    if (!m_trace) return trace::kNoNode;
    if (m_selection.spanRow)
        if (const auto node = m_trace->findRow(*m_selection.spanRow)) return *node;
    if (!m_selection.span) return trace::kNoNode;
    return m_trace->find(*m_selection.span).value_or(trace::kNoNode);
}

bool ViewContext::serviceShown(std::string_view name) const { return !m_p->hidden.contains(name); }
void ViewContext::setServiceShown(const QString& name, bool shown) {
    const auto key = name.toStdString();
    const bool changed = shown ? m_p->hidden.erase(key) > 0 : m_p->hidden.insert(key).second;
    if (changed) emit serviceFilterChanged();
}
const ViewContext::ServiceNames& ViewContext::hiddenServices() const { return m_p->hidden; }
void ViewContext::setHiddenServices(ServiceNames hidden) {
    if (hidden == m_p->hidden) return;
    m_p->hidden = std::move(hidden);
    emit serviceFilterChanged();
}

void ViewContext::play() {
    if (!m_clock.hasTrace()) return;
    m_clock.play(steadyNs());
    m_p->timer.start();
    m_p->touchReplay();
}
void ViewContext::pause() {
    m_clock.pause();
    m_p->timer.stop();
    emit playheadChanged();
}
void ViewContext::setSpeed(double speed) {
    m_clock.setSpeed(speed, steadyNs());
    emit playheadChanged();
}
void ViewContext::seek(std::int64_t offsetNs) {
    if (!m_clock.hasTrace()) return;
    m_clock.seek(offsetNs);
    m_p->touchReplay();
}
void ViewContext::setLoop(std::optional<std::pair<std::int64_t, std::int64_t>> range) {
    m_clock.setLoop(range);
    emit playheadChanged();
}
void ViewContext::stepNext() {
    if (!m_clock.hasTrace()) return;
    m_clock.stepNext();
    m_p->timer.stop();
    m_p->touchReplay();
}
void ViewContext::stepPrevious() {
    if (!m_clock.hasTrace()) return;
    m_clock.stepPrevious();
    m_p->timer.stop();
    m_p->touchReplay();
}
void ViewContext::leaveReplay() {
    m_clock.pause();
    m_clock.seek(0);
    m_p->timer.stop();
    m_replayActive = false;
    emit playheadChanged();
}

void ViewContext::editNotes(const std::function<void(notes::NoteBook&)>& change) {
    change(m_notes);
    emit notesChanged();
}

void ViewContext::setShowsUtc(bool utc) {
    if (m_utc == utc) return;
    m_utc = utc;
    emit timeDisplayChanged();
}

void ViewContext::requestOpenTrace(const trace::TracePtr& trace) {
    if (trace->snapshot().sameSession(*m_snapshot)) m_p->offered = trace;
    requestOpenTrace(trace->id());
    m_p->offered.reset();
}

void ViewContext::requestOpenTrace(TraceId id) {
    setPage(Page::Trace, id);
    emit openTraceRequested();
}

}  // namespace spanreel::views
