// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/report/report_builder.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "model/analysis/service_map.h"
#include "model/core/time_format.h"
#include "model/notes/note_targets.h"
#include "model/otlp/value_walk.h"
#include "model/report/redact.h"
#include "views/geometry/timeline_picture.h"
#include "views/notes/note_text.h"
#include "views/report/report_pictures.h"
#include "views/service_map/map_arrange.h"
#include "views/service_map/map_words.h"
#include "views/theme.h"

namespace spanreel::views {

using report::Column;
using report::Emphasis;
using report::Facts;
using report::Heading;
using report::Paragraph;
using report::Table;
using trace::Node;
using trace::NodeId;

namespace {

constexpr std::size_t kMostSlow = 15;
constexpr std::size_t kMostCritical = 12;
constexpr std::size_t kMostErrors = 40;
constexpr std::size_t kMostLogs = 25;
constexpr std::size_t kMostEvents = 5;
constexpr std::size_t kMostAttributes = 60;
constexpr std::size_t kMostStack = 6000;

/// Translations of this file; the name is their context.
struct ReportText {
    Q_DECLARE_TR_FUNCTIONS(ReportText)
};
std::string words(const QString& text) { return text.toStdString(); }
QString count(std::uint64_t n) { return QString::fromStdString(formatCount(n)); }
QString duration(std::int64_t ns) { return QString::fromStdString(formatDuration(ns)); }
std::string offset(std::int64_t ns) { return (ns < 0 ? "" : "+") + formatDuration(ns); }
std::string percent(std::int64_t part, std::int64_t all) { return all <= 0 ? "–" : QLocale().toString(100.0 * static_cast<double>(part) / static_cast<double>(all), 'f', 1).toStdString() + " %"; }

class Builder {
public:
    Builder(const trace::Trace& trace, const ReportOptions& options, std::stop_token stop) : m_trace(trace), m_options(options), m_stop(std::move(stop)), m_redact(options.redact) {}

    BuiltReport build() {
        auto& document = m_out.document;
        document.language = reportLanguage();
        document.title = m_trace.mainRoot() == trace::kNoNode ? words(ReportText::tr("Trace %1").arg(QString::fromStdString(m_trace.id().toHex()))) : title(m_trace.mainRoot());
        const std::pair<int, void (Builder::*)()> steps[] = {{5, &Builder::addFacts},      {10, &Builder::addNotes}, {15, &Builder::addTimeline}, {45, &Builder::addMap},
                                                             {70, &Builder::addCritical}, {75, &Builder::addSlow},  {80, &Builder::addErrors},   {90, &Builder::addRoot}};
        for (const auto& [progress, step] : steps) {
            if (m_stop.stop_requested()) break;
            if (m_options.progress) m_options.progress(progress);
            (this->*step)();
        }
        document.colours = m_colours.variables();
        // Said first, known last.
        m_out.redacted = m_redact.count();
        Paragraph said;
        if (!m_options.redact) {
            said = {words(ReportText::tr("Redaction was off: this report shows attributes, logs and notes as they came.")), Emphasis::Warning};
        } else if (m_out.redacted == 0) {
            said = {words(ReportText::tr("No well-known secrets were found in what this report shows.")), Emphasis::Quiet};
        } else {
            said = {words(ReportText::tr("Well-known secrets are replaced by [redacted]: %1.").arg(count(m_out.redacted))), Emphasis::Quiet};
        }
        document.blocks.insert(document.blocks.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(1, document.blocks.size())), said);
        document.footer = words(m_options.writtenNs ? ReportText::tr("Written by Spanreel at %1. Times are UTC; durations show three significant digits.").arg(QString::fromStdString(formatUtc(m_options.writtenNs)))
                                                    : ReportText::tr("Written by Spanreel. Times are UTC; durations show three significant digits."));
        if (m_options.progress) m_options.progress(100);
        return std::move(m_out);
    }

private:
    template <class T>
    void add(T block) { m_out.document.add(std::move(block)); }
    void heading(int level, const QString& text) { add(Heading{level, words(text)}); }
    std::string text(std::string_view raw) { return m_redact.text(raw); }
    std::string service(NodeId n) {
        const auto name = m_trace.span(n).serviceName();
        return name.empty() ? words(ReportText::tr("(no service name)")) : text(name);
    }
    std::string title(NodeId n) { return service(n) + ": " + text(m_trace.span(n).name()); }

    void addFacts() {
        const auto& t = m_trace;
        Facts facts;
        const auto fact = [&](const QString& name, std::string value) { facts.entries.emplace_back(words(name), std::move(value)); };
        fact(ReportText::tr("Trace id"), t.id().toHex());
        fact(ReportText::tr("Start"), t.startNs() ? formatUtc(t.startNs()) : words(ReportText::tr("no usable time")));
        fact(ReportText::tr("Duration"), formatDuration(t.durationNs()) == formatDurationExact(t.durationNs()) ? formatDuration(t.durationNs()) : formatDuration(t.durationNs()) + " (" + formatDurationExact(t.durationNs()) + ")");
        fact(ReportText::tr("Spans"), t.duplicateCount() > 0 ? words(ReportText::tr("%1, %2 of them copies").arg(count(t.recordCount()), count(t.duplicateCount()))) : formatCount(t.recordCount()));
        std::string names;
        for (std::size_t i = 0; i < t.services().size() && i < 30; ++i) {
            const auto name = t.snapshot().services()[t.services()[i]].name;
            names += (i ? ", " : " (") + (name.empty() ? words(ReportText::tr("no service name")) : text(name));
        }
        fact(ReportText::tr("Services"), formatCount(t.services().size()) + (names.empty() ? "" : names + (t.services().size() > 30 ? ", …)" : ")")));
        fact(ReportText::tr("Depth"), formatCount(t.maxDepth()));
        fact(ReportText::tr("Errors"), formatCount(t.errorCount()));
        fact(ReportText::tr("Logs"), formatCount(t.logs().size()));
        if (t.orphanCount() > 0) fact(ReportText::tr("Orphans"), words(ReportText::tr("%1 spans whose parent never arrived").arg(count(t.orphanCount()))));
        std::set<store::SourceId> sources;
        for (NodeId n = 0; n < t.nodes().size(); ++n) sources.insert(t.span(n).source());
        std::string from;
        for (const auto& source : t.snapshot().sources())
            if (sources.contains(source.id)) from += (from.empty() ? "" : ", ") + (source.kind == store::SourceKind::Receiver ? source.name : std::filesystem::path(source.name).filename().string());
        if (!from.empty()) fact(ReportText::tr("Read from"), text(from));
        add(std::move(facts));
    }

    void addNotes() {
        std::vector<const notes::Note*> shown;
        for (const auto& note : m_options.notes)
            if (note.trace == m_trace.id()) shown.push_back(&note);
        if (shown.empty()) return;
        std::stable_sort(shown.begin(), shown.end(), [&](auto* a, auto* b) { return notes::noteTimeNs(*a, &m_trace) < notes::noteTimeNs(*b, &m_trace); });
        heading(2, ReportText::tr("Notes"));
        for (const auto* note : shown) {
            const QString target = noteTarget(*note, &m_trace);
            const auto time = notes::noteTimeNs(*note, &m_trace);
            const QString at = QString::fromStdString(offset(saturatingDifference(time, m_trace.startNs())));
            add(report::NoteBlock{text(words(ReportText::tr("At %1, on %2").arg(at, target))), Theme::note(note->colour, false).name().toStdString(), text(note->text)});
        }
    }

    void addTimeline() {
        if (!m_options.timeline) return;
        heading(2, ReportText::tr("Timeline"));
        geometry::TimelinePictureOptions options;
        for (const auto& note : m_options.notes)
            if (note.trace == m_trace.id()) options.notes.push_back(note);
        add(reportPicture(geometry::timelinePicture(m_trace, options), "timeline", words(ReportText::tr("Timeline of the trace. A line under a bar is the critical path; ✕ is an error.")), m_colours, m_redact));
    }

    void addMap() {
        if (!m_options.map) return;
        const auto own = analysis::mapOfTrace(m_trace);
        if (own.map.nodes.empty()) return;
        heading(2, ReportText::tr("Service map"));
        const auto mapWords = translatedMapWords();
        const auto layout = arrangeMap(mapGraph(own.map, mapWords), m_stop);
        if (m_stop.stop_requested()) return;
        add(reportPicture(mapPicture(own.map, layout, mapWords), "service-map", words(ReportText::tr("Who calls whom in this trace, with durations of the called side. Dashed edges are asynchronous.")), m_colours, m_redact));
    }

    void addCritical() {
        const auto& path = m_trace.criticalPath();
        if (path.empty()) return;
        heading(2, ReportText::tr("Critical path"));
        std::map<store::ServiceId, std::int64_t> byService;
        std::int64_t all = 0;
        for (const auto& piece : path) {
            byService[m_trace.node(piece.node).service] += piece.toNs - piece.fromNs;
            all += piece.toNs - piece.fromNs;
        }
        std::vector<std::pair<std::int64_t, store::ServiceId>> shares;
        for (const auto& [id, ns] : byService) shares.emplace_back(ns, id);
        std::sort(shares.rbegin(), shares.rend());
        std::string list;
        for (std::size_t i = 0; i < shares.size() && i < 6; ++i) {
            const auto name = m_trace.snapshot().services()[shares[i].second].name;
            list += (i ? ", " : "") + (name.empty() ? words(ReportText::tr("(no service name)")) : text(name)) + " " + percent(shares[i].first, all);
        }
        add(Paragraph{words(ReportText::tr("What the trace waited for, %1 in all. By service: %2.").arg(duration(all), QString::fromStdString(list)))});
        std::vector<NodeId> nodes;
        for (NodeId n = 0; n < m_trace.nodes().size(); ++n)
            if (m_trace.node(n).criticalNs > 0) nodes.push_back(n);
        const auto shown = std::min(kMostCritical, nodes.size());
        std::partial_sort(nodes.begin(), nodes.begin() + static_cast<std::ptrdiff_t>(shown), nodes.end(), [&](NodeId a, NodeId b) { return m_trace.node(a).criticalNs > m_trace.node(b).criticalNs; });
        Table table{{{words(ReportText::tr("Service"))}, {words(ReportText::tr("Span"))}, {words(ReportText::tr("On the path")), true}, {words(ReportText::tr("Share")), true}}, {}, {}};
        for (std::size_t i = 0; i < shown; ++i) {
            const auto& node = m_trace.node(nodes[i]);
            table.rows.push_back({service(nodes[i]), text(m_trace.span(nodes[i]).name()), formatDuration(node.criticalNs), percent(node.criticalNs, all)});
            table.marked.push_back(node.has(trace::kError));
        }
        add(std::move(table));
        leftOut(shown, nodes.size());
    }

    void addSlow() {
        heading(2, ReportText::tr("Slowest spans by self time"));
        add(Paragraph{words(ReportText::tr("Self time is what a span spent outside its children.")), Emphasis::Quiet});
        std::vector<NodeId> nodes(m_trace.nodes().size());
        for (NodeId n = 0; n < nodes.size(); ++n) nodes[n] = n;
        const auto shown = std::min(kMostSlow, nodes.size());
        std::partial_sort(nodes.begin(), nodes.begin() + static_cast<std::ptrdiff_t>(shown), nodes.end(), [&](NodeId a, NodeId b) {
            const auto &x = m_trace.node(a), &y = m_trace.node(b);
            return x.selfNs != y.selfNs ? x.selfNs > y.selfNs : a < b;
        });
        Table table{{{words(ReportText::tr("Service"))}, {words(ReportText::tr("Span"))}, {words(ReportText::tr("Self time")), true}, {words(ReportText::tr("Duration")), true}, {words(ReportText::tr("Since start")), true}}, {}, {}};
        for (std::size_t i = 0; i < shown; ++i) {
            const auto& node = m_trace.node(nodes[i]);
            table.rows.push_back({service(nodes[i]), text(m_trace.span(nodes[i]).name()), formatDuration(node.selfNs), formatDuration(node.durationNs), offset(node.startNs)});
            table.marked.push_back(node.has(trace::kError));
        }
        add(std::move(table));
        leftOut(shown, nodes.size());
    }

    void addErrors() {
        std::vector<NodeId> errors;
        for (NodeId n = 0; n < m_trace.nodes().size(); ++n)
            if (m_trace.node(n).has(trace::kError)) errors.push_back(n);
        heading(2, ReportText::tr("Errors"));
        if (errors.empty()) {
            add(Paragraph{words(ReportText::tr("No span of this trace ended in an error."))});
            return;
        }
        for (std::size_t i = 0; i < errors.size() && i < kMostErrors && !m_stop.stop_requested(); ++i) addError(errors[i]);
        leftOut(std::min(kMostErrors, errors.size()), errors.size());
    }

    void addError(NodeId n) {
        const auto& node = m_trace.node(n);
        const auto span = m_trace.span(n);
        heading(3, QString::fromStdString("✕ " + title(n)));
        Facts facts;
        if (!span.statusMessage().empty()) facts.entries.emplace_back(words(ReportText::tr("Status")), text(span.statusMessage()));
        facts.entries.emplace_back(words(ReportText::tr("Span id")), span.spanId().toHex());
        facts.entries.emplace_back(words(ReportText::tr("Time")), words(ReportText::tr("%1 after the start, for %2").arg(duration(node.startNs), duration(node.durationNs))));
        addAttributes(facts, span.attributes());
        add(std::move(facts));
        for (std::size_t e = 0, shown = 0; e < span.eventCount() && shown < kMostEvents; ++e) {
            const auto event = span.event(e);
            if (event.name != "exception") continue;
            ++shown;
            std::string said = std::string(event.attributes.text("exception.type"));
            const auto message = event.attributes.text("exception.message");
            if (!message.empty()) said += (said.empty() ? "" : ": ") + std::string(message);
            add(Paragraph{text(said), Emphasis::Error});
            std::string stack = text(event.attributes.text("exception.stacktrace"));
            if (stack.size() > kMostStack) stack = stack.substr(0, kMostStack) + "\n…";
            if (!stack.empty()) add(report::Code{std::move(stack)});
        }
        addLogs(m_trace.logsOf(n));
    }

    void addLogs(const std::vector<std::uint32_t>& logs) {
        if (logs.empty()) return;
        Table table{{{words(ReportText::tr("Since start")), true}, {words(ReportText::tr("Severity"))}, {words(ReportText::tr("Log"))}}, {}, {}};
        for (std::size_t i = 0; i < logs.size() && i < kMostLogs; ++i) {
            const auto& log = m_trace.logs()[logs[i]];
            const auto view = m_trace.snapshot().log(log.row);
            table.rows.push_back({log.hasTime ? offset(log.offsetNs) : words(ReportText::tr("no time")), severity(view), m_redact.value({}, view.body())});
            table.marked.push_back(log.severity >= 17);
        }
        add(std::move(table));
        leftOut(std::min(kMostLogs, logs.size()), logs.size());
    }

    static std::string severity(const store::LogView& log) {
        static constexpr const char* kWords[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
        const auto n = log.severity();
        return n >= 1 && n <= 24 ? kWords[(n - 1) / 4] : std::string(log.severityText().substr(0, 40));
    }

    void addAttributes(Facts& facts, const store::AttributesView& attributes) {
        for (std::size_t i = 0; i < attributes.size() && i < kMostAttributes; ++i) {
            const auto attribute = attributes[i];
            facts.entries.emplace_back(text(attribute.key), m_redact.value(attribute.key, attribute.value));
        }
        if (attributes.size() > kMostAttributes)
            facts.entries.emplace_back("…", words(ReportText::tr("%1 more attributes are not listed").arg(count(attributes.size() - kMostAttributes))));
    }

    void addRoot() {
        const auto root = m_trace.mainRoot();
        if (root == trace::kNoNode) return;
        const auto span = m_trace.span(root);
        const auto resource = span.resource();
        if (span.attributes().empty() && resource.attributes.empty()) return;
        heading(2, ReportText::tr("Root span"));
        Facts facts;
        addAttributes(facts, span.attributes());
        addAttributes(facts, resource.attributes);
        add(std::move(facts));
    }

    void leftOut(std::size_t shown, std::size_t all) {
        if (shown < all) add(Paragraph{words(ReportText::tr("Shows %1 of %2; %3 are left out.").arg(count(shown), count(all), count(all - shown))), Emphasis::Quiet});
    }

    const trace::Trace& m_trace;
    const ReportOptions& m_options;
    std::stop_token m_stop;
    report::Redactor m_redact;
    ReportColours m_colours;
    BuiltReport m_out;
};

}  // namespace

std::string reportLanguage() { return words(ReportText::tr("en", "language code of the translation: en, de")); }

BuiltReport buildReport(const trace::Trace& trace, const ReportOptions& options, std::stop_token stop) { return Builder(trace, options, std::move(stop)).build(); }

}  // namespace spanreel::views
