// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/notes/note_targets.h"

#include <xxhash.h>

#include <memory>

namespace spanreel::notes {

std::uint64_t logHash(const store::LogView& log) {
    const auto trace = log.traceId();
    const auto body = log.body();
    const std::uint64_t head[] = {log.bestTimeNs(), trace.high, trace.low, log.spanId().value, static_cast<std::uint64_t>(body.type), body.bits};
    const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), &XXH3_freeState);
    XXH3_64bits_reset(state.get());
    XXH3_64bits_update(state.get(), head, sizeof head);
    XXH3_64bits_update(state.get(), body.text.data(), body.text.size());
    return XXH3_64bits_digest(state.get());
}

std::optional<store::RowId> findLog(const trace::Trace& trace, const Note& note) {
    if (!note.logHash || note.trace != trace.id()) return std::nullopt;
    for (const auto& log : trace.logs()) {
        const auto view = trace.snapshot().log(log.row);
        if (view.bestTimeNs() == note.logTimeNs && logHash(view) == *note.logHash) return log.row;
    }
    return std::nullopt;
}

std::uint64_t noteTimeNs(const Note& note, const trace::Trace* trace) {
    if (note.range) return note.range->fromNs;
    if (note.logHash) return note.logTimeNs;
    if (!trace || trace->id() != note.trace) return 0;
    if (note.span)
        if (const auto node = trace->find(*note.span); node && !trace->node(*node).has(trace::kNoTime))
            return trace->startNs() + static_cast<std::uint64_t>(trace->node(*node).startNs);
    return trace->startNs();
}

}  // namespace spanreel::notes
