// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace spanreel::ingest {

/// Goes on through damaged JSON, byte by byte, to where reading may be taken up again. Unlike JsonScan it knows brackets by
/// their kinds, takes a quote for a stray one where what would be its string is followed by nothing that may follow one,
/// and stops wherever a container begins that may be the next element, also inside a container that seems to be open still. Its owner decides (by the names it knows) and lets
/// it pass on. Positions are indexes into the bytes of the call; any chunking stops at the same bytes. O(bytes); memory:
/// eight bytes for each container around, at most kDeepest of them.
class JsonResync {
public:
    enum class Event : std::uint8_t {
        More,    ///< what stands at `position` cannot be judged before more bytes come
        End,     ///< no more bytes
        Ends,    ///< the value it began with has ended before `position`
        Opens,   ///< a bracket at `position` that may begin an element
        Closes,  ///< a closing bracket at `position` of no container that was begun on the way
        Scalar,  ///< behind a comma, a number or word at `position` that may be an element
        Name,    ///< a string at `position` that is a member's name
    };
    static constexpr std::size_t kDeepest = 1u << 20;

    /// `value`: a container begins at the first byte, and is what must end. Else the first byte stands between the parts of
    /// an object (`inObject`) or an array.
    void start(bool value, bool inObject);
    /// Goes on at `position` and moves it. `last` = no bytes come behind these.
    Event next(std::string_view bytes, std::size_t& position, bool last);
    /// Goes on behind the bracket it stopped at: into the container it opens, or over it.
    void pass() { m_pass = Pass::Into; }
    void passOver() { m_pass = Pass::Over; }
    /// From now on only the names of elements tell where one begins: it stops at no closing bracket any more.
    void lose();

    /// What stands behind the bracket at `at`.
    struct Opening {
        std::string_view name;  ///< of the object's first member; empty where it has none
        char follower = 0;      ///< the first byte that is no blank; 0 = none
    };
    /// False = more bytes are needed. Looks at a few thousand bytes at most.
    [[nodiscard]] static bool openingAt(std::string_view bytes, std::size_t at, bool last, Opening& found);

    // Of the last Opens.
    [[nodiscard]] const Opening& opening() const { return m_opening; }
    /// It begins where an element may. Else it stands where no value may: what was open before it has lost its end.
    [[nodiscard]] bool inPlace() const { return m_inPlace; }
    /// It begins a line, and what stands before it calls for no value.
    [[nodiscard]] bool beginsLine() const { return m_beginsLine; }
    /// A bracket has closed one of another kind, so that one of them is lost.
    [[nodiscard]] bool mismatch() const { return m_mismatch; }

    /// What was odd first since `start`, null where nothing was; then its position, in the bytes of the call that found it.
    [[nodiscard]] const char* fault() const { return m_fault; }
    [[nodiscard]] std::size_t faultAt() const { return m_faultAt; }
    void noteFault(const char* what, std::size_t at);

private:
    enum class Pass : std::uint8_t { No, Into, Over };
    enum class Quote : std::uint8_t { String, Stray, Long, More, Cut };
    Quote judgeQuote(std::string_view bytes, std::size_t at, bool last, std::size_t& end, char& behind) const;
    void open(char bracket);
    bool close(char bracket, std::size_t at);

    /// What was begun on the way and has not ended.
    struct Open {
        char bracket;
        std::uint32_t first;  ///< of an array: a hash of the name its first object begins with, 0 = none yet
    };
    bool startsOtherwise(std::string_view name);
    std::vector<Open> m_open;
    std::size_t m_squares = 0;   ///< of them, '['
    char m_before = 0;           ///< the last byte that is no blank; 0 = a fault
    bool m_value = false, m_inObject = false;
    bool m_lost = false;
    bool m_inString = false;     ///< in a long string
    Pass m_pass = Pass::No;
    bool m_inPlace = false, m_beginsLine = false, m_mismatch = false;
    Opening m_opening;
    const char* m_fault = nullptr;
    std::size_t m_faultAt = 0;
};

}  // namespace spanreel::ingest
