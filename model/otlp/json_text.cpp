// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/otlp/json_text.h"

#include <cmath>

#include "model/core/text.h"

namespace spanreel::otlp {

void JsonWriter::real(double value) {
    if (!std::isfinite(value)) quoted(formatDouble(value));
    else if (value == 0 && std::signbit(value)) raw("-0.0");
    else raw(formatDouble(value));
}

}  // namespace spanreel::otlp
