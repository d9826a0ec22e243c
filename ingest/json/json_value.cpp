// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/json/json_value.h"

#include <charconv>
#include <cstring>
#include <limits>
#include <new>
#include <utility>

#include <absl/container/flat_hash_map.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "model/core/text.h"

namespace spanreel::ingest {

using json_detail::Node;

bool JsonValue::isInt() const {
    const auto text = numberText();
    return !text.empty() && text.back() <= '9' && text.find_first_of(".eE") == std::string_view::npos;
}

template <class T>
static std::optional<T> toInteger(std::string_view text) {
    T out{};
    if (text.empty()) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return out;
}

std::optional<std::int64_t> JsonValue::asInt64() const { return toInteger<std::int64_t>(numberText()); }
std::optional<std::uint64_t> JsonValue::asUint64() const {
    const auto text = numberText();
    if (text == "-0") return 0;
    return toInteger<std::uint64_t>(text);
}

double JsonValue::asDouble() const {
    const auto text = numberText();
    if (text.empty()) return 0;
    double out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error == std::errc::result_out_of_range) {
        // Too large or too small to hold: strtod tells which, on a copy that ends with a zero byte.
        return std::strtod(std::string(text).c_str(), nullptr);
    }
    return out;
}

JsonValue JsonValue::find(std::string_view key) const {
    if (!isObject()) return {};
    JsonValue found;
    for (std::uint32_t i = m_index + 1; i != node().next; i = m_tape[i + 1].next)
        if (m_tape[i].length == key.size() && std::memcmp(m_tape[i].text, key.data(), key.size()) == 0) found = JsonValue(m_tape, i + 1);
    return found;
}

/// Reads one text into a document: a loop over values with a small stack of open containers.
class JsonReader {
public:
    JsonReader(JsonDocument& doc, std::string_view bytes, const JsonOptions& options)
        : m_doc(doc), m_begin(bytes.data()), m_p(bytes.data()), m_end(bytes.data() + bytes.size()), m_options(options) {}

    void read() {
        if (m_end - m_p >= 3 && std::memcmp(m_p, "\xEF\xBB\xBF", 3) == 0) {
            m_doc.m_bom = true;
            m_p += 3;
        }
        if (!values()) return;
        m_doc.m_consumed = offset(m_p);
        if (m_options.allowTrailing) return;
        skipSpace();
        if (m_p != m_end) error(ProblemCode::BadJson, "text after the document", m_p);
    }

private:
    struct Frame {
        std::uint32_t node;
        std::uint32_t count;
        std::uint32_t repeated;  ///< of them, members that come again
        std::uint64_t keyBits;  ///< which key hashes have been seen
        bool object;
    };

    std::size_t offset(const char* p) const { return static_cast<std::size_t>(p - m_begin); }
    bool error(ProblemCode code, const char* message, const char* at) {
        m_doc.m_error = {code, message, offset(at), at >= m_end};
        return false;
    }
    void repairAt(std::size_t at) {
        if (!m_doc.m_badUtf8 && !m_doc.m_loneSurrogate && !m_doc.m_repeatedKey) m_doc.m_firstRepair = at;
    }
    bool atEnd() { return error(ProblemCode::BadJson, "the text ends early", m_end); }

    void skipSpace() {
        while (m_p != m_end && (*m_p == ' ' || *m_p == '\n' || *m_p == '\r' || *m_p == '\t')) ++m_p;
    }

    Node& add(JsonType type, const char* at) {
        if (m_doc.m_nodes == m_doc.m_tape.size()) m_doc.m_tape.grow();
        Node& node = m_doc.m_tape[m_doc.m_nodes];
        ++m_doc.m_nodes;
        node.next = static_cast<std::uint32_t>(m_doc.m_nodes);
        node.offset = static_cast<std::uint32_t>(at - m_begin);
        node.type = type;
        return node;
    }

    bool values() {
        for (;;) {
            // A value.
            skipSpace();
            if (m_p == m_end) return atEnd();
            if (m_doc.m_nodes >= m_options.maxValues) return error(ProblemCode::Limit, "too many values", m_p);
            const char c = *m_p;
            if (c == '"') {
                if (!string()) return false;
            } else if (c == '{' || c == '[') {
                if (m_stack.size() >= m_options.maxDepth) return error(ProblemCode::Nesting, "nested too deeply", m_p);
                const auto index = static_cast<std::uint32_t>(m_doc.m_nodes);
                Node& node = add(c == '{' ? JsonType::Object : JsonType::Array, m_p);
                node.text = nullptr;
                node.length = 0;
                ++m_p;
                skipSpace();
                if (m_p == m_end) return atEnd();
                if (*m_p == (c == '{' ? '}' : ']')) {
                    ++m_p;
                } else {
                    m_stack.push_back({index, 1, 0, 0, c == '{'});
                    if (c == '{' && !key()) return false;
                    continue;
                }
            } else if (m_options.allowNonFinite && nonFinite()) {
                // Is added.
            } else if (c == '-' || (c >= '0' && c <= '9')) {
                if (!number()) return false;
            } else if (!literal()) {
                return false;
            }
            // Behind a value.
            for (;;) {
                if (m_stack.empty()) return true;
                skipSpace();
                if (m_p == m_end) return atEnd();
                Frame& top = m_stack.back();
                if (*m_p == ',') {
                    ++m_p;
                    ++top.count;
                    if (top.object) {
                        skipSpace();
                        if (!key()) return false;
                    }
                    break;
                }
                if (*m_p != (top.object ? '}' : ']')) return error(ProblemCode::BadJson, top.object ? "expected ',' or '}'" : "expected ',' or ']'", m_p);
                ++m_p;
                close();
            }
        }
    }

    void close() {
        Frame& top = m_stack.back();
        Node& node = m_doc.m_tape[top.node];
        node.next = static_cast<std::uint32_t>(m_doc.m_nodes);
        if (top.object && top.count > kFewKeys) {
            absl::flat_hash_map<std::string_view, std::uint32_t> seen;
            seen.reserve(top.count);
            for (auto i = top.node + 1; i < node.next; i = m_doc.m_tape[i + 1].next) {
                const auto [last, isNew] = seen.try_emplace({m_doc.m_tape[i].text, m_doc.m_tape[i].length}, i);
                if (!isNew) repeat(top, std::exchange(last->second, i), i);
            }
        }
        node.length = top.count - top.repeated;
        m_stack.pop_back();
    }

    /// The member whose name is at `earlier` comes again at `later`, and that one counts.
    void repeat(Frame& top, std::size_t earlier, std::size_t later) {
        if (m_doc.m_tape[earlier].type == JsonType::Null) return;
        const Node& name = m_doc.m_tape[later];
        repairAt(name.offset);
        if (!m_doc.m_repeatedKey) m_doc.m_repeatedKey = std::string(name.text, name.length);
        m_doc.m_tape[earlier].type = JsonType::Null;
        ++top.repeated;
    }

    bool key() {
        if (m_p == m_end) return atEnd();
        if (*m_p != '"') return error(ProblemCode::BadJson, "expected a member's name", m_p);
        const std::size_t index = m_doc.m_nodes;
        if (!string()) return false;
        Frame& top = m_stack.back();
        if (top.count <= kFewKeys) noteKey(top, index);
        if (m_p != m_end && *m_p == ':') {
            ++m_p;
            return true;
        }
        skipSpace();
        if (m_p == m_end) return atEnd();
        if (*m_p != ':') return error(ProblemCode::BadJson, "expected ':'", m_p);
        ++m_p;
        return true;
    }

    void noteKey(Frame& top, std::size_t index) {
        const Node& name = m_doc.m_tape[index];
        std::uint32_t hash = name.length * 7;
        if (name.length) hash += static_cast<unsigned char>(name.text[0]) * 5u + static_cast<unsigned char>(name.text[name.length - 1]) * 3u + static_cast<unsigned char>(name.text[name.length / 2]);
        const std::uint64_t bit = std::uint64_t{1} << (hash & 63);
        if (top.keyBits & bit) {
            for (std::size_t i = top.node + 1; i < index; i = m_doc.m_tape[i + 1].next) {
                const Node& other = m_doc.m_tape[i];
                if (other.length == name.length && std::memcmp(other.text, name.text, name.length) == 0) repeat(top, i, index);
            }
        }
        top.keyBits |= bit;
    }

    bool literal() {
        const auto is = [&](std::string_view word) { return static_cast<std::size_t>(m_end - m_p) >= word.size() && std::memcmp(m_p, word.data(), word.size()) == 0; };
        JsonType type;
        std::size_t length = 4;
        if (is("true")) type = JsonType::True;
        else if (is("null")) type = JsonType::Null;
        else if (is("false")) type = JsonType::False, length = 5;
        else {
            // "tru" at the very end is a cut, not a wrong word.
            const std::string_view rest(m_p, static_cast<std::size_t>(m_end - m_p));
            for (std::string_view word : {"true", "false", "null"})
                if (rest.size() < word.size() && word.starts_with(rest)) return atEnd();
            return error(ProblemCode::BadJson, "expected a value", m_p);
        }
        Node& node = add(type, m_p);
        node.text = m_p;
        node.length = static_cast<std::uint32_t>(length);
        m_p += length;
        return true;
    }

    /// Adds the word at hand where it is a number that is not finite.
    bool nonFinite() {
        const std::string_view rest(m_p, static_cast<std::size_t>(m_end - m_p));
        for (const std::string_view word : {"NaN", "Infinity", "-Infinity"}) {
            if (!rest.starts_with(word)) continue;
            Node& node = add(JsonType::Number, m_p);
            node.text = m_p;
            node.length = static_cast<std::uint32_t>(word.size());
            m_p += word.size();
            return true;
        }
        return false;
    }

    bool digits() {
        const char* first = m_p;
        while (m_p != m_end && *m_p >= '0' && *m_p <= '9') ++m_p;
        return m_p != first;
    }

    bool number() {
        const char* first = m_p;
        if (*m_p == '-') ++m_p;
        if (m_p == m_end) return atEnd();
        if (*m_p == '0') ++m_p;
        else if (!digits()) return error(ProblemCode::BadJson, "expected a digit", m_p);
        if (m_p != m_end && *m_p == '.') {
            ++m_p;
            if (!digits()) return m_p == m_end ? atEnd() : error(ProblemCode::BadJson, "expected a digit", m_p);
        }
        if (m_p != m_end && (*m_p == 'e' || *m_p == 'E')) {
            ++m_p;
            if (m_p != m_end && (*m_p == '+' || *m_p == '-')) ++m_p;
            if (!digits()) return m_p == m_end ? atEnd() : error(ProblemCode::BadJson, "expected a digit", m_p);
        }
        Node& node = add(JsonType::Number, first);
        node.text = first;
        node.length = static_cast<std::uint32_t>(m_p - first);
        return true;
    }

    /// First byte at or behind `p` that is a quote, a backslash, a control character or (where asked) not ASCII.
    template <bool kHighToo>
    const char* plainEnd(const char* p) const {
#if defined(__SSE2__)
        const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), space = _mm_set1_epi8(0x20), minus = _mm_set1_epi8(-1);
        while (m_end - p >= 16) {
            const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
            __m128i odd = _mm_cmplt_epi8(v, space);  // signed: bytes from 0x80 count as less
            if constexpr (!kHighToo) odd = _mm_and_si128(odd, _mm_cmpgt_epi8(v, minus));
            odd = _mm_or_si128(odd, _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, slash)));
            const int mask = _mm_movemask_epi8(odd);
            if (mask) return p + __builtin_ctz(static_cast<unsigned>(mask));
            p += 16;
        }
#endif
        for (; p != m_end; ++p) {
            const auto c = static_cast<unsigned char>(*p);
            if (c == '"' || c == '\\' || c < 0x20 || (kHighToo && c >= 0x80)) break;
        }
        return p;
    }

    bool string() {
        const char* open = m_p++;
        const char* first = m_p;
        bool high = false, escapes = false;
        const char* p = plainEnd<true>(first);
        while (p != m_end && *p != '"') {
            const auto c = static_cast<unsigned char>(*p);
            if (c >= 0x80) {
                high = true;
                p = plainEnd<false>(p + 1);
            } else if (c == '\\') {
                escapes = true;
                if (m_end - p < 2) return atEnd();
                p = plainEnd<false>(p + 2);
                high = true;  // this scan does not look for them any more
            } else if (m_options.allowControls && c != '\n') {
                p = plainEnd<false>(p + 1);
                high = true;
            } else {
                return error(ProblemCode::BadJson, "control character in a string", p);
            }
        }
        if (p == m_end) return atEnd();
        Node& node = add(JsonType::String, open);
        node.text = first;
        node.length = static_cast<std::uint32_t>(p - first);
        m_p = p + 1;
        if (high && !rewrite(m_doc.m_nodes - 1, escapes)) return false;
        return true;
    }

    /// Gives the string in node `index` its unescaped, valid text.
    bool rewrite(std::size_t index, bool escapes) {
        std::string_view raw(m_doc.m_tape[index].text, m_doc.m_tape[index].length);
        if (escapes) {
            char* out = m_doc.textRoom(raw.size());
            char* q = out;
            const char* p = raw.data();
            const char* end = p + raw.size();
            while (p != end) {
                const auto* slash = static_cast<const char*>(std::memchr(p, '\\', static_cast<std::size_t>(end - p)));
                const auto plain = static_cast<std::size_t>((slash ? slash : end) - p);
                std::memcpy(q, p, plain);
                q += plain;
                p += plain;
                if (p == end) break;
                if (!unescape(p, end, q)) return false;
            }
            raw = {out, static_cast<std::size_t>(q - out)};
            m_doc.m_textUsed += raw.size();
        }
        if (!isValidUtf8(raw)) {
            const std::string good = repairUtf8(raw);
            char* out = m_doc.textRoom(good.size());
            std::memcpy(out, good.data(), good.size());
            m_doc.m_textUsed += good.size();
            raw = {out, good.size()};
            repairAt(m_doc.m_tape[index].offset);
            m_doc.m_badUtf8 = true;
        }
        m_doc.m_tape[index].text = raw.data();
        m_doc.m_tape[index].length = static_cast<std::uint32_t>(raw.size());
        return true;
    }

    static int hex4(const char* p) {
        int value = 0;
        for (int i = 0; i < 4; ++i) {
            const char c = p[i];
            const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
            if (digit < 0) return -1;
            value = value << 4 | digit;
        }
        return value;
    }

    /// `p` is at a backslash; writes what it stands for and moves on. Never writes more bytes than it reads.
    bool unescape(const char*& p, const char* end, char*& q) {
        const char kind = p[1];
        const char* at = p;
        p += 2;
        switch (kind) {
            case '"': case '\\': case '/': *q++ = kind; return true;
            case 'b': *q++ = '\b'; return true;
            case 'f': *q++ = '\f'; return true;
            case 'n': *q++ = '\n'; return true;
            case 'r': *q++ = '\r'; return true;
            case 't': *q++ = '\t'; return true;
            case 'u': break;
            default: return error(ProblemCode::BadJson, "unknown escape in a string", at);
        }
        int unit = end - p >= 4 ? hex4(p) : -1;
        if (unit < 0) return error(ProblemCode::BadJson, "expected four hex digits after \\u", at);
        p += 4;
        auto code = static_cast<std::uint32_t>(unit);
        if (code >= 0xD800 && code < 0xDC00) {
            const int low = end - p >= 6 && p[0] == '\\' && p[1] == 'u' ? hex4(p + 2) : -1;
            if (low >= 0xDC00 && low < 0xE000) {
                code = 0x10000 + ((code - 0xD800) << 10) + (static_cast<std::uint32_t>(low) - 0xDC00);
                p += 6;
            }
        }
        if (code >= 0xD800 && code < 0xE000) {
            repairAt(offset(at));
            m_doc.m_loneSurrogate = true;
            code = 0xFFFD;
        }
        if (code < 0x80) {
            *q++ = static_cast<char>(code);
        } else if (code < 0x800) {
            *q++ = static_cast<char>(0xC0 | code >> 6);
            *q++ = static_cast<char>(0x80 | (code & 0x3F));
        } else if (code < 0x10000) {
            *q++ = static_cast<char>(0xE0 | code >> 12);
            *q++ = static_cast<char>(0x80 | (code >> 6 & 0x3F));
            *q++ = static_cast<char>(0x80 | (code & 0x3F));
        } else {
            *q++ = static_cast<char>(0xF0 | code >> 18);
            *q++ = static_cast<char>(0x80 | (code >> 12 & 0x3F));
            *q++ = static_cast<char>(0x80 | (code >> 6 & 0x3F));
            *q++ = static_cast<char>(0x80 | (code & 0x3F));
        }
        return true;
    }

    static constexpr std::uint32_t kFewKeys = 64;
    JsonDocument& m_doc;
    const char* m_begin;
    const char* m_p;
    const char* m_end;
    JsonOptions m_options;
    std::vector<Frame>& m_stack = stack();

    /// The stack's memory is kept between documents; a reader empties it first.
    static std::vector<Frame>& stack() {
        thread_local std::vector<Frame> frames;
        frames.clear();
        return frames;
    }
};

void json_detail::Tape::grow() {
    const std::size_t room = m_room == 0 ? 512 : m_room * 2;
    auto* const data = static_cast<Node*>(std::realloc(static_cast<void*>(m_data), room * sizeof(Node)));
    if (!data) throw std::bad_alloc();
    m_data = data;
    m_room = room;
}

void JsonDocument::trim() {
    constexpr std::size_t kUsualNodes = 1u << 20, kUsualText = 4u << 20;
    if (m_tape.size() > kUsualNodes || m_firstBlock > kUsualText || m_text.size() > 16) *this = JsonDocument();
}

JsonDocument JsonDocument::parse(std::string_view bytes, const JsonOptions& options) {
    JsonDocument doc;
    doc.read(bytes, options);
    return doc;
}

bool JsonDocument::read(std::string_view bytes, const JsonOptions& options) {
    m_nodes = 0;
    m_error = {};
    m_consumed = m_firstRepair = 0;
    m_repeatedKey.reset();
    m_badUtf8 = m_loneSurrogate = m_bom = false;
    if (m_text.size() > 1) m_text.resize(1);
    m_textUsed = 0;
    m_textEnd = m_text.empty() ? 0 : m_firstBlock;
    if (bytes.size() >= std::numeric_limits<std::uint32_t>::max()) {
        m_error = {ProblemCode::Limit, "over 4 GiB", 0, false};
        return false;
    }
    JsonReader(*this, bytes, options).read();
    return ok();
}

char* JsonDocument::textRoom(std::size_t size) {
    if (m_textUsed + size > m_textEnd) {
        const std::size_t room = size > 64 * 1024 ? size : 64 * 1024;
        m_text.push_back(std::make_unique_for_overwrite<char[]>(room));
        if (m_text.size() == 1) m_firstBlock = room;
        m_textUsed = 0;
        m_textEnd = room;
    }
    return m_text.back().get() + m_textUsed;
}

}  // namespace spanreel::ingest
