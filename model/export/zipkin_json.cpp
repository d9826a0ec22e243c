// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/export/zipkin_json.h"

#include <algorithm>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include <arpa/inet.h>

#include "model/core/text.h"
#include "model/otlp/json_text.h"
#include "model/otlp/value_walk.h"

namespace spanreel::exporting {
namespace {

using otlp::JsonWriter;
using store::ValueType;

constexpr const char* kKinds[] = {nullptr, nullptr, "SERVER", "CLIENT", "PRODUCER", "CONSUMER"};

class ZipkinWriter {
public:
    ZipkinWriter(const store::StoreSnapshot& snapshot, otlp::LossCount& losses) : m_ids(snapshot, "zipkin"), m_losses(losses) {}

    std::string span(const store::SpanView& span) {
        // Zipkin has no flags: one that is sampled looks like one that says nothing of it.
        countCommonLosses(span, 0, m_losses);
        const FreeIds ids = freeIds(span, m_ids, Halves::Sharing);
        const Fields fields = fieldsOf(span);
        m_json.clear();
        m_json.beginObject();
        m_json.key("traceId");
        m_json.string(ids.trace);
        m_json.key("id");
        m_json.string(ids.span.empty() ? "0000000000000000" : std::string_view(ids.span));
        if (!ids.parent.empty()) {
            m_json.key("parentId");
            m_json.string(ids.parent);
        }
        m_json.key("name");
        m_json.string(span.name());
        if (span.kind() >= 2 && span.kind() <= 5) {
            m_json.key("kind");
            m_json.quoted(kKinds[span.kind()]);
        } else if (span.kind() == 1) m_losses.add("the span kind INTERNAL");
        m_json.key("timestamp");
        m_json.unsignedNumber(span.startNs() / 1000);
        // A duration of 0 is not allowed; the shortest is 1.
        if (span.endNs() > span.startNs()) {
            m_json.key("duration");
            m_json.number(std::max<std::int64_t>(1, durationMicros(span)));
        }
        endpoint("localEndpoint", fields.local);
        endpoint("remoteEndpoint", fields.remote);
        annotations(span);
        tags(span, fields);
        flag("debug", fields.debug);
        flag("shared", fields.shared || ids.shared);
        m_json.endObject();
        if (span.linkCount()) m_losses.add("links", span.linkCount());
        return m_json.take();
    }

private:
    struct Endpoint {
        std::string_view service, address;
        bool isV6 = false;
        std::int64_t port = 0;
    };
    /// What the importer makes of Zipkin's own fields, turned back: attributes that become fields, and their keys.
    struct Fields {
        Endpoint local, remote;
        bool debug = false, shared = false;
        std::vector<std::string_view> keys;
    };

    static Fields fieldsOf(const store::SpanView& span) {
        Fields fields;
        const auto attributes = span.attributes();
        const auto address = [&](std::string_view key, Endpoint& endpoint) {
            const std::string text(attributes.text(key));
            in6_addr bytes;
            endpoint.isV6 = inet_pton(AF_INET6, text.c_str(), &bytes) == 1;
            if (!endpoint.isV6 && inet_pton(AF_INET, text.c_str(), &bytes) != 1) return;
            endpoint.address = attributes.text(key);
            fields.keys.push_back(key);
        };
        const auto port = [&](std::string_view key, Endpoint& endpoint) {
            const auto value = attributes.find(key);
            if (!value || value->type != ValueType::Int || value->asInt() <= 0 || value->asInt() > 65535) return;
            endpoint.port = value->asInt();
            fields.keys.push_back(key);
        };
        const auto flag = [&](std::string_view key) {
            const auto value = attributes.find(key);
            const bool set = value && value->type == ValueType::Bool && value->asBool();
            if (set) fields.keys.push_back(key);
            return set;
        };
        const bool serving = span.kind() == 2 || span.kind() == 5;
        fields.local.service = span.serviceName();
        address("network.local.address", fields.local);
        port("network.local.port", fields.local);
        if (fields.remote.service = attributes.text("peer.service"); !fields.remote.service.empty()) fields.keys.push_back("peer.service");
        address(serving ? "client.address" : "server.address", fields.remote);
        port(serving ? "client.port" : "server.port", fields.remote);
        fields.debug = flag("zipkin.debug");
        fields.shared = flag("zipkin.shared");
        return fields;
    }
    void endpoint(std::string_view name, const Endpoint& endpoint) {
        if (endpoint.service.empty() && endpoint.address.empty() && endpoint.port == 0) return;
        m_json.key(name);
        m_json.beginObject();
        if (!endpoint.service.empty()) {
            m_json.key("serviceName");
            m_json.string(endpoint.service);
        }
        if (!endpoint.address.empty()) {
            m_json.key(endpoint.isV6 ? "ipv6" : "ipv4");
            m_json.string(endpoint.address);
        }
        if (endpoint.port) {
            m_json.key("port");
            m_json.number(endpoint.port);
        }
        m_json.endObject();
    }
    void flag(std::string_view name, bool set) {
        if (!set) return;
        m_json.key(name);
        m_json.boolean(true);
    }

    void annotations(const store::SpanView& span) {
        if (span.eventCount() == 0) return;
        m_json.key("annotations");
        m_json.beginArray();
        for (std::size_t i = 0; i < span.eventCount(); ++i) {
            const auto event = span.event(i);
            m_json.beginObject();
            m_json.key("timestamp");
            m_json.unsignedNumber(event.timeNs / 1000);
            m_json.key("value");
            if (event.attributes.empty()) m_json.string(event.name);
            else {
                m_losses.add("attributes of events (written into the annotation's text)");
                std::string text(event.name);
                text += ':';
                for (const auto attribute : event.attributes) {
                    text += ' ';
                    text += attribute.key;
                    text += '=';
                    text += otlp::valueToJson(attribute.value);
                }
                m_json.string(text);
            }
            m_json.endObject();
        }
        m_json.endArray();
    }

    void tag(std::string_view key, std::string_view text) {
        if (!m_tags.insert(std::string(key)).second) {
            m_losses.add("repeated keys");
            return;
        }
        if (key == "error") m_errorTag = text;
        m_json.key(key);
        m_json.string(text);
    }
    /// An attribute, unless Zipkin would take it for something else.
    void attribute(const store::SpanView& span, const store::Attribute& attribute) {
        const auto& [key, value] = attribute;
        const bool isText = value.type == ValueType::String;
        const std::string text = isText ? std::string(value.text) : value.type == ValueType::Empty ? std::string() : otlp::valueToJson(value);
        if (key == "error" && span.status() != 2 && asciiLower(text) != "false") return m_losses.add(kErrorTagLoss);
        if (isFieldTag(key, text)) return m_losses.add(kFieldTagLoss);
        if (!isText) m_losses.add("types of attributes other than string");
        tag(key, text);
    }

    void tags(const store::SpanView& span, const Fields& fields) {
        m_tags.clear();
        m_errorTag.reset();
        m_json.key("tags");
        m_json.beginObject();
        for (const auto each : span.attributes()) {
            const bool isField = std::find(fields.keys.begin(), fields.keys.end(), each.key) != fields.keys.end();
            if (!isField || !m_tags.insert(std::string(each.key)).second) attribute(span, each);
        }
        forEachResourceAttribute(span, m_losses, [&](const store::Attribute& each) {
            m_losses.add("attributes of resources (written as tags)");
            attribute(span, each);
        });
        if (span.scopeId() != store::kNone) {
            if (!span.scope().name.empty()) tag("otel.scope.name", span.scope().name);
            if (!span.scope().version.empty()) tag("otel.scope.version", span.scope().version);
        }
        status(span);
        if (!span.traceState().empty()) m_losses.add("trace states");
        m_json.endObject();
    }

    /// An error's tag `error` tells its message. An attribute of that name stays as it is: what it does not say, and the message of
    /// another status, stands in tags of OpenTelemetry's.
    void status(const store::SpanView& span) {
        const std::string_view message = span.statusMessage();
        const bool isError = span.status() == 2;
        if (span.status() == 1) tag("otel.status_code", "OK");
        if (isError && (!m_errorTag || asciiLower(*m_errorTag) == "false")) tag("otel.status_code", "ERROR");
        if (isError && !m_errorTag) tag("error", message.empty() ? "true" : message);
        std::string read;  // what comes back as the message
        if (isError && asciiLower(*m_errorTag) != "true" && asciiLower(*m_errorTag) != "false") read = *m_errorTag;
        if (message == read) return;
        if (message.empty()) return m_losses.add("errors without a message (Zipkin takes their attribute error for it)");
        tag("otel.status_description", message);
    }

    otlp::IdSpelling m_ids;
    otlp::LossCount& m_losses;
    JsonWriter m_json;
    std::unordered_set<std::string> m_tags;  ///< written on the span at hand
    std::optional<std::string> m_errorTag;   ///< text of the tag `error` among them
};

}  // namespace

void writeZipkinJson(const store::StoreSnapshot& snapshot, const TextSink& out, otlp::LossCount& losses) {
    ZipkinWriter writer(snapshot, losses);
    bool first = true;
    out("[");
    snapshot.forEachSpan([&](const store::SpanView& span) {
        out(first ? "\n" : ",\n");
        first = false;
        out(writer.span(span));
    });
    out("\n]\n");
    countOtherSignals(snapshot, losses);
}

}  // namespace spanreel::exporting
