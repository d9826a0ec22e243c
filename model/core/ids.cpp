// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/core/ids.h"

#include <array>
#include <bit>
#include <cstring>
#include <xxhash.h>

namespace spanreel {
namespace {

static_assert(std::endian::native == std::endian::little);

std::uint64_t readBigEndian(const unsigned char* p) {
    std::uint64_t v = 0;
    std::memcpy(&v, p, sizeof v);
    return __builtin_bswap64(v);
}

void writeBigEndian(std::uint64_t v, unsigned char* p) {
    for (int i = 7; i >= 0; --i) {
        p[i] = static_cast<unsigned char>(v & 0xFF);
        v >>= 8;
    }
}

void appendHex(std::uint64_t v, char* out) {
    static constexpr char kDigits[] = "0123456789abcdef";
    for (int i = 15; i >= 0; --i) {
        out[i] = kDigits[v & 15];
        v >>= 4;
    }
}

constexpr std::array<signed char, 256> kHexValue = [] {
    std::array<signed char, 256> table{};
    for (auto& v : table) v = -1;
    for (int i = 0; i < 10; ++i) table[static_cast<std::size_t>('0' + i)] = static_cast<signed char>(i);
    for (int i = 0; i < 6; ++i) {
        table[static_cast<std::size_t>('a' + i)] = static_cast<signed char>(10 + i);
        table[static_cast<std::size_t>('A' + i)] = static_cast<signed char>(10 + i);
    }
    return table;
}();

/// Reads up to 16 hex digits; false where one is not hex.
bool readHex(std::string_view text, std::uint64_t& out) {
    std::uint64_t v = 0;
    int bad = 0;
    for (const char c : text) {
        const int digit = kHexValue[static_cast<unsigned char>(c)];
        bad |= digit;
        v = v << 4 | static_cast<std::uint64_t>(digit & 15);
    }
    out = v;
    return bad >= 0;
}

}  // namespace

std::string TraceId::toHex() const {
    std::string out(32, '0');
    appendHex(high, out.data());
    appendHex(low, out.data() + 16);
    return out;
}

TraceId TraceId::fromBytes(const unsigned char* bytes16) { return {readBigEndian(bytes16), readBigEndian(bytes16 + 8)}; }

void TraceId::toBytes(unsigned char* bytes16) const {
    writeBigEndian(high, bytes16);
    writeBigEndian(low, bytes16 + 8);
}

std::optional<TraceId> TraceId::fromHex(std::string_view text) {
    if (text.empty() || text.size() > 32) return std::nullopt;
    TraceId id;
    const std::size_t lowDigits = text.size() < 16 ? text.size() : 16;
    if (!readHex(text.substr(text.size() - lowDigits), id.low) || !readHex(text.substr(0, text.size() - lowDigits), id.high)) return std::nullopt;
    return id;
}

TraceId TraceId::fromText(std::string_view text) {
    const auto hash = XXH3_128bits(text.data(), text.size());
    return {hash.high64, hash.low64};
}

std::string SpanId::toHex() const {
    std::string out(16, '0');
    appendHex(value, out.data());
    return out;
}

SpanId SpanId::fromBytes(const unsigned char* bytes8) { return {readBigEndian(bytes8)}; }

void SpanId::toBytes(unsigned char* bytes8) const { writeBigEndian(value, bytes8); }

std::optional<SpanId> SpanId::fromHex(std::string_view text) {
    SpanId id;
    if (text.empty() || text.size() > 16 || !readHex(text, id.value)) return std::nullopt;
    return id;
}

SpanId SpanId::fromText(std::string_view text) { return {XXH3_64bits(text.data(), text.size())}; }

}  // namespace spanreel
