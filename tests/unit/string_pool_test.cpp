// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "model/core/arena.h"
#include "model/store/attribute_front.h"
#include "model/store/string_pool.h"
#include "model/store/trace_store.h"

namespace spanreel::store {
namespace {

/// Of bytes chosen by who knows the function and not the seed: what would be a factor of zero without it.
TEST(TextHash, NoBytesMakeOthersNotCount) {
    constexpr std::size_t kTexts = 1000;
    for (const std::size_t constant : {1u, 3u}) {
        std::unordered_set<std::uint32_t> hashes;
        for (std::uint64_t i = 0; i < kTexts; ++i) {
            std::uint64_t words[4] = {};
            words[constant] = constant == 1 ? sizeof words * 0xD6E8FEB86659FD93ull : 0x8EBC6AF09C88C6E3ull;
            words[constant - 1] = i;
            hashes.insert(textHash({reinterpret_cast<const char*>(words), sizeof words}, processSeed()));
        }
        EXPECT_GT(hashes.size(), kTexts - 10) << "of all 2^32";
    }
}

/// Texts around every border of the record's header, and one of several chunks.
TEST(StringPool, TextsOfEveryLengthComeBack) {
    TextPool text;
    StringPool pool(text);
    std::vector<std::string> texts;
    for (std::size_t length = 0; length <= 600; ++length) texts.push_back(std::string(length, static_cast<char>('a' + length % 26)));
    for (const std::size_t length : {65535u, 65536u, 5000000u}) texts.push_back(std::string(length, 'z'));
    texts.push_back("behind the long one");
    for (std::size_t i = 0; i < texts.size(); ++i) ASSERT_EQ(pool.intern(texts[i]), i);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        ASSERT_EQ(pool.view(static_cast<StringId>(i)), texts[i]);
        ASSERT_EQ(pool.find(texts[i]), i);
        if (i > 0) {
            const auto known = pool.intern(texts[i], textHash(texts[i], processSeed()));
            ASSERT_EQ(known.id, i);
            ASSERT_EQ(TextPool::textAt(known.text), texts[i]);
        }
    }
}

TEST(StringPool, ATableTakesNoMoreThanItsTextsNeed) {
    TextPool text;
    StringPool pool(text);
    for (StringId n = 1; n <= 300000; ++n) {
        ASSERT_EQ(pool.intern("text " + std::to_string(n)), n);
        // A slot is 8 bytes, and half of them may be free, but for what a step of growth rounds; an offset is 4.
        ASSERT_LE(pool.bytesReserved(), std::size_t{n} * 20 + 200) << n;
    }
    for (StringId n = 1; n <= 300000; ++n) {
        const std::string known = "text " + std::to_string(n);
        ASSERT_EQ(pool.view(n), known);
        ASSERT_EQ(pool.find(known), n);
    }
    EXPECT_FALSE(pool.find("text 300001"));
}

TEST(StringPool, ATrimmedPoolKeepsItsTextsAndTakesMore) {
    TextPool text;
    StringPool pool(text);
    text.trim();
    for (StringId n = 1; n <= 100000; ++n) {
        ASSERT_EQ(pool.intern("text " + std::to_string(n)), n);
        if (n % 997 == 0) text.trim();
    }
    for (StringId n = 1; n <= 100000; ++n) ASSERT_EQ(pool.view(n), "text " + std::to_string(n));
}

/// Whether a front that is lent now expects a key that one learnt before.
bool knowsAKey(TraceStore& store) {
    auto front = store.lendFront();
    front.get()->list().begin();
    return front.get()->list().firstGuess() != 0;
}

TEST(TraceStoreFronts, GoWhenNothingMoreComes) {
    TraceStore store;
    {
        auto front = store.lendFront();
        auto& list = front.get()->list();
        list.begin();
        list.add("key", ValueType::Int);
        list.put(1);
        Arena arena;
        std::uint32_t words = 0;
        EXPECT_EQ(list.finish(arena, words).shape, 1u);
    }
    EXPECT_TRUE(knowsAKey(store));
    store.waitSealed();
    EXPECT_FALSE(knowsAKey(store));
}

}  // namespace
}  // namespace spanreel::store
