// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QWidget;

namespace spanreel::views {
class ViewContext;
}

namespace spanreel::app {

/// Asks for a name and writes the selected trace's spans and logs as OTLP (JSON, or protobuf by the name's ending; .gz and
/// .zst are honoured), copies included. Written in the query pool; says how it went. GUI thread.
void saveTraceAs(views::ViewContext& context, QWidget* parent);

}  // namespace spanreel::app
