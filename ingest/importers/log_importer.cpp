// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/log_importer.h"

#include <algorithm>

#include "ingest/importers/line_reader.h"
#include "ingest/importers/log_line.h"
#include "ingest/importers/log_time.h"
#include "ingest/importers/sniff.h"
#include "ingest/importers/utf16.h"

namespace spanreel::ingest {
namespace {

class LogImporter final : public Importer {
public:
    void feed(std::string_view bytes, ImportContext& context) override {
        if (context.stop.stop_requested()) return;
        std::string converted, begun;
        if (m_fed < 2) {  // a byte order mark may come in two chunks
            m_start.append(bytes);
            m_fed += bytes.size();
            if (m_fed < 2) return;
            begun = std::move(m_start);
            bytes = begun;
        }
        if (m_utf16.begin(bytes)) {
            m_utf16.convert(bytes, converted);
            bytes = converted;
        }
        m_lines.feed(bytes, [&](std::string_view line, bool cut) { take(line, cut, context); });
    }
    void finish(ImportContext& context) override {
        if (m_fed < 2) m_lines.feed(m_start, [&](std::string_view line, bool cut) { take(line, cut, context); });
        m_lines.finish([&](std::string_view line, bool cut) { take(line, cut, context); });
        if (!context.stop.stop_requested()) m_reader.finish(m_batcher, context);
        tellUnit(context);
        m_batcher.release(context);
    }

private:
    void take(std::string_view line, bool cut, ImportContext& context) {
        ++m_line;
        if (m_line == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
        if (context.stop.stop_requested()) return;
        m_batcher.begin(context);
        ItemNotes notes(context, {context.file, -1, m_line});
        if (cut) return notes.skip(ProblemCode::Limit, "a line is over 64 MiB");
        if (m_utf16.active() && !m_utf16Told) {
            m_utf16Told = true;
            notes.warn(ProblemCode::FlaggedValue, "text converted from UTF-16");
        }
        m_reader.read(line, m_batcher, notes);
        tellUnit(context);
    }
    void tellUnit(ImportContext& context) {
        if (const auto unit = m_reader.takeGuessedUnit()) context.report.remark(ProblemCode::GuessedTimeUnit, timeUnitName(*unit), {context.file, -1, m_line});
    }

    std::string m_start;     ///< the first byte, until the second comes
    std::size_t m_fed = 0;   ///< bytes so far, while they count
    Utf16Decoder m_utf16;
    LineReader m_lines;
    LogLineReader m_reader;
    RecordBatcher m_batcher;
    std::int64_t m_line = 0;
    bool m_utf16Told = false;
};

/// What the first lines of an input look like.
struct LineCensus {
    int json = 0;      ///< objects with the names loggers use
    int otherJson = 0; ///< objects without
    int logfmt = 0;
    int marked = 0;    ///< text with a time, a level or an id
    int plain = 0;     ///< other text
};

bool isLogObject(std::string_view line) {
    const KeySniff keys(line);
    bool time = false, level = false, message = false, trace = false;
    for (const auto key : keys.topKeys()) {
        const LogRole role = logField(key).role;
        time = time || role == LogRole::Time;
        level = level || role == LogRole::Level;
        message = message || role == LogRole::Message;
        trace = trace || role == LogRole::TraceId;
    }
    return message || (level && (time || trace));
}

LineCensus takeCensus(std::string_view head, bool whole) {
    LineCensus census;
    int lines = 0;
    while (!head.empty() && lines < 50) {
        const auto newline = head.find('\n');
        const bool last = newline == std::string_view::npos;
        std::string_view line = head.substr(0, newline);
        head.remove_prefix(last ? head.size() : newline + 1);
        if (last && !whole && lines > 0) break;  // cut
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        const auto first = line.find_first_not_of(" \t");
        if (first == std::string_view::npos) continue;
        ++lines;
        line.remove_prefix(first);
        if (line.front() == '{') {
            // A brace alone on its line begins pretty-printed JSON, which is no log of ours.
            (line.size() > 1 && (line.back() == '}' || last) && isLogObject(line) ? census.json : census.otherJson) += 1;
        } else if (looksLikeLogfmt(line)) {
            ++census.logfmt;
        } else if (findLogTime(line) || !findLevel(line).empty() || !findIdInText(line, "trace").digits.empty()) {
            ++census.marked;
        } else {
            ++census.plain;
        }
    }
    return census;
}

/// Is this text at all, and none that is a document of another kind?
bool mayBeLog(std::string_view head) {
    if (head.empty() || head.starts_with("\x7f" "ELF") || binaryPercent(head) > 2) return false;
    const char first = head[0];
    if (first == '<') return head.size() > 1 && head[1] >= '0' && head[1] <= '9';  // syslog's priority, not HTML
    if (first == '[') {
        const auto next = head.find_first_not_of(" \t\r\n", 1);
        return next != std::string_view::npos && std::string_view("{[]\"").find(head[next]) == std::string_view::npos && head.find('\n') != 1;
    }
    return true;
}

int sniffJson(std::string_view head, bool whole) {
    if (head.empty() || head[0] != '{' || binaryPercent(head) > 2) {
        if (!mayBeLog(head)) return 0;
        const auto census = takeCensus(head, whole);
        return census.json > census.logfmt && census.json > census.marked && census.json > census.otherJson ? 55 : 0;
    }
    const auto census = takeCensus(head, whole);
    return census.json > 0 && census.json >= census.otherJson ? 60 : 0;
}

int sniffLogfmt(std::string_view head, bool whole) {
    if (!mayBeLog(head) || head[0] == '{') return 0;
    const auto census = takeCensus(head, whole);
    return census.logfmt > 0 && census.logfmt >= census.json && census.logfmt >= census.marked && census.logfmt >= census.plain ? 50 : 0;
}

int sniffText(std::string_view head, bool whole) {
    if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) return 30;
    if (!mayBeLog(head) || head[0] == '{') return 0;
    const auto census = takeCensus(head, whole);
    if (census.otherJson > census.json + census.marked + census.plain) return 0;
    return census.marked > 0 ? 30 : 5;
}

std::unique_ptr<Importer> createLogImporter() { return std::make_unique<LogImporter>(); }

}  // namespace

// Priorities are below all trace formats: any text with a line structure may be a log.
ImporterDescriptor logJsonImporter() { return {"logs-json", "Logs as JSON lines", {"*.jsonl", "*.ndjson", "*.json", "*.log"}, 20, sniffJson, createLogImporter}; }
ImporterDescriptor logLogfmtImporter() { return {"logs-logfmt", "Logs as logfmt", {"*.log", "*.txt"}, 15, sniffLogfmt, createLogImporter}; }
ImporterDescriptor logTextImporter() { return {"logs-text", "Logs as plain text", {"*.log", "*.txt"}, 10, sniffText, createLogImporter}; }

}  // namespace spanreel::ingest
