// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

#include "views/trace_list/trace_query.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QToolButton;

namespace spanreel::views {

/// The fields above the trace list: text, service, least duration, errors only. Text counts a moment after the last key,
/// everything else at once. Ranges picked in the chart are not its own. GUI thread.
class TraceFilterBar : public QWidget {
    Q_OBJECT
public:
    explicit TraceFilterBar(QWidget* parent = nullptr);

    /// `before` with what the fields say; a least duration that is none leaves it as it was, and is marked.
    [[nodiscard]] TraceFilter read(TraceFilter before);
    /// The fields are emptied without a word.
    void reset();
    void setText(const QString& text);
    void setService(const QString& name);
    /// Those to choose from.
    void setServices(const QStringList& names);
    void setClearable(bool clearable);
    void focusText();
    /// The last field of the row for the Tab key.
    [[nodiscard]] QWidget* lastField() const;

signals:
    void changed();
    void clearRequested();
    /// Down or Return in a field of text: on to the rows.
    void rowsRequested();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QLineEdit* m_text;
    QComboBox* m_service;
    QLineEdit* m_leastDuration;
    QCheckBox* m_errorsOnly;
    QToolButton* m_clear;
    QTimer m_typing;
};

}  // namespace spanreel::views
