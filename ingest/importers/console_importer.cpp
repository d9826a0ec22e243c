// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/importers/console_importer.h"

#include <algorithm>

#include "ingest/importers/console_inspect.h"
#include "ingest/importers/console_record.h"
#include "ingest/importers/console_scanner.h"
#include "ingest/importers/json_records.h"
#include "ingest/importers/line_reader.h"
#include "ingest/importers/sniff.h"
#include "model/core/text.h"

namespace spanreel::ingest {
namespace {

/// Console output of the Python, Go (stdouttrace, stdoutlog) and JavaScript exporters: spans and logs are kept, every
/// stretch of other lines is one lost item.
class ConsoleImporter final : public Importer, private ConsoleScanner::Handler {
public:
    ConsoleImporter() : m_scanner(*this) {}

    void feed(std::string_view bytes, ImportContext& context) override {
        m_context = &context;
        m_lines.feed(bytes, [&](std::string_view line, bool) {
            if (!context.stop.stop_requested()) takeLine(line);
        });
    }
    void finish(ImportContext& context) override {
        m_context = &context;
        m_lines.finish([&](std::string_view line, bool) { takeLine(line); });
        m_scanner.finish();
        m_batcher.release(context);
    }

private:
    void takeLine(std::string_view line) {
        if (m_first && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
        m_first = false;
        m_scanner.line(line);
    }
    void object(std::string_view text, bool inspected, std::int64_t line) override {
        m_inText = false;
        std::string rewritten;
        if (inspected) text = rewritten = inspectToJson(text);
        if (!m_document.read(text, {.allowNonFinite = true})) {
            const JsonError& error = m_document.error();
            const auto newlines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(error.offset, text.size())), '\n');
            m_context->report.skip(error.code, error.message, place(std::min(line + newlines, line + std::max<std::int64_t>(0, std::count(text.begin(), text.end(), '\n') - 1))));
            return;
        }
        const JsonValue root = m_document.root();
        ItemNotes notes(*m_context, place(line));
        const ConsoleKind kind = consoleKind(root);
        if (kind == ConsoleKind::Metrics) return notes.skip(ProblemCode::WrongSignal, "metrics of a console exporter");
        if (kind == ConsoleKind::Other) return notes.skip(ProblemCode::UnreadableLine, escapeControls(repairUtf8(text.substr(0, std::min<std::size_t>(80, text.find_last_not_of('\n') + 1)))));
        m_batcher.begin(*m_context);
        noteRepairs(m_document, notes);
        if (inspected && !m_inspectTold) {
            m_inspectTold = true;
            const bool oneLine = text.find('\n') + 1 >= text.size();
            notes.warnAt(ProblemCode::FlaggedValue, "printed by JavaScript's util.inspect, which is not JSON and may shorten deep values", place(oneLine ? line : line + 1));
        }
        if (kind == ConsoleKind::Span) readConsoleSpan(root, inspected, m_batcher, notes);
        else readConsoleLog(root, m_batcher, notes);
    }
    void cut(std::int64_t line) override {
        m_inText = false;
        m_context->report.skip(ProblemCode::BadJson, "the object that begins here does not end", place(line));
    }
    void tooLong(std::int64_t line) override {
        m_inText = false;
        m_context->report.skip(ProblemCode::Limit, "a record is over 64 MiB", place(line));
    }
    void text(std::string_view line, std::int64_t number) override {
        if (!m_inText) m_context->report.skip(ProblemCode::UnreadableLine, escapeControls(repairUtf8(line.substr(0, 80))), place(number));
        m_inText = true;
    }
    [[nodiscard]] Place place(std::int64_t line) const { return {m_context->file, -1, line}; }

    LineReader m_lines;
    ConsoleScanner m_scanner;
    JsonDocument m_document;
    RecordBatcher m_batcher;
    ImportContext* m_context = nullptr;
    bool m_first = true, m_inText = false, m_inspectTold = false;
};

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

int sniffConsole(std::string_view head, bool) {
    // Exporters' own spellings, anywhere in a program's output.
    if (holds(head, "\"trace_id\": \"0x") && holds(head, "\"span_id\": \"0x") && (holds(head, "\"context\"") || holds(head, "\"severity_number\"") || holds(head, "\"body\""))) return 92;
    if (holds(head, "\"SpanContext\"") && holds(head, "\"TraceID\"") && holds(head, "\"StartTime\"")) return 92;
    if (holds(head, "\"SeverityText\"") && holds(head, "\"TraceID\"") && holds(head, "\"Body\"") && holds(head, "\"ObservedTimestamp\"")) return 92;
    if ((holds(head, "traceId: '") || holds(head, "traceId: undefined")) && (holds(head, "instrumentationScope: {") || holds(head, "timestamp: ") || holds(head, "parentId: "))) return 92;
    // Python's metrics: OTLP's names in snake_case, but attributes as an object. Surer than OTLP JSON is of those names alone.
    if (holds(head, "\"resource_metrics\"") && holds(head, "\"attributes\": {")) return 75;
    const KeySniff keys(head);
    if (!keys.startsLikeJson() || keys.has("resourceSpans") || keys.has("scopeSpans") || keys.has("batches")) return 0;
    // The shapes of tutorials.
    if (keys.hasTop("context") && keys.has("trace_id") && keys.has("span_id") && (keys.hasTop("start_time") || keys.hasTop("parent_id"))) return 88;
    const bool logLike = keys.hasTop("msg") || keys.hasTop("message") || keys.hasTop("level") || keys.hasTop("severity");
    if (!logLike && keys.hasTop("traceId") && keys.hasTop("spanId") && (keys.hasTop("name") || keys.hasTop("operationName")) &&
        (keys.hasTop("duration") || keys.hasTop("endTime") || keys.hasTop("parentSpanId") || keys.hasTop("startTime")))
        return 82;
    return 0;
}

}  // namespace

ImporterDescriptor consoleImporter() {
    return {"otel-console", "OpenTelemetry console exporter output", {"*.txt", "*.log", "*.json"}, 40, sniffConsole, []() -> std::unique_ptr<Importer> { return std::make_unique<ConsoleImporter>(); }};
}

}  // namespace spanreel::ingest
