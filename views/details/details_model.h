// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractItemModel>
#include <optional>
#include <stop_token>
#include <vector>

#include "model/trace/trace.h"

namespace spanreel::views {

/// A span that a link names, or that links here; looked up in the query pool.
struct LinkedSpan {
    TraceId trace;
    SpanId span;
    QString title;       ///< "service · name", empty where it is not in the session
    bool found = false;
};
struct LinkLookup {
    std::vector<LinkedSpan> links;      ///< in the span's order
    std::vector<LinkedSpan> backlinks;  ///< spans of the session that link to it
    std::uint64_t backlinksLeftOut = 0;
};
/// Finds both. O(spans of the session): for the query pool.
[[nodiscard]] LinkLookup lookUpLinks(const store::SnapshotPtr& snapshot, store::RowId spanRow, std::stop_token stop = {});

/// What the details show of a span or a log as a tree of sections, keys and values. Values stay in the store and become
/// text when a row is painted, so 10,000 attributes cost little. Rebuilt whole on another selection or filter; GUI thread.
class DetailsModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum Column { Key, Value, Type, ColumnCount };
    enum class Section : std::uint8_t { Marks, Timing, Identity, Contents, Services, Body, Attributes, Events, Links, Backlinks, Logs, Resource, Scope };
    enum class Target : std::uint8_t { None, Span, Log };

    explicit DetailsModel(QObject* parent = nullptr) : QAbstractItemModel(parent) {}

    void clear();
    void showSpan(trace::TracePtr trace, trace::NodeId node, bool utc);
    void showTrace(trace::TracePtr trace, bool utc);
    void showLog(store::SnapshotPtr snapshot, store::RowId row, bool utc);
    void setLinks(LinkLookup links);
    /// Keeps only rows whose key or value contains the text, ignoring case; counts in section titles say how many of how many.
    void setFilter(const QString& text);
    [[nodiscard]] const QString& filter() const { return m_filter; }
    [[nodiscard]] std::size_t shownRows() const { return m_shown; }

    [[nodiscard]] std::optional<Section> sectionOf(const QModelIndex& index) const;  ///< only for section rows
    [[nodiscard]] QModelIndex indexOf(Section section) const;
    [[nodiscard]] QString keyText(const QModelIndex& index) const;
    [[nodiscard]] QString wholeValue(const QModelIndex& index) const;  ///< without any cut
    /// Where a row leads: a span (link) or a log.
    [[nodiscard]] Target target(const QModelIndex& index) const;
    [[nodiscard]] bool isSentence(const QModelIndex& index) const;  ///< a key that has no value
    /// Whether this cell is the one that leads there: shown and pressed as a link.
    [[nodiscard]] bool isLink(const QModelIndex& index) const;
    [[nodiscard]] std::pair<TraceId, SpanId> targetSpan(const QModelIndex& index) const;
    [[nodiscard]] store::RowId targetLog(const QModelIndex& index) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const final;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const final;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const final;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const final;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const final;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const final;

private:
    static constexpr std::uint32_t kRoot = 0xFFFFFFFFu;
    /// Children of an item lie together: [firstChild, firstChild + childCount) in m_children.
    struct Item {
        std::uint32_t parent = kRoot;
        std::uint32_t row = 0;
        std::vector<std::uint32_t> children;
        QString key;
        QString text;            ///< value already as text (facts), else `value`
        store::Value value;
        bool isValue = false;
        bool isSection = false;
        bool warn = false;
        Section section = Section::Attributes;
        Target target = Target::None;
        TraceId trace;
        SpanId span;
        store::RowId log = store::kNoRow;
    };

    void rebuild();
    void buildSpan();
    void buildTrace();  ///< in details_trace.cpp
    void buildLog();
    std::uint32_t add(std::uint32_t parent, Item item);
    void addFact(std::uint32_t parent, const QString& key, const QString& text, bool warn = false);
    void addAttributes(std::uint32_t parent, const store::AttributesView& attributes);
    void addValueChildren(std::uint32_t item);
    std::uint32_t beginSection(Section section, const QString& title);
    void endSection(std::uint32_t item, std::size_t total);
    void addResourceAndScope(const store::ResourceView& resource, const store::ScopeView& scope);
    void prune();
    [[nodiscard]] const Item* itemAt(const QModelIndex& index) const;
    [[nodiscard]] static QString typeName(const store::Value& value);

    trace::TracePtr m_trace;
    trace::NodeId m_node = trace::kNoNode;
    store::SnapshotPtr m_snapshot;
    store::RowId m_log = store::kNoRow;
    bool m_utc = false;
    LinkLookup m_links;
    bool m_linksKnown = false;
    QString m_filter;
    std::vector<Item> m_items;
    std::vector<std::uint32_t> m_top;
    std::size_t m_shown = 0;
};

}  // namespace spanreel::views
