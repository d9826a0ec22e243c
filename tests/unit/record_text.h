// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/store/snapshot.h"

namespace spanreel::test {

/// Every field of a record as text (with the bytes of its texts as they are), written alike from what goes into a store (records of a batch) and from what comes out
/// (rows of a snapshot): equal texts are equal records. Source and trace are not part of it; a trace the store made up
/// reads "made up".
class RecordText {
public:
    static std::string of(const store::SpanRecord& s, const store::Batch& b) {
        RecordText t;
        const auto marks = s.marks | (s.traceId.isValid() ? 0 : store::kMarkInvalidTraceId) | (s.spanId.isValid() ? 0 : store::kMarkInvalidSpanId);
        t.span(marks & store::kMarkInvalidTraceId ? "made up" : s.traceId.toHex(), s.spanId, s.parentId, s.startNs, s.endNs, s.name, s.kind, s.status, s.flags, marks, s.rare().traceState, s.rare().statusMessage,
               s.rare().droppedAttributes, s.rare().droppedEvents, s.rare().droppedLinks, s.rare().unknown, s.rare().originalTraceId, s.rare().originalSpanId, s.rare().originalParentId, s.attributes);
        for (const auto& e : s.events) t.event(e);
        for (const auto& l : s.links) t.link(l);
        t.emitter(s.resource == store::kNone ? nullptr : &b.resources[s.resource], s.scope == store::kNone ? nullptr : &b.scopes[s.scope]);
        return std::move(t.m_out);
    }
    static std::string of(const store::SpanView& s) {
        RecordText t;
        t.span(s.marks() & store::kMarkInvalidTraceId ? "made up" : s.traceId().toHex(), s.spanId(), s.parentId(), s.startNs(), s.endNs(), s.name(), s.kind(), s.status(), s.flags(), s.marks(),
               s.traceState(), s.statusMessage(), s.droppedAttributes(), s.droppedEvents(), s.droppedLinks(), s.unknown(), s.originalTraceId(), s.originalSpanId(), s.originalParentId(),
               s.attributes());
        for (std::size_t i = 0; i < s.eventCount(); ++i) t.event(s.event(i));
        for (std::size_t i = 0; i < s.linkCount(); ++i) t.link(s.link(i));
        t.emitterOf(s);
        return std::move(t.m_out);
    }
    static std::string of(const store::LogRecordData& l, const store::Batch& b) {
        RecordText t;
        t.log(l.timeNs, l.observedNs, l.traceId, l.spanId, l.severity, l.severityText, l.body, l.eventName, l.droppedAttributes, l.flags, l.marks, l.unknown, l.originalTraceId, l.originalSpanId,
              l.attributes);
        t.emitter(l.resource == store::kNone ? nullptr : &b.resources[l.resource], l.scope == store::kNone ? nullptr : &b.scopes[l.scope]);
        return std::move(t.m_out);
    }
    static std::string of(const store::LogView& l) {
        RecordText t;
        t.log(l.timeNs(), l.observedNs(), l.traceId(), l.spanId(), l.severity(), l.severityText(), l.body(), l.eventName(), l.droppedAttributes(), l.flags(), l.marks(), l.unknown(),
              l.originalTraceId(), l.originalSpanId(), l.attributes());
        t.emitterOf(l);
        return std::move(t.m_out);
    }

private:
    void number(std::uint64_t n) { m_out += std::to_string(n) + ' '; }
    void raw(std::string_view bytes) {
        m_out += std::to_string(bytes.size());
        (m_out += ':').append(bytes) += ' ';
    }
    void value(const store::Value& v) {
        m_out += "t" + std::to_string(static_cast<int>(v.type)) + '/';
        number(v.bits);
        raw(v.text);
    }
    template <class Range>
    void attributes(const Range& range) {
        m_out += "{ ";
        for (const store::Attribute& a : range) {
            raw(a.key);
            value(a.value);
        }
        m_out += "} ";
    }
    template <class Attributes>
    void span(const std::string& trace, SpanId id, SpanId parent, std::uint64_t start, std::uint64_t end, std::string_view name, std::int32_t kind, std::int32_t status, std::uint32_t flags, int marks,
              std::string_view state, std::string_view message, std::uint32_t droppedA, std::uint32_t droppedE, std::uint32_t droppedL, std::string_view unknown, std::string_view originalTrace,
              std::string_view originalSpan, std::string_view originalParent, const Attributes& list) {
        m_out += "span " + trace + ' ' + id.toHex() + ' ' + parent.toHex() + ' ';
        number(start), number(end);
        raw(name);
        m_out += std::to_string(kind) + ' ' + std::to_string(status) + ' ';
        number(flags), number(static_cast<std::uint64_t>(marks));
        m_out += "state ", raw(state);
        m_out += "message ", raw(message);
        number(droppedA), number(droppedE), number(droppedL);
        m_out += "unknown ", raw(unknown);
        m_out += "originals ", raw(originalTrace), raw(originalSpan), raw(originalParent);
        attributes(list);
    }
    template <class Event>
    void event(const Event& e) {
        m_out += "\n event ";
        number(e.timeNs);
        raw(e.name);
        number(e.droppedAttributes);
        attributes(e.attributes);
        m_out += "unknown ", raw(e.unknown);
    }
    template <class Link>
    void link(const Link& l) {
        m_out += "\n link " + l.traceId.toHex() + ' ' + l.spanId.toHex() + ' ';
        raw(l.traceState);
        number(l.droppedAttributes), number(l.flags);
        attributes(l.attributes);
        m_out += "unknown ", raw(l.unknown);
    }
    template <class Attributes>
    void log(std::uint64_t time, std::uint64_t observed, TraceId trace, SpanId span, std::int32_t severity, std::string_view severityText, const store::Value& body, std::string_view eventName,
             std::uint32_t dropped, std::uint32_t flags, std::uint16_t marks, std::string_view unknown, std::string_view originalTrace, std::string_view originalSpan, const Attributes& list) {
        m_out += "log " + trace.toHex() + ' ' + span.toHex() + ' ';
        number(time), number(observed);
        m_out += std::to_string(severity) + ' ';
        raw(severityText);
        value(body);
        m_out += "event ", raw(eventName);
        number(dropped), number(flags), number(marks);
        m_out += "unknown ", raw(unknown);
        m_out += "originals ", raw(originalTrace), raw(originalSpan);
        attributes(list);
    }
    template <class Resource, class Scope>
    void emitter(const Resource* r, const Scope* s) {
        m_out += "\n resource ";
        if (r) {
            attributes(r->attributes);
            number(r->droppedAttributes);
            raw(r->schemaUrl), m_out += "entities ", raw(r->entityRefs), m_out += "unknown ", raw(r->unknown);
        } else {
            m_out += "none";
        }
        m_out += "\n scope ";
        if (s) {
            raw(s->name), m_out += "version ", raw(s->version);
            attributes(s->attributes);
            number(s->droppedAttributes);
            m_out += "url ", raw(s->schemaUrl), m_out += "unknown ", raw(s->unknown);
        } else {
            m_out += "none";
        }
    }
    template <class View>
    void emitterOf(const View& view) {
        const auto r = view.resource();
        const auto s = view.scope();
        emitter(view.resourceId() == store::kNone ? nullptr : &r, view.scopeId() == store::kNone ? nullptr : &s);
    }

    std::string m_out;
};

}  // namespace spanreel::test
