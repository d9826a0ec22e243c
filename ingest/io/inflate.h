// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "model/core/result.h"

namespace spanreel::ingest {

enum class Compression : std::uint8_t { None, Gzip, Zstd };

/// Judged by the first bytes (4 suffice).
[[nodiscard]] Compression compressionOf(std::string_view head);

/// How many bytes a gzip body says it inflates to (of its last member, modulo 2^32). A hint: it may lie.
[[nodiscard]] std::size_t gzipSize(std::string_view bytes);

/// Inflates a whole gzip body (several members are one body). At most `bound` bytes come out.
/// Errors: BadCompression with detail "gzip: not gzip", "gzip: truncated", "gzip: CRC mismatch", "gzip: <other>";
/// Limit with detail where more than `bound` bytes would come. Thread-safe.
[[nodiscard]] Result<std::string> inflateGzip(std::string_view bytes, std::size_t bound);

/// Inflates a stream piece by piece; what comes out goes to `out` in chunks. Stops with Limit where the output is over
/// 64 MiB and over 1000 times the input so far. One layer only. Not thread-safe.
class Inflater {
public:
    /// Receives inflated bytes; false = stop (cancelled), no error.
    using Output = std::function<bool(std::string_view)>;
    [[nodiscard]] static std::unique_ptr<Inflater> create(Compression compression);
    virtual ~Inflater() = default;
    /// Feeds compressed bytes.
    [[nodiscard]] virtual Result<void> feed(std::string_view bytes, const Output& out) = 0;
    /// The compressed bytes have ended: an error where they ended inside a member or frame, or where there was something
    /// behind the last that is neither another nor padding.
    [[nodiscard]] virtual Result<void> finish() = 0;
    /// So many bytes that came out are of members or frames whose end and checksum were seen.
    [[nodiscard]] virtual std::uint64_t verified() const { return 0; }
};

}  // namespace spanreel::ingest
