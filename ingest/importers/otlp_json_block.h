// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/importers/ordered_decode.h"
#include "ingest/importers/otlp_json_importer.h"
#include "ingest/json/json_splitter.h"
#include "ingest/otlp/otlp_json_records.h"
#include "model/store/batch.h"

namespace spanreel::ingest {

/// A stretch of an OTLP JSON file, read on the assumption that it begins where its first token stands: at the top level,
/// or in an array of resources of one huge document. Whether that was so is known once the block before it has been read;
/// where not, what this one gave is thrown away. What it could not read stays for the splitter, from `done` on.
class OtlpJsonBlock final : public OrderedDecode::Job {
public:
    enum class Context : std::uint8_t {
        Top,    ///< between top-level values
        Spans,  ///< before an element of resourceSpans in the top-level object
        Logs,   ///< the same of resourceLogs
    };
    struct Issue {
        ProblemCode code{};
        std::string detail;
        std::uint64_t byte = 0;  ///< from the block's beginning
        bool lost = false;
        std::uint64_t lineValues = 0;  ///< as in `passed`, up to the value it is about
        bool otherValues = false;
    };

    /// `target`: whose fronts are used, null = none. `opens`: the block begins with a top-level object that comes in parts and goes on behind the block.
    OtlpJsonBlock(std::shared_ptr<const std::string> text, Context context, bool opens, const OtlpJsonImportOptions& options, store::TraceStore* target)
        : m_text(std::move(text)), m_context(context), m_opens(opens), m_options(options), m_target(target) {}
    void run() override;

    [[nodiscard]] const std::string& text() const { return *m_text; }
    [[nodiscard]] Context context() const { return m_context; }

    // What became of it.
    store::Batch batch;
    std::vector<Issue> issues;
    std::uint64_t kept = 0, warned = 0;
    JsonSplitter::Stretch passed;  ///< the bytes read, from the block's beginning
    Context after = Context::Top;
    bool nextElement = true;  ///< in an array: the comma behind the last element has been read
    OtlpJsonRecords::Pending pending;

    /// The array that a huge document begins with, for example "resourceSpans", and where it and its first element are; an empty
    /// name where it begins in any other way.
    struct Opening {
        std::string_view key;
        std::size_t begin = 0, element = 0;
    };
    [[nodiscard]] static Opening openingOf(std::string_view text);

private:
    struct Reader;
    [[nodiscard]] std::size_t endOfValue(std::size_t at) const;
    [[nodiscard]] bool mayBeTooLarge(std::size_t at) const;
    void read(Reader& reader);
    void readTop(Reader& reader);
    void readElements(Reader& reader, std::size_t at);

    std::shared_ptr<const std::string> m_text;
    Context m_context;
    bool m_opens;
    OtlpJsonImportOptions m_options;
    store::TraceStore* m_target;
};

}  // namespace spanreel::ingest
