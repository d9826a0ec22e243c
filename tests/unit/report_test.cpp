// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "model/report/document.h"
#include "model/report/markdown.h"
#include "model/report/redact.h"

namespace {

using namespace spanreel;
using namespace spanreel::report;

TEST(Redact, KeysOfSecretsInAnySpelling) {
    for (const char* key : {"Authorization", "http.request.header.authorization", "cookie", "Set-Cookie", "db.password", "PASSWD", "client_secret", "x-api-key", "apiKey", "access_token",
                            "aws.key", "private-key", "credentials", "session.id", "user.pwd", "pem", "card", "X-Amz-Signature", "csrf-token"})
        EXPECT_TRUE(isSecretKey(key)) << key;
    for (const char* key : {"", "http.method", "service.name", "key", "messaging.kafka.message.key", "db.statement", "passenger.count", "author", "keyboard", "discard", "sidecar", "options"})
        EXPECT_FALSE(isSecretKey(key)) << key;
}

TEST(Redact, ValueOfASecretKeyGoesWhole) {
    Redactor redactor;
    EXPECT_EQ(redactor.value("password", store::Value::ofString("hunter2")), kRedacted);
    EXPECT_EQ(redactor.value("pin", store::Value::ofInt(1234)), kRedacted);
    EXPECT_EQ(redactor.value("llm.usage.total_tokens", store::Value::ofInt(512)), "512");
    EXPECT_EQ(redactor.value("http.route", store::Value::ofString("/a")), "/a");
    EXPECT_EQ(redactor.count(), 2u);
}

struct TextCase {
    const char* name;
    std::string text, expected;
};
class RedactText : public testing::TestWithParam<TextCase> {};
TEST_P(RedactText, TakesTheSecretOnly) {
    Redactor redactor;
    EXPECT_EQ(redactor.text(GetParam().text), GetParam().expected);
}
INSTANTIATE_TEST_SUITE_P(Patterns, RedactText,
                         testing::Values(TextCase{"bearer", "sent Bearer abc123def to x", "sent Bearer [redacted] to x"}, TextCase{"basic", "Authorization: Basic dXNlcjpwYXNz", "Authorization: [redacted]"},
                                         TextCase{"basicWord", "a basic example of things", "a basic example of things"},
                                         TextCase{"url", "postgres://user:hunter2@db/x?a=1", "postgres://[redacted]@db/x?a=1"},
                                         TextCase{"urlPlain", "https://example.com/a@b", "https://example.com/a@b"},
                                         TextCase{"query", "https://x/?token=abcdef123456&ok=1", "https://x/?token=[redacted]&ok=1"},
                                         TextCase{"json", R"({"user":"a","password":"p\"q","n":1})", R"({"user":"a","password":"[redacted]","n":1})"},
                                         TextCase{"jsonInJson", R"("{\"token\":\"abc\",\"n\":1}")", R"("{\"token\":\"[redacted]\",\"n\":1}")"},
                                         TextCase{"jwt", "t eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl!", "t [redacted]!"}, TextCase{"aws", "id AKIAIOSFODNN7EXAMPLE.", "id [redacted]"},
                                         TextCase{"github", "ghp_000000000000000000000000000000000000", "[redacted]"}, TextCase{"cardGrouped", "card 4111 1111 1111 1111 declined", "card [redacted] declined"},
                                         TextCase{"cardPlain", "paid with 4111111111111111", "paid with [redacted]"}, TextCase{"notACard", "order 4111 1111 1111 1112", "order 4111 1111 1111 1112"},
                                         TextCase{"time", "at 1763589600000000001 ns", "at 1763589600000000001 ns"},
                                         TextCase{"pem", "k -----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY----- z", "k [redacted] z"},
                                         TextCase{"pemCut", "-----BEGIN RSA PRIVATE KEY-----\nAAAA", "[redacted]"}, TextCase{"cookie", "Cookie: a=1; sid=2\nHost: x", "Cookie: [redacted]\nHost: x"},
                                         TextCase{"arguments", R"(["--password", "hun\"t, er2", "--max-tokens", "512", "--pin", 1234, "-v"])", R"(["--password", "[redacted]", "--max-tokens", "512", "--pin", [redacted], "-v"])"},
                                         TextCase{"commandLine", "db --user a --password hunter2,x -token 'a b' --verbose", "db --user a --password [redacted] -token '[redacted]' --verbose"},
                                         TextCase{"commandInList", R"(["sh", "-c", "db --password \"hunter 2\" x --token t0ken"])", R"(["sh", "-c", "db --password \"[redacted]\" x --token [redacted]"])"},
                                         TextCase{"argumentsInJson", R"("[\"--password\",\"hun\\\"ter2\",\"-v\"]")", R"("[\"--password\",\"[redacted]\",\"-v\"]")"},
                                         TextCase{"argumentsInJsonTwice", R"("\"[\\\"--password\\\",\\\"hunter2\\\"]\"")", R"("\"[\\\"--password\\\",\\\"[redacted]\\\"]\"")"},
                                         TextCase{"argumentsOfJava", "[--password, hunter2] [db, --password, hun,ter2, -v]", "[--password, [redacted]] [db, --password, [redacted], -v]"},
                                         TextCase{"argumentsOfGo", "[--password hunter2] [db --token t0k]en]", "[--password [redacted]] [db --token [redacted]]"},
                                         TextCase{"argumentsOfPython", "['sh', '-c', 'db --password hunter2', '--token', 'abc']", "['sh', '-c', 'db --password [redacted]', '--token', '[redacted]']"},
                                         TextCase{"inBrackets", "tried (--password hunter2), {-token abc}", "tried (--password [redacted]), {-token [redacted]}"},
                                         TextCase{"inBackticks", "run `--token abcdefg` or `db --token abc`", "run `--token [redacted]` or `db --token [redacted]`"},
                                         TextCase{"withinQuotes", R"(["sh", "echo \"--password hunter2\""])", R"(["sh", "echo \"--password [redacted]\""])"},
                                         TextCase{"optionsByTheirWords", "x --dbpassword a --apiKeyFile b --secrets c --user.pwd d --basicAuth e", "x --dbpassword [redacted] --apiKeyFile [redacted] --secrets [redacted] --user.pwd [redacted] --basicAuth [redacted]"},
                                         TextCase{"noSecretsOption", "x --tokenizer bert-base --no-password db1 --noPassword db2 --passwordless y", "x --tokenizer bert-base --no-password db1 --noPassword db2 --passwordless y"},
                                         TextCase{"optionsInProse", "give --user, --password, or `--token` instead", "give --user, --password, or `--token` instead"},
                                         TextCase{"optionAlone", "--no-password --host x --password", "--no-password --host x --password"},
                                         TextCase{"plain", "POST /checkout 200 in 12 ms", "POST /checkout 200 in 12 ms"}),
                         [](const auto& row) { return row.param.name; });

TEST(Redact, OffLeavesEverythingAndCountsNothing) {
    Redactor redactor(false);
    EXPECT_EQ(redactor.text("Bearer abc123def"), "Bearer abc123def");
    EXPECT_EQ(redactor.value("password", store::Value::ofString("hunter2")), "hunter2");
    EXPECT_EQ(redactor.count(), 0u);
}

TEST(Redact, ASecretAtTheCutDoesNotSurvive) {
    Redactor redactor;
    const std::string secret = "Bearer abcdefghijklmnopqrstuvwxyz0123456789";
    const auto shown = redactor.value("log", store::Value::ofString(std::string(4080, 'x') + " " + secret));
    EXPECT_EQ(shown.find("abcdefgh"), std::string::npos);
}

TEST(Redact, TheArgumentBehindASecretsOptionGoes) {
    Redactor redactor;
    const auto element = [](std::string_view text) { return std::string("\x0a") + static_cast<char>(text.size() + 2) + "\x0a" + static_cast<char>(text.size()) + std::string(text); };
    EXPECT_EQ(redactor.value("process.command_args", store::Value::ofArray(element("--password") + element("hunter2"))), R"(["--password", "[redacted]"])");
    EXPECT_EQ(redactor.count(), 1u);
}

TEST(Redact, HostileTextsTakeLinearTime) {
    Redactor redactor;
    std::string text;
    for (int i = 0; i < 60000; ++i) text += "eyJsk-://:\"password\":\"";
    EXPECT_EQ(redactor.text(text).find("eyJsk"), 0u);
    EXPECT_GT(redactor.count(), 10000u);
    text.clear();
    for (std::size_t i = 0; i < 1000; ++i) text += "[--token " + std::string(i, '\\') + "\"--token '";
    for (int i = 0; i < 100000; ++i) text += ",--token,";
    EXPECT_EQ(redactor.text(text).find("[--token "), 0u);
}

TEST(Markdown, RawHtmlAndScriptsStayText) {
    const auto html = markdownToHtml("<script>alert(1)</script> **<img src=x onerror=y>** [x](javascript:alert(1)) ![p](http://a/b.png)");
    EXPECT_EQ(html.find("<script"), std::string::npos);
    EXPECT_EQ(html.find("<img"), std::string::npos);
    EXPECT_EQ(html.find("href=\"javascript"), std::string::npos);
    EXPECT_NE(html.find("<strong>&lt;img"), std::string::npos);
}

TEST(Markdown, OrdinaryMarks) {
    EXPECT_EQ(markdownToHtml("# Why\n\n**bold** and *it* and `a<b`"), "<h3>Why</h3>\n<p><strong>bold</strong> and <em>it</em> and <code>a&lt;b</code></p>\n");
    EXPECT_EQ(markdownToHtml("- a\n- b\n\n1. c"), "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol>\n<li>c</li>\n</ol>\n");
    EXPECT_EQ(markdownToHtml("```\n<x>\n```"), "<pre><code>&lt;x&gt;\n</code></pre>\n");
    EXPECT_EQ(markdownToHtml("[docs](https://example.com/a?b=1&c=\")"), "<p>[docs](https://example.com/a?b=1&amp;c=&quot;)</p>\n");
    EXPECT_EQ(markdownToHtml("[docs](https://example.com)"), "<p><a href=\"https://example.com\" rel=\"noreferrer noopener\">docs</a></p>\n");
    EXPECT_EQ(markdownToHtml("snake_case_name 2 * 3 * 4"), "<p>snake_case_name 2 * 3 * 4</p>\n");
}

TEST(Markdown, UnclosedAndNestedMarksEnd) {
    EXPECT_EQ(markdownToHtml("**open"), "<p>**open</p>\n");
    EXPECT_FALSE(markdownToHtml(std::string(20000, '*')).empty());
    EXPECT_FALSE(markdownToHtml(std::string(20000, '[')).empty());
    EXPECT_EQ(markdownToHtml("```\nnever closed"), "<pre><code>never closed\n</code></pre>\n");
}

Document sample() {
    Document document;
    document.title = "frontend: <b>POST</b> & \"x\"";
    document.colours = {{"page", "#ffffff", "#15181d"}, {"bad", "red;} body{", "#000000"}};
    document.add(Heading{2, "Facts"});
    document.add(Facts{{{"Name", "<i>v</i>"}}});
    document.add(NoteBlock{"On span <s>", "#aabbcc", "**look**"});
    document.add(NoteBlock{"x", "url(http://evil)", "<script>"});
    document.add(Picture{"Timeline", "<svg id=\"inline\"></svg>", "<svg id=\"file\"></svg>", "timeline"});
    document.add(Table{{{"A"}, {"N", true}}, {{"a|b", "1"}}, {true}});
    document.add(Code{"at <main>\n```\n"});
    document.footer = "Written";
    return document;
}

TEST(Html, IsSelfContainedAndEscaped) {
    const auto html = writeHtml(sample());
    EXPECT_NE(html.find("Content-Security-Policy\" content=\"default-src 'none'"), std::string::npos);
    EXPECT_NE(html.find("frontend: &lt;b&gt;POST&lt;/b&gt; &amp; &quot;x&quot;"), std::string::npos);
    for (const char* never : {"<script", "http://", "https://", "src=", "@import", "url(", "<i>", "<link", "body{\"", "red;}"}) EXPECT_EQ(html.find(never), std::string::npos) << never;
    EXPECT_NE(html.find("--page:#ffffff;"), std::string::npos);
    EXPECT_NE(html.find("prefers-color-scheme:dark"), std::string::npos);
    EXPECT_NE(html.find("<svg id=\"inline\">"), std::string::npos);
    EXPECT_NE(html.find("<strong>look</strong>"), std::string::npos);
    EXPECT_NE(html.find("<td class=\"n\">1</td>"), std::string::npos);
}

TEST(MarkdownReport, PicturesAreFilesAndTextIsEscaped) {
    const auto out = writeMarkdown(sample(), "my report");
    ASSERT_EQ(out.files.size(), 1u);
    EXPECT_EQ(out.files[0].first, "my report-timeline.svg");
    EXPECT_EQ(out.files[0].second, "<svg id=\"file\"></svg>");
    EXPECT_NE(out.text.find("![Timeline](my%20report-timeline.svg)"), std::string::npos);
    EXPECT_NE(out.text.find("| a\\|b | 1 |"), std::string::npos);
    EXPECT_NE(out.text.find("> **look**"), std::string::npos);
    EXPECT_NE(out.text.find("````"), std::string::npos) << "a fence longer than any in the text";
    EXPECT_EQ(out.text.find("<script"), std::string::npos);
    EXPECT_EQ(out.text.find("<i>"), std::string::npos);
}

}  // namespace
