// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "model/core/selection.h"
#include "model/notes/note.h"
#include "model/replay/replay_clock.h"
#include "model/store/snapshot.h"
#include "model/trace/trace.h"

namespace spanreel::views {

class QueryRunner;

/// What fills the middle of a window.
enum class Page : std::uint8_t { Traces, Trace, Map };
class ThemeTokens;

/// What a view is given, and nothing else: the newest snapshot, the one selection, the assembled trace of the selection,
/// the playhead, the notes, the query pool, the theme. One per window, owned by it; GUI thread only; never locks, never waits.
/// Panes observe its signals and change the selection through it; back and forward run over pages and the selections of
/// traces and spans.
class ViewContext : public QObject {
    Q_OBJECT
public:
    explicit ViewContext(QObject* parent = nullptr);
    ~ViewContext() override;

    // Data -------------------------------------------------------------------------------------------------------
    [[nodiscard]] store::SnapshotPtr snapshot() const { return m_snapshot; }  ///< never null
    /// Called by the bridge in app/ (queued). Re-assembles the shown trace in the query pool where it grew. With the first of
    /// another session, selection, history and whatever was kept of traces go.
    void setSnapshot(store::SnapshotPtr snapshot);
    /// The selected trace, assembled; null while none is selected or it is being assembled.
    [[nodiscard]] trace::TracePtr trace() const { return m_trace; }
    [[nodiscard]] QueryRunner& queries() { return *m_queries; }

    // Names the user gave to recorded sessions, by the name of the session's folder ------------------------------------
    using SessionNames = std::map<std::string, std::string>;
    [[nodiscard]] const SessionNames& sessionNames() const { return m_sessionNames; }
    void setSessionNames(SessionNames names);

    // Selection --------------------------------------------------------------------------------------------------
    [[nodiscard]] const Selection& selection() const { return m_selection; }
    void selectTrace(TraceId id);
    void selectSpan(TraceId trace, SpanId span);
    /// Selects by row too, so that the second of two spans with one id, or one without an id, can be meant.
    void selectSpan(const store::SpanView& span);
    void selectLog(store::RowId logRow);       ///< selects its trace and span too, where it has them; nothing for a row the snapshot has not
    void selectRange(std::optional<TimeRange> range);
    void clearSpan();
    /// The page in front, as the window tells by `setPage`; a step of back and forward.
    [[nodiscard]] Page page() const;
    /// `trace`: the one that Page::Trace shows.
    void setPage(Page page, std::optional<TraceId> trace = std::nullopt);
    [[nodiscard]] bool canGoBack() const;
    [[nodiscard]] bool canGoForward() const;
    void goBack();
    void goForward();
    /// Node of the selected span in trace(), or kNoNode.
    [[nodiscard]] trace::NodeId selectedNode() const;

    // Services ticked off in the navigator: hidden in list and map (with a count of what is hidden). ----------------
    [[nodiscard]] bool serviceShown(std::string_view name) const;
    void setServiceShown(const QString& name, bool shown);
    using ServiceNames = std::set<std::string, std::less<>>;
    [[nodiscard]] const ServiceNames& hiddenServices() const;
    void setHiddenServices(ServiceNames hidden);

    // Replay -----------------------------------------------------------------------------------------------------
    [[nodiscard]] const replay::ReplayClock& clock() const { return m_clock; }
    /// True once the user has played, scrubbed or stepped in this trace: only then are phases drawn.
    [[nodiscard]] bool replayActive() const { return m_replayActive; }
    void play();
    void pause();
    void setSpeed(double speed);
    void seek(std::int64_t offsetNs);
    /// Offsets from the trace's start; nothing = no loop.
    void setLoop(std::optional<std::pair<std::int64_t, std::int64_t>> range);
    void stepNext();
    void stepPrevious();
    void leaveReplay();  ///< playhead to 0, paused, phases no longer drawn

    // Notes ------------------------------------------------------------------------------------------------------
    [[nodiscard]] const notes::NoteBook& notes() const { return m_notes; }
    /// Runs `change` on the notes and tells every pane.
    void editNotes(const std::function<void(notes::NoteBook&)>& change);

    // Time ---------------------------------------------------------------------------------------------------------
    [[nodiscard]] bool showsUtc() const { return m_utc; }
    void setShowsUtc(bool utc);

signals:
    void snapshotChanged();        ///< new rows, services, sources
    void sessionChanged();         ///< behind it, where the snapshot is of another session than the one before
    void sessionNamesChanged();
    void selectionChanged();       ///< any part of the selection
    void traceChanged();           ///< trace() is another object: another trace, or the same one grown
    void playheadChanged();        ///< playhead, playing, speed or replayActive
    void notesChanged();
    void serviceFilterChanged();
    void historyChanged();
    void pageRequested();  ///< back or forward arrived: `page` is to be shown, with the selection
    void timeDisplayChanged();
    void openTraceRequested();     ///< the user asked to see the selected trace's page (double click, Return)

public:
    void requestOpenTrace(TraceId id);
    /// The same with the trace assembled already, of a snapshot the context has had.
    void requestOpenTrace(const trace::TracePtr& trace);  ///< selects and emits openTraceRequested

private:
    struct Private;
    std::unique_ptr<Private> m_p;
    store::SnapshotPtr m_snapshot;
    trace::TracePtr m_trace;
    Selection m_selection;
    replay::ReplayClock m_clock;
    notes::NoteBook m_notes;
    SessionNames m_sessionNames;
    std::unique_ptr<QueryRunner> m_queries;
    bool m_replayActive = false;
    bool m_utc = false;
};

}  // namespace spanreel::views
