// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/trace_list/trace_filter_bar.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QSignalBlocker>
#include <algorithm>

#include "views/theme.h"
#include "views/widgets/elided_button.h"
#include "views/widgets/text_format.h"

namespace spanreel::views {

TraceFilterBar::TraceFilterBar(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("traceFilterBar"));
    setAccessibleName(tr("Filter of the trace list"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(Theme::kPadding, 4, Theme::kPadding, 4);
    layout->setSpacing(8);
    m_text = new QLineEdit(this);
    m_text->setObjectName(QStringLiteral("traceFilterText"));
    m_text->setPlaceholderText(tr("Operation, service or trace id"));
    m_text->setAccessibleName(tr("Show traces with this text in an operation, a service or the trace id"));
    m_text->setClearButtonEnabled(true);
    m_text->setMinimumWidth(80);
    m_text->addAction(Theme::instance().icon("filter"), QLineEdit::LeadingPosition);
    m_service = new QComboBox(this);
    m_service->setObjectName(QStringLiteral("traceFilterService"));
    m_service->setAccessibleName(tr("Show traces of this service"));
    m_service->addItem(tr("All services"));
    m_service->setMinimumContentsLength(14);
    m_service->setMinimumWidth(90);
    m_service->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_leastDuration = new QLineEdit(this);
    m_leastDuration->setObjectName(QStringLiteral("traceFilterDuration"));
    m_leastDuration->setPlaceholderText(tr("At least, e.g. 250ms"));
    m_leastDuration->setAccessibleName(tr("Show traces that took at least this long"));
    m_leastDuration->setClearButtonEnabled(true);
    m_leastDuration->setMinimumWidth(m_leastDuration->fontMetrics().horizontalAdvance(m_leastDuration->placeholderText()) + 24);  // in full
    m_leastDuration->setMaximumWidth(std::max(150, m_leastDuration->minimumWidth()));
    m_errorsOnly = new QCheckBox(tr("Errors only"), this);
    m_errorsOnly->setObjectName(QStringLiteral("traceFilterErrors"));
    m_clear = new ElidedButton(this);
    m_clear->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    m_clear->setObjectName(QStringLiteral("traceFilterClear"));
    m_clear->setText(tr("Clear filter"));
    m_clear->hide();
    layout->addWidget(m_text, 1);
    layout->addWidget(m_service);
    layout->addWidget(m_leastDuration);
    layout->addWidget(m_errorsOnly);
    layout->addWidget(m_clear);
    setMinimumWidth(500);  // the same with the button as without: it must not push the docks
    for (auto* field : {m_text, m_leastDuration}) {
        connect(field, &QLineEdit::textChanged, &m_typing, [this] { m_typing.start(); });
        field->installEventFilter(this);
    }
    m_typing.setSingleShot(true);
    m_typing.setInterval(150);
    connect(&m_typing, &QTimer::timeout, this, &TraceFilterBar::changed);
    connect(m_service, &QComboBox::currentIndexChanged, this, &TraceFilterBar::changed);
    connect(m_errorsOnly, &QCheckBox::toggled, this, &TraceFilterBar::changed);
    connect(m_clear, &QToolButton::clicked, this, &TraceFilterBar::clearRequested);
}

TraceFilter TraceFilterBar::read(TraceFilter before) {
    m_typing.stop();
    before.text = m_text->text().trimmed().toStdString();
    before.service = m_service->currentIndex() > 0 ? m_service->currentData().toString().toStdString() : std::string();
    const std::string least = m_leastDuration->text().trimmed().toStdString();
    const auto parsed = parseDuration(least);
    before.minDurationNs = least.empty() ? 0 : parsed.value_or(before.minDurationNs);
    before.errorsOnly = m_errorsOnly->isChecked();
    const bool wrong = !least.empty() && !parsed;
    QPalette palette;  // plain: the theme's
    if (wrong) palette.setColor(QPalette::Text, Theme::instance().colours().error);
    m_leastDuration->setPalette(palette);
    m_leastDuration->setToolTip(wrong ? tr("Not a duration. Write a number with ns, us, ms, s or min.") : QString());
    return before;
}

void TraceFilterBar::reset() {
    const QSignalBlocker quietText(m_text), quietService(m_service), quietDuration(m_leastDuration), quietErrors(m_errorsOnly);
    m_text->clear();
    m_service->setCurrentIndex(0);
    m_leastDuration->clear();
    m_errorsOnly->setChecked(false);
}

void TraceFilterBar::setText(const QString& text) { m_text->setText(text); }

void TraceFilterBar::setService(const QString& name) { m_service->setCurrentIndex(name.isEmpty() ? 0 : std::max(0, m_service->findData(name))); }

void TraceFilterBar::setServices(const QStringList& names) {
    const QSignalBlocker quiet(m_service);
    const QString wanted = m_service->currentData().toString();
    m_service->clear();
    m_service->addItem(tr("All services"));
    for (const QString& name : names) m_service->addItem(plain(name.toStdString()), name);
    setService(wanted);
}

void TraceFilterBar::setClearable(bool clearable) { m_clear->setVisible(clearable); }

void TraceFilterBar::focusText() {
    m_text->setFocus(Qt::ShortcutFocusReason);
    m_text->selectAll();
}

QWidget* TraceFilterBar::lastField() const { return m_clear; }

bool TraceFilterBar::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::KeyPress) {
        const auto* key = static_cast<QKeyEvent*>(event);
        const bool returned = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (returned || (key->key() == Qt::Key_Down && key->modifiers() == Qt::NoModifier)) {
            if (m_typing.isActive()) emit changed();
            emit rowsRequested();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace spanreel::views
