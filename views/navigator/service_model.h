// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <vector>

#include "model/store/snapshot.h"

namespace spanreel::views {

class ViewContext;

/// The services of the session by name, with their counts; ticked = shown. New services are inserted where they belong.
/// GUI thread; O(services) a refresh.
class ServiceModel final : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { NameRole = Qt::UserRole, SpansRole, ErrorsRole };

    explicit ServiceModel(ViewContext& context, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

    void refresh();
    [[nodiscard]] QString nameAt(int row) const;
    [[nodiscard]] int hiddenCount() const;

private:
    struct Row {
        std::string name;
        std::uint64_t spans = 0, errors = 0, logs = 0;
        bool operator==(const Row&) const = default;
    };
    ViewContext& m_context;
    std::vector<Row> m_rows;
};

}  // namespace spanreel::views
