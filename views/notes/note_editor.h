// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "model/notes/note.h"

class QComboBox;
class QPlainTextEdit;
class QTabBar;
class QTextBrowser;

namespace spanreel::views {

/// Text (Markdown) and colour of one note, with a preview. Holds no note: `edited` tells what the user wrote, after a
/// short rest or when the focus leaves. GUI thread.
class NoteEditor : public QWidget {
    Q_OBJECT
public:
    explicit NoteEditor(QWidget* parent = nullptr);

    void setNote(const std::string& text, notes::NoteColour colour);
    [[nodiscard]] std::string text() const;
    [[nodiscard]] notes::NoteColour colour() const;
    void focusText();
    /// Emits `edited` now if something waits.
    void flush();

signals:
    void edited();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void changed();
    void showPreview(bool on);

    QComboBox* m_colour = nullptr;
    QTabBar* m_tabs = nullptr;
    QPlainTextEdit* m_text = nullptr;
    QTextBrowser* m_preview = nullptr;
    class QTimer* m_rest = nullptr;
    bool m_filling = false;
};

}  // namespace spanreel::views
