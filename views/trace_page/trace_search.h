// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <stop_token>
#include <string>
#include <vector>

#include "model/trace/trace.h"

class QLabel;
class QLineEdit;
class QToolButton;

namespace spanreel::views {

class ViewContext;

/// Spans of a trace whose name, service, status message, attribute keys or values, event names, or id contain the text,
/// ignoring case. Several words must all be found. O(spans x attributes): for the query pool. Ascending.
[[nodiscard]] std::vector<trace::NodeId> findInTrace(const trace::Trace& trace, const std::string& text, std::stop_token stop = {});

/// The search box of a trace page: text, "3 of 41", previous, next. Searches in the query pool while typing. GUI thread.
class TraceSearch : public QWidget {
    Q_OBJECT
public:
    explicit TraceSearch(ViewContext& context, QWidget* parent = nullptr);
    void focusText();
    void go(bool forward);
    /// Searches again: another trace, or the same one grown.
    void refresh();
    [[nodiscard]] const std::vector<trace::NodeId>& matches() const { return m_matches; }

signals:
    void matchesChanged();
    void wentTo(trace::NodeId node);
    void left();  ///< Esc: back to the view

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void tell();
    ViewContext& m_context;
    QLineEdit* m_text;
    QLabel* m_count;
    QToolButton* m_previous;
    QToolButton* m_next;
    std::vector<trace::NodeId> m_matches;
    bool m_goOnAnswer = false;
    bool m_searching = false;
};

}  // namespace spanreel::views
