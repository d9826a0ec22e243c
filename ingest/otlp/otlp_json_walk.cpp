// SPDX-License-Identifier: GPL-3.0-or-later
// Requests, groups and records: the upper half of OtlpJsonWalk.
#include "ingest/otlp/otlp_json_walk.h"

#include "ingest/otlp/otlp_json_text.h"
#include "model/core/time_format.h"

namespace spanreel::ingest {

namespace {

/// Containers inside each other that a part read alone may have. Less than a whole text may have by more than can stand
/// around a part: what is deeper is judged with its surroundings.
constexpr std::uint32_t kPartDepth = 180;

/// Which members of an object have been met. False = this one was already.
class Met {
public:
    bool first(unsigned member) {
        const unsigned bit = 1u << member;
        if (m_bits & bit) return false;
        m_bits |= bit;
        return true;
    }
    [[nodiscard]] bool has(unsigned member) const { return m_bits >> member & 1; }

private:
    unsigned m_bits = 0;
};

}  // namespace

void OtlpJsonWalk::setFront(store::AttributeFront* front) {
    m_front = front;
    m_records.setFront(front);
    if (front) front->expectJson();
}

bool OtlpJsonWalk::start(std::string_view text, store::Batch& batch, OtlpJsonIssues& issues) {
    m_batch = &batch;
    m_issues = &issues;
    m_whole = text;
    m_text = text.data();
    m_at = JsonCursor(text);
    if (text.empty()) return false;
    m_records.setTarget(batch, text);
    m_records.reset();
    m_log.entries.clear();
    m_log.items = m_log.warned = 0;
    m_spansBefore = batch.spans.size();
    if (batch.spans.empty()) batch.spans.reserve(static_cast<std::size_t>(m_spansPerByte * static_cast<double>(text.size())));
    return true;
}

OtlpJsonWalk::Mark OtlpJsonWalk::mark() const {
    return {m_at, m_batch->spans.size(), m_batch->logs.size(), m_batch->resources.size(), m_batch->scopes.size(), m_log.entries.size(), m_front ? m_front->waiting() : 0, m_log.items, m_log.warned};
}

void OtlpJsonWalk::backTo(const Mark& mark) {
    m_at = mark.at;
    m_batch->spans.resize(mark.spans);
    m_batch->logs.resize(mark.logs);
    m_batch->resources.resize(mark.resources);
    m_batch->scopes.resize(mark.scopes);
    m_log.entries.resize(mark.problems);
    if (m_front) m_front->forget(mark.waiting);
    m_log.items = mark.items;
    m_log.warned = mark.warned;
    m_records.reset();
}

void OtlpJsonWalk::commit() {
    for (auto& entry : m_log.entries) {
        if (entry.lost) m_issues->skip(entry.code, std::move(entry.detail), entry.byte);
        else m_issues->warn(entry.code, std::move(entry.detail), entry.byte);
    }
    for (std::uint64_t i = 0; i < m_log.items; ++i) m_issues->kept(i < m_log.warned);
    m_log.entries.clear();
    m_log.items = m_log.warned = 0;
    m_spansPerByte = static_cast<double>(m_batch->spans.size() - m_spansBefore) * 1.05 / static_cast<double>(behind());
}

template <class Read>
bool OtlpJsonWalk::piece(Read&& read) {
    const Mark before = mark();
    if (!read() || !m_records.clean()) {
        backTo(before);
        return false;
    }
    commit();
    return true;
}

/// Reads the object that begins at the next token into m_document and moves behind it. False = it cannot be judged without
/// what stands around it.
bool OtlpJsonWalk::document() {
    if (m_at.peek() != '{') return false;
    const std::size_t first = behind();
    JsonOptions options;
    options.maxDepth = kPartDepth;
    options.allowTrailing = true;
    m_log.base = first;
    if (!m_document.read(m_whole.substr(first), options) || m_document.repaired()) return false;
    moveTo(first + m_document.consumed());
    return true;
}

bool OtlpJsonWalk::request(Only only) {
    return piece([&] {
        if (!take('{')) return false;
        Met met;
        do {
            std::string_view name;
            if (!key(name)) return false;
            const bool spans = name == "resourceSpans";
            if (!spans && name != "resourceLogs") return false;
            if (only != Only::Any && spans != (only == Only::Spans)) return false;
            if (!met.first(spans) || !take('[')) return false;
            if (take(']')) continue;
            do {
                if (!element(spans)) return false;
            } while (take(','));
            if (!take(']')) return false;
        } while (take(','));
        return take('}');
    });
}

bool OtlpJsonWalk::resourceSpans() {
    return piece([this] { return element(true); });
}

bool OtlpJsonWalk::resourceLogs() {
    return piece([this] { return element(false); });
}

/// An element of resourceSpans or resourceLogs.
bool OtlpJsonWalk::element(bool spans) {
    const Mark before = mark();
    if (plainElement(spans)) return true;
    backTo(before);
    if (!document()) return false;
    if (spans) m_records.resourceSpans(m_document.root());
    else m_records.resourceLogs(m_document.root());
    return m_records.clean();
}

bool OtlpJsonWalk::plainElement(bool spans) {
    const std::size_t index = m_batch->resources.size();
    return holder("resource", spans ? "scopeSpans" : "scopeLogs", [&] { return resource(m_batch->resources.emplace_back()); },
                  [&] { return string(m_batch->resources[index].schemaUrl); }, [&] { return group(spans, static_cast<std::uint32_t>(index)); });
}

/// An element of scopeSpans or scopeLogs.
bool OtlpJsonWalk::group(bool spans, std::uint32_t resource) {
    const std::size_t index = m_batch->scopes.size();
    return holder("scope", spans ? "spans" : "logRecords", [&] { return scope(m_batch->scopes.emplace_back()); },
                  [&] { return string(m_batch->scopes[index].schemaUrl); }, [&] { return record(spans, resource, static_cast<std::uint32_t>(index)); });
}

/// What `head` describes, its schema URL, and an array of what belongs to it.
template <class Head, class SchemaUrl, class Element>
bool OtlpJsonWalk::holder(std::string_view headKey, std::string_view arrayKey, Head&& head, SchemaUrl&& schemaUrl, Element&& element) {
    if (!take('{')) return false;
    enum { kHead, kArray, kSchemaUrl };
    Met met;
    do {
        std::string_view name;
        if (!key(name)) return false;
        if (name == headKey) {
            if (!met.first(kHead) || !head()) return false;
        } else if (name == "schemaUrl") {
            // Without a head before it, whether there is one at all is not known yet.
            if (!met.first(kSchemaUrl) || !met.has(kHead) || !schemaUrl()) return false;
        } else if (name == arrayKey) {
            if (!met.first(kArray) || !met.has(kHead) || !take('[')) return false;
            if (take(']')) continue;
            do {
                if (!element()) return false;
            } while (take(','));
            if (!take(']')) return false;
        } else {
            return false;
        }
    } while (take(','));
    return take('}');
}

bool OtlpJsonWalk::resource(store::ResourceRecord& out) {
    const Mark before = mark();
    if (plainResource(out)) return true;
    backTo(before);
    if (!document()) return false;
    out = {};
    return m_records.readResource(m_document.root(), out) && m_records.clean() && m_log.entries.size() == before.problems;
}

bool OtlpJsonWalk::plainResource(store::ResourceRecord& out) {
    if (!take('{')) return false;
    if (take('}')) return true;
    enum { kAttributes, kDropped };
    Met met;
    do {
        std::string_view name;
        if (!key(name)) return false;
        if (name == "attributes") {
            if (!met.first(kAttributes) || !attributes(out.attributes)) return false;
        } else if (name == "droppedAttributesCount") {
            if (!met.first(kDropped) || !unsigned32(out.droppedAttributes)) return false;
        } else {
            return false;
        }
    } while (take(','));
    return take('}');
}

bool OtlpJsonWalk::scope(store::ScopeRecord& out) {
    if (!take('{')) return false;
    if (take('}')) return true;
    enum { kName, kVersion, kAttributes, kDropped };
    Met met;
    do {
        std::string_view name;
        if (!key(name)) return false;
        bool good = false;
        if (name == "name") good = met.first(kName) && string(out.name);
        else if (name == "version") good = met.first(kVersion) && string(out.version);
        else if (name == "attributes") good = met.first(kAttributes) && attributes(out.attributes);
        else if (name == "droppedAttributesCount") good = met.first(kDropped) && unsigned32(out.droppedAttributes);
        if (!good) return false;
    } while (take(','));
    return take('}');
}

bool OtlpJsonWalk::span(std::uint32_t resource, std::uint32_t scope) {
    return piece([&] { return record(true, resource, scope); });
}

bool OtlpJsonWalk::log(std::uint32_t resource, std::uint32_t scope) {
    return piece([&] { return record(false, resource, scope); });
}

/// A span or log record; an odd one by the tolerant reader.
bool OtlpJsonWalk::record(bool spans, std::uint32_t resource, std::uint32_t scope) {
    if (m_at.peek() != '{') return false;
    const JsonCursor first = m_at;
    const std::size_t problems = m_log.entries.size(), waiting = m_front ? m_front->waiting() : 0;
    if (spans) {
        auto& record = m_batch->spans.emplace_back();
        record.resource = resource;
        record.scope = scope;
        if (plainSpan(record)) {
            ++m_log.items;
            return true;
        }
        m_batch->spans.pop_back();
    } else {
        auto& record = m_batch->logs.emplace_back();
        record.resource = resource;
        record.scope = scope;
        if (plainLog(record)) {
            ++m_log.items;
            return true;
        }
        m_batch->logs.pop_back();
    }
    m_log.entries.resize(problems);
    if (m_front) m_front->forget(waiting);
    m_records.reset();
    m_at = first;
    if (!document()) return false;
    if (spans) m_records.span(m_document.root(), resource, scope);
    else m_records.log(m_document.root(), resource, scope);
    return m_records.clean();
}

/// Reads the members of an object that has some, each named by its place in `names` and met at most once: `read` takes the
/// value. Names are compared with the one that is expected first.
template <std::size_t N, class Read>
bool OtlpJsonWalk::members(const json_text::MemberNames<N>& names, MemberGuess& guess, std::uint32_t& met, Read&& read) {
    static_assert(N < std::tuple_size_v<MemberGuess> && json_text::MemberNames<N>::kMost <= store::kShortText);
    if (!take('{')) return false;
    std::size_t last = N;
    do {
        std::size_t member = guess[last];
        const auto& expected = names.written[member];
        if (m_at.left() >= store::kShortText && store::sameStart(m_at.at(), expected.text, expected.length)) [[likely]] {
            m_at.moveTo(m_at.at() + expected.length);
        } else {
            std::string_view name;
            if (!key(name)) return false;
            for (member = 0; member < N && names.plain[member] != name;) ++member;
            if (member == N) return false;
            guess[last] = static_cast<std::uint8_t>(member);
        }
        last = member;
        if (met >> member & 1) return false;
        met |= 1u << member;
        if (!read(member)) return false;
    } while (take(','));
    return take('}');
}

bool OtlpJsonWalk::plainSpan(store::SpanRecord& out) {
    enum { kTraceId, kSpanId, kParentId, kFlags, kName, kKind, kStart, kEnd, kAttributes, kEvents, kLinks, kStatus, kTraceState, kDropped, kDroppedEvents, kDroppedLinks };
    static constexpr json_text::MemberNames kNames("traceId", "spanId", "parentSpanId", "flags", "name", "kind", "startTimeUnixNano", "endTimeUnixNano", "attributes", "events", "links", "status", "traceState", "droppedAttributesCount", "droppedEventsCount", "droppedLinksCount");
    std::uint32_t met = 0;
    const bool good = members(kNames, m_spanMembers, met, [&](std::size_t member) {
        switch (member) {
            case kTraceId: return traceId(out.traceId, false);
            case kSpanId: return spanId(out.spanId, false);
            case kParentId: return spanId(out.parentId, true);
            case kFlags: return unsigned32(out.flags);
            case kName: return name(out.name, out.found);
            case kKind: return enumeration(5, out.kind);
            case kStart: return unsigned64(out.startNs);
            case kEnd: return unsigned64(out.endNs);
            case kAttributes: return attributes(out.attributes, out.found, false);
            case kEvents: return events(out.events);
            case kLinks: return links(out.links);
            case kStatus: return status(out);
            case kTraceState: return out.read(&store::SpanRare::traceState, m_batch->arena, [this](auto& to) { return string(to); });
            case kDropped: return out.read(&store::SpanRare::droppedAttributes, m_batch->arena, [this](auto& to) { return unsigned32(to); });
            case kDroppedEvents: return out.read(&store::SpanRare::droppedEvents, m_batch->arena, [this](auto& to) { return unsigned32(to); });
            case kDroppedLinks: return out.read(&store::SpanRare::droppedLinks, m_batch->arena, [this](auto& to) { return unsigned32(to); });
            default: return false;
        }
    });
    constexpr std::uint32_t kIds = 1u << kTraceId | 1u << kSpanId;
    // What calls for a word is the tolerant reader's.
    return good && (met & kIds) == kIds && isUsableTime(out.startNs) && isUsableTime(out.endNs) && out.endNs >= out.startNs && out.parentId != out.spanId;
}

bool OtlpJsonWalk::events(std::span<const store::EventRecord>& out) {
    enum { kTime, kName, kAttributes, kDropped };
    static constexpr json_text::MemberNames kNames("timeUnixNano", "name", "attributes", "droppedAttributesCount");
    if (!take('[')) return false;
    if (take(']')) return true;
    m_events.clear();
    do {
        auto& event = m_events.emplace_back();
        std::uint32_t met = 0;
        const bool good = members(kNames, m_eventMembers, met, [&](std::size_t member) {
            switch (member) {
                case kTime: return unsigned64(event.timeNs);
                case kName: return name(event.name, event.found);
                case kAttributes: return attributes(event.attributes, event.found, true);
                case kDropped: return unsigned32(event.droppedAttributes);
                default: return false;
            }
        });
        if (!good || event.timeNs == 0) return false;
    } while (take(','));
    out = m_batch->arena.copy(m_events);
    return take(']');
}

bool OtlpJsonWalk::links(std::span<const store::LinkRecord>& out) {
    enum { kTraceId, kSpanId, kTraceState, kAttributes, kDropped, kFlags };
    static constexpr json_text::MemberNames kNames("traceId", "spanId", "traceState", "attributes", "droppedAttributesCount", "flags");
    if (!take('[')) return false;
    if (take(']')) return true;
    m_links.clear();
    do {
        auto& link = m_links.emplace_back();
        std::uint32_t met = 0;
        const bool good = members(kNames, m_linkMembers, met, [&](std::size_t member) {
            switch (member) {
                case kTraceId: return traceId(link.traceId, false);
                case kSpanId: return spanId(link.spanId, false);
                case kTraceState: return string(link.traceState);
                case kAttributes: return attributes(link.attributes, link.found, true);
                case kDropped: return unsigned32(link.droppedAttributes);
                case kFlags: return unsigned32(link.flags);
                default: return false;
            }
        });
        if (!good) return false;
    } while (take(','));
    out = m_batch->arena.copy(m_links);
    return take(']');
}

bool OtlpJsonWalk::status(store::SpanRecord& out) {
    enum { kCode, kMessage };
    static constexpr json_text::MemberNames kNames("code", "message");
    if (m_at.takeText("{}")) return true;
    const JsonCursor before = m_at;
    if (take('{') && take('}')) return true;
    m_at = before;
    std::uint32_t met = 0;
    return members(kNames, m_statusMembers, met, [&](std::size_t member) {
        return member == kCode ? enumeration(2, out.status) : out.read(&store::SpanRare::statusMessage, m_batch->arena, [this](auto& to) { return string(to); });
    });
}

bool OtlpJsonWalk::plainLog(store::LogRecordData& out) {
    enum { kTime, kObserved, kSeverity, kSeverityText, kBody, kAttributes, kDropped, kFlags, kTraceId, kSpanId, kEventName };
    static constexpr json_text::MemberNames kNames("timeUnixNano", "observedTimeUnixNano", "severityNumber", "severityText", "body", "attributes", "droppedAttributesCount", "flags", "traceId", "spanId", "eventName");
    std::uint32_t met = 0;
    return members(kNames, m_logMembers, met, [&](std::size_t member) {
        switch (member) {
            case kTime: return unsigned64(out.timeNs);
            case kObserved: return unsigned64(out.observedNs);
            case kSeverity: return enumeration(24, out.severity);
            case kSeverityText: return string(out.severityText);
            case kBody: return body(out);
            case kAttributes: return attributes(out.attributes, out.found, false);
            case kDropped: return unsigned32(out.droppedAttributes);
            case kFlags: return unsigned32(out.flags);
            case kTraceId: return traceId(out.traceId, true);
            case kSpanId: return spanId(out.spanId, true);
            case kEventName: return string(out.eventName);
            default: return false;
        }
    });
}

void OtlpJsonWalk::trim() {
    m_document.trim();
}

}  // namespace spanreel::ingest
