// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/otlp/encode_proto.h"

#include "model/otlp/wire.h"

namespace spanreel::otlp {

using store::ValueType;

void ProtoEncoder::unknown(std::string_view fields) {
    if (!fields.empty()) m_writer.raw(ownUnknown(fields, m_scratch));
}

void ProtoEncoder::value(const store::Value& v) {
    switch (v.type) {
        case ValueType::Empty: break;
        case ValueType::Bool: m_writer.alwaysUint(2, v.asBool()); break;
        case ValueType::Int: m_writer.alwaysUint(3, v.bits); break;
        case ValueType::Double: m_writer.alwaysFixed64(4, v.bits); break;
        case ValueType::String: m_writer.alwaysText(1, v.text); break;
        case ValueType::Array: m_writer.alwaysText(5, v.text); break;
        case ValueType::KvList: m_writer.alwaysText(6, v.text); break;
        case ValueType::Bytes: m_writer.alwaysText(7, v.text); break;
    }
}

void ProtoEncoder::attribute(std::uint32_t field, const store::Attribute& attribute, std::string_view ownersUnknown, std::size_t index) {
    const std::size_t entry = m_writer.begin(field);
    m_writer.text(1, attribute.key);
    const std::size_t mark = m_writer.begin(2);
    value(attribute.value);
    if (ownersUnknown.empty()) {
        m_writer.end(mark);
    } else {
        const AttributeUnknown extra = attributeUnknown(ownersUnknown, index);
        m_writer.raw(extra.anyValue);
        m_writer.end(mark);
        m_writer.raw(extra.keyValue);
    }
    m_writer.end(entry);
}

void ProtoEncoder::attributes(std::uint32_t field, const store::AttributesView& all, std::string_view ownersUnknown) {
    for (std::size_t i = 0; i < all.size(); ++i) attribute(field, all[i], ownersUnknown, i);
}

void ProtoEncoder::id(std::uint32_t field, std::string_view text, std::string_view fallback) {
    if (text.empty()) return;
    if (!hexToBytes(text, m_idBytes)) {
        m_losses.add("the original spelling of an id");
        hexToBytes(fallback, m_idBytes);
    }
    m_writer.text(field, m_idBytes);
}

void ProtoEncoder::closeScope() {
    if (!m_scopeMark) return;
    m_writer.text(3, m_scopeUrl);
    m_writer.raw(m_scopeUnknown);
    m_writer.end(m_scopeMark);
    m_scopeMark = 0;
}

void ProtoEncoder::closeResource() {
    closeScope();
    if (!m_resourceMark) return;
    m_writer.text(3, m_resourceUrl);
    m_writer.raw(m_resourceUnknown);
    m_writer.end(m_resourceMark);
    m_resourceMark = 0;
    m_writer.raw(m_requestUnknown);
    m_requestUnknown.clear();
}

void ProtoEncoder::envelope(std::uint32_t resourceId, std::uint32_t scopeId, const store::ResourceView& resource, const store::ScopeView& scope) {
    ++m_records;
    const bool sameResource = m_resourceMark && resourceId == m_resourceId;
    if (sameResource && m_scopeMark && scopeId == m_scopeId) return;
    if (sameResource) closeScope();
    else closeResource();
    if (!sameResource) {
        m_resourceId = resourceId;
        m_resourceMark = m_writer.begin(1);
        m_resourceUrl = resource.schemaUrl;
        m_resourceUnknown.clear();
        if (resourceId != store::kNone) {
            if (isPresent(resource)) {
                const std::size_t mark = m_writer.begin(1);
                attributes(1, resource.attributes, resource.unknown);
                m_writer.uint(2, resource.droppedAttributes);
                m_writer.raw(resource.entityRefs);
                unknown(resource.unknown);
                m_writer.end(mark);
            }
            m_resourceUnknown = wrappedUnknown(resource.unknown, kWrappedEnvelope);
            m_requestUnknown = wrappedUnknown(resource.unknown, kWrappedRequest);  // behind each group of it: who reads them knows the resource by them
        }
    }
    m_scopeId = scopeId;
    m_scopeMark = m_writer.begin(2);
    m_scopeUrl = scope.schemaUrl;
    m_scopeUnknown.clear();
    if (scopeId != store::kNone) {
        if (isPresent(scope)) {
            const std::size_t mark = m_writer.begin(1);
            m_writer.text(1, scope.name);
            m_writer.text(2, scope.version);
            attributes(3, scope.attributes, scope.unknown);
            m_writer.uint(4, scope.droppedAttributes);
            unknown(scope.unknown);
            m_writer.end(mark);
        }
        m_scopeUnknown = wrappedUnknown(scope.unknown, kWrappedEnvelope);
    }
}

void ProtoEncoder::add(const store::SpanView& span) {
    envelope(span.resourceId(), span.scopeId(), span.resource(), span.scope());
    const std::size_t record = m_writer.begin(2);
    const auto ids = m_ids.of(span);
    const std::string_view extra = span.unknown();
    id(1, ids.trace, span.traceId().toHex());
    id(2, ids.span, span.spanId().toHex());
    m_writer.text(3, span.traceState());
    id(4, ids.parent, span.parentId().toHex());
    m_writer.text(5, span.name());
    m_writer.int32(6, span.kind());
    m_writer.fixed64(7, span.startNs());
    m_writer.fixed64(8, span.endNs());
    attributes(9, span.attributes(), extra);
    m_writer.uint(10, span.droppedAttributes());
    for (std::size_t i = 0; i < span.eventCount(); ++i) {
        const store::EventView event = span.event(i);
        const std::size_t mark = m_writer.begin(11);
        m_writer.fixed64(1, event.timeNs);
        m_writer.text(2, event.name);
        attributes(3, event.attributes, event.unknown);
        m_writer.uint(4, event.droppedAttributes);
        unknown(event.unknown);
        m_writer.end(mark);
    }
    m_writer.uint(12, span.droppedEvents());
    for (std::size_t i = 0; i < span.linkCount(); ++i) {
        const store::LinkView link = span.link(i);
        const std::size_t mark = m_writer.begin(13);
        if (link.traceId.isValid()) id(1, link.traceId.toHex(), {});
        if (link.spanId.isValid()) id(2, link.spanId.toHex(), {});
        m_writer.text(3, link.traceState);
        attributes(4, link.attributes, link.unknown);
        m_writer.uint(5, link.droppedAttributes);
        m_writer.fixed32(6, link.flags);
        unknown(link.unknown);
        m_writer.end(mark);
    }
    m_writer.uint(14, span.droppedLinks());
    const std::string_view statusUnknown = extra.empty() ? std::string_view() : wrappedUnknown(extra, kWrappedStatus);
    if (span.status() != 0 || !span.statusMessage().empty() || !statusUnknown.empty()) {
        const std::size_t mark = m_writer.begin(15);
        m_writer.text(2, span.statusMessage());
        m_writer.int32(3, span.status());
        m_writer.raw(statusUnknown);
        m_writer.end(mark);
    }
    m_writer.fixed32(16, span.flags());
    unknown(extra);
    m_writer.end(record);
}

void ProtoEncoder::add(const store::LogView& log) {
    envelope(log.resourceId(), log.scopeId(), log.resource(), log.scope());
    const std::size_t record = m_writer.begin(2);
    const auto ids = m_ids.of(log);
    const std::string_view extra = log.unknown();
    m_writer.fixed64(1, log.timeNs());
    m_writer.int32(2, log.severity());
    m_writer.text(3, log.severityText());
    const store::Value body = log.body();
    const std::string_view bodyUnknown = extra.empty() ? std::string_view() : wrappedUnknown(extra, kWrappedBody);
    if (body.type != ValueType::Empty || !bodyUnknown.empty()) {
        const std::size_t mark = m_writer.begin(5);
        value(body);
        m_writer.raw(bodyUnknown);
        m_writer.end(mark);
    }
    attributes(6, log.attributes(), extra);
    m_writer.uint(7, log.droppedAttributes());
    m_writer.fixed32(8, log.flags());
    id(9, ids.trace, log.traceId().toHex());
    id(10, ids.span, log.spanId().toHex());
    m_writer.fixed64(11, log.observedNs());
    m_writer.text(12, log.eventName());
    unknown(extra);
    m_writer.end(record);
}

std::string ProtoEncoder::finish() {
    closeResource();
    m_records = 0;
    std::string request = m_writer.take();
    m_writer.clear();
    return request;
}

std::string encodeTracesProto(const store::StoreSnapshot& snapshot, std::span<const store::RowId> rows) {
    ProtoEncoder encoder(snapshot);
    for (const auto row : rows) encoder.add(snapshot.span(row));
    return encoder.finish();
}

std::string encodeLogsProto(const store::StoreSnapshot& snapshot, std::span<const store::RowId> rows) {
    ProtoEncoder encoder(snapshot);
    for (const auto row : rows) encoder.add(snapshot.log(row));
    return encoder.finish();
}

}  // namespace spanreel::otlp
