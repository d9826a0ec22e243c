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
    m_at = m_end = nullptr;
    if (!m_index.build(text)) return false;
    m_at = m_index.begin();
    m_end = m_index.end();
    m_slash = m_index.slashes();
    m_records.setTarget(batch, text);
    m_records.reset();
    m_log.entries.clear();
    m_log.items = m_log.warned = 0;
    m_spansBefore = batch.spans.size();
    if (batch.spans.empty()) batch.spans.reserve(static_cast<std::size_t>(m_spansPerByte * static_cast<double>(text.size())));
    return true;
}

OtlpJsonWalk::Mark OtlpJsonWalk::mark() const {
    return {m_at, m_slash, m_batch->spans.size(), m_batch->logs.size(), m_batch->resources.size(), m_batch->scopes.size(), m_log.entries.size(), m_front ? m_front->waiting() : 0, m_log.items, m_log.warned};
}

void OtlpJsonWalk::backTo(const Mark& mark) {
    m_at = mark.at;
    m_slash = mark.slash;
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
    m_spansPerByte = static_cast<double>(m_batch->spans.size() - m_spansBefore) * 1.05 / static_cast<double>(*m_at);
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

bool OtlpJsonWalk::takeString(std::string_view text) {
    std::string_view found;
    const auto* const at = m_at;
    if (peek() == '"' && rawString(found) && found == text) return true;
    m_at = at;
    return false;
}

/// Reads the object or array that begins at token `first` into m_document; `last` becomes the token that closes it.
/// False = it cannot be judged without what stands around it.
bool OtlpJsonWalk::document(const std::uint32_t* first, const std::uint32_t*& last) {
    std::size_t depth = 0;
    const std::uint32_t* at = first;
    for (; at != m_end; ++at) {
        const char c = m_text[*at] | 0x20;
        if (c == '{') ++depth;
        else if (c == '}' && --depth == 0) break;
        if (depth == 0) return false;
    }
    if (at == m_end) return false;
    last = at;
    JsonOptions options;
    options.maxDepth = kPartDepth;
    m_log.base = *first;
    return m_document.read(m_whole.substr(*first, *at + 1 - *first), options) && !m_document.repaired();
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
    const std::uint32_t* last = nullptr;
    if (peek() != '{' || !document(m_at, last)) return false;
    if (spans) m_records.resourceSpans(m_document.root());
    else m_records.resourceLogs(m_document.root());
    m_at = last + 1;
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
    const std::uint32_t* last = nullptr;
    if (peek() != '{' || !document(m_at, last)) return false;
    out = {};
    if (!m_records.readResource(m_document.root(), out) || !m_records.clean() || m_log.entries.size() != before.problems) return false;
    m_at = last + 1;
    return true;
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
    if (peek() != '{') return false;
    const std::uint32_t* const first = m_at;
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
    const std::uint32_t* last = nullptr;
    if (!document(first, last)) return false;
    if (spans) m_records.span(m_document.root(), resource, scope);
    else m_records.log(m_document.root(), resource, scope);
    m_at = last + 1;
    return m_records.clean();
}

bool OtlpJsonWalk::plainSpan(store::SpanRecord& out) {
    enum { kTraceId, kSpanId, kParentId, kFlags, kName, kKind, kStart, kEnd, kAttributes, kEvents, kLinks, kStatus, kTraceState, kDropped, kDroppedEvents, kDroppedLinks };
    Met met;
    ++m_at;
    do {
        std::string_view name;
        if (!key(name)) return false;
        bool good = false;
        switch (name.size()) {
            case 4:
                if (name == "name") good = met.first(kName) && this->name(out.name, out.found);
                else if (name == "kind") good = met.first(kKind) && enumeration(5, out.kind);
                break;
            case 5:
                if (name == "flags") good = met.first(kFlags) && unsigned32(out.flags);
                else if (name == "links") good = met.first(kLinks) && links(out.links);
                break;
            case 6:
                if (name == "spanId") good = met.first(kSpanId) && spanId(out.spanId, false);
                else if (name == "events") good = met.first(kEvents) && events(out.events);
                else if (name == "status") good = met.first(kStatus) && status(out);
                break;
            case 7:
                if (name == "traceId") good = met.first(kTraceId) && traceId(out.traceId, false);
                break;
            case 10:
                if (name == "attributes") good = met.first(kAttributes) && attributes(out.attributes, out.found, false);
                else if (name == "traceState") good = met.first(kTraceState) && string(out.traceState);
                break;
            case 12:
                if (name == "parentSpanId") good = met.first(kParentId) && spanId(out.parentId, true);
                break;
            case 15:
                if (name == "endTimeUnixNano") good = met.first(kEnd) && unsigned64(out.endNs);
                break;
            case 17:
                if (name == "startTimeUnixNano") good = met.first(kStart) && unsigned64(out.startNs);
                else if (name == "droppedLinksCount") good = met.first(kDroppedLinks) && unsigned32(out.droppedLinks);
                break;
            case 18:
                if (name == "droppedEventsCount") good = met.first(kDroppedEvents) && unsigned32(out.droppedEvents);
                break;
            case 22:
                if (name == "droppedAttributesCount") good = met.first(kDropped) && unsigned32(out.droppedAttributes);
                break;
            default: break;
        }
        if (!good) return false;
    } while (take(','));
    // What deserves a warning is the other reader's.
    return take('}') && met.has(kTraceId) && met.has(kSpanId) && isUsableTime(out.startNs) && isUsableTime(out.endNs) && out.endNs >= out.startNs && out.parentId != out.spanId;
}

bool OtlpJsonWalk::events(std::span<const store::EventRecord>& out) {
    if (!take('[')) return false;
    if (take(']')) return true;
    enum { kTime, kName, kAttributes, kDropped };
    m_events.clear();
    do {
        if (!take('{')) return false;
        store::EventRecord event;
        Met met;
        do {
            std::string_view name;
            if (!key(name)) return false;
            bool good = false;
            if (name == "timeUnixNano") good = met.first(kTime) && unsigned64(event.timeNs);
            else if (name == "name") good = met.first(kName) && this->name(event.name, event.found);
            else if (name == "attributes") good = met.first(kAttributes) && attributes(event.attributes, event.found, true);
            else if (name == "droppedAttributesCount") good = met.first(kDropped) && unsigned32(event.droppedAttributes);
            if (!good) return false;
        } while (take(','));
        if (!take('}') || event.timeNs == 0) return false;
        m_events.push_back(event);
    } while (take(','));
    out = m_batch->arena.copy(m_events);
    return take(']');
}

bool OtlpJsonWalk::links(std::span<const store::LinkRecord>& out) {
    if (!take('[')) return false;
    if (take(']')) return true;
    enum { kTraceId, kSpanId, kTraceState, kAttributes, kDropped, kFlags };
    m_links.clear();
    do {
        if (!take('{')) return false;
        store::LinkRecord link;
        Met met;
        do {
            std::string_view name;
            if (!key(name)) return false;
            bool good = false;
            if (name == "traceId") good = met.first(kTraceId) && traceId(link.traceId, false);
            else if (name == "spanId") good = met.first(kSpanId) && spanId(link.spanId, false);
            else if (name == "traceState") good = met.first(kTraceState) && string(link.traceState);
            else if (name == "attributes") good = met.first(kAttributes) && attributes(link.attributes, link.found, true);
            else if (name == "droppedAttributesCount") good = met.first(kDropped) && unsigned32(link.droppedAttributes);
            else if (name == "flags") good = met.first(kFlags) && unsigned32(link.flags);
            if (!good) return false;
        } while (take(','));
        if (!take('}')) return false;
        m_links.push_back(link);
    } while (take(','));
    out = m_batch->arena.copy(m_links);
    return take(']');
}

bool OtlpJsonWalk::status(store::SpanRecord& out) {
    if (!take('{')) return false;
    if (take('}')) return true;
    enum { kCode, kMessage };
    Met met;
    do {
        std::string_view name;
        if (!key(name)) return false;
        bool good = false;
        if (name == "code") good = met.first(kCode) && enumeration(2, out.status);
        else if (name == "message") good = met.first(kMessage) && string(out.statusMessage);
        if (!good) return false;
    } while (take(','));
    return take('}');
}

bool OtlpJsonWalk::plainLog(store::LogRecordData& out) {
    enum { kTime, kObserved, kSeverity, kSeverityText, kBody, kAttributes, kDropped, kFlags, kTraceId, kSpanId, kEventName };
    Met met;
    ++m_at;
    do {
        std::string_view name;
        if (!key(name)) return false;
        bool good = false;
        if (name == "timeUnixNano") good = met.first(kTime) && unsigned64(out.timeNs);
        else if (name == "observedTimeUnixNano") good = met.first(kObserved) && unsigned64(out.observedNs);
        else if (name == "severityNumber") good = met.first(kSeverity) && enumeration(24, out.severity);
        else if (name == "severityText") good = met.first(kSeverityText) && string(out.severityText);
        else if (name == "body") good = met.first(kBody) && body(out);
        else if (name == "attributes") good = met.first(kAttributes) && attributes(out.attributes, out.found, false);
        else if (name == "droppedAttributesCount") good = met.first(kDropped) && unsigned32(out.droppedAttributes);
        else if (name == "flags") good = met.first(kFlags) && unsigned32(out.flags);
        else if (name == "traceId") good = met.first(kTraceId) && traceId(out.traceId, true);
        else if (name == "spanId") good = met.first(kSpanId) && spanId(out.spanId, true);
        else if (name == "eventName") good = met.first(kEventName) && string(out.eventName);
        if (!good) return false;
    } while (take(','));
    return take('}');
}

void OtlpJsonWalk::trim() {
    m_index.trim();
    m_document.trim();
}

}  // namespace spanreel::ingest
