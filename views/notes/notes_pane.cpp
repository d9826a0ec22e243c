// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/notes/notes_pane.h"

#include <QAction>
#include <QComboBox>
#include <QDateTime>
#include <QDialog>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSplitter>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <vector>

#include "model/notes/note_targets.h"
#include "views/context.h"
#include "views/notes/note_editor.h"
#include "views/notes/note_list_model.h"
#include "views/notes/note_text.h"
#include "views/theme.h"

namespace spanreel::views {

namespace {
std::uint64_t nowNs() { return static_cast<std::uint64_t>(QDateTime::currentMSecsSinceEpoch()) * 1'000'000u; }

/// Rows as wide as the list: long texts are elided, never scrolled sideways.
class NarrowDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override { return {40, QStyledItemDelegate::sizeHint(option, index).height()}; }
};

/// Shows what a note is on: selects its trace, span, range or log.
void goTo(ViewContext& context, const notes::Note& note) {
    if (note.logHash && context.trace() && context.trace()->id() == note.trace)
        if (const auto row = notes::findLog(*context.trace(), note)) {
            context.selectLog(*row);
            return;
        }
    if (note.span)
        context.selectSpan(note.trace, *note.span);
    else
        context.selectTrace(note.trace);
    if (note.range) context.selectRange(note.range);
}
}  // namespace

struct NotesPane::Private {
    ViewContext& ctx;
    NotesPane& pane;
    NoteListModel* model = nullptr;
    QListView* list = nullptr;
    NoteEditor* editor = nullptr;
    QLabel* target = nullptr;
    QLabel* count = nullptr;
    QLabel* empty = nullptr;
    QWidget* editorBox = nullptr;
    QSplitter* splitter = nullptr;
    QAction *add = nullptr, *remove = nullptr, *undo = nullptr, *redo = nullptr;
    std::string shown;  ///< id of the note in the editor
    bool writing = false;

    Private(ViewContext& c, NotesPane& p) : ctx(c), pane(p) {}

    QAction* makeAction(const char* name, const char* icon, const QString& text) {
        auto* action = new QAction(Theme::instance().icon(icon), text, &pane);
        action->setObjectName(QLatin1String(name));
        return action;
    }
    QToolButton* makeButton(QAction* action) {
        auto* button = new QToolButton(&pane);
        button->setObjectName(action->objectName() + QStringLiteral("Button"));
        button->setDefaultAction(action);
        button->setAutoRaise(true);
        button->setIconSize({16, 16});
        button->setAccessibleName(action->text());
        return button;
    }

    void build() {
        add = makeAction("noteAdd", "plus", NotesPane::tr("Add note"));
        remove = makeAction("noteDelete", "trash", NotesPane::tr("Delete note"));
        undo = makeAction("noteUndo", "undo", NotesPane::tr("Undo note change"));
        redo = makeAction("noteRedo", "redo", NotesPane::tr("Redo note change"));
        model = new NoteListModel(ctx, &pane);
        list = new QListView(&pane);
        list->setObjectName(QStringLiteral("notesList"));
        list->setAccessibleName(NotesPane::tr("Notes in time order"));
        list->setModel(model);
        list->setSelectionMode(QAbstractItemView::SingleSelection);
        list->setFrameShape(QFrame::NoFrame);
        list->setTextElideMode(Qt::ElideRight);
        list->setWordWrap(false);
        list->setSpacing(2);
        list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        list->setItemDelegate(new NarrowDelegate(list));
        remove->setShortcut(QKeySequence(Qt::Key_Delete));
        remove->setShortcutContext(Qt::WidgetShortcut);
        list->addAction(remove);
        editor = new NoteEditor(&pane);
        target = new QLabel(&pane);
        target->setObjectName(QStringLiteral("noteTarget"));
        target->setTextFormat(Qt::PlainText);
        target->setWordWrap(true);
        count = new QLabel(&pane);
        count->setObjectName(QStringLiteral("notesCount"));
        count->setTextFormat(Qt::PlainText);
        empty = new QLabel(NotesPane::tr("No notes yet. Select a trace, a span, a log of a trace or a time range, and press Ctrl+M or “Add note”."), &pane);
        empty->setObjectName(QStringLiteral("notesEmpty"));
        empty->setWordWrap(true);
        empty->setAlignment(Qt::AlignTop | Qt::AlignLeft);
        empty->setForegroundRole(QPalette::PlaceholderText);
        auto* bar = new QHBoxLayout;
        bar->setSpacing(2);
        bar->addWidget(makeButton(add));
        bar->addWidget(makeButton(remove));
        bar->addWidget(makeButton(undo));
        bar->addWidget(makeButton(redo));
        bar->addStretch(1);
        bar->addWidget(count);
        editorBox = new QWidget(&pane);
        auto* box = new QVBoxLayout(editorBox);
        box->setContentsMargins(0, 4, 0, 0);
        box->addWidget(target);
        box->addWidget(editor, 1);
        splitter = new QSplitter(Qt::Vertical, &pane);
        splitter->setObjectName(QStringLiteral("notesSplitter"));
        splitter->setChildrenCollapsible(false);
        splitter->addWidget(list);
        splitter->addWidget(editorBox);
        splitter->setStretchFactor(0, 3);
        splitter->setStretchFactor(1, 2);
        auto* column = new QVBoxLayout(&pane);
        column->setContentsMargins(8, 4, 8, 8);
        column->setSpacing(4);
        column->addLayout(bar);
        column->addWidget(empty, 1);
        column->addWidget(splitter, 1);
    }

    void wire() {
        QObject::connect(add, &QAction::triggered, &pane, [this] { addNoteFor(ctx, &pane, ctx.selection()); });
        QObject::connect(remove, &QAction::triggered, &pane, [this] {
            const auto id = shown;
            shown.clear();  // nothing of it may be written back
            ctx.editNotes([&](notes::NoteBook& book) { book.remove(id); });
        });
        QObject::connect(undo, &QAction::triggered, &pane, [this] {
            editor->flush();
            ctx.editNotes([](notes::NoteBook& book) { book.undo(); });
        });
        QObject::connect(redo, &QAction::triggered, &pane, [this] { ctx.editNotes([](notes::NoteBook& book) { book.redo(); }); });
        QObject::connect(list->selectionModel(), &QItemSelectionModel::currentChanged, &pane, [this](const QModelIndex& index) { showNote(index.row()); });
        const auto go = [this](const QModelIndex& index) {
            if (const auto* note = model->note(index.row())) {
                const notes::Note copy = *note;
                goTo(ctx, copy);
            }
        };
        QObject::connect(list, &QListView::clicked, &pane, go);
        QObject::connect(list, &QListView::activated, &pane, [this, go](const QModelIndex& index) {
            go(index);
            if (ctx.selection().trace) ctx.requestOpenTrace(*ctx.selection().trace);
        });
        QObject::connect(editor, &NoteEditor::edited, &pane, [this] { write(); });
        QObject::connect(&ctx, &ViewContext::notesChanged, &pane, [this] { refresh(); });
        QObject::connect(&ctx, &ViewContext::traceChanged, &pane, [this] { refresh(); });
        QObject::connect(&ctx, &ViewContext::selectionChanged, &pane, [this] { add->setEnabled(ctx.selection().trace.has_value()); });
        QObject::connect(&Theme::instance(), &Theme::changed, &pane, [this] { list->viewport()->update(); });
    }

    void write() {
        const auto* known = ctx.notes().find(shown);
        if (!known) return;
        notes::Note note = *known;
        note.text = editor->text();
        note.colour = editor->colour();
        if (note == *known) return;
        note.changedNs = nowNs();
        writing = true;
        ctx.editNotes([&](notes::NoteBook& book) { book.update(note); });
        writing = false;
    }

    void showNote(int row) {
        const auto* note = model->note(row);
        if (note && note->id != shown && !shown.empty()) editor->flush();
        note = model->note(row);  // the flush may have changed the book
        editorBox->setVisible(note != nullptr);
        remove->setEnabled(note != nullptr);
        if (!note) {
            shown.clear();
            return;
        }
        shown = note->id;
        target->setText(NotesPane::tr("On %1").arg(noteTarget(*note, ctx.trace().get())));
        if (!writing) editor->setNote(note->text, note->colour);
    }

    void refresh() {
        model->refresh();
        const int all = model->rowCount();
        int here = 0;
        for (const auto& note : ctx.notes().notes()) here += ctx.selection().trace == note.trace;
        count->setText(all == 0 ? QString() : NotesPane::tr("%1 of %2 on this trace").arg(here).arg(all));
        empty->setVisible(all == 0);
        splitter->setVisible(all != 0);
        undo->setEnabled(ctx.notes().canUndo());
        redo->setEnabled(ctx.notes().canRedo());
        add->setEnabled(ctx.selection().trace.has_value());
        if (!list->currentIndex().isValid() && all > 0 && !shown.empty()) list->setCurrentIndex(model->index(std::max(0, model->rowOf(QString::fromStdString(shown)))));
        showNote(list->currentIndex().isValid() ? list->currentIndex().row() : -1);
    }
};

NotesPane::NotesPane(ViewContext& context, QWidget* parent) : QWidget(parent), m_p(std::make_unique<Private>(context, *this)) {
    setObjectName(QStringLiteral("notesPane"));
    setAccessibleName(tr("Notes"));
    m_p->build();
    m_p->wire();
    m_p->refresh();
}
NotesPane::~NotesPane() = default;

void NotesPane::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const auto wanted = width() > height() * 4 / 3 ? Qt::Horizontal : Qt::Vertical;
    if (m_p->splitter->orientation() != wanted) m_p->splitter->setOrientation(wanted);
}

QAction* NotesPane::addAction() const { return m_p->add; }
QAction* NotesPane::undoAction() const { return m_p->undo; }
QAction* NotesPane::redoAction() const { return m_p->redo; }

void NotesPane::editNote(const QString& id) {
    const int row = m_p->model->rowOf(id);
    if (row < 0) return;
    m_p->list->setCurrentIndex(m_p->model->index(row));
    m_p->editor->focusText();
}

void addNoteFor(ViewContext& context, QWidget* parent, const Selection& selection) {
    auto note = noteOn(selection, *context.snapshot());
    if (!note) return;
    auto* dialog = new QDialog(parent ? parent->window() : nullptr);
    dialog->setObjectName(QStringLiteral("addNoteDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowModality(Qt::WindowModal);
    dialog->setWindowTitle(NotesPane::tr("Add note"));
    // What the note may be on, the nearest first: the log, the span, the range, the trace.
    std::vector<notes::Note> choices{*note};
    auto* target = new QComboBox(dialog);
    target->setObjectName(QStringLiteral("addNoteTarget"));
    target->setAccessibleName(NotesPane::tr("What the note is on"));
    target->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    target->setMinimumContentsLength(20);
    const auto alone = [&](const Selection& part) {
        auto other = noteOn(part, *context.snapshot());
        if (!other) return;
        const bool known = std::any_of(choices.begin(), choices.end(), [&](const notes::Note& n) { return n.logHash == other->logHash && n.span == other->span && n.range == other->range; });
        if (!known) choices.push_back(std::move(*other));
    };
    if (selection.span) alone({.trace = selection.trace, .span = selection.span});
    if (selection.range) alone({.trace = selection.trace, .range = selection.range});
    alone({.trace = selection.trace});
    for (const auto& choice : choices) target->addItem(NotesPane::tr("On %1").arg(noteTarget(choice, context.trace().get())));
    auto* editor = new NoteEditor(dialog);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, dialog);
    auto* save = buttons->addButton(NotesPane::tr("Add note"), QDialogButtonBox::AcceptRole);
    save->setObjectName(QStringLiteral("addNoteSave"));
    save->setDefault(true);
    save->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return));
    save->setToolTip(NotesPane::tr("Ctrl+Return"));
    auto* column = new QVBoxLayout(dialog);
    column->addWidget(target);
    column->addWidget(editor, 1);
    column->addWidget(buttons);
    dialog->resize(460, 300);
    QObject::connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    QObject::connect(dialog, &QDialog::accepted, &context, [&context, editor, target, choices]() {
        auto made = choices[static_cast<std::size_t>(std::max(0, target->currentIndex()))];
        made.text = editor->text();
        made.colour = editor->colour();
        context.editNotes([&](notes::NoteBook& book) { book.add(made); });
    });
    dialog->open();
    editor->setNote({}, note->colour);
    editor->focusText();
}

}  // namespace spanreel::views
