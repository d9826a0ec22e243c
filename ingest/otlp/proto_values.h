// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/otlp/otlp_types.h"
#include "ingest/proto/proto_cursor.h"
#include "model/store/attribute_front.h"
#include "model/store/value.h"

namespace spanreel::ingest {

/// Collects the unknown fields of one message; neighbours in the input stay one stretch of it, nothing is copied then.
class UnknownFields {
public:
    void clear() {
        m_first = {};
        m_joined.clear();
        m_wrapped.clear();
    }
    void add(std::string_view encoded);
    /// One of ours that carries others (`otlp::WrappedUnknown`). It goes behind those that came in, wherever it was met: a
    /// message that is written and read again has them in the same order.
    void addWrapped(std::string_view encoded) { m_wrapped += encoded; }
    /// All of them, in order; lives in the input or in `arena`.
    [[nodiscard]] std::string_view finish(Arena& arena) const { return m_joined.empty() && m_wrapped.empty() ? m_first : joined(arena); }
    [[nodiscard]] bool empty() const { return m_first.empty() && m_wrapped.empty(); }

private:
    [[nodiscard]] std::string_view joined(Arena& arena) const;
    std::string_view m_first;
    std::string m_joined, m_wrapped;
};

/// True where all bytes are below 0x80.
[[nodiscard]] bool isAscii(std::string_view bytes);

/// What decoding one request shares: its output, its fault, the repairs of the record at hand.
struct ProtoDecodeState {
    DecodedRequest request;
    ProtoFault fault;            ///< what makes the record at hand unreadable, and of a request ends the decoding
    const char* base = nullptr;  ///< first byte of the body
    const char* end = nullptr;   ///< behind its last
    bool repaired = false;       ///< something in the record at hand was repaired
    bool groupRepaired = false;  ///< in its resource or scope

    [[nodiscard]] Arena& arena() { return request.batch.arena; }
    [[nodiscard]] std::int64_t offset(const char* at) const { return at - base; }
    void warn(ProblemCode code, std::string_view detail, const char* at) {
        repaired = true;
        if (request.warnings.size() < DecodedRequest::kMaxWarnings) request.warn(code, std::string(detail), offset(at));
    }
    /// Valid UTF-8 as it is, other text repaired into the arena with a warning.
    [[nodiscard]] std::string_view text(std::string_view bytes, const char* fieldName);
    /// A field no case names: kept, with a warning where its number is known (`knownNumbers`, a bit each) but comes with
    /// another wire type, or is one of our own (then it is dropped). Not kept where it is cut short.
    void unknown(const ProtoCursor& cursor, std::uint32_t knownNumbers, UnknownFields& fields, const char* message);
};

/// Decodes AnyValue and KeyValue. Arrays and maps stay encoded; their inside is validated to the last byte, with an
/// explicit stack, and re-encoded only where text in it had to be repaired.
class ProtoValueDecoder {
public:
    explicit ProtoValueDecoder(ProtoDecodeState& state) : m_state(state) {}

    /// Appends a KeyValue to `out`. `depth` counts messages around it; unknown fields in it go, wrapped, to `ownerUnknown`.
    /// False after a fault.
    bool attribute(std::string_view encoded, std::size_t depth, std::vector<store::Attribute>& out, std::size_t firstOfOwner, UnknownFields& ownerUnknown);
    /// As above, into a front's list.
    bool attribute(std::string_view encoded, std::size_t depth, store::AttributeFront::List& out, UnknownFields& ownerUnknown);
    /// Reads, from the field at hand on, all fields with its tag that hold a KeyValue the list expects, written as nearly all
    /// senders write it; the cursor then goes on behind them. How many they were: 0 = the field at hand is another, or
    /// something about it is not usual, and nothing happened.
    std::size_t expectedAttributes(ProtoCursor& cursor, store::AttributeFront::List& out);
    /// Decodes an AnyValue over `value` (a repeated field merges as protobuf wants). False after a fault.
    bool anyValue(std::string_view encoded, std::size_t depth, store::Value& value, UnknownFields& unknown);

private:
    using Run = store::AttributeFront::List::Run;
    static bool expectedAttribute(const char* encoded, std::size_t size, Run& out);
    static bool expectedValue(const char* value, std::size_t size, store::ValueType type, std::uint32_t guess, Run& out);
    bool unusualAttribute(std::string_view encoded, std::size_t depth, store::Attribute& out, std::size_t index, UnknownFields& ownerUnknown);
    enum class Kind : std::uint8_t { AnyValue, Array, KvList, KeyValue };
    struct Frame {
        ProtoCursor cursor;
        Kind kind;
    };
    bool validate(std::string_view encoded, Kind kind, std::size_t depth, bool& badText);
    std::string_view repaired(std::string_view encoded, Kind kind);
    bool container(std::string_view encoded, Kind kind, std::size_t depth, std::string_view& out);

    ProtoDecodeState& m_state;
    std::vector<Frame> m_stack;
    UnknownFields m_valueUnknown, m_keyUnknown;
};

}  // namespace spanreel::ingest
