// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/import_summary.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStyledItemDelegate>
#include <QTextDocument>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "app/problem_text.h"
#include "model/core/time_format.h"
#include "views/context.h"
#include "views/theme.h"
#include "views/widgets/text_format.h"

namespace spanreel::app {

namespace {
enum Column { kWhat, kRead, kKept, kWarned, kSkipped, kFormat, kColumns };
/// How bad a cell's text is; it has the theme's colour for that, whatever the theme is when it is painted.
constexpr int kTintRole = Qt::UserRole + 1;
enum Tint { kPlain, kWarning, kError };

class TintedCells : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        const auto& colours = views::Theme::instance().colours();
        const int tint = index.data(kTintRole).toInt();
        if (tint != kPlain) option->palette.setColor(QPalette::Text, tint == kError ? colours.error : colours.warning);
    }
};

QString count(std::uint64_t n) { return QString::fromStdString(formatCount(n)); }

QString placeText(const Place& place) {
    if (place.line >= 0) return ImportSummary::tr("line %1").arg(count(static_cast<std::uint64_t>(place.line)));
    if (place.byte >= 0) return ImportSummary::tr("byte %1").arg(count(static_cast<std::uint64_t>(place.byte)));
    return {};
}
}  // namespace

ImportSummary::ImportSummary(views::ViewContext& context, QWidget* parent) : QDialog(parent), m_context(context), m_total(new QLabel(this)), m_tree(new QTreeWidget(this)) {
    setObjectName(QStringLiteral("importSummary"));
    setWindowTitle(tr("Import summary"));
    setModal(false);
    resize(820, 440);
    m_total->setObjectName(QStringLiteral("importSummaryTotal"));
    m_total->setTextFormat(Qt::PlainText);
    m_total->setWordWrap(true);
    m_tree->setObjectName(QStringLiteral("importSummaryTree"));
    m_tree->setAccessibleName(tr("Inputs and their problems"));
    m_tree->setItemDelegate(new TintedCells(m_tree));
    m_tree->setColumnCount(kColumns);
    m_tree->setHeaderLabels({tr("Input and problems"), tr("Read"), tr("Kept"), tr("Warned"), tr("Skipped"), tr("Format")});
    for (int i = kRead; i <= kSkipped; ++i) m_tree->headerItem()->setTextAlignment(i, Qt::AlignRight | Qt::AlignVCenter);
    m_tree->setUniformRowHeights(true);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->setTextElideMode(Qt::ElideRight);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    auto* copy = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
    copy->setObjectName(QStringLiteral("importSummaryCopy"));
    copy->setIcon(views::Theme::instance().icon("copy"));
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(text()); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::close);
    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_total);
    layout->addWidget(m_tree, 1);
    layout->addWidget(buttons);
}

void ImportSummary::present(std::optional<store::SourceId> source, Keyboard keyboard) {
    fill(source);
    setAttribute(Qt::WA_ShowWithoutActivating, keyboard == Keyboard::Leave);
    show();
    raise();
}

void ImportSummary::fill(std::optional<store::SourceId> wanted) {
    m_tree->clear();
    store::ImportReport all;
    int files = 0;
    for (const auto& source : m_context.snapshot()->sources()) {
        if (source.kind == store::SourceKind::Receiver) continue;
        ++files;
        const auto& r = source.report;
        all.kept += r.kept;
        all.skipped += r.skipped;
        all.warned += r.warned;
        auto* item = new QTreeWidgetItem(m_tree);
        const QString path = views::plain(source.name);
        item->setText(kWhat, views::sourceTitle(source, m_context.sessionNames()));
        item->setToolTip(kWhat, Qt::convertFromPlainText(path));
        item->setData(kWhat, Qt::UserRole, path);
        item->setText(kRead, count(r.read()));
        item->setText(kKept, count(r.kept));
        item->setText(kWarned, count(r.warned));
        item->setText(kSkipped, count(r.skipped));
        item->setText(kFormat, QString::fromStdString(r.format));
        for (int i = kRead; i <= kSkipped; ++i) item->setTextAlignment(i, Qt::AlignRight | Qt::AlignVCenter);
        if (r.skipped) item->setData(kSkipped, kTintRole, kError);
        if (r.warned) item->setData(kWarned, kTintRole, kWarning);
        std::map<ProblemCode, std::uint64_t> listed;
        for (const auto& entry : r.entries()) {
            ++listed[entry.problem.code];
            auto* line = new QTreeWidgetItem(item);
            const QString place = placeText(entry.problem.place);
            const QString sentence = QString::fromStdString(problemText(entry.problem));
            const QString full = place.isEmpty() ? sentence : tr("%1: %2", "place: problem").arg(place, sentence);
            line->setText(kWhat, full);
            for (int column = 0; column < kColumns; ++column) line->setToolTip(column, Qt::convertFromPlainText(full, Qt::WhiteSpaceNormal));  // it spans them
            line->setFirstColumnSpanned(true);
            line->setData(kWhat, kTintRole, entry.lost ? kError : kWarning);
            line->setIcon(kWhat, views::Theme::instance().icon(entry.lost ? "error" : "warning"));
        }
        for (const auto& remark : r.remarks()) {
            auto* line = new QTreeWidgetItem(item);
            const QString place = placeText(remark.place), sentence = QString::fromStdString(problemText(remark));
            const QString full = place.isEmpty() ? sentence : tr("%1: %2", "place: problem").arg(place, sentence);
            line->setText(kWhat, full);
            for (int column = 0; column < kColumns; ++column) line->setToolTip(column, Qt::convertFromPlainText(full, Qt::WhiteSpaceNormal));  // it spans them
            line->setFirstColumnSpanned(true);
            line->setIcon(kWhat, views::Theme::instance().icon("info"));
        }
        for (const auto& [code, shown] : listed) {
            const auto total = r.count(code);
            if (total <= shown) continue;
            auto* line = new QTreeWidgetItem(item);
            line->setText(kWhat, tr("%1 more: %2").arg(count(total - shown), QString::fromStdString(problemText({code, {}, {}}))));
            line->setFirstColumnSpanned(true);
        }
        if (r.clean() && r.remarks().empty()) {
            auto* line = new QTreeWidgetItem(item);
            line->setText(kWhat, tr("No problems"));
            line->setFirstColumnSpanned(true);
        }
        item->setExpanded(!r.clean() || !r.remarks().empty() || wanted == source.id);
        if (wanted == source.id) m_tree->setCurrentItem(item);
    }
    m_tree->header()->setSectionResizeMode(kWhat, QHeaderView::Stretch);
    m_tree->header()->setStretchLastSection(false);
    for (int i = kRead; i < kColumns; ++i) m_tree->header()->setSectionResizeMode(i, QHeaderView::ResizeToContents);
    m_total->setText(tr("%n inputs. Records: %1 read = %2 kept + %3 skipped; %4 of the kept with a warning.", nullptr, files)
                         .arg(count(all.read()), count(all.kept), count(all.skipped), count(all.warned)));
}

QString ImportSummary::text() const {
    QStringList lines{m_total->text()};
    for (int i = 0; i < m_tree->topLevelItemCount(); ++i) {
        const auto* item = m_tree->topLevelItem(i);
        lines << QString() << item->data(kWhat, Qt::UserRole).toString()
              << tr("read %1, kept %2, warned %3, skipped %4, format %5").arg(item->text(kRead), item->text(kKept), item->text(kWarned), item->text(kSkipped), item->text(kFormat));
        for (int k = 0; k < item->childCount(); ++k) lines << QStringLiteral("  ") + item->child(k)->text(kWhat);
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

}  // namespace spanreel::app
