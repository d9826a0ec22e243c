// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/replay/scrub_bar.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

#include "views/theme.h"

namespace spanreel::views {

namespace {
constexpr double kInset = 8;
constexpr double kKnob = 6;
}  // namespace

ScrubBar::ScrubBar(QWidget* parent) : QAbstractSlider(parent) {
    setOrientation(Qt::Horizontal);
    setRange(0, kSteps);
    setSingleStep(kSteps / 200);
    setPageStep(kSteps / 20);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(false);
    setMinimumWidth(120);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(this, &QAbstractSlider::actionTriggered, this, [this] {
        m_share = static_cast<double>(sliderPosition()) / kSteps;
        emit scrubbed(static_cast<std::int64_t>(m_share * static_cast<double>(m_durationNs)));
    });
}

void ScrubBar::setDuration(std::int64_t durationNs) {
    m_durationNs = durationNs;
    update();
}

void ScrubBar::showPlayhead(std::int64_t offsetNs) {
    m_share = m_durationNs > 0 ? std::clamp(static_cast<double>(offsetNs) / static_cast<double>(m_durationNs), 0.0, 1.0) : 0;
    setValue(static_cast<int>(m_share * kSteps));
    update();
}

void ScrubBar::setErrors(std::vector<float> shares) {
    m_errors = std::move(shares);
    update();
}

void ScrubBar::setLoop(double from, double to) {
    m_loopFrom = from;
    m_loopTo = to;
    update();
}

QSize ScrubBar::sizeHint() const { return {320, 26}; }

double ScrubBar::positionOf(double share) const { return kInset + share * (width() - 2 * kInset); }

void ScrubBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto& colours = Theme::instance().colours();
    const double middle = height() / 2.0;
    const double left = positionOf(0), right = positionOf(1);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.line);
    painter.drawRoundedRect(QRectF(left, middle - 2, right - left, 4), 2, 2);
    if (!isEnabled()) return;
    if (m_loopFrom < m_loopTo) {
        painter.setBrush(colours.selection());
        painter.drawRect(QRectF(positionOf(m_loopFrom), middle - 9, positionOf(m_loopTo) - positionOf(m_loopFrom), 18));
    }
    painter.setBrush(colours.accent);
    painter.drawRoundedRect(QRectF(left, middle - 2, positionOf(m_share) - left, 4), 2, 2);
    painter.setBrush(colours.error);
    int last = -10;
    for (const float share : m_errors) {  // sorted; one tick a pixel
        const int x = static_cast<int>(positionOf(share));
        if (x == last) continue;
        last = x;
        painter.drawRect(QRectF(x - 0.5, middle + 4, 2, 6));
    }
    const QPointF centre(positionOf(m_share), middle);
    painter.setPen(QPen(hasFocus() ? colours.text : colours.page, 2));
    painter.setBrush(colours.accent);
    painter.drawEllipse(centre, kKnob, kKnob);
}

void ScrubBar::seekTo(double x) {
    const double share = std::clamp((x - kInset) / std::max(1.0, width() - 2 * kInset), 0.0, 1.0);
    m_share = share;
    setValue(static_cast<int>(share * kSteps));
    update();
    emit scrubbed(static_cast<std::int64_t>(share * static_cast<double>(m_durationNs)));
}

void ScrubBar::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) seekTo(event->position().x());
}
void ScrubBar::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton) seekTo(event->position().x());
}
void ScrubBar::wheelEvent(QWheelEvent* event) { event->ignore(); }

}  // namespace spanreel::views
