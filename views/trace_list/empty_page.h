// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <cstdint>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace spanreel::views {

/// What the trace list shows while there is no trace: what would be here and how to get it. GUI thread.
class EmptyPage : public QWidget {
    Q_OBJECT
public:
    explicit EmptyPage(QWidget* parent = nullptr);

    void setEndpoints(const QStringList& environment, const QString& state);
    void setRecentFiles(const QStringList& files);
    /// What was refused of what programs sent; empty = nothing.
    void setRefused(const QString& text);
    /// So many logs have come, though no trace.
    void setLogs(std::uint64_t logs);

signals:
    void openFileRequested();
    void openSampleRequested();
    void recentFileRequested(const QString& path);

private:
    void tintRecent();

    QLabel* m_title;
    QLabel* m_logsHint;
    QLabel* m_refused;
    QLabel* m_state;
    QPlainTextEdit* m_environment;
    QPushButton* m_copy;
    QWidget* m_recentBox;
    QVBoxLayout* m_recent;
};

}  // namespace spanreel::views
