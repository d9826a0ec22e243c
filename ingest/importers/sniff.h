// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

namespace spanreel::ingest {

/// Bytes in which a format is looked for.
inline constexpr std::size_t kSniffed = 4096;

/// Does the line begin as a JSON document does? ("[INFO] ready" does not.)
[[nodiscard]] bool beginsDocument(std::string_view line);
/// Does it end as one does?
[[nodiscard]] bool endsDocument(std::string_view line);

/// The member names in the first bytes of something that may be JSON, with the number of objects around each. Takes a
/// head that is cut anywhere. O(bytes), no tree.
class KeySniff {
public:
    explicit KeySniff(std::string_view head);
    /// The first significant byte is '{' or '['.
    [[nodiscard]] bool startsLikeJson() const { return m_first == '{' || m_first == '['; }
    [[nodiscard]] char first() const { return m_first; }
    /// Is there a member of that name at any level?
    [[nodiscard]] bool has(std::string_view key) const;
    /// Is there one in an outermost object? (Arrays around it do not count.)
    [[nodiscard]] bool hasTop(std::string_view key) const;
    /// The names in outermost objects.
    [[nodiscard]] std::vector<std::string_view> topKeys() const;

private:
    char m_first = 0;
    std::vector<std::pair<std::string_view, int>> m_keys;
};

/// The share of bytes in percent that no text file has: control characters other than the usual ones (zero bytes and
/// escapes count as usual) and bytes that are no UTF-8.
[[nodiscard]] int binaryPercent(std::string_view head);

}  // namespace spanreel::ingest
