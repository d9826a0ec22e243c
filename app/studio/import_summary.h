// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <optional>

#include "model/store/snapshot.h"

class QLabel;
class QTreeWidget;

namespace spanreel::views {
class ViewContext;
}

namespace spanreel::app {

/// What became of every input: read = kept + skipped, warned, and each problem with its place. Not modal; copyable.
/// GUI thread.
class ImportSummary : public QDialog {
    Q_OBJECT
public:
    explicit ImportSummary(views::ViewContext& context, QWidget* parent = nullptr);

    enum class Keyboard { Take, Leave };
    /// Fills it from the session's sources and shows it, at `source` where given. `Leave`: the user is at work elsewhere.
    void present(std::optional<store::SourceId> source = std::nullopt, Keyboard keyboard = Keyboard::Take);
    [[nodiscard]] QString text() const;

private:
    void fill(std::optional<store::SourceId> source);

    views::ViewContext& m_context;
    QLabel* m_total;
    QTreeWidget* m_tree;
};

}  // namespace spanreel::app
