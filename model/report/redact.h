// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/store/value.h"

namespace spanreel::report {

/// What stands where a secret was.
constexpr std::string_view kRedacted = "[redacted]";

/// True for keys that usually hold secrets: authorization, cookies, passwords, tokens, API, private and access keys,
/// credentials, signatures, session ids, card numbers. Spelling, case and separators do not matter.
[[nodiscard]] bool isSecretKey(std::string_view key);

/// Takes well-known secrets out of texts before they leave the program. Counts what it took. Not thread-safe; plain
/// scanning, O(text) a rule.
class Redactor {
public:
    explicit Redactor(bool on = true) : m_on(on) {}

    /// Text of any origin: credentials after "Bearer" and its kin, user and password in URLs, JSON web tokens, keys of well-known
    /// services, private keys in PEM, payment card numbers, and values after a secret key ("token=…", "password": "…") or
    /// option (--password …, in a list of arguments too, whether as JSON, within a JSON string, or as Java and Go print one). An
    /// option's name counts by its words: --tokenizer is none, nor is --no-password.
    [[nodiscard]] std::string text(std::string_view text);
    /// An attribute's value as text: whole where its key is a secret's.
    [[nodiscard]] std::string value(std::string_view key, const store::Value& value);

    [[nodiscard]] bool on() const { return m_on; }
    [[nodiscard]] std::uint64_t count() const { return m_count; }

private:
    bool m_on;
    std::uint64_t m_count = 0;
};

}  // namespace spanreel::report
