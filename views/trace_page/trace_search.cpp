// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/trace_page/trace_search.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QToolButton>
#include <algorithm>

#include "model/core/text.h"
#include "model/core/time_format.h"
#include "model/otlp/value_walk.h"
#include "views/context.h"
#include "views/query_runner.h"
#include "views/theme.h"

namespace spanreel::views {

using trace::NodeId;

namespace {

bool attributesContain(const store::AttributesView& attributes, std::string_view word) {
    for (std::size_t i = 0; i < attributes.size(); ++i) {
        const auto attribute = attributes[i];
        if (containsIgnoreCase(attribute.key, word)) return true;
        if (attribute.value.type == store::ValueType::String ? containsIgnoreCase(attribute.value.text, word) : containsIgnoreCase(otlp::valueToDisplayText(attribute.value), word)) return true;
    }
    return false;
}

bool spanContains(const store::SpanView& span, std::string_view word) {
    if (containsIgnoreCase(span.name(), word) || containsIgnoreCase(span.serviceName(), word) || containsIgnoreCase(span.statusMessage(), word)) return true;
    if (attributesContain(span.attributes(), word)) return true;
    for (std::size_t i = 0; i < span.eventCount(); ++i) {
        const auto event = span.event(i);
        if (containsIgnoreCase(event.name, word) || attributesContain(event.attributes, word)) return true;
    }
    return word.size() >= 4 && word.size() <= 16 && containsIgnoreCase(span.spanId().toHex(), word);
}

}  // namespace

std::vector<NodeId> findInTrace(const trace::Trace& trace, const std::string& text, std::stop_token stop) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < text.size();) {
        const auto end = std::min(text.find(' ', i), text.size());
        if (end > i) words.push_back(text.substr(i, end - i));
        i = end + 1;
    }
    std::vector<NodeId> out;
    if (words.empty()) return out;
    for (NodeId n = 0; n < trace.nodes().size(); ++n) {
        if ((n & 0xFFF) == 0 && stop.stop_requested()) return {};
        const auto span = trace.span(n);
        if (std::all_of(words.begin(), words.end(), [&](const auto& word) { return spanContains(span, word); })) out.push_back(n);
    }
    return out;
}

TraceSearch::TraceSearch(ViewContext& context, QWidget* parent) : QWidget(parent), m_context(context) {
    setObjectName(QStringLiteral("traceSearch"));
    setAccessibleName(tr("Search in this trace"));
    m_text = new QLineEdit(this);
    m_text->setObjectName(QStringLiteral("traceSearchText"));
    m_text->setAccessibleName(tr("Search in this trace"));
    m_text->setPlaceholderText(tr("Search in this trace"));
    m_text->setToolTip(tr("Finds spans by service, name, status message, attributes, events or id. Return goes to the next, Shift+Return to the previous."));
    m_text->setClearButtonEnabled(true);
    m_text->setMinimumWidth(120);
    m_text->setMaximumWidth(280);
    m_text->installEventFilter(this);
    m_count = new QLabel(this);
    m_count->setObjectName(QStringLiteral("traceSearchCount"));
    m_count->setAccessibleName(tr("Matches"));
    m_count->setTextFormat(Qt::PlainText);
    const auto button = [this](const char* name, const char* icon, const QString& words) {
        auto* b = new QToolButton(this);
        b->setObjectName(QLatin1String(name));
        b->setAutoRaise(true);
        b->setIcon(Theme::instance().icon(icon));
        b->setToolTip(words);
        b->setAccessibleName(words);
        return b;
    };
    m_previous = button("traceSearchPrevious", "previous", tr("Previous match (Shift+F3)"));
    m_next = button("traceSearchNext", "next", tr("Next match (F3)"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_count);
    layout->addWidget(m_previous);
    layout->addWidget(m_next);
    connect(m_text, &QLineEdit::textChanged, this, [this] { refresh(); });
    connect(m_previous, &QToolButton::clicked, this, [this] { go(false); });
    connect(m_next, &QToolButton::clicked, this, [this] { go(true); });
    connect(&context, &ViewContext::selectionChanged, this, [this] { tell(); });
    tell();
}

void TraceSearch::focusText() {
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

void TraceSearch::refresh() {
    const auto trace = m_context.trace();
    const auto text = m_text->text().trimmed().toStdString();
    if (!trace || text.empty()) {
        m_context.queries().cancel(QStringLiteral("trace.search"));
        m_searching = false;
        m_matches.clear();
        tell();
        emit matchesChanged();
        return;
    }
    m_searching = true;
    tell();
    m_context.queries().run(
        QStringLiteral("trace.search"), this, [trace, text](std::stop_token stop) { return std::pair(trace, findInTrace(*trace, text, stop)); },
        [this](std::pair<trace::TracePtr, std::vector<NodeId>> answer) {
            if (answer.first != m_context.trace()) return;
            m_searching = false;
            m_matches = std::move(answer.second);
            emit matchesChanged();
            if (std::exchange(m_goOnAnswer, false)) go(true);
            tell();
        });
}

void TraceSearch::go(bool forward) {
    if (m_searching) {
        m_goOnAnswer = true;
        return;
    }
    if (m_matches.empty()) return;
    const auto selected = m_context.selectedNode();
    auto it = m_matches.begin();
    if (selected != trace::kNoNode) {
        if (forward) {
            it = std::upper_bound(m_matches.begin(), m_matches.end(), selected);
            if (it == m_matches.end()) it = m_matches.begin();
        } else {
            it = std::lower_bound(m_matches.begin(), m_matches.end(), selected);
            it = it == m_matches.begin() ? std::prev(m_matches.end()) : std::prev(it);
        }
    }
    emit wentTo(*it);
}

void TraceSearch::tell() {
    const bool any = !m_matches.empty();
    m_previous->setEnabled(any);
    m_next->setEnabled(any);
    QString words;
    const auto count = [](std::size_t n) { return QString::fromStdString(formatCount(n)); };
    if (!m_text->text().trimmed().isEmpty()) {
        const auto selected = m_context.selectedNode();
        const auto it = std::lower_bound(m_matches.begin(), m_matches.end(), selected);
        if (m_searching) words = tr("searching…");
        else if (!any) words = tr("none found");
        else if (selected != trace::kNoNode && it != m_matches.end() && *it == selected) words = tr("%1 of %2").arg(count(static_cast<std::size_t>(it - m_matches.begin()) + 1), count(m_matches.size()));
        else words = tr("%1 found").arg(count(m_matches.size()));
    }
    m_count->setText(words);
    m_count->setVisible(!words.isEmpty());
}

bool TraceSearch::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_text && event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool shift = key->modifiers() & Qt::ShiftModifier;
        switch (key->key()) {
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_F3: go(!shift); return true;
        case Qt::Key_Down: emit left(); return true;
        case Qt::Key_Escape:
            m_text->clear();
            emit left();
            return true;
        default: break;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace spanreel::views
