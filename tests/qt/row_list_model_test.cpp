// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <numeric>
#include <random>

#include "views/row_list_model.h"

namespace spanreel {

using namespace views;

namespace {

/// Shows its ids.
class IdModel final : public RowListModel {
public:
    int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : 2; }
    QVariant data(const QModelIndex& cell, int role) const override { return cell.isValid() && role == Qt::DisplayRole ? QVariant(id(cell.row())) : QVariant(); }
    [[nodiscard]] std::uint32_t id(int row) const { return at(row); }
    [[nodiscard]] RowList ids() const {
        RowList out;
        for (int row = 0; row < rowCount(); ++row) out.push_back(at(row));
        return out;
    }
    [[nodiscard]] const RowListPtr& shown() const { return list(); }
    RowChanges take(RowList next) {
        const auto isIn = [](const RowList& list, std::uint32_t id) { return std::ranges::find(list, id) != list.end(); };
        auto changes = rowChanges(*list(), next, [&](std::uint32_t old, std::uint32_t now) { return !isIn(next, old) ? -1 : !isIn(*list(), now) ? 1 : 0; });
        apply(std::make_shared<const RowList>(std::move(next)), changes);
        return changes;
    }
    void apply(const RowListPtr& next, const RowChanges& changes) {
        change(next, changes, [&] { m_next = next; });
    }

private:
    [[nodiscard]] int rowOf(std::uint32_t id) const override {
        const auto it = std::ranges::find(*m_next, id);
        return it == m_next->end() ? -1 : static_cast<int>(it - m_next->begin());
    }
    RowListPtr m_next;
};

RowList upTo(std::uint32_t count) {
    RowList out(count);
    std::iota(out.begin(), out.end(), 0u);
    return out;
}

}  // namespace

/// Lists of rows that become others: what is told on the way is true at every step, and rows keep their indexes.
class RowListModelTest : public QObject {
    Q_OBJECT
private slots:
    void everyStepIsAsTold() {
        std::mt19937 random(7);
        IdModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        RowList told;  // kept by the signals alone
        connect(&model, &QAbstractItemModel::rowsRemoved, this, [&](const QModelIndex&, int first, int last) {
            told.erase(told.begin() + first, told.begin() + last + 1);
            QCOMPARE(model.ids(), told);
        });
        connect(&model, &QAbstractItemModel::rowsInserted, this, [&](const QModelIndex&, int first, int last) {
            for (int row = first; row <= last; ++row) told.insert(told.begin() + row, model.id(row));
            QCOMPARE(model.ids(), told);
        });
        connect(&model, &QAbstractItemModel::layoutChanged, this, [&] { told = model.ids(); });
        int inRanges = 0;
        for (int round = 0; round < 300; ++round) {
            RowList next;
            const auto keep = random() % 101;
            for (std::uint32_t id = 0; id < 60; ++id)
                if (random() % 100 < keep) next.push_back(id);
            if (round % 7 == 6) std::ranges::shuffle(next, random);
            std::vector<std::pair<QPersistentModelIndex, std::uint32_t>> held;
            for (int row = 0; row < model.rowCount(); ++row) held.emplace_back(model.index(row, row % 2), model.id(row));
            inRanges += !model.take(next).relaid;
            QCOMPARE(model.ids(), next);
            QCOMPARE(told, next);
            for (const auto& [index, id] : held) {
                const auto it = std::ranges::find(next, id);
                QCOMPARE(index.row(), it == next.end() ? -1 : static_cast<int>(it - next.begin()));
            }
        }
        QVERIFY(inRanges > 100 && inRanges < 280);
    }

    void listsAreTakenAsTheyCame() {
        IdModel model;
        model.take(upTo(5));
        const auto next = std::make_shared<const RowList>(upTo(9));
        model.apply(next, {.inserted = {{5, 8}}});
        QCOMPARE(model.shown().get(), next.get());
        QCOMPARE(next.use_count(), 3L);  // here, in the model, in the test's own
    }

    void whatWouldMoveTooMuchIsRelaid() {
        const auto all = upTo(3'000'000);
        const auto order = [](std::uint32_t old, std::uint32_t now) { return old < now ? -1 : 1; };
        const auto without = [&](std::initializer_list<std::uint32_t> gone) {
            RowList out;
            for (const auto id : all)
                if (std::ranges::find(gone, id) == gone.end()) out.push_back(id);
            return out;
        };
        QCOMPARE(rowChanges(without({0, 1, 2}), all, order).inserted.size(), std::size_t(1));
        QVERIFY(rowChanges(without({0, 9}), all, order).relaid);
        QVERIFY(rowChanges(all, without({0, 9}), order).relaid);
        // Near the end there is little behind the rows.
        const auto few = rowChanges(without({2'900'000, 2'950'000, 2'999'999}), all, order);
        QVERIFY(!few.relaid);
        QCOMPARE(few.inserted.size(), std::size_t(3));
        RowList even;
        for (std::uint32_t id = 0; id < 1000; id += 2) even.push_back(id);
        QVERIFY(rowChanges(upTo(1000), even, order).relaid);
    }
};

}  // namespace spanreel

QTEST_GUILESS_MAIN(spanreel::RowListModelTest)
#include "row_list_model_test.moc"
