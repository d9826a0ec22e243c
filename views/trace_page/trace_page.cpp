// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/trace_page/trace_page.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <optional>

#include "views/context.h"
#include "views/theme.h"
#include "views/timeline/minimap.h"
#include "views/timeline/timeline_view.h"
#include "views/trace_page/trace_header.h"
#include "views/trace_page/trace_search.h"

namespace spanreel::views {

struct TracePage::Private {
    ViewContext& context;
    TraceHeader* header = nullptr;
    TraceSearch* search = nullptr;
    TimelineView* timeline = nullptr;
    Minimap* minimap = nullptr;
    QStackedWidget* readings = nullptr;
    QButtonGroup* readingButtons = nullptr;
    QHBoxLayout* readingRow = nullptr;
    QLabel* hover = nullptr;
    QWidget* tools = nullptr;  ///< of the timeline
    std::optional<TraceId> painted;
};

namespace {

QToolButton* toolButton(QWidget* parent, const char* name, const char* icon, const QString& words) {
    auto* button = new QToolButton(parent);
    button->setObjectName(QLatin1String(name));
    button->setAutoRaise(true);
    button->setIcon(Theme::instance().icon(icon));
    button->setToolTip(words);
    button->setAccessibleName(words);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

}  // namespace

TracePage::TracePage(ViewContext& context, QWidget* parent) : QWidget(parent), m_p(new Private{context}) {
    setObjectName(QStringLiteral("tracePage"));
    setAccessibleName(tr("Trace"));
    auto& p = *m_p;
    p.header = new TraceHeader(context, this);
    p.search = new TraceSearch(context, this);
    p.readings = new QStackedWidget(this);
    p.readings->setObjectName(QStringLiteral("traceReadings"));
    p.readings->setAccessibleName(tr("Readings of the trace"));

    auto* timelinePage = new QWidget(p.readings);
    timelinePage->setObjectName(QStringLiteral("timelinePage"));
    timelinePage->setAccessibleName(tr("Timeline"));
    p.timeline = new TimelineView(context, timelinePage);
    p.minimap = new Minimap(context, *p.timeline, timelinePage);
    p.hover = new QLabel(timelinePage);
    p.hover->setObjectName(QStringLiteral("timelineHover"));
    p.hover->setAccessibleName(tr("What is under the mouse"));
    p.hover->setTextFormat(Qt::PlainText);
    p.hover->setFont(Theme::smallFont());
    p.hover->setContentsMargins(8, 2, 8, 3);
    p.hover->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    auto* timelineLayout = new QVBoxLayout(timelinePage);
    timelineLayout->setContentsMargins(0, 0, 0, 0);
    timelineLayout->setSpacing(0);
    timelineLayout->addWidget(p.minimap);
    timelineLayout->addWidget(p.timeline, 1);
    timelineLayout->addWidget(p.hover);

    p.readingButtons = new QButtonGroup(this);
    p.readingRow = new QHBoxLayout;
    p.readingRow->setSpacing(0);
    addReading(tr("Timeline"), timelinePage);

    auto* open = toolButton(this, "timelineOpen", "list", tr("Open and close spans"));
    open->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(open);
    menu->setObjectName(QStringLiteral("timelineOpenMenu"));
    menu->addAction(tr("Open everything"), p.timeline, [t = p.timeline] { t->expandAll(); });
    menu->addAction(tr("Open one level more"), p.timeline, [t = p.timeline] { t->expandOneLevel(); });
    menu->addAction(tr("Close everything"), p.timeline, [t = p.timeline] { t->collapseAll(); });
    open->setMenu(menu);
    auto* errorBack = toolButton(this, "timelinePreviousError", "step-previous", tr("Previous error (P)"));
    auto* errorNext = toolButton(this, "timelineNextError", "step-next", tr("Next error (N)"));
    auto* errorWord = new QLabel(tr("Errors"), this);
    errorWord->setObjectName(QStringLiteral("timelineErrorsLabel"));
    auto* zoomIn = toolButton(this, "timelineZoomIn", "zoom-in", tr("Zoom in (+)"));
    auto* zoomOut = toolButton(this, "timelineZoomOut", "zoom-out", tr("Zoom out (−)"));
    auto* fit = toolButton(this, "timelineFit", "fit", tr("Show the whole trace (0)"));
    connect(errorBack, &QToolButton::clicked, this, [t = p.timeline] { t->goToError(false); });
    connect(errorNext, &QToolButton::clicked, this, [t = p.timeline] { t->goToError(true); });
    connect(zoomIn, &QToolButton::clicked, this, [t = p.timeline] { t->zoom(0.7); });
    connect(zoomOut, &QToolButton::clicked, this, [t = p.timeline] { t->zoom(1 / 0.7); });
    connect(fit, &QToolButton::clicked, this, [t = p.timeline] { t->fitAll(); });

    p.tools = new QWidget(this);
    p.tools->setObjectName(QStringLiteral("timelineTools"));
    auto* own = new QHBoxLayout(p.tools);
    own->setContentsMargins(0, 0, 0, 0);
    own->setSpacing(4);
    auto* tools = new QHBoxLayout;
    tools->setContentsMargins(8, 2, 8, 4);
    tools->setSpacing(4);
    tools->addLayout(p.readingRow);
    tools->addSpacing(12);
    tools->addWidget(p.search, 1);
    tools->addStretch(1);
    own->addWidget(errorWord);
    own->addWidget(errorBack);
    own->addWidget(errorNext);
    own->addSpacing(8);
    for (QWidget* w : {open, zoomOut, zoomIn, fit}) own->addWidget(w);
    tools->addWidget(p.tools);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(p.header);
    layout->addLayout(tools);
    layout->addWidget(p.readings, 1);

    connect(p.timeline, &TimelineView::indexChanged, this, [this, errorBack, errorNext, errorWord] {
        const auto index = m_p->timeline->index();
        m_p->header->setIndex(index);
        m_p->search->refresh();
        const bool errors = index && !index->errors.empty();
        for (QWidget* w : {static_cast<QWidget*>(errorBack), static_cast<QWidget*>(errorNext), static_cast<QWidget*>(errorWord)}) w->setEnabled(errors);
        if (!index) m_p->painted.reset();
    });
    connect(p.search, &TraceSearch::matchesChanged, this, [this] { m_p->timeline->setMatches(m_p->search->matches()); });
    connect(p.search, &TraceSearch::wentTo, this, [this](trace::NodeId node) { m_p->timeline->goTo(node); });
    connect(p.search, &TraceSearch::left, this, [this] { m_p->timeline->setFocus(Qt::OtherFocusReason); });
    connect(p.timeline, &TimelineView::searchRequested, this, [this] { focusSearch(); });
    connect(p.timeline, &TimelineView::nextMatchRequested, this, [this](bool forward) { m_p->search->go(forward); });
    connect(p.timeline, &TimelineView::addNoteRequested, this, &TracePage::addNoteRequested);
    connect(p.timeline, &TimelineView::hoverTextChanged, p.hover, [this](const QString& text) { m_p->hover->setText(text); });
    connect(p.timeline, &TimelineView::framePainted, this, [this](int rows) {
        const auto index = m_p->timeline->index();
        if (rows <= 0 || !index || m_p->painted == index->trace->id()) return;
        m_p->painted = index->trace->id();
        emit firstFramePainted();
    });
    p.hover->setText(QString());
    p.header->setIndex(p.timeline->index());
    setFocusProxy(p.timeline);
}

TracePage::~TracePage() = default;

void TracePage::addReading(const QString& name, QWidget* widget) {
    auto& p = *m_p;
    const int index = p.readings->addWidget(widget);
    auto* button = new QToolButton(this);
    button->setObjectName(QStringLiteral("reading%1").arg(index));
    button->setText(name);
    button->setAccessibleName(name);
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    button->setCheckable(true);
    button->setChecked(index == 0);
    button->setMinimumHeight(24);
    p.readingButtons->addButton(button, index);
    p.readingRow->addWidget(button);
    // One reading alone needs no switch.
    for (auto* b : p.readingButtons->buttons()) b->setVisible(p.readings->count() > 1);
    connect(button, &QToolButton::clicked, this, [this, index] {
        m_p->readings->setCurrentIndex(index);
        m_p->tools->setVisible(index == 0);  // another reading has tools of its own
        m_p->readings->currentWidget()->setFocus(Qt::OtherFocusReason);
    });
}

TimelineView& TracePage::timeline() const { return *m_p->timeline; }

void TracePage::setDensity(Density density) {
    m_p->timeline->setRowHeight(density == Density::Compact ? 18 : density == Density::Comfortable ? 28 : 22);
}

void TracePage::focusSearch() { m_p->search->focusText(); }

}  // namespace spanreel::views
