// SPDX-License-Identifier: GPL-3.0-or-later
// What comes through a pipe is nowhere else: it is kept where its import is stopped.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <string>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/import_file.h"
#include "tests/unit/gzip.h"

namespace spanreel::ingest {
namespace {

namespace fs = std::filesystem;

const std::string kLine = R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0000000000000000000000000000000a","spanId":"000000000000000a","name":"n","startTimeUnixNano":"1760000000000000000","endTimeUnixNano":"1760000000000000001"}]}]}]})" "\n";

std::string times(int n, const std::string& text) {
    std::string out;
    for (int i = 0; i < n; ++i) out += text;
    return out;
}

/// The report on an import that is stopped while it waits for more of a pipe through which these bytes came.
store::ImportReport stoppedBehind(const std::string& bytes, std::uint64_t budget = 0) {
    const std::string path = (fs::temp_directory_path() / ("spanreel-import-pipe-" + std::to_string(getpid()))).string();
    EXPECT_EQ(::mkfifo(path.c_str(), 0600), 0);
    std::signal(SIGPIPE, SIG_IGN);
    std::stop_source stop;
    std::atomic<bool> ended = false;
    ImportProgress progress;
    std::thread writer([&] {
        const int fd = ::open(path.c_str(), O_WRONLY);  // waits for the import
        for (std::size_t at = 0; at < bytes.size();) {
            const ssize_t written = ::write(fd, bytes.data() + at, std::min<std::size_t>(bytes.size() - at, 4096));
            if (written <= 0) break;  // it reads no more
            at += static_cast<std::size_t>(written);
        }
        while (progress.bytesRead < bytes.size() && !ended) std::this_thread::yield();
        stop.request_stop();
        while (!ended) std::this_thread::yield();  // it is not the end of the pipe that ends it
        ::close(fd);
    });
    store::TraceStore store({.budget = budget});
    auto report = importFile(store, path, store::SourceKind::File, &progress, stop.get_token()).report;
    ended = true;
    writer.join();
    fs::remove(path);
    EXPECT_EQ(store.snapshot()->spanCount() + store.snapshot()->logCount(), report.kept);
    return report;
}

TEST(ImportPipe, WhatCameBeforeItIsStoppedIsKept) {
    const std::string text = "2023-11-14T22:13:20Z INFO request handled\n", json = R"({"time":"2023-11-14T22:13:20Z","level":"info","msg":"m"})" "\n";
    const std::string zipkin = R"({"traceId":"a","id":"b","name":"n","timestamp":1760000000000000,"localEndpoint":{"serviceName":"s"}})" "\n";
    // Shorter than what tells a compression, than what tells a format, and longer.
    struct {
        std::string bytes;
        std::uint64_t kept;
        const char* format;
    } const cases[] = {{"a\n", 1, "logs-text"}, {times(3, text), 3, "logs-text"}, {times(200, text), 200, "logs-text"}, {times(3, json), 3, "logs-json"},
                       {kLine, 1, "otlp-json"}, {times(100, kLine), 100, "otlp-json"}, {times(5000, kLine), 5000, "otlp-json"}, {"starting\n" + times(3, kLine), 3, "otlp-json"},
                       {zipkin, 1, "zipkin-json"}, {test::gzip(times(100, kLine)), 100, "otlp-json"}};
    for (const auto& [bytes, kept, format] : cases) {
        const auto report = stoppedBehind(bytes);
        EXPECT_EQ(report.kept, kept) << format << ' ' << bytes.size();
        EXPECT_EQ(report.format, format);
        EXPECT_EQ(report.count(ProblemCode::Cancelled), 1u);
    }
}

// That it was stopped is all there is to tell of a beginning that says nothing.
TEST(ImportPipe, ABeginningThatSaysNothingIsCancelled) {
    for (const std::string& bytes : {std::string("{"), std::string("  \n"), kLine.substr(0, 12), std::string("{\"colour\":1,"), test::gzip(kLine).substr(0, 6)}) {
        const auto report = stoppedBehind(bytes);
        EXPECT_EQ(report.kept, 0u);
        EXPECT_EQ(report.skipped, 1u);
        EXPECT_EQ(report.count(ProblemCode::Cancelled), 1u) << bytes;
    }
}

TEST(ImportPipe, ARecordThatIsNotWholeIsTold) {
    const auto cut = stoppedBehind(times(3, kLine) + kLine.substr(0, 100));
    EXPECT_EQ(cut.kept, 3u);
    EXPECT_EQ(cut.skipped, 2u);
    EXPECT_EQ(cut.count(ProblemCode::Cancelled), 1u);
}

TEST(ImportPipe, AFullStoreStopsIt) {
    const auto report = stoppedBehind(times(50'000, kLine), 1);
    EXPECT_GT(report.kept, 0u);
    EXPECT_LT(report.kept, 50'000u);
    EXPECT_EQ(report.count(ProblemCode::Limit), 1u);
    EXPECT_EQ(report.count(ProblemCode::Cancelled), 0u);
}

}  // namespace
}  // namespace spanreel::ingest
