// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/theme.h"

#include <QApplication>
#include <QEvent>
#include <QFile>
#include <QFontDatabase>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>
#include <QToolTip>
#include <algorithm>
#include <array>
#include <cmath>

#include "views/service_hues.h"
#include "views/studio_style.h"
#include "views/system_scheme.h"

static void initResources() { Q_INIT_RESOURCE(resources); }

namespace spanreel::views {

namespace {

QColor mix(const QColor& over, const QColor& under, double amount) {
    const auto part = [&](int a, int b) { return static_cast<int>(std::lround(a * amount + b * (1 - amount))); };
    return QColor(part(over.red(), under.red()), part(over.green(), under.green()), part(over.blue(), under.blue()));
}

/// OKLCH to sRGB (Björn Ottosson's OKLab matrices); chroma is reduced until sRGB holds the colour.
QColor fromOklch(double lightness, double chroma, double hueDegrees) {
    const double hue = hueDegrees * M_PI / 180.0;
    for (double c = chroma; c >= 0; c -= 0.004) {
        const double a = c * std::cos(hue), b = c * std::sin(hue);
        const double l = std::pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
        const double m = std::pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
        const double s = std::pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
        const double rgb[3] = {4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
                               -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s};
        if (std::any_of(std::begin(rgb), std::end(rgb), [](double v) { return v < -0.0005 || v > 1.0005; }) && c > 0.004) continue;
        int out[3];
        for (int i = 0; i < 3; ++i) {
            const double v = std::clamp(rgb[i], 0.0, 1.0);
            out[i] = static_cast<int>(std::lround(255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055)));
        }
        return QColor(out[0], out[1], out[2]);
    }
    return QColor(128, 128, 128);
}

ServiceHues& hues() {
    static ServiceHues all;
    return all;
}

/// The colour of each hue, worked out once: painting asks for them for every bar.
using HueColours = std::array<QColor, ServiceHues::kSlots>;
HueColours hueColours(bool dark) {
    HueColours out;
    for (int slot = 0; slot < ServiceHues::kSlots; ++slot) {
        const double hue = ServiceHues::hueOfSlot(slot);
        out[static_cast<std::size_t>(slot)] = dark ? fromOklch(0.74, 0.11, hue) : fromOklch(0.62, 0.13, hue);
    }
    return out;
}

/// Draws one of our SVG line icons in the colour the theme has at that moment.
class LineIconEngine : public QIconEngine {
public:
    explicit LineIconEngine(QByteArray svg) : m_svg(std::move(svg)) {}
    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const auto& colours = Theme::instance().colours();
        const QColor ink = mode == QIcon::Disabled ? mix(colours.quiet, colours.panel, 0.5) : colours.text;
        QByteArray svg = m_svg;
        svg.replace("currentColor", ink.name().toUtf8());
        QSvgRenderer(svg).render(painter, QRectF(rect));
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap out(size);
        out.fill(Qt::transparent);
        QPainter painter(&out);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return out;
    }
    QIconEngine* clone() const override { return new LineIconEngine(m_svg); }

private:
    QByteArray m_svg;
};

/// Tells the theme of changes of the desktop's scheme that come as events.
class ThemeWatcher : public QObject {
public:
    using QObject::QObject;
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::ThemeChange && watched->isWindowType()) {
            auto& theme = Theme::instance();
            if (theme.choice() == ThemeChoice::System) theme.setChoice(ThemeChoice::System);
        }
        return false;
    }
};

QPalette paletteOf(const ThemeColours& c) {
    QPalette p;
    const QColor button = mix(c.text, c.panel, 0.04);
    p.setColor(QPalette::Window, c.panel);
    p.setColor(QPalette::WindowText, c.text);
    p.setColor(QPalette::Base, c.page);
    p.setColor(QPalette::AlternateBase, c.panel);
    p.setColor(QPalette::Text, c.text);
    p.setColor(QPalette::PlaceholderText, c.quiet);
    p.setColor(QPalette::Button, button);
    p.setColor(QPalette::ButtonText, c.text);
    p.setColor(QPalette::BrightText, c.error);
    p.setColor(QPalette::ToolTipBase, c.panel);
    p.setColor(QPalette::ToolTipText, c.text);
    p.setColor(QPalette::Highlight, mix(c.accent, c.page, 0.22));
    p.setColor(QPalette::HighlightedText, c.text);
    p.setColor(QPalette::Link, c.accent);
    p.setColor(QPalette::LinkVisited, c.accent);
    p.setColor(QPalette::Light, mix(c.page, c.panel, 0.6));
    p.setColor(QPalette::Midlight, c.panel);
    p.setColor(QPalette::Mid, c.line);
    p.setColor(QPalette::Dark, mix(c.quiet, c.line, 0.35));
    p.setColor(QPalette::Shadow, mix(c.quiet, c.page, 0.5));
    const QColor faint = mix(c.quiet, c.panel, 0.6);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText}) p.setColor(QPalette::Disabled, role, faint);
    p.setColor(QPalette::Disabled, QPalette::Highlight, c.line);
    return p;
}

}  // namespace

QColor ThemeColours::hover() const { return mix(text, page, 0.06); }
QColor ThemeColours::selection() const {
    QColor c = accent;
    c.setAlpha(46);
    return c;
}

Theme& Theme::instance() {
    static Theme theme;
    return theme;
}

Theme::Theme() {
    initResources();
    if (auto* app = qobject_cast<QApplication*>(QCoreApplication::instance())) {
        QApplication::setStyle(new StudioStyle);
        app->installEventFilter(new ThemeWatcher(app));
        watchSystemScheme(this, [this] {
            if (m_choice == ThemeChoice::System) setChoice(m_choice);
        });
    }
    setChoice(ThemeChoice::System);
}

void Theme::setChoice(ThemeChoice choice) {
    m_choice = choice;
    m_dark = choice == ThemeChoice::Dark || (choice == ThemeChoice::System && systemPrefersDark());
    if (qobject_cast<QApplication*>(QCoreApplication::instance())) {
        const QPalette palette = paletteOf(colours());
        QApplication::setPalette(palette);
        QToolTip::setPalette(palette);
    }
    emit changed();
}

const ThemeColours& Theme::colours() const { return colours(m_dark); }

const ThemeColours& Theme::colours(bool dark) {
    static const ThemeColours kLight{QColor(0xFFFFFF), QColor(0xF6F7F9), QColor(0xDADFE5), QColor(0x1B1F24), QColor(0x5B6570),
                                     QColor(0x2F5BD7), QColor(0xC4291C), QColor(0x9A5B00), QColor(0x1F7A3D), QColor(0xE3B100)};
    static const ThemeColours kDark{QColor(0x15181D), QColor(0x1B1F26), QColor(0x2E353F), QColor(0xE4E8EE), QColor(0x98A3B0),
                                    QColor(0x86A5FF), QColor(0xFF7B6E), QColor(0xF0B45A), QColor(0x6CCB8B), QColor(0xE8CB4A)};
    return dark ? kDark : kLight;
}

QColor Theme::service(std::string_view name) const { return service(name, m_dark); }

QColor Theme::service(std::string_view name, bool dark) {
    if (name.empty()) return dark ? QColor(0x8A93A0) : QColor(0x7C8692);
    static const HueColours kLight = hueColours(false), kDark = hueColours(true);
    return (dark ? kDark : kLight)[static_cast<std::size_t>(hues().slotOf(name))];
}

QColor Theme::note(notes::NoteColour colour, bool dark) {
    double hue = 95, chroma = 0.13;
    switch (colour) {
        case notes::NoteColour::Yellow: break;
        case notes::NoteColour::Green: hue = 150; break;
        case notes::NoteColour::Blue: hue = 255; break;
        case notes::NoteColour::Red: hue = 25; break;
        case notes::NoteColour::Purple: hue = 310; break;
        case notes::NoteColour::Grey: chroma = 0.01; break;
    }
    const double lightness = colour == notes::NoteColour::Yellow ? 0.82 : dark ? 0.74 : 0.66;
    return fromOklch(lightness, chroma, hue);
}

QFont Theme::uiFont() { return QFontDatabase::systemFont(QFontDatabase::GeneralFont); }
QFont Theme::smallFont() {
    QFont font = uiFont();
    if (font.pointSizeF() > 0) font.setPointSizeF(font.pointSizeF() * 0.88);
    else font.setPixelSize(std::max(9, font.pixelSize() * 88 / 100));
    return font;
}
QFont Theme::boldFont() {
    QFont font = uiFont();
    font.setWeight(QFont::DemiBold);
    return font;
}
QFont Theme::monoFont() { return QFontDatabase::systemFont(QFontDatabase::FixedFont); }

QIcon Theme::icon(const char* name) const {
    QFile file(QStringLiteral(":/icons/%1.svg").arg(QLatin1String(name)));
    if (!file.open(QIODevice::ReadOnly)) return {};
    return QIcon(new LineIconEngine(file.readAll()));
}

}  // namespace spanreel::views
