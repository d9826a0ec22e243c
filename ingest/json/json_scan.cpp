// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/json/json_scan.h"

#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace spanreel::ingest {

namespace {

/// One bit a byte of a block of 64.
struct Masks {
    std::uint64_t quote = 0, slash = 0, open = 0, close = 0, newline = 0;
};

#if defined(__SSE2__)
Masks masksOf(const char* p) {
    Masks m;
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), newline = _mm_set1_epi8('\n');
    const __m128i bit = _mm_set1_epi8(0x20), open = _mm_set1_epi8('{'), close = _mm_set1_epi8('}');
    for (unsigned i = 0; i < 4; ++i) {
        const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + i * 16));
        const __m128i folded = _mm_or_si128(v, bit);  // '[' becomes '{', ']' becomes '}'
        const auto put = [i](std::uint64_t& out, __m128i hit) { out |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(hit))) << (i * 16); };
        put(m.quote, _mm_cmpeq_epi8(v, quote));
        put(m.slash, _mm_cmpeq_epi8(v, slash));
        put(m.newline, _mm_cmpeq_epi8(v, newline));
        put(m.open, _mm_cmpeq_epi8(folded, open));
        put(m.close, _mm_cmpeq_epi8(folded, close));
    }
    return m;
}
#else
Masks masksOf(const char* p) {
    Masks m;
    for (unsigned i = 0; i < 64; ++i) {
        const std::uint64_t bit = std::uint64_t{1} << i;
        switch (p[i]) {
            case '"': m.quote |= bit; break;
            case '\\': m.slash |= bit; break;
            case '\n': m.newline |= bit; break;
            case '{': case '[': m.open |= bit; break;
            case '}': case ']': m.close |= bit; break;
            default: break;
        }
    }
    return m;
}
#endif

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Bit i of the result = parity of bits 0..i.
std::uint64_t prefixXor(std::uint64_t x) {
    x ^= x << 1;
    x ^= x << 2;
    x ^= x << 4;
    x ^= x << 8;
    x ^= x << 16;
    x ^= x << 32;
    return x;
}

/// Number of set bits without the instruction that plain x86-64 lacks.
std::int64_t countBits(std::uint64_t x) {
    x = x - ((x >> 1) & 0x5555555555555555ull);
    x = (x & 0x3333333333333333ull) + ((x >> 2) & 0x3333333333333333ull);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0full;
    return static_cast<std::int64_t>((x * 0x0101010101010101ull) >> 56);
}

}  // namespace

std::size_t countNewlines(std::string_view bytes) {
    std::size_t count = 0, i = 0;
#if defined(__SSE2__)
    const __m128i newline = _mm_set1_epi8('\n'), zero = _mm_setzero_si128();
    while (i + 16 <= bytes.size()) {
        // Up to 255 rounds of subtracting -1 fit into a byte.
        __m128i sum = zero;
        for (unsigned k = 0; k < 255 && i + 16 <= bytes.size(); ++k, i += 16)
            sum = _mm_sub_epi8(sum, _mm_cmpeq_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data() + i)), newline));
        const __m128i wide = _mm_sad_epu8(sum, zero);
        count += static_cast<std::size_t>(_mm_cvtsi128_si64(wide)) + static_cast<std::size_t>(_mm_cvtsi128_si64(_mm_srli_si128(wide, 8)));
    }
#endif
    for (; i < bytes.size(); ++i) count += bytes[i] == '\n';
    return count;
}

void JsonScan::start(std::size_t position) {
    *this = JsonScan();
    m_begin = m_at = position;
}

void JsonScan::shift(std::string_view removed) {
    const std::size_t by = removed.size();
    for (std::size_t i = by; i-- > m_begin;) {
        if (isSpace(removed[i])) continue;
        m_before = removed[i];
        break;
    }
    m_begin = m_begin >= by ? m_begin - by : 0;
    m_at = m_at >= by ? m_at - by : 0;
    if (m_firstNewline != npos) m_firstNewline = m_firstNewline >= by ? m_firstNewline - by : 0;
}

JsonScan::Outcome JsonScan::scan(std::string_view bytes) {
    if (m_at >= bytes.size()) return Outcome::More;
    if (m_kind == Kind::Unknown) {
        const char c = bytes[m_at];
        m_kind = c == '{' || c == '[' ? Kind::Container : c == '"' ? Kind::String : Kind::Scalar;
        if (m_kind == Kind::String) ++m_at;
    }
    if (m_kind == Kind::String) return scanString(bytes);
    if (m_kind == Kind::Scalar) return scanScalar(bytes);
    if (m_newlineLast) {
        m_newlineLast = false;
        if (startsWrongValue(bytes, m_at - 1)) {
            --m_at;
            return Outcome::Broken;
        }
    }
    bool decided = false;
    while (bytes.size() - m_at >= 64) {
        const auto outcome = block(bytes, bytes.data() + m_at, 64, decided);
        if (decided) return outcome;
    }
    if (m_at < bytes.size()) {
        char tail[64];
        const auto count = static_cast<unsigned>(bytes.size() - m_at);
        std::memset(tail, ' ', sizeof tail);
        std::memcpy(tail, bytes.data() + m_at, count);
        const auto outcome = block(bytes, tail, count, decided);
        if (decided) return outcome;
    }
    return Outcome::More;
}

/// Looks at up to 64 bytes at m_at and moves on; `decided` where the answer is known.
JsonScan::Outcome JsonScan::block(std::string_view bytes, const char* data, unsigned count, bool& decided) {
    Masks m = masksOf(data);
    std::uint64_t escaped = m_escaped ? 1 : 0;
    m_escaped = false;
    for (std::uint64_t rest = m.slash & ~escaped; rest;) {
        const auto i = static_cast<unsigned>(std::countr_zero(rest));
        if (i + 1 < count) escaped |= std::uint64_t{1} << (i + 1);
        else m_escaped = true;
        rest &= ~(std::uint64_t{3} << i);
    }
    m.quote &= ~escaped;
    const std::uint64_t inString = prefixXor(m.quote) ^ (m_inString ? ~std::uint64_t{0} : 0);
    const std::uint64_t open = m.open & ~inString, close = m.close & ~inString;

    // Where the value ends, if it does here: bits from there on are another's.
    unsigned done = 64;
    const std::int64_t closing = countBits(close);
    if (m_depth <= closing) {
        std::int64_t depth = m_depth;
        for (std::uint64_t both = open | close; both; both &= both - 1) {
            const std::uint64_t bit = both & (~both + 1);
            depth += open & bit ? 1 : -1;
            if (depth <= 0) {
                done = static_cast<unsigned>(std::countr_zero(bit));
                break;
            }
        }
        m_depth = depth;
    } else {
        m_depth += countBits(open) - closing;
    }

    std::uint64_t newlines = m.newline;
    if (done < 64) newlines &= (std::uint64_t{1} << done) - 1;
    for (; newlines; newlines &= newlines - 1) {
        const auto i = static_cast<unsigned>(std::countr_zero(newlines));
        const std::size_t at = m_at + i;
        if (m_firstNewline == npos) m_firstNewline = at;
        const bool inside = inString >> i & 1;
        if (!inside && i + 1 == count && at + 1 == bytes.size()) {
            m_newlineLast = true;  // judged when the next byte is here
            break;
        }
        if (inside || startsWrongValue(bytes, at)) {
            m_at = at;
            decided = true;
            return Outcome::Broken;
        }
    }
    if (done < 64) {
        m_at += done + 1;
        decided = true;
        return Outcome::Done;
    }
    m_inString = inString >> 63;
    m_at += count;
    return Outcome::More;
}

/// A newline followed at once by '{' where the grammar allows no value: the line before was cut short.
bool JsonScan::startsWrongValue(std::string_view bytes, std::size_t newline) const {
    if (newline + 1 >= bytes.size() || bytes[newline + 1] != '{') return false;
    for (std::size_t i = newline; i-- > m_begin;)
        if (!isSpace(bytes[i])) return !mayPrecedeValue(bytes[i]);
    return m_before != 0 && !mayPrecedeValue(m_before);
}

JsonScan::Outcome JsonScan::scanString(std::string_view bytes) {
    for (; m_at < bytes.size(); ++m_at) {
        const char c = bytes[m_at];
        if (m_escaped) {
            m_escaped = false;
        } else if (c == '\\') {
            m_escaped = true;
        } else if (c == '"') {
            ++m_at;
            return Outcome::Done;
        }
        if (c == '\n') {
            m_firstNewline = m_at;
            return Outcome::Broken;
        }
    }
    return Outcome::More;
}

JsonScan::Outcome JsonScan::scanScalar(std::string_view bytes) {
    for (; m_at < bytes.size(); ++m_at) {
        const char c = bytes[m_at];
        if (c == ',' || c == '}' || c == ']' || c == '{' || c == '[' || c == '"' || c == ' ' || c == '\n' || c == '\r' || c == '\t') return Outcome::Done;
    }
    return Outcome::More;
}

}  // namespace spanreel::ingest
