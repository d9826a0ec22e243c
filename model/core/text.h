// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace spanreel {

/// True where every byte sequence is well-formed UTF-8 (no surrogates, no overlong forms, at most U+10FFFF).
[[nodiscard]] bool isValidUtf8(std::string_view bytes);

/// Copies `bytes`, each maximal invalid stretch replaced by U+FFFD (the Unicode "maximal subpart" practice).
[[nodiscard]] std::string repairUtf8(std::string_view bytes);

/// Lower-case hex of raw bytes.
[[nodiscard]] std::string toHex(std::string_view bytes);

/// Standard base64 (RFC 4648, padded).
[[nodiscard]] std::string toBase64(std::string_view bytes);

/// Decodes standard or URL-safe base64 with or without padding. False where the text is not base64; `out` is then undefined.
[[nodiscard]] bool fromBase64(std::string_view text, std::string& out);

/// Lower-cases ASCII letters only.
[[nodiscard]] std::string asciiLower(std::string_view text);

/// Case-insensitive (ASCII) substring search.
[[nodiscard]] bool containsIgnoreCase(std::string_view haystack, std::string_view needle);

/// A double as the shortest text that reads back equal; "NaN", "Infinity", "-Infinity" for those.
[[nodiscard]] std::string formatDouble(double value);

/// The control or invisible character beyond ASCII that `text` begins with (U+0080..9F, U+200B..200F, U+2028..202E, U+2060..206F,
/// U+FEFF), 0 where it begins with none. All but the first, of two bytes, have three. `text` is valid UTF-8 or cut within it.
[[nodiscard]] char32_t hiddenCharacter(std::string_view text);

/// Control characters and bidirectional overrides made visible as escapes ("\x1b", "\u202e"); tabs and newlines too when asked.
/// For one-line display of hostile text.
[[nodiscard]] std::string escapeControls(std::string_view text, bool newlinesToo = true);

}  // namespace spanreel
