// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/banner.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QPainter>
#include <QPushButton>
#include <QTextLayout>
#include <QTextOption>
#include <QToolButton>
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "views/theme.h"

namespace spanreel::views {
namespace {

constexpr int kLeastTextWidth = 160;

/// A wrapped label that never widens the window: a word that has no room, as a path may be, is broken where the line ends.
class Sentence : public QLabel {
public:
    using QLabel::QLabel;
    [[nodiscard]] QSize minimumSizeHint() const override { return QLabel::minimumSizeHint().boundedTo({kLeastTextWidth, QWIDGETSIZE_MAX}); }
    [[nodiscard]] int heightForWidth(int width) const override {
        if (wordsFit(width)) return QLabel::heightForWidth(width);
        QTextLayout layout;
        return breakLines(layout, width);
    }

protected:
    void paintEvent(QPaintEvent* event) override {
        if (wordsFit(width())) return QLabel::paintEvent(event);
        QTextLayout layout;
        const double top = topOf(breakLines(layout, width()));
        QTextLayout::FormatRange selected{.start = selectionStart(), .length = static_cast<int>(selectedText().size()), .format = {}};
        selected.format.setForeground(palette().highlightedText());
        selected.format.setBackground(palette().highlight());
        QPainter painter(this);
        painter.setPen(palette().color(foregroundRole()));
        layout.draw(&painter, {0, top}, hasSelectedText() ? QList{selected} : QList<QTextLayout::FormatRange>());
    }
    // QLabel's own answer to the mouse knows nothing of words that are broken.
    void mousePressEvent(QMouseEvent* event) override {
        if (event->button() != Qt::LeftButton || wordsFit(width())) return QLabel::mousePressEvent(event);
        setSelection(0, 0);  // else the press would begin to drag the text that is selected
        QLabel::mousePressEvent(event);
        m_from = placeAt(event->position());
        select(m_from, m_from);
    }
    void mouseMoveEvent(QMouseEvent* event) override {
        if (wordsFit(width())) return QLabel::mouseMoveEvent(event);
        if (event->buttons() & Qt::LeftButton) select(m_from, placeAt(event->position()));
    }

private:
    [[nodiscard]] bool wordsFit(int width) const { return QLabel::minimumSizeHint().width() <= width; }
    [[nodiscard]] double topOf(int textHeight) const { return std::max(0, (height() - textHeight) / 2); }
    void select(int from, int to) { setSelection(std::min(from, to), std::abs(to - from)); }
    /// Lays the text out. Returns its height.
    int breakLines(QTextLayout& layout, int width) const {
        QTextOption option;
        option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        layout.setText(text().replace(QLatin1Char('\n'), QChar::LineSeparator));
        layout.setFont(font());
        layout.setTextOption(option);
        layout.beginLayout();
        qreal height = 0;
        for (auto line = layout.createLine(); line.isValid(); line = layout.createLine()) {
            line.setLineWidth(width);
            line.setPosition({0, height});
            height += line.height();
        }
        layout.endLayout();
        return static_cast<int>(std::ceil(height));
    }
    /// In the text, where it is painted.
    [[nodiscard]] int placeAt(QPointF point) const {
        QTextLayout layout;
        const double y = point.y() - topOf(breakLines(layout, width()));
        int line = 0;
        while (line + 1 < layout.lineCount() && layout.lineAt(line + 1).y() <= y) ++line;
        return layout.lineAt(line).xToCursor(point.x());
    }

    int m_from = 0;  ///< where the mouse began to select
};

}  // namespace

Banner::Banner(const QString& name, Tone tone, QWidget* parent) : QFrame(parent), m_tone(tone), m_icon(new QLabel(this)), m_text(new Sentence(this)), m_buttons(new QHBoxLayout) {
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
    connect(close, &QToolButton::clicked, this, &Banner::dismiss);
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
    m_sentence = text;
    m_times = 1;
    m_text->setText(text);
    setAccessibleName(text);
}

void Banner::again() {
    const QString text = tr("%1 (%n times)", nullptr, ++m_times).arg(m_sentence);
    m_text->setText(text);
    setAccessibleName(text);
}

void Banner::dismiss() {
    hide();
    emit closed();
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
