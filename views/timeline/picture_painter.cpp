// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/timeline/picture_painter.h"

#include <QBrush>
#include <QFontMetricsF>
#include <QHash>
#include <QImage>
#include <QPainter>
#include <QPainterPath>

#include "views/theme.h"

namespace spanreel::views {

using namespace geometry;

namespace {

QFont fontOf(Face face) {
    switch (face) {
    case Face::Ui: return Theme::uiFont();
    case Face::UiBold: return Theme::boldFont();
    case Face::Small: return Theme::smallFont();
    case Face::Mono: return Theme::monoFont();
    }
    return Theme::uiFont();
}

/// Paints one picture; keeps the fonts so that they are looked up once.
class Painter {
public:
    Painter(QPainter& painter, bool dark) : m_p(painter), m_dark(dark) {
        for (auto face : {Face::Ui, Face::UiBold, Face::Small, Face::Mono}) {
            m_fonts[static_cast<int>(face)] = fontOf(face);
            m_metrics.emplace_back(m_fonts[static_cast<int>(face)]);
        }
    }

    void operator()(const Box& box) {
        const QRectF rect(box.rect.x, box.rect.y, box.rect.width, box.rect.height);
        const auto colour = inkColour(box.ink, m_dark);
        m_p.setPen(Qt::NoPen);
        switch (box.fill) {
        case Fill::Solid: m_p.setBrush(colour); break;
        case Fill::Hatch: m_p.setBrush(hatch(colour)); break;
        case Fill::Outline:
        case Fill::Dashed: {
            QPen pen(colour, box.strokeWidth, box.fill == Fill::Dashed ? Qt::DashLine : Qt::SolidLine);
            m_p.setPen(pen);
            m_p.setBrush(Qt::NoBrush);
            const double inset = box.strokeWidth / 2;
            const auto inner = rect.adjusted(inset, inset, -inset, -inset);
            m_p.setRenderHint(QPainter::Antialiasing, box.radius > 0);
            if (box.radius > 0) m_p.drawRoundedRect(inner, box.radius, box.radius);
            else m_p.drawRect(inner);
            return;
        }
        }
        // A bar of a pixel or two stays crisp; wider ones get their round corners.
        const bool round = box.radius > 0 && rect.width() > 3;
        m_p.setRenderHint(QPainter::Antialiasing, round);
        if (round) m_p.drawRoundedRect(rect, box.radius, box.radius);
        else m_p.fillRect(rect, m_p.brush());
    }

    void operator()(const Stroke& s) {
        if (s.ink.opacity <= 0) return;  // there to be pointed at in a written picture
        m_p.setRenderHint(QPainter::Antialiasing, s.x1 != s.x2 && s.y1 != s.y2);
        QPen pen(inkColour(s.ink, m_dark), s.width, s.dashed ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap);
        m_p.setPen(pen);
        m_p.drawLine(QPointF(s.x1, s.y1), QPointF(s.x2, s.y2));
    }

    void operator()(const Mark& m) {
        m_p.setRenderHint(QPainter::Antialiasing, true);
        const auto colour = inkColour(m.ink, m_dark);
        const double r = m.size / 2, x = m.x, y = m.y;
        if (m.kind == MarkKind::Cross) {
            m_p.setPen(QPen(colour, 1.8, Qt::SolidLine, Qt::RoundCap));
            m_p.drawLine(QPointF(x - r, y - r), QPointF(x + r, y + r));
            m_p.drawLine(QPointF(x - r, y + r), QPointF(x + r, y - r));
            return;
        }
        m_p.setPen(Qt::NoPen);
        m_p.setBrush(colour);
        switch (m.kind) {
        case MarkKind::Dot: m_p.drawEllipse(QPointF(x, y), r, r); break;
        case MarkKind::Square: m_p.drawRect(QRectF(x - r, y - r, m.size, m.size)); break;
        case MarkKind::Diamond: m_p.drawPolygon(QPolygonF({{x, y - r}, {x + r, y}, {x, y + r}, {x - r, y}})); break;
        case MarkKind::TriangleRight: m_p.drawPolygon(QPolygonF({{x - r * 0.6, y - r}, {x + r * 0.7, y}, {x - r * 0.6, y + r}})); break;
        case MarkKind::TriangleDown: m_p.drawPolygon(QPolygonF({{x - r, y - r * 0.6}, {x + r, y - r * 0.6}, {x, y + r * 0.7}})); break;
        case MarkKind::Flag: m_p.drawPolygon(QPolygonF({{x - r, y - r}, {x + r, y - r}, {x + r * 0.4, y}, {x + r, y + r}, {x - r, y + r}})); break;
        case MarkKind::Cross: break;
        }
    }

    void operator()(const Label& label) {
        const auto face = static_cast<std::size_t>(label.face);
        auto text = QString::fromStdString(label.text);
        const auto& metrics = m_metrics[face];
        if (label.maxWidth > 0 && label.elide != Elide::None)
            text = metrics.elidedText(text, label.elide == Elide::Middle ? Qt::ElideMiddle : Qt::ElideRight, label.maxWidth);
        m_p.setFont(m_fonts[face]);
        m_p.setPen(inkColour(label.ink, m_dark));
        double x = label.x;
        double width = 0;
        if (label.anchor != Anchor::Start || label.underlined) width = metrics.horizontalAdvance(text);
        if (label.anchor == Anchor::Middle) x -= width / 2;
        else if (label.anchor == Anchor::End) x -= width;
        if (label.underlined) m_p.fillRect(QRectF(x, label.baseline + 1, width, 3), inkColour(Ink::of(Tone::Match), m_dark));
        m_p.drawText(QPointF(x, label.baseline), text);
    }

private:
    /// Diagonal lines of 2 px every 6; Qt's own pattern is too thin to be seen beside a service's colour.
    const QBrush& hatch(const QColor& colour) {
        auto& brush = m_hatches[colour.rgba()];
        if (brush.style() == Qt::NoBrush) {
            QImage tile(6, 6, QImage::Format_ARGB32_Premultiplied);
            tile.fill(Qt::transparent);
            QPainter p(&tile);
            p.setRenderHint(QPainter::Antialiasing);
            p.setPen(QPen(colour, 1.8));
            for (const int shift : {-6, 0, 6}) p.drawLine(QPointF(shift - 3, 9), QPointF(shift + 9, -3));
            p.end();
            brush = QBrush(tile);
        }
        return brush;
    }

    QPainter& m_p;
    bool m_dark;
    QHash<QRgb, QBrush> m_hatches;
    QFont m_fonts[4];
    std::vector<QFontMetricsF> m_metrics;
};

}  // namespace

QColor inkColour(const Ink& ink, bool dark) {
    const auto& c = Theme::colours(dark);
    QColor colour;
    switch (ink.tone) {
    case Tone::Page: colour = c.page; break;
    case Tone::Panel: colour = c.panel; break;
    case Tone::Line: colour = c.line; break;
    case Tone::Text: colour = c.text; break;
    case Tone::Quiet: colour = c.quiet; break;
    case Tone::Accent: colour = c.accent; break;
    case Tone::Error: colour = c.error; break;
    case Tone::Warning: colour = c.warning; break;
    case Tone::Ok: colour = c.ok; break;
    case Tone::Match: colour = c.match; break;
    case Tone::Service: colour = Theme::service(ink.service, dark); break;
    case Tone::NoteYellow: colour = Theme::note(notes::NoteColour::Yellow, dark); break;
    case Tone::NoteGreen: colour = Theme::note(notes::NoteColour::Green, dark); break;
    case Tone::NoteBlue: colour = Theme::note(notes::NoteColour::Blue, dark); break;
    case Tone::NoteRed: colour = Theme::note(notes::NoteColour::Red, dark); break;
    case Tone::NotePurple: colour = Theme::note(notes::NoteColour::Purple, dark); break;
    case Tone::NoteGrey: colour = Theme::note(notes::NoteColour::Grey, dark); break;
    }
    if (ink.opacity < 0.999) colour.setAlphaF(static_cast<float>(ink.opacity * colour.alphaF()));
    return colour;
}

SvgPalette themePalette(bool dark) {
    return [dark](const Ink& ink) {
        auto solid = ink;
        solid.opacity = 1;
        return inkColour(solid, dark).name(QColor::HexRgb).toStdString();
    };
}

void paintPicture(QPainter& painter, const Picture& picture, bool dark) {
    painter.save();
    Painter visitor(painter, dark);
    for (const auto& shape : picture.shapes) std::visit(visitor, shape);
    painter.restore();
}

}  // namespace spanreel::views
