// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/replay/replay_bar.h"

#include <QAction>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QToolButton>
#include <algorithm>
#include <array>
#include <cmath>

#include "model/core/time_format.h"
#include "views/context.h"
#include "views/query_runner.h"
#include "views/replay/scrub_bar.h"
#include "views/theme.h"

namespace spanreel::views {

namespace {

constexpr std::array kSpeeds{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0};
constexpr double kWantedSeconds = 10;
constexpr std::size_t kErrorBins = 4096;

/// What the bar needs of a trace; found in the query pool.
struct Prepared {
    trace::TracePtr trace;
    std::vector<float> errors;
};

Prepared prepare(const trace::TracePtr& trace) {
    Prepared out{trace, {}};
    std::vector<bool> bins(kErrorBins, false);
    const double length = static_cast<double>(std::max<std::int64_t>(trace->durationNs(), 1));
    for (const auto& node : trace->nodes())
        if (node.has(trace::kError) && !node.has(trace::kNoTime))
            bins[std::min(kErrorBins - 1, static_cast<std::size_t>(static_cast<double>(node.startNs) / length * kErrorBins))] = true;
    for (std::size_t i = 0; i < kErrorBins; ++i)
        if (bins[i]) out.errors.push_back((static_cast<float>(i)) / kErrorBins);
    return out;
}

QString speedText(double speed) { return QLocale().toString(speed, 'g', 4).remove(QLocale().groupSeparator()) + QStringLiteral("×"); }

/// The listed speed at which the trace takes about ten seconds.
double automaticSpeed(std::int64_t durationNs) {
    const double wanted = std::max(1e-9, static_cast<double>(durationNs) / 1e9 / kWantedSeconds);
    double best = kSpeeds.front();
    for (const double speed : kSpeeds)
        if (std::abs(std::log(speed / wanted)) < std::abs(std::log(best / wanted))) best = speed;
    return best;
}

}  // namespace

struct ReplayBar::Private {
    ViewContext& ctx;
    ReplayBar& bar;
    QAction *play = nullptr, *next = nullptr, *previous = nullptr, *start = nullptr, *leave = nullptr, *loop = nullptr, *inFlight = nullptr;
    QComboBox* speed = nullptr;
    ScrubBar* scrub = nullptr;
    QLabel* time = nullptr;
    QLabel* speedNote = nullptr;
    TraceId speedTrace;      ///< the one the speed was chosen for
    bool speedIsOurs = true; ///< chosen by us, not by the user

    Private(ViewContext& c, ReplayBar& b) : ctx(c), bar(b) {}

    QAction* makeAction(const char* name, const char* icon, const QString& text, bool checkable = false) {
        auto* action = new QAction(Theme::instance().icon(icon), text, &bar);
        action->setObjectName(QLatin1String(name));
        action->setCheckable(checkable);
        action->setToolTip(text);
        return action;
    }
    QToolButton* makeButton(QAction* action, const char* name) {
        auto* button = new QToolButton(&bar);
        button->setObjectName(QLatin1String(name));
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setIconSize({16, 16});
        button->setAccessibleName(action->text());
        return button;
    }

    void build() {
        start = makeAction("replayToStart", "to-start", ReplayBar::tr("To the start of the trace"));
        previous = makeAction("replayStepPrevious", "step-previous", ReplayBar::tr("Step back to the previous start or end of a span"));
        play = makeAction("replayPlay", "play", ReplayBar::tr("Play"));
        next = makeAction("replayStepNext", "step-next", ReplayBar::tr("Step to the next start or end of a span"));
        loop = makeAction("replayLoop", "loop", ReplayBar::tr("Repeat the selected range, or the whole trace"), true);
        inFlight = makeAction("replayInFlight", "list", ReplayBar::tr("Show what is in flight at the playhead"), true);
        leave = makeAction("replayLeave", "close", ReplayBar::tr("End the replay"));
        speed = new QComboBox(&bar);
        speed->setObjectName(QStringLiteral("replaySpeed"));
        speed->setAccessibleName(ReplayBar::tr("Speed of the replay"));
        for (const double s : kSpeeds) speed->addItem(speedText(s), s);
        speed->setToolTip(ReplayBar::tr("Speed: trace time over wall time"));
        scrub = new ScrubBar(&bar);
        scrub->setObjectName(QStringLiteral("replayScrub"));
        scrub->setAccessibleName(ReplayBar::tr("Playhead on the trace's time axis"));
        scrub->setToolTip(ReplayBar::tr("Drag to move the playhead. Red ticks are errors."));
        time = new QLabel(&bar);
        time->setObjectName(QStringLiteral("replayTime"));
        time->setTextFormat(Qt::PlainText);
        time->setAccessibleName(ReplayBar::tr("Playhead and length of the trace"));
        time->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        time->setMinimumWidth(time->fontMetrics().horizontalAdvance(QStringLiteral("888.8 ms / 888.8 ms")));
        speedNote = new QLabel(&bar);
        speedNote->setObjectName(QStringLiteral("replaySpeedNote"));
        speedNote->setTextFormat(Qt::PlainText);
        speedNote->setForegroundRole(QPalette::PlaceholderText);

        auto* row = new QHBoxLayout;
        row->setContentsMargins(8, 2, 8, 2);
        row->setSpacing(2);
        row->addWidget(makeButton(start, "replayToStartButton"));
        row->addWidget(makeButton(previous, "replayStepPreviousButton"));
        row->addWidget(makeButton(play, "replayPlayButton"));
        row->addWidget(makeButton(next, "replayStepNextButton"));
        row->addSpacing(6);
        row->addWidget(speed);
        row->addWidget(speedNote);
        row->addSpacing(6);
        row->addWidget(scrub, 1);
        row->addWidget(time);
        row->addSpacing(6);
        row->addWidget(makeButton(loop, "replayLoopButton"));
        row->addWidget(makeButton(inFlight, "replayInFlightButton"));
        row->addWidget(makeButton(leave, "replayLeaveButton"));
        auto* column = new QVBoxLayout(&bar);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        column->addLayout(row);
    }

    void wire() {
        QObject::connect(play, &QAction::triggered, &bar, [this] { ctx.clock().playing() ? ctx.pause() : ctx.play(); });
        QObject::connect(next, &QAction::triggered, &bar, [this] { ctx.stepNext(); });
        QObject::connect(previous, &QAction::triggered, &bar, [this] { ctx.stepPrevious(); });
        QObject::connect(start, &QAction::triggered, &bar, [this] { ctx.seek(ctx.clock().loop() ? ctx.clock().loop()->first : 0); });
        QObject::connect(leave, &QAction::triggered, &bar, [this] { ctx.leaveReplay(); });
        QObject::connect(loop, &QAction::toggled, &bar, [this] { applyLoop(); });
        QObject::connect(scrub, &ScrubBar::scrubbed, &bar, [this](std::int64_t offset) { ctx.seek(offset); });
        QObject::connect(speed, &QComboBox::activated, &bar, [this](int index) {
            speedIsOurs = false;
            ctx.setSpeed(speed->itemData(index).toDouble());
        });
        QObject::connect(&ctx, &ViewContext::traceChanged, &bar, [this] { showTrace(); });
        QObject::connect(&ctx, &ViewContext::playheadChanged, &bar, [this] { showPlayhead(); });
        QObject::connect(&ctx, &ViewContext::selectionChanged, &bar, [this] {
            if (loop->isChecked()) applyLoop();
        });
        QObject::connect(&Theme::instance(), &Theme::changed, &bar, [this] { bar.update(); });
    }

    void applyLoop() {
        const auto trace = ctx.trace();
        if (!trace) return;
        std::optional<std::pair<std::int64_t, std::int64_t>> range;
        if (loop->isChecked()) {
            range = {0, trace->durationNs()};
            if (const auto& selected = ctx.selection().range)
                range = {saturatingDifference(selected->fromNs, trace->startNs()), saturatingDifference(selected->toNs, trace->startNs())};
        }
        if (range != ctx.clock().loop()) ctx.setLoop(range);
    }

    void showTrace() {
        const auto shown = ctx.trace();
        const bool any = shown != nullptr;
        for (auto* action : {play, next, previous, start, loop}) action->setEnabled(any);
        scrub->setEnabled(any);
        speed->setEnabled(any);
        if (!any) {
            scrub->setErrors({});
            scrub->setDuration(0);
            showPlayhead();
            return;
        }
        if (shown->id() != speedTrace) {
            speedTrace = shown->id();
            speedIsOurs = true;
        }
        ctx.queries().run(
            QStringLiteral("replay.bar"), &bar, [shown](std::stop_token) { return prepare(shown); },
            [this](Prepared prepared) {
                if (ctx.trace() != prepared.trace) return;
                scrub->setErrors(std::move(prepared.errors));
            });
        applyLoop();
        showPlayhead();
    }

    void showPlayhead() {
        const auto& clock = ctx.clock();
        const bool playing = clock.playing();
        play->setText(playing ? ReplayBar::tr("Pause") : ReplayBar::tr("Play"));
        play->setToolTip(play->text());
        play->setIcon(Theme::instance().icon(playing ? "pause" : "play"));
        leave->setEnabled(ctx.replayActive());
        if (speedIsOurs && clock.hasTrace() && !playing && clock.durationNs() > 0) {
            const double wanted = automaticSpeed(clock.durationNs());
            if (clock.speed() != wanted) {
                ctx.setSpeed(wanted);  // comes back here
                return;
            }
        }
        for (int i = 0; i < speed->count(); ++i)
            if (speed->itemData(i).toDouble() == clock.speed() && speed->currentIndex() != i) speed->setCurrentIndex(i);
        scrub->setDuration(clock.durationNs());
        scrub->showPlayhead(clock.playheadNs());
        const auto range = clock.loop();
        const double length = static_cast<double>(std::max<std::int64_t>(clock.durationNs(), 1));
        scrub->setLoop(range ? static_cast<double>(range->first) / length : 0, range ? static_cast<double>(range->second) / length : 0);
        if (!ctx.trace()) {
            time->setText(ReplayBar::tr("no trace selected"));
            speedNote->clear();
            return;
        }
        time->setText(ReplayBar::tr("%1 / %2").arg(QString::fromStdString(formatDuration(clock.playheadNs())), QString::fromStdString(formatDuration(clock.durationNs()))));
        const auto takes = static_cast<std::int64_t>(std::min(9e18, static_cast<double>(clock.durationNs()) / clock.speed()));
        speedNote->setText(ReplayBar::tr("takes %1").arg(QString::fromStdString(formatDuration(takes))));
    }
};

ReplayBar::ReplayBar(ViewContext& context, QWidget* parent) : QWidget(parent), m_p(std::make_unique<Private>(context, *this)) {
    setObjectName(QStringLiteral("replayBar"));
    setAccessibleName(ReplayBar::tr("Replay"));
    m_p->build();
    m_p->wire();
    m_p->showTrace();
}
ReplayBar::~ReplayBar() = default;

QAction* ReplayBar::playAction() const { return m_p->play; }
QAction* ReplayBar::stepNextAction() const { return m_p->next; }
QAction* ReplayBar::stepPreviousAction() const { return m_p->previous; }
QAction* ReplayBar::toStartAction() const { return m_p->start; }
QAction* ReplayBar::leaveAction() const { return m_p->leave; }
QAction* ReplayBar::loopAction() const { return m_p->loop; }
QAction* ReplayBar::inFlightAction() const { return m_p->inFlight; }

}  // namespace spanreel::views
