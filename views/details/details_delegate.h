// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

class QTreeView;

namespace spanreel::views {

/// Paints the rows of the details: keys elided in the middle, values wrapped to a few lines with their type at the right
/// end, sentences over the whole width. Where the tree's rows have one height, as for very many, values stay on one line.
/// GUI thread.
class DetailsDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    /// `text` broken to a width, dates and times between their parts; what does not go into `most` lines is
    /// elided at their end.
    [[nodiscard]] static QStringList broken(const QString& text, const QFont& font, int width, int most);

    static constexpr int kMostLines = 5;

    explicit DetailsDelegate(QTreeView* tree);
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    [[nodiscard]] bool wraps(const QModelIndex& index) const;
    [[nodiscard]] int typeWidth(const QModelIndex& index) const;
    QTreeView* m_tree;
};

}  // namespace spanreel::views
