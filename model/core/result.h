// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tl/expected.hpp>

#include "model/core/problem.h"

namespace spanreel {

/// A value, or the `Error` that says why there is none.
template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ProblemCode code, std::string detail = {}, Place place = {}) {
    return tl::unexpected<Error>(Error{code, std::move(detail), std::move(place)});
}

}  // namespace spanreel
