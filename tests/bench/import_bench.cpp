// SPDX-License-Identifier: GPL-3.0-or-later
// From a file to rows that a snapshot shows, three times into new sessions. The files are named by SPANREEL_BENCH_FILES, with
// colons between them; run pinned to one core it is a figure of one thread.
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <vector>

#include <benchmark/benchmark.h>

#include "ingest/import_file.h"
#include "model/core/heap.h"
#include "model/trace/trace.h"

using namespace spanreel;

namespace {

std::size_t residentBytes() {
    std::ifstream statm("/proc/self/statm");
    std::size_t total = 0, resident = 0;
    statm >> total >> resident;
    return resident * 4096;
}

void importFile(benchmark::State& state, const std::string& path) {
    std::uint64_t spans = 0;
    std::size_t bytesOfStore = 0;
    for (auto _ : state) {
        state.PauseTiming();
        malloc_trim(0);
        const auto before = residentBytes();
        auto st = std::make_unique<store::TraceStore>();
        state.ResumeTiming();
        const auto result = ingest::importFile(*st, path, store::SourceKind::File, nullptr, {}, ingest::Findings::Leave);
        const std::size_t count = st->snapshot()->spanCount();
        state.PauseTiming();
        if (result.report.skipped) state.SkipWithError("not all of the file was read");
        spans += count;
        st->waitSealed();
        malloc_trim(0);
        bytesOfStore = residentBytes() - std::min(before, residentBytes());
        if (count) state.counters["bytes_a_span"] = static_cast<double>(bytesOfStore) / static_cast<double>(count);
        st.reset();
        state.ResumeTiming();
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(spans));
    state.SetBytesProcessed(static_cast<std::int64_t>(std::filesystem::file_size(path)) * state.iterations());
}

void assembleLargest(benchmark::State& state, const std::string& path) {
    store::TraceStore st;
    ingest::importFile(st, path, store::SourceKind::File, nullptr, {}, ingest::Findings::Leave);
    st.waitSealed();
    const auto snapshot = st.snapshot();
    std::uint32_t largest = 0;
    for (std::uint32_t t = 0; t < snapshot->traceCount(); ++t)
        if (snapshot->trace(t).spanCount > snapshot->trace(largest).spanCount) largest = t;
    for (auto _ : state) benchmark::DoNotOptimize(trace::Trace::assemble(snapshot, snapshot->trace(largest).id));
    state.counters["spans"] = static_cast<double>(snapshot->trace(largest).spanCount);
}

/// Traces of about 30 spans, anywhere in the session, by their id.
void assembleAny(benchmark::State& state, const std::string& path) {
    store::TraceStore st;
    ingest::importFile(st, path, store::SourceKind::File, nullptr, {}, ingest::Findings::Leave);
    st.waitSealed();
    const auto snapshot = st.snapshot();
    std::vector<TraceId> ids;
    for (std::uint32_t t = 0; t < snapshot->traceCount(); ++t)
        if (const auto& trace = snapshot->trace(t); trace.spanCount >= 25 && trace.spanCount <= 35) ids.push_back(trace.id);
    if (ids.empty()) return state.SkipWithError("no trace of 25 to 35 spans");
    std::shuffle(ids.begin(), ids.end(), std::mt19937_64(1));
    std::size_t next = 0, spans = 0;
    for (auto _ : state) {
        spans += (*trace::Trace::assemble(snapshot, ids[next]))->recordCount();
        next = next + 1 < ids.size() ? next + 1 : 0;
    }
    state.counters["spans"] = benchmark::Counter(static_cast<double>(spans), benchmark::Counter::kAvgIterations);
    state.counters["session"] = static_cast<double>(snapshot->spanCount());
}

}  // namespace

int main(int argc, char** argv) {
    boundTheHeap();  // as the program does
    std::vector<std::string> files;
    if (const char* named = std::getenv("SPANREEL_BENCH_FILES")) {
        std::istringstream list(named);
        for (std::string file; std::getline(list, file, ':');) files.push_back(file);
    }
    for (const auto& file : files) {
        const std::string name = std::filesystem::path(file).filename().string();
        benchmark::RegisterBenchmark(("import/" + name).c_str(), [file](benchmark::State& state) { importFile(state, file); })->UseRealTime()->Unit(benchmark::kMillisecond)->Iterations(1)->Repetitions(3);
        benchmark::RegisterBenchmark(("any/" + name).c_str(), [file](benchmark::State& state) { assembleAny(state, file); })->UseRealTime()->Unit(benchmark::kMillisecond);
        benchmark::RegisterBenchmark(("assemble/" + name).c_str(), [file](benchmark::State& state) { assembleLargest(state, file); })->UseRealTime()->Unit(benchmark::kMillisecond);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
