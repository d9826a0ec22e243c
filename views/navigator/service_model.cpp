// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/navigator/service_model.h"

#include <QTextDocument>
#include <algorithm>

#include "model/core/text.h"
#include "model/core/time_format.h"
#include "views/context.h"
#include "views/widgets/text_format.h"

namespace spanreel::views {

ServiceModel::ServiceModel(ViewContext& context, QObject* parent) : QAbstractListModel(parent), m_context(context) {
    connect(&context, &ViewContext::serviceFilterChanged, this, [this] {
        if (!m_rows.empty()) emit dataChanged(index(0), index(rowCount() - 1));
    });
}

int ServiceModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }

QString ServiceModel::nameAt(int row) const {
    return row >= 0 && row < rowCount() ? QString::fromStdString(m_rows[static_cast<std::size_t>(row)].name) : QString();
}

int ServiceModel::hiddenCount() const {
    return static_cast<int>(std::count_if(m_rows.begin(), m_rows.end(), [this](const Row& r) { return !m_context.serviceShown(r.name); }));
}

QVariant ServiceModel::data(const QModelIndex& at, int role) const {
    if (!at.isValid() || at.row() >= rowCount()) return {};
    const Row& row = m_rows[static_cast<std::size_t>(at.row())];
    const auto count = [](std::uint64_t n) { return QString::fromStdString(formatCount(n)); };
    switch (role) {
        case Qt::DisplayRole: return row.name.empty() ? tr("(no service name)") : plain(row.name);
        case NameRole: return QString::fromStdString(row.name);
        case SpansRole: return row.spans || !row.logs ? count(row.spans) : row.logs == 1 ? tr("1 log") : tr("%1 logs").arg(count(row.logs));
        case ErrorsRole: return row.errors ? count(row.errors) : QString();
        case Qt::CheckStateRole: return m_context.serviceShown(row.name) ? Qt::Checked : Qt::Unchecked;
        case Qt::ToolTipRole:
            return Qt::convertFromPlainText(tr("%1\n%2 spans, %3 with errors, %4 logs").arg(data(at, Qt::DisplayRole).toString(), count(row.spans), count(row.errors), count(row.logs)));
        case Qt::AccessibleTextRole:
            return tr("%1, %2 spans, %3 with errors").arg(data(at, Qt::DisplayRole).toString(), count(row.spans), count(row.errors));
        default: return {};
    }
}

bool ServiceModel::setData(const QModelIndex& at, const QVariant& value, int role) {
    if (!at.isValid() || role != Qt::CheckStateRole) return false;
    m_context.setServiceShown(nameAt(at.row()), value.toInt() == Qt::Checked);
    return true;
}

Qt::ItemFlags ServiceModel::flags(const QModelIndex& at) const {
    return at.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable | Qt::ItemNeverHasChildren : Qt::NoItemFlags;
}

void ServiceModel::refresh() {
    std::vector<Row> next;
    for (const auto& s : m_context.snapshot()->services())
        if (s.spans > 0 || s.logs > 0) next.push_back({std::string(s.name), s.spans, s.errors, s.logs});
    const auto before = [](const Row& a, const Row& b) {
        if (a.name.empty() != b.name.empty()) return b.name.empty();  // the nameless last
        const auto x = asciiLower(a.name), y = asciiLower(b.name);
        return x != y ? x < y : a.name < b.name;
    };
    std::sort(next.begin(), next.end(), before);
    if (!std::includes(next.begin(), next.end(), m_rows.begin(), m_rows.end(), before)) {
        beginResetModel();  // another session
        m_rows = std::move(next);
        endResetModel();
        return;
    }
    for (std::size_t i = 0; i < next.size(); ++i) {
        if (i < m_rows.size() && m_rows[i].name == next[i].name) continue;
        beginInsertRows({}, static_cast<int>(i), static_cast<int>(i));
        m_rows.insert(m_rows.begin() + static_cast<std::ptrdiff_t>(i), next[i]);
        endInsertRows();
    }
    for (std::size_t i = 0; i < next.size(); ++i) {
        if (m_rows[i] == next[i]) continue;
        m_rows[i] = next[i];
        emit dataChanged(index(static_cast<int>(i)), index(static_cast<int>(i)));
    }
}

}  // namespace spanreel::views
