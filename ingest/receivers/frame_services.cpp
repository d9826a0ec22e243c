// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/receivers/frame_services.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "ingest/otlp/otlp_json_decoder.h"
#include "ingest/otlp/otlp_proto_decoder.h"

namespace spanreel::ingest {

journal::FrameServices servicesOfFrame(const journal::FrameInfo& info, std::string_view payload) {
    const journal::FrameServices unknown{{std::string(), std::max<std::uint64_t>(info.items, 1)}};
    if (info.type != journal::FrameType::OtlpRequest || info.signal > static_cast<std::uint8_t>(Signal::Logs) || info.encoding > static_cast<std::uint8_t>(store::Encoding::Json)) return unknown;
    const auto signal = static_cast<Signal>(info.signal);
    auto bytes = std::make_shared<const std::string>(payload);
    const bool json = static_cast<store::Encoding>(info.encoding) == store::Encoding::Json;
    const auto decoded = json ? decodeOtlpJson(signal, std::move(bytes)) : decodeOtlpProtobuf(signal, std::move(bytes));
    if (!decoded) return unknown;
    const store::Batch& batch = decoded->batch;
    std::vector<std::uint64_t> perResource(batch.resources.size() + 1);  // the last: without one
    const auto count = [&](std::uint32_t resource) { ++perResource[std::min<std::size_t>(resource, batch.resources.size())]; };
    for (const auto& span : batch.spans) count(span.resource);
    for (const auto& log : batch.logs) count(log.resource);
    std::map<std::string, std::uint64_t> services;
    for (std::size_t i = 0; i < perResource.size(); ++i) {
        if (perResource[i] == 0) continue;
        std::string name;
        if (i < batch.resources.size())
            for (const auto& attribute : batch.resources[i].attributes)
                if (attribute.key == "service.name" && attribute.value.type == store::ValueType::String) name = attribute.value.text;
        services[name] += perResource[i];
    }
    if (services.empty()) return unknown;
    journal::FrameServices out(services.begin(), services.end());
    std::ranges::stable_sort(out, std::greater<>(), [](const auto& service) { return service.second; });
    return out;
}

}  // namespace spanreel::ingest
