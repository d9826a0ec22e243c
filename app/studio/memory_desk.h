// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <functional>

#include "model/store/memory_policy.h"

class QVBoxLayout;

namespace spanreel::views {
class Banner;
}

namespace spanreel::app {

/// Says in the window when the memory for records is used up, or when what has no room in it cannot go to disk, and what
/// can be done. Looks twice a second at figures that need no lock. GUI thread.
class MemoryDesk : public QObject {
    Q_OBJECT
public:
    struct Actions {
        std::function<void()> newSession, settings;
    };
    /// `gauge` lives as long as this.
    MemoryDesk(const store::MemoryGauge& gauge, Actions actions, QVBoxLayout* bannerArea, QObject* parent);

    void look();

private:
    void tellFull();
    void tellDisk();

    const store::MemoryGauge& m_gauge;
    Actions m_actions;
    QVBoxLayout* m_area;
    QTimer m_timer;
    bool m_full = false, m_diskFails = false;
    QPointer<views::Banner> m_fullBanner, m_diskBanner;
};

}  // namespace spanreel::app
