// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/journal/journal_format.h"

#include <algorithm>
#define XXH_STATIC_LINKING_ONLY  // for the size of a running checksum
#include <xxhash.h>

#include <cstring>

namespace spanreel::journal {
namespace {

void put(char* at, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) at[i] = static_cast<char>(value >> (8 * i));
}

std::uint64_t take(const char* at, int bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) value |= static_cast<std::uint64_t>(static_cast<unsigned char>(at[i])) << (8 * i);
    return value;
}

}  // namespace

std::uint64_t checksum(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

struct RunningChecksum::State {
    XXH3_state_t hash;
};

RunningChecksum::RunningChecksum() : m_state(std::make_unique<State>()) { XXH3_64bits_reset(&m_state->hash); }

RunningChecksum::~RunningChecksum() = default;

void RunningChecksum::add(std::string_view bytes) { XXH3_64bits_update(&m_state->hash, bytes.data(), bytes.size()); }

std::uint64_t RunningChecksum::value() const { return XXH3_64bits_digest(&m_state->hash); }

FileHeader encodeFileHeader(std::string_view id16, std::uint64_t createdUtcNs) {
    FileHeader out{};
    std::memcpy(out.data(), kFileMagic.data(), 8);
    put(out.data() + 8, kVersion, 4);
    put(out.data() + 12, kFileHeaderSize, 4);
    std::ranges::copy(id16.substr(0, 16), out.data() + 16);
    put(out.data() + 32, createdUtcNs, 8);
    put(out.data() + 40, checksum({out.data(), 40}), 8);
    return out;
}

bool isFileHeader(std::string_view bytes) {
    return bytes.size() >= kFileHeaderSize && bytes.substr(0, 8) == kFileMagic && take(bytes.data() + 8, 4) == kVersion &&
           take(bytes.data() + 40, 8) == checksum(bytes.substr(0, 40));
}

FrameHeader encodeFrameHeader(const FrameInfo& info, const FramePayload& payload) {
    FrameHeader out{};
    char* p = out.data();
    std::memcpy(p, kFrameMagic.data(), 4);
    put(p + 8, payload.bytes.size(), 4);
    p[12] = static_cast<char>(info.type);
    p[13] = static_cast<char>(info.signal);
    p[14] = static_cast<char>(info.encoding);
    put(p + 16, info.source, 4);
    put(p + 20, info.items, 4);
    put(p + 24, info.sequence, 8);
    put(p + 32, info.receivedUtcNs, 8);
    put(p + 40, info.receivedSteadyNs, 8);
    put(p + 48, payload.check, 8);
    put(p + 4, checksum({p + 8, kFrameHeaderSize - 8}), 4);
    return out;
}

bool decodeFrameHeader(std::string_view bytes, FrameInfo& info, std::uint32_t& length, std::uint64_t& payloadCheck) {
    const char* p = bytes.data();
    if (bytes.substr(0, 4) != kFrameMagic) return false;
    if (take(p + 4, 4) != (checksum(bytes.substr(8, kFrameHeaderSize - 8)) & 0xFFFFFFFFu)) return false;
    length = static_cast<std::uint32_t>(take(p + 8, 4));
    if (length > kMaxPayload) return false;
    info.type = static_cast<FrameType>(p[12]);
    info.signal = static_cast<std::uint8_t>(p[13]);
    info.encoding = static_cast<std::uint8_t>(p[14]);
    info.source = static_cast<std::uint32_t>(take(p + 16, 4));
    info.items = static_cast<std::uint32_t>(take(p + 20, 4));
    info.sequence = take(p + 24, 8);
    info.receivedUtcNs = take(p + 32, 8);
    info.receivedSteadyNs = take(p + 40, 8);
    payloadCheck = take(p + 48, 8);
    return true;
}

}  // namespace spanreel::journal
