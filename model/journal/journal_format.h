// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace spanreel::journal {

// A journal is a file header and frames, one after the other, with nothing between them. All numbers little-endian.
// FORMAT.md beside this file says the same for readers who have no compiler.
//
//   file header, 48 bytes                      frame header, 56 bytes, then `length` bytes of payload
//   0   8  magic "SPANREEL"                    0   4  magic A5 53 52 46 ("\xA5SRF")
//   8   4  version, 1                          4   4  check: low 32 bits of XXH3-64 of bytes 8..55
//   12  4  length of this header, 48           8   4  length of the payload
//   16  16 random id of this journal           12  1  type: 1 = OTLP request, 2 = filler (others are skipped too)
//   32  8  created, ns since 1970 UTC          13  1  signal: 0 traces, 1 logs, 2 metrics
//   40  8  XXH3-64 of bytes 0..39              14  1  encoding: 0 protobuf, 1 JSON
//                                              15  1  zero
//                                              16  4  source: 0 = OTLP/gRPC, 1 = OTLP/HTTP
//                                              20  4  spans, log records or metrics kept of it; 0 = not told
//                                              24  8  sequence: 1, 2, 3… in this journal
//                                              32  8  received, ns since 1970 UTC
//                                              40  8  received, ns of the steady clock
//                                              48  8  XXH3-64 of the payload
// The header's own check lets a reader trust `length` before it has the payload, so resynchronising is linear.

constexpr std::string_view kFileMagic = "SPANREEL";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kFileHeaderSize = 48;
constexpr std::string_view kFrameMagic = "\xA5SRF";
constexpr std::size_t kFrameHeaderSize = 56;
/// A longer length in a header means damage.
constexpr std::uint32_t kMaxPayload = 64u * 1024 * 1024;

enum class FrameType : std::uint8_t {
    OtlpRequest = 1,
    Filler = 2,  ///< zeros, so that the next frame lies at a place that suits its writer
};

/// What a frame says about its payload. The journal itself does not look into payloads.
struct FrameInfo {
    FrameType type = FrameType::OtlpRequest;
    std::uint8_t signal = 0;
    std::uint8_t encoding = 0;
    std::uint32_t source = 0;
    std::uint32_t items = 0;     ///< spans, log records or metrics kept of the request; 0 = not told
    std::uint64_t sequence = 0;  ///< given by the writer
    std::uint64_t receivedUtcNs = 0;
    std::uint64_t receivedSteadyNs = 0;
    bool operator==(const FrameInfo&) const = default;
};

using FrameHeader = std::array<char, kFrameHeaderSize>;
using FileHeader = std::array<char, kFileHeaderSize>;

[[nodiscard]] FileHeader encodeFileHeader(std::string_view id16, std::uint64_t createdUtcNs);
/// True where `bytes` begins with a whole, undamaged file header of a version we read.
[[nodiscard]] bool isFileHeader(std::string_view bytes);

[[nodiscard]] std::uint64_t checksum(std::string_view bytes);

/// The checksum of bytes that come piece by piece. One thread at a time.
class RunningChecksum {
public:
    RunningChecksum();
    ~RunningChecksum();
    void add(std::string_view bytes);
    /// `checksum` of all that was added.
    [[nodiscard]] std::uint64_t value() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// A view of what a frame carries, with its checksum: made where the bytes are at hand anyway, and not while others wait.
struct FramePayload {
    template <class Bytes>
        requires std::convertible_to<const Bytes&, std::string_view>
    FramePayload(const Bytes& b) : bytes(b), check(checksum(bytes)) {}
    /// `known` must be `checksum(b)`.
    FramePayload(std::string_view b, std::uint64_t known) : bytes(b), check(known) {}
    std::string_view bytes;
    std::uint64_t check;
};

[[nodiscard]] FrameHeader encodeFrameHeader(const FrameInfo& info, const FramePayload& payload);
/// What a frame header says; false where it is damaged. `bytes` has at least kFrameHeaderSize bytes.
[[nodiscard]] bool decodeFrameHeader(std::string_view bytes, FrameInfo& info, std::uint32_t& length, std::uint64_t& payloadCheck);

}  // namespace spanreel::journal
