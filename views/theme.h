// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>
#include <QPalette>
#include <string_view>

#include "model/notes/note.h"

namespace spanreel::views {

enum class ThemeChoice { System, Light, Dark };

/// Colours of one theme; the only place where colours are written down.
struct ThemeColours {
    QColor page, panel, line, text, quiet, accent, error, warning, ok, match;
    [[nodiscard]] QColor hover() const;      ///< 6 % of text over page
    [[nodiscard]] QColor selection() const;  ///< accent, translucent
};

/// The program's theme: palette, fonts, icons, service colours. One per process; GUI thread.
class Theme : public QObject {
    Q_OBJECT
public:
    static Theme& instance();

    void setChoice(ThemeChoice choice);  ///< follows the system live where System
    [[nodiscard]] ThemeChoice choice() const { return m_choice; }
    [[nodiscard]] bool dark() const { return m_dark; }
    [[nodiscard]] const ThemeColours& colours() const;
    [[nodiscard]] static const ThemeColours& colours(bool dark);

    /// Stable per name for the process: first seen, then fixed (ServiceHues). OKLCH with equal lightness and chroma. The
    /// static one may be called by any thread; neither locks.
    [[nodiscard]] QColor service(std::string_view name) const;
    [[nodiscard]] static QColor service(std::string_view name, bool dark);
    [[nodiscard]] static QColor note(notes::NoteColour colour, bool dark);

    [[nodiscard]] static QFont uiFont();       ///< with tabular figures where the font has them
    [[nodiscard]] static QFont smallFont();
    [[nodiscard]] static QFont boldFont();
    [[nodiscard]] static QFont monoFont();
    /// Our own line icon `:/icons/<name>.svg`, tinted by the palette.
    [[nodiscard]] QIcon icon(const char* name) const;

    static constexpr int kRowHeight = 22;
    static constexpr int kBarHeight = 12;
    static constexpr int kPadding = 8;

signals:
    void changed();

private:
    Theme();
    ThemeChoice m_choice = ThemeChoice::System;
    bool m_dark = false;
};

}  // namespace spanreel::views
