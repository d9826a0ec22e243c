// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/otlp/otlp_proto_decoder.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "ingest/otlp/metrics_from_proto.h"
#include "ingest/otlp/proto_ids.h"
#include "ingest/otlp/proto_values.h"
#include "ingest/otlp/usual_span.h"
#include "model/core/text.h"
#include "model/core/time_format.h"
#include "model/otlp/proto_writer.h"
#include "model/otlp/wire.h"
#include "model/store/attribute_front.h"

namespace spanreel::ingest {
namespace {

using store::EventRecord;
using store::LinkRecord;
using store::LogRecordData;
using store::ResourceRecord;
using store::ScopeRecord;
using store::SpanRare;
using store::SpanRecord;

/// Messages around a KeyValue, the request not counted, as protobuf's own readers count.
constexpr std::size_t kRecordDepth = 3;

/// Memory that records of a file may take: two bytes are enough for an empty span, 28 for one of ids alone.
std::size_t memoryOfFiles(std::size_t bodyBytes) { return bodyBytes * 16 + (32u << 20); }

template <class... Numbers>
constexpr std::uint32_t known(Numbers... numbers) { return ((1u << numbers) | ...); }

/// Decodes one request. Scratch vectors are reused from record to record; the arena takes what has to stay.
class RequestDecoder {
public:
    RequestDecoder(std::shared_ptr<const std::string> body, std::string_view part, bool partly, store::AttributeFront* front, std::size_t memory) : m_body(part), m_partly(partly), m_front(front), m_memoryLeft(memory) {
        if (m_front) {
            m_front->begin();
            m_state.request.batch = m_front->batch();
        }
        m_state.base = body->data();
        m_state.end = body->data() + body->size();
        m_state.request.batch.keep.push_back(std::move(body));
    }

    void run(Signal signal) {
        if (signal == Signal::Metrics) return metrics();
        UnknownFields unknown;
        bool first = true;
        ProtoCursor cursor(m_body, envelopeFault(), m_partly);
        while (cursor.next()) {
            if (cursor.key() != bytesKey(1)) {
                if (first) m_state.unknown(cursor, known(1), unknown, "the request");
                continue;
            }
            first = false;
            requestUnknown(cursor, unknown);
            m_requestUnknown = unknown.finish(m_state.arena());
            unknown.clear();
            resourceEnvelope(cursor.bytes(), signal);
            if (cursor.clamped() || !goesOn(m_state.fault, false) || !goesOn(m_cut, false)) return;
        }
        if (first && !unknown.empty()) m_state.warn(ProblemCode::FlaggedValue, "unknown fields of a request without records are not kept", m_body.data());
    }

    /// The first fault, code None where all is well.
    [[nodiscard]] Error fault() const {
        const ProtoFault& found = m_cut.any() ? m_cut : m_state.fault;  // nothing is read after the latter
        if (!found.any()) return {};
        return {found.code, found.detail, {{}, m_state.offset(found.at), -1}};
    }
    [[nodiscard]] DecodedRequest take() {
        if (m_front) m_state.request.batch.pending = m_front->takePending();
        return std::move(m_state.request);
    }

private:
    /// Envelopes cut short do not spoil the records before the cut when the body is read partly.
    ProtoFault& envelopeFault() { return m_partly ? m_cut : m_state.fault; }
    /// Of a file a fault costs what it lies in, and reading goes on behind that. False where nothing more may be read: of a
    /// request, or for want of memory. `told`: what is around has been cut short there.
    bool goesOn(ProtoFault& fault, bool told) {
        if (!fault.any()) [[likely]] return true;
        if (!m_partly || fault.code == ProblemCode::Limit) return false;
        if (!told) m_state.request.reject(fault.code, std::move(fault.detail), m_state.offset(fault.at));
        fault = {};
        return true;
    }

    /// What a record may leave behind although it is not kept.
    struct Mark {
        std::size_t waiting, warnings, memory;
    };
    [[nodiscard]] Mark mark() const { return {m_front ? m_front->waiting() : 0, m_state.request.warnings.size(), m_memoryLeft}; }
    void forget(const Mark& since) {
        if (m_front) m_front->forget(since.waiting);
        m_state.request.warnings.resize(since.warnings);
        m_memoryLeft = since.memory;
    }

    bool charge(std::size_t bytes, const char* at) {
        if (bytes <= m_memoryLeft) {
            m_memoryLeft -= bytes;
            return true;
        }
        m_state.fault.set(ProblemCode::Limit, "memory for the records of one request", at);
        return false;
    }

    /// Unknown fields of the request are kept with the resource before them; those at its beginning with the first. `resource`
    /// is at one: collects what is behind it. A fault there is told when it is come to.
    void requestUnknown(const ProtoCursor& resource, UnknownFields& fields) {
        ProtoFault ignored;
        const char* const behind = resource.bytes().data() + resource.bytes().size();
        for (ProtoCursor cursor({behind, resource.end()}, ignored); cursor.next() && cursor.key() != bytesKey(1);) m_state.unknown(cursor, known(1), fields, "the request");
    }

    /// Room for `more` records, as far as their memory is granted; at once for as many as a request of this size mostly has,
    /// then grows at least twofold.
    template <class Record>
    void reserve(std::vector<Record>& records, std::size_t more) {
        constexpr std::size_t kUsualRecord = 256;  // bytes
        const std::size_t need = records.size() + std::min(more, m_memoryLeft / sizeof(Record));
        if (need > records.capacity()) records.reserve(std::max({need, 2 * records.capacity(), std::min(m_body.size() / kUsualRecord, m_memoryLeft / sizeof(Record))}));
    }

    static void wrap(std::uint32_t field, std::string_view content, UnknownFields& into) {
        if (content.empty()) return;
        otlp::ProtoWriter writer;
        writer.text(field, content);
        into.addWrapped(writer.bytes());
    }

    /// ResourceSpans or ResourceLogs. Its resource and schema URL may follow the records, so they are read first.
    void resourceEnvelope(std::string_view message, Signal signal) {
        ResourceRecord resource;
        bool present = false;
        const store::KnownResource* met = nullptr;  // where the front knows the bytes of `first`, which are not decoded then
        std::string_view first;
        std::size_t messages = 0, groups = 0;  // of the resource, and of records
        m_state.groupRepaired = m_state.repaired = false;
        m_ownUnknown.clear();
        m_wrapped.clear();
        m_inner.clear();
        for (ProtoCursor cursor(message, envelopeFault(), m_partly); cursor.next();) {
            switch (cursor.key()) {
                case bytesKey(1):
                    present = true;
                    if (cursor.clamped()) return;
                    if (++messages == 1) {
                        first = cursor.bytes();
                        if (m_front && (met = m_front->resources().find(first))) break;
                    } else if (std::exchange(met, nullptr) && !decodeResource(first, resource)) return;
                    if (!decodeResource(cursor.bytes(), resource)) return;
                    break;
                case bytesKey(2): ++groups; break;
                case bytesKey(3):
                    if (cursor.clamped()) break;
                    resource.schemaUrl = m_state.text(cursor.bytes(), "schema URL");
                    present = true;
                    break;
                default:
                    m_state.unknown(cursor, known(1, 2, 3), m_wrapped, signal == Signal::Traces ? "ResourceSpans" : "ResourceLogs");
                    present = true;
            }
        }
        if (m_state.fault.any()) return;
        m_resource = store::kNone;
        const bool usual = messages == 1 && m_wrapped.empty() && m_requestUnknown.empty();
        if (met && usual && resource.schemaUrl == met->schemaUrl) resource.known = met->id.load(std::memory_order_relaxed);
        else {
            if (met && !decodeResource(first, resource)) return;
            if (m_front && usual && groups > 0 && !m_state.repaired) resource.learn = m_front->resources().add(first, resource.schemaUrl);
        }
        if (present || !m_requestUnknown.empty()) {
            if (!charge(sizeof resource + (resource.learn ? sizeof(store::KnownResource) + first.size() : 0), message.data())) return;
            wrap(otlp::kWrappedRequest, std::exchange(m_requestUnknown, {}), m_ownUnknown);
            wrap(otlp::kWrappedEnvelope, m_wrapped.finish(m_state.arena()), m_ownUnknown);
            resource.unknown = m_ownUnknown.finish(m_state.arena());
            resource.attributes = m_state.arena().copy(m_inner);
            m_resource = static_cast<std::uint32_t>(m_state.request.batch.resources.size());
            m_state.request.batch.resources.push_back(resource);
        }
        const bool resourceRepaired = m_state.repaired;

        ProtoFault* fault = m_partly ? &m_ignored : &m_state.fault;  // told by the first pass
        m_ignored = {};
        ProtoFault own = std::exchange(m_cut, {});
        for (ProtoCursor cursor(message, *fault, m_partly); cursor.next();) {
            if (cursor.key() != bytesKey(2)) continue;
            m_state.groupRepaired = resourceRepaired;
            scopeEnvelope(cursor.bytes(), signal);
            if (!goesOn(m_state.fault, cursor.clamped()) || !goesOn(m_cut, cursor.clamped())) return;
        }
        m_cut = std::move(own);
    }

    bool decodeResource(std::string_view message, ResourceRecord& resource) {
        UnknownFields entities;
        for (ProtoCursor cursor(message, m_state.fault); cursor.next();) {
            switch (cursor.key()) {
                case bytesKey(1):
                    if (!addAttribute(cursor.bytes(), 3)) return false;
                    break;
                case varintKey(2): resource.droppedAttributes = static_cast<std::uint32_t>(cursor.value()); break;
                case bytesKey(3):
                    if (!addEntity(cursor, entities)) return false;
                    break;
                default: m_state.unknown(cursor, known(1, 2, 3), m_ownUnknown, "Resource");
            }
        }
        if (!entities.empty()) {
            // A Resource that comes twice is merged.
            UnknownFields all;
            if (!resource.entityRefs.empty()) all.add(resource.entityRefs);
            all.add(entities.finish(m_state.arena()));
            resource.entityRefs = all.finish(m_state.arena());
        }
        return !m_state.fault.any();
    }

    /// An EntityRef stays encoded; its inside is validated, and rewritten where text in it had to be repaired.
    bool addEntity(const ProtoCursor& field, UnknownFields& entities) {
        otlp::ProtoWriter rewritten;
        bool bad = false;
        const std::size_t mark = rewritten.begin(3);
        for (ProtoCursor cursor(field.bytes(), m_state.fault); cursor.next();) {
            if (!cursor.isBytes() || cursor.number() > 4 || isValidUtf8(cursor.bytes())) {
                rewritten.raw(cursor.whole());
                continue;
            }
            bad = true;
            rewritten.alwaysText(cursor.number(), m_state.text(cursor.bytes(), "entity reference"));
        }
        rewritten.end(mark);
        entities.add(bad ? m_state.arena().copy(std::string_view(rewritten.bytes())) : field.whole());
        return !m_state.fault.any();
    }

    /// ScopeSpans or ScopeLogs.
    void scopeEnvelope(std::string_view message, Signal signal) {
        ScopeRecord scope;
        bool present = false;
        std::size_t records = 0;
        m_state.repaired = false;
        m_ownUnknown.clear();
        m_wrapped.clear();
        m_inner.clear();
        for (ProtoCursor cursor(message, envelopeFault(), m_partly); cursor.next(); cursor.askAhead()) {
            switch (cursor.key()) {
                case bytesKey(1):
                    if (cursor.clamped() || !decodeScope(cursor.bytes(), scope)) return;
                    present = true;
                    break;
                case bytesKey(2): ++records; break;
                case bytesKey(3):
                    if (cursor.clamped()) break;
                    scope.schemaUrl = m_state.text(cursor.bytes(), "schema URL");
                    present = true;
                    break;
                default:
                    m_state.unknown(cursor, known(1, 2, 3), m_wrapped, signal == Signal::Traces ? "ScopeSpans" : "ScopeLogs");
                    present = true;
            }
        }
        if (m_state.fault.any()) return;
        m_scope = store::kNone;
        if (present) {
            if (!charge(sizeof scope, message.data())) return;
            wrap(otlp::kWrappedEnvelope, m_wrapped.finish(m_state.arena()), m_ownUnknown);
            scope.unknown = m_ownUnknown.finish(m_state.arena());
            scope.attributes = m_state.arena().copy(m_inner);
            m_scope = static_cast<std::uint32_t>(m_state.request.batch.scopes.size());
            m_state.request.batch.scopes.push_back(scope);
        }
        m_state.groupRepaired |= m_state.repaired;
        if (signal == Signal::Traces) reserve(m_state.request.batch.spans, records);
        else reserve(m_state.request.batch.logs, records);

        ProtoFault ignored;
        for (ProtoCursor cursor(message, m_partly ? ignored : m_state.fault, m_partly); cursor.next();) {
            if (cursor.key() != bytesKey(2) || cursor.clamped()) continue;
            m_state.repaired = m_state.groupRepaired;
            const Mark before = mark();
            if (!(signal == Signal::Traces ? decodeSpan(cursor.bytes()) : decodeLog(cursor.bytes()))) [[unlikely]] {
                if (!goesOn(m_state.fault, false)) return;
                forget(before);
                continue;
            }
            ++m_state.request.items;
            m_state.request.warned += m_state.repaired;
        }
    }

    bool decodeScope(std::string_view message, ScopeRecord& scope) {
        for (ProtoCursor cursor(message, m_state.fault); cursor.next();) {
            switch (cursor.key()) {
                case bytesKey(1): scope.name = m_state.text(cursor.bytes(), "scope name"); break;
                case bytesKey(2): scope.version = m_state.text(cursor.bytes(), "scope version"); break;
                case bytesKey(3):
                    if (!addAttribute(cursor.bytes(), 4)) return false;
                    break;
                case varintKey(4): scope.droppedAttributes = static_cast<std::uint32_t>(cursor.value()); break;
                default: m_state.unknown(cursor, known(1, 2, 3, 4), m_ownUnknown, "InstrumentationScope");
            }
        }
        return !m_state.fault.any();
    }

    /// An attribute of a resource or scope.
    bool addAttribute(std::string_view message, std::size_t depth) {
        return charge(sizeof(store::Attribute), message.data()) && m_values.attribute(message, depth, m_inner, 0, m_ownUnknown);
    }

    // Attributes and names of records, for a front or not.
    void beginAttributes(bool inner) {
        if (m_front) (inner ? m_front->innerList() : m_front->list()).begin();
        else (inner ? m_inner : m_attributes).clear();
    }
    /// The attribute the cursor is at, and perhaps more that follow it.
    bool addAttributes(ProtoCursor& cursor, bool inner) {
        const char* const at = cursor.bytes().data();
        if (m_front) {
            auto& list = inner ? m_front->innerList() : m_front->list();
            if (const std::size_t expected = m_values.expectedAttributes(cursor, list)) [[likely]] return charge(expected * sizeof(store::Attribute), at);
            return charge(sizeof(store::Attribute), at) && m_values.attribute(cursor.bytes(), kRecordDepth + 1 + inner, list, inner ? m_ownUnknown : m_recordUnknown);
        }
        return charge(sizeof(store::Attribute), at) &&
               m_values.attribute(cursor.bytes(), kRecordDepth + 1 + inner, inner ? m_inner : m_attributes, 0, inner ? m_ownUnknown : m_recordUnknown);
    }
    void endAttributes(bool inner, store::AttributeSpan& attributes, store::FoundRecord& found) {
        if (m_front) found.attributes = (inner ? m_front->innerList() : m_front->list()).finish(m_state.arena(), found.words);
        else attributes = m_state.arena().copy(inner ? m_inner : m_attributes);
    }
    void name(std::string_view bytes, const char* what, std::string_view& name, store::FoundRecord& found) {
        if (!m_front) {
            name = m_state.text(bytes, what);
            return;
        }
        std::uint64_t& cell = m_state.arena().array<std::uint64_t>(1)[0];
        found.name = &cell;
        if (!m_front->find(m_front->names(), bytes, cell, bytes.data() + store::kShortText <= m_state.end)) m_front->wait(m_front->names(), m_state.text(bytes, what), cell);
    }

    void unknownEnum(const char* field, std::int32_t value, std::int32_t last, const char* at) {
        if (value < 0 || value > last) [[unlikely]] m_state.warn(ProblemCode::UnknownEnum, std::string(field) + " " + std::to_string(value), at);
    }

    bool decodeSpan(std::string_view message) {
        if (!charge(sizeof(SpanRecord) + sizeof(SpanRare), message.data())) return false;
        SpanRecord& span = m_state.request.batch.spans.emplace_back();
        if (fillSpan(message, span)) [[likely]] return true;
        m_state.request.batch.spans.pop_back();
        return false;
    }

    bool fillSpan(std::string_view message, SpanRecord& span) {
        span.resource = m_resource;
        span.scope = m_scope;
        std::string_view trace, id, parent, written[3];
        beginAttributes(false);
        m_events.clear();
        m_links.clear();
        m_recordUnknown.clear();
        m_wrapped.clear();
        ProtoCursor cursor(message, m_state.fault);
        usualIds(cursor, trace, id, parent);
        while (cursor.next()) {
            switch (cursor.key()) {
                case bytesKey(1): trace = cursor.bytes(); break;
                case bytesKey(2): id = cursor.bytes(); break;
                case bytesKey(3): span.set(&SpanRare::traceState, m_state.text(cursor.bytes(), "trace state"), m_state.arena()); break;
                case bytesKey(4): parent = cursor.bytes(); break;
                case bytesKey(5):
                    name(cursor.bytes(), "span name", span.name, span.found);
                    usualTimes(cursor, span);
                    break;
                case varintKey(6): span.kind = static_cast<std::int32_t>(cursor.value()); break;
                case fixed64Key(7): span.startNs = cursor.value(); break;
                case fixed64Key(8): span.endNs = cursor.value(); break;
                case bytesKey(9):
                    if (!addAttributes(cursor, false)) return false;
                    break;
                case varintKey(10): span.set(&SpanRare::droppedAttributes, static_cast<std::uint32_t>(cursor.value()), m_state.arena()); break;
                case bytesKey(11):
                    if (!decodeEvent(cursor.bytes())) return false;
                    break;
                case varintKey(12): span.set(&SpanRare::droppedEvents, static_cast<std::uint32_t>(cursor.value()), m_state.arena()); break;
                case bytesKey(13):
                    if (!decodeLink(cursor.bytes(), span.marks)) return false;
                    break;
                case varintKey(14): span.set(&SpanRare::droppedLinks, static_cast<std::uint32_t>(cursor.value()), m_state.arena()); break;
                case bytesKey(15):
                    if (!decodeStatus(cursor.bytes(), span)) return false;
                    break;
                case fixed32Key(16): span.flags = static_cast<std::uint32_t>(cursor.value()); break;
                default: m_state.unknown(cursor, 0x1FFFE, m_recordUnknown, "Span");
            }
        }
        if (m_state.fault.any()) return false;
        const char* const at = message.data();
        span.traceId = traceId(m_state, trace, span.marks, written[0], at);
        span.spanId = spanId(m_state, id, "span id", span.marks, written[1], at, true);
        span.parentId = spanId(m_state, parent, "parent span id", span.marks, written[2], at, false);
        span.set(&SpanRare::originalTraceId, written[0], m_state.arena());
        span.set(&SpanRare::originalSpanId, written[1], m_state.arena());
        span.set(&SpanRare::originalParentId, written[2], m_state.arena());
        if (!span.traceId.isValid()) {
            span.marks |= store::kMarkInvalidTraceId;
            if (trace.empty()) m_state.warn(ProblemCode::ZeroId, "trace id is absent", at);
        }
        if (!span.spanId.isValid()) {
            span.marks |= store::kMarkInvalidSpanId;
            if (id.empty()) m_state.warn(ProblemCode::ZeroId, "span id is absent", at);
        }
        if (!isUsableTime(span.startNs) || !isUsableTime(span.endNs)) m_state.warn(ProblemCode::NoTime, "span", at);
        unknownEnum("kind", span.kind, 5, at);
        unknownEnum("status.code", span.status, 2, at);
        wrap(otlp::kWrappedStatus, m_wrapped.finish(m_state.arena()), m_recordUnknown);
        span.set(&SpanRare::unknown, m_recordUnknown.finish(m_state.arena()), m_state.arena());
        endAttributes(false, span.attributes, span.found);
        span.events = m_state.arena().copy(m_events);
        span.links = m_state.arena().copy(m_links);
        if (m_state.repaired) span.marks |= store::kMarkRepaired;
        return true;
    }

    bool decodeEvent(std::string_view message) {
        if (!charge(sizeof(EventRecord), message.data())) return false;
        EventRecord event;
        beginAttributes(true);
        m_ownUnknown.clear();
        for (ProtoCursor cursor(message, m_state.fault); cursor.next();) {
            switch (cursor.key()) {
                case fixed64Key(1): event.timeNs = cursor.value(); break;
                case bytesKey(2): name(cursor.bytes(), "event name", event.name, event.found); break;
                case bytesKey(3):
                    if (!addAttributes(cursor, true)) return false;
                    break;
                case varintKey(4): event.droppedAttributes = static_cast<std::uint32_t>(cursor.value()); break;
                default: m_state.unknown(cursor, known(1, 2, 3, 4), m_ownUnknown, "Event");
            }
        }
        if (event.timeNs == 0) m_state.warn(ProblemCode::NoTime, "event", message.data());
        endAttributes(true, event.attributes, event.found);
        event.unknown = m_ownUnknown.finish(m_state.arena());
        m_events.push_back(event);
        return !m_state.fault.any();
    }

    bool decodeLink(std::string_view message, std::uint16_t& marks) {
        if (!charge(sizeof(LinkRecord), message.data())) return false;
        LinkRecord link;
        std::string_view trace, id, ignored;
        beginAttributes(true);
        m_ownUnknown.clear();
        for (ProtoCursor cursor(message, m_state.fault); cursor.next();) {
            switch (cursor.key()) {
                case bytesKey(1): trace = cursor.bytes(); break;
                case bytesKey(2): id = cursor.bytes(); break;
                case bytesKey(3): link.traceState = m_state.text(cursor.bytes(), "trace state of a link"); break;
                case bytesKey(4):
                    if (!addAttributes(cursor, true)) return false;
                    break;
                case varintKey(5): link.droppedAttributes = static_cast<std::uint32_t>(cursor.value()); break;
                case fixed32Key(6): link.flags = static_cast<std::uint32_t>(cursor.value()); break;
                default: m_state.unknown(cursor, known(1, 2, 3, 4, 5, 6), m_ownUnknown, "Link");
            }
        }
        if (trace.empty() || id.empty()) m_state.warn(ProblemCode::ZeroId, "an id of a link is absent", message.data());
        link.traceId = traceId(m_state, trace, marks, ignored, message.data());
        link.spanId = spanId(m_state, id, "span id of a link", marks, ignored, message.data(), true);
        endAttributes(true, link.attributes, link.found);
        link.unknown = m_ownUnknown.finish(m_state.arena());
        m_links.push_back(link);
        return !m_state.fault.any();
    }

    bool decodeStatus(std::string_view message, SpanRecord& span) {
        if (usualStatus(message, span)) [[likely]] return true;
        for (ProtoCursor cursor(message, m_state.fault); cursor.next();) {
            switch (cursor.key()) {
                case bytesKey(2): span.set(&SpanRare::statusMessage, m_state.text(cursor.bytes(), "status message"), m_state.arena()); break;
                case varintKey(3): span.status = static_cast<std::int32_t>(cursor.value()); break;
                default: m_state.unknown(cursor, known(2, 3), m_wrapped, "Status");
            }
        }
        return !m_state.fault.any();
    }

    bool decodeLog(std::string_view message) {
        if (!charge(sizeof(LogRecordData), message.data())) return false;
        LogRecordData log;
        log.resource = m_resource;
        log.scope = m_scope;
        std::string_view trace, id;
        beginAttributes(false);
        m_recordUnknown.clear();
        m_wrapped.clear();
        for (ProtoCursor cursor(message, m_state.fault); cursor.next();) {
            switch (cursor.key()) {
                case fixed64Key(1): log.timeNs = cursor.value(); break;
                case varintKey(2): log.severity = static_cast<std::int32_t>(cursor.value()); break;
                case bytesKey(3): log.severityText = m_state.text(cursor.bytes(), "severity text"); break;
                case bytesKey(5):
                    if (!m_values.anyValue(cursor.bytes(), kRecordDepth + 1, log.body, m_wrapped)) return false;
                    break;
                case bytesKey(6):
                    if (!addAttributes(cursor, false)) return false;
                    break;
                case varintKey(7): log.droppedAttributes = static_cast<std::uint32_t>(cursor.value()); break;
                case fixed32Key(8): log.flags = static_cast<std::uint32_t>(cursor.value()); break;
                case bytesKey(9): trace = cursor.bytes(); break;
                case bytesKey(10): id = cursor.bytes(); break;
                case fixed64Key(11): log.observedNs = cursor.value(); break;
                case bytesKey(12): log.eventName = m_state.text(cursor.bytes(), "event name"); break;
                default: m_state.unknown(cursor, known(1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12), m_recordUnknown, "LogRecord");
            }
        }
        if (m_state.fault.any()) return false;
        log.traceId = traceId(m_state, trace, log.marks, log.originalTraceId, message.data());
        log.spanId = spanId(m_state, id, "span id", log.marks, log.originalSpanId, message.data(), true);
        unknownEnum("severityNumber", log.severity, 24, message.data());
        wrap(otlp::kWrappedBody, m_wrapped.finish(m_state.arena()), m_recordUnknown);
        log.unknown = m_recordUnknown.finish(m_state.arena());
        endAttributes(false, log.attributes, log.found);
        if (m_front && !log.body.text.empty()) {
            std::uint64_t& cell = m_state.arena().array<std::uint64_t>(1)[0];
            log.found.name = &cell;
            if (!m_front->find(m_front->bodies(), log.body.text, cell)) m_front->wait(m_front->bodies(), log.body.text, cell);
        }
        if (m_state.repaired) log.marks |= store::kMarkRepaired;
        m_state.request.batch.logs.push_back(log);
        return true;
    }

    /// Metrics are kept as bytes.
    void metrics() {
        const std::uint64_t count = countMetrics(m_body, m_state.fault);
        if (m_state.fault.any() || (count == 0 && !m_partly)) return;  // of a file all is kept, wherever it was cut
        m_state.request.items = count;
        m_state.request.batch.metrics.push_back({store::Encoding::Protobuf, std::string(m_body), count});
        m_state.request.batch.keep.clear();
    }

    std::string_view m_body;
    bool m_partly;
    store::AttributeFront* m_front;  ///< null = none
    ProtoDecodeState m_state;
    ProtoValueDecoder m_values{m_state};
    ProtoFault m_cut;      ///< read partly: what was wrong with an envelope
    ProtoFault m_ignored;  ///< the same, met again in an envelope's second pass
    std::string_view m_requestUnknown;  ///< not yet given to a resource
    std::size_t m_memoryLeft;
    std::uint32_t m_resource = store::kNone;
    std::uint32_t m_scope = store::kNone;
    std::vector<store::Attribute> m_attributes;  ///< of the record at hand
    std::vector<store::Attribute> m_inner;       ///< of its event or link, or of the resource or scope
    std::vector<EventRecord> m_events;
    std::vector<LinkRecord> m_links;
    UnknownFields m_recordUnknown, m_ownUnknown, m_wrapped;
};

}  // namespace

Result<DecodedRequest> decodeOtlpProtobuf(Signal signal, std::shared_ptr<const std::string> body, store::AttributeFront* front) {
    return decodeOtlpProtobufWithin(memoryOfFiles(body->size()), signal, body, *body, front);
}

Result<DecodedRequest> decodeOtlpProtobufWithin(std::size_t memory, Signal signal, std::shared_ptr<const std::string> body, std::string_view part, store::AttributeFront* front) {
    RequestDecoder decoder(std::move(body), part, false, front, memory);
    decoder.run(signal);
    if (Error fault = decoder.fault(); fault.code != ProblemCode::None) return tl::unexpected<Error>(std::move(fault));
    return decoder.take();
}

PartialRequest decodeOtlpProtobufPartly(Signal signal, std::shared_ptr<const std::string> body, store::AttributeFront* front) {
    RequestDecoder decoder(body, *body, true, front, memoryOfFiles(body->size()));
    decoder.run(signal);
    Error fault = decoder.fault();
    return {decoder.take(), std::move(fault)};
}

}  // namespace spanreel::ingest
