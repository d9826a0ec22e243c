// SPDX-License-Identifier: GPL-3.0-or-later
// What bytes are, before anybody reads records in them.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "ingest/io/inflate.h"
#include "ingest/io/looks_like.h"
#include "tests/unit/gzip.h"

namespace spanreel::ingest {
namespace {

using test::gzip;

TEST(Inflate, GzipBodies) {
    std::string text;
    for (int i = 0; i < 20000; ++i) text += std::to_string(i * 2654435761u);
    const std::string body = gzip(text);
    EXPECT_EQ(inflateGzip(body, 64u << 20).value(), text);
    EXPECT_EQ(inflateGzip(body + body, 64u << 20).value(), text + text);
    EXPECT_EQ(inflateGzip(body + std::string(100, '\0') + body + std::string(3, '\0'), 64u << 20).value(), text + text);
    EXPECT_EQ(inflateGzip(gzip(""), 10).value(), "");
    EXPECT_EQ(inflateGzip(body, text.size()).value(), text);
    const auto detail = [](const Result<std::string>& result) { return result ? std::string("fine") : result.error().detail; };
    EXPECT_EQ(inflateGzip(body, text.size() - 1).error().code, ProblemCode::Limit);
    EXPECT_EQ(inflateGzip(gzip(std::string(70u << 20, 'a')), 64u << 20).error().code, ProblemCode::Limit);
    for (const std::size_t cut : {std::size_t{2}, std::size_t{10}, body.size() / 2, body.size() - 1}) EXPECT_EQ(detail(inflateGzip(body.substr(0, cut), 64u << 20)), "gzip: truncated") << cut;
    std::string damaged = body;
    damaged[damaged.size() - 6] ^= 1;
    EXPECT_EQ(detail(inflateGzip(damaged, 64u << 20)), "gzip: CRC mismatch");
    EXPECT_EQ(detail(inflateGzip("{}", 10)), "gzip: not gzip");
    EXPECT_EQ(detail(inflateGzip(body + "tail", 64u << 20)), "gzip: bytes behind the end");
    EXPECT_EQ(detail(inflateGzip(body + std::string(100, '\0') + "tail", 64u << 20)), "gzip: bytes behind the end");
}

TEST(LooksLike, AKeyCutWithinALetterIsTold) {
    const std::string key(39, 'a');
    EXPECT_EQ(explainUnknown("{\"" + key + "\xC3\xA4\":1}", true).detail, "JSON of another kind (" + key + "\xEF\xBF\xBD)");
}

TEST(LooksLike, Utf16) {
    using namespace std::string_view_literals;
    EXPECT_TRUE(looksLikeUtf16Json("\xFE\xFF\0\n\0["sv));
    EXPECT_TRUE(looksLikeUtf16("\xFF\xFEh\0i\0"sv));
    EXPECT_FALSE(looksLikeUtf16Json("\xFF\xFEh\0i\0"sv));
    EXPECT_FALSE(looksLikeUtf16Json("{\"a\":1}"sv));
    EXPECT_FALSE(looksLikeUtf16Json("\0\0\0\x10\x0a"sv));
}

}  // namespace
}  // namespace spanreel::ingest
