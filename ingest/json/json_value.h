// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/core/problem.h"

namespace spanreel::ingest {

enum class JsonType : std::uint8_t { Null, False, True, Number, String, Array, Object };

struct JsonOptions {
    std::uint32_t maxDepth = 100;    ///< containers inside each other; deeper is ProblemCode::Nesting
    bool allowTrailing = false;      ///< text after the document is no error; see JsonDocument::consumed()
    std::size_t maxValues = 12'000'000;  ///< names and values; more is ProblemCode::Limit (24 bytes of memory each)
    bool allowNonFinite = false;     ///< NaN, Infinity and -Infinity, as Python's json.dumps writes, are numbers
    bool allowControls = false;      ///< raw control characters other than newlines inside strings are accepted
};

/// Why a text is not JSON. `message` is a static, lower-case phrase ("expected ':'").
struct JsonError {
    ProblemCode code = ProblemCode::None;  ///< BadJson, Nesting or Limit
    const char* message = "";
    std::size_t offset = 0;  ///< into the parsed bytes
    bool atEnd = false;      ///< the text stopped early (offset = its length)
};

namespace json_detail {
/// One entry of the tape, in document order. An object is followed by key, value, key, value, …
struct Node {
    const char* text;      ///< string: unescaped text; number: its raw text
    std::uint32_t length;  ///< bytes of `text`; members or elements of a container
    std::uint32_t next;    ///< index of the first node behind this value
    std::uint32_t offset;  ///< where the value begins
    JsonType type;         ///< of a member's name: String; Null where the member comes again further on
};

/// Room for nodes, grown in place where the system can. Moved, not copied.
class Tape {
public:
    Tape() = default;
    Tape(Tape&& other) noexcept : m_data(std::exchange(other.m_data, nullptr)), m_room(std::exchange(other.m_room, 0)) {}
    Tape& operator=(Tape&& other) noexcept {
        std::swap(m_data, other.m_data);
        std::swap(m_room, other.m_room);
        return *this;
    }
    ~Tape() { std::free(m_data); }
    [[nodiscard]] std::size_t size() const { return m_room; }
    [[nodiscard]] const Node* data() const { return m_data; }
    Node& operator[](std::size_t i) { return m_data[i]; }
    void grow();

private:
    Node* m_data = nullptr;
    std::size_t m_room = 0;
};
}  // namespace json_detail

/// A value inside a JsonDocument: a cheap handle, valid until the document parses again and as long as the bytes live.
/// Reading a value as something it is not gives the empty answer (0, "", nothing), never an error.
class JsonValue {
    using Node = json_detail::Node;

public:
    JsonValue() = default;
    explicit JsonValue(const Node* tape, std::uint32_t index) : m_tape(tape), m_index(index) {}

    /// False for what `find` did not find.
    [[nodiscard]] bool exists() const { return m_tape != nullptr; }
    explicit operator bool() const { return exists(); }
    [[nodiscard]] JsonType type() const { return m_tape ? node().type : JsonType::Null; }
    [[nodiscard]] bool isNull() const { return type() == JsonType::Null; }
    [[nodiscard]] bool isBool() const { return type() == JsonType::True || type() == JsonType::False; }
    [[nodiscard]] bool isNumber() const { return type() == JsonType::Number; }
    [[nodiscard]] bool isString() const { return type() == JsonType::String; }
    [[nodiscard]] bool isArray() const { return type() == JsonType::Array; }
    [[nodiscard]] bool isObject() const { return type() == JsonType::Object; }

    [[nodiscard]] bool asBool() const { return type() == JsonType::True; }
    /// Unescaped, valid UTF-8. Points into the parsed bytes where nothing had to be changed, else into the document.
    [[nodiscard]] std::string_view asString() const { return isString() ? std::string_view(node().text, node().length) : std::string_view(); }
    /// The number exactly as written; empty for other types.
    [[nodiscard]] std::string_view numberText() const { return isNumber() ? std::string_view(node().text, node().length) : std::string_view(); }
    /// A number without fraction and exponent.
    [[nodiscard]] bool isInt() const;
    /// The number where it is an integer in range; "1.0" and "1e3" are not.
    [[nodiscard]] std::optional<std::int64_t> asInt64() const;
    [[nodiscard]] std::optional<std::uint64_t> asUint64() const;
    /// Any number, also one that is not finite; overflow gives infinity. 0 for other types.
    [[nodiscard]] double asDouble() const;

    /// Members of an object (repeated keys once), elements of an array, else 0. O(1).
    [[nodiscard]] std::size_t size() const { return isArray() || isObject() ? node().length : 0; }
    /// Member of an object; the last of repeated keys. O(members).
    [[nodiscard]] JsonValue find(std::string_view key) const;
    [[nodiscard]] JsonValue operator[](std::string_view key) const { return find(key); }
    /// Where the value begins in the parsed bytes.
    [[nodiscard]] std::size_t byteOffset() const { return m_tape ? node().offset : 0; }

    struct Member;
    class MemberIterator {
    public:
        MemberIterator(const Node* tape, std::uint32_t index, std::uint32_t end) : m_tape(tape), m_index(index), m_end(end) { skipRepeated(); }
        Member operator*() const;
        MemberIterator& operator++() { m_index = m_tape[m_index + 1].next; skipRepeated(); return *this; }
        bool operator!=(const MemberIterator& o) const { return m_index != o.m_index; }

    private:
        void skipRepeated() { while (m_index != m_end && m_tape[m_index].type == JsonType::Null) [[unlikely]] m_index = m_tape[m_index + 1].next; }
        const Node* m_tape;
        std::uint32_t m_index, m_end;
    };
    class ItemIterator {
    public:
        ItemIterator(const Node* tape, std::uint32_t index) : m_tape(tape), m_index(index) {}
        JsonValue operator*() const { return JsonValue(m_tape, m_index); }
        ItemIterator& operator++() { m_index = m_tape[m_index].next; return *this; }
        bool operator!=(const ItemIterator& o) const { return m_index != o.m_index; }

    private:
        const Node* m_tape;
        std::uint32_t m_index;
    };
    template <class I>
    struct Range {
        I first, last;
        I begin() const { return first; }
        I end() const { return last; }
    };
    /// `for (auto [key, value] : v.members())`; nothing for other types than objects. Of repeated keys the last alone comes.
    [[nodiscard]] Range<MemberIterator> members() const {
        if (!isObject()) return {{nullptr, 0, 0}, {nullptr, 0, 0}};
        return {{m_tape, m_index + 1, node().next}, {m_tape, node().next, node().next}};
    }
    /// `for (auto item : v.items())`; nothing for other types than arrays.
    [[nodiscard]] Range<ItemIterator> items() const {
        if (!isArray()) return {{nullptr, 0}, {nullptr, 0}};
        return {{m_tape, m_index + 1}, {m_tape, node().next}};
    }

private:
    [[nodiscard]] const Node& node() const { return m_tape[m_index]; }
    const Node* m_tape = nullptr;
    std::uint32_t m_index = 0;
};

struct JsonValue::Member {
    std::string_view key;
    JsonValue value;
};
inline JsonValue::Member JsonValue::MemberIterator::operator*() const {
    return {{m_tape[m_index].text, m_tape[m_index].length}, JsonValue(m_tape, m_index + 1)};
}

/// One JSON text read into a tape. Tolerant where data in the field is bad and harm is none (BOM, invalid UTF-8, lone
/// surrogates, repeated keys: each is flagged), strict about grammar. Iterative: depth costs no stack. Reuse one
/// document for many texts: memory is kept between parses. One thread at a time. The bytes must outlive the values;
/// they need no padding. At most 4 GiB.
class JsonDocument {
public:
    /// A document of its own; check ok().
    [[nodiscard]] static JsonDocument parse(std::string_view bytes, const JsonOptions& options = {});
    /// Reads another text into this document. False = see error(); root() is then null.
    bool read(std::string_view bytes, const JsonOptions& options = {});

    [[nodiscard]] bool ok() const { return m_error.code == ProblemCode::None; }
    [[nodiscard]] const JsonError& error() const { return m_error; }
    [[nodiscard]] JsonValue root() const { return ok() && m_nodes ? JsonValue(m_tape.data(), 0) : JsonValue(); }
    /// Gives memory back where the last text needed unusually much. Values end.
    void trim();
    /// Bytes up to the end of the document (BOM and leading white space included).
    [[nodiscard]] std::size_t consumed() const { return m_consumed; }

    [[nodiscard]] bool hadRepeatedKey() const { return m_repeatedKey.has_value(); }
    /// The first repeated key, "" where none.
    [[nodiscard]] std::string_view repeatedKey() const { return m_repeatedKey ? std::string_view(*m_repeatedKey) : std::string_view(); }
    [[nodiscard]] bool hadBadUtf8() const { return m_badUtf8; }
    [[nodiscard]] bool hadLoneSurrogate() const { return m_loneSurrogate; }
    [[nodiscard]] bool hadBom() const { return m_bom; }
    /// Where the first of these was noticed (a BOM apart).
    [[nodiscard]] std::size_t firstRepair() const { return m_firstRepair; }
    /// Any of the repairs above.
    [[nodiscard]] bool repaired() const { return m_badUtf8 || m_loneSurrogate || m_bom || m_repeatedKey.has_value(); }

private:
    friend class JsonReader;
    char* textRoom(std::size_t size);

    json_detail::Tape m_tape;  ///< room; m_nodes of them are in use
    std::size_t m_nodes = 0;
    std::vector<std::unique_ptr<char[]>> m_text;  ///< unescaped strings; the first block is reused
    std::size_t m_firstBlock = 0, m_textUsed = 0, m_textEnd = 0;
    JsonError m_error;
    std::size_t m_consumed = 0;
    std::size_t m_firstRepair = 0;
    std::optional<std::string> m_repeatedKey;
    bool m_badUtf8 = false, m_loneSurrogate = false, m_bom = false;
};

}  // namespace spanreel::ingest
