// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/log_fields.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "ingest/importers/log_time.h"
#include "model/core/text.h"

namespace spanreel::ingest {
namespace {

using store::Value;
using store::ValueType;

/// Lower case, without '_', '-', '.' and blanks: "trace.id", "TraceID" and "trace_id" are one name.
std::string plainName(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c == '_' || c == '-' || c == '.' || c == ' ') continue;
        out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
    }
    return out;
}

bool isAbsentWord(std::string_view text) {
    static constexpr std::string_view kWords[] = {"", "-", "null", "none", "nil", "undefined", "n/a", "na", "nan", "<nil>", "0"};
    const std::string lower = asciiLower(text);
    return std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) { return lower == word; });
}

/// Objects loggers nest their context in.
bool isContextName(std::string_view name) {
    static constexpr std::string_view kNames[] = {"dd", "trace", "span", "context", "ctx", "otel", "log", "service", "fields", "spancontext", "resource", "contextmap", "mdc", "extra", "data"};
    const std::string plain = plainName(name);
    return std::any_of(std::begin(kNames), std::end(kNames), [&](std::string_view word) { return plain == word; });
}

std::string hexOf(std::uint64_t value) { return SpanId{value}.toHex(); }

/// The id inside "projects/p/traces/ID" and the like.
std::string_view lastPart(std::string_view text) {
    const auto slash = text.rfind('/');
    return slash == std::string_view::npos ? text : text.substr(slash + 1);
}

}  // namespace

LogField logField(std::string_view name) {
    struct Known {
        std::string_view name;
        LogRole role;
    };
    // Ordered by rank within a role.
    static constexpr Known kKnown[] = {
        {"time", LogRole::Time}, {"timestamp", LogRole::Time}, {"ts", LogRole::Time}, {"@timestamp", LogRole::Time}, {"@t", LogRole::Time}, {"datetime", LogRole::Time},
        {"eventtime", LogRole::Time}, {"asctime", LogRole::Time}, {"date", LogRole::Time}, {"timemillis", LogRole::Time}, {"timeunixnano", LogRole::Time}, {"logtime", LogRole::Time},
        {"t", LogRole::Time}, {"observedtimestamp", LogRole::Time},
        {"severitytext", LogRole::Level}, {"level", LogRole::Level}, {"severity", LogRole::Level}, {"lvl", LogRole::Level}, {"loglevel", LogRole::Level}, {"levelname", LogRole::Level},
        {"@l", LogRole::Level}, {"sev", LogRole::Level}, {"severitynumber", LogRole::Level}, {"priority", LogRole::Level},
        {"msg", LogRole::Message}, {"message", LogRole::Message}, {"body", LogRole::Message}, {"@m", LogRole::Message}, {"shortmessage", LogRole::Message}, {"fieldsmessage", LogRole::Message},
        {"logmessage", LogRole::Message}, {"text", LogRole::Message}, {"log", LogRole::Message}, {"event", LogRole::Message}, {"@mt", LogRole::Message}, {"textpayload", LogRole::Message},
        {"traceid", LogRole::TraceId}, {"oteltraceid", LogRole::TraceId}, {"contexttraceid", LogRole::TraceId}, {"ctxtraceid", LogRole::TraceId}, {"spancontexttraceid", LogRole::TraceId},
        {"fieldstraceid", LogRole::TraceId}, {"spantraceid", LogRole::TraceId}, {"mdctraceid", LogRole::TraceId}, {"contextmaptraceid", LogRole::TraceId}, {"extratraceid", LogRole::TraceId},
        {"datatraceid", LogRole::TraceId}, {"@tr", LogRole::TraceId}, {"xb3traceid", LogRole::TraceId}, {"ddtraceid", LogRole::TraceId}, {"logginggoogleapiscom/trace", LogRole::TraceId},
        {"spanid", LogRole::SpanId}, {"otelspanid", LogRole::SpanId}, {"contextspanid", LogRole::SpanId}, {"ctxspanid", LogRole::SpanId}, {"spancontextspanid", LogRole::SpanId},
        {"fieldsspanid", LogRole::SpanId}, {"mdcspanid", LogRole::SpanId}, {"contextmapspanid", LogRole::SpanId}, {"extraspanid", LogRole::SpanId}, {"dataspanid", LogRole::SpanId},
        {"@sp", LogRole::SpanId}, {"xb3spanid", LogRole::SpanId}, {"ddspanid", LogRole::SpanId}, {"logginggoogleapiscom/spanid", LogRole::SpanId},
        {"traceparent", LogRole::TraceParent}, {"contexttraceparent", LogRole::TraceParent},
        {"traceflags", LogRole::Flags}, {"oteltraceflags", LogRole::Flags}, {"contexttraceflags", LogRole::Flags},
        {"servicename", LogRole::Service}, {"otelservicename", LogRole::Service}, {"resourceservicename", LogRole::Service}, {"service", LogRole::Service}, {"ddservice", LogRole::Service},
        {"application", LogRole::Service}, {"app", LogRole::Service},
    };
    static const std::unordered_map<std::string_view, LogField> kByName = [] {
        std::unordered_map<std::string_view, LogField> map;
        for (int i = 0; i < static_cast<int>(std::size(kKnown)); ++i) map.emplace(kKnown[i].name, LogField{kKnown[i].role, i});
        return map;
    }();
    if (name.size() > 40) return {};
    const auto found = kByName.find(plainName(name));
    return found == kByName.end() ? LogField{} : found->second;
}

void LogDraft::start(Arena& arena) {
    m_arena = &arena;
    m_fields.clear();
    m_service = {};
    m_guessed.reset();
    m_badTime = false;
}

void LogDraft::field(std::string_view name, JsonValue value) {
    m_fields.push_back({m_arena->copy(name), plainValue(value, *m_arena), m_arena->copy(value.numberText()), logField(name), false});
    if (!value.isObject() || !isContextName(name)) return;
    for (const auto [key, member] : value.members()) {
        const std::string whole = std::string(name) + "." + std::string(key);
        const LogField role = logField(whole);
        if (role.role == LogRole::None || member.isObject() || member.isArray()) continue;
        m_fields.push_back({m_arena->copy(std::string_view(whole)), plainValue(member, *m_arena), m_arena->copy(member.numberText()), role, true});
    }
}

void LogDraft::field(std::string_view name, std::string_view text) { m_fields.push_back({name, Value::ofString(text), {}, logField(name), false}); }

LogDraft::Field* LogDraft::best(LogRole role, int above) {
    Field* found = nullptr;
    for (auto& field : m_fields)
        if (field.role.role == role && field.role.rank > above && (!found || field.role.rank < found->role.rank) && field.value.type != ValueType::Empty) found = &field;
    return found;
}

/// The first by rank that is a time; a bare number that would be before 1980 is one only where no other field is.
void LogDraft::takeTime(store::LogRecordData& log, ItemNotes& notes) {
    constexpr std::uint64_t k1980 = 315532800ull * 1000000000u;
    const auto written = [](const Field& field) { return field.value.type == ValueType::String ? field.value.text : field.number; };
    Field *taken = nullptr, *bad = nullptr;
    std::optional<LogTime> time;
    for (Field* field = best(LogRole::Time); field; field = best(LogRole::Time, field->role.rank)) {
        const auto read = readLogTime(written(*field));
        if (!read || !isUsableTime(read->ns)) {
            if (!bad && (field->value.type != ValueType::String || !field->value.text.empty())) bad = field;
            continue;
        }
        const bool early = read->guessed && read->ns < k1980;
        if (taken && early) continue;
        taken = field;
        time = read;
        if (!early) break;
    }
    if (taken) {
        taken->taken = true;
        log.timeNs = time->ns;
        m_guessed = time->guessed;
    } else if (bad) {
        m_badTime = true;
        notes.warn(ProblemCode::NoTime, std::string(bad->name) + ": " + escapeControls(repairUtf8(written(*bad).substr(0, 60))));
    }
}

std::int32_t LogDraft::numberedLevel(const Field& field) {
    const std::string_view text = field.value.type == ValueType::String ? field.value.text : field.number;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return 0;
    if (plainName(field.name) == "severitynumber" && number >= 1 && number <= 24) return static_cast<std::int32_t>(number);
    return severityOfNumber(number);
}

void LogDraft::takeLevel(store::LogRecordData& log) {
    Field* const level = best(LogRole::Level);
    if (!level) return;
    const bool isText = level->value.type == ValueType::String;
    if (isText) log.severity = severityOfWord(level->value.text);
    const std::int32_t number = log.severity ? 0 : numberedLevel(*level);
    const std::string_view written = isText ? level->value.text : level->number;
    if (number) log.severity = number;
    // A number between the steps, every ten, says more than the severity that stands for it.
    const bool between = number && !written.ends_with('0') && written != std::to_string(number);
    if ((isText && !number) || between) log.severityText = written;
    level->taken = isText || number;
    // A text that tells nothing stays beside the number that does.
    for (auto& field : m_fields)
        if (!log.severity && &field != level && field.role.role == LogRole::Level && plainName(field.name) == "severitynumber") field.taken = (log.severity = numberedLevel(field)) != 0;
}

void LogDraft::takeIds(store::LogRecordData& log, ItemNotes& notes) {
    if (Field* parent = best(LogRole::TraceParent); parent && parent->value.type == ValueType::String) {
        readLogTraceId(parent->value.text, false, *m_arena, notes, log);
        parent->taken = log.traceId.isValid();
    }
    const auto idText = [](const Field& field) { return field.value.type == ValueType::String ? field.value.text : field.number; };
    if (Field* trace = best(LogRole::TraceId)) {
        const std::string_view text = lastPart(idText(*trace));
        readLogTraceId(text, plainName(trace->name) == "ddtraceid", *m_arena, notes, log);
        trace->taken = log.traceId.isValid() && log.originalTraceId.empty();
    }
    if (Field* span = best(LogRole::SpanId)) {
        const std::string_view text = idText(*span);
        readLogSpanId(text, plainName(span->name) == "ddspanid", *m_arena, notes, log);
        span->taken = log.spanId.isValid() && log.originalSpanId.empty();
    }
    if (Field* flags = best(LogRole::Flags)) {
        const std::string_view text = idText(*flags);
        std::uint32_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, flags->value.type == ValueType::Int ? 10 : 16);
        if (error == std::errc() && end == text.data() + text.size() && value <= 0xFF) {
            log.flags = value;
            flags->taken = true;
        }
    }
}

void LogDraft::settle(store::LogRecordData& log, ItemNotes& notes) {
    takeTime(log, notes);
    takeLevel(log);
    if (Field* message = best(LogRole::Message)) {
        log.body = message->value;
        message->taken = true;
    }
    takeIds(log, notes);
    if (Field* service = best(LogRole::Service); service && service->value.type == ValueType::String && !service->value.text.empty()) {
        m_service = service->value.text;
        service->taken = true;
    }
    std::size_t n = 0;
    auto attributes = m_arena->array<store::Attribute>(m_fields.size());
    for (const auto& field : m_fields)
        if (!field.taken && !field.inside) attributes[n++] = {field.name, field.value};
    log.attributes = attributes.first(n);
}

void readLogTraceId(std::string_view text, bool decimal, Arena& arena, ItemNotes& notes, store::LogRecordData& log) {
    if (isAbsentWord(text)) return;
    // A W3C traceparent: 00-<32 hex>-<16 hex>-<flags>.
    if (text.size() >= 55 && text[2] == '-' && text[35] == '-' && text[52] == '-') {
        const auto trace = TraceId::fromHex(text.substr(3, 32));
        const auto span = SpanId::fromHex(text.substr(36, 16));
        if (trace && span && trace->isValid()) {
            log.traceId = *trace;
            log.spanId = *span;
            std::from_chars(text.data() + 53, text.data() + 55, log.flags, 16);
            return;
        }
    }
    std::string hex;
    if (const auto number = decimal ? readDecimal(text) : std::nullopt) hex = hexOf(*number);
    const auto read = readTraceId(hex.empty() ? text : std::string_view(hex), arena, notes);
    if (!read.id.isValid()) return;
    log.traceId = read.id;
    log.originalTraceId = hex.empty() ? read.original : arena.copy(text);
    log.marks |= read.marks;
}

void readLogSpanId(std::string_view text, bool decimal, Arena& arena, ItemNotes& notes, store::LogRecordData& log) {
    if (isAbsentWord(text)) return;
    std::string hex;
    if (const auto number = decimal ? readDecimal(text) : std::nullopt) hex = hexOf(*number);
    const auto read = readParentId(hex.empty() ? text : std::string_view(hex), arena, notes);
    if (!read.id.isValid()) return;
    log.spanId = read.id;
    log.originalSpanId = hex.empty() ? read.original : arena.copy(text);
    log.marks |= read.marks;
}

}  // namespace spanreel::ingest
