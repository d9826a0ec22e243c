// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "ingest/receivers/origin_policy.h"

namespace spanreel::ingest {
namespace {

using Verdict = OriginPolicy::Verdict;

const OriginPolicy kPolicy({"trace.example", "Upper.Example:4318"}, {"https://app.example:8443"}, {"box", "box.local"});

TEST(OriginPolicy, HostsOfThisMachineAndLiterals) {
    for (const char* host : {"localhost", "localhost:4318", "LOCALHOST:1", "a.localhost", "127.0.0.1:4318", "127.9.9.9", "10.0.0.7:4318", "[::1]:4318", "[fe80::1]", "box:4318",
                             "box.local", "host.docker.internal:4318", "host.containers.internal", "trace.example:9", "upper.example", "localhost.:4318"})
        EXPECT_TRUE(kPolicy.hostAllowed(host)) << host;
    for (const char* host : {"", "evil.example:4318", "localhost.evil.example", "evillocalhost", "127.0.0.1.evil.example", "[::1", "[::1]x", "localhost:x", "localhost:123456",
                             "user@localhost", "localhost/..", "::1:4318", "boxx", "[nonsense]"})
        EXPECT_FALSE(kPolicy.hostAllowed(host)) << host;
    for (const char odd : {'\0', '\1', '\n', '\x7f'}) {
        const std::string rest = std::string(1, odd) + ".evil.example";
        EXPECT_FALSE(kPolicy.hostAllowed("127.0.0.1" + rest)) << int{odd};
        EXPECT_FALSE(kPolicy.hostAllowed("[::1" + rest + "]")) << int{odd};
        EXPECT_FALSE(kPolicy.originAllowed("http://127.0.0.1" + rest)) << int{odd};
        EXPECT_FALSE(kPolicy.originAllowed("http://x" + std::string(1, odd) + ".localhost")) << int{odd};
    }
}

TEST(OriginPolicy, OriginsOfLoopbackAndTheList) {
    for (const char* origin : {"http://localhost", "http://localhost:3000", "https://localhost:8443", "http://shop.localhost:1", "http://127.0.0.1:7701", "http://127.3.2.1", "http://[::1]:5173",
                               "https://app.example:8443", "HTTPS://App.Example:8443"})
        EXPECT_TRUE(kPolicy.originAllowed(origin)) << origin;
    for (const char* origin : {"", "null", "http://evil.example", "https://app.example", "http://app.example:8443", "http://localhost.evil.example", "http://localhost:3000/path",
                               "http://192.168.1.2:3000", "file://localhost", "ftp://localhost", "http://user@localhost", "http://box:80", "localhost:3000"})
        EXPECT_FALSE(kPolicy.originAllowed(origin)) << origin;
}

TEST(OriginPolicy, OriginDecidesWhereItIsPresent) {
    // A page on 127.0.0.1 that posts to localhost sends both: the Origin decides.
    EXPECT_EQ(kPolicy.judge("localhost:4318", "http://127.0.0.1:7701", "cross-site"), Verdict::Allowed);
    EXPECT_EQ(kPolicy.judge("localhost:4318", "http://localhost:7701", "same-site"), Verdict::Allowed);
    EXPECT_EQ(kPolicy.judge("localhost:4318", "http://evil.example", "same-origin"), Verdict::ForeignOrigin);
    EXPECT_EQ(kPolicy.judge("localhost:4318", "null", ""), Verdict::ForeignOrigin);
    EXPECT_EQ(kPolicy.judge("localhost:4318", {}, "cross-site"), Verdict::CrossSite);
    EXPECT_EQ(kPolicy.judge("localhost:4318", {}, "Same-Site"), Verdict::CrossSite);
    for (const char* site : {"", "none", "same-origin"}) EXPECT_EQ(kPolicy.judge("localhost:4318", {}, site), Verdict::Allowed);
    EXPECT_EQ(kPolicy.judge("evil.example", "http://localhost:1", ""), Verdict::ForeignHost);
    EXPECT_EQ(kPolicy.judge({}, {}, ""), Verdict::Allowed);
}

}  // namespace
}  // namespace spanreel::ingest
