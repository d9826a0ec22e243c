// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "ingest/io/inflate.h"
#include "model/core/result.h"

namespace spanreel::ingest {

/// Compresses a stream piece by piece into one gzip member or one zstd frame; `None` hands the bytes on as they are.
/// What comes out goes to `out`. Not thread-safe.
class Deflater {
public:
    using Output = std::function<void(std::string_view)>;
    [[nodiscard]] static std::unique_ptr<Deflater> create(Compression compression);
    virtual ~Deflater() = default;
    [[nodiscard]] virtual Result<void> feed(std::string_view bytes, const Output& out) = 0;
    /// Writes what is left and the end mark. Nothing may be fed afterwards.
    [[nodiscard]] virtual Result<void> finish(const Output& out) = 0;
};

}  // namespace spanreel::ingest
