// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/studio_style.h"

#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>
#include <QAbstractSpinBox>
#include <QComboBox>
#include <QPushButton>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>
#include <algorithm>

#include "views/theme.h"
#include "views/widgets/row_hover.h"

namespace spanreel::views {

namespace {

constexpr double kRadius = 3;
constexpr int kScrollBar = 12;

QColor blend(const QColor& over, const QColor& under, double amount) {
    const auto part = [&](int a, int b) { return static_cast<int>(a * amount + b * (1 - amount)); };
    return QColor(part(over.red(), under.red()), part(over.green(), under.green()), part(over.blue(), under.blue()));
}

/// The edge of things one types into or presses: 3:1 against the page.
QColor edge() {
    const auto& c = Theme::instance().colours();
    return blend(c.quiet, c.panel, 0.62);
}

void frame(QPainter* p, const QRect& rect, const QColor& line, const QBrush& fill) {
    p->save();
    p->setRenderHint(QPainter::Antialiasing);
    p->setPen(QPen(line, 1));
    p->setBrush(fill);
    p->drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
    p->restore();
}

void chevron(QPainter* p, const QRect& rect, const QColor& colour) {
    p->save();
    p->setRenderHint(QPainter::Antialiasing);
    p->setPen(QPen(colour, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF m = QRectF(rect).center();
    p->drawPolyline(QPolygonF({m + QPointF(-3.5, -1.5), m + QPointF(0, 2), m + QPointF(3.5, -1.5)}));
    p->restore();
}

void checkBox(QPainter* p, const QStyleOption* option) {
    const auto& c = Theme::instance().colours();
    const bool on = option->state & QStyle::State_On, partly = option->state & QStyle::State_NoChange, enabled = option->state & QStyle::State_Enabled;
    const int size = std::min({option->rect.width(), option->rect.height(), 14});
    QRect box(0, 0, size, size);
    box.moveCenter(option->rect.center());
    const QColor accent = enabled ? c.accent : c.quiet;
    frame(p, box, on || partly ? accent : edge(), on || partly ? QBrush(accent) : QBrush(c.page));
    if (!on && !partly) return;
    p->save();
    p->setRenderHint(QPainter::Antialiasing);
    p->setPen(QPen(c.page, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF m = QRectF(box).center();
    if (partly) p->drawLine(m + QPointF(-3, 0), m + QPointF(3, 0));
    else p->drawPolyline(QPolygonF({m + QPointF(-3.2, 0.2), m + QPointF(-0.9, 2.6), m + QPointF(3.4, -2.6)}));
    p->restore();
}

void button(QPainter* p, const QStyleOption* option, bool flat) {
    const auto& c = Theme::instance().colours();
    const auto state = option->state;
    const bool enabled = state & QStyle::State_Enabled, down = state & (QStyle::State_Sunken | QStyle::State_On), over = enabled && (state & QStyle::State_MouseOver);
    const bool focus = state & QStyle::State_HasFocus && state & QStyle::State_KeyboardFocusChange;
    if (flat && !down && !over && !focus) return;
    const QColor fill = down ? blend(c.text, c.panel, 0.14) : over ? blend(c.text, c.panel, 0.08) : blend(c.text, c.panel, 0.03);
    frame(p, option->rect, focus ? c.accent : flat ? fill : enabled ? edge() : c.line, fill);
}

/// Where the keyboard is, on what has no edge of its own to show it: the accent's ring.
void focusRing(QPainter* p, const QStyleOption* option, const QWidget* widget) {
    if (qobject_cast<const QPushButton*>(widget) || qobject_cast<const QComboBox*>(widget)) return;  // their edge tells it
    // Item views set the state whatever brought the focus.
    const bool byKey = option->state & QStyle::State_Item ? widget && widget->window()->testAttribute(Qt::WA_KeyboardFocusChange) : bool(option->state & QStyle::State_KeyboardFocusChange);
    if (!byKey) return;
    frame(p, qobject_cast<const QToolButton*>(widget) ? widget->rect() : option->rect, Theme::instance().colours().accent, Qt::NoBrush);
}

}  // namespace

StudioStyle::StudioStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void StudioStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const {
    const auto& c = Theme::instance().colours();
    switch (element) {
        case PE_FrameLineEdit: frame(painter, option->rect, option->state & State_HasFocus ? c.accent : edge(), Qt::NoBrush); return;
        case PE_FrameGroupBox: return;  // the title and the space around it group well enough
        case PE_Frame: {
            const auto* box = qstyleoption_cast<const QStyleOptionFrame*>(option);
            if (!box || box->lineWidth <= 0) return;
            frame(painter, option->rect, option->state & State_HasFocus ? c.accent : widget && widget->inherits("QPlainTextEdit") ? edge() : c.line, Qt::NoBrush);
            return;
        }
        case PE_PanelLineEdit: {
            const auto* line = qstyleoption_cast<const QStyleOptionFrame*>(option);
            const bool framed = line && line->lineWidth > 0;
            if (!framed) {
                painter->fillRect(option->rect, option->palette.brush(QPalette::Base));
                return;
            }
            frame(painter, option->rect, option->state & State_HasFocus ? c.accent : edge(), option->palette.brush(QPalette::Base));
            return;
        }
        case PE_IndicatorCheckBox:
        case PE_IndicatorItemViewItemCheck: checkBox(painter, option); return;
        case PE_PanelButtonCommand: {
            const auto* command = qstyleoption_cast<const QStyleOptionButton*>(option);
            button(painter, option, command && command->features & QStyleOptionButton::Flat);
            return;
        }
        case PE_PanelButtonTool: button(painter, option, option->state & State_AutoRaise); return;
        case PE_FrameFocusRect: focusRing(painter, option, widget); return;
        case PE_FrameStatusBarItem:
        case PE_FrameTabBarBase: return;
        case PE_PanelItemViewRow: {
            const auto* table = qobject_cast<const QTableView*>(widget);
            const auto hovered = table ? table->property(RowHover::kProperty) : QVariant();
            if (hovered.isValid() && !(option->state & State_Selected) && table->rowAt(option->rect.center().y()) == hovered.toInt()) painter->fillRect(option->rect, c.hover());
            break;
        }
        case PE_IndicatorHeaderArrow: {  // up = the smallest is at the top
            const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option);
            if (!header) break;
            painter->save();
            painter->translate(QRectF(option->rect).center());
            if (header->sortIndicator == QStyleOptionHeader::SortDown) painter->rotate(180);  // Qt's word for ascending
            chevron(painter, QRect(-6, -6, 12, 12), c.text);
            painter->restore();
            return;
        }
        case PE_IndicatorDockWidgetResizeHandle: {
            const QRect& r = option->rect;
            painter->fillRect(r.width() < r.height() ? QRect(r.center().x(), r.top(), 1, r.height()) : QRect(r.left(), r.center().y(), r.width(), 1), c.line);
            return;
        }
        default: break;
    }
    QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void StudioStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const {
    const auto& c = Theme::instance().colours();
    switch (element) {
        case CE_Splitter: {
            const QRect& r = option->rect;
            painter->fillRect(r.width() < r.height() ? QRect(r.center().x(), r.top(), 1, r.height()) : QRect(r.left(), r.center().y(), r.width(), 1), c.line);
            return;
        }
        case CE_TabBarTabShape: {
            const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option);
            if (!tab || (tab->shape != QTabBar::RoundedNorth && tab->shape != QTabBar::RoundedSouth)) break;
            const QRect& r = tab->rect;
            const bool selected = tab->state & State_Selected, over = tab->state & State_MouseOver && tab->state & State_Enabled;
            if (selected) painter->fillRect(r, c.page);
            else if (over) painter->fillRect(r, c.hover());
            painter->fillRect(QRect(r.left(), r.bottom(), r.width(), 1), c.line);
            painter->fillRect(QRect(r.right(), r.top() + 6, 1, r.height() - 12), c.line);
            if (selected) painter->fillRect(QRect(r.left(), tab->shape == QTabBar::RoundedNorth ? r.bottom() - 1 : r.top(), r.width(), 2), c.accent);
            return;
        }
        case CE_TabBarTabLabel: {
            const auto* tab = qstyleoption_cast<const QStyleOptionTab*>(option);
            if (!tab || !(tab->state & State_HasFocus)) break;
            QStyleOptionTab words(*tab);
            words.state &= ~State_HasFocus;  // the shade Fusion lays over it is hardly seen
            QProxyStyle::drawControl(element, &words, painter, widget);
            if (tab->state & State_KeyboardFocusChange) frame(painter, tab->rect.adjusted(2, 3, -3, -4), c.accent, Qt::NoBrush);
            return;
        }
        case CE_HeaderSection: {
            painter->fillRect(option->rect, c.panel);
            const QRect& r = option->rect;
            painter->fillRect(QRect(r.left(), r.bottom(), r.width(), 1), c.line);
            painter->fillRect(QRect(r.right(), r.top() + 5, 1, r.height() - 10), c.line);
            if (option->state & State_MouseOver && option->state & State_Enabled) painter->fillRect(r.adjusted(0, 0, -1, -1), c.hover());
            return;
        }
        case CE_ToolBar: {
            painter->fillRect(option->rect, c.panel);
            const auto* bar = qstyleoption_cast<const QStyleOptionToolBar*>(option);
            const QRect& r = option->rect;
            painter->fillRect(QRect(r.left(), bar && bar->toolBarArea == Qt::BottomToolBarArea ? r.top() : r.bottom(), r.width(), 1), c.line);
            return;
        }
        case CE_DockWidgetTitle: {
            const auto* dock = qstyleoption_cast<const QStyleOptionDockWidget*>(option);
            if (!dock) break;
            painter->save();
            QFont font = Theme::smallFont();
            font.setWeight(QFont::DemiBold);
            font.setCapitalization(QFont::AllUppercase);
            font.setLetterSpacing(QFont::AbsoluteSpacing, 0.5);
            painter->setFont(font);
            painter->setPen(c.quiet);
            const QRect r = subElementRect(SE_DockWidgetTitleBarText, option, widget).adjusted(4, 0, 0, 0);
            painter->drawText(r, Qt::AlignLeft | Qt::AlignVCenter, painter->fontMetrics().elidedText(dock->title, Qt::ElideRight, r.width()));
            painter->restore();
            return;
        }
        default: break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void StudioStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const {
    const auto& c = Theme::instance().colours();
    if (control == CC_ScrollBar) {
        const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
        if (bar) {
            painter->fillRect(bar->rect, blend(c.panel, c.page, 0.6));
            if (bar->maximum <= bar->minimum) return;
            QRectF handle = subControlRect(CC_ScrollBar, bar, SC_ScrollBarSlider, widget);
            handle = bar->orientation == Qt::Vertical ? handle.adjusted(3, 1, -3, -1) : handle.adjusted(1, 3, -1, -3);
            const bool active = bar->activeSubControls & SC_ScrollBarSlider && bar->state & (State_MouseOver | State_Sunken);
            painter->save();
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(Qt::NoPen);
            painter->setBrush(blend(c.quiet, c.panel, active ? 0.85 : 0.5));
            painter->drawRoundedRect(handle, 3, 3);
            painter->restore();
            return;
        }
    }
    if (control == CC_SpinBox) {
        const auto* box = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
        if (box) {
            if (box->frame) frame(painter, box->rect, box->state & State_HasFocus ? c.accent : edge(), c.page);
            for (const auto part : {SC_SpinBoxUp, SC_SpinBoxDown}) {
                const QRect r = subControlRect(CC_SpinBox, box, part, widget);
                const bool can = box->state & State_Enabled && box->stepEnabled & (part == SC_SpinBoxUp ? QAbstractSpinBox::StepUpEnabled : QAbstractSpinBox::StepDownEnabled);
                if (can && box->activeSubControls == part && box->state & State_MouseOver) painter->fillRect(r.adjusted(0, 1, -1, -1), c.hover());
                painter->save();
                painter->translate(QRectF(r).center());
                if (part == SC_SpinBoxUp) painter->rotate(180);
                chevron(painter, QRect(-6, -6, 12, 12), can ? c.text : c.quiet);
                painter->restore();
            }
            return;
        }
    }
    if (control == CC_ComboBox) {
        const auto* box = qstyleoption_cast<const QStyleOptionComboBox*>(option);
        if (box) {
            const bool enabled = box->state & State_Enabled;
            if (box->editable) frame(painter, box->rect, box->state & State_HasFocus ? c.accent : edge(), c.page);
            else {
                QStyleOption face = *box;
                face.state &= ~State_On;
                button(painter, &face, !box->frame);
            }
            chevron(painter, subControlRect(CC_ComboBox, box, SC_ComboBoxArrow, widget), enabled ? c.text : c.quiet);
            return;
        }
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

int StudioStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const {
    switch (metric) {
        case PM_ScrollBarExtent: return kScrollBar;
        case PM_DockWidgetSeparatorExtent:
        case PM_SplitterWidth: return 5;
        case PM_DockWidgetTitleMargin: return 4;
        case PM_TabBarTabHSpace: return 22;
        case PM_TabBarTabVSpace: return 12;
        case PM_TabBarTabShiftVertical:
        case PM_TabBarTabShiftHorizontal:
        case PM_TabBarTabOverlap:
        case PM_TabBarBaseOverlap: return 0;
        case PM_ScrollBarSliderMin: return 28;
        case PM_HeaderMargin: return 7;
        case PM_ToolBarFrameWidth: return 2;
        default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

QSize StudioStyle::sizeFromContents(ContentsType type, const QStyleOption* option, const QSize& contents, const QWidget* widget) const {
    const QSize size = QProxyStyle::sizeFromContents(type, option, contents, widget);
    return type == CT_ItemViewItem ? size.expandedTo({0, Theme::kRowHeight - 2}) : size;
}

int StudioStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* returnData) const {
    if (hint == SH_EtchDisabledText || hint == SH_DitherDisabledText || hint == SH_DialogButtonBox_ButtonsHaveIcons) return 0;
    return QProxyStyle::styleHint(hint, option, widget, returnData);
}

QIcon StudioStyle::standardIcon(StandardPixmap icon, const QStyleOption* option, const QWidget* widget) const {
    switch (icon) {
        case SP_DockWidgetCloseButton:
        case SP_TitleBarCloseButton: return Theme::instance().icon("close");
        case SP_MessageBoxQuestion:
        case SP_MessageBoxInformation: return Theme::instance().icon("info");
        case SP_MessageBoxWarning: return Theme::instance().icon("warning");
        case SP_MessageBoxCritical: return Theme::instance().icon("error");
        case SP_TitleBarNormalButton: return Theme::instance().icon("fit");
        default: return QProxyStyle::standardIcon(icon, option, widget);
    }
}

QRect StudioStyle::subControlRect(ComplexControl control, const QStyleOptionComplex* option, SubControl subControl, const QWidget* widget) const {
    if (control != CC_ScrollBar) return QProxyStyle::subControlRect(control, option, subControl, widget);
    const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option);
    if (!bar) return {};
    // No arrow buttons: the groove is the whole bar.
    const bool vertical = bar->orientation == Qt::Vertical;
    const int length = vertical ? bar->rect.height() : bar->rect.width();
    const qint64 range = static_cast<qint64>(bar->maximum) - bar->minimum;
    int handle = length;
    if (range > 0) handle = std::clamp(static_cast<int>(static_cast<qint64>(bar->pageStep) * length / (range + bar->pageStep)), std::min(28, length), length);
    const int start = sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition, length - handle, bar->upsideDown);
    const auto rect = [&](int from, int size) {
        const QRect r = vertical ? QRect(bar->rect.left(), bar->rect.top() + from, bar->rect.width(), size) : QRect(bar->rect.left() + from, bar->rect.top(), size, bar->rect.height());
        return visualRect(bar->direction, bar->rect, r);
    };
    switch (subControl) {
        case SC_ScrollBarSlider: return rect(start, handle);
        case SC_ScrollBarGroove: return bar->rect;
        case SC_ScrollBarSubPage: return rect(0, start);
        case SC_ScrollBarAddPage: return rect(start + handle, length - start - handle);
        default: return {};
    }
}

}  // namespace spanreel::views
