// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <numeric>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <zstd.h>

#include "ingest/import_file.h"
#include "ingest/io/inflate.h"
#include "model/analysis/findings.h"
#include "model/otlp/proto_writer.h"
#include "tests/unit/gzip.h"

namespace {
int g_reads = 0;
/// Called before each read of a file at a place, with its number from 1; an error number to fail with, 0 = read.
std::function<int(int)> g_beforeRead;
/// The same, with the place.
std::function<int(off_t)> g_beforeReadAt;
std::mutex g_readMutex;

ssize_t readAt(int fd, void* to, std::size_t size, off_t at) {
    int error = 0;
    {
        const std::lock_guard lock(g_readMutex);
        error = g_beforeRead ? g_beforeRead(++g_reads) : g_beforeReadAt ? g_beforeReadAt(at) : 0;
    }
    if (error == 0) return static_cast<ssize_t>(::syscall(SYS_pread64, fd, to, size, at));
    errno = error;
    return -1;
}
}  // namespace
/// In place of the C library's.
extern "C" ssize_t pread(int fd, void* to, std::size_t size, off_t at) { return readAt(fd, to, size, at); }
extern "C" ssize_t pread64(int fd, void* to, std::size_t size, off_t at) { return readAt(fd, to, size, at); }

namespace spanreel::ingest {
namespace {

namespace fs = std::filesystem;

const std::string kLine = R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0000000000000000000000000000000a","spanId":"000000000000000a","name":"n","startTimeUnixNano":"1760000000000000000","endTimeUnixNano":"1760000000000000001"}]}]}]})" "\n";

using test::gzip;

std::string zstd(std::string_view text) {
    std::string out(ZSTD_compressBound(text.size()), '\0');
    out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
    return out;
}

class ImportFile : public testing::Test {
protected:
    void SetUp() override {
        m_folder = fs::temp_directory_path() / ("spanreel-import-" + std::to_string(getpid()));
        fs::create_directories(m_folder);
    }
    void TearDown() override { fs::remove_all(m_folder); }
    std::string write(std::string_view bytes, const std::string& name = "input") {
        const std::string path = (m_folder / name).string();
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }
    store::ImportReport import(const std::string& path, std::stop_token stop = {}) {
        store::TraceStore store;
        auto report = importFile(store, path, store::SourceKind::File, &m_progress, stop).report;
        EXPECT_EQ(store.snapshot()->spanCount() + store.snapshot()->logCount(), report.kept);
        EXPECT_EQ(store.snapshot()->sources().size(), 1u);
        EXPECT_TRUE(store.snapshot()->sources()[0].finished);
        return report;
    }
    /// The one problem of an input of which nothing is kept.
    Problem refusal(std::string_view bytes) {
        const auto report = import(write(bytes));
        EXPECT_EQ(report.kept, 0u);
        EXPECT_EQ(report.skipped, 1u);
        if (report.entries().size() != 1) {
            ADD_FAILURE() << report.entries().size() << " problems";
            return {};
        }
        EXPECT_NE(report.entries()[0].problem.place.file, "");
        return report.entries()[0].problem;
    }
    fs::path m_folder;
    ImportProgress m_progress;
};

TEST_F(ImportFile, ReadsPlainAndCompressed) {
    std::string lines;
    for (int i = 0; i < 5000; ++i) lines += kLine;
    for (const std::string& bytes : {lines, gzip(lines), zstd(lines), gzip(lines.substr(0, kLine.size() * 2000)) + gzip(lines.substr(kLine.size() * 2000)),
                                     zstd(lines.substr(0, kLine.size() * 10)) + zstd(lines.substr(kLine.size() * 10)), "\xEF\xBB\xBF" + lines}) {
        const auto report = import(write(bytes, "named.txt"));
        EXPECT_EQ(report.kept, 5000u);
        EXPECT_EQ(report.skipped, 0u);
        EXPECT_EQ(report.format, "otlp-json");
        EXPECT_EQ(m_progress.bytesRead, bytes.size());
        EXPECT_EQ(m_progress.bytesTotal, bytes.size());
        EXPECT_EQ(m_progress.items, 5000u);
    }
}

TEST_F(ImportFile, DamagedCompression) {
    std::string lines;
    for (int i = 0; i < 5000; ++i) lines += kLine.substr(0, kLine.size() - 2) + ",\"n\":" + std::to_string(i * 7919) + "}\n";
    std::string damaged = gzip(lines);
    damaged[damaged.size() - 6] ^= 1;  // the checksum
    EXPECT_EQ(import(write(damaged)).kept, 0u);
    EXPECT_EQ(import(write(damaged)).count(ProblemCode::BadCompression), 1u);
    for (const std::string& whole : {gzip(lines), zstd(lines)}) {
        const auto cut = import(write(std::string_view(whole).substr(0, whole.size() - 20)));
        EXPECT_EQ(cut.count(ProblemCode::BadCompression), 1u);
        EXPECT_GE(cut.skipped, 1u);
    }
    // Cut before anything came out of it.
    for (const auto& [whole, detail] : {std::pair(gzip(kLine), "gzip: truncated"), std::pair(zstd(kLine), "zstd: truncated")})
        for (const std::size_t size : {5u, 10u}) {
            const Problem problem = refusal(std::string_view(whole).substr(0, size));
            EXPECT_EQ(problem.code, ProblemCode::BadCompression) << detail;
            EXPECT_EQ(problem.detail, detail);
        }
    EXPECT_EQ(refusal(gzip(gzip(lines))).code, ProblemCode::BadCompression);
    // A member whose checksum is right stays, whatever comes behind it.
    const std::string good = gzip(kLine + kLine);
    const auto second = import(write(good + damaged));
    EXPECT_EQ(second.kept, 2u);
    EXPECT_EQ(second.count(ProblemCode::BadCompression), 1u);
    for (const std::string& behind : {std::string("rubbish"), kLine, std::string(1, '\x1f'), "\x1fno gzip" + kLine, std::string(600, '\0') + kLine, zstd(kLine)}) {
        const auto report = import(write(good + behind));
        EXPECT_EQ(report.kept, 2u) << behind;
        EXPECT_EQ(report.skipped, 1u) << behind;
    }
    for (const std::size_t padding : {1u, 600u, 100000u}) {
        const auto report = import(write(good + std::string(padding, '\0') + good + std::string(padding, '\0')));
        EXPECT_EQ(report.kept, 4u) << padding;
        EXPECT_EQ(report.skipped, 0u) << padding;
    }
}

// The same spans once more are a finding of the file that brings them, as where both are read at once.
TEST_F(ImportFile, CopiesOfAnotherFilesSpansAreTold) {
    const std::string path = write(kLine);
    store::TraceStore store;
    EXPECT_EQ(importFile(store, path).report.warned, 0u);
    const auto again = importFile(store, path).report;
    EXPECT_EQ(again.kept, 1u);
    EXPECT_EQ(again.warned, 1u);
    EXPECT_EQ(again.count(ProblemCode::DuplicateSpan), 1u);
    EXPECT_EQ(importFile(store, write(kLine + kLine, "third.jsonl")).report.warned, 1u);
}

TEST_F(ImportFile, CopiesAreTheFindingOfWhatBroughtThem) {
    store::TraceStore store;
    const std::string first = write(kLine, "first.jsonl"), second = write(kLine + kLine, "second.jsonl");
    auto one = importFile(store, first, store::SourceKind::File, nullptr, {}, Findings::Leave), two = importFile(store, second, store::SourceKind::File, nullptr, {}, Findings::Leave);
    std::vector<store::ImportReport*> reports(store.snapshot()->sources().size(), nullptr);
    reports[one.source] = &one.report;
    reports[two.source] = &two.report;
    analysis::addTraceFindings(store.snapshot(), reports);
    EXPECT_TRUE(one.report.clean());
    EXPECT_EQ(two.report.warned, 1u);
    ASSERT_EQ(two.report.entries().size(), 1u);
    EXPECT_TRUE(two.report.entries()[0].problem.detail.ends_with(", 3 equal copies")) << two.report.entries()[0].problem.detail;
    EXPECT_EQ(two.report.entries()[0].problem.place.file, second);
}

TEST_F(ImportFile, ABombIsStopped) {
    const auto report = import(write(gzip(kLine + std::string(80u << 20, ' ') + kLine)));
    EXPECT_EQ(report.count(ProblemCode::Limit), 1u);
    EXPECT_EQ(report.kept, 1u);
}

TEST_F(ImportFile, SaysWhatItIsInstead) {
    EXPECT_EQ(refusal("").code, ProblemCode::Empty);
    EXPECT_EQ(refusal(" \n\t \n").code, ProblemCode::Empty);
    EXPECT_EQ(refusal("\xEF\xBB\xBF\n").code, ProblemCode::Empty);
    EXPECT_EQ(refusal("<!DOCTYPE html><html></html>").detail, "HTML");
    EXPECT_EQ(refusal("PK\x03\x04rest").detail, "a ZIP archive");
    const std::string utf16("\xFF\xFE{\0\"\0a\0\"\0", 10);
    EXPECT_EQ(refusal(utf16).code, ProblemCode::UnsupportedEncoding);
    EXPECT_EQ(refusal(utf16.substr(2)).code, ProblemCode::UnsupportedEncoding);
    const Problem api = refusal(R"({"data":null,"total":0,"errors":[{"code":404,"msg":"trace not found"}]})");
    EXPECT_EQ(api.code, ProblemCode::ApiError);
    EXPECT_EQ(api.detail, "trace not found");
    EXPECT_EQ(refusal(R"({"code":5,"message":"not here","details":[]})").code, ProblemCode::ApiError);
    EXPECT_NE(refusal(R"({"colour":1,"shape":{}})").detail.find("colour, shape"), std::string::npos);
    EXPECT_EQ(refusal(std::string(5000, '[')).code, ProblemCode::Nesting);
    EXPECT_NE(refusal(R"({"traces":[{"traceID":"a","rootServiceName":"s"}]})").detail.find("search"), std::string::npos);
}

TEST_F(ImportFile, AStrayByteCostsNothing) {
    const auto list = [](const std::string& head, const std::string& record, const std::string& tail, const std::string& stray) {
        std::string text = head;
        for (int i = 0; i < 40; ++i) text += (i == 0 ? "" : i == 10 ? stray + "," : i == 20 ? "," + stray : ",") + record;
        return text + tail;
    };
    const std::string span = kLine.substr(kLine.find("{\"traceId"), kLine.find("}]}]}]}") + 1 - kLine.find("{\"traceId"));
    const std::string zipkin = R"({"traceId":"a","id":"b","name":"n","timestamp":1760000000000000,"tags":{"k":"}]"}})";
    const std::string jaeger = R"({"traceID":"a","spanID":"b","operationName":"n","startTime":1760000000000000,"processID":"p","tags":[{"key":"k","type":"string","value":"}]"}]})";
    for (const std::string& stray : {std::string("@"), std::string(1, '\0'), std::string("{"), std::string("}"), std::string("["), std::string("]"), std::string("\""), std::string(",")}) {
        for (const std::string& text : {list(R"({"resourceSpans":[{"scopeSpans":[{"spans":[)", span, "]}]}]}", stray), list(R"({"resourceSpans":[)", R"({"resource":{},"scopeSpans":[{"spans":[)" + span + "]}]}", "]}", stray),
                                        list("[", zipkin, "]", stray), list(R"({"data":[{"traceID":"a","processes":{"p":{"serviceName":"s"}},"spans":[)", jaeger, "]}]}", stray), list("[", kLine, "]", stray)}) {
            const auto report = import(write(text));
            EXPECT_EQ(report.kept, 40u) << text;
            EXPECT_EQ(report.skipped, 2u) << text;
        }
    }
    EXPECT_EQ(import(write(list("", kLine, "", ""))).kept, 40u);
    const auto marked = import(write("\xEF\xBB\xBF" + kLine + "\xEF\xBB\xBF" + kLine));
    EXPECT_EQ(marked.kept, 2u);
    EXPECT_EQ(marked.skipped, 0u);
}

TEST_F(ImportFile, IsRecognisedBehindALongFirstValue) {
    const std::string members = R"("name":"n","timestamp":1760000000000000,"localEndpoint":{"serviceName":"s"})";
    for (const std::size_t size : {std::size_t{5000}, std::size_t{100'000}, std::size_t{900'000}}) {
        const std::string text(size, 'x');
        const auto kept = [&](const std::string& input, const std::string& format) {
            const auto report = import(write(input));
            EXPECT_EQ(report.format, format);
            EXPECT_EQ(report.skipped, 0u);
            return report.kept;
        };
        EXPECT_EQ(kept("[{\"tags\":{\"q\":\"" + text + "\"},\"traceId\":\"a\",\"id\":\"b\"," + members + "},{\"traceId\":\"a\",\"id\":\"c\"," + members + "}]", "zipkin-json"), 2u);
        EXPECT_EQ(kept("{\"stack\":\"" + text + "\",\"msg\":\"m\",\"level\":\"info\",\"time\":\"2025-01-01T00:00:00Z\"}\n{\"msg\":\"m\",\"level\":\"info\",\"time\":\"2025-01-01T00:00:00Z\"}\n", "logs-json"), 2u);
        EXPECT_EQ(kept("{\"comment\":\"" + text + "\"," + kLine.substr(1), "otlp-json"), 1u);
        EXPECT_EQ(kept("{\n \"attributes\": {\"a\": \"" + text + "\"},\n \"name\": \"n\",\n \"context\": {\"trace_id\": \"0x0a\", \"span_id\": \"0x0b\"},\n \"start_time\": \"2025-01-01T00:00:00Z\",\n \"parent_id\": null\n}\n", "otel-console"), 1u);
        EXPECT_EQ(refusal("{\"comment\":\"" + text + "\",\"x\":1}").code, ProblemCode::UnknownFormat);
    }
}

TEST_F(ImportFile, TextBeforeJsonCostsItself) {
    for (const std::string& text : {std::string("starting collector"), std::string("starting\ncollector"), std::string(6000, 'x')}) {
        const auto report = import(write(text + "\n" + kLine + kLine + kLine));
        EXPECT_EQ(report.format, "otlp-json");
        EXPECT_EQ(report.kept, 3u);
        EXPECT_EQ(report.skipped, 1u);
    }
    EXPECT_EQ(import(write("starting\nlistening\nstopped\n")).format, "logs-text");
}

// Whatever the lines in front look like, and whether a log would have more of them than the trace format has.
TEST_F(ImportFile, LinesOfALogStandBeforeTheData) {
    const std::string logLine = "2023-11-14T22:13:20Z INFO request handled\n", pairs = "level=info msg=\"request handled\" n=1\n", banner = "collector starting\n";
    const std::string pretty = "{\n  \"resourceSpans\": [{\n    \"scopeSpans\": [{\n" + kLine.substr(kLine.find("\"spans\""), kLine.find_last_of('\n') - kLine.find("\"spans\"")) + "\n";
    const std::string jaeger = R"({"data":[{"traceID":"a","spans":[{"traceID":"a","spanID":"b","operationName":"n","startTime":1,"duration":1,"processID":"p"}],"processes":{"p":{"serviceName":"s"}}}]})" "\n";
    const std::string zipkin = R"([{"traceId":"a","id":"b","name":"n","timestamp":1760000000000000,"localEndpoint":{"serviceName":"s"}}])" "\n";
    std::string alternating, many;
    for (int i = 0; i < 20; ++i) {
        alternating += logLine + kLine;
        many += pairs;
    }
    struct {
        std::string text;
        const char* format;
        std::uint64_t kept;
    } const cases[] = {{logLine + kLine, "otlp-json", 1}, {pairs + kLine, "otlp-json", 1}, {banner + pretty, "otlp-json", 1}, {many + kLine + kLine, "otlp-json", 2}, {logLine + jaeger, "jaeger-json", 1}, {logLine + zipkin, "zipkin-json", 1}, {alternating, "otlp-json", 20}};
    for (const auto& [text, format, kept] : cases) {
        const auto report = import(write(text));
        EXPECT_EQ(report.format, format) << text;
        EXPECT_EQ(report.kept, kept) << text;
        EXPECT_GT(report.skipped, 0u) << text;
    }
    // A log in which a line of it lies stays one.
    std::string log;
    for (int i = 0; i < 40; ++i) log += logLine;
    EXPECT_EQ(import(write(logLine + kLine + log)).format, "logs-text");
    EXPECT_EQ(import(write(logLine + R"({"traceId":"a","id":"b","timestamp":1760000000000000,"message":"m"})" "\n")).format, "logs-text");
}

// Not OTLP in snake_case, of which nothing would be told.
TEST_F(ImportFile, MetricsOfPythonsConsoleExporterAreTold) {
    const auto report = import(write(R"({
    "resource_metrics": [
        {
            "resource": {
                "attributes": {
                    "service.name": "s"
                },
                "schema_url": ""
            },
            "scope_metrics": []
        }
    ]
}
)"));
    EXPECT_EQ(report.format, "otel-console");
    EXPECT_EQ(report.skipped, 1u);
    EXPECT_EQ(report.count(ProblemCode::WrongSignal), 1u);
    EXPECT_EQ(import(write(R"({"resource_metrics":[{"resource":{"attributes": [{"key":"service.name"}]}}]})")).count(ProblemCode::SnakeCase), 1u);
}

TEST_F(ImportFile, ManyBlanksStandBeforeTheData) {
    for (const std::string& blanks : {std::string(3u << 20, ' '), std::string(3u << 20, '\n'), std::string(1u << 20, ' ') + "\r\n" + std::string(1u << 20, '\t')}) {
        const auto report = import(write(blanks + kLine + "rubbish\n" + kLine));
        EXPECT_EQ(report.kept, 2u);
        ASSERT_EQ(report.skipped, 1u);
        const Place place = report.entries()[0].problem.place;
        if (place.line >= 0) EXPECT_EQ(place.line, std::count(blanks.begin(), blanks.end(), '\n') + 2);
        else EXPECT_EQ(place.byte, static_cast<std::int64_t>((blanks + kLine).size()));
        EXPECT_EQ(refusal(blanks).code, ProblemCode::Empty);
    }
}

TEST_F(ImportFile, WhatCannotBeOpened) {
    for (const auto& path : {m_folder / "missing", m_folder}) {
        const auto report = import(path.string());
        EXPECT_EQ(report.count(ProblemCode::CannotOpen), 1u);
        ASSERT_EQ(report.entries().size(), 1u);
        EXPECT_TRUE(report.entries()[0].lost);
        EXPECT_EQ(report.entries()[0].problem.place.file, path.string());
        // An error of its own: there is no item to count.
        EXPECT_EQ(report.read(), 0u);
        EXPECT_TRUE(report.lossy() && report.unopened() && !report.clean());
        store::ImportReport all;
        all.merge(report);
        EXPECT_TRUE(all.lossy());
    }
    EXPECT_FALSE(import(write(kLine)).lossy());
}

/// However long who writes to a pipe takes, nobody has to wait: neither before the first byte nor between two.
TEST_F(ImportFile, AFifoWaitsForItsWriterUntilItIsStopped) {
    const std::string path = (m_folder / "fifo").string();
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    for (const bool written : {false, true}) {
        std::stop_source stop;
        std::atomic<bool> ended = false;
        m_progress.bytesRead = 0;
        std::thread writer([&] {
            const int fd = written ? ::open(path.c_str(), O_WRONLY) : -1;
            if (written) {
                EXPECT_EQ(::write(fd, kLine.data(), kLine.size()), static_cast<ssize_t>(kLine.size()));
                while (m_progress.bytesRead < kLine.size()) std::this_thread::yield();
            }
            stop.request_stop();
            if (written) {
                while (!ended) std::this_thread::yield();  // it is not the end of the pipe that ends it
                ::close(fd);
            }
        });
        const auto report = import(path, stop.get_token());
        ended = true;
        writer.join();
        EXPECT_EQ(report.kept, written ? 1u : 0u);
        EXPECT_EQ(report.count(ProblemCode::Cancelled), 1u);
    }
}

TEST_F(ImportFile, AFifoIsReadToItsEnd) {
    const std::string path = (m_folder / "fifo").string();
    ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
    std::thread writer([&] {
        const int fd = ::open(path.c_str(), O_WRONLY);  // waits for the import
        for (std::uint64_t lines = 1; lines <= 3; ++lines) {
            EXPECT_EQ(::write(fd, kLine.data(), kLine.size()), static_cast<ssize_t>(kLine.size()));
            while (m_progress.bytesRead < lines * kLine.size()) std::this_thread::yield();  // a pause
        }
        ::close(fd);
    });
    const auto report = import(path);
    writer.join();
    EXPECT_EQ(report.kept, 3u);
    EXPECT_EQ(report.skipped, 0u);
}

TEST_F(ImportFile, CanBeCancelled) {
    std::stop_source stop;
    stop.request_stop();
    const auto report = import(write(kLine), stop.get_token());
    EXPECT_EQ(report.kept, 0u);
    EXPECT_EQ(report.count(ProblemCode::Cancelled), 1u);
}

// Reading stops where memory does; what was read is kept and counted, the rest is told once.
TEST_F(ImportFile, StopsWhereTheMemoryBudgetIsUsedUp) {
    std::string lines, document = R"({"resourceSpans":[)", log;
    const std::string group = kLine.substr(kLine.find('[') + 1, kLine.size() - kLine.find('[') - 4);  // one of the resources
    constexpr int kMany = 150000;
    for (int i = 0; i < kMany; ++i) {
        lines += kLine;
        document += (i ? "," : "") + group;
        log += R"({"time":"2025-01-01T00:00:00Z","level":"info","msg":"a line"})" "\n";
    }
    document += "]}";
    for (const std::string& input : {lines, document, log, gzip(lines), zstd(document)}) {
        store::TraceStore store({.budget = 1});
        const auto report = importFile(store, write(input), store::SourceKind::File, &m_progress).report;
        const auto snapshot = store.snapshot();
        EXPECT_EQ(snapshot->spanCount() + snapshot->logCount(), report.kept);
        EXPECT_GT(report.kept, 0u);
        EXPECT_LT(report.kept, static_cast<std::uint64_t>(kMany));
        EXPECT_EQ(report.skipped, 1u);
        ASSERT_EQ(report.count(ProblemCode::Limit), 1u);
        const auto again = importFile(store, write(input), store::SourceKind::File, &m_progress).report;
        EXPECT_EQ(again.kept, 0u);
        EXPECT_EQ(again.count(ProblemCode::Limit), 1u);
    }
    // All of it was read before: nothing is lost.
    store::TraceStore store({.budget = 1});
    const auto report = importFile(store, write(kLine), store::SourceKind::File, &m_progress).report;
    EXPECT_EQ(report.kept, 1u);
    EXPECT_EQ(report.skipped, 0u);
}

/// A file that takes several reads, to which something happens before the third.
class ImportFileThatChanges : public ImportFile {
protected:
    static constexpr int kLines = 30'000;
    store::ImportReport importWhile(const std::function<int(const std::string& path)>& third) {
        std::string text;
        for (int i = 0; i < kLines; ++i) text += kLine;
        const std::string path = write(text);
        g_reads = 0;
        g_beforeRead = [&](int number) { return number == 3 ? third(path) : 0; };
        auto report = import(path);
        g_beforeRead = nullptr;
        EXPECT_GE(g_reads, 3);
        return report;
    }
    [[nodiscard]] static std::uint64_t linesBefore(const std::uint64_t bytes) { return bytes / kLine.size(); }
};

TEST_F(ImportFileThatChanges, WhatWasReadBeforeAnErrorIsKept) {
    std::uint64_t read = 0;
    const auto report = importWhile([&](const std::string&) { return read = m_progress.bytesRead, EIO; });
    EXPECT_GT(read, 0u);
    EXPECT_EQ(report.kept, linesBefore(read));
    ASSERT_FALSE(report.entries().empty());
    bool told = false;
    for (const auto& entry : report.entries()) told |= entry.problem.code == ProblemCode::CannotRead && !entry.problem.place.file.empty();
    EXPECT_TRUE(told);
    EXPECT_GE(report.skipped, 1u);
}

TEST_F(ImportFileThatChanges, OneThatIsCutKeepsItsBeginning) {
    std::uint64_t read = 0;
    const auto report = importWhile([&](const std::string& path) {
        read = m_progress.bytesRead;
        fs::resize_file(path, 1000);
        return 0;
    });
    EXPECT_EQ(report.kept, linesBefore(read));
    EXPECT_EQ(report.skipped, read % kLine.size() ? 1u : 0u);
}

TEST_F(ImportFileThatChanges, OneThatGrowsIsReadToItsNewEnd) {
    const auto report = importWhile([](const std::string& path) {
        std::ofstream(path, std::ios::binary | std::ios::app) << kLine << kLine;
        return 0;
    });
    EXPECT_EQ(report.kept, kLines + 2u);
    EXPECT_EQ(report.skipped, 0u);
}

TEST_F(ImportFileThatChanges, OneThatIsRemovedIsReadOn) {
    const auto report = importWhile([](const std::string& path) {
        fs::remove(path);
        return 0;
    });
    EXPECT_EQ(report.kept, std::uint64_t{kLines});
    EXPECT_EQ(report.skipped, 0u);
}

/// Requests in protobuf with four bytes of length before each. Large ones are read by those who decode them.
class ImportFileOfMessages : public ImportFile {
protected:
    struct File {
        std::string bytes;
        std::vector<std::uint64_t> begins;  ///< of the requests
    };
    /// A request of so many spans for each number.
    static File messages(const std::vector<int>& sizes) {
        File file;
        std::uint64_t id = 0;
        for (const int spans : sizes) {
            otlp::ProtoWriter w;
            const auto resource = w.begin(1), scope = w.begin(2);
            for (int i = 0; i < spans; ++i) {
                const auto span = w.begin(2);
                ++id;
                w.text(1, std::string(8, 't') + std::string(reinterpret_cast<const char*>(&id), 8));
                w.text(2, std::string(reinterpret_cast<const char*>(&id), 8));
                w.text(5, "operation " + std::to_string(id));
                w.fixed64(7, 1760000000000000000u + id);
                w.fixed64(8, 1760000000000000001u + id);
                w.end(span);
            }
            w.end(scope);
            w.end(resource);
            const auto n = static_cast<std::uint32_t>(w.size());
            file.begins.push_back(file.bytes.size() + 4);
            for (int shift = 24; shift >= 0; shift -= 8) file.bytes += static_cast<char>(n >> shift);
            file.bytes += w.take();
        }
        return file;
    }
    /// The spans' names in their order.
    std::string namesOf(const std::string& path, store::ImportReport& report) {
        store::TraceStore store;
        report = importFile(store, path, store::SourceKind::File, &m_progress).report;
        std::string out;
        store.snapshot()->forEachSpan([&](const store::SpanView& span) { out += std::string(span.name()) + "\n"; });
        EXPECT_EQ(store.snapshot()->spanCount(), report.kept);
        return out;
    }
    static constexpr int kLarge = 5000;  ///< spans of a large request, of about 80 bytes each
};

TEST_F(ImportFileOfMessages, LargeAndSmallOnesComeInTheirOrder) {
    int passed = 0;
    const std::vector<int> sizes{3, kLarge, kLarge, 1, 1, kLarge, 900, 0, 2 * kLarge, 7};
    const auto file = messages(sizes);
    const std::string path = write(file.bytes, "input.pb");
    g_reads = 0;
    g_beforeRead = [&](int) { return ++passed, 0; };
    store::ImportReport report, inflated;
    const std::string names = namesOf(path, report);
    g_beforeRead = nullptr;
    EXPECT_EQ(report.format, "otlp-proto");
    EXPECT_EQ(report.skipped, 0u);
    EXPECT_EQ(report.warned, 0u);
    EXPECT_EQ(report.kept, static_cast<std::uint64_t>(std::accumulate(sizes.begin(), sizes.end(), 0)));
    EXPECT_EQ(m_progress.bytesRead, file.bytes.size());
    // Read in far fewer pieces than chunks, and the same as where no byte can be left in the file.
    EXPECT_LT(passed, static_cast<int>(file.bytes.size() / (64 * 1024)));
    EXPECT_EQ(namesOf(write(gzip(file.bytes), "input.pb.gz"), inflated), names);
    EXPECT_EQ(inflated.kept, report.kept);
}

TEST_F(ImportFileOfMessages, OneThatIsCutShortKeepsItsBeginning) {
    const auto file = messages({3, kLarge, kLarge, kLarge});
    for (const std::size_t cut : {file.bytes.size() - 1, file.bytes.size() - 100'000, static_cast<std::size_t>(file.begins[2]) + 5}) {
        store::ImportReport plain, inflated;
        const std::string names = namesOf(write(file.bytes.substr(0, cut), "input.pb"), plain);
        EXPECT_EQ(namesOf(write(gzip(file.bytes.substr(0, cut)), "input.pb.gz"), inflated), names);
        EXPECT_EQ(plain.kept, inflated.kept);
        EXPECT_EQ(plain.skipped, 1u);
        EXPECT_EQ(plain.count(ProblemCode::BadProtobuf), 1u);
        ASSERT_EQ(plain.entries().size(), 1u);
        ASSERT_EQ(inflated.entries().size(), 1u);
        EXPECT_EQ(plain.entries()[0].problem.detail, inflated.entries()[0].problem.detail);
        EXPECT_EQ(plain.entries()[0].problem.place.byte, inflated.entries()[0].problem.place.byte);
    }
}

/// While a large message is read: the file is cut within it, or the disk fails there.
TEST_F(ImportFileOfMessages, WhatHappensToOneThatWasLeftIsTold) {
    const auto file = messages({3, kLarge, kLarge, 2});
    for (const bool cut : {true, false}) {
        const std::string path = write(file.bytes, "input.pb");
        const auto middle = static_cast<off_t>(file.begins[2]);
        bool happened = false;
        g_beforeReadAt = [&](off_t at) {
            if (at != middle || std::exchange(happened, true)) return 0;
            if (!cut) return EIO;
            fs::resize_file(path, static_cast<std::uintmax_t>(middle) + 50'000);
            return 0;
        };
        store::ImportReport report;
        const std::string names = namesOf(path, report);
        g_beforeReadAt = nullptr;
        ASSERT_TRUE(happened);
        // Those before it and, where they can be read, its beginning or those behind it.
        EXPECT_GE(report.kept, 3u + kLarge + (cut ? 500u : 2u));
        EXPECT_LT(report.kept, 3u + 2 * kLarge);
        EXPECT_EQ(report.skipped, 1u);
        EXPECT_EQ(report.count(cut ? ProblemCode::BadProtobuf : ProblemCode::CannotRead), 1u);
        ASSERT_EQ(report.entries().size(), 1u);
        const Place& place = report.entries()[0].problem.place;
        EXPECT_EQ(place.file, path);
        EXPECT_EQ(place.byte, static_cast<std::int64_t>(middle) - 4);
    }
}

}  // namespace
}  // namespace spanreel::ingest
