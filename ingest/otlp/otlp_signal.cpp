// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/otlp/otlp_signal.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "model/core/text.h"
#include "model/otlp/wire.h"

namespace spanreel::ingest {
namespace {

using otlp::WireCursor;
using otlp::WireField;

constexpr std::size_t kRecordsJudged = 16;  ///< at most
constexpr int kClearLead = 40;              ///< points; a few usual records have them
constexpr int kOnlyOne = 4, kPlausible = 1, kImplausible = -2, kOtherType = -4;
constexpr std::size_t kNumbers = 17;
constexpr std::size_t kSignals = 3;  ///< in the order of Signal

/// Wire types of the fields of Span, LogRecord and Metric by their numbers; -1 = it has none.
constexpr std::array<std::array<int, kNumbers>, kSignals> kTypes{{
    {-1, 2, 2, 2, 2, 2, 0, 1, 1, 2, 0, 2, 0, 2, 0, 2, 5},
    {-1, 1, 0, 2, -1, 2, 2, 0, 5, 2, 2, 1, 2, -1, -1, -1, -1},
    {-1, 2, 2, 2, -1, 2, -1, 2, -1, 2, 2, 2, 2, -1, -1, -1, -1},
}};

bool isText(std::string_view bytes) {
    return std::ranges::none_of(bytes, [](char c) { return c >= 0 && c < 0x20 && c != '\t' && c != '\n' && c != '\r'; }) && isValidUtf8(bytes);
}
bool isId(std::string_view bytes, std::size_t size) { return bytes.empty() || bytes.size() == size; }

/// True where all fields are well-formed and `fits` each.
template <class F>
bool allFields(std::string_view message, F&& fits) {
    WireCursor cursor(message);
    for (WireField f; cursor.next(f);)
        if (!fits(f)) return false;
    return !cursor.malformed();
}

bool isAnyValue(std::string_view bytes) {
    return allFields(bytes, [](const WireField& f) {
        constexpr std::array<std::uint32_t, 8> types{9, 2, 0, 0, 1, 2, 2, 2};
        return f.number < types.size() && f.type == types[f.number];
    });
}
bool isKeyValue(std::string_view bytes) {
    return allFields(bytes, [](const WireField& f) { return f.is(1, 2) ? isText(f.bytes) : f.is(2, 2) ? isAnyValue(f.bytes) : f.number > 2; });
}
/// Gauge, Histogram, ExponentialHistogram, Summary: data points, each with a time or a number of 8 bytes, then varints.
bool isPoints(std::string_view bytes) {
    return allFields(bytes, [](const WireField& f) {
        if (!f.is(1, 2)) return f.type == 0;
        bool fixed = f.bytes.empty();
        return allFields(f.bytes, [&](const WireField& g) { return fixed |= g.type == 1, true; }) && fixed;
    });
}
bool isEvent(std::string_view bytes) {
    return allFields(bytes, [](const WireField& f) { return f.number > 4 || f.type == std::array{9u, 1u, 2u, 2u, 0u}[f.number]; });
}

/// Whether the content of a field that several of the three have is what it would be in this one.
bool isPlausible(std::size_t signal, const WireField& f) {
    switch (signal << 8 | f.number) {
        case 0 << 8 | 1: return isId(f.bytes, 16);  // trace_id
        case 0 << 8 | 2: return isId(f.bytes, 8);   // span_id
        case 0 << 8 | 9: return isKeyValue(f.bytes);
        case 0 << 8 | 11: return isEvent(f.bytes);
        case 1 << 8 | 5: return isAnyValue(f.bytes);  // body
        case 1 << 8 | 9: return isId(f.bytes, 16);
        case 1 << 8 | 10: return isId(f.bytes, 8);
        case 2 << 8 | 5:
        case 2 << 8 | 9:
        case 2 << 8 | 10:
        case 2 << 8 | 11: return isPoints(f.bytes);
        case 2 << 8 | 12: return isKeyValue(f.bytes);  // metadata
        default: return isText(f.bytes);
    }
}

/// What the fields of one record say about which of the three it is. Of a repeated field the first speaks.
void judgeRecord(std::string_view record, std::array<int, kSignals>& points) {
    std::uint64_t seen[3] = {};  // by number and type
    WireCursor cursor(record);
    for (WireField f; cursor.next(f);) {
        if (f.number >= kNumbers) continue;
        const std::uint32_t bit = f.number * 8 + f.type;
        if (seen[bit / 64] >> bit % 64 & 1) continue;
        seen[bit / 64] |= std::uint64_t{1} << bit % 64;
        const auto fits = [&](std::size_t signal) { return kTypes[signal][f.number] == static_cast<int>(f.type); };
        const bool only = fits(0) + fits(1) + fits(2) == 1;
        for (std::size_t signal = 0; signal < kSignals; ++signal) {
            if (fits(signal)) points[signal] += only ? kOnlyOne : isPlausible(signal, f) ? kPlausible : kImplausible;
            else if (kTypes[signal][f.number] >= 0) points[signal] += kOtherType;
        }
    }
}

bool clear(std::array<int, kSignals> points) {
    std::ranges::sort(points, std::greater<>());
    return points[0] - points[1] >= kClearLead;
}

/// The next field of an envelope. `cut`: one that reaches past the end comes as far as it goes.
bool nextOf(WireCursor& cursor, WireField& field, bool cut) {
    std::string_view rest = cursor.rest();
    if (cursor.next(field)) return true;
    std::uint64_t tag = 0, length = 0;
    if (!cut || !otlp::readVarint(rest, tag) || (tag & 7) != 2 || !otlp::readVarint(rest, length) || length <= rest.size()) return false;
    field = {static_cast<std::uint32_t>(tag >> 3), 2, 0, rest, rest};
    return true;
}

std::optional<Signal> judge(std::string_view request, bool cut) {
    std::array<int, kSignals> points{};
    std::size_t records = 0;
    const auto decided = [&] { return records >= kRecordsJudged || clear(points); };
    WireCursor top(request);
    for (WireField envelope; !decided() && nextOf(top, envelope, cut);) {
        if (!envelope.is(1, 2)) continue;
        WireCursor resources(envelope.bytes);
        for (WireField scopes; !decided() && nextOf(resources, scopes, cut);) {
            if (!scopes.is(2, 2)) continue;
            WireCursor all(scopes.bytes);
            for (WireField record; !decided() && all.next(record);) {
                if (!record.is(2, 2)) continue;
                ++records;
                judgeRecord(record.bytes, points);
            }
        }
    }
    if (points == std::array<int, kSignals>{} || (cut && !decided())) return std::nullopt;
    // The first of equals: traces before logs before metrics.
    return static_cast<Signal>(std::ranges::max_element(points) - points.begin());
}

}  // namespace

std::optional<Signal> judgeOtlpSignal(std::string_view request) { return judge(request, false); }
std::optional<Signal> judgeOtlpSignalBeginning(std::string_view beginning) { return judge(beginning, true); }

}  // namespace spanreel::ingest
