// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/replay/in_flight_panel.h"

#include <QLabel>
#include <QListWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "model/core/text.h"
#include "model/core/time_format.h"
#include "views/context.h"
#include "views/query_runner.h"
#include "views/theme.h"

namespace spanreel::views {

namespace {
constexpr int kDeepestIndent = 12;

QString plain(std::string_view text) {
    const std::string safe = escapeControls(text);
    return QString::fromUtf8(safe.data(), static_cast<qsizetype>(safe.size()));
}
QPixmap swatch(const QColor& colour) {
    QPixmap pixmap(8, 8);
    pixmap.fill(colour);
    return pixmap;
}
}  // namespace

InFlightPanel::InFlightPanel(ViewContext& context, QWidget* parent) : QWidget(parent), m_context(context) {
    setObjectName(QStringLiteral("inFlightPanel"));
    m_summary = new QLabel(this);
    m_summary->setObjectName(QStringLiteral("inFlightSummary"));
    m_summary->setTextFormat(Qt::PlainText);
    m_list = new QListWidget(this);
    m_list->setObjectName(QStringLiteral("inFlightList"));
    m_list->setAccessibleName(tr("Spans in flight at the playhead"));
    m_list->setUniformItemSizes(true);
    m_list->setFrameShape(QFrame::NoFrame);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 0);
    layout->setSpacing(4);
    layout->addWidget(m_summary);
    layout->addWidget(m_list);
    connect(m_list, &QListWidget::itemClicked, this, [this](QListWidgetItem* item) {
        const auto node = item->data(Qt::UserRole).toUInt();
        if (m_trace && node < m_trace->nodes().size()) m_context.selectSpan(m_trace->span(node));
    });
    connect(&context, &ViewContext::traceChanged, this, &InFlightPanel::prepare);
    connect(&context, &ViewContext::playheadChanged, this, &InFlightPanel::showInstant);
    connect(&Theme::instance(), &Theme::changed, this, &InFlightPanel::showInstant);
    showInstant();
}

void InFlightPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    if (m_trace != m_context.trace()) prepare();
    else showInstant();
}

void InFlightPanel::prepare() {
    if (!isVisible()) return;
    const auto wanted = m_context.trace();
    if (!wanted) {
        m_context.queries().cancel(QStringLiteral("replay.inFlight"));
        m_trace.reset();
        m_open.reset();
        showInstant();
        return;
    }
    m_context.queries().run(
        QStringLiteral("replay.inFlight"), this, [wanted](std::stop_token) { return std::make_shared<const replay::OpenSpans>(*wanted); },
        [this, wanted](std::shared_ptr<const replay::OpenSpans> open) {
            if (m_context.trace() != wanted) return;
            m_trace = wanted;
            m_open = std::move(open);
            showInstant();
        });
}

void InFlightPanel::showInstant() {
    if (!isVisible() && m_trace) return;
    if (!m_trace || !m_open) {
        m_list->clear();
        m_summary->setText(tr("Select a trace to see which of its spans are open at the playhead."));
        return;
    }
    const auto offsetNs = m_context.clock().playheadNs();
    auto nodes = m_open->at(offsetNs, kMostRows);
    std::sort(nodes.begin(), nodes.end());  // pre-order: callers before callees
    const auto all = m_open->countAt(offsetNs);
    if (all == 0)
        m_summary->setText(tr("Nothing is in flight at this instant."));
    else if (all > nodes.size())
        m_summary->setText(tr("%1 spans in flight; the first %2 are listed.").arg(QString::fromStdString(formatCount(all)), QString::fromStdString(formatCount(nodes.size()))));
    else
        m_summary->setText(all == 1 ? tr("1 span in flight.") : tr("%1 spans in flight, callers first.").arg(QString::fromStdString(formatCount(all))));
    while (m_list->count() > static_cast<int>(nodes.size())) delete m_list->takeItem(m_list->count() - 1);
    std::vector<trace::NodeId> open;  // the chain of open ancestors of the row at hand
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const auto n = nodes[i];
        const auto& node = m_trace->node(n);
        while (!open.empty() && m_trace->node(open.back()).subtreeEnd <= n) open.pop_back();
        const int depth = std::min(static_cast<int>(open.size()), kDeepestIndent);
        open.push_back(n);
        const auto span = m_trace->span(n);
        const QString text = QString(depth * 4, QLatin1Char(' ')) +
                             tr("%1: %2, for %3 of %4")
                                 .arg(span.serviceName().empty() ? tr("(no service name)") : plain(span.serviceName()), plain(span.name()),
                                      QString::fromStdString(formatDuration(offsetNs - node.startNs)), QString::fromStdString(formatDuration(node.durationNs)));
        auto* item = m_list->item(static_cast<int>(i));
        if (!item) {
            item = new QListWidgetItem(m_list);
            item->setSizeHint({0, 20});
        }
        item->setText(text);
        item->setData(Qt::UserRole, n);
        item->setIcon(swatch(Theme::instance().service(span.serviceName())));
        item->setForeground(node.has(trace::kError) ? Theme::instance().colours().error : Theme::instance().colours().text);
    }
}

}  // namespace spanreel::views
