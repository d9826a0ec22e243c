// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCoreApplication>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "app/commands/command.h"
#include "app/commands/load_inputs.h"
#include "app/commands/load_notes.h"
#include "app/commands/memory_option.h"
#include "app/commands/output_file.h"
#include "app/commands/pick_trace.h"
#include "app/problem_text.h"
#include "model/trace/trace.h"
#include "views/report/report_builder.h"

namespace spanreel::app {

namespace {

enum class Format { Html, Markdown, Unknown };

Format formatOfName(std::string_view path) {
    const auto endsWith = [&](std::string_view end) { return path.size() > end.size() && path.substr(path.size() - end.size()) == end; };
    if (endsWith(".html") || endsWith(".htm")) return Format::Html;
    if (endsWith(".md") || endsWith(".markdown")) return Format::Markdown;
    return Format::Unknown;
}

bool writeOut(const std::string& path, const std::string& text) {
    auto out = OutputFile::open(path, ingest::Compression::None);
    Result<void> done;
    if (out) {
        (*out)->write(text);
        done = (*out)->commit();
    } else {
        done = tl::unexpected<Error>(out.error());
    }
    if (!done) std::fprintf(stderr, "spanreel: %s\n", problemTextWithPlace(done.error()).c_str());
    return done.has_value();
}

bool writeReport(const report::Document& document, Format format, const std::string& path) {
    if (format == Format::Html) return writeOut(path, report::writeHtml(document));
    const std::filesystem::path target(path);
    const auto markdown = report::writeMarkdown(document, target.stem().string());
    for (const auto& [name, svg] : markdown.files)
        if (!writeOut((target.parent_path() / name).string(), svg)) return false;
    return writeOut(path, markdown.text);
}

int run(std::span<const std::string> arguments) {
    static constexpr std::string_view kFlags[] = {"no-redact"}, kValued[] = {"o", "output", "trace", kMemoryOption};
    const Arguments args = parseArguments(arguments, kFlags, kValued);
    if (!args.error.empty()) return usageError("report", args.error);
    const auto memory = memoryBudget(args);
    if (!memory) return usageError("report", kMemoryUsage);
    if (args.files.empty()) return usageError("report", "no file given");
    const std::string path = args.has("o") ? args.value("o") : args.value("output");
    if (path.empty()) return usageError("report", "no output given: -o OUT.html or -o OUT.md");
    const Format format = path == "-" ? Format::Html : formatOfName(path);
    if (format == Format::Unknown) return usageError("report", "the name '" + path + "' does not tell the format: .html or .md");

    const LoadedInputs loaded = loadInputs(args.files, *memory);
    const auto snapshot = loaded.snapshot();
    if (snapshot->spanCount() == 0 && loaded.status != kExitOk) return loaded.status;
    const auto picked = pickTrace(snapshot, args.value("trace"));
    if (!picked) return usageError("report", problemText(picked.error()));
    const auto assembled = trace::Trace::assemble(snapshot, *picked);
    if (!assembled) return usageError("report", problemText(assembled.error()));

    views::ReportOptions options;
    options.redact = !args.has("no-redact");
    options.writtenNs = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count());
    options.notes = loadNotesOf(args.files);
    int argc = 1;
    char name[] = "spanreel";
    char* argv[] = {name, nullptr};
    std::unique_ptr<QCoreApplication> application;  // dot runs in a QProcess
    if (!QCoreApplication::instance()) application = std::make_unique<QCoreApplication>(argc, argv);
    const auto built = views::buildReport(**assembled, options);
    if (!writeReport(built.document, format, path)) return kExitNothingKept;
    if (options.redact)
        std::fprintf(stderr, "spanreel: %llu well-known secrets redacted\n", static_cast<unsigned long long>(built.redacted));
    else
        std::fputs("spanreel: redaction was off\n", stderr);
    return loaded.status;
}

}  // namespace

Command reportCommand() {
    return {"report", "report FILE\u2026 [--trace ID] -o OUT.(html|md) [--no-redact]", "writes a report of one trace",
            "  --trace ID   the trace; may be left out where the files hold only one; 'largest' is the one with the most spans\n"
            "  -o OUT       .html: one page that needs nothing else; .md: Markdown with its pictures as .svg files beside it;\n"
            "               '-' writes HTML to standard output\n"
            "  --no-redact  leaves well-known secrets (authorization, cookies, passwords, tokens, keys) as they are\n"
            "  Notes beside the files (FILE.spanreel-notes.json) go into the report.\n",
            run};
}

}  // namespace spanreel::app
