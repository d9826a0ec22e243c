// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/pick_trace.h"

namespace spanreel::app {

Result<TraceId> pickTrace(const store::SnapshotPtr& snapshot, const std::string& text) {
    const auto hasSpans = [&](TraceId id) {
        const auto index = snapshot->findTrace(id);
        return index && snapshot->trace(*index).spanCount > 0;
    };
    if (text == "largest") {
        std::optional<std::uint32_t> largest;
        for (std::uint32_t t = 0; t < snapshot->traceCount(); ++t)
            if (snapshot->trace(t).spanCount > (largest ? snapshot->trace(*largest).spanCount : 0)) largest = t;
        if (!largest) return fail(ProblemCode::NoSuchTrace, "(the input holds no trace)");
        return snapshot->trace(*largest).id;
    }
    if (!text.empty()) {
        if (const auto id = TraceId::fromHex(text); id && hasSpans(*id)) return *id;
        if (const auto id = TraceId::fromText(text); hasSpans(id)) return id;
        return fail(ProblemCode::NoSuchTrace, text);
    }
    std::optional<TraceId> only;
    std::size_t traces = 0;
    std::string choices;
    for (std::uint32_t t = 0; t < snapshot->traceCount(); ++t) {
        if (!snapshot->trace(t).spanCount) continue;
        only = snapshot->trace(t).id;
        if (++traces <= 5) choices += " " + only->toHex();
    }
    if (traces == 0) return fail(ProblemCode::NoSuchTrace, "(the input holds no trace)");
    if (traces > 1) return fail(ProblemCode::Usage, "choose one of " + std::to_string(traces) + " traces with --trace:" + choices + (traces > 5 ? " ..." : ""));
    return *only;
}

}  // namespace spanreel::app
