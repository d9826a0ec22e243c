// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>

namespace spanreel::views {

class TimelineView;
class ViewContext;

/// The page of the selected trace: header, search, and interchangeable readings of the same trace (Timeline first; others
/// by addReading). Follows ViewContext::trace(). GUI thread.
class TracePage : public QWidget {
    Q_OBJECT
public:
    enum class Density { Compact, Normal, Comfortable };

    explicit TracePage(ViewContext& context, QWidget* parent = nullptr);
    ~TracePage() override;

    /// Adds a reading to the switch; takes ownership of the widget. `name` is shown, translated.
    void addReading(const QString& name, QWidget* widget);
    [[nodiscard]] TimelineView& timeline() const;
    void setDensity(Density density);
    /// Puts the cursor into the search box (Ctrl+F).
    void focusSearch();

signals:
    /// The user asked for a note on the selected span, range or trace (key N with Ctrl+M, context menu).
    void addNoteRequested();
    /// The first frame with rows of a trace has been painted (once per trace).
    void firstFramePainted();

private:
    struct Private;
    std::unique_ptr<Private> m_p;
};

}  // namespace spanreel::views
