// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <string>
#include <vector>

#include "model/otlp/proto_writer.h"
#include "model/store/batch.h"
#include "tests/unit/draw.h"

namespace spanreel::test {

/// What `drawBatch` may make.
struct BatchShape {
    std::size_t spans = 6;  ///< at most
    std::size_t logs = 4;
    bool wire = false;      ///< only what OTLP can carry unchanged: UTF-8, encoded fields, no ids of another tool's spelling
    bool json = false;      ///< with `wire`: what OTLP's JSON can carry too (no unknown fields, one NaN)
};

/// Draws batches in which every field of every record may be set, with few ids and words so that records meet.
class BatchDraw {
public:
    BatchDraw(Draw& draw, BatchShape shape) : m_draw(draw), m_shape(shape) {}

    store::Batch batch() {
        store::Batch out;
        m_batch = &out;
        for (std::size_t n = m_draw.below(4); n-- > 0;) out.resources.push_back(resource());
        for (std::size_t n = m_draw.below(4); n-- > 0;) out.scopes.push_back(scope());
        for (std::size_t n = m_draw.below(m_shape.spans + 1); n-- > 0;) out.spans.push_back(span());
        for (std::size_t n = m_draw.below(m_shape.logs + 1); n-- > 0;) out.logs.push_back(log());
        if (!m_shape.wire && m_draw.chance(10)) {
            store::MetricsRecord record;
            record.encoding = m_draw.chance(50) ? store::Encoding::Json : store::Encoding::Protobuf;
            record.bytes = m_draw.bytes(50);
            record.metricCount = m_draw.below(9);
            out.metrics.push_back(std::move(record));
        }
        return out;
    }

private:
    std::string_view keep(const std::string& text) { return m_batch->arena.copy(std::string_view(text)); }
    std::string_view text() { return keep(!m_shape.wire && m_draw.chance(10) ? m_draw.bytes(12) : m_draw.text()); }
    std::string_view sometimes() { return m_draw.chance(25) ? text() : std::string_view(); }
    std::uint32_t small() { return m_draw.chance(25) ? m_draw.number32() : 0; }
    TraceId traceId() {
        if (m_draw.chance(10)) return {};
        return m_draw.chance(20) ? TraceId{m_draw.bits(), m_draw.bits()} : TraceId{0, 1 + m_draw.below(5)};
    }
    SpanId spanId() { return m_draw.chance(20) ? SpanId{m_draw.bits()} : SpanId{m_draw.below(12)}; }

    std::string unknownFields() {
        if (m_shape.json || !m_draw.chance(20)) return {};
        if (!m_shape.wire) return m_draw.bytes(12);
        otlp::ProtoWriter w;
        for (std::size_t n = 1 + m_draw.below(3); n-- > 0;) {
            const auto field = static_cast<std::uint32_t>(100 + m_draw.below(900));
            switch (m_draw.below(4)) {
                case 0: w.alwaysUint(field, m_draw.number()); break;
                case 1: w.alwaysFixed32(field, m_draw.number32()); break;
                case 2: w.alwaysFixed64(field, m_draw.number()); break;
                default: w.alwaysText(field, m_draw.bytes(9));
            }
        }
        return w.take();
    }
    std::string_view unknown() { return keep(unknownFields()); }

    void anyValue(otlp::ProtoWriter& w, int depth) {
        switch (m_draw.below(depth > 4 ? 6 : 8)) {
            case 0: break;
            case 1: w.alwaysText(1, m_draw.text()); break;
            case 2: w.alwaysUint(2, m_draw.below(2)); break;
            case 3: w.alwaysUint(3, m_draw.number()); break;
            case 4: w.alwaysFixed64(4, real()); break;
            case 5: w.alwaysText(7, m_draw.bytes(9)); break;
            default: container(w, m_draw.chance(50), depth);
        }
    }
    void container(otlp::ProtoWriter& w, bool map, int depth) {
        const auto mark = w.begin(map ? 6 : 5);
        elements(w, map, depth);
        w.end(mark);
    }
    void elements(otlp::ProtoWriter& w, bool map, int depth) {
        for (std::size_t n = m_draw.below(4); n-- > 0;) {
            const auto entry = w.begin(1);
            if (map) w.text(1, m_draw.text());
            const auto value = map ? w.begin(2) : 0;
            anyValue(w, depth + 1);
            if (map) w.end(value);
            w.end(entry);
        }
    }
    std::uint64_t real() {
        const std::uint64_t bits = m_draw.number();
        const double number = std::bit_cast<double>(bits);
        return m_shape.json && number != number ? std::bit_cast<std::uint64_t>(std::numeric_limits<double>::quiet_NaN()) : bits;
    }
    store::Value value() {
        switch (m_draw.below(8)) {
            case 0: return store::Value::ofString(text());
            case 1: return {};
            case 2: return store::Value::ofBool(m_draw.chance(50));
            case 3: return store::Value::ofInt(static_cast<std::int64_t>(m_draw.number()));
            case 4: return store::Value::ofDouble(std::bit_cast<double>(real()));
            case 5: return store::Value::ofBytes(keep(m_draw.bytes(20)));
            default: break;
        }
        const bool map = m_draw.chance(50);
        otlp::ProtoWriter w;
        elements(w, map, 0);
        const auto encoded = keep(w.take());
        return map ? store::Value::ofKvList(encoded) : store::Value::ofArray(encoded);
    }
    store::AttributeSpan attributes() {
        std::vector<store::Attribute> out;
        for (std::size_t n = m_draw.below(m_draw.chance(5) ? 70 : 6); n-- > 0;) {
            const auto key = text();  // words are few: keys repeat
            out.push_back({key, value()});
        }
        return m_batch->arena.copy(out);
    }

    store::ResourceRecord resource() {
        static const std::string kServices[] = {"shop", "cart", "checkout", ""};
        store::ResourceRecord r;
        std::vector<store::Attribute> list;
        if (m_draw.chance(70)) list.push_back({"service.name", store::Value::ofString(keep(kServices[m_draw.below(4)]))});
        for (const auto& a : attributes())
            if (a.key != "service.name") list.push_back(a);
        r.attributes = m_batch->arena.copy(list);
        r.droppedAttributes = small();
        r.schemaUrl = sometimes();
        if (m_draw.chance(15)) {
            otlp::ProtoWriter w;
            const auto mark = w.begin(3);
            w.text(2, m_draw.text());
            w.end(mark);
            r.entityRefs = keep(w.take());
        }
        r.unknown = unknown();
        return r;
    }
    store::ScopeRecord scope() {
        store::ScopeRecord s;
        s.name = text();
        s.version = sometimes();
        if (m_draw.chance(30)) s.attributes = attributes();
        s.droppedAttributes = small();
        s.schemaUrl = sometimes();
        s.unknown = unknown();
        return s;
    }
    std::uint32_t indexInto(std::size_t size) { return size == 0 || m_draw.chance(10) ? store::kNone : static_cast<std::uint32_t>(m_draw.below(size)); }

    store::SpanRecord span() {
        store::SpanRecord s;
        s.traceId = traceId();
        s.spanId = spanId();
        s.parentId = spanId();
        s.startNs = m_draw.chance(70) ? 1700000000000000000ull + m_draw.below(1000) : m_draw.number();
        s.endNs = m_draw.chance(70) ? s.startNs + m_draw.below(1000) : m_draw.number();
        s.name = text();
        s.kind = m_draw.chance(10) ? static_cast<std::int32_t>(m_draw.number32()) : static_cast<std::int32_t>(m_draw.below(6));
        s.status = m_draw.chance(10) ? static_cast<std::int32_t>(m_draw.number32()) : static_cast<std::int32_t>(m_draw.below(3));
        s.flags = small();
        s.resource = indexInto(m_batch->resources.size());
        s.scope = indexInto(m_batch->scopes.size());
        s.attributes = attributes();
        if (m_draw.chance(30)) s.events = events();
        if (m_draw.chance(30)) s.links = links();
        s.set(&store::SpanRare::traceState, sometimes(), m_batch->arena);
        s.set(&store::SpanRare::statusMessage, sometimes(), m_batch->arena);
        s.set(&store::SpanRare::droppedAttributes, small(), m_batch->arena);
        s.set(&store::SpanRare::droppedEvents, small(), m_batch->arena);
        s.set(&store::SpanRare::droppedLinks, small(), m_batch->arena);
        s.set(&store::SpanRare::unknown, unknown(), m_batch->arena);
        if (!m_shape.wire) {
            s.marks = static_cast<std::uint16_t>(m_draw.chance(20) ? m_draw.below(64) & ~(store::kMarkInvalidTraceId | store::kMarkInvalidSpanId) : 0);
            s.set(&store::SpanRare::originalTraceId, sometimes(), m_batch->arena);
            s.set(&store::SpanRare::originalSpanId, sometimes(), m_batch->arena);
            s.set(&store::SpanRare::originalParentId, sometimes(), m_batch->arena);
        }
        return s;
    }
    std::span<const store::EventRecord> events() {
        std::vector<store::EventRecord> out;
        for (std::size_t n = 1 + m_draw.below(3); n-- > 0;) {
            store::EventRecord e;
            e.timeNs = m_draw.number();
            e.name = text();
            e.attributes = attributes();
            e.droppedAttributes = small();
            e.unknown = unknown();
            out.push_back(e);
        }
        return m_batch->arena.copy(out);
    }
    std::span<const store::LinkRecord> links() {
        std::vector<store::LinkRecord> out;
        for (std::size_t n = 1 + m_draw.below(3); n-- > 0;) {
            store::LinkRecord l;
            l.traceId = traceId();
            l.spanId = spanId();
            l.traceState = sometimes();
            l.attributes = attributes();
            l.droppedAttributes = small();
            l.flags = small();
            l.unknown = unknown();
            out.push_back(l);
        }
        return m_batch->arena.copy(out);
    }
    store::LogRecordData log() {
        store::LogRecordData l;
        l.timeNs = m_draw.number();
        l.observedNs = m_draw.number();
        l.traceId = traceId();
        l.spanId = spanId();
        l.severity = m_draw.chance(10) ? static_cast<std::int32_t>(m_draw.number32()) : static_cast<std::int32_t>(m_draw.below(25));
        l.severityText = sometimes();
        l.body = value();
        l.attributes = attributes();
        l.eventName = sometimes();
        l.droppedAttributes = small();
        l.flags = small();
        l.resource = indexInto(m_batch->resources.size());
        l.scope = indexInto(m_batch->scopes.size());
        l.unknown = unknown();
        if (!m_shape.wire) {
            l.marks = static_cast<std::uint16_t>(m_draw.chance(20) ? m_draw.below(64) : 0);
            l.originalTraceId = sometimes();
            l.originalSpanId = sometimes();
        }
        return l;
    }

    Draw& m_draw;
    BatchShape m_shape;
    store::Batch* m_batch = nullptr;
};

inline store::Batch drawBatch(Draw& draw, BatchShape shape = {}) { return BatchDraw(draw, shape).batch(); }

}  // namespace spanreel::test
