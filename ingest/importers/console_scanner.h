// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace spanreel::ingest {

/// Finds objects, as JSON or as util.inspect prints them, in a program's output: an object begins where a line does (or
/// behind another object), everything else is text. Commas and brackets of a list around the objects are passed over.
/// Takes whole lines in order. Memory: the object at hand.
class ConsoleScanner {
public:
    class Handler {
    public:
        virtual ~Handler() = default;
        /// A whole object; `inspected` = not written as JSON. `line` is the 1-based line it begins on.
        virtual void object(std::string_view text, bool inspected, std::int64_t line) = 0;
        /// An object that never ended, because another one or the end of the input came first.
        virtual void cut(std::int64_t line) = 0;
        /// An object over the limit was passed over.
        virtual void tooLong(std::int64_t line) = 0;
        /// A line, or a rest of one, that is no object.
        virtual void text(std::string_view line, std::int64_t number) = 0;
    };
    static constexpr std::size_t kLongest = 64u << 20;

    explicit ConsoleScanner(Handler& handler) : m_handler(handler) {}
    /// A line without its newline.
    void line(std::string_view line);
    void finish();

private:
    std::size_t scanObject(std::string_view line, std::size_t from);
    void reset();

    Handler& m_handler;
    std::int64_t m_line = 0;
    std::string m_object;
    std::int64_t m_objectLine = 0;
    bool m_inside = false, m_tooLong = false;
    bool m_keySeen = false, m_inspected = false;
    int m_depth = 0;
    char m_quote = 0;
    bool m_list = false;
};

}  // namespace spanreel::ingest
