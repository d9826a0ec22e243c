// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/details/details_delegate.h"

#include <QHeaderView>
#include <QPainter>
#include <QTextLayout>
#include <QTreeView>
#include <algorithm>

#include "views/details/details_model.h"
#include "views/theme.h"

namespace spanreel::views {

namespace {

constexpr int kPad = 4, kAbove = 3;

/// Where a line of `text` that would end at `end`, between two digits, had better end: before a fraction, else after
/// the part of a date or time that is whole; `end` where there is no such place.
int endOutsideNumber(const QString& text, int start, int end) {
    const auto digit = [&text](int i) { return i >= 0 && i < text.size() && text[i].isDigit(); };
    if (!digit(end - 1) || !digit(end)) return end;
    int first = end - 1;
    while (first > start && digit(first - 1)) --first;
    const int mark = first - 1;
    if (mark <= start || !digit(mark - 1)) return end;
    if (text[mark] == u'.' || text[mark] == u',') return mark;
    return text[mark] == u':' || text[mark] == u'-' ? first : end;
}

QFont fontOf(const QStyleOptionViewItem& option, const QModelIndex& index) {
    const auto own = index.data(Qt::FontRole);
    return own.isValid() ? own.value<QFont>() : option.font;
}

}  // namespace

QStringList DetailsDelegate::broken(const QString& text, const QFont& font, int width, int most) {
    QStringList lines;
    QTextLayout layout(text, font);
    QTextOption wrap;
    wrap.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(wrap);
    layout.beginLayout();
    for (;;) {
        auto line = layout.createLine();
        if (!line.isValid()) break;
        line.setLineWidth(std::max(width, 20));
        if (const int end = line.textStart() + line.textLength(), better = endOutsideNumber(text, line.textStart(), end); better != end) line.setNumColumns(better - line.textStart());
        if (lines.size() + 1 == most) {
            lines << QFontMetrics(font).elidedText(text.mid(line.textStart()), Qt::ElideRight, width);
            break;
        }
        lines << text.mid(line.textStart(), line.textLength());
    }
    layout.endLayout();
    return lines;
}

DetailsDelegate::DetailsDelegate(QTreeView* tree) : QStyledItemDelegate(tree), m_tree(tree) {
    connect(tree->header(), &QHeaderView::sectionResized, this, [this] {
        if (!m_tree->uniformRowHeights()) emit sizeHintChanged({});
    });
}

bool DetailsDelegate::wraps(const QModelIndex& index) const {
    if (m_tree->uniformRowHeights()) return false;
    if (index.column() == DetailsModel::Value) return true;
    return index.parent().isValid() && m_tree->isFirstColumnSpanned(index.row(), index.parent());
}

int DetailsDelegate::typeWidth(const QModelIndex& index) const {
    const auto type = index.siblingAtColumn(DetailsModel::Type).data().toString();
    return index.column() != DetailsModel::Value || type.isEmpty() ? 0 : QFontMetrics(Theme::smallFont()).horizontalAdvance(type) + 10;
}

QSize DetailsDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const QFont font = fontOf(option, index);
    const QFontMetrics metrics(font);
    int lines = 1;
    if (wraps(index)) {
        const int room = index.column() == DetailsModel::Key ? m_tree->viewport()->width() - 2 * m_tree->indentation() : m_tree->columnWidth(DetailsModel::Value) - typeWidth(index);
        const QString text = index.data().toString();
        if (metrics.horizontalAdvance(text) > room - 2 * kPad) lines = static_cast<int>(broken(text, font, room - 2 * kPad, kMostLines).size());
    }
    return {40, std::max(Theme::kRowHeight - 2, std::max(lines, 1) * metrics.lineSpacing() + 2 * kAbove)};
}

void DetailsDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const auto& colours = Theme::instance().colours();
    const auto* style = option.widget->style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
    painter->save();
    const int type = typeWidth(index);
    const QRect in = option.rect.adjusted(kPad, kAbove, -kPad, 0);
    if (type > 0) {
        painter->setFont(Theme::smallFont());
        painter->setPen(colours.quiet);
        painter->drawText(in, Qt::AlignRight | Qt::AlignTop, index.siblingAtColumn(DetailsModel::Type).data().toString());
    }
    const QFont font = fontOf(option, index);
    const QFontMetrics metrics(font);
    const auto ink = index.data(Qt::ForegroundRole);
    painter->setFont(font);
    painter->setPen(ink.isValid() ? ink.value<QColor>() : option.palette.color(QPalette::Text));
    const QString text = index.data().toString();
    const int width = in.width() - type;
    QStringList lines;
    if (wraps(index) && metrics.horizontalAdvance(text) > width) lines = broken(text, font, width, kMostLines);
    else lines << metrics.elidedText(text, index.column() == DetailsModel::Key ? Qt::ElideMiddle : Qt::ElideRight, width);
    for (int i = 0; i < lines.size(); ++i)
        painter->drawText(QRect(in.left(), in.top() + i * metrics.lineSpacing(), width, metrics.lineSpacing()), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, lines[i]);
    painter->restore();
    if (!(option.state & QStyle::State_HasFocus)) return;
    QStyleOptionFocusRect ring;
    ring.QStyleOption::operator=(option);
    ring.state |= QStyle::State_Item;
    style->drawPrimitive(QStyle::PE_FrameFocusRect, &ring, painter, option.widget);
}

}  // namespace spanreel::views
