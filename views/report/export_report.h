// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace spanreel::views {

class ViewContext;

/// Opens the (window-modal) dialog that exports the selected trace as a report: format, what to include, redaction, with
/// progress and cancel. Returns at once; says in the dialog what was written. Without a trace it says so.
void exportReport(ViewContext& context, QWidget* parent);

}  // namespace spanreel::views
