// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace spanreel::app {

class MainWindow;

/// Tells on standard error how long things take that a user waits for, where SPANREEL_TIMING is set: the window usable, a
/// file opened to its first timeline frame, the longest time the event loop stood still, the spans received. GUI thread.
class StudioTiming : public QObject {
    Q_OBJECT
public:
    explicit StudioTiming(MainWindow& window);
    ~StudioTiming() override;
    [[nodiscard]] static bool wanted() { return qEnvironmentVariableIsSet("SPANREEL_TIMING"); }

    /// Files were asked for: the next frame of a trace ends the time from here.
    void opening() { m_opening.start(); }
    void framePainted();

private:
    MainWindow& m_window;
    QElapsedTimer m_opening;
    QElapsedTimer m_beat;
    QTimer m_pulse;
    bool m_first = true;
};

}  // namespace spanreel::app
