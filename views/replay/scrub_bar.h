// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractSlider>
#include <vector>

namespace spanreel::views {

/// The replay bar's slider on the trace's time axis: playhead, loop range, errors as red ticks. Its value is a share of
/// the trace in steps of 1/kSteps; `scrubbed` tells what the user chose, `showPlayhead` never emits it.
class ScrubBar : public QAbstractSlider {
    Q_OBJECT
public:
    static constexpr int kSteps = 100000;

    explicit ScrubBar(QWidget* parent = nullptr);

    void setDuration(std::int64_t durationNs);
    void showPlayhead(std::int64_t offsetNs);
    /// Shares (0..1) of the trace where errors begin; bounded by the caller.
    void setErrors(std::vector<float> shares);
    void setLoop(double from, double to);  ///< shares; from >= to = none
    [[nodiscard]] QSize sizeHint() const override;

signals:
    void scrubbed(std::int64_t offsetNs);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    void seekTo(double x);
    [[nodiscard]] double positionOf(double share) const;

    std::vector<float> m_errors;
    double m_loopFrom = 0, m_loopTo = 0;
    double m_share = 0;
    std::int64_t m_durationNs = 0;
};

}  // namespace spanreel::views
