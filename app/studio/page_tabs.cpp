// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/page_tabs.h"

#include <QStackedWidget>
#include <QTabBar>
#include <QTextDocument>
#include <QToolButton>
#include <QVBoxLayout>

#include "views/context.h"
#include "views/service_map/service_map_view.h"
#include "views/theme.h"
#include "views/trace_list/trace_list_view.h"
#include "views/trace_page/trace_page.h"
#include "views/widgets/text_format.h"

namespace spanreel::app {

namespace {
constexpr int kTraces = 0;
constexpr int kTitleLength = 28;
QString hexOf(TraceId id) { return QString::fromStdString(id.toHex()); }
}  // namespace

PageTabs::PageTabs(views::ViewContext& context, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_bar(new QTabBar(this)),
      m_stack(new QStackedWidget(this)),
      m_list(new views::TraceListView(context)),
      m_page(new views::TracePage(context)),
      m_map(new views::ServiceMapView(context)) {
    setObjectName(QStringLiteral("pages"));
    m_bar->setObjectName(QStringLiteral("pageTabs"));
    m_bar->setAccessibleName(tr("Pages"));
    m_bar->setDocumentMode(true);
    m_bar->setFocusPolicy(Qt::TabFocus);  // a click goes on to the page
    m_bar->setDrawBase(false);
    m_bar->setExpanding(false);
    m_bar->setUsesScrollButtons(true);
    m_bar->setElideMode(Qt::ElideRight);
    m_stack->setObjectName(QStringLiteral("pageStack"));
    m_stack->addWidget(m_list);
    m_stack->addWidget(m_page);
    m_stack->addWidget(m_map);
    m_bar->addTab(views::Theme::instance().icon("list"), tr("Traces"));
    m_bar->addTab(views::Theme::instance().icon("map"), tr("Service map"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_bar);
    layout->addWidget(m_stack, 1);
    connect(m_bar, &QTabBar::currentChanged, this, &PageTabs::select);
    connect(m_bar, &QTabBar::tabBarClicked, this, [this](int index) {
        if (index >= 0) focusPage();
    }, Qt::QueuedConnection);
    connect(&context, &views::ViewContext::openTraceRequested, this, &PageTabs::showTrace);
    connect(&context, &views::ViewContext::pageRequested, this, [this] {
        switch (m_context.page()) {
            case views::Page::Traces: return showTraces();
            case views::Page::Trace: return showTrace();
            case views::Page::Map: return showMap();
        }
    });
    connect(&context, &views::ViewContext::selectionChanged, this, &PageTabs::followSelection);
    connect(&context, &views::ViewContext::traceChanged, this, [this] {
        if (m_context.selection().trace)
            if (const int at = tabOf(*m_context.selection().trace); at >= 0) title(at);
    });
}

int PageTabs::tabOf(TraceId id) const {
    for (int i = 1; i + 1 < m_bar->count(); ++i)
        if (m_bar->tabData(i).toString() == hexOf(id)) return i;
    return -1;
}

QString PageTabs::currentName() const { return m_bar->tabText(m_bar->currentIndex()).replace(QLatin1String("&&"), QLatin1String("&")); }
bool PageTabs::onTraces() const { return m_bar->currentIndex() == kTraces; }
bool PageTabs::onTracePage() const { return m_stack->currentWidget() == m_page; }
void PageTabs::showTraces() { m_bar->setCurrentIndex(kTraces); }
void PageTabs::showMap() { m_bar->setCurrentIndex(m_bar->count() - 1); }

void PageTabs::showTrace() {
    const auto id = m_context.selection().trace;
    if (!id) return;
    m_bar->setCurrentIndex(openTab(*id));
    m_page->setFocus(Qt::OtherFocusReason);
}

void PageTabs::addTrace(const trace::Trace& trace) { title(openTab(trace.id()), trace); }

int PageTabs::openTab(TraceId id) {
    if (const int known = tabOf(id); known >= 0) return known;
    const int at = m_bar->count() - 1;
    m_bar->insertTab(at, hexOf(id).left(8));
    m_bar->setTabData(at, hexOf(id));
    addCloseButton(at);
    title(at);
    return at;
}

void PageTabs::addCloseButton(int index) {
    auto* button = new QToolButton(m_bar);
    button->setObjectName(QStringLiteral("closeTab"));
    button->setIcon(views::Theme::instance().icon("close"));
    button->setIconSize(QSize(12, 12));
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::NoFocus);
    button->setAccessibleName(tr("Close this tab"));
    button->setToolTip(tr("Close this tab"));
    connect(button, &QToolButton::clicked, this, [this, button] {
        for (int i = 0; i < m_bar->count(); ++i)
            if (m_bar->tabButton(i, QTabBar::RightSide) == button) {
                close(i);
                return;
            }
    });
    m_bar->setTabButton(index, QTabBar::RightSide, button);
}

void PageTabs::title(int index) {
    if (const auto trace = m_context.trace()) title(index, *trace);
}

void PageTabs::title(int index, const trace::Trace& trace) {
    if (m_bar->tabData(index).toString() != hexOf(trace.id()) || trace.mainRoot() == trace::kNoNode) return;
    QString name = views::plain(trace.span(trace.mainRoot()).name());
    if (name.isEmpty()) name = tr("(no name)");
    m_bar->setTabToolTip(index, Qt::convertFromPlainText(name + QLatin1Char('\n') + hexOf(trace.id())));
    if (name.size() > kTitleLength) name = name.left(kTitleLength) + QChar(0x2026);
    m_bar->setTabText(index, name.replace(QLatin1Char('&'), QLatin1String("&&")));
    if (index == m_bar->currentIndex()) emit currentChanged();
}

void PageTabs::focusPage() {
    if (onTraces()) m_list->focusRows();
    else m_stack->currentWidget()->setFocus(Qt::OtherFocusReason);
}

void PageTabs::select(int index) {
    // Who works in a page goes on in the next; who walks along the tabs stays there.
    const auto* focus = window()->focusWidget();
    const bool inside = focus && m_stack->isAncestorOf(focus);
    if (index == kTraces) {
        m_context.setPage(views::Page::Traces);
        m_stack->setCurrentWidget(m_list);
    } else if (index == m_bar->count() - 1) {
        m_context.setPage(views::Page::Map);
        m_stack->setCurrentWidget(m_map);
    } else {
        m_context.setPage(views::Page::Trace, TraceId::fromHex(m_bar->tabData(index).toString().toStdString()));
        m_stack->setCurrentWidget(m_page);
    }
    if (inside) focusPage();
    emit currentChanged();
}

void PageTabs::followSelection() {
    const auto id = m_context.selection().trace;
    if (!id || !onTracePage()) return;
    const int current = m_bar->currentIndex();
    if (m_bar->tabData(current).toString() == hexOf(*id)) return;
    if (const int known = tabOf(*id); known >= 0) {
        m_bar->setCurrentIndex(known);
        return;
    }
    m_bar->setTabData(current, hexOf(*id));
    m_bar->setTabText(current, hexOf(*id).left(8));
    m_bar->setTabToolTip(current, hexOf(*id));
    title(current);
    emit currentChanged();
}

void PageTabs::close(int index) {
    if (index <= kTraces || index >= m_bar->count() - 1) return;
    if (index == m_bar->currentIndex()) m_bar->setCurrentIndex(index - 1);
    m_bar->removeTab(index);
}

void PageTabs::closeCurrent() { close(m_bar->currentIndex()); }
void PageTabs::closeTraces() {
    showTraces();
    while (m_bar->count() > 2) m_bar->removeTab(1);
}

void PageTabs::next(int step) {
    const int n = m_bar->count();
    m_bar->setCurrentIndex((m_bar->currentIndex() + step + n) % n);
}

}  // namespace spanreel::app
