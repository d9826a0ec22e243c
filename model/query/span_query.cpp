// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/query/span_query.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <thread>

#include "model/core/text.h"
#include "model/store/store_data.h"

namespace spanreel::query {

using store::ColumnId;
using store::PackedAttributes;
using store::RowId;
using store::SpanSegment;
using store::ValueType;

namespace {

/// Whether the duration column, end - start in 64 bits with a sign, says of every row what SpanView::durationNs says. Not so
/// where times are nonsense and lie 292 years apart or more. O(1) for sealed segments of usual times.
bool durationsFit(const store::SpanColumns& c, std::uint32_t rows) {
    constexpr std::uint64_t kHalf = std::uint64_t{1} << 63;
    const std::uint64_t room = c.startNs.width == 8 ? kHalf : std::uint64_t{1} << (8 * c.startNs.width);
    if (c.duration.low.width <= 4 && room < kHalf && c.startNs.base <= kHalf - room) {
        const auto least = static_cast<std::int64_t>(c.duration.low.base + (c.duration.high.base << 32));
        if (least >= 0 || c.startNs.base >= 0 - static_cast<std::uint64_t>(least)) return true;
    }
    for (std::uint32_t i = 0; i < rows; ++i) {
        const std::uint64_t start = c.startNs[i], duration = c.duration[i];
        if ((start + duration < start) != (duration >= kHalf)) return false;
    }
    return true;
}

}  // namespace

/// A filter with its texts looked up.
struct SpanQuery::Prepared {
    const SpanFilter* filter = nullptr;
    bool impossible = false;
    std::vector<std::uint8_t> nameHolds;              ///< by StringId
    std::vector<std::pair<ColumnId, std::uint64_t>> cells;  ///< any of them makes the attribute equal
};

SpanQuery::SpanQuery(store::SnapshotPtr snapshot, std::stop_token stop, unsigned threads)
    : m_snapshot(std::move(snapshot)), m_stop(std::move(stop)), m_threads(threads ? threads : std::max(1u, std::thread::hardware_concurrency())) {}

/// Segments are handed out one by one; `visit(segment, worker)` runs on up to m_threads threads, worker < m_threads.
template <class F>
void SpanQuery::forEachSegment(F&& visit) const {
    const std::size_t segments = m_snapshot->spanSegmentCount();
    std::atomic<std::size_t> next{0};
    const auto work = [&](unsigned worker) {
        for (std::size_t s = next.fetch_add(1); s < segments && !m_stop.stop_requested(); s = next.fetch_add(1)) visit(s, worker);
    };
    std::vector<std::jthread> helpers;
    for (unsigned worker = 1; worker < m_threads && worker < segments; ++worker) helpers.emplace_back([&work, worker] { work(worker); });
    work(0);
}

SpanQuery::Prepared SpanQuery::prepare(const SpanFilter& filter) const {
    Prepared out;
    out.filter = &filter;
    if (m_snapshot->spanSegmentCount() == 0) {
        out.impossible = true;
        return out;
    }
    const store::StoreData& data = m_snapshot->data();
    if (!filter.nameContains.empty()) {
        const std::size_t count = data.strings.size();
        out.nameHolds.resize(count);
        for (store::StringId id = 0; id < count; ++id) {
            const std::string_view name = data.strings.view(id);
            out.nameHolds[id] = filter.nameIgnoresCase ? containsIgnoreCase(name, filter.nameContains) : name.find(filter.nameContains) != std::string_view::npos;
        }
    }
    if (filter.attribute) {
        const store::Value& value = filter.attribute->value;
        for (ColumnId c = 0; c < data.attributes.columns.size(); ++c) {
            const store::AttributeColumn& column = data.attributes.columns[c];
            if (column.key != filter.attribute->key || column.type != value.type) continue;
            if (!column.values) out.cells.emplace_back(c, value.bits);
            else if (const auto id = column.values->find(value.text)) out.cells.emplace_back(c, *id);
        }
        out.impossible = out.cells.empty();
    }
    return out;
}

void SpanQuery::keepAttribute(const Prepared& filter, std::size_t s, RowMask& out) const {
    const store::StoreData& data = m_snapshot->data();
    const SpanSegment& segment = m_snapshot->spanSegment(s);
    const auto rows = static_cast<std::uint32_t>(out.size());
    RowMask held(rows, 0);
    const auto holds = [&](const store::AttributesView& view) {
        for (std::size_t i = 0; i < view.size(); ++i)
            for (const auto& [column, bits] : filter.cells)
                if (view.cell(i).column == column && view.cell(i).bits == bits) return true;
        return false;
    };
    if (segment.open) {
        for (std::uint32_t i = 0; i < rows; ++i)
            if (out[i]) held[i] = holds(store::AttributesView(&data, segment.open->attributes[i]));
        out.swap(held);
        return;
    }
    const PackedAttributes& packed = segment.attributes;
    RowMask groupMask;
    for (std::size_t g = 0; g < packed.groups.size(); ++g) {
        const PackedAttributes::Group& group = packed.groups[g];
        if (g == PackedAttributes::kMixed) {
            for (std::uint32_t k = 0; k < group.count; ++k) {
                const auto row = static_cast<std::uint32_t>(group.everyRow ? k : group.rows[k]);
                if (out[row]) held[row] = holds(store::AttributesView(&data, packed, row));
            }
            continue;
        }
        const store::AttributeShape& shape = data.attributes.shapes[group.shape];
        for (std::uint32_t p = 0; p < shape.count; ++p)
            for (const auto& [column, bits] : filter.cells) {
                if (shape.columns[p] != column) continue;
                groupMask.assign(group.count, 1);
                keepEqual(packed.columns[group.firstColumn + p], group.count, bits, groupMask.data());
                forEachRow(groupMask.data(), group.count, [&](std::uint32_t k) {
                    const auto row = static_cast<std::uint32_t>(group.everyRow ? k : group.rows[k]);
                    held[row] = out[row];
                });
            }
    }
    out.swap(held);
}

std::int64_t SpanQuery::durationOf(std::size_t segment, std::uint32_t row) const {
    return store::SpanView(&m_snapshot->data(), &m_snapshot->spanSegment(segment), row).durationNs();
}

/// The rows of a segment that pass; false where none can.
bool SpanQuery::mask(const Prepared& prepared, std::size_t s, RowMask& out) const {
    const SpanFilter& filter = *prepared.filter;
    if (prepared.impossible) return false;
    const store::SpanColumns& columns = m_snapshot->spanSegment(s).columns;
    const std::uint32_t rows = m_snapshot->spanSegmentRows(s);
    out.assign(rows, 1);
    if (filter.service) keepEqual(columns.service, rows, *filter.service, out.data());
    if (filter.status) keepEqual(columns.status, rows, static_cast<std::uint32_t>(*filter.status), out.data());
    if (filter.longerThanNs && durationsFit(columns, rows)) keepAbove(columns.duration, rows, *filter.longerThanNs, out.data());
    else if (filter.longerThanNs)
        for (std::uint32_t i = 0; i < rows; ++i) out[i] &= static_cast<std::uint8_t>(durationOf(s, i) > *filter.longerThanNs);
    if (filter.attribute) keepAttribute(prepared, s, out);
    if (!filter.nameContains.empty())
        forEachRow(out.data(), rows, [&](std::uint32_t row) {
            const auto name = columns.name[row];
            out[row] = name < prepared.nameHolds.size() && prepared.nameHolds[name];
        });
    return true;
}

std::uint64_t SpanQuery::count(const SpanFilter& filter) const {
    const Prepared prepared = prepare(filter);
    std::vector<RowMask> masks(m_threads);
    std::atomic<std::uint64_t> total{0};
    forEachSegment([&](std::size_t s, unsigned worker) {
        if (mask(prepared, s, masks[worker])) total += countRows(masks[worker].data(), static_cast<std::uint32_t>(masks[worker].size()));
    });
    return total;
}

std::vector<RowId> SpanQuery::rows(const SpanFilter& filter) const {
    const Prepared prepared = prepare(filter);
    std::vector<RowMask> masks(m_threads);
    std::vector<std::vector<RowId>> found(m_snapshot->spanSegmentCount());
    forEachSegment([&](std::size_t s, unsigned worker) {
        if (!mask(prepared, s, masks[worker])) return;
        const RowId first = store::rowId(m_snapshot->spanSegment(s).index, 0);
        forEachRow(masks[worker].data(), static_cast<std::uint32_t>(masks[worker].size()), [&](std::uint32_t row) { found[s].push_back(first | row); });
    });
    std::vector<RowId> out;
    for (const auto& part : found) out.insert(out.end(), part.begin(), part.end());
    return out;
}

std::vector<RowId> SpanQuery::longest(const SpanFilter& filter, std::size_t most) const {
    struct Found {
        std::int64_t durationNs;
        RowId row;
    };
    const auto before = [](const Found& a, const Found& b) { return a.durationNs != b.durationNs ? a.durationNs > b.durationNs : a.row < b.row; };
    const Prepared prepared = prepare(filter);
    std::vector<RowMask> masks(m_threads);
    std::vector<std::vector<Found>> found(m_threads);
    const auto trim = [&](std::vector<Found>& all) {
        if (all.size() <= most) return;
        std::ranges::nth_element(all, all.begin() + static_cast<std::ptrdiff_t>(most), before);
        all.resize(most);
    };
    forEachSegment([&](std::size_t s, unsigned worker) {
        if (!mask(prepared, s, masks[worker])) return;
        const SpanSegment& segment = m_snapshot->spanSegment(s);
        forEachRow(masks[worker].data(), static_cast<std::uint32_t>(masks[worker].size()), [&](std::uint32_t row) {
            const auto i = static_cast<std::uint32_t>(row);
            found[worker].push_back({durationOf(s, i), store::rowId(segment.index, i)});
        });
        if (found[worker].size() > 4 * most + 65536) trim(found[worker]);
    });
    std::vector<Found> all;
    for (const auto& part : found) all.insert(all.end(), part.begin(), part.end());
    trim(all);
    std::ranges::sort(all, before);
    std::vector<RowId> out;
    for (const Found& f : all) out.push_back(f.row);
    return out;
}

namespace {

/// Buckets of durations: 64 to each power of two, so that one holds few of them; negative ones share bucket 0.
constexpr std::uint32_t kPerPower = 64, kBuckets = 59 * kPerPower + 1;
std::uint32_t bucketOf(std::int64_t ns) {
    if (ns < 0) return 0;
    const auto value = static_cast<std::uint64_t>(ns);
    if (value < kPerPower) return 1 + static_cast<std::uint32_t>(value);
    const int power = std::bit_width(value) - 7;  // the value is (64 .. 127) << power
    return 1 + static_cast<std::uint32_t>((power + 1) * static_cast<int>(kPerPower) + static_cast<int>((value >> power) - kPerPower));
}

}  // namespace

std::vector<ServiceFigures> SpanQuery::byService() const {
    // First how many of each service lie in each bucket of durations, which names the bucket of the 99th percentile; then
    // only what lies there is sorted out.
    struct Sums {
        std::vector<std::uint32_t> buckets;
        std::uint64_t spans = 0;
        double sum = 0;
    };
    const std::size_t services = m_snapshot->services().size();
    std::vector<std::vector<Sums>> parts(m_threads, std::vector<Sums>(services));
    forEachSegment([&](std::size_t s, unsigned worker) {
        const store::SpanColumns& c = m_snapshot->spanSegment(s).columns;
        std::vector<Sums>& part = parts[worker];
        const bool fit = durationsFit(c, m_snapshot->spanSegmentRows(s));
        for (std::uint32_t i = 0, rows = m_snapshot->spanSegmentRows(s); i < rows; ++i) {
            const auto service = c.service[i];
            if (service >= services) continue;
            const auto duration = fit ? static_cast<std::int64_t>(c.duration[i]) : durationOf(s, i);
            Sums& sums = part[service];
            if (sums.buckets.empty()) sums.buckets.resize(kBuckets);
            ++sums.buckets[bucketOf(duration)];
            ++sums.spans;
            sums.sum += static_cast<double>(duration);
        }
    });
    struct Wanted {
        std::uint32_t bucket = 0;
        std::uint64_t rank = 0;  ///< within the bucket, from 0
    };
    std::vector<Wanted> wanted(services);
    std::vector<ServiceFigures> out;
    for (std::size_t v = 0; v < services; ++v) {
        Sums all;
        all.buckets.resize(kBuckets);
        for (const auto& part : parts) {
            all.spans += part[v].spans;
            all.sum += part[v].sum;
            for (std::size_t b = 0; b < part[v].buckets.size(); ++b) all.buckets[b] += part[v].buckets[b];
        }
        if (all.spans == 0) continue;
        std::uint64_t rank = (all.spans * 99 + 99) / 100 - 1;
        std::uint32_t bucket = 0;
        while (rank >= all.buckets[bucket]) rank -= all.buckets[bucket++];
        wanted[v] = {bucket, rank};
        out.push_back({static_cast<store::ServiceId>(v), all.spans, all.sum / static_cast<double>(all.spans), 0});
    }
    std::vector<std::vector<std::vector<std::int64_t>>> found(m_threads, std::vector<std::vector<std::int64_t>>(services));
    forEachSegment([&](std::size_t s, unsigned worker) {
        const store::SpanColumns& c = m_snapshot->spanSegment(s).columns;
        const bool fit = durationsFit(c, m_snapshot->spanSegmentRows(s));
        for (std::uint32_t i = 0, rows = m_snapshot->spanSegmentRows(s); i < rows; ++i) {
            const auto service = c.service[i];
            const auto duration = fit ? static_cast<std::int64_t>(c.duration[i]) : durationOf(s, i);
            if (service < services && bucketOf(duration) == wanted[service].bucket) found[worker][service].push_back(duration);
        }
    });
    for (ServiceFigures& figures : out) {
        std::vector<std::int64_t> all;
        for (auto& part : found) all.insert(all.end(), part[figures.service].begin(), part[figures.service].end());
        const std::uint64_t rank = wanted[figures.service].rank;
        if (rank >= all.size()) continue;  // stopped
        std::ranges::nth_element(all, all.begin() + static_cast<std::ptrdiff_t>(rank));
        figures.p99Ns = all[rank];
    }
    return out;
}

std::vector<std::uint64_t> SpanQuery::histogram(const SpanFilter& filter, std::uint64_t fromNs, std::uint64_t widthNs, std::size_t buckets) const {
    const Prepared prepared = prepare(filter);
    std::vector<RowMask> masks(m_threads);
    std::vector<std::vector<std::uint64_t>> parts(m_threads, std::vector<std::uint64_t>(buckets));
    if (widthNs == 0) return parts[0];
    forEachSegment([&](std::size_t s, unsigned worker) {
        if (!mask(prepared, s, masks[worker])) return;
        const store::PackedColumn& start = m_snapshot->spanSegment(s).columns.startNs;
        // Starts come nearly in order: the bucket of the one before is tried first.
        std::uint64_t low = 1, high = 0, bucket = 0;
        forEachRow(masks[worker].data(), static_cast<std::uint32_t>(masks[worker].size()), [&](std::uint32_t row) {
            const std::uint64_t ns = start[row];
            if (ns < low || ns >= high) {
                if (ns < fromNs || (bucket = (ns - fromNs) / widthNs) >= buckets) {
                    low = 1, high = 0;
                    return;
                }
                low = fromNs + bucket * widthNs;
                high = low + widthNs;
            }
            ++parts[worker][bucket];
        });
    });
    for (unsigned worker = 1; worker < m_threads; ++worker)
        for (std::size_t b = 0; b < buckets; ++b) parts[0][b] += parts[worker][b];
    return parts[0];
}

}  // namespace spanreel::query
