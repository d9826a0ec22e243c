// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/otlp/metrics_from_proto.h"

#include <vector>

#include "model/otlp/metrics_schema.h"

namespace spanreel::ingest {

std::uint64_t countMetrics(std::string_view request, ProtoFault& fault) {
    struct Frame {
        ProtoCursor cursor;
        otlp::MetricsMessage message;
    };
    std::vector<Frame> stack;
    std::uint64_t count = 0;
    stack.push_back({ProtoCursor(request, fault), otlp::MetricsMessage::Request});
    while (!stack.empty()) {
        Frame& frame = stack.back();
        if (!frame.cursor.next()) {
            if (fault.any()) return count;
            stack.pop_back();
            continue;
        }
        const otlp::MetricsField* field = otlp::findMetricsField(frame.message, frame.cursor.number());
        if (!field || !frame.cursor.isBytes() || field->kind != otlp::FieldKind::Message) continue;
        if (field->message == otlp::MetricsMessage::Metric) ++count;
        if (stack.size() > kMaxProtoDepth) {
            fault.set(ProblemCode::Nesting, "values", frame.cursor.begin());
            return count;
        }
        stack.push_back({ProtoCursor(frame.cursor.bytes(), fault), field->message});
    }
    return count;
}

}  // namespace spanreel::ingest
