// SPDX-License-Identifier: GPL-3.0-or-later
// Small languages: headers, times, logfmt, util.inspect, texts, secrets, Markdown, notes.
#include <algorithm>
#include <cctype>

#include "ingest/importers/console_inspect.h"
#include "ingest/importers/log_fields.h"
#include "ingest/importers/log_time.h"
#include "ingest/receivers/http_words.h"
#include "ingest/receivers/origin_policy.h"
#include "model/core/ids.h"
#include "model/core/text.h"
#include "model/core/time_format.h"
#include "model/notes/note.h"
#include "model/report/markdown.h"
#include "model/report/redact.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/fuzz_targets.h"

namespace spanreel::fuzz {
namespace {

using namespace ingest;

/// The part of an origin between "://" and its port, judged apart from the policy: only what is plainly this machine.
bool plainlyLoopback(std::string text) {
    for (auto& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    const std::size_t scheme = text.starts_with("http://") ? 7 : text.starts_with("https://") ? 8 : 0;
    if (!scheme) return false;
    text.erase(0, scheme);
    // Nothing that could be user, path, query or fragment.
    if (text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-_:[]~!$&'()*+,;=\"<>^`{|}") != std::string::npos && std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
        return false;
    if (text.starts_with("[")) {
        const auto end = text.find(']');
        return end != std::string::npos && text.substr(1, end - 1).find_first_not_of("0:1.") == std::string::npos;
    }
    std::string host = text.substr(0, text.find(':'));
    if (host.ends_with('.')) host.pop_back();
    return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.");
}

}  // namespace

void fuzzHttpWords(std::string_view bytes) {
    static const OriginPolicy policy({"tools.example"}, {"https://ui.example"}, {"thishost", "thishost.local"});
    const std::string text(bytes);
    if (policy.originAllowed(text) && asciiLower(text) != "https://ui.example") require(plainlyLoopback(text), "a foreign origin is allowed: " + escapeControls(text));
    const auto verdict = policy.judge(std::string_view("localhost"), std::string_view(text), "cross-site");
    require((verdict == OriginPolicy::Verdict::Allowed) == policy.originAllowed(text), "the origin does not decide");
    require(policy.judge(std::string_view(text), std::nullopt, {}) == (policy.hostAllowed(text) ? OriginPolicy::Verdict::Allowed : OriginPolicy::Verdict::ForeignHost), "the host does not decide");
    if (policy.hostAllowed(text)) require(std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) <= ' ' || std::string_view("/@?#\\\x7f").find(c) != std::string_view::npos; }), "a host with what no host has: " + escapeControls(text));
    const auto signal = signalOfTarget(text);
    if (signal) require(text.find("/v1/") != std::string::npos, "a signal of no path");
    const auto encoding = encodingOfContentType(text);
    if (encoding) require(containsIgnoreCase(text, *encoding == store::Encoding::Json ? "application/json" : "application/x-protobuf"), "an encoding of no name");
    const auto coding = joinContentCoding(ContentCoding::Identity, text);
    if (coding == ContentCoding::Gzip) require(containsIgnoreCase(text, "gzip") && joinContentCoding(coding, text) == ContentCoding::Unsupported, "gzip twice is allowed");
    if (coding == ContentCoding::Unsupported) require(joinContentCoding(coding, "identity") == coding, "an unsupported coding is forgotten");
}

void fuzzTimes(std::string_view bytes) {
    const std::string text(bytes);
    for (const auto ns : {parseTime(text), [&]() -> std::optional<std::uint64_t> { const auto t = readLogTime(text); return t ? std::optional(t->ns) : std::nullopt; }(),
                          [&]() -> std::optional<std::uint64_t> { const auto t = findLogTime(text); return t ? std::optional(t->ns) : std::nullopt; }()}) {
        if (!ns) continue;
        const std::string written = formatUtc(*ns);
        require(parseTime(written) == *ns, "a time that is written and read differs: " + written + " of " + escapeControls(text));
    }
    const auto severity = severityOfWord(text);
    require(severity >= 0 && severity <= 24, "a severity beyond 24");
    const auto level = findLevel(text);
    require(level.empty() || (level.data() >= text.data() && level.data() + level.size() <= text.data() + text.size()), "a level from elsewhere");
    for (const auto what : {"trace", "span"}) {
        const auto id = findIdInText(text, what);
        require(id.digits.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos, "an id in a text that is no hex");
        require(!id.decimal || readDecimal(id.digits).value_or(0) != 0, "a decimal id that is none");
    }
    for (const auto unit : {TimeUnit::Seconds, TimeUnit::Milliseconds, TimeUnit::Microseconds, TimeUnit::Nanoseconds}) {
        const auto ns = decimalToNs(text, unit);
        if (ns && text.find_first_not_of("0123456789") == std::string::npos && unit == TimeUnit::Nanoseconds && text.size() < 19) require(std::to_string(*ns) == text.substr(std::min(text.find_first_not_of('0'), text.size() - 1)), "another number");
    }
    if (bytes.size() >= 8) {
        std::uint64_t number = 0;
        for (int i = 0; i < 8; ++i) number = number << 8 | static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
        require(parseTime(formatUtc(number)) == number || !isUsableTime(number), "a time that is written and read differs: " + formatUtc(number));
        for (const auto& shown : {formatDuration(static_cast<std::int64_t>(number)), formatDurationExact(static_cast<std::int64_t>(number)), formatCount(number)}) require(!shown.empty() && isValidUtf8(shown) && shown.size() < 64, "a number that is not shown");
    }
}

void fuzzLogfmt(std::string_view bytes) {
    const std::string line(bytes.substr(0, bytes.find('\n')));
    Arena arena;
    LogDraft draft;
    draft.start(arena);
    static_cast<void>(readLogfmt(line, arena, draft));
    static_cast<void>(looksLikeLogfmt(line));
    struct NoSink final : BatchSink {
        void accept(store::Batch, std::uint64_t) override {}
    } sink;
    store::ImportReport report;
    ImportContext context{sink, report, "f", {}};
    ItemNotes notes(context, {});
    store::LogRecordData log;
    draft.settle(log, notes);
    std::size_t total = log.body.text.size();
    for (const auto& a : log.attributes) total += a.key.size() + a.value.text.size();
    require(total <= 8 * line.size() + 64, "more text than the line has");
    require(arena.bytesReserved() <= 64 * line.size() + 65536, "memory far beyond the line");
}

void fuzzInspect(std::string_view bytes) {
    const std::string json = inspectToJson(bytes);
    // A control character that stands where a member should becomes ,"\u0000":null
    require(json.size() <= 14 * bytes.size() + 64, "far longer than what was printed");
    require(std::count(json.begin(), json.end(), '\n') == std::count(bytes.begin(), bytes.end(), '\n'), "other lines than were printed");
}

void fuzzTexts(std::string_view bytes) {
    const std::string repaired = repairUtf8(bytes);
    require(isValidUtf8(repaired), "repaired is not right");
    require(!isValidUtf8(bytes) || repaired == bytes, "repaired what was right");
    require(repaired.size() <= 3 * bytes.size(), "repaired is too long");
    require(repairUtf8(repaired) == repaired, "repaired twice differs");
    std::string decoded;
    require(fromBase64(toBase64(bytes), decoded) && decoded == bytes, "base64 written and read differs");
    if (fromBase64(bytes, decoded)) require(decoded.size() <= bytes.size(), "base64 grows");
    require(toHex(bytes).size() == 2 * bytes.size(), "hex of another length");
    const std::string escaped = escapeControls(repaired);
    require(isValidUtf8(escaped) && std::none_of(escaped.begin(), escaped.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }), "a control character is left");
    require(escaped.find("\xE2\x80\xAE") == std::string::npos && escaped.find("\xE2\x80\xAA") == std::string::npos && escaped.find("\xE2\x81\xA6") == std::string::npos, "a change of direction is left");
    if (const auto id = TraceId::fromHex(bytes)) require(TraceId::fromHex(id->toHex()) == *id && bytes.size() <= 32, "a trace id that is written and read differs");
    if (const auto id = SpanId::fromHex(bytes)) require(SpanId::fromHex(id->toHex()) == *id && bytes.size() <= 16, "a span id that is written and read differs");
    require(containsIgnoreCase(bytes, bytes.substr(bytes.size() / 3, bytes.size() / 2)), "a part that is not found");
}

void fuzzRedact(std::string_view bytes) {
    const std::string text = repairUtf8(bytes);
    report::Redactor redactor;
    const std::string once = redactor.text(text);
    require(isValidUtf8(once), "redacted into no UTF-8");
    require(redactor.count() > 0 || once == text, "changed without counting");
    report::Redactor off(false);
    require(off.text(text) == text && off.count() == 0, "switched off it changes texts");
    // Secrets among any text, set off by blanks, are gone; the text itself may hold one that is a part of a word.
    static const std::string kSecrets[] = {"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdef", "AKIAABCDEFGHIJKLMNOP", "ghp_0123456789abcdefghij0123", "4111 1111 1111 1111"};
    const std::string& secret = kSecrets[seedOf(bytes) % std::size(kSecrets)];
    const auto middle = text.size() / 2;
    std::size_t cut = middle;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
    const std::string mixed = text.substr(0, cut) + "\n" + secret + "\n" + text.substr(cut);
    if (text.find(secret) == std::string::npos) require(report::Redactor().text(mixed).find(secret) == std::string::npos, "a secret is left among: " + escapeControls(text));
    require(report::Redactor().value("password", store::Value::ofString(text)) == report::kRedacted, "a password is left");
}

void fuzzMarkdown(std::string_view bytes) {
    const std::string text = repairUtf8(bytes);
    const std::string html = report::markdownToHtml(text);
    require(isValidUtf8(html), "HTML that is no UTF-8");
    // Only tags of ours, all of them closed in order.
    static constexpr std::string_view kTags[] = {"p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "strong", "em", "a", "br", "hr", "del"};
    std::vector<std::string> open;
    for (std::size_t at = 0; (at = html.find('<', at)) != std::string::npos;) {
        const auto end = html.find('>', at);
        require(end != std::string::npos, "a tag without an end");
        const std::string_view tag = std::string_view(html).substr(at + 1, end - at - 1);
        at = end;
        const bool closing = tag.starts_with('/');
        const std::string name(tag.substr(closing, tag.find_first_of(" /", closing) - closing));
        require(std::find(std::begin(kTags), std::end(kTags), name) != std::end(kTags), "a tag of others: " + std::string(tag));
        if (tag.find(' ') != std::string_view::npos && name == "a" && !closing) {
            const auto link = tag.substr(tag.find("href=\"") + 6);
            require(tag.starts_with("a href=\"http://") || tag.starts_with("a href=\"https://"), "a link elsewhere: " + std::string(link.substr(0, 60)));
        } else if (const auto attributes = tag.find(' '); attributes != std::string_view::npos) {
            require(tag.substr(attributes).find(" on") == std::string_view::npos, "a tag that acts: " + std::string(tag));
        }
        if (name == "br" || name == "hr") continue;
        if (!closing) open.push_back(name);
        else {
            require(!open.empty() && open.back() == name, "tags that cross: " + name + " in " + html);
            open.pop_back();
        }
    }
    require(open.empty(), "a tag that is not closed");
    require(report::escapeHtml(text).find_first_of("<>") == std::string::npos, "escaped, yet a tag");
    require(report::escapeMarkdown(text).find('\n') == std::string::npos, "one line became two");
}

void fuzzNotes(std::string_view bytes) {
    const auto notes = notes::fromJson(bytes);
    if (!notes) {
        require(notes.error().code != ProblemCode::None, "a fault without a code");
        return;
    }
    for (const auto& note : notes->notes) require(isValidUtf8(note.text) && isValidUtf8(note.id), "a note that is no UTF-8");
    const std::string written = notes::toJson(notes->notes, notes->unread);
    const auto again = notes::fromJson(written);
    require(again.has_value(), "our own notes are refused");
    require(*again == *notes, "notes written and read differ");
    require(notes::toJson(again->notes, again->unread) == written, "notes written twice differ");
}

}  // namespace spanreel::fuzz
