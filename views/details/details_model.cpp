// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/details/details_model.h"

#include <algorithm>

#include "model/core/text.h"
#include "model/core/time_format.h"
#include "model/otlp/value_walk.h"
#include "views/theme.h"
#include "views/timeline/span_words.h"

namespace spanreel::views {

namespace {

constexpr std::size_t kCellBytes = 600;       ///< of a value shown in a cell
constexpr std::size_t kMostItems = 200'000;   ///< rows of one selection, nested values included
constexpr std::uint32_t kMostNesting = 32;

QString count(std::uint64_t n) { return QString::fromStdString(formatCount(n)); }

QString severityInWords(std::int32_t severity, std::string_view text) {
    static constexpr const char* names[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
    QString out;
    if (severity >= 1 && severity <= 24) out = QLatin1String(names[(severity - 1) / 4]) + QStringLiteral(" (%1)").arg(severity);
    else out = DetailsModel::tr("unspecified");
    if (!text.empty() && !out.startsWith(plainLine(text, 60), Qt::CaseInsensitive)) out += QStringLiteral(" · ") + plainLine(text, 60);
    return out;
}

}  // namespace

void DetailsModel::clear() {
    m_trace.reset();
    m_snapshot.reset();
    m_node = trace::kNoNode;
    m_log = store::kNoRow;
    rebuild();
}

void DetailsModel::showSpan(trace::TracePtr trace, trace::NodeId node, bool utc) {
    m_trace = std::move(trace);
    m_node = node;
    m_log = store::kNoRow;
    m_snapshot = m_trace->snapshotPtr();
    m_utc = utc;
    m_links = {};
    m_linksKnown = false;
    rebuild();
}

void DetailsModel::showLog(store::SnapshotPtr snapshot, store::RowId row, bool utc) {
    m_trace.reset();
    m_node = trace::kNoNode;
    m_snapshot = std::move(snapshot);
    m_log = row;
    m_utc = utc;
    rebuild();
}

void DetailsModel::setLinks(LinkLookup links) {
    m_links = std::move(links);
    m_linksKnown = true;
    rebuild();
}

void DetailsModel::setFilter(const QString& text) {
    if (text == m_filter) return;
    m_filter = text;
    rebuild();
}

void DetailsModel::rebuild() {
    beginResetModel();
    m_items.clear();
    m_top.clear();
    m_shown = 0;
    if (m_trace && m_node != trace::kNoNode) buildSpan();
    else if (m_trace) buildTrace();
    else if (m_snapshot && m_log != store::kNoRow) buildLog();
    if (!m_filter.isEmpty()) prune();
    for (const auto& item : m_items) m_shown += item.isSection ? 0 : 1;
    endResetModel();
}

// Building -------------------------------------------------------------------------------------------------------------

std::uint32_t DetailsModel::add(std::uint32_t parent, Item item) {
    const auto index = static_cast<std::uint32_t>(m_items.size());
    auto& siblings = parent == kRoot ? m_top : m_items[parent].children;
    item.parent = parent;
    item.row = static_cast<std::uint32_t>(siblings.size());
    siblings.push_back(index);
    m_items.push_back(std::move(item));
    return index;
}

void DetailsModel::addFact(std::uint32_t parent, const QString& key, const QString& text, bool warn) {
    Item item;
    item.key = key;
    item.text = text;
    item.warn = warn;
    add(parent, std::move(item));
}

std::uint32_t DetailsModel::beginSection(Section section, const QString& title) {
    Item item;
    item.key = title;
    item.isSection = true;
    item.section = section;
    return add(kRoot, std::move(item));
}

void DetailsModel::endSection(std::uint32_t item, std::size_t total) { m_items[item].text = count(total); }

void DetailsModel::addAttributes(std::uint32_t parent, const store::AttributesView& attributes) {
    for (std::size_t i = 0; i < attributes.size(); ++i) {
        if (m_items.size() >= kMostItems) {
            addFact(parent, tr("%1 more").arg(count(attributes.size() - i)), tr("too many to list; the raw record holds them all"), true);
            return;
        }
        const auto attribute = attributes[i];
        Item item;
        item.key = plainLine(attribute.key, 500);
        item.value = attribute.value;
        item.isValue = true;
        const auto index = add(parent, std::move(item));
        if (attribute.value.type == store::ValueType::Array || attribute.value.type == store::ValueType::KvList) addValueChildren(index);
    }
}

void DetailsModel::addValueChildren(std::uint32_t root) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> open{{root, 0}};  // item, nesting
    while (!open.empty() && m_items.size() < kMostItems) {
        const auto [index, nesting] = open.back();
        open.pop_back();
        if (nesting >= kMostNesting) continue;
        const auto value = m_items[index].value;
        const auto child = [&](QString key, const store::Value& v) {
            if (m_items.size() >= kMostItems) return;
            Item item;
            item.key = std::move(key);
            item.value = v;
            item.isValue = true;
            const auto added = add(index, std::move(item));
            if (v.type == store::ValueType::Array || v.type == store::ValueType::KvList) open.emplace_back(added, nesting + 1);
        };
        if (value.type == store::ValueType::Array) {
            std::size_t i = 0;
            otlp::forEachArrayElement(value.text, [&](const store::Value& v) { child(QStringLiteral("[%1]").arg(i++), v); });
        } else if (value.type == store::ValueType::KvList) {
            otlp::forEachMapEntry(value.text, [&](const store::Attribute& a) { child(plainLine(a.key, 500), a.value); });
        }
    }
}

void DetailsModel::addResourceAndScope(const store::ResourceView& resource, const store::ScopeView& scope) {
    if (resource.id != store::kNone) {
        const auto section = beginSection(Section::Resource, tr("Resource"));
        addAttributes(section, resource.attributes);
        if (resource.droppedAttributes) addFact(section, tr("Dropped by the sender"), tr("%n attributes", nullptr, static_cast<int>(resource.droppedAttributes)), true);
        if (!resource.schemaUrl.empty()) addFact(section, tr("Schema URL"), plainLine(resource.schemaUrl));
        endSection(section, resource.attributes.size());
    }
    if (scope.id != store::kNone && (!scope.name.empty() || !scope.attributes.empty() || !scope.version.empty())) {
        const auto section = beginSection(Section::Scope, tr("Instrumentation"));
        addFact(section, tr("Name"), plainLine(scope.name));
        if (!scope.version.empty()) addFact(section, tr("Version"), plainLine(scope.version));
        addAttributes(section, scope.attributes);
        if (scope.droppedAttributes) addFact(section, tr("Dropped by the sender"), tr("%n attributes", nullptr, static_cast<int>(scope.droppedAttributes)), true);
        if (!scope.schemaUrl.empty()) addFact(section, tr("Schema URL"), plainLine(scope.schemaUrl));
        endSection(section, scope.attributes.size() + 1 + (scope.version.empty() ? 0 : 1));
    }
}

void DetailsModel::buildSpan() {
    const auto& node = m_trace->node(m_node);
    const auto span = m_trace->span(m_node);
    const auto duration = [](std::int64_t ns) { return exactDurationInWords(ns); };
    const auto whole = static_cast<double>(std::max<std::int64_t>(1, m_trace->durationNs()));
    const auto percent = [&](std::int64_t ns) { return tr("%L1 % of the trace").arg(100.0 * static_cast<double>(ns) / whole, 0, 'f', 1); };

    if (const auto marks = marksInWords(*m_trace, m_node); !marks.isEmpty()) {
        const auto section = beginSection(Section::Marks, tr("Worth knowing"));
        for (const auto& mark : marks) addFact(section, mark, {}, true);
        endSection(section, static_cast<std::size_t>(marks.size()));
    }

    const auto timing = beginSection(Section::Timing, tr("Timing"));
    addFact(timing, tr("Duration"), node.has(trace::kNoTime) ? tr("no usable time") : duration(node.durationNs) + QStringLiteral("  ·  ") + percent(node.durationNs));
    addFact(timing, tr("Self time"), duration(node.selfNs) + QStringLiteral("  ·  ") + percent(node.selfNs));
    if (!node.has(trace::kNoTime)) addFact(timing, tr("Starts at"), QStringLiteral("+") + duration(node.startNs));
    addFact(timing, tr("Start"), instantInWords(span.startNs(), m_utc));
    addFact(timing, tr("End"), instantInWords(span.endNs(), m_utc));
    addFact(timing, tr("Critical path"), node.criticalNs > 0 ? duration(node.criticalNs) + QStringLiteral("  ·  ") + percent(node.criticalNs) : tr("not on it"));

    const auto identity = beginSection(Section::Identity, tr("Identity"));
    const auto hex = [](const auto& id) { return QString::fromStdString(id.toHex()); };
    addFact(identity, tr("Span id"), hex(span.spanId()));
    if (span.parentId().isValid()) {
        Item parent;
        parent.key = tr("Parent id");
        parent.text = hex(span.parentId());
        if (node.parent != trace::kNoNode) {
            parent.text += QStringLiteral("  ·  ") + spanTitle(m_trace->span(node.parent));
            parent.target = Target::Span;
            parent.trace = m_trace->id();
            parent.span = span.parentId();
        }
        add(identity, std::move(parent));
    } else {
        addFact(identity, tr("Parent id"), tr("none, it is a root"));
    }
    addFact(identity, tr("Trace id"), hex(m_trace->id()));
    if (!span.originalSpanId().empty()) addFact(identity, tr("Span id as received"), plainLine(span.originalSpanId()));
    if (!span.originalParentId().empty()) addFact(identity, tr("Parent id as received"), plainLine(span.originalParentId()));
    if (!span.originalTraceId().empty()) addFact(identity, tr("Trace id as received"), plainLine(span.originalTraceId()));
    if (!span.traceState().empty()) addFact(identity, tr("Trace state"), plainLine(span.traceState(), 20000));
    if (span.flags() != 0) addFact(identity, tr("Flags"), QStringLiteral("0x%1").arg(span.flags(), 0, 16));
    addFact(identity, tr("Children"), node.childCount == 0 ? tr("none") : tr("%1, %2 spans below").arg(count(node.childCount), count(node.subtreeEnd - m_node - 1)));
    if (node.copies > 1) addFact(identity, tr("Copies"), count(node.copies));
    const auto& sources = m_snapshot->sources();
    if (const auto it = std::find_if(sources.begin(), sources.end(), [&](const auto& s) { return s.id == span.source(); }); it != sources.end()) addFact(identity, tr("Source"), plainLine(it->name));

    const auto attributes = beginSection(Section::Attributes, tr("Attributes"));
    addAttributes(attributes, span.attributes());
    if (span.attributes().empty()) addFact(attributes, tr("This span has no attributes."), {});
    if (span.droppedAttributes()) addFact(attributes, tr("Dropped by the sender"), tr("%n attributes", nullptr, static_cast<int>(span.droppedAttributes())), true);
    endSection(attributes, span.attributes().size());

    if (span.eventCount() > 0 || span.droppedEvents()) {
        const auto events = beginSection(Section::Events, tr("Events"));
        for (std::size_t i = 0; i < span.eventCount() && m_items.size() < kMostItems; ++i) {
            const auto event = span.event(i);
            Item item;
            item.key = isUsableTime(event.timeNs) ? QStringLiteral("+%1").arg(QString::fromStdString(formatDuration(saturatingDifference(event.timeNs, m_trace->startNs())))) : tr("no time");
            item.text = plainLine(event.name);
            if (const auto message = event.attributes.text("exception.message"); !message.empty()) item.text += QStringLiteral(": ") + plainLine(message, 300);
            const auto index = add(events, std::move(item));
            addFact(index, tr("Time"), instantInWords(event.timeNs, m_utc));
            addAttributes(index, event.attributes);
            if (event.droppedAttributes) addFact(index, tr("Dropped by the sender"), tr("%n attributes", nullptr, static_cast<int>(event.droppedAttributes)), true);
        }
        if (span.droppedEvents()) addFact(events, tr("Dropped by the sender"), tr("%n events", nullptr, static_cast<int>(span.droppedEvents())), true);
        endSection(events, span.eventCount());
    }

    const auto addLinked = [&](std::uint32_t section, const LinkedSpan& linked) {
        Item item;
        item.key = linked.found ? linked.title : hex(linked.span);
        item.text = linked.trace == m_trace->id() ? tr("in this trace") : linked.found ? tr("in trace %1").arg(hex(linked.trace)) : tr("not in this session: trace %1").arg(hex(linked.trace));
        if (linked.found) {
            item.target = Target::Span;
            item.trace = linked.trace;
            item.span = linked.span;
        }
        return add(section, std::move(item));
    };
    if (span.linkCount() > 0 || span.droppedLinks()) {
        const auto links = beginSection(Section::Links, tr("Links"));
        for (std::size_t i = 0; i < span.linkCount() && m_items.size() < kMostItems; ++i) {
            const auto link = span.link(i);
            LinkedSpan linked{link.traceId, link.spanId, {}, false};
            if (m_linksKnown && i < m_links.links.size()) linked = m_links.links[i];
            const auto index = addLinked(links, linked);
            addFact(index, tr("Span id"), hex(link.spanId));
            addFact(index, tr("Trace id"), hex(link.traceId));
            if (!link.traceState.empty()) addFact(index, tr("Trace state"), plainLine(link.traceState));
            addAttributes(index, link.attributes);
        }
        if (span.droppedLinks()) addFact(links, tr("Dropped by the sender"), tr("%n links", nullptr, static_cast<int>(span.droppedLinks())), true);
        endSection(links, span.linkCount());
    }
    if (!m_links.backlinks.empty()) {
        const auto back = beginSection(Section::Backlinks, tr("Linked from"));
        for (const auto& linked : m_links.backlinks) addLinked(back, linked);
        if (m_links.backlinksLeftOut) addFact(back, tr("%1 more").arg(count(m_links.backlinksLeftOut)), tr("not listed"), true);
        endSection(back, m_links.backlinks.size() + m_links.backlinksLeftOut);
    }

    if (const auto logs = m_trace->logsOf(m_node); !logs.empty()) {
        const auto section = beginSection(Section::Logs, tr("Logs"));
        for (const auto i : logs) {
            if (m_items.size() >= kMostItems) break;
            const auto& log = m_trace->logs()[i];
            const auto view = m_snapshot->log(log.row);
            Item item;
            item.key = log.hasTime ? QStringLiteral("+%1").arg(QString::fromStdString(formatDuration(log.offsetNs))) : tr("no time");
            item.text = plainLine(otlp::valueToDisplayText(view.body(), 400), 400);
            item.warn = log.severity >= 17;
            if (log.severity >= 13) item.text = severityInWords(log.severity, {}).section(QLatin1Char(' '), 0, 0) + QStringLiteral("  ") + item.text;
            item.target = Target::Log;
            item.log = log.row;
            add(section, std::move(item));
        }
        endSection(section, logs.size());
    }
    addResourceAndScope(span.resource(), span.scope());
}

void DetailsModel::buildLog() {
    const auto log = m_snapshot->log(m_log);
    const auto hex = [](const auto& id) { return QString::fromStdString(id.toHex()); };
    QStringList marks;
    if (log.marks() & store::kMarkIdFromText) marks << tr("Its trace and span ids were found in the text.");
    if (log.marks() & store::kMarkRawLine) marks << tr("The line fits no known form and is kept as it is.");
    if (log.marks() & store::kMarkRepaired) marks << tr("Some of its text was invalid and was repaired.");
    if (log.marks() & store::kMarkIdMadeByUs) marks << tr("Its id was made by Spanreel from what the input said.");
    if (!marks.isEmpty()) {
        const auto section = beginSection(Section::Marks, tr("Worth knowing"));
        for (const auto& mark : marks) addFact(section, mark, {}, true);
        endSection(section, static_cast<std::size_t>(marks.size()));
    }
    const auto body = beginSection(Section::Body, tr("Body"));
    Item text;
    text.key = tr("Text");
    text.value = log.body();
    text.isValue = true;
    const auto index = add(body, std::move(text));
    if (log.body().type == store::ValueType::Array || log.body().type == store::ValueType::KvList) addValueChildren(index);
    addFact(body, tr("Severity"), severityInWords(log.severity(), log.severityText()), log.severity() >= 17);
    if (!log.eventName().empty()) addFact(body, tr("Event name"), plainLine(log.eventName()));
    addFact(body, tr("Time"), instantInWords(log.timeNs(), m_utc));
    if (log.observedNs() != 0) addFact(body, tr("Observed"), instantInWords(log.observedNs(), m_utc));

    const auto identity = beginSection(Section::Identity, tr("Identity"));
    addFact(identity, tr("Trace id"), log.traceId().isValid() ? hex(log.traceId()) : tr("none"));
    Item span;
    span.key = tr("Span id");
    span.text = log.spanId().isValid() ? hex(log.spanId()) : tr("none");
    if (log.spanId().isValid() && log.traceId().isValid()) {
        span.target = Target::Span;
        span.trace = log.traceId();
        span.span = log.spanId();
    }
    add(identity, std::move(span));
    if (!log.originalTraceId().empty()) addFact(identity, tr("Trace id as received"), plainLine(log.originalTraceId()));
    if (!log.originalSpanId().empty()) addFact(identity, tr("Span id as received"), plainLine(log.originalSpanId()));
    const auto& sources = m_snapshot->sources();
    if (const auto it = std::find_if(sources.begin(), sources.end(), [&](const auto& s) { return s.id == log.source(); }); it != sources.end()) addFact(identity, tr("Source"), plainLine(it->name));

    const auto attributes = beginSection(Section::Attributes, tr("Attributes"));
    addAttributes(attributes, log.attributes());
    if (log.attributes().empty()) addFact(attributes, tr("This log has no attributes."), {});
    if (log.droppedAttributes()) addFact(attributes, tr("Dropped by the sender"), tr("%n attributes", nullptr, static_cast<int>(log.droppedAttributes())), true);
    endSection(attributes, log.attributes().size());
    addResourceAndScope(log.resource(), log.scope());
}

void DetailsModel::prune() {
    const auto needle = m_filter.toStdString();
    std::vector<bool> keep(m_items.size());
    std::vector<std::size_t> kept(m_items.size());
    // Children come after their parents, so one walk backwards tells every parent.
    for (std::size_t i = m_items.size(); i-- > 0;) {
        const auto& item = m_items[i];
        const bool own = !item.isSection && (item.key.contains(m_filter, Qt::CaseInsensitive) || (item.isValue ? containsIgnoreCase(otlp::valueToDisplayText(item.value, 64 * 1024), needle) : item.text.contains(m_filter, Qt::CaseInsensitive)));
        keep[i] = keep[i] || own;
        if (keep[i] && item.parent != kRoot) {
            keep[item.parent] = true;
            if (m_items[item.parent].isSection) ++kept[item.parent];
        }
    }
    std::vector<Item> items;
    std::vector<std::uint32_t> place(m_items.size(), kRoot);
    m_top.clear();
    auto old = std::move(m_items);
    m_items.clear();
    for (std::size_t i = 0; i < old.size(); ++i) {
        if (!keep[i]) continue;
        auto item = std::move(old[i]);
        item.children.clear();
        if (item.isSection) item.text = item.text.isEmpty() ? count(kept[i]) : tr("%1 of %2").arg(count(kept[i]), item.text);
        const auto parent = item.parent == kRoot ? kRoot : place[item.parent];
        place[i] = add(parent, std::move(item));
    }
}

// Reading --------------------------------------------------------------------------------------------------------------

const DetailsModel::Item* DetailsModel::itemAt(const QModelIndex& index) const {
    return index.isValid() && index.internalId() < m_items.size() ? &m_items[index.internalId()] : nullptr;
}

std::optional<DetailsModel::Section> DetailsModel::sectionOf(const QModelIndex& index) const {
    const auto* item = itemAt(index);
    return item && item->isSection ? std::optional(item->section) : std::nullopt;
}

QModelIndex DetailsModel::indexOf(Section section) const {
    for (std::size_t i = 0; i < m_top.size(); ++i)
        if (m_items[m_top[i]].isSection && m_items[m_top[i]].section == section) return createIndex(static_cast<int>(i), 0, m_top[i]);
    return {};
}

QString DetailsModel::keyText(const QModelIndex& index) const {
    const auto* item = itemAt(index);
    return item ? item->key : QString();
}

QString DetailsModel::wholeValue(const QModelIndex& index) const {
    const auto* item = itemAt(index);
    if (!item) return {};
    if (!item->isValue) return item->text.isEmpty() && !item->isSection ? item->key : item->text;
    return QString::fromStdString(otlp::valueToDisplayText(item->value, std::size_t{64} << 20));
}

DetailsModel::Target DetailsModel::target(const QModelIndex& index) const {
    const auto* item = itemAt(index);
    return item ? item->target : Target::None;
}
bool DetailsModel::isSentence(const QModelIndex& index) const {
    const auto* item = itemAt(index);
    return item && !item->isSection && !item->isValue && item->text.isEmpty();
}
bool DetailsModel::isLink(const QModelIndex& index) const {
    const auto* item = itemAt(index);
    if (!item || item->target == Target::None || item->parent == kRoot) return false;
    const auto section = m_items[item->parent].section;
    const bool byKey = section == Section::Links || section == Section::Backlinks;
    return index.column() == (byKey ? Key : Value);
}
std::pair<TraceId, SpanId> DetailsModel::targetSpan(const QModelIndex& index) const {
    const auto* item = itemAt(index);
    return item ? std::pair(item->trace, item->span) : std::pair<TraceId, SpanId>();
}
store::RowId DetailsModel::targetLog(const QModelIndex& index) const {
    const auto* item = itemAt(index);
    return item ? item->log : store::kNoRow;
}

QModelIndex DetailsModel::index(int row, int column, const QModelIndex& parent) const {
    const auto* item = itemAt(parent);
    const auto& children = item ? item->children : m_top;
    if (row < 0 || column < 0 || column >= ColumnCount || static_cast<std::size_t>(row) >= children.size()) return {};
    return createIndex(row, column, children[static_cast<std::size_t>(row)]);
}

QModelIndex DetailsModel::parent(const QModelIndex& child) const {
    const auto* item = itemAt(child);
    if (!item || item->parent == kRoot) return {};
    return createIndex(static_cast<int>(m_items[item->parent].row), 0, item->parent);
}

int DetailsModel::rowCount(const QModelIndex& parent) const {
    if (parent.column() > 0) return 0;
    const auto* item = itemAt(parent);
    return static_cast<int>(item ? item->children.size() : m_top.size());
}

int DetailsModel::columnCount(const QModelIndex&) const { return ColumnCount; }

QString DetailsModel::typeName(const store::Value& value) {
    switch (value.type) {
    case store::ValueType::Empty: return tr("empty");
    case store::ValueType::Bool: return tr("bool");
    case store::ValueType::Int: return tr("int");
    case store::ValueType::Double: return tr("double");
    case store::ValueType::String: return tr("string");
    case store::ValueType::Bytes: return tr("bytes");
    case store::ValueType::Array: return tr("array");
    case store::ValueType::KvList: return tr("map");
    }
    return {};
}

QVariant DetailsModel::data(const QModelIndex& index, int role) const {
    const auto* item = itemAt(index);
    if (!item) return {};
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Key: return item->isSection && !item->text.isEmpty() ? tr("%1  (%2)").arg(item->key, item->text) : item->key;
        case Value:
            if (item->isSection) return {};
            if (!item->isValue) return item->text;
            if (item->value.type == store::ValueType::Empty) return tr("(empty)");
            if (item->value.type == store::ValueType::String && item->value.text.empty()) return tr("(empty text)");
            return plainLine(otlp::valueToDisplayText(item->value, kCellBytes), kCellBytes + 8);
        case Type: return item->isValue ? typeName(item->value) : QString();
        default: return {};
        }
    case Qt::ToolTipRole: {
        auto text = index.column() == Key ? item->key : index.column() == Value ? data(index, Qt::DisplayRole).toString() : QString();
        if (isLink(index)) text += QLatin1Char('\n') + tr("Click or press Return to go there");
        return text.isEmpty() ? QString() : QStringLiteral("<qt>") + text.left(2000).toHtmlEscaped() + QStringLiteral("</qt>");
    }
    case Qt::FontRole:
        if (item->isSection) return Theme::boldFont();
        if (isLink(index)) {
            QFont font = Theme::uiFont();
            font.setUnderline(true);
            return font;
        }
        if (index.column() == Value && (item->isValue || m_items[item->parent].section == Section::Identity)) return Theme::monoFont();
        if (index.column() == Type) return Theme::smallFont();
        return {};
    case Qt::ForegroundRole:
        if (item->warn) return Theme::instance().colours().warning;
        if (isLink(index))
            return Theme::instance().colours().accent;
        if (index.column() == Type || (index.column() == Key && !item->isSection)) return Theme::instance().colours().quiet;
        return {};
    case Qt::AccessibleTextRole: return index.column() == Key ? item->key : data(index, Qt::DisplayRole);
    default: return {};
    }
}

QVariant DetailsModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
    case Key: return tr("Key");
    case Value: return tr("Value");
    case Type: return tr("Type");
    default: return {};
    }
}

}  // namespace spanreel::views
