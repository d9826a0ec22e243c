// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/trace_list/trace_delegate.h"

#include <QHeaderView>
#include <QPainter>
#include <QTableView>
#include <algorithm>

#include "views/theme.h"
#include "views/trace_list/trace_model.h"

namespace spanreel::views {

namespace {

constexpr int kPad = 8;
constexpr int kSwatch = 8;

void drawText(QPainter* p, const QRect& rect, int alignment, const QString& text, const QColor& colour, Qt::TextElideMode elide = Qt::ElideRight) {
    p->setPen(colour);
    p->drawText(rect, alignment | Qt::AlignVCenter | Qt::TextSingleLine, p->fontMetrics().elidedText(text, elide, rect.width()));
}

void drawSwatch(QPainter* p, int x, int middle, const QColor& colour) {
    p->setPen(Qt::NoPen);
    p->setBrush(colour);
    p->drawRoundedRect(QRectF(x, middle - kSwatch / 2.0, kSwatch, kSwatch), 2, 2);
}

}  // namespace

QSize TraceDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const { return {40, Theme::kRowHeight}; }

void TraceDelegate::paint(QPainter* p, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const auto& theme = Theme::instance();
    const auto& c = theme.colours();
    p->save();
    p->setRenderHint(QPainter::Antialiasing);
    const QRect r = option.rect;
    if (option.state & QStyle::State_Selected) p->fillRect(r, option.palette.color(QPalette::Highlight));
    const QRect in = r.adjusted(kPad, 0, -kPad, 0);
    const int middle = r.center().y() + 1;
    const auto column = static_cast<TraceColumn>(index.column());
    p->setFont(option.font);
    switch (column) {
        case TraceColumn::Name: {
            const QString service = index.data(TraceModel::RootServiceRole).toString();
            drawSwatch(p, in.left(), middle, theme.service(service.toStdString()));
            int x = in.left() + kSwatch + 6;
            if (!service.isEmpty()) {
                const int room = std::max(40, in.width() * 2 / 5);
                const int width = std::min(room, p->fontMetrics().horizontalAdvance(service) + 1);
                drawText(p, QRect(x, r.top(), width, r.height()), Qt::AlignLeft, service, c.quiet);
                x += width + 8;
            }
            drawText(p, QRect(x, r.top(), std::max(0, in.right() - x), r.height()), Qt::AlignLeft, index.data(TraceModel::OperationRole).toString(), c.text);
            break;
        }
        case TraceColumn::Duration: {
            const QString text = index.data().toString();
            const int textWidth = std::max(p->fontMetrics().horizontalAdvance(QStringLiteral("88.8 min")), p->fontMetrics().horizontalAdvance(text));
            const int room = in.width() - textWidth - 8;
            if (room > 20) {
                const double width = std::max(1.0, room * index.data(TraceModel::SummaryRole).toDouble());
                const QRectF lane(in.left(), middle - 4, room, 8);
                p->setPen(Qt::NoPen);
                p->setBrush(c.hover());
                p->drawRoundedRect(lane, 2, 2);
                QColor bar = index.data(TraceModel::ErrorRole).toBool() ? c.error : c.accent;
                bar.setAlphaF(0.75F);
                p->setBrush(bar);
                p->drawRoundedRect(QRectF(lane.left(), lane.top(), width, lane.height()), std::min(2.0, width / 2), 2);
            }
            drawText(p, in, Qt::AlignRight, text, c.text);
            break;
        }
        case TraceColumn::Services: {
            const QString count = index.data().toString();
            const QStringList names = index.data(TraceModel::ServicesRole).toStringList();
            const int numberWidth = p->fontMetrics().horizontalAdvance(QStringLiteral("888"));
            drawText(p, QRect(in.left(), r.top(), numberWidth, r.height()), Qt::AlignRight, count, c.text);
            int x = in.left() + numberWidth + 8;
            for (const QString& name : names) {
                if (x + kSwatch > in.right()) break;
                drawSwatch(p, x, middle, theme.service(name.toStdString()));
                x += kSwatch + 3;
            }
            break;
        }
        case TraceColumn::Errors: {
            const QString count = index.data().toString();
            if (!count.isEmpty()) drawText(p, in, Qt::AlignRight, count + QStringLiteral(" \u2715"), c.error);
            break;
        }
        case TraceColumn::Start: drawText(p, in, Qt::AlignRight, index.data().toString(), c.text, Qt::ElideLeft); break;
        default: drawText(p, in, Qt::AlignRight, index.data().toString(), c.text); break;
    }
    // The keyboard's row, over all its cells, selected or not.
    const auto* table = qobject_cast<const QTableView*>(option.widget);
    if (table && table->hasFocus() && table->currentIndex().row() == index.row()) {
        p->setRenderHint(QPainter::Antialiasing, false);
        p->setPen(c.accent);
        p->drawLine(r.topLeft(), r.topRight());
        p->drawLine(r.bottomLeft(), r.bottomRight());
        const int at = table->horizontalHeader()->visualIndex(index.column());
        if (at == 0) p->drawLine(r.topLeft(), r.bottomLeft());
        if (at == table->horizontalHeader()->count() - 1) p->drawLine(r.topRight(), r.bottomRight());
    }
    p->restore();
}

}  // namespace spanreel::views
