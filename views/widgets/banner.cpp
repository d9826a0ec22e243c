// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/banner.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>

#include "views/theme.h"

namespace spanreel::views {

Banner::Banner(const QString& name, Tone tone, QWidget* parent) : QFrame(parent), m_tone(tone), m_icon(new QLabel(this)), m_text(new QLabel(this)), m_buttons(new QHBoxLayout) {
    setObjectName(name);
    const char* icon = tone == Tone::Info ? "info" : tone == Tone::Warning ? "warning" : "error";
    m_icon->setPixmap(Theme::instance().icon(icon).pixmap(16, 16));
    m_icon->setAccessibleName(tone == Tone::Info ? tr("Information") : tone == Tone::Warning ? tr("Warning") : tr("Error"));
    m_text->setObjectName(name + QStringLiteral("Text"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* close = new QToolButton(this);
    close->setObjectName(name + QStringLiteral("Close"));
    close->setAccessibleName(tr("Dismiss this message"));
    close->setToolTip(tr("Dismiss this message"));
    close->setIcon(Theme::instance().icon("close"));
    close->setAutoRaise(true);
    connect(close, &QToolButton::clicked, this, [this] {
        hide();
        emit closed();
    });
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 6, 8, 6);
    layout->setSpacing(10);
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    layout->addLayout(m_buttons);
    layout->addWidget(close);
    connect(&Theme::instance(), &Theme::changed, this, [this, icon] { m_icon->setPixmap(Theme::instance().icon(icon).pixmap(16, 16)); });
}

void Banner::setText(const QString& text) {
    m_text->setText(text);
    setAccessibleName(text);
}

void Banner::addButton(const QString& text, const QString& name, std::function<void()> action) {
    auto* button = new QPushButton(text, this);
    button->setObjectName(name);
    connect(button, &QPushButton::clicked, this, [action = std::move(action)] { action(); });
    m_buttons->addWidget(button);
}

void Banner::clearButtons() {
    while (auto* item = m_buttons->takeAt(0)) {
        if (item->widget()) item->widget()->deleteLater();
        delete item;
    }
}

void Banner::paintEvent(QPaintEvent*) {
    const auto& c = Theme::instance().colours();
    QColor tint = m_tone == Tone::Info ? c.accent : m_tone == Tone::Warning ? c.warning : c.error;
    QPainter p(this);
    p.fillRect(rect(), c.panel);
    p.fillRect(QRect(0, 0, 4, height()), tint);
    tint.setAlpha(24);
    p.fillRect(rect(), tint);
    p.setPen(c.line);
    p.drawLine(rect().bottomLeft(), rect().bottomRight());
}

}  // namespace spanreel::views
