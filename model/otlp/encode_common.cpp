// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/otlp/encode_common.h"

#include "model/otlp/wire.h"

namespace spanreel::otlp {
namespace {

int digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

}  // namespace

IdSpelling::IdSpelling(const store::StoreSnapshot& snapshot) {
    for (const auto& source : snapshot.sources()) {
        if (m_same.size() <= source.id) m_same.resize(source.id + 1u);
        m_same[source.id] = source.kind == store::SourceKind::Receiver || source.report.format == "otlp-json" || source.report.format == "otlp-proto" ||
                            source.report.format == "spanreel-journal";
    }
}

IdSpelling::IdSpelling(const store::StoreSnapshot& snapshot, std::string_view formatPrefix) {
    for (const auto& source : snapshot.sources()) {
        if (m_same.size() <= source.id) m_same.resize(source.id + 1u);
        m_same[source.id] = source.report.format.starts_with(formatPrefix);
    }
}

IdSpelling::Texts IdSpelling::of(const store::SpanView& span) const {
    Texts texts;
    const bool asCame = original(span.source());
    if (asCame && !span.originalTraceId().empty()) texts.trace = span.originalTraceId();
    else if (!(span.marks() & store::kMarkInvalidTraceId)) texts.trace = span.traceId().toHex();
    if (asCame && !span.originalSpanId().empty()) texts.span = span.originalSpanId();
    else if (span.spanId().isValid()) texts.span = span.spanId().toHex();
    if (asCame && !span.originalParentId().empty()) texts.parent = span.originalParentId();
    else if (span.parentId().isValid()) texts.parent = span.parentId().toHex();
    return texts;
}

IdSpelling::Texts IdSpelling::of(const store::LogView& log) const {
    Texts texts;
    const bool asCame = original(log.source());
    if (asCame && !log.originalTraceId().empty()) texts.trace = log.originalTraceId();
    else if (const TraceId id = log.traceId(); id.isValid()) texts.trace = id.toHex();
    if (asCame && !log.originalSpanId().empty()) texts.span = log.originalSpanId();
    else if (log.spanId().isValid()) texts.span = log.spanId().toHex();
    return texts;
}

namespace {

/// Of the envelope something, of the message itself nothing.
bool onlyEnvelope(std::string_view schemaUrl, std::string_view unknown) {
    std::string scratch;
    return (!schemaUrl.empty() || !unknown.empty()) && ownUnknown(unknown, scratch).empty();
}

}  // namespace

bool isPresent(const store::ResourceView& r) {
    return r.id != store::kNone && !(r.attributes.empty() && r.droppedAttributes == 0 && r.entityRefs.empty() && onlyEnvelope(r.schemaUrl, r.unknown));
}

bool isPresent(const store::ScopeView& s) {
    return s.id != store::kNone && !(s.name.empty() && s.version.empty() && s.attributes.empty() && s.droppedAttributes == 0 && onlyEnvelope(s.schemaUrl, s.unknown));
}

bool hexToBytes(std::string_view hex, std::string& bytes) {
    bytes.clear();
    if (hex.size() % 2) return false;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        const int high = digit(hex[i]), low = digit(hex[i + 1]);
        if (high < 0 || low < 0) return false;
        bytes.push_back(static_cast<char>(high << 4 | low));
    }
    return true;
}

}  // namespace spanreel::otlp
