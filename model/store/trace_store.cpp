// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/store/trace_store.h"

#include <chrono>
#include <new>
#include <utility>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "model/store/attribute_front.h"
#include "model/store/store_writer.h"

namespace spanreel::store {
namespace {

/// Full segments that may wait for the sealer; whoever appends seals beyond that, so that memory stays bounded. On one core
/// there is nothing to wait for, and each that waits is memory touched anew.
std::size_t mostWaiting() { return std::thread::hardware_concurrency() > 1 ? 4 : 1; }
/// How often the worker looks for what may be let go of; and how long nothing comes before spare memory goes.
constexpr auto kTick = std::chrono::seconds(1);
/// How long the worker waits where there is no memory to pack with.
constexpr auto kNoMemoryAgain = std::chrono::milliseconds(100);
/// Niceness of the thread that packs. Whoever appends, decodes or sends goes first where there are too few cores for all:
/// packing has time, and where it falls behind the appender packs too.
constexpr int kGivesWay = 5;

}  // namespace

TraceStore::TraceStore(MemoryPolicy memory)
    : m_writer(std::make_unique<StoreWriter>()), m_mostWaiting(mostWaiting()), m_keeper(std::move(memory)), m_frontData(m_writer->data()), m_worker([this](std::stop_token stop) { work(stop); }) {}

TraceStore::~TraceStore() {
    m_worker.request_stop();
    m_worker.join();
}

SourceTicket TraceStore::addSource(SourceKind kind, std::string name) {
    SourceTicket source;
    {
        const std::lock_guard lock(m_mutex);
        source = {m_writer->addSource(kind, std::move(name)), m_session};
        ++m_generation;
    }
    notify();
    return source;
}

void TraceStore::updateSource(SourceTicket source, ImportReport report, bool finished) {
    {
        const std::lock_guard lock(m_mutex);
        if (!m_writer->source(source) || source.session != m_session) return;  // cleared meanwhile
        m_writer->updateSource(source, std::move(report), finished);
        ++m_generation;
    }
    notify();
}

std::uint64_t TraceStore::recordsOf(SourceTicket source) {
    const std::lock_guard lock(m_mutex);
    const SourceInfo* const info = m_writer->source(source);
    return info && source.session == m_session ? info->spans + info->logs + info->metrics : 0;
}

void TraceStore::append(Batch batch, SourceTicket source, std::uint64_t syntheticGroup) {
    {
        std::unique_lock lock(m_mutex);
        m_idle.wait(lock, [this] { return !m_keeper.mustWait(); });
        if (!m_writer->source(source) || source.session != m_session) return;  // cleared meanwhile
        if (batch.pending && batch.pending->data != m_writer->data()) return;
        ++m_generation;
        m_writer->append(std::move(batch), source, syntheticGroup);
        queueFull();
        while (m_waiting.size() > (m_keeper.isTight() ? 1 : m_mostWaiting)) {
            if (!sealBesideAppending()) break;
        }
        if (m_keeper.isTight()) m_writer->dropSpare();
        countMemory();
        if (!m_waiting.empty() || m_keeper.hasWork() || (m_dozes && hasSpare())) m_wake.notify_one();
    }
    notify();
}

TraceStore::LentFront::LentFront(TraceStore& store, std::unique_ptr<AttributeFront> front) : m_store(&store), m_front(std::move(front)) {}
TraceStore::LentFront::LentFront(LentFront&&) noexcept = default;
TraceStore::LentFront::~LentFront() {
    if (m_front) m_store->giveBack(std::move(m_front));
}

TraceStore::LentFront TraceStore::lendFront() {
    std::shared_ptr<StoreData> data;
    {
        const std::lock_guard lock(m_frontMutex);
        if (!m_fronts.empty()) {
            auto front = std::move(m_fronts.back());
            m_fronts.pop_back();
            return {*this, std::move(front)};
        }
        data = m_frontData;
    }
    return {*this, std::make_unique<AttributeFront>(std::move(data))};
}

void TraceStore::giveBack(std::unique_ptr<AttributeFront> front) {
    try {
        front->trim();
        const std::lock_guard lock(m_frontMutex);
        if (front->data() == m_frontData) m_fronts.push_back(std::move(front));
    } catch (const std::bad_alloc&) {  // it goes
    }
}

/// Full segments are to be packed; where there is no memory to note them, with the next append.
void TraceStore::queueFull() {
    try {
        for (auto& all = m_writer->fullSpans(); !all.empty(); all.erase(all.begin())) m_waiting.push_back({all.front(), nullptr, m_writer->data()});
        for (auto& all = m_writer->fullLogs(); !all.empty(); all.erase(all.begin())) m_waiting.push_back({nullptr, all.front(), m_writer->data()});
    } catch (const std::bad_alloc&) {
    }
}

/// Packs the oldest full segment. False where there is no memory to do so: the rows are in all the same, and it is tried again.
bool TraceStore::sealBesideAppending() {
    try {
        if (!m_appenderScratch) m_appenderScratch = std::make_unique<SealScratch>();
        Sealed sealed = seal(m_waiting.front(), *m_appenderScratch);
        m_appenderScratchBytes = m_appenderScratch->bytes();
        replace(m_waiting.front(), std::move(sealed));
        m_waiting.pop_front();
        return true;
    } catch (const std::bad_alloc&) {
        m_appenderScratch.reset();  // in the middle of something
        m_appenderScratchBytes = 0;
        m_writer->dropSpare();
        return false;
    }
}

TraceStore::Sealed TraceStore::seal(const Waiting& full, SealScratch& scratch) {
    Sealed out;
    if (full.spans) out.spans = SpanSegment::seal(*full.spans, full.data->attributes, scratch);
    if (full.logs) out.logs = LogSegment::seal(*full.logs, full.data->attributes, scratch);
    return out;
}

void TraceStore::replace(const Waiting& full, Sealed sealed) {
    if (full.data != m_writer->data()) return;  // the session was cleared meanwhile
    if (sealed.spans) m_keeper.add(sealed.spans, sealed.spans->block);
    if (sealed.logs) m_keeper.add(sealed.logs, sealed.logs->block);
    if (sealed.spans) m_writer->replace(std::move(sealed.spans));
    if (sealed.logs) m_writer->replace(std::move(sealed.logs));
    countMemory();
    // Nothing else has changed, but snapshots of before hold the memory of the open segment.
    m_cached.reset();
    ++m_generation;
}

void TraceStore::countMemory() {
    std::size_t open = m_writer->openBytes() + m_writer->spareBytes() + m_workerScratchBytes + m_appenderScratchBytes;
    for (const Waiting& full : m_waiting) open += (full.spans ? full.spans->bytes() : 0) + (full.logs ? full.logs->bytes() : 0);
    m_keeper.count(*m_writer->data(), m_writer->tableBytes(), open, m_writer->segmentCount());
}

void TraceStore::work(std::stop_token stop) {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kGivesWay);  // of this thread alone; a hint
    std::unique_lock lock(m_mutex);
    const auto something = [this] { return !m_waiting.empty() || m_keeper.hasWork() || m_keeper.hasOldFile(); };
    auto looked = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) try {
        if (m_keeper.wantsTicks() || hasSpare() || hasFronts() || !m_ended.empty()) {
            const std::uint64_t before = m_generation;
            if (!m_wake.wait_for(lock, stop, kTick, something) && !stop.stop_requested()) {
                dropSpare();
                if (m_generation == before) dropFronts();
            }
        } else {
            m_dozes = true;
            m_wake.wait(lock, stop, [&] { return something() || hasSpare() || !m_ended.empty(); });
            m_dozes = false;
        }
        if (const auto now = std::chrono::steady_clock::now(); now - looked >= kTick) {  // however busy
            looked = now;
            m_keeper.tick();
            letGo(lock);
            letGoOfEnded(lock);
        }
        if (!m_waiting.empty()) sealOldest(lock);
        if (m_keeper.hasWork() && !stop.stop_requested()) spill(lock);
        if (m_keeper.hasOldFile()) dropOldFile(lock);
    } catch (const std::bad_alloc&) {
        if (!lock) lock.lock();
        waitForMemory(lock);
    }
}

void TraceStore::sealOldest(std::unique_lock<std::mutex>& lock) {
    std::list<Waiting> taken;  // a list, as its items go to and fro without memory
    taken.splice(taken.begin(), m_waiting, m_waiting.begin());
    const Waiting& full = taken.front();
    ++m_sealing;
    try {
        if (!m_workerScratch) m_workerScratch = std::make_unique<SealScratch>();
        lock.unlock();
        Sealed sealed = seal(full, *m_workerScratch);
        lock.lock();
        m_workerScratchBytes = m_workerScratch->bytes();
        replace(full, std::move(sealed));
    } catch (const std::bad_alloc&) {
        if (!lock) lock.lock();
        dropSpare();
        waitForMemory(lock);
        if (full.data == m_writer->data()) m_waiting.splice(m_waiting.begin(), taken);
    }
    --m_sealing;
    taken.clear();
    lock.unlock();
    m_idle.notify_all();
    notify();
    lock.lock();
}

void TraceStore::spill(std::unique_lock<std::mutex>& lock) {
    MemoryKeeper::Work work;
    Result<void> done;
    try {
        work = m_keeper.take(m_writer->data());
        if (!work.pieces.empty()) {
            lock.unlock();
            done = m_keeper.carryOut(work);
        }
    } catch (const std::bad_alloc&) {
        done = fail(ProblemCode::Limit);
    }
    if (!lock) lock.lock();
    if (!done && work.pieces.empty()) {  // not even what to do could be noted
        waitForMemory(lock);
        m_keeper.lookAgain();
    }
    if (!work.pieces.empty()) m_keeper.settle(std::move(work), done);
    m_idle.notify_all();
}

/// Others may give some back.
void TraceStore::waitForMemory(std::unique_lock<std::mutex>& lock) {
    lock.unlock();
    std::this_thread::sleep_for(kNoMemoryAgain);
    lock.lock();
}

void TraceStore::dropOldFile(std::unique_lock<std::mutex>& lock) {
    auto file = m_keeper.takeOldFile();
    lock.unlock();
    file.reset();  // may take a while
    lock.lock();
}

void TraceStore::letGo(std::unique_lock<std::mutex>& lock) {
    std::vector<std::shared_ptr<const void>> owners;
    const auto pieces = m_keeper.comeBack(owners);
    if (pieces.empty()) return;
    lock.unlock();
    for (const auto& piece : pieces) letGoOf(piece.data, piece.bytes);
    owners.clear();
    lock.lock();
}

/// Sessions of before that nobody reads any more.
void TraceStore::letGoOfEnded(std::unique_lock<std::mutex>& lock) {
    std::list<SnapshotPtr> gone;
    for (auto it = m_ended.begin(); it != m_ended.end();) {
        const auto next = std::next(it);
        if (it->use_count() == 1 && (*it)->lastOfSession()) gone.splice(gone.end(), m_ended, it);
        it = next;
    }
    lock.unlock();
    gone.clear();  // may take a while
    lock.lock();
}

void TraceStore::waitSealed() {
    std::unique_lock lock(m_mutex);
    m_idle.wait(lock, [this] { return settled(); });
    dropSpare();
    dropFronts();
}

bool TraceStore::hasFronts() {
    const std::lock_guard lock(m_frontMutex);
    return !m_fronts.empty();
}

void TraceStore::dropFronts() {
    const std::lock_guard lock(m_frontMutex);
    m_fronts.clear();
}

bool TraceStore::hasSpare() const { return m_workerScratch || m_appenderScratch || m_writer->spareBytes() > 0; }

void TraceStore::dropSpare() {
    m_workerScratch.reset();
    m_appenderScratch.reset();
    m_workerScratchBytes = m_appenderScratchBytes = 0;
    m_writer->dropSpare();
    countMemory();
}

SnapshotPtr TraceStore::snapshot() {
    const std::lock_guard lock(m_mutex);
    return newest();
}

const SnapshotPtr& TraceStore::newest() {
    if (!m_cached || m_cached->generation() != m_generation) m_cached = m_writer->snapshot(m_generation);
    return m_cached;
}

void TraceStore::clear() {
    {
        const std::lock_guard lock(m_mutex);
        m_ended.push_back(newest());
        ++m_session;
        replaceWriter(std::make_unique<StoreWriter>());
    }
    tellCleared();
}

SnapshotPtr TraceStore::startOver() {
    SnapshotPtr last;
    {
        const std::lock_guard lock(m_mutex);
        last = m_writer->snapshot(m_generation);
        auto writer = std::make_unique<StoreWriter>();
        for (const SourceInfo& before : last->sources()) {
            const SourceId source = writer->addSource(before.kind, before.name);
            writer->updateSource(source, before.report, before.finished);
        }
        replaceWriter(std::move(writer));
    }
    tellCleared();
    return last;
}

/// With the mutex held.
void TraceStore::replaceWriter(std::unique_ptr<StoreWriter> writer) {
    m_writer->dropSpare();  // snapshots may keep the rest
    m_writer = std::move(writer);
    const std::lock_guard frontLock(m_frontMutex);
    m_frontData = m_writer->data();
    m_fronts.clear();
    m_waiting.clear();
    m_keeper.reset();
    m_cached.reset();
    ++m_generation;
}

void TraceStore::tellCleared() {
    m_idle.notify_all();
    m_wake.notify_one();
    notify();
}

void TraceStore::setListener(std::function<void()> callback) {
    const std::lock_guard lock(m_listenerMutex);
    m_listener = std::move(callback);
}

void TraceStore::notify() {
    const std::lock_guard lock(m_listenerMutex);
    if (m_listener) m_listener();
}

}  // namespace spanreel::store
