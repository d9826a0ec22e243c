// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "model/core/text.h"
#include "tests/unit/draw.h"

namespace spanreel::test {

/// Bytes that choices are drawn from; shown as hex.
struct LawBytes {
    std::vector<std::uint8_t> bytes;
};
inline std::ostream& operator<<(std::ostream& out, const LawBytes& law) {
    return out << toHex({reinterpret_cast<const char*>(law.bytes.data()), law.bytes.size()});
}

/// The parameters laws are checked with; those of RC_PARAMS where it is set.
inline rc::detail::TestParams lawParams(int runs) {
    static const bool asked = std::getenv("RC_PARAMS") != nullptr;
    ::setenv("RC_PARAMS", "seed=20261121", 0);  // before the configuration is read, which is once
    rc::detail::TestParams params = rc::detail::configuration().testParams;
    if (!asked) params.maxSuccess = runs;
    return params;
}

/// Checks a law on `runs` random inputs of up to `most` bytes, small ones first. `law(Draw&)` returns what is wrong, ""
/// where it holds. An input it fails for is made as small as it gets and shown. The seed is fixed; RC_PARAMS="seed=7
/// max_success=100000" asks for other ones.
template <class Law>
void checkLaw(Law&& law, int runs = 200, std::size_t most = 3000) {
    const rc::detail::TestParams params = lawParams(runs);
    const auto bytes = rc::gen::withSize([most](int size) {
        const auto length = most * static_cast<std::size_t>(size) / 100 + 1;
        return rc::gen::map(rc::gen::resize(static_cast<int>(length), rc::gen::container<std::vector<std::uint8_t>>(rc::gen::resize(100, rc::gen::arbitrary<std::uint8_t>()))),
                            [](std::vector<std::uint8_t> list) { return LawBytes{std::move(list)}; });
    });
    const auto property = [&] {
        const LawBytes input = *bytes;
        Draw draw{std::span<const std::uint8_t>(input.bytes)};
        const std::string wrong = law(draw);
        if (!wrong.empty()) RC_FAIL(wrong);
    };
    rc::detail::TestMetadata metadata;
    metadata.id = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    metadata.description = metadata.id;
    const auto result = rc::detail::checkTestable(property, metadata, params);
    if (result.template is<rc::detail::SuccessResult>()) return;
    std::ostringstream text;
    rc::detail::printResultMessage(result, text);
    ADD_FAILURE() << text.str();
}

}  // namespace spanreel::test
