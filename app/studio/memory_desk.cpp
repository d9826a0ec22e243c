// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/memory_desk.h"

#include <QLocale>
#include <QVBoxLayout>
#include <utility>

#include "views/widgets/banner.h"
#include "views/widgets/text_format.h"

namespace spanreel::app {

using views::Banner;

MemoryDesk::MemoryDesk(const store::MemoryGauge& gauge, Actions actions, QVBoxLayout* bannerArea, QObject* parent)
    : QObject(parent), m_gauge(gauge), m_actions(std::move(actions)), m_area(bannerArea) {
    m_timer.setInterval(500);
    connect(&m_timer, &QTimer::timeout, this, &MemoryDesk::look);
    m_timer.start();
}

void MemoryDesk::look() {
    const bool full = m_gauge.full, disk = m_gauge.diskFails;
    if (full != std::exchange(m_full, full)) {
        delete m_fullBanner;
        if (full) tellFull();
    }
    if (disk != std::exchange(m_diskFails, disk)) {
        delete m_diskBanner;
        if (disk) tellDisk();
    }
}

void MemoryDesk::tellFull() {
    auto* b = new Banner(QStringLiteral("memoryFullBanner"), Banner::Tone::Error, m_area->parentWidget());
    connect(b, &Banner::closed, b, &QObject::deleteLater);
    if (m_gauge.sessionFull) b->setText(tr("This session has all the records it can hold. Senders are told to come back, and no more is read from files. A new session makes room."));
    else
        b->setText(tr("The memory for records, %1, is used up. Senders are told to come back, and no more is read from files. A new session makes room; Settings give the next window more memory.")
                       .arg(QLocale().formattedDataSize(static_cast<qint64>(m_gauge.budget.load()), 0)));
    b->addButton(tr("New session"), QStringLiteral("memoryNewSession"), m_actions.newSession);
    b->addButton(tr("Settings\u2026"), QStringLiteral("memorySettings"), m_actions.settings);
    m_area->addWidget(b);
    m_fullBanner = b;
}

void MemoryDesk::tellDisk() {
    auto* b = new Banner(QStringLiteral("memoryDiskBanner"), Banner::Tone::Warning, m_area->parentWidget());
    connect(b, &Banner::closed, b, &QObject::deleteLater);
    const std::string* why = m_gauge.whyDiskFails;
    b->setText(why ? tr("Records that have no room in memory cannot be put on disk: %1. They stay in memory; it is tried again all the time.").arg(views::plain(*why))
                   : tr("Records that have no room in memory cannot be put on disk. They stay in memory; it is tried again all the time."));
    m_area->addWidget(b);
    m_diskBanner = b;
}

}  // namespace spanreel::app
