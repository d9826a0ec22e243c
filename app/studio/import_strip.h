// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QTimer>

class QProgressBar;

namespace spanreel::views {
class ElidedLabel;
}

namespace spanreel::app {

class ImportQueue;

/// Says what is being read, how far it is and how to stop it. Shown while files are read; never modal. GUI thread.
class ImportStrip : public QFrame {
    Q_OBJECT
public:
    explicit ImportStrip(ImportQueue& queue, QWidget* parent = nullptr);

private:
    void update();

    ImportQueue& m_queue;
    views::ElidedLabel* m_text;
    QProgressBar* m_bar;
    QTimer m_timer;
};

}  // namespace spanreel::app
