// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>

class QAction;

namespace spanreel::views {

class ViewContext;

/// Plays the selected trace back: play, pause, step, speed, scrub, loop, and what is in flight now. A face of
/// ViewContext's clock; holds no time of its own. GUI thread; work per tick is O(spans that begin or end in it).
class ReplayBar : public QWidget {
    Q_OBJECT
public:
    explicit ReplayBar(ViewContext& context, QWidget* parent = nullptr);
    ~ReplayBar() override;

    /// Actions for the window's Replay menu; owned by the bar, enabled while there is a trace. The window sets shortcuts
    /// (Space, full stop, comma, …).
    [[nodiscard]] QAction* playAction() const;          ///< play or pause
    [[nodiscard]] QAction* stepNextAction() const;
    [[nodiscard]] QAction* stepPreviousAction() const;
    [[nodiscard]] QAction* toStartAction() const;
    [[nodiscard]] QAction* leaveAction() const;         ///< ends the replay: everything drawn as finished
    [[nodiscard]] QAction* loopAction() const;          ///< checkable: repeats the selected range, else the whole trace
    [[nodiscard]] QAction* inFlightAction() const;      ///< checkable: shows what is in flight

private:
    struct Private;
    std::unique_ptr<Private> m_p;
};

}  // namespace spanreel::views
