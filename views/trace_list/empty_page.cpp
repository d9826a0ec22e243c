// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/trace_list/empty_page.h"

#include <QClipboard>
#include <QFileInfo>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTextDocument>
#include <QVBoxLayout>

#include "model/core/time_format.h"
#include "views/theme.h"

namespace spanreel::views {

namespace {
constexpr int kWidth = 620;

QLabel* paragraph(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}
}  // namespace

EmptyPage::EmptyPage(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("emptySession"));
    setAccessibleName(tr("Empty session"));
    auto* column = new QWidget(this);
    column->setMaximumWidth(kWidth);
    m_title = paragraph({}, column);
    m_title->setObjectName(QStringLiteral("emptyTitle"));
    QFont big = Theme::boldFont();
    big.setPointSizeF(big.pointSizeF() * 1.5);
    m_title->setFont(big);
    m_logsHint = paragraph(tr("The pane Logs lists them."), column);
    m_logsHint->setObjectName(QStringLiteral("emptyLogsHint"));
    m_refused = paragraph({}, column);
    m_refused->setObjectName(QStringLiteral("emptyRefused"));
    m_refused->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_refused->hide();
    m_state = paragraph({}, column);
    m_state->setObjectName(QStringLiteral("emptyState"));
    m_environment = new QPlainTextEdit(column);
    m_environment->setObjectName(QStringLiteral("emptyEnvironment"));
    m_environment->setAccessibleName(tr("Environment variables for a program to be watched"));
    m_environment->setReadOnly(true);
    m_environment->setFont(Theme::monoFont());
    m_environment->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_copy = new QPushButton(Theme::instance().icon("copy"), tr("Copy"), column);
    m_copy->setObjectName(QStringLiteral("emptyCopy"));
    m_copy->setAccessibleName(tr("Copy the environment variables"));
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_environment->toPlainText() + QLatin1Char('\n')); });
    auto* open = new QPushButton(Theme::instance().icon("open"), tr("Open files\u2026"), column);
    open->setObjectName(QStringLiteral("emptyOpen"));
    auto* sample = new QPushButton(Theme::instance().icon("sample"), tr("Open the sample"), column);
    sample->setObjectName(QStringLiteral("emptySample"));
    connect(open, &QPushButton::clicked, this, &EmptyPage::openFileRequested);
    connect(sample, &QPushButton::clicked, this, &EmptyPage::openSampleRequested);

    auto* layout = new QVBoxLayout(column);
    layout->setSpacing(12);
    layout->addWidget(m_title);
    layout->addWidget(m_logsHint);
    layout->addWidget(m_refused);
    layout->addWidget(m_state);
    auto* environmentRow = new QHBoxLayout;
    environmentRow->addWidget(m_environment, 1);
    environmentRow->addWidget(m_copy, 0, Qt::AlignTop);
    layout->addLayout(environmentRow);
    layout->addWidget(paragraph(tr("Open trace files somebody sent you: OTLP, Jaeger, Zipkin, console output or logs. You can drop them anywhere on this window."), column));
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(open);
    buttons->addWidget(sample);
    buttons->addStretch(1);
    layout->addLayout(buttons);
    m_recentBox = new QWidget(column);
    m_recent = new QVBoxLayout(m_recentBox);
    m_recent->setContentsMargins(0, 8, 0, 0);
    m_recent->setSpacing(2);
    layout->addWidget(m_recentBox);
    m_recentBox->hide();

    auto* content = new QWidget;
    auto* centre = new QHBoxLayout(content);
    centre->addStretch(1);
    centre->addWidget(column, 100);
    centre->addStretch(1);
    auto* around = new QVBoxLayout;
    around->setContentsMargins(0, 0, 0, 0);
    auto* scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("emptyScroll"));
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    auto* middle = new QWidget;
    auto* vertical = new QVBoxLayout(middle);
    vertical->addStretch(1);
    vertical->addWidget(content);
    vertical->addStretch(2);
    scroll->setWidget(middle);
    around->addWidget(scroll);
    setLayout(around);
    setFocusProxy(open);
    connect(&Theme::instance(), &Theme::changed, this, &EmptyPage::tintRecent);
    setEndpoints({}, {});
    setLogs(0);
}

void EmptyPage::setLogs(std::uint64_t logs) {
    m_title->setText(logs == 0 ? tr("No traces yet") : logs == 1 ? tr("1 log, no traces") : tr("%1 logs, no traces").arg(QString::fromStdString(formatCount(logs))));
    m_logsHint->setVisible(logs > 0);
}

void EmptyPage::setEndpoints(const QStringList& environment, const QString& state) {
    m_state->setText(state);
    m_state->setVisible(!state.isEmpty());
    m_environment->setPlainText(environment.join(QLatin1Char('\n')));
    m_environment->setVisible(!environment.isEmpty());
    m_copy->setVisible(!environment.isEmpty());
    const int lines = static_cast<int>(environment.size());
    m_environment->setFixedHeight(QFontMetrics(m_environment->font()).lineSpacing() * std::max(1, lines) + 18);
}

void EmptyPage::setRefused(const QString& text) {
    m_refused->setText(text);
    m_refused->setVisible(!text.isEmpty());
    QPalette palette;
    palette.setColor(QPalette::WindowText, Theme::instance().colours().warning);
    m_refused->setPalette(palette);
}

void EmptyPage::setRecentFiles(const QStringList& files) {
    while (auto* item = m_recent->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_recentBox->setVisible(!files.isEmpty());
    if (files.isEmpty()) return;
    auto* heading = paragraph(tr("Recent files"), m_recentBox);
    heading->setFont(Theme::boldFont());
    m_recent->addWidget(heading);
    for (const QString& file : files.mid(0, 6)) {
        auto* button = new QPushButton(Theme::instance().icon("file"), QFontMetrics(font()).elidedText(QFileInfo(file).fileName().replace(QLatin1Char('&'), QLatin1String("&&")), Qt::ElideMiddle, kWidth - 80), m_recentBox);
        button->setObjectName(QStringLiteral("emptyRecent"));
        button->setFlat(true);
        button->setToolTip(Qt::convertFromPlainText(file));
        button->setAccessibleName(tr("Open %1").arg(file));
        connect(button, &QPushButton::clicked, this, [this, file] { emit recentFileRequested(file); });
        m_recent->addWidget(button);
    }
    tintRecent();
}

/// A style sheet keeps the colours of the theme it was set under, so the text colour is set with it.
void EmptyPage::tintRecent() {
    const QString sheet = QStringLiteral("text-align: left; padding: 3px; color: %1;").arg(Theme::instance().colours().text.name());
    for (auto* button : m_recentBox->findChildren<QPushButton*>(QStringLiteral("emptyRecent"))) {
        button->setStyleSheet(sheet);
        button->setIcon(Theme::instance().icon("file"));
    }
}

}  // namespace spanreel::views
