// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "ingest/io/deflate.h"
#include "model/core/result.h"

namespace spanreel::app {

/// A file of a command's output, or standard output for "-". Written beside its name and renamed by `commit`, so that a
/// failure leaves what was there; without `commit` nothing stays. A name that is no regular file (a device, a pipe) is
/// written directly. Write errors are kept and told by `commit`. One thread.
class OutputFile {
public:
    /// `compression` by the caller's choice, usually `compressionOfName`.
    [[nodiscard]] static Result<std::unique_ptr<OutputFile>> open(const std::string& path, ingest::Compression compression);
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    void write(std::string_view bytes);
    [[nodiscard]] Result<void> commit();
    [[nodiscard]] bool failed() const { return m_error.code != ProblemCode::None; }

private:
    OutputFile() = default;
    void put(std::string_view bytes);

    std::string m_path, m_temporary;
    std::unique_ptr<ingest::Deflater> m_deflater;
    std::string m_buffer;
    Error m_error;
    int m_fd = -1;
};

/// ".gz" and ".zst".
[[nodiscard]] ingest::Compression compressionOfName(std::string_view path);

}  // namespace spanreel::app
