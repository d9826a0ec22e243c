// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/trace_list/scatter_view.h"

#include <QCategoryAxis>
#include <QDateTime>
#include <QTextDocument>
#include <QChart>
#include <QChartView>
#include <QElapsedTimer>
#include <QGraphicsLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QRubberBand>
#include <QScatterSeries>
#include <QTimer>
#include <QToolTip>
#include <QVBoxLayout>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "model/core/time_format.h"
#include "views/context.h"
#include "views/query_runner.h"
#include "views/theme.h"
#include "views/trace_list/scatter_points.h"
#include "views/widgets/text_format.h"

namespace spanreel::views {

namespace {

constexpr int kColumns = 160;
constexpr int kRows = 24;
constexpr int kClickDistance = 4;
constexpr int kMarginLeft = 58, kMarginRight = 14, kMarginBottom = 20;
constexpr int kReach = 8;  ///< px from a point that still hits it

/// Picks times for labels of the time axis: at most `most` round instants inside the range.
std::vector<std::uint64_t> roundInstants(std::uint64_t from, std::uint64_t to, int most) {
    static constexpr double kSteps[] = {1e3, 1e4, 1e5, 1e6, 2e6, 5e6, 1e7, 2e7, 5e7, 1e8, 2e8, 5e8, 1e9, 2e9, 5e9, 1e10, 1.5e10, 3e10, 6e10, 1.2e11, 3e11, 6e11, 9e11, 1.8e12, 3.6e12, 7.2e12, 2.16e13, 4.32e13, 8.64e13, 1.728e14, 6.048e14, 2.592e15, 7.776e15, 3.1536e16, 1.5768e17, 3.1536e17};
    const auto span = static_cast<double>(to - from);
    double step = kSteps[std::size(kSteps) - 1];
    for (const double s : kSteps)
        if (span / s <= most) {
            step = s;
            break;
        }
    std::vector<std::uint64_t> out;
    const auto width = static_cast<std::uint64_t>(step);
    for (std::uint64_t t = (from + width - 1) / width * width; t <= to && static_cast<int>(out.size()) <= most; t += width) out.push_back(t);
    return out;
}

/// "100 ms" for 8: a round duration has no need of three digits. From 10 000 s on as a power, which has room beside the plot.
QString decadeLabel(int exponent) {
    static const char* const kUnits[] = {"ns", "\u00b5s", "ms", "s"};
    static const char* const kPowers[] = {"\u2074", "\u2075", "\u2076", "\u2077", "\u2078", "\u2079", "\u00b9\u2070"};
    if (exponent >= 13) return QStringLiteral("10%1 s").arg(QString::fromUtf8(kPowers[std::min<std::size_t>(static_cast<std::size_t>(exponent - 13), std::size(kPowers) - 1)]));
    const int unit = std::clamp(exponent / 3, 0, 3);
    return QStringLiteral("%1 %2").arg(QString::fromStdString(formatCount(static_cast<std::uint64_t>(std::llround(std::pow(10, exponent - unit * 3)))))).arg(QString::fromUtf8(kUnits[unit]));
}

QString instantLabel(std::uint64_t ns, std::uint64_t spanNs, bool utc) {
    const auto ms = static_cast<qint64>(ns / 1'000'000);
    const QDateTime when = QDateTime::fromMSecsSinceEpoch(ms, utc ? Qt::UTC : Qt::LocalTime);
    if (spanNs > 2ull * 86'400'000'000'000ull) return when.toString(QStringLiteral("yyyy-MM-dd"));
    if (spanNs > 600'000'000'000ull) return when.toString(QStringLiteral("HH:mm"));
    if (spanNs > 5'000'000'000ull) return when.toString(QStringLiteral("HH:mm:ss"));
    return when.toString(QStringLiteral("HH:mm:ss.zzz"));
}

}  // namespace

/// The chart with our own mouse: hover, click, brush.
class ScatterChart : public QChartView {
    Q_OBJECT
public:
    explicit ScatterChart(QWidget* parent) : QChartView(parent), m_band(QRubberBand::Rectangle, this) {
        setMouseTracking(true);
        setFocusPolicy(Qt::ClickFocus);  // for Escape while dragging; the Tab key has nothing to do here
    }
    std::function<void(QPointF, QPointF)> onBrush;
    std::function<void(QPoint)> onClick;
    std::function<void(QPoint)> onHover;

    struct Label {
        double value;
        QString text;
    };
    std::vector<Label> xLabels, yLabels;  ///< at chart values

protected:
    /// The axes' words: Qt Charts cuts them to dots where it finds a chart too low.
    void drawForeground(QPainter* painter, const QRectF&) override {
        const auto& c = Theme::instance().colours();
        const QRectF plot = chart()->plotArea();
        painter->save();
        painter->setFont(Theme::smallFont());
        painter->setPen(c.quiet);
        const QFontMetricsF metrics(painter->font());
        double lastEnd = -1;
        for (const auto& label : xLabels) {
            const double x = chart()->mapToPosition(QPointF(label.value, 0)).x();
            const double width = metrics.horizontalAdvance(label.text);
            const double from = std::max(x - width / 2, plot.left());  // left of it are the durations
            if (from < lastEnd + 8 || from + width > plot.right() + kMarginRight + 2) continue;
            painter->drawText(QRectF(from, plot.bottom() + 2, width + 1, metrics.height()), Qt::AlignCenter, label.text);
            lastEnd = from + width;
        }
        double lastTop = plot.bottom() + metrics.height();
        for (const auto& label : yLabels) {
            const double y = chart()->mapToPosition(QPointF(0, label.value)).y();
            if (y + metrics.height() / 2 > lastTop) continue;
            painter->drawText(QRectF(0, y - metrics.height() / 2, plot.left() - 6, metrics.height()), Qt::AlignRight | Qt::AlignVCenter, label.text);
            lastTop = y - metrics.height() / 2;
        }
        painter->restore();
    }
    void mousePressEvent(QMouseEvent* event) override {
        if (event->button() != Qt::LeftButton) return;
        m_from = event->pos();
        m_pressed = true;
    }
    void mouseMoveEvent(QMouseEvent* event) override {
        if (!m_pressed) {
            onHover(event->pos());
            return;
        }
        if ((event->pos() - m_from).manhattanLength() < kClickDistance && !m_band.isVisible()) return;
        m_band.setGeometry(QRect(m_from, event->pos()).normalized().intersected(chart()->plotArea().toRect()));
        m_band.show();
    }
    void mouseReleaseEvent(QMouseEvent* event) override {
        if (!m_pressed || event->button() != Qt::LeftButton) return;
        m_pressed = false;
        if (!m_band.isVisible()) {
            onClick(event->pos());
            return;
        }
        const QRect r = m_band.geometry();
        m_band.hide();
        if (r.width() > 2) onBrush(chart()->mapToValue(r.topLeft()), chart()->mapToValue(QPointF(r.left() + r.width(), r.top() + r.height())));
    }
    void keyPressEvent(QKeyEvent* event) override {
        if (event->key() == Qt::Key_Escape && m_band.isVisible()) {
            m_band.hide();
            m_pressed = false;
            return;
        }
        QChartView::keyPressEvent(event);
    }
    void wheelEvent(QWheelEvent* event) override { event->ignore(); }

private:
    QRubberBand m_band;
    QPoint m_from;
    bool m_pressed = false;
};

struct ScatterView::Private {
    ScatterView& view;
    ViewContext& context;
    ScatterChart* chart = nullptr;
    QLabel* caption = nullptr;
    QScatterSeries* good = nullptr;
    QScatterSeries* failed = nullptr;
    QCategoryAxis* xLabels = nullptr;
    QCategoryAxis* y = nullptr;
    TraceRowsPtr rows;
    ScatterPoints points;
    TraceRowsPtr pointRows;  ///< the rows `points` index into
    QTimer wait;
    QElapsedTimer since;
    bool running = false, stale = false;
    double fromX = 0, toX = 1;

    Private(ScatterView& v, ViewContext& c) : view(v), context(c) {}

    void build() {
        auto* plot = new QChart;
        plot->legend()->hide();
        plot->setMargins(QMargins(kMarginLeft, 6, kMarginRight, kMarginBottom));
        plot->layout()->setContentsMargins(0, 0, 0, 0);
        plot->setBackgroundRoundness(0);
        plot->setAnimationOptions(QChart::NoAnimation);
        good = new QScatterSeries;
        failed = new QScatterSeries;
        good->setMarkerSize(6);
        failed->setMarkerSize(8);
        failed->setMarkerShape(QScatterSeries::MarkerShapeRotatedRectangle);
        for (auto* series : {good, failed}) plot->addSeries(series);
        xLabels = new QCategoryAxis;
        xLabels->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
        y = new QCategoryAxis;
        y->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
        plot->addAxis(xLabels, Qt::AlignBottom);
        plot->addAxis(y, Qt::AlignLeft);
        for (auto* series : {good, failed}) {
            series->attachAxis(xLabels);
            series->attachAxis(y);
        }
        chart = new ScatterChart(&view);
        chart->setObjectName(QStringLiteral("traceScatterChart"));
        chart->setAccessibleName(tr("Traces by start and duration"));
        chart->setChart(plot);
        chart->setFrameShape(QFrame::NoFrame);
        chart->setRenderHint(QPainter::Antialiasing);
        chart->onClick = [this](QPoint at) {
            if (const auto* point = near(at)) emit view.traceActivated(pointRows->snapshot->trace(point->trace).id);
        };
        chart->onHover = [this](QPoint at) { hover(at); };
        chart->onBrush = [this](QPointF a, QPointF b) { brush(a, b); };
        caption = new QLabel(&view);
        caption->setObjectName(QStringLiteral("traceScatterCaption"));
        caption->setTextFormat(Qt::PlainText);
        caption->setFont(Theme::smallFont());
        caption->setWordWrap(true);  // it never widens the window
        caption->setContentsMargins(Theme::kPadding, 2, Theme::kPadding, 0);
        auto* layout = new QVBoxLayout(&view);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(0);
        layout->addWidget(caption);
        layout->addWidget(chart, 1);
        paint();
    }

    void paint() {
        const auto& c = Theme::instance().colours();
        auto* plot = chart->chart();
        plot->setBackgroundBrush(c.page);
        plot->setBackgroundPen(Qt::NoPen);
        chart->setBackgroundBrush(c.page);
        QColor dot = c.accent;
        dot.setAlphaF(0.62F);
        good->setColor(dot);
        good->setBorderColor(c.page);
        failed->setColor(c.error);
        failed->setBorderColor(c.page);
        for (QAbstractAxis* axis : {static_cast<QAbstractAxis*>(xLabels), static_cast<QAbstractAxis*>(y)}) {
            axis->setLabelsVisible(false);
            axis->setLinePenColor(c.line);
            axis->setGridLineColor(c.line);
        }
        QPalette palette = caption->palette();
        palette.setColor(QPalette::WindowText, c.quiet);
        caption->setPalette(palette);
    }

    void refresh() {
        if (running) {
            stale = true;
            return;
        }
        if (since.isValid() && since.elapsed() < 1000 && !points.good.empty() && rows->traces.size() > 500) {
            if (!wait.isActive()) wait.start(static_cast<int>(1000 - since.elapsed()));
            return;
        }
        running = true;
        context.queries().run(
            QStringLiteral("traceList.scatter"), &view, [from = rows](std::stop_token stop) { return std::pair(from, scatterPoints(*from, kColumns, kRows, stop)); },
            [this](std::pair<TraceRowsPtr, ScatterPoints> result) {
                running = false;
                since.start();
                pointRows = std::move(result.first);
                points = std::move(result.second);
                show();
                if (std::exchange(stale, false)) refresh();
            });
    }

    /// Points of another session open nothing in this one.
    void beginAnew() {
        context.queries().cancel(QStringLiteral("traceList.scatter"));
        wait.stop();
        running = stale = false;
        pointRows.reset();
        points = {};
        show();
    }

    [[nodiscard]] double xOf(std::uint64_t ns) const { return static_cast<double>(static_cast<std::int64_t>(ns - points.fromNs)) / 1e6; }

    void show() {
        const auto fill = [this](QScatterSeries* series, const std::vector<ScatterPoints::Point>& from) {
            QList<QPointF> to;
            to.reserve(static_cast<qsizetype>(from.size()));
            for (const auto& p : from) to << QPointF(xOf(p.startNs), std::log10(static_cast<double>(p.durationNs)));
            series->replace(to);
        };
        // Starts that are all one stand in the middle.
        const double width = xOf(points.toNs);
        fromX = width > 0 ? -0.015 * width : -1;
        toX = width > 0 ? 1.015 * width : 1;
        const bool any = points.traces > 0;
        for (QAbstractAxis* axis : {static_cast<QAbstractAxis*>(xLabels), static_cast<QAbstractAxis*>(y)}) axis->setVisible(any);
        const double low = std::floor(std::log10(static_cast<double>(points.shortestNs)) - 0.05);
        const double high = std::max(low + 1, std::ceil(std::log10(static_cast<double>(points.longestNs)) + 0.05));
        for (const auto& label : xLabels->categoriesLabels()) xLabels->remove(label);
        for (const auto& label : y->categoriesLabels()) y->remove(label);
        chart->xLabels.clear();
        chart->yLabels.clear();
        xLabels->setRange(fromX, toX);
        xLabels->setStartValue(fromX);
        const auto span = points.toNs - points.fromNs;
        auto instants = roundInstants(points.fromNs, points.toNs, std::max(2, chart->width() / 130));
        if (span == 0) instants = {points.fromNs};
        if (!any) instants.clear();
        for (const auto instant : instants) {
            const QString text = instantLabel(instant, span, context.showsUtc());
            xLabels->append(QString::number(instant), xOf(instant));
            chart->xLabels.push_back({xOf(instant), text});
        }
        y->setRange(low, high);
        y->setStartValue(low);
        for (int e = static_cast<int>(low); any && e <= static_cast<int>(high); ++e) {
            y->append(QString::number(e), e);
            chart->yLabels.push_back({static_cast<double>(e), decadeLabel(e)});
        }
        chart->viewport()->update();
        fill(good, points.good);
        fill(failed, points.failed);
        const auto drawn = points.good.size() + points.failed.size();
        QString text = !any                ? tr("No trace to draw.")
                       : points.traces == 1 ? tr("Start and duration of 1 trace. Click opens, drag filters.")
                                            : tr("Start and duration of %1 traces. Click opens, drag filters.").arg(QString::fromStdString(formatCount(points.traces)));
        if (drawn == 1 && points.traces > 1) text += QLatin1Char(' ') + tr("1 point stands for them.");
        else if (drawn < points.traces) text += QLatin1Char(' ') + tr("%1 points stand for them.").arg(QString::fromStdString(formatCount(drawn)));
        if (!points.failed.empty()) text += QLatin1Char(' ') + tr("Diamonds: traces with errors.");
        if (points.withoutTime == 1) text += QLatin1Char(' ') + tr("1 without a usable time is not drawn.");
        else if (points.withoutTime) text += QLatin1Char(' ') + tr("%1 without a usable time are not drawn.").arg(QString::fromStdString(formatCount(points.withoutTime)));
        caption->setText(text);
    }

    [[nodiscard]] const ScatterPoints::Point* near(QPoint at) const {
        const ScatterPoints::Point* best = nullptr;
        double reach = kReach * kReach;
        const auto look = [&](const std::vector<ScatterPoints::Point>& from, QScatterSeries* series) {
            for (const auto& p : from) {
                const QPointF pos = chart->chart()->mapToPosition(QPointF(xOf(p.startNs), std::log10(static_cast<double>(p.durationNs))), series);
                const double distance = std::pow(pos.x() - at.x(), 2) + std::pow(pos.y() - at.y(), 2);
                if (distance < reach) {
                    reach = distance;
                    best = &p;
                }
            }
        };
        look(points.good, good);
        look(points.failed, failed);
        return best;
    }

    void hover(QPoint at) {
        const auto* point = near(at);
        chart->setCursor(point ? Qt::PointingHandCursor : Qt::CrossCursor);
        if (!point) {
            QToolTip::hideText();
            return;
        }
        const auto& trace = pointRows->snapshot->trace(point->trace);
        QString text;
        if (trace.rootRow != store::kNoRow) {
            const auto span = pointRows->snapshot->span(trace.rootRow);
            text = tr("%1: %2", "service: operation").arg(plain(span.serviceName()), span.name().empty() ? tr("(no name)") : plain(span.name())) + QLatin1Char('\n');
        }
        text += dateTimeText(trace.startNs, context.showsUtc()) + QStringLiteral("   ") + QString::fromStdString(formatDuration(trace.durationNs()));
        if (trace.errorCount) text += QLatin1Char('\n') + grouped(tr("%n spans with errors", nullptr, static_cast<int>(trace.errorCount)), trace.errorCount);
        if (point->count > 1) text += QLatin1Char('\n') + grouped(tr("and %n more traces here", nullptr, static_cast<int>(point->count - 1)), point->count - 1);
        QToolTip::showText(chart->mapToGlobal(at), Qt::convertFromPlainText(text), chart);
    }

    void brush(QPointF a, QPointF b) {
        if (points.traces == 0) return;
        const auto nsOf = [this](double value) {
            const auto offset = static_cast<std::int64_t>(std::llround(std::max(0.0, value) * 1e6));
            return points.fromNs + static_cast<std::uint64_t>(offset);
        };
        const double high = std::max(a.y(), b.y()), low = std::min(a.y(), b.y());
        emit view.brushed(TimeRange{nsOf(std::min(a.x(), b.x())), nsOf(std::max(a.x(), b.x())) + 1}, static_cast<std::int64_t>(std::pow(10, std::max(0.0, low))),
                          static_cast<std::int64_t>(std::pow(10, std::min(18.9, high))));
    }
};

ScatterView::ScatterView(ViewContext& context, QWidget* parent) : QWidget(parent), m_p(std::make_unique<Private>(*this, context)) {
    setObjectName(QStringLiteral("traceScatter"));
    setAccessibleName(tr("Traces by start and duration"));
    m_p->build();
    m_p->wait.setSingleShot(true);
    connect(&m_p->wait, &QTimer::timeout, this, [this] { m_p->refresh(); });
    connect(&Theme::instance(), &Theme::changed, this, [this] { m_p->paint(); });
    connect(&context, &ViewContext::sessionChanged, this, [this] { m_p->beginAnew(); });
    connect(&context, &ViewContext::timeDisplayChanged, this, [this] {
        if (m_p->pointRows) m_p->show();
    });
}
ScatterView::~ScatterView() = default;

void ScatterView::setRows(TraceRowsPtr rows) {
    m_p->rows = std::move(rows);
    m_p->refresh();
}

int ScatterView::pointCount() const { return m_p->good->count() + m_p->failed->count(); }

}  // namespace spanreel::views

#include "scatter_view.moc"
