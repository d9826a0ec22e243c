// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/json/json_resync.h"
#include "ingest/json/json_scan.h"
#include "model/core/problem.h"

namespace spanreel::ingest {

/// Which parts of a document may be handed over one by one. `key` is a member's name; "*" stands for every element of an
/// array. A rule without children is a record: it always comes whole. A rule with children comes whole where it fits
/// `SplitLimits::whole` (and `alwaysOpen` is not set), else opened and in parts. Example, Zipkin's array of spans:
///     SplitRule{"", 0, true, {{"*", 1}}}
/// Jaeger's download:  SplitRule{"", 0, true, {{"data", 1, true, {{"*", 2}}}}}
/// Top-level objects, concatenated or one a line:  SplitRule{"", 0}
struct SplitRule {
    std::string_view key;
    int tag = 0;
    bool alwaysOpen = false;
    std::vector<SplitRule> children;
    /// Names of members that tell such a value, beside those of its children: behind a fault they show where the next one
    /// begins. May be empty.
    std::vector<std::string_view> names = {};
};

struct SplitLimits {
    std::size_t whole = 8u << 20;    ///< larger values with rules inside come in parts
    std::size_t record = 64u << 20;  ///< a larger record is skipped with ProblemCode::Limit
};

/// A value cut out of the input. `bytes` live until the handler returns.
struct JsonPiece {
    static constexpr int kMember = -1;  ///< tag of a member no rule names, in an opened object
    std::string_view bytes;             ///< from the value's first byte to its last
    std::uint64_t offset = 0;           ///< of bytes[0] in the whole input
    int tag = 0;
    std::string_view key;  ///< the member's name, as written (escapes kept); empty in arrays and at the top
    bool openable = false; ///< it has rules inside and comes again in parts where the handler returns false
};

/// A stretch that is no JSON.
struct BadStretch {
    enum class Kind : std::uint8_t {
        Text,       ///< between top-level values: what begins no object or array (bytes = up to 200 of its first line)
        Zeros,      ///< a run of zero bytes at the end of the input
        Broken,     ///< a grammar error at `offset`; what could be cut from around it is handed over
        Truncated,  ///< the input ended inside a value; offset = length of the input (or of the broken line)
        TooLong,    ///< a record over SplitLimits::record; offset = where it begins
        Comma,      ///< between top-level values, told once an input; nothing is lost
    };
    Kind kind = Kind::Broken;
    std::uint64_t offset = 0;
    std::uint64_t end = 0;        ///< first byte behind the stretch
    const char* message = "";     ///< static, lower-case phrase
    std::string_view bytes;
    bool inLines = false;         ///< the input looks like one value a line: name the line rather than the byte
};

/// Receives the pieces, in order. Called inside feed() and finish().
class SplitHandler {
public:
    virtual ~SplitHandler() = default;
    /// False = it cannot be read (the handler's reader refused it): a value with rules inside is then opened and comes
    /// again in parts, its grammar error told by `bad`. For a record without rules the handler tells the problem itself;
    /// what it swallowed of the records behind it, by a bracket too few, still comes.
    virtual bool value(const JsonPiece& piece) = 0;
    /// A value with rules inside comes in parts from here to `close` (which comes also where it is cut short).
    virtual void open(int /*tag*/, std::uint64_t /*offset*/) {}
    virtual void close(int /*tag*/) {}
    virtual void bad(const BadStretch& stretch) = 0;
};

/// Cuts JSON of any size, in any chunking, into values: one document, concatenated documents, one a line, pretty printed,
/// with other text between them. Memory: at most SplitLimits::record plus one chunk. A structural scan only; grammar
/// inside a piece is its reader's business. Behind a fault it goes on at the next element or member, wherever in the
/// document that is (see JsonResync): a stray character costs nothing, a broken record only itself.
class JsonSplitter {
public:
    /// `rule` (the rule of top-level values) and `handler` must outlive the splitter.
    JsonSplitter(const SplitRule& rule, SplitHandler& handler, SplitLimits limits = {});
    void feed(std::string_view bytes);
    void finish();
    /// 1-based line of a byte that has not been left behind (of the piece being handled, or later), any time inside a
    /// handler. Amortised O(1) for growing offsets.
    [[nodiscard]] std::uint64_t lineAt(std::uint64_t offset);
    /// True once several values each stood on a line of their own.
    [[nodiscard]] bool looksLikeLines() const { return m_lineValues > 1 && !m_otherValues; }
    /// Bytes fed so far.
    [[nodiscard]] std::uint64_t bytesFed() const { return m_base + m_buffer.size(); }

    /// For an owner that reads whole stretches by itself, in the place of the splitter. Where nothing fed is left over:
    /// the rule of top-level values between them, the rule of an array at the top level of an opened document where its
    /// next element must begin. Else null.
    [[nodiscard]] const SplitRule* idleRule() const;
    /// What the owner has read.
    struct Stretch {
        std::uint64_t bytes = 0, newlines = 0;
        std::uint64_t lineValues = 0;  ///< top-level values without a newline inside
        bool otherValues = false;      ///< top-level values with one
    };
    /// The next bytes are not fed, they were read by the owner. Only where the splitter is idle.
    void passOver(const Stretch& stretch);
    /// What was passed over last opened a top-level object and, in it, the array `key`, which goes on: behind an element,
    /// with the comma behind it read (`next`) or not.
    void enter(std::string_view key);
    void expectElement(bool next) { m_state = next ? State::Value : State::AfterValue; }
    /// looksLikeLines() as it is after these values.
    [[nodiscard]] bool looksLikeLines(std::uint64_t lineValues, bool otherValues) const { return m_lineValues + lineValues > 1 && !m_otherValues && !otherValues; }

private:
    enum class State : std::uint8_t { Value, Key, Colon, AfterValue };
    struct Frame {
        const SplitRule* rule;
        bool object;
        std::size_t end;    ///< position behind the container where known, else npos
        std::size_t limit;  ///< the same of the innermost container around where it is known
    };
    [[nodiscard]] static const SplitRule* childOf(const SplitRule* rule, std::string_view key);
    /// Is a member of that name one that tells the rule's value?
    [[nodiscard]] static bool knows(const SplitRule* rule, std::string_view name);
    bool step();
    bool stepTop();
    bool stepText();
    bool stepInside();
    bool stepElement();
    bool readKey();
    void beginValue(const SplitRule* rule);
    bool scanOn();
    bool stringDone();
    void valueDone();
    void handOver();
    [[nodiscard]] std::optional<bool> lineBeginsValue(std::size_t newline) const;
    void valueBroken(bool truncated);
    void openValue(const SplitRule* rule, std::size_t end);
    void closeValue();
    void closeFrames(std::size_t keep);
    // Faults (json_splitter_faults.cpp).
    enum class Walk : std::uint8_t {
        Told,     ///< behind a fault that has been told
        Refused,  ///< through a value that the handler could not read
        Broken,   ///< through a value that has no end by its brackets and quotes, or is too long
        Careful,  ///< through a value of a damaged document, which is handed over where it is whole
    };
    struct Going {
        enum class Where : std::uint8_t { Nowhere, Element, Again, Top } where = Where::Nowhere;
        std::size_t frame = 0;  ///< of the array
    };
    void fault(const char* message);
    void startWalk(Walk walk, std::size_t from, bool value);
    bool stepWalk();
    bool stepOpenable();
    void opensWhileWalking();
    void closesWhileWalking();
    void endOfWalkedValue();
    void tellWalked(const char* otherwise, std::uint64_t offset);
    [[nodiscard]] Going whereTo(const JsonResync::Opening& opening) const;
    [[nodiscard]] std::size_t arrayThatKnows(std::string_view name) const;
    [[nodiscard]] bool elementsHaveNames() const;
    bool isElsewhere(std::string_view name);
    void goOn(const Going& going);
    void setDamaged();
    void breakOff(const char* message, bool truncated);
    void leave(bool truncated);
    void countAbandoned();
    std::size_t endOfText(std::size_t from, std::size_t end, bool& more) const;
    void beginText(std::size_t size);
    void flushText();
    void tell(BadStretch::Kind kind, std::uint64_t offset, std::uint64_t end, const char* message, std::string_view bytes = {});
    void dropConsumed();
    void markLine(std::uint64_t offset);
    void skipSpace(std::size_t end);
    /// Behind what may be looked at: a line or a container that is all there may be broken inside.
    [[nodiscard]] std::size_t dataEnd() const { return std::min({m_frames.empty() ? npos : m_frames.back().limit, m_lineLimit, m_buffer.size()}); }
    [[nodiscard]] bool isLast() const { return m_eof || m_lineLimit != npos || (!m_frames.empty() && m_frames.back().limit != npos); }
    [[nodiscard]] bool canOpen(const SplitRule* rule, std::size_t at) const;

    static constexpr std::size_t npos = static_cast<std::size_t>(-1);
    static constexpr std::uint64_t kNowhere = ~std::uint64_t{0};
    const SplitRule* m_rule;
    SplitHandler& m_handler;
    SplitLimits m_limits;
    std::string m_buffer;
    std::uint64_t m_base = 0;        ///< offset of m_buffer[0]
    std::size_t m_pos = 0;           ///< next byte to look at
    std::size_t m_lineLimit = npos;  ///< artificial end: the end of a broken line
    std::vector<Frame> m_frames;
    State m_state = State::Value;
    bool m_first = true;  ///< nothing in the innermost container yet
    bool m_eof = false;
    std::string m_key;    ///< of the member being read
    const SplitRule* m_closed = nullptr;  ///< the array that was the last member of the innermost container
    // The value being scanned.
    JsonScan m_scan;
    const SplitRule* m_scanRule = nullptr;
    bool m_scanning = false;
    bool m_broken = false;      ///< no JSON; waiting for the byte behind the newline
    bool m_ended = false;       ///< a string; waiting for the byte behind it
    bool m_discarding = false;  ///< too long: its bytes are dropped as they are scanned
    std::uint64_t m_valueOffset = 0;
    // Behind a fault.
    JsonResync m_walk;
    bool m_walking = false, m_walkOpenable = false;
    Walk m_walkKind = Walk::Told;
    std::uint64_t m_faultOffset = kNowhere;  ///< of m_walk.fault()
    bool m_refused = false;  ///< a value in the open top-level value could not be read
    bool m_quiet = false;    ///< a fault has been told, and nothing read since
    bool m_damaged = false;  ///< the open top-level value has had a fault: no more is scanned than is read
    std::uint64_t m_scannedTo = 0;   ///< how far values have been scanned that were opened instead
    std::uint64_t m_abandoned = 0;   ///< bytes that were scanned so and belong to other values
    bool m_direct = false;           ///< too many of them: top-level values are gone through with more care
    // Between values.
    bool m_commaTold = false;
    bool m_resync = false;  ///< looking for a line that begins a value
    std::uint64_t m_textFrom = kNowhere, m_zeroFrom = kNowhere;
    std::string m_textHead;
    bool m_textWaits = false;  ///< what stands at m_pos may go on with it
    // Lines.
    std::uint64_t m_lineOffset = 0, m_line = 1;  ///< line of a byte not before m_base
    std::uint64_t m_baseLine = 1;                ///< line of m_buffer[0]
    std::uint64_t m_markOffset = kNowhere, m_markLine = 1;  ///< of what is told once it has been left behind
    std::uint64_t m_lineValues = 0;
    bool m_otherValues = false;
};

}  // namespace spanreel::ingest
