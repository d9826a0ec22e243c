// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/trace_page/trace_header.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "model/core/time_format.h"
#include "views/context.h"
#include "views/theme.h"
#include "views/timeline/span_words.h"
#include "views/widgets/elided_label.h"

namespace spanreel::views {

namespace {

QLabel* plainLabel(QWidget* parent, const char* name, const QFont& font) {
    auto* label = new ElidedLabel(parent);
    label->setObjectName(QLatin1String(name));
    label->setFont(font);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QString count(std::uint64_t n) { return QString::fromStdString(formatCount(n)); }
int plural(std::uint64_t n) { return static_cast<int>(std::min<std::uint64_t>(n, 0x7FFFFFFF)); }

QString serviceName(const trace::Trace& trace, store::ServiceId id) {
    const auto& services = trace.snapshot().services();
    const auto name = id < services.size() ? services[id].name : std::string_view();
    return name.empty() ? TraceHeader::tr("(no service)") : plainLine(name, 200);
}

}  // namespace

TraceHeader::TraceHeader(ViewContext& context, QWidget* parent) : QWidget(parent), m_context(context) {
    setObjectName(QStringLiteral("traceHeader"));
    setAccessibleName(tr("About this trace"));
    auto titleFont = Theme::boldFont();
    titleFont.setPointSizeF(titleFont.pointSizeF() * 1.15);
    m_title = plainLabel(this, "traceTitle", titleFont);
    m_facts = plainLabel(this, "traceFacts", Theme::uiFont());
    m_oddities = plainLabel(this, "traceOddities", Theme::uiFont());
    m_share = plainLabel(this, "traceCriticalShare", Theme::uiFont());
    m_bar = new ShareBar(this);

    auto* shareRow = new QHBoxLayout;
    shareRow->setSpacing(8);
    shareRow->addWidget(m_bar);
    shareRow->addWidget(m_share, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->setSpacing(3);
    layout->addWidget(m_title);
    layout->addWidget(m_facts);
    layout->addLayout(shareRow);
    layout->addWidget(m_oddities);
    connect(&context, &ViewContext::timeDisplayChanged, this, [this] { refresh(); });
    connect(&Theme::instance(), &Theme::changed, this, [this] { refresh(); });
    refresh();
}

void TraceHeader::setIndex(geometry::TimelineIndexPtr index) {
    m_index = std::move(index);
    m_bar->setIndex(m_index);
    refresh();
}

void TraceHeader::refresh() {
    const auto quiet = Theme::instance().colours().quiet;
    for (auto* label : {m_facts, m_share}) {
        auto palette = label->palette();
        palette.setColor(QPalette::WindowText, quiet);
        label->setPalette(palette);
    }
    auto warn = m_oddities->palette();
    warn.setColor(QPalette::WindowText, Theme::instance().colours().warning);
    m_oddities->setPalette(warn);

    if (!m_index) {
        m_title->setText(m_context.selection().trace ? QString::fromStdString(m_context.selection().trace->toHex()) : tr("No trace selected"));
        m_facts->clear();
        m_share->clear();
        m_oddities->clear();
        m_oddities->hide();
        m_bar->hide();
        return;
    }
    const auto& trace = *m_index->trace;
    const auto root = trace.mainRoot() != trace::kNoNode ? spanTitle(trace.span(trace.mainRoot())) : QString::fromStdString(trace.id().toHex());
    m_title->setText(root);
    m_title->setToolTip(tr("Trace %1").arg(QString::fromStdString(trace.id().toHex())));

    QStringList facts;
    facts << QString::fromStdString(formatDuration(trace.durationNs()));
    facts << instantInWords(trace.startNs(), m_context.showsUtc(), 3);
    facts << tr("%n services", nullptr, plural(trace.services().size()));
    facts << tr("depth %1").arg(count(trace.maxDepth()));
    facts << (trace.recordCount() == 1 ? tr("1 span") : tr("%1 spans").arg(count(trace.recordCount())));
    facts << (trace.errorCount() == 0 ? tr("no errors") : trace.errorCount() == 1 ? tr("1 error ✕") : tr("%1 errors ✕").arg(count(trace.errorCount())));
    facts << (trace.logs().size() == 1 ? tr("1 log") : tr("%1 logs").arg(count(trace.logs().size())));
    m_facts->setText(facts.join(QStringLiteral("   ")));
    m_facts->setToolTip(tr("Starts %1, lasts %2").arg(instantInWords(trace.startNs(), m_context.showsUtc()), exactDurationInWords(trace.durationNs())));

    QStringList odd;
    if (const auto n = trace.orphanCount()) odd << (n == 1 ? tr("1 orphan: its parent is not in this trace") : tr("%1 orphans: their parents are not in this trace").arg(count(n)));
    if (const auto n = trace.duplicateCount()) odd << (n == 1 ? tr("1 equal copy shown with the span it repeats") : tr("%1 equal copies shown with the span they repeat").arg(count(n)));
    if (trace.roots().size() > trace.orphanCount() + 1) odd << tr("%1 roots").arg(count(trace.roots().size() - trace.orphanCount()));
    if (const auto n = m_index->spansWithoutTime) odd << (n == 1 ? tr("1 span without a usable time is off the axis") : tr("%1 spans without a usable time are off the axis").arg(count(n)));
    if (const auto n = m_index->logsWithoutSpan) odd << (n == 1 ? tr("1 log belongs to no span that is here") : tr("%1 logs belong to no span that is here").arg(count(n)));
    m_oddities->setText(odd.join(QStringLiteral(" · ")));
    m_oddities->setVisible(!odd.isEmpty());

    QStringList shares;
    const auto& share = m_index->criticalShare;
    double told = 0;
    for (std::size_t i = 0; i < share.size() && i < 4 && m_index->criticalTotalNs > 0; ++i) {
        const double percent = 100.0 * static_cast<double>(share[i].criticalNs) / static_cast<double>(m_index->criticalTotalNs);
        told += percent;
        shares << tr("%1 %2 %").arg(serviceName(trace, share[i].service)).arg(percent < 1 ? QStringLiteral("<1") : QString::number(std::lround(percent)));
    }
    if (share.size() > 4) shares << tr("%n others", nullptr, plural(share.size() - 4));
    m_bar->setVisible(!shares.isEmpty());
    m_share->setText(shares.isEmpty() ? tr("No critical path: no span has a usable time") : tr("Critical path: %1").arg(shares.join(QStringLiteral(", "))));
    m_share->setToolTip(tr("The critical path is the chain of spans the trace waited for; making anything else faster does not make the trace faster."));
}

ShareBar::ShareBar(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("criticalShareBar"));
    setAccessibleName(tr("Shares of services in the critical path"));
    setFixedSize(180, 12);
}

void ShareBar::setIndex(geometry::TimelineIndexPtr index) {
    m_index = std::move(index);
    update();
}

void ShareBar::paintEvent(QPaintEvent*) {
    if (!m_index || m_index->criticalTotalNs <= 0) return;
    QPainter painter(this);
    double x = 0;
    const auto& services = m_index->trace->snapshot().services();
    for (const auto& share : m_index->criticalShare) {
        const double w = static_cast<double>(share.criticalNs) / static_cast<double>(m_index->criticalTotalNs) * width();
        const auto name = share.service < services.size() ? services[share.service].name : std::string_view();
        painter.fillRect(QRectF(x, 0, std::max(0.5, w - 1), height()), name.empty() ? Theme::instance().colours().quiet : Theme::instance().service(name));
        x += w;
    }
}

}  // namespace spanreel::views
