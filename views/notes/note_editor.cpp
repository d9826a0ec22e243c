// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/notes/note_editor.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTabBar>
#include <QTextBrowser>
#include <QTimer>
#include <QVBoxLayout>

#include "model/report/markdown.h"
#include "views/notes/note_text.h"
#include "views/theme.h"

namespace spanreel::views {

namespace {
constexpr int kRestMs = 700;

/// Shows our own HTML and loads nothing, whatever it names.
class QuietBrowser : public QTextBrowser {
public:
    using QTextBrowser::QTextBrowser;
    QVariant loadResource(int, const QUrl&) override { return {}; }
};
}  // namespace

NoteEditor::NoteEditor(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("noteEditor"));
    m_tabs = new QTabBar(this);
    m_tabs->setObjectName(QStringLiteral("noteEditorTabs"));
    m_tabs->setAccessibleName(tr("Text or preview of the note"));
    m_tabs->addTab(tr("Text"));
    m_tabs->addTab(tr("Preview"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_colour = new QComboBox(this);
    m_colour->setObjectName(QStringLiteral("noteColour"));
    m_colour->setAccessibleName(tr("Colour of the note"));
    for (const auto colour : kNoteColours) m_colour->addItem(noteColourIcon(colour), noteColourName(colour), static_cast<int>(colour));
    m_text = new QPlainTextEdit(this);
    m_text->setObjectName(QStringLiteral("noteText"));
    m_text->setAccessibleName(tr("Text of the note, in Markdown"));
    m_text->setPlaceholderText(tr("What is to be seen here? Markdown: **bold**, *italic*, `code`, - lists"));
    m_text->setTabChangesFocus(true);
    m_text->installEventFilter(this);
    m_preview = new QuietBrowser(this);
    m_preview->setObjectName(QStringLiteral("notePreview"));
    m_preview->setAccessibleName(tr("Preview of the note"));
    m_preview->setOpenLinks(false);
    m_preview->hide();
    // Small enough that a chosen note never makes its dock grow; both scroll.
    m_text->setMinimumHeight(24);
    m_preview->setMinimumHeight(24);
    m_rest = new QTimer(this);
    m_rest->setSingleShot(true);
    m_rest->setInterval(kRestMs);

    auto* row = new QHBoxLayout;
    row->addWidget(m_tabs);
    row->addStretch(1);
    row->addWidget(m_colour);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(row);
    column->addWidget(m_text, 1);
    column->addWidget(m_preview, 1);

    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        if (!m_filling) m_rest->start();
    });
    connect(m_rest, &QTimer::timeout, this, [this] { changed(); });
    connect(m_colour, &QComboBox::activated, this, [this] { changed(); });
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) { showPreview(tab == 1); });
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        for (int i = 0; i < m_colour->count(); ++i) m_colour->setItemIcon(i, noteColourIcon(kNoteColours[static_cast<std::size_t>(i)]));
    });
}

void NoteEditor::setNote(const std::string& text, notes::NoteColour colour) {
    m_filling = true;
    m_rest->stop();
    const auto shown = QString::fromStdString(text);
    if (m_text->toPlainText() != shown) m_text->setPlainText(shown);
    m_colour->setCurrentIndex(m_colour->findData(static_cast<int>(colour)));
    m_filling = false;
    if (m_tabs->currentIndex() == 1) showPreview(true);
}

std::string NoteEditor::text() const { return m_text->toPlainText().toStdString(); }
notes::NoteColour NoteEditor::colour() const { return static_cast<notes::NoteColour>(m_colour->currentData().toInt()); }

void NoteEditor::focusText() {
    m_tabs->setCurrentIndex(0);
    m_text->setFocus();
    m_text->moveCursor(QTextCursor::End);
}

void NoteEditor::flush() {
    if (m_rest->isActive()) changed();
}

void NoteEditor::changed() {
    m_rest->stop();
    emit edited();
}

void NoteEditor::showPreview(bool on) {
    if (on) m_preview->setHtml(QString::fromStdString(report::markdownToHtml(text())));
    m_text->setVisible(!on);
    m_preview->setVisible(on);
}

bool NoteEditor::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_text && event->type() == QEvent::FocusOut) flush();
    return QWidget::eventFilter(watched, event);
}

}  // namespace spanreel::views
