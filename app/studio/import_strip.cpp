// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/import_strip.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>

#include "app/studio/import_queue.h"
#include "model/core/time_format.h"
#include "views/theme.h"
#include "views/widgets/elided_label.h"

namespace spanreel::app {
namespace {

constexpr int kQuickMs = 300;  ///< an import that takes no longer does not show the strip: it would only move the page up and down
constexpr int kRefreshMs = 100;

}  // namespace

ImportStrip::ImportStrip(ImportQueue& queue, QWidget* parent) : QFrame(parent), m_queue(queue), m_text(new views::ElidedLabel(this)), m_bar(new QProgressBar(this)) {
    setObjectName(QStringLiteral("importStrip"));
    setAccessibleName(tr("Import progress"));
    m_text->setObjectName(QStringLiteral("importStripText"));
    m_text->setElideMode(Qt::ElideMiddle);  // of a long file name, most likely
    m_bar->setObjectName(QStringLiteral("importStripBar"));
    m_bar->setFixedWidth(220);
    m_bar->setFixedHeight(14);
    m_bar->setAccessibleName(tr("Bytes read of this file"));
    auto* cancel = new QPushButton(tr("Cancel"), this);
    cancel->setObjectName(QStringLiteral("importStripCancel"));
    cancel->setToolTip(tr("Stop reading; what has been read stays"));
    connect(cancel, &QPushButton::clicked, this, [this] { m_queue.cancel(); });
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(views::Theme::kPadding, 4, views::Theme::kPadding, 4);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_bar);
    layout->addWidget(cancel);
    hide();
    connect(&m_timer, &QTimer::timeout, this, &ImportStrip::update);
    connect(&queue, &ImportQueue::changed, this, [this] {
        if (m_queue.busy() && !m_timer.isActive()) m_timer.start(kQuickMs);
        if (!m_queue.busy()) {
            m_timer.stop();
            hide();
        }
    });
}

void ImportStrip::update() {
    const auto* progress = m_queue.progress();
    if (!progress) return;
    const auto total = progress->bytesTotal.load(), done = progress->bytesRead.load();
    const QString items = QString::fromStdString(formatCount(progress->items.load()));
    const QString name = QFileInfo(m_queue.current()).fileName();
    m_text->setText(m_queue.total() > 1 ? tr("Reading %1, file %2 of %3: %4 records so far").arg(name).arg(m_queue.done() + 1).arg(m_queue.total()).arg(items)
                                        : tr("Reading %1: %2 records so far").arg(name, items));
    m_bar->setRange(0, total ? 1000 : 0);
    if (total) m_bar->setValue(static_cast<int>(static_cast<double>(done) / static_cast<double>(total) * 1000));
    show();
    m_timer.setInterval(kRefreshMs);
}

}  // namespace spanreel::app
