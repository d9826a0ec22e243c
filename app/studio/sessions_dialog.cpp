// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/sessions_dialog.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <QShortcut>
#include <QStyledItemDelegate>
#include <QTextDocument>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "app/studio/sessions_desk.h"
#include "model/core/time_format.h"
#include "views/widgets/text_format.h"

namespace spanreel::app {

using journal::SessionEntry;

namespace {

enum Column { Name, Date, Size, Spans, Logs, StateColumn, Pinned, Columns };

/// Says of a session without a name that it has none, which is not what an editor of the name then begins with.
class NameCells : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        if (index.column() != Name || !option->text.isEmpty()) return;
        option->text = SessionsDialog::tr("not named");
        option->palette.setColor(QPalette::Text, option->palette.color(QPalette::PlaceholderText));
        option->palette.setColor(QPalette::HighlightedText, option->palette.color(QPalette::PlaceholderText));
    }
};

}  // namespace

SessionsDialog::SessionsDialog(SessionsDesk& desk, QString own, QWidget* parent)
    : QDialog(parent), m_desk(desk), m_own(std::move(own)), m_summary(new QLabel(this)), m_list(new QTreeWidget(this)) {
    setObjectName(QStringLiteral("sessionsDialog"));
    setWindowTitle(tr("Sessions"));
    resize(860, 420);
    m_summary->setObjectName(QStringLiteral("sessionsSummary"));
    m_summary->setTextFormat(Qt::PlainText);
    m_summary->setWordWrap(true);
    m_list->setObjectName(QStringLiteral("sessionsList"));
    m_list->setAccessibleName(tr("Sessions on disk"));
    m_list->setColumnCount(Columns);
    m_list->setHeaderLabels({tr("Name"), tr("Began"), tr("Size"), tr("Spans"), tr("Logs"), tr("State"), tr("Kept")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);  // names only, see Rename
    m_list->setItemDelegate(new NameCells(m_list));
    m_list->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_list->header()->setSectionResizeMode(Name, QHeaderView::Stretch);
    m_list->header()->setStretchLastSection(false);
    for (const int column : {Size, Spans, Logs}) m_list->headerItem()->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    const auto add = [&](const QString& text, const char* name, QDialogButtonBox::ButtonRole role) {
        auto* button = buttons->addButton(text, role);
        button->setObjectName(QLatin1String(name));
        return button;
    };
    m_open = add(tr("&Open"), "sessionOpen", QDialogButtonBox::ActionRole);
    m_rename = add(tr("Re&name"), "sessionRename", QDialogButtonBox::ActionRole);
    m_pin = add(tr("&Pin"), "sessionPin", QDialogButtonBox::ActionRole);
    m_remove = add(tr("&Remove\u2026"), "sessionRemove", QDialogButtonBox::DestructiveRole);
    m_open->setDefault(true);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    const auto openChosen = [this] {
        for (const auto& session : chosen()) m_desk.open(session);
        accept();
    };
    connect(m_open, &QPushButton::clicked, this, openChosen);
    connect(m_list, &QTreeWidget::itemDoubleClicked, this, [this, openChosen] {
        if (m_open->isEnabled()) openChosen();
    });
    connect(m_rename, &QPushButton::clicked, this, &SessionsDialog::rename);
    connect(new QShortcut(Qt::Key_F2, m_list, nullptr, nullptr, Qt::WidgetShortcut), &QShortcut::activated, this, &SessionsDialog::rename);
    connect(new QShortcut(QKeySequence::Delete, m_list, nullptr, nullptr, Qt::WidgetShortcut), &QShortcut::activated, this, [this] {
        if (m_remove->isEnabled()) askRemoval();
    });
    connect(m_pin, &QPushButton::clicked, this, [this] {
        const auto sessions = chosen();
        const bool pinned = std::ranges::all_of(sessions, &SessionEntry::pinned);
        for (const auto& session : sessions) m_desk.pin(session, !pinned);
    });
    connect(m_remove, &QPushButton::clicked, this, &SessionsDialog::askRemoval);
    connect(m_list, &QTreeWidget::itemSelectionChanged, this, [this] {
        if (m_filling) return;
        m_chosen = true;
        enable();
    });
    connect(m_list, &QTreeWidget::itemChanged, this, [this](QTreeWidgetItem* item, int column) {
        if (m_filling || column != Name) return;
        const auto id = item->data(Name, Qt::UserRole).toString().toStdString();
        for (const auto& session : m_desk.sessions())
            if (session.id == id) return m_desk.rename(session, item->text(Name));
    });
    connect(&desk, &SessionsDesk::changed, this, &SessionsDialog::fill);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_summary);
    layout->addWidget(m_list, 1);
    layout->addWidget(buttons);
    fill();
}

QString SessionsDialog::stateText(const SessionEntry& session) const {
    if (QString::fromStdString(session.folder) == m_own) return tr("this window");
    switch (session.state) {
        case SessionEntry::State::Open: return tr("open elsewhere");
        case SessionEntry::State::Ended: return tr("ended");
        case SessionEntry::State::CutOff: return tr("was cut off");
    }
    return {};
}

void SessionsDialog::fill() {
    m_filling = true;
    QStringList selected;
    for (auto* item : m_list->selectedItems()) selected << item->data(Name, Qt::UserRole).toString();
    if (!m_chosen) selected.clear();
    const QString current = m_chosen && m_list->currentItem() ? m_list->currentItem()->data(Name, Qt::UserRole).toString() : QString();
    QTreeWidgetItem *currentItem = nullptr, *newest = nullptr;
    m_list->clear();
    std::uint64_t bytes = 0;
    for (const auto& session : m_desk.sessions()) {
        bytes += session.bytes;
        auto* item = new QTreeWidgetItem(m_list);
        const QString id = QString::fromStdString(session.id);
        item->setFlags(item->flags() | Qt::ItemIsEditable);
        item->setData(Name, Qt::UserRole, id);
        item->setText(Name, QString::fromStdString(session.name));
        item->setText(Date, SessionsDesk::beganText(session));
        item->setText(Size, QLocale().formattedDataSize(static_cast<qint64>(session.bytes)));
        item->setText(Spans, QString::fromStdString(formatCount(session.counts.spans)));
        item->setText(Logs, QString::fromStdString(formatCount(session.counts.logs)));
        item->setText(StateColumn, stateText(session));
        QStringList kept;
        if (session.pinned) kept << tr("pinned");
        if (session.noted) kept << tr("has notes");
        item->setText(Pinned, kept.join(QStringLiteral(", ")));
        for (const int column : {Size, Spans, Logs}) item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        item->setToolTip(Name, Qt::convertFromPlainText(QString::fromStdString(session.folder)));
        if (selected.contains(id)) item->setSelected(true);
        if (id == current) currentItem = item;
        if (!newest && session.state != SessionEntry::State::Open) newest = item;
    }
    if (!m_desk.looked()) m_summary->setText(tr("Looking for sessions\u2026"));
    else if (m_desk.sessions().empty()) m_summary->setText(tr("No session is kept. What programs send to a window becomes one."));
    else m_summary->setText(tr("%n sessions take %1.", nullptr, static_cast<int>(m_desk.sessions().size())).arg(QLocale().formattedDataSize(static_cast<qint64>(bytes))));
    // The keys go on from the selected row.
    if (m_list->selectedItems().isEmpty()) m_list->setCurrentItem(newest ? newest : m_list->topLevelItem(0));
    else m_list->setCurrentItem(currentItem && currentItem->isSelected() ? currentItem : m_list->selectedItems().front(), Name, QItemSelectionModel::NoUpdate);
    m_filling = false;
    enable();
}

std::vector<SessionEntry> SessionsDialog::chosen() const {
    std::vector<SessionEntry> out;
    for (const auto* item : m_list->selectedItems()) {
        const auto id = item->data(Name, Qt::UserRole).toString().toStdString();
        for (const auto& session : m_desk.sessions())
            if (session.id == id) out.push_back(session);
    }
    return out;
}

void SessionsDialog::enable() {
    const auto sessions = chosen();
    const bool any = !sessions.empty();
    const bool closed = std::ranges::all_of(sessions, [](const auto& s) { return s.state != SessionEntry::State::Open; });
    m_open->setEnabled(any && closed);
    m_remove->setEnabled(any && closed);
    m_rename->setEnabled(sessions.size() == 1);
    m_pin->setEnabled(any);
    m_pin->setText(any && std::ranges::all_of(sessions, &SessionEntry::pinned) ? tr("Un&pin") : tr("&Pin"));
}

void SessionsDialog::rename() {
    const auto items = m_list->selectedItems();
    if (items.size() == 1) m_list->editItem(items.front(), Name);
}

void SessionsDialog::askRemoval() {
    const auto sessions = chosen();
    if (sessions.empty()) return;
    std::uint64_t spans = 0;
    for (const auto& session : sessions) spans += session.counts.spans;
    auto* question = new QMessageBox(QMessageBox::Question, tr("Remove sessions"), {}, QMessageBox::Cancel, this);
    question->setObjectName(QStringLiteral("removeQuestion"));
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setTextFormat(Qt::PlainText);
    question->setText(sessions.size() == 1 ? tr("Remove the session %1?").arg(SessionsDesk::titleOf(sessions.front())) : tr("Remove %n sessions?", nullptr, static_cast<int>(sessions.size())));
    question->setInformativeText(views::grouped(tr("Its %n spans, its logs and its notes are deleted from the disk. That cannot be undone.", nullptr, static_cast<int>(spans)), spans));
    auto* yes = question->addButton(tr("Remove"), QMessageBox::DestructiveRole);
    yes->setObjectName(QStringLiteral("removeYes"));
    question->setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QAbstractButton::clicked, this, [this, sessions] { m_desk.remove(sessions); });
    question->open();
}

}  // namespace spanreel::app
