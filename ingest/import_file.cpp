// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/import_file.h"

#include <algorithm>
#include <chrono>
#include <new>
#include <thread>
#include <utility>

#include "ingest/importers/registry.h"
#include "ingest/importers/sniff.h"
#include "ingest/io/inflate.h"
#include "ingest/io/input_file.h"
#include "ingest/io/looks_like.h"
#include "model/analysis/findings.h"

namespace spanreel::ingest {

namespace {

/// Bytes looked at where JSON begins and does not say of which kind: its first member may be a long text.
constexpr std::size_t kMostSniffed = 1u << 20;
constexpr std::size_t kMostBlanks = 1u << 20;  ///< blanks in front of the first byte that counts that are kept as they are
constexpr std::size_t kApiReply = 64 * 1024;   ///< an API's error reply is no longer
constexpr unsigned kBatchesPerReport = 32;
/// A compressed input up to this size is held back until its checksum has been seen to be right.
constexpr std::size_t kHeldForChecksum = 16u << 20;

/// How long an import waits for a disk that failed; the store tries it every five seconds.
constexpr auto kDiskAgain = std::chrono::seconds(12);
constexpr auto kLookAgain = std::chrono::milliseconds(50);
constexpr std::string_view kBlanks = " \t\r\n";

/// Puts batches into the store and lets the world see how far the import is.
class StoreSink final : public BatchSink {
public:
    /// `end` is asked to stop once the store is full.
    StoreSink(store::TraceStore& store, store::SourceTicket source, const store::ImportReport& report, ImportProgress* progress, std::stop_source& end)
        : m_store(store), m_source(source), m_report(report), m_progress(progress), m_end(end) {}
    void accept(store::Batch batch, std::uint64_t syntheticGroup) override {
        m_store.append(std::move(batch), m_source, syntheticGroup);
        if (!m_inputEnded && m_store.memory().full) waitForDisk();
        if (!m_inputEnded && m_store.memory().full) {
            m_full.request_stop();
            m_end.request_stop();
        }
        if (m_progress) m_progress->items.store(m_report.kept, std::memory_order_relaxed);
        if (++m_batches % kBatchesPerReport == 0) m_store.updateSource(m_source, m_report, false);
    }
    store::TraceStore* store() override { return &m_store; }

    /// What comes from now on has been read already: it goes in, full or not.
    void inputEnded() { m_inputEnded = true; }
    /// Reading was stopped because the store was full.
    [[nodiscard]] bool full() const { return m_full.stop_requested(); }
    /// Stopped by that alone, not by whoever waits for the import.
    [[nodiscard]] std::stop_token untilFull() const { return m_full.get_token(); }
    /// For whoever reads the report.
    [[nodiscard]] std::string whatIsFull() const { return store::whatIsFull(m_store.memory()); }
    bool beginsFull() { return m_store.memory().full && m_full.request_stop(); }

private:
    /// A disk that failed is tried again after a while: one failure is not the end of an import.
    void waitForDisk() {
        const auto until = std::chrono::steady_clock::now() + kDiskAgain;
        while (m_store.memory().full && m_store.memory().diskFails && !m_end.stop_requested() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(kLookAgain);
    }

    store::TraceStore& m_store;
    store::SourceTicket m_source;
    const store::ImportReport& m_report;
    ImportProgress* m_progress;
    std::stop_source& m_end;
    std::stop_source m_full;
    bool m_inputEnded = false;
    unsigned m_batches = 0;
};

/// One import: gathers the head, chooses the importer, then hands everything on.
class Import {
public:
    Import(ImportContext& context, StoreSink& sink, ImportProgress* progress) : m_context(context), m_sink(sink), m_progress(progress) {}

    void run(const std::string& path) {
        if (m_sink.beginsFull()) return refuse({ProblemCode::Cancelled, {}, {}});
        auto opened = InputFile::open(path);
        if (!opened) return m_context.report.cannotOpen(std::move(opened.error().detail), {m_context.file, -1, -1});
        const auto input = std::make_shared<InputFile>(std::move(*opened));
        InputFile& file = *input;
        if (m_progress) m_progress->bytesTotal.store(file.size(), std::memory_order_relaxed);
        // What came through a pipe is nowhere else: who stops its import waits no longer, but what came goes in.
        const std::stop_token stop = m_context.stop;
        if (!file.regular()) m_context.stop = m_sink.untilFull();
        std::unique_ptr<Inflater> inflater;
        std::string first;  // until the magic of a compression can be seen
        const auto output = [this](std::string_view bytes) { return take(bytes); };
        for (;;) {
            auto chunk = file.next(stop);
            if (stop.stop_requested() && (file.regular() || !chunk)) {
                m_cancelled = true;
                if (!file.regular()) m_sink.inputEnded();
                if (!file.regular() && !inflater) read(first);
                if (!file.regular() || m_importer) close();  // what it has counted goes in
                return refuse({ProblemCode::Cancelled, {}, {}});
            }
            if (!chunk) {
                close();
                return refuse(std::move(chunk.error()));
            }
            if (m_progress) m_progress->bytesRead.store(file.position(), std::memory_order_relaxed);
            std::string_view bytes = *chunk;
            const bool end = bytes.empty();
            if (!inflater) {
                if (first.empty() && bytes.size() >= 4) {
                    inflater = Inflater::create(compressionOf(bytes));
                    m_compressed = compressionOf(bytes) != Compression::None;
                } else {
                    first += bytes;
                    if (first.size() < 4 && !end) continue;
                    inflater = Inflater::create(compressionOf(first));
                    m_compressed = compressionOf(first) != Compression::None;
                    bytes = first;
                }
            }
            if (!m_compressed && file.regular()) m_context.input = input;
            if (auto fed = inflater->feed(bytes, output); !fed) {
                if (m_refused) return;
                // Bytes that a checksum calls wrong are not read; those of members before and those before a cut are.
                if (!m_streaming && fed.error().detail.ends_with("mismatch")) m_held.resize(std::min<std::size_t>(m_held.size(), inflater->verified()));
                if (m_streaming || !m_held.empty() || m_importer) close();
                if (!m_refused) refuse(std::move(fed.error()));
                return;
            }
            if (end) break;
            if (const std::uint64_t bytesPassed = m_importer ? m_importer->passedOver() : 0) file.passOver(bytesPassed);
        }
        auto ended = inflater->finish();
        m_sink.inputEnded();
        if (ended || m_streaming || !m_held.empty() || m_importer) close();
        if (!ended && !m_refused) refuse(std::move(ended.error()));
    }

private:
    /// Inflated bytes. False stops the import.
    bool take(std::string_view bytes) {
        if (m_refused || m_context.stop.stop_requested()) return false;
        if (!m_compressed || m_streaming) return read(bytes);
        m_held.append(bytes);
        return m_held.size() <= kHeldForChecksum || releaseHeld();
    }
    bool releaseHeld() {
        m_streaming = true;
        const std::string held = std::exchange(m_held, {});
        return read(held);
    }
    bool read(std::string_view bytes) {
        if (m_importer) {
            m_importer->feed(bytes, m_context);
            return !m_context.stop.stop_requested();
        }
        m_head.append(bytes);
        const std::size_t start = std::min(m_head.find_first_not_of(kBlanks), m_head.size());
        if (start == m_head.size()) {
            if (start >= kMostBlanks) countBlanks();
            return true;
        }
        if (m_head.size() - start < m_wanted) return true;
        choose(false);
        return !m_refused && !m_context.stop.stop_requested();
    }

    /// The head, all blanks, is dropped: of so many only how many they were is kept.
    void countBlanks() {
        m_blankLines += static_cast<std::uint64_t>(std::count(m_head.begin(), m_head.end(), '\n'));
        m_blanks += m_head.size();
        m_head.clear();
    }
    /// As many blanks and lines as were dropped, so that places are told right.
    void feedBlanks() {
        for (const char blank : {'\n', ' '}) {
            std::uint64_t left = blank == '\n' ? m_blankLines : m_blanks - m_blankLines;
            const std::string some(static_cast<std::size_t>(std::min<std::uint64_t>(left, 1u << 16)), blank);
            for (; left > 0 && !m_context.stop.stop_requested(); left -= std::min<std::uint64_t>(left, some.size()))
                m_importer->feed(std::string_view(some).substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left, some.size()))), m_context);
        }
    }

    /// The format of logs that the first line has, where that is short and a whole record. Names of a trace format in lines behind
    /// it are looked for line by line (see `traceBehindText`), not anywhere.
    static const ImporterDescriptor* logOfFirstLine(std::string_view text) {
        const std::string_view line = text.substr(0, text.find('\n'));
        if (line.size() >= kSniffed || line.size() == text.size() || !beginsDocument(line) || !endsDocument(line)) return nullptr;
        const ImporterDescriptor* const chosen = chooseImporter(line, false);
        return chosen && readsLogs(*chosen) ? chosen : nullptr;
    }
    /// The format by the first bytes of the text, by more of them where it begins as JSON and they do not tell.
    /// `undecided`: more bytes might.
    const ImporterDescriptor* formatOf(std::string_view text, bool whole, bool& undecided) const {
        if (const ImporterDescriptor* const log = logOfFirstLine(text)) return log;
        const bool json = text.starts_with('{') || text.starts_with('[');
        // A line as long as this may be a log's, or stand before something else.
        const bool longLine = !json && text.substr(0, kSniffed).find('\n') == text.npos;
        const ImporterDescriptor* chosen = nullptr;
        std::size_t size = longLine ? std::min(std::max(text.find('\n'), kSniffed) + kSniffed, kMostSniffed) : kSniffed;
        for (;; size *= 2) {
            chosen = chooseImporter(text.substr(0, size), whole && text.size() <= size);
            if (chosen || !json || size >= std::min(text.size(), kMostSniffed)) break;
        }
        undecided = (json ? !chosen : longLine && text.size() < size) && !whole && text.size() < kMostSniffed;
        return chosen;
    }
    /// The format of JSON behind lines of other text, where the input is no log.
    const ImporterDescriptor* formatBehindText(std::string_view text, bool whole, bool& undecided) const {
        for (std::size_t at = 0; (at = text.find('\n', at)) != text.npos && at < kMostSniffed; ++at) {
            const std::string_view rest = text.substr(at + 1);
            if (rest.starts_with('{') || rest.starts_with('[')) return formatOf(rest, whole, undecided);
        }
        return nullptr;
    }
    /// The trace format of a document that begins with this line of `text`, which ends at `end`. `lines`: it goes on behind it.
    static const ImporterDescriptor* traceAt(std::string_view text, std::size_t at, std::size_t end, bool& lines) {
        const std::string_view line = text.substr(at, std::min(end - at, kSniffed));
        lines = line.size() < kSniffed && !endsDocument(line);
        if (!beginsDocument(line)) return nullptr;
        if (!lines) return traceFormatOf(line);
        const std::string_view behind = text.substr(at, kSniffed);
        return traceFormatOf(behind.substr(0, std::min(behind.find("\n{"), behind.find("\n["))));
    }
    /// The trace format of JSON behind the first lines of what would be a log: of a document printed over several lines, or of one
    /// that is a line, where no more than three lines of others come for each of its own from there on. It begins within
    /// `kSniffed` bytes behind the first line, and the lines are counted for as many behind it. A long line takes up a few of them.
    /// Where the input has no more lines than these, it is also enough that long lines of the format are the most of its bytes.
    const ImporterDescriptor* traceBehindText(std::string_view text, bool whole, bool& undecided) const {
        constexpr int kTextLines = 3;  // for each of the trace format
        constexpr std::size_t kLineCounts = kSniffed / 8;
        const std::size_t first = text.find('\n');
        if (first >= kMostSniffed) return nullptr;
        const ImporterDescriptor* found = nullptr;
        int traces = 0, others = 0;
        std::size_t longBytes = 0;  // of lines of the trace format
        for (std::size_t at = first + 1, end = 0, left = kSniffed; left > 0; at = end + 1) {
            end = std::min(text.find('\n', at), text.size());
            undecided = !whole && text.size() < std::min(std::max(end + 1, at + kSniffed), kMostSniffed);
            if (undecided) return nullptr;
            if (at >= text.size() && longBytes > text.size() / 2) return found;
            if (at >= text.size()) break;
            bool lines = false;
            const ImporterDescriptor* const format = traceAt(text, at, end, lines);
            if (format && lines) return found ? found : format;
            left -= std::min({left, end + 1 - at, kLineCounts});
            if (format && !found) {
                found = format;
                left = kSniffed;
            }
            if (format && end - at >= kSniffed) longBytes += end - at;
            if (found && end > at) (format ? traces : others) += 1;
        }
        return others <= kTextLines * traces ? found : nullptr;
    }

    void choose(bool whole) {
        std::string_view head = m_head;
        if (m_compressed && compressionOf(head) != Compression::None) return refuse({ProblemCode::BadCompression, "compressed more than once", {{}, 0, -1}});
        if (looksLikeUtf16Json(head)) return refuse({ProblemCode::UnsupportedEncoding, "UTF-16", {{}, 0, -1}});
        if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
        if (head.find_first_not_of(kBlanks) == std::string_view::npos && whole) return refuse({ProblemCode::Empty, {}, {}});
        if (whole && head.size() <= kApiReply)
            if (auto message = apiErrorMessage(head)) return refuse({ProblemCode::ApiError, std::move(*message), {}});
        // Blanks before text are passed over; in binary data a first byte 0x0A is no newline (every OTLP request begins so).
        const bool binary = std::any_of(head.begin(), head.begin() + static_cast<std::ptrdiff_t>(std::min(head.size(), kSniffed)),
                                        [](char c) { return c >= 0 && c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1B; });
        const std::string_view text = head.substr(binary ? 0 : std::min(head.find_first_not_of(kBlanks), head.size()));
        bool undecided = false;
        const ImporterDescriptor* chosen = binary ? chooseImporter(text.substr(0, kSniffed), whole && text.size() <= kSniffed) : formatOf(text, whole, undecided);
        if (!chosen && !undecided && !binary) chosen = formatBehindText(text, whole, undecided);
        if (chosen && readsLogs(*chosen) && !undecided && !binary)
            if (const auto* trace = traceBehindText(text, whole, undecided)) chosen = trace;
        if (undecided) {
            m_wanted = 2 * std::max(m_wanted, text.size());
            return;
        }
        // A recording whose beginning is damaged still has frames further on, or its name.
        if (binary && (!chosen || readsLogs(*chosen))) {
            const ImporterDescriptor* journal = importerNamed("spanreel-journal");
            if (journal->sniff(head, whole) > 0 || m_context.file.ends_with(".spanreel")) chosen = journal;
        }
        if (!chosen) return refuse(explainUnknown(head, whole));
        m_context.report.format = chosen->name;
        m_importer = chosen->create();
        feedBlanks();
        m_importer->feed(m_head, m_context);
        m_head = std::string();
    }

    /// The input has ended, well or not: what was read so far counts.
    void close() {
        if (m_refused) return;
        if (!m_held.empty()) releaseHeld();
        if (m_refused) return;
        if (!m_importer) choose(true);
        if (m_importer) m_importer->finish(m_context);
    }

    /// What is wrong with the beginning of an input whose rest was not waited for is nothing to tell.
    void refuse(Problem problem) {
        if (m_refused && m_cancelled) return;
        m_refused = true;
        if (m_cancelled) problem = {ProblemCode::Cancelled, {}, {}};
        if (problem.code == ProblemCode::Cancelled && m_sink.full())
            problem = {ProblemCode::Limit, m_sink.whatIsFull() + " is used up; " + std::to_string(m_context.report.kept) + " records were kept, the rest was not read", {}};
        problem.place.file = m_context.file;
        m_context.report.skip(problem.code, std::move(problem.detail), std::move(problem.place));
    }

    ImportContext& m_context;
    StoreSink& m_sink;
    ImportProgress* m_progress;
    std::unique_ptr<Importer> m_importer;
    std::string m_head;
    std::size_t m_wanted = kSniffed;  ///< bytes of it to be gathered before the format is chosen
    std::uint64_t m_blanks = 0, m_blankLines = 0;  ///< in front of it
    std::string m_held;
    bool m_compressed = false, m_streaming = false;
    bool m_refused = false, m_cancelled = false;
};

void addFindings(store::TraceStore& store, ImportResult& result, const std::stop_token& stop) {
    try {
        const auto snapshot = store.snapshot();
        std::vector<store::ImportReport*> reports(snapshot->sources().size(), nullptr);
        if (result.source < reports.size()) reports[result.source] = &result.report;
        result.trace = analysis::addTraceFindings(snapshot, reports, stop);
    } catch (const std::bad_alloc&) {
        result.report.warn(ProblemCode::Limit, "out of memory to look at the traces as a whole", {});
    }
}

/// What went in stays, what did not is counted as what it is.
void outOfMemory(store::TraceStore& store, ImportResult& result, const std::string& path) {
    store::ImportReport& report = result.report;
    const std::uint64_t stored = store.recordsOf(result.source);
    const std::uint64_t lost = report.kept - std::min(report.kept, stored);
    report.kept -= lost;
    report.warned = std::min(report.warned, report.kept);
    report.skipped += lost;
    report.skip(ProblemCode::Limit, "out of memory; " + std::to_string(report.kept) + " records were kept, the rest was not read", {path, -1, -1});
}

}  // namespace

ImportResult importFile(store::TraceStore& store, const std::string& path, store::SourceKind kind, ImportProgress* progress, std::stop_token stop, Findings findings) {
    ImportResult result;
    result.source = store.addSource(kind, path);
    std::stop_source end;
    const std::stop_callback passOn(stop, [&end] { end.request_stop(); });
    StoreSink sink(store, result.source, result.report, progress, end);
    ImportContext context{sink, result.report, path, end.get_token()};
    try {
        Import(context, sink, progress).run(path);
    } catch (const std::bad_alloc&) {
        outOfMemory(store, result, path);
    }
    if (findings == Findings::Add && !stop.stop_requested()) addFindings(store, result, stop);
    if (progress) progress->items.store(result.report.kept, std::memory_order_relaxed);
    store.updateSource(result.source, result.report, true);
    return result;
}

}  // namespace spanreel::ingest
