// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/log_line.h"

#include "ingest/importers/json_records.h"
#include "ingest/importers/log_time.h"
#include "model/core/text.h"

namespace spanreel::ingest {
namespace {

using store::Value;

constexpr JsonOptions kLoose{.allowNonFinite = true};

std::string_view trimmed(std::string_view line) {
    const auto first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return line.substr(first, line.find_last_not_of(" \t\r\n") - first + 1);
}

/// The text without the codes that colour it on a terminal (ESC, '[', parameters, a letter), put into `room` where it has any.
std::string_view withoutColours(std::string_view text, std::string& room) {
    std::size_t escape = text.find("\x1b[");
    if (escape == std::string_view::npos) return text;
    std::size_t at = 0;
    for (; escape != std::string_view::npos; escape = text.find("\x1b[", at)) {
        room.append(text.substr(at, escape - at));
        for (at = escape + 2; at < text.size() && text[at] >= ' ' && text[at] < '@';) ++at;
        if (at < text.size() && text[at] >= '@' && text[at] <= '~') ++at;
    }
    return room.append(text.substr(at));
}

/// {"log","stream","time"} as docker's json-file driver writes.
bool isDockerWrapper(JsonValue root) {
    if (root.size() < 2 || root.size() > 4 || !root["log"].isString() || !root["time"].isString()) return false;
    for (const auto [key, value] : root.members())
        if (key != "log" && key != "time" && key != "stream" && key != "attrs") return false;
    return true;
}

/// Is the object what no logger writes, with an id or something nested as all trace formats have? Looking closer costs more
/// than reading it did.
bool mayBeTrace(JsonValue root, const store::LogRecordData& log) {
    if (log.body.type != store::ValueType::Empty || log.severity || !log.severityText.empty()) return false;
    if (log.traceId.isValid()) return true;
    for (const auto [key, value] : root.members())
        if (value.isObject() || value.isArray()) return true;
    return false;
}

std::string wordsOf(const TraceWatch::Sighting& seen) { return "log lines that look like " + std::string(seen.format->title); }

}  // namespace

void LogLineReader::read(std::string_view line, RecordBatcher& batcher, ItemNotes& notes) {
    store::LogRecordData log;
    Arena& arena = batcher.arena();
    m_service.clear();
    m_waits = false;
    std::string repaired;
    const bool good = isValidUtf8(line);
    if (!good) {
        line = repaired = repairUtf8(line);
        notes.warn(ProblemCode::BadUtf8, {});
        log.marks |= store::kMarkRepaired;
    }
    const std::string_view text = trimmed(line);
    const bool json = text.starts_with('{') && readJson(text, log, arena, notes);
    const bool fits = json || (!text.starts_with('{') && (readPairs(text, log, arena, notes) || readText(line, log, arena)));
    if (!json) watch(line, notes);
    if (!m_waits) add(line, fits, std::move(log), batcher, notes);
}

void LogLineReader::finish(RecordBatcher& batcher, ImportContext& context) {
    for (auto& parts : m_parts) {
        if (parts.text.empty()) continue;
        batcher.begin(context);
        ItemNotes notes(context, parts.place);
        store::LogRecordData log;
        m_draft.start(batcher.arena());
        readParts(parts, log, batcher.arena(), notes);
        add({}, true, std::move(log), batcher, notes);
    }
    if (const auto seen = m_watch.finish()) context.report.warn(ProblemCode::FlaggedValue, wordsOf(*seen), seen->place);
}

void LogLineReader::watch(std::string_view line, ItemNotes& notes) {
    if (const auto seen = m_watch.line(line, notes.place())) notes.warnAt(ProblemCode::FlaggedValue, wordsOf(*seen), seen->place);
}

void LogLineReader::add(std::string_view line, bool fits, store::LogRecordData&& log, RecordBatcher& batcher, ItemNotes& notes) {
    Arena& arena = batcher.arena();
    if (!fits) {
        log.marks |= store::kMarkRawLine;
        notes.warn(ProblemCode::TextLine, escapeControls(repairUtf8(line.substr(0, 80))));
    }
    if (log.body.type == store::ValueType::Empty) log.body = Value::ofString(arena.copy(line));
    if (!log.traceId.isValid() && log.body.type == store::ValueType::String) findIds(log.body.text, log, arena);
    // A bad time has been told by the draft, a raw line needs no second word.
    if (fits && !log.timeNs && !log.observedNs && !m_draft.hadBadTime()) notes.warn(ProblemCode::NoTime, "no time in the record");
    if (!m_service.empty()) {
        log.resource = batcher.resource(m_service, [&](Arena& a) {
            auto attributes = a.array<store::Attribute>(1);
            attributes[0] = {"service.name", Value::ofString(a.copy(std::string_view(m_service)))};
            store::ResourceRecord resource;
            resource.attributes = attributes;
            return resource;
        });
    }
    batcher.add(std::move(log));
    notes.keep();
}

bool LogLineReader::readJson(std::string_view line, store::LogRecordData& log, Arena& arena, ItemNotes& notes) {
    m_draft.start(arena);
    if (!m_document.read(line, kLoose)) return false;
    noteRepairs(m_document, notes);
    const JsonValue root = m_document.root();
    if (isDockerWrapper(root)) {
        const std::string_view inner = root["log"].asString();
        auto& parts = m_parts[root["stream"].asString() == "stderr"];
        const bool goesOn = inner.size() >= kDockerPart && !inner.ends_with('\n');
        if (!goesOn && parts.text.empty()) {
            readDocker(root, inner, log, arena, notes);
            return true;
        }
        if (parts.text.empty()) parts = {std::string(line), {}, notes.place()};
        parts.text.append(inner);
        m_waits = goesOn && parts.text.size() < kLongestParts;
        if (!m_waits) readParts(parts, log, arena, notes);
        return true;
    }
    for (const auto [key, value] : root.members()) m_draft.field(key, value);
    m_draft.settle(log, notes);
    if (mayBeTrace(root, log)) watch(line, notes);
    m_service = m_draft.service();
    if (m_draft.guessedUnit()) m_guessed = m_draft.guessedUnit();
    return true;
}

/// The program's own line is inside; docker's time is when it was seen, and the record's where it has none itself.
void LogLineReader::readDocker(JsonValue root, std::string_view inner, store::LogRecordData& log, Arena& arena, ItemNotes& notes) {
    while (!inner.empty() && (inner.back() == '\n' || inner.back() == '\r')) inner.remove_suffix(1);
    const std::string_view text = trimmed(inner);
    bool structured = false, object = false;
    if (text.starts_with('{') && m_inner.read(text, kLoose) && m_inner.root().isObject()) {
        for (const auto [key, value] : m_inner.root().members()) m_draft.field(key, value);
        structured = object = true;
    } else if (looksLikeLogfmt(text)) {
        structured = true;
        if (!readLogfmt(text, arena, m_draft)) notes.warn(ProblemCode::FlaggedValue, "a quote is not closed");
    }
    if (root["stream"].isString()) m_draft.attribute("log.iostream", Value::ofString(arena.copy(root["stream"].asString())));
    for (const auto [key, value] : root["attrs"].members()) m_draft.attribute(arena.copy(key), plainValue(value, arena));
    m_draft.settle(log, notes);
    m_service = m_draft.service();
    if (m_draft.guessedUnit()) m_guessed = m_draft.guessedUnit();
    if (object ? mayBeTrace(m_inner.root(), log) : !structured) watch(inner, notes);
    if (!structured) readText(inner, log, arena);
    if (log.body.type == store::ValueType::Empty) log.body = Value::ofString(arena.copy(inner));
    if (const auto time = readLogTime(root["time"].asString())) log.observedNs = time->ns;
    if (!log.timeNs) log.timeNs = log.observedNs;
}

void LogLineReader::readParts(DockerParts& parts, store::LogRecordData& log, Arena& arena, ItemNotes& notes) {
    const DockerParts whole = std::exchange(parts, {});
    m_document.read(whole.entry, kLoose);
    readDocker(m_document.root(), whole.text, log, arena, notes);
}

bool LogLineReader::readPairs(std::string_view line, store::LogRecordData& log, Arena& arena, ItemNotes& notes) {
    m_draft.start(arena);
    if (!looksLikeLogfmt(line)) return false;
    if (!readLogfmt(line, arena, m_draft)) notes.warn(ProblemCode::FlaggedValue, "a quote is not closed");
    m_draft.settle(log, notes);
    m_service = m_draft.service();
    if (m_draft.guessedUnit()) m_guessed = m_draft.guessedUnit();
    return true;
}

bool LogLineReader::readText(std::string_view line, store::LogRecordData& log, Arena& arena) {
    bool found = false;
    std::string room;
    const std::string_view words = withoutColours(line, room);
    if (!log.timeNs) {
        if (const auto time = findLogTime(words); time && isUsableTime(time->ns)) {
            log.timeNs = time->ns;
            if (time->guessed) m_guessed = time->guessed;
            found = true;
        }
    }
    if (!log.severity && log.severityText.empty()) {
        if (const auto level = findLevel(words); !level.empty()) {
            log.severityText = arena.copy(level);
            log.severity = severityOfWord(level);
            found = true;
        }
    }
    if (log.body.type == store::ValueType::Empty) log.body = Value::ofString(arena.copy(line));
    findIds(words, log, arena);
    return found || log.traceId.isValid();
}

void LogLineReader::findIds(std::string_view text, store::LogRecordData& log, Arena& arena) {
    std::string room;
    text = withoutColours(text, room);
    const auto [trace, decimal] = findIdInText(text, "trace");
    const auto id = decimal ? TraceId{0, readDecimal(trace).value_or(0)} : TraceId::fromHex(trace).value_or(TraceId{});
    if (!id.isValid()) return;
    log.traceId = id;
    if (decimal || (trace.size() != 32 && trace.size() != 16)) log.originalTraceId = arena.copy(trace);
    if (!log.spanId.isValid()) {
        const auto [span, spanDecimal] = findIdInText(text, "span");
        log.spanId = spanDecimal ? SpanId{readDecimal(span).value_or(0)} : SpanId::fromHex(span).value_or(SpanId{});
        if (log.spanId.isValid() && (spanDecimal || span.size() != 16)) log.originalSpanId = arena.copy(span);
    }
    log.marks |= store::kMarkIdFromText;
}

}  // namespace spanreel::ingest
