// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "app/commands/command.h"
#include "app/commands/disk_budget.h"
#include "app/commands/tell.h"
#include "app/commands/memory_option.h"
#include "app/commands/stats_json.h"
#include "app/problem_text.h"
#include "ingest/receivers/receiver_set.h"
#include "model/core/json_text.h"
#include "model/journal/journal_series.h"
#include "model/journal/session_folder.h"

namespace spanreel::app {
namespace {

/// "HOST:PORT", "[::1]:4317", ":0", "4317"; false where it is none of them.
bool parseListenAt(std::string_view text, ingest::ListenAt& out) {
    const auto colon = text.rfind(':');
    const bool bracketed = text.starts_with('[');
    std::string_view port = text;
    if (colon != std::string_view::npos) {
        out.host = text.substr(0, colon);
        port = text.substr(colon + 1);
        if (!bracketed && out.host.find(':') != std::string::npos) return false;
    }
    unsigned value = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), value);
    if (error != std::errc() || end != port.data() + port.size() || port.empty() || value > 65535) return false;
    out.port = static_cast<std::uint16_t>(value);
    return true;
}

std::string addressesJson(const ingest::StartResult& result) {
    const auto list = [](const std::vector<std::string>& addresses) {
        std::string out = "[";
        for (const auto& address : addresses) out += (out.size() > 1 ? "," : "") + jsonString(address);
        return out + "]";
    };
    return fmt::format("{{\"grpc\":{},\"http\":{}}}", list(result.grpc), list(result.http));
}

std::string whyNot(const ingest::StartResult& result) {
    std::string out;
    for (const auto& conflict : result.conflicts) {
        out += fmt::format("spanreel serve: {} is in use", conflict.address);
        if (!conflict.holder.empty()) out += " by " + conflict.holder;
        if (conflict.nextFreePort != 0) out += fmt::format("; the next free port is {}", conflict.nextFreePort);
        out += '\n';
    }
    for (const auto& problem : result.problems) out += "spanreel serve: " + problemText(problem) + "\n";
    return out;
}

constexpr std::uint64_t kDiskBudget = 10ull << 30, kLeastDiskBudget = 16ull << 20, kLongestFile = 256ull << 20;
constexpr timespec kLookEvery{0, 200'000'000};  ///< at the memory that is left

int cannotRecord(const Error& error) {
    std::fprintf(stderr, "spanreel serve: %s\n", error.code == ProblemCode::Usage ? error.detail.c_str() : problemText(error).c_str());
    return error.code == ProblemCode::Usage ? kExitUsage : kExitNothingKept;
}

/// Ends a session, null = there is none, whose journal is closed. One in which nothing was received leaves no trace.
void endFolder(journal::SessionFolder* folder, std::uint64_t frames, const analysis::Counts& counts, const journal::Trimmed& gone) {
    if (folder && frames == 0) folder->discard();
    else if (folder) folder->end({counts.spans - std::min(counts.spans, gone.spans), counts.logs - std::min(counts.logs, gone.logs), counts.metrics - std::min(counts.metrics, gone.metrics)});
}

/// The counts of all that came. A recording may outlast the memory that counts it: what was counted is then forgotten, and
/// counting starts over, so that senders are refused for a moment at most. Spans, logs, metrics, services and operations stay exact
/// then; of the others, a trace that goes on counts once more, copies of what was forgotten are no duplicates, children of it
/// are orphans. Old and new are in memory together until the old is counted.
class RunningCounts {
public:
    explicit RunningCounts(store::TraceStore& store) : m_store(store) {}

    /// To be called often. The memory left is for what comes until the next look.
    void look() {
        const auto& memory = m_store.memory();
        if (!memory.full && (memory.budget == 0 || memory.fixed < memory.budget / 4 * 3)) return;
        const std::string* const why = memory.diskFails ? memory.whyDiskFails.load() : nullptr;
        const std::string what = store::whatIsFull(memory) + (memory.full ? " is used up" : " is nearly used up"), disk = why ? " (what has no room cannot go to disk: " + *why + ")" : std::string();
        const auto ended = m_store.startOver();
        ++m_parts;
        try {
            add(analysis::countSession(ended, &m_names));
        } catch (const std::bad_alloc&) {
            tellServe("out of memory to count a part of what was received, of which spans, logs and metrics are counted only");
        }
        tellServe(what + " by what is counted" + disk + ", which starts over: traces that go on count once more");
    }
    /// Of all: spans, logs and metrics as the receivers counted them, where counting started over.
    [[nodiscard]] analysis::Counts all(const ingest::ReceiverSet& receivers) {
        add(analysis::countSession(m_store.snapshot(), &m_names));
        m_all.services = m_names.services.size();
        m_all.operations = m_names.operations.size();
        if (m_parts > 1) {
            m_all.spans = m_all.logs = m_all.metrics = 0;
            for (const auto protocol : {ingest::Protocol::Grpc, ingest::Protocol::Http}) {
                const auto& health = receivers.health(protocol);
                m_all.spans += health.spans;
                m_all.logs += health.logs;
                m_all.metrics += health.metrics;
            }
        }
        return m_all;
    }

private:
    void add(const analysis::Counts& part) {
        using Counts = analysis::Counts;
        for (auto count : {&Counts::traces, &Counts::spans, &Counts::logs, &Counts::metrics, &Counts::errors, &Counts::links, &Counts::events, &Counts::orphans, &Counts::duplicates, &Counts::logTraces})
            m_all.*count += part.*count;
    }
    store::TraceStore& m_store;
    analysis::Counts m_all;
    analysis::DistinctNames m_names;
    unsigned m_parts = 1;
};

/// Tells how much was refused and why the last time, and where a receiver does not listen: senders may never say so.
class RefusedRequests {
public:
    explicit RefusedRequests(const ingest::ReceiverSet& receivers) : m_receivers(receivers) {}
    /// To be called often; tells at once, then at most every ten seconds.
    void look() {
        if (const auto now = std::chrono::steady_clock::now(); now >= m_next && tell()) m_next = now + std::chrono::seconds(10);
    }
    /// False where there is nothing new.
    bool tell() {
        bool any = false;
        for (const auto protocol : {ingest::Protocol::Grpc, ingest::Protocol::Http}) {
            const auto& health = m_receivers.health(protocol);
            const char* const name = protocol == ingest::Protocol::Grpc ? "OTLP/gRPC" : "OTLP/HTTP";
            const std::string why = escapeControls(health.lastError.get());
            auto& told = m_told[static_cast<std::size_t>(protocol)];
            const Refused now{health.malformed + health.tooLarge + health.refusedOrigins + health.refusedHosts + health.refusedOther, health.overloaded, health.rejectedItems, health.deaf};
            if (now == told) continue;
            const Refused before = std::exchange(told, now);
            any = true;
            if (now.deaf != before.deaf) tellServe(now.deaf ? fmt::format("{} does not listen: {}", name, why) : fmt::format("{} listens again", name));
            std::vector<std::string> parts;
            const auto part = [&](std::uint64_t count, const char* did, const char* what, const char* behind) {
                if (count > 0) parts.push_back(fmt::format("{} {} {}{}{}", did, count, what, count == 1 ? "" : "s", behind));
            };
            part(now.requests - before.requests, "refused", "request", "");
            part(now.sentBack - before.sentBack, "sent back", "request", " for a retry");
            part(now.records - before.records, "rejected", "record", "");
            if (!parts.empty()) tellServe(fmt::format("{} {}{}{}", name, fmt::join(parts, ", "), why.empty() ? "" : "; the last: ", why));
        }
        return any;
    }

private:
    struct Refused {
        std::uint64_t requests = 0, sentBack = 0, records = 0;
        bool deaf = false;
        bool operator==(const Refused&) const = default;
    };
    const ingest::ReceiverSet& m_receivers;
    std::array<Refused, 2> m_told{};
    std::chrono::steady_clock::time_point m_next;
};

/// What befell the journal, as a line.
void tell(const journal::JournalEvent& event) {
    using Kind = journal::JournalEvent::Kind;
    std::string line;
    switch (event.kind) {
        case Kind::NewFile: line = fmt::format("{} is full; recording to {}", event.path, event.next); break;
        case Kind::SyncFailed: line = fmt::format("the disk did not take {} ({}); recording to {}", event.path, event.reason, event.next); break;
        case Kind::Gone: line = fmt::format("{} was removed; recording to {}, which has what was in it", event.path, event.next); break;
        case Kind::Cut: line = fmt::format("{} was cut short by another program, what it lost is gone; recording to {}", event.path, event.next); break;
        case Kind::Grown: line = fmt::format("another program wrote into {}, which is passed over; recording to {}", event.path, event.next); break;
        case Kind::Stuck: line = fmt::format("cannot record: {}; senders are told to come back", event.reason); break;
        case Kind::Resumed: line = fmt::format("recording to {} again", event.path); break;
    }
    tellServe(line);
}

int run(std::span<const std::string> arguments) {
    static constexpr std::string_view kFlags[] = {"beyond-loopback", "durable"};
    static constexpr std::string_view kValued[] = {"grpc", "http", "record", "allow-host", "allow-origin", "disk-budget", kMemoryOption};
    const Arguments args = parseArguments(arguments, kFlags, kValued);
    if (!args.error.empty()) return usageError("serve", args.error);
    if (!args.files.empty()) return usageError("serve", "takes no files");
    const auto memory = memoryBudget(args);
    if (!memory) return usageError("serve", kMemoryUsage);
    // Who names a file wants all of it, unless they say otherwise.
    std::uint64_t budget = args.has("record") ? 0 : kDiskBudget;
    if (args.has("disk-budget")) {
        const auto size = store::parseSize(args.value("disk-budget"));
        if (!size || (*size != 0 && *size < kLeastDiskBudget)) return usageError("serve", "--disk-budget needs a size of at least 16M, or 0 for no bound");
        budget = *size;
    }
    ingest::ReceiverConfig config;
    if (args.has("grpc") && !parseListenAt(args.value("grpc"), config.grpc)) return usageError("serve", "--grpc needs HOST:PORT");
    if (args.has("http") && !parseListenAt(args.value("http"), config.http)) return usageError("serve", "--http needs HOST:PORT");
    for (const auto& [name, value] : args.options) {
        if (name == "allow-host") config.allowedHosts.push_back(value);
        if (name == "allow-origin") config.allowedOrigins.push_back(value);
    }
    if (!args.has("beyond-loopback") && (ingest::isBeyondLoopback(config.grpc) || ingest::isBeyondLoopback(config.http)))
        return usageError("serve", "listening beyond this machine needs --beyond-loopback");

    // Blocked before any thread starts, so that only who waits for them below gets them.
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGTERM, SIGINT}) sigaddset(&signals, signal);
    struct sigaction before{};
    // Where it is ignored it stays so: a terminal that closes does not end what was started by nohup.
    if (::sigaction(SIGHUP, nullptr, &before) != 0 || before.sa_handler != SIG_IGN) sigaddset(&signals, SIGHUP);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);

    std::unique_ptr<journal::SessionFolder> folder;
    journal::JournalSeries::Options options;
    options.path = args.value("record");
    options.durable = args.has("durable");
    options.tell = tell;
    options.rotateAt = budget ? std::min(kLongestFile, budget / 8) : 0;
    if (options.path.empty()) {
        auto made = journal::SessionFolder::create("serve");
        if (!made) return cannotRecord(made.error());
        folder = std::move(*made);
        options.path = folder->journalPath();
        // The folder went: another one takes its place. Called with the journal's lock held, so by one thread at a time.
        options.newHome = [&folder]() -> Result<std::string> {
            auto next = journal::SessionFolder::create("serve");
            if (!next) return tl::unexpected<Error>(next.error());
            folder = std::move(*next);
            return folder->journalPath();
        };
    }
    const std::string path = options.path;
    auto journal = journal::JournalSeries::open(std::move(options));
    if (!journal) {
        if (folder) folder->discard();
        return cannotRecord(journal.error());
    }
    if ((*journal)->cutBytes() > 0) std::fprintf(stderr, "spanreel serve: cut an unfinished record of %llu bytes off %s\n", static_cast<unsigned long long>((*journal)->cutBytes()), path.c_str());

    store::TraceStore store(store::memoryPolicy(*memory));
    ingest::ReceiverSet receivers(store, journal->get());
    const auto started = receivers.start(config);
    if (!started.ok()) {
        std::fputs(whyNot(started).c_str(), stderr);
        receivers.stop();
        const auto frames = (*journal)->framesWritten();  // the other receiver may have listened for a moment
        journal->reset();
        endFolder(folder.get(), frames, analysis::countSession(store.snapshot()), {});
        return kExitNothingKept;
    }
    std::fprintf(stderr, "recording to %s\n", path.c_str());
    std::printf("%s\n", addressesJson(started).c_str());
    std::fflush(stdout);

    DiskBudget disk(**journal, budget, folder != nullptr);
    RunningCounts running(store);
    RefusedRequests refused(receivers);
    // Waited for without a descriptor: senders may have taken all there are.
    while (::sigtimedwait(&signals, nullptr, &kLookEvery) < 0) {
        tellServe({});
        running.look();
        refused.look();
    }
    const journal::Trimmed gone = disk.end();

    receivers.stop();
    refused.tell();
    const bool synced = (*journal)->sync().has_value();
    const auto snapshot = store.snapshot();
    std::vector<NamedReport> inputs;
    for (const auto& source : snapshot->sources()) inputs.emplace_back(source.name, source.report);
    const auto counts = running.all(receivers);
    std::printf("%s\n", statsJson(counts, inputs).c_str());
    std::fflush(stdout);
    const auto files = (*journal)->files();
    const auto frames = (*journal)->framesWritten();
    journal->reset();
    endFolder(folder.get(), frames, counts, gone);
    if (files.size() > 1) {
        tellServe(fmt::format("recorded to {} files:", files.size()));
        for (const auto& file : files) tellServe(file.path);
    }
    return synced ? kExitOk : kExitSomeLost;
}

}  // namespace

Command serveCommand() {
    return {"serve", "serve [--grpc HOST:PORT] [--http HOST:PORT] [--record FILE] [--durable] [--disk-budget SIZE]", "receives OTLP without a window and records it",
            "  --grpc HOST:PORT     OTLP/gRPC address (default localhost:4317; port 0 = any free one)\n"
            "  --http HOST:PORT     OTLP/HTTP address (default localhost:4318; port 0 = any free one)\n"
            "  --record FILE        the journal to write or to continue (default: in a new session folder)\n"
            "  --durable            answer only when the disk itself has it: survives a power cut, not just a crash\n"
            "  --disk-budget SIZE   what the recording may take, for example 2G; past it the oldest of the services that sent most\n"
            "                       goes (default: 10G; with --record and for 0: no bound)\n"
            "  --allow-host NAME    accept HTTP requests for this Host too (may be repeated)\n"
            "  --allow-origin URL   accept browser pages of this origin too (may be repeated)\n"
            "  --beyond-loopback    allow addresses that other machines can reach\n"
            "The first line of standard output is JSON with the addresses; SIGTERM or SIGINT ends it and prints the counts as the last line.\n",
            run};
}

}  // namespace spanreel::app
