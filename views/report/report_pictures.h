// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/report/document.h"
#include "model/report/redact.h"
#include "views/geometry/picture.h"
#include "views/geometry/svg_writer.h"

namespace spanreel::views {

/// Names the colours of a report's pictures as CSS variables, so that one picture serves light and dark.
class ReportColours {
public:
    ReportColours();
    /// "var(--…)" of an ink; services get a variable each when first asked for.
    [[nodiscard]] std::string variable(const geometry::Ink& ink);
    [[nodiscard]] const std::vector<report::ColourVariable>& variables() const { return m_variables; }

private:
    std::vector<report::ColourVariable> m_variables;
    std::map<std::string, std::string> m_services;
};

/// Takes secrets out of every text of a picture.
void redactPicture(geometry::Picture& picture, report::Redactor& redactor);

/// A redacted picture, inline and as a file.
[[nodiscard]] report::Picture reportPicture(geometry::Picture picture, const std::string& name, const std::string& title, ReportColours& colours, report::Redactor& redactor);

}  // namespace spanreel::views
