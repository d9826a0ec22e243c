// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>

#include "model/core/selection.h"

class QAction;

namespace spanreel::views {

class ViewContext;

/// All notes of the session in time order, with their targets in words: click goes there, the editor below changes text
/// and colour; delete, undo, redo. Notes are edited through ViewContext::editNotes only. GUI thread.
class NotesPane : public QWidget {
    Q_OBJECT
public:
    explicit NotesPane(ViewContext& context, QWidget* parent = nullptr);
    ~NotesPane() override;

    /// Actions for the window's menus; owned by the pane, enabled as they apply. The window sets their shortcuts.
    [[nodiscard]] QAction* addAction() const;   ///< adds a note on what is selected
    [[nodiscard]] QAction* undoAction() const;
    [[nodiscard]] QAction* redoAction() const;

    /// Selects the note in the list and puts the cursor into its text.
    void editNote(const QString& id);

protected:
    void resizeEvent(QResizeEvent* event) override;  ///< list and editor side by side where there is room

private:
    struct Private;
    std::unique_ptr<Private> m_p;
};

/// Asks for the text and colour of a new note on `selection` (its log, else its range, else its span, else its trace)
/// in a small window-modal editor and adds it. Does nothing without a trace.
void addNoteFor(ViewContext& context, QWidget* parent, const Selection& selection);

}  // namespace spanreel::views
