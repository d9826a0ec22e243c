// SPDX-License-Identifier: GPL-3.0-or-later
// The splitter (any chunking, pieces are stretches of the input) and the reader (agrees with another one).
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <unordered_map>
#include <vector>

#include "ingest/json/json_splitter.h"
#include "ingest/json/json_value.h"
#include "model/core/text.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/fuzz_targets.h"
#include "tests/unit/draw.h"

namespace spanreel::fuzz {
namespace {

using namespace ingest;

const SplitRule& spansRule() {
    static const SplitRule rule{"", 1, false, {{"resourceSpans", 2, false, {{"*", 3, false, {{"scopeSpans", 4, false, {{"*", 5, false, {{"spans", 6, false, {{"*", 7}}}}}}}}}}}, {"data", 8, true, {{"*", 9}}}}};
    return rule;
}

/// Writes down what the splitter tells and checks it against the input.
class Pieces final : public SplitHandler {
public:
    explicit Pieces(std::string_view input, bool refuseBroken) : m_input(input), m_refuse(refuseBroken) {}
    JsonSplitter* splitter = nullptr;
    std::string text;

    bool value(const JsonPiece& piece) override {
        require(piece.offset <= m_input.size() && m_input.substr(piece.offset, piece.bytes.size()) == piece.bytes, "a piece that is no stretch of the input");
        require(!piece.bytes.empty(), "an empty piece");
        std::uint64_t line = splitter->lineAt(piece.offset);
        require(line == static_cast<std::uint64_t>(std::count(m_input.begin(), m_input.begin() + static_cast<std::ptrdiff_t>(piece.offset), '\n')) + 1, "a wrong line");
        const bool good = !m_refuse || JsonDocument::parse(piece.bytes, {.allowControls = true}).ok();
        text += "value " + std::to_string(piece.tag) + ' ' + std::to_string(piece.offset) + '+' + std::to_string(piece.bytes.size()) + ' ' + std::string(piece.key) + (piece.openable ? " openable" : "") + (good ? "\n" : " refused\n");
        return good;
    }
    void open(int tag, std::uint64_t offset) override {
        ++m_depth;
        text += "open " + std::to_string(tag) + ' ' + std::to_string(offset) + "\n";
    }
    void close(int tag) override {
        require(m_depth-- > 0, "closed what was not open");
        text += "close " + std::to_string(tag) + "\n";
    }
    void bad(const BadStretch& s) override {
        require(s.offset <= m_input.size() && s.end <= m_input.size(), "a bad stretch outside the input");
        static_cast<void>(splitter->lineAt(s.offset));
        text += "bad " + std::to_string(static_cast<int>(s.kind)) + ' ' + std::to_string(s.offset) + '-' + std::to_string(s.end) + ' ' + s.message + (s.inLines ? " lines" : "") + "\n";
    }
    void finished() const { require(m_depth == 0, "not all that was opened was closed"); }

private:
    std::string_view m_input;
    bool m_refuse;
    int m_depth = 0;
};

template <class NextChunk>
std::string split(std::string_view bytes, SplitLimits limits, bool refuseBroken, NextChunk&& nextChunk) {
    Pieces pieces(bytes, refuseBroken);
    JsonSplitter splitter(spansRule(), pieces, limits);
    pieces.splitter = &splitter;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t size = std::min<std::size_t>(bytes.size() - at, nextChunk());
        const auto chunk = std::make_unique_for_overwrite<char[]>(size);
        std::copy_n(bytes.data() + at, size, chunk.get());
        splitter.feed({chunk.get(), size});
        at += size;
    }
    splitter.finish();
    pieces.finished();
    require(splitter.bytesFed() == bytes.size(), "bytes fed");
    return std::move(pieces.text);
}

/// Both documents hold the same.
void requireEqualJson(JsonValue ours, simdjson::dom::element theirs) {
    struct Pair {
        JsonValue ours;
        simdjson::dom::element theirs;
    };
    std::vector<Pair> todo{{ours, theirs}};
    while (!todo.empty()) {
        const auto [a, b] = todo.back();
        todo.pop_back();
        using simdjson::dom::element_type;
        switch (b.type()) {
            case element_type::NULL_VALUE: require(a.exists() && a.isNull(), "not null"); break;
            case element_type::BOOL: require(a.isBool() && a.asBool() == bool(b), "another boolean"); break;
            case element_type::STRING: require(a.isString() && a.asString() == std::string_view(b), "another string"); break;
            case element_type::INT64: require(a.isNumber() && a.asInt64() == std::int64_t(b), "another integer"); break;
            case element_type::UINT64: require(a.isNumber() && a.asUint64() == std::uint64_t(b), "another large integer"); break;
            case element_type::DOUBLE: require(a.isNumber() && a.asDouble() == double(b), "another number"); break;
            case element_type::ARRAY: {
                const simdjson::dom::array array(b);
                require(a.isArray() && a.size() == array.size(), "another array");
                auto it = array.begin();
                for (const auto item : a.items()) todo.push_back({item, *it}), ++it;
                break;
            }
            case element_type::OBJECT: {
                // Of repeated keys ours has the last alone.
                std::unordered_map<std::string_view, std::size_t> last;
                std::vector<simdjson::dom::key_value_pair> all;
                for (const auto member : simdjson::dom::object(b)) {
                    last[member.key] = all.size();
                    all.push_back(member);
                }
                require(a.isObject() && a.size() == last.size(), "another object");
                std::size_t i = 0;
                for (const auto [key, value] : a.members()) {
                    while (i < all.size() && last[all[i].key] != i) ++i;
                    require(i < all.size() && key == all[i].key, "another key");
                    todo.push_back({value, all[i++].value});
                }
                break;
            }
        }
    }
}

}  // namespace

void fuzzJsonSplitter(std::string_view bytes) {
    for (const SplitLimits limits : {SplitLimits{}, SplitLimits{40, 100}}) {
        for (const bool refuse : {false, true}) {
            const std::string whole = split(bytes, limits, refuse, [&] { return bytes.size(); });
            test::Draw draw(seedOf(bytes));
            requireSame(split(bytes, limits, refuse, [&] { return 1 + draw.below(draw.chance(50) ? 3 : 100); }), whole, "another chunking, other pieces");
        }
    }
    // What is one document to the reader is one value to the splitter.
    const auto document = JsonDocument::parse(bytes);
    if (document.ok() && (document.root().isObject() || document.root().isArray()) && !document.hadBom()) {
        const std::string pieces = split(bytes, {}, false, [&] { return bytes.size(); });
        require(pieces.starts_with("value 1 ") && pieces.find('\n') + 1 == pieces.size(), "one document, but: " + pieces);
    }
}

void fuzzJsonValue(std::string_view bytes) {
    const std::string exact(bytes);
    const auto document = JsonDocument::parse(exact);
    if (!document.ok()) {
        require(document.error().offset <= bytes.size(), "a fault outside the text");
        require(!document.root().exists(), "a root in what cannot be read");
        require(document.error().code == ProblemCode::BadJson || document.error().code == ProblemCode::Nesting || document.error().code == ProblemCode::Limit, "a fault of no kind");
    } else {
        require(document.consumed() <= bytes.size(), "read further than the text");
        std::vector<JsonValue> todo{document.root()};
        while (!todo.empty()) {
            const auto value = todo.back();
            todo.pop_back();
            require(value.byteOffset() < bytes.size(), "a value outside the text");
            if (value.isString()) require(isValidUtf8(value.asString()), "a string that is no UTF-8");
            for (const auto item : value.items()) todo.push_back(item);
            for (const auto [key, member] : value.members()) {
                require(isValidUtf8(key), "a key that is no UTF-8");
                require(value.find(key).byteOffset() == member.byteOffset(), "another member is found than comes");
                todo.push_back(member);
            }
        }
    }
    // Another reader, where the two mean to agree.
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    const auto fault = parser.parse(exact.data(), exact.size()).get(root);
    if (fault == simdjson::SUCCESS) {
        require(document.ok() || document.error().code != ProblemCode::BadJson, std::string("refused, but JSON: ") + document.error().message);
        if (document.ok() && !document.hadBom()) {
            require(!document.hadBadUtf8() && !document.hadLoneSurrogate(), "repaired what was right");
            requireEqualJson(document.root(), root);
        }
    } else if (fault != simdjson::NUMBER_ERROR && fault != simdjson::CAPACITY && fault != simdjson::DEPTH_ERROR) {
        require(!document.ok() || document.repaired(), std::string("accepted, but no JSON: ") + simdjson::error_message(fault));
    }
}

}  // namespace spanreel::fuzz
