// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <vector>

#include "model/journal/session_catalog.h"

class QLabel;
class QPushButton;
class QTreeWidget;

namespace spanreel::app {

class SessionsDesk;

/// The list of sessions on disk: open, name, pin, remove. GUI thread.
class SessionsDialog : public QDialog {
    Q_OBJECT
public:
    /// `own`: the folder of the window's live session, which cannot be opened in itself.
    SessionsDialog(SessionsDesk& desk, QString own, QWidget* parent = nullptr);

private:
    void fill();
    void enable();
    void rename();
    void askRemoval();
    [[nodiscard]] std::vector<journal::SessionEntry> chosen() const;
    [[nodiscard]] QString stateText(const journal::SessionEntry& session) const;

    SessionsDesk& m_desk;
    const QString m_own;
    QLabel* m_summary;
    QTreeWidget* m_list;
    QPushButton *m_open, *m_rename, *m_pin, *m_remove;
    bool m_filling = false;
    bool m_chosen = false;  ///< by the user; until then it is the newest that can be opened
};

}  // namespace spanreel::app
