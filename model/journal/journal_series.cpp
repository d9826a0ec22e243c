// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/journal/journal_series.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace spanreel::journal {
namespace {

constexpr auto kSyncEvery = std::chrono::milliseconds(100);
/// How long after a failed try a new file is tried again.
constexpr auto kRotateAgain = std::chrono::milliseconds(500);
/// How long after a failed try to go on in another file that is tried again, where nobody sends meanwhile.
constexpr auto kMendAgain = std::chrono::seconds(1);

struct SeriesFile {
    std::string path;
    unsigned number = 1;
};

/// "journal.spanreel" -> "journal-000002.spanreel"; another name gets its number appended.
std::string numbered(const std::string& first, unsigned number) {
    const std::filesystem::path path(first);
    char text[24];
    if (path.extension() == ".spanreel") {
        std::snprintf(text, sizeof text, "-%06u", number);
        return (path.parent_path() / (path.stem().string() + text + ".spanreel")).string();
    }
    return first + "." + std::to_string(number);
}

/// The files of a series that are there, by number; `first` where there are none. What a killed process left of a file it was
/// writing anew goes. For whoever holds the series.
std::vector<SeriesFile> filesOf(const std::string& first) {
    std::vector<SeriesFile> out;
    std::error_code ignored;
    if (std::filesystem::exists(first, ignored)) out.push_back({first, 1});
    const auto folder = std::filesystem::path(first).parent_path();
    for (const auto& entry : std::filesystem::directory_iterator(folder.empty() ? "." : folder, ignored)) {
        const std::string path = (folder / entry.path().filename()).string();
        // A number is all digits; numbering it again tells whether the rest is the series' name.
        const auto last = path.find_last_of("0123456789");
        if (last == path.npos) continue;
        const auto begin = path.find_last_not_of("0123456789", last) + 1;
        unsigned number = 0;
        const auto [end, error] = std::from_chars(path.data() + begin, path.data() + last + 1, number);
        const bool fresh = path.ends_with(kFreshEnding);
        if (error != std::errc() || number < 2 || numbered(first, number) + (fresh ? kFreshEnding : "") != path) continue;
        if (fresh) dropFresh(numbered(first, number));
        else if (isJournal(path)) out.push_back({path, number});
    }
    dropFresh(first);
    if (out.empty()) return {{first, 1}};
    std::ranges::sort(out, {}, &SeriesFile::number);
    return out;
}

}  // namespace

Result<std::unique_ptr<JournalSeries>> JournalSeries::open(Options options) {
    auto lock = JournalLock::take(options.path);
    if (!lock) return tl::unexpected<Error>(lock.error());
    std::vector<SeriesFile> files = filesOf(options.path);
    auto writer = JournalWriter::open(files.back().path);
    if (!writer) return tl::unexpected<Error>(writer.error());
    std::unique_ptr<JournalSeries> series(new JournalSeries(std::move(options)));
    series->m_lock = std::move(*lock);
    series->m_number = files.back().number;
    files.pop_back();
    for (SeriesFile& file : files) {
        std::error_code ignored;
        const auto bytes = std::filesystem::file_size(file.path, ignored);
        if (!ignored) series->m_ended.push_back({std::move(file.path), bytes, {}});
    }
    series->m_writer = std::move(*writer);
    series->m_first = series->m_options.path;
    series->m_cut = series->m_writer->cutBytes();
    series->m_syncer = std::jthread([s = series.get()](const std::stop_token& stop) { s->syncAlways(stop); });
    return series;
}

JournalSeries::~JournalSeries() {
    m_syncer.request_stop();
    if (m_syncer.joinable()) m_syncer.join();
    (void)sync();
}

// One sync for all that was appended in the last 100 ms; none while nothing comes. What could not be mended is tried again:
// what was acknowledged may be in no file by now, only in this one's pages.
void JournalSeries::syncAlways(const std::stop_token& stop) {
    std::unique_lock lock(m_mutex);
    while (m_wake.wait(lock, stop, [this] { return m_dirty; }) && !stop.stop_requested()) {
        m_wake.wait_for(lock, stop, kSyncEvery, [] { return false; });
        m_dirty = false;
        const auto writer = m_writer;
        lock.unlock();
        (void)writer->sync();
        lock.lock();
        std::vector<JournalEvent> events;
        const bool sound = mend(events).has_value();
        lock.unlock();
        tell(events);
        lock.lock();
        if (sound) continue;
        m_dirty = true;
        m_wake.wait_for(lock, stop, kMendAgain, [] { return false; });
    }
}

/// A new file to go on in: `first` itself where that is a new place, else the next in number. Leaves nothing behind where
/// it cannot be made.
Result<std::shared_ptr<JournalWriter>> JournalSeries::makeNext(const std::string& first, bool newPlace) {
    auto number = newPlace ? 1 : m_number + 1;
    std::string path = newPlace ? first : numbered(first, number);
    std::error_code ignored;
    while (std::filesystem::exists(path, ignored)) path = numbered(first, ++number);
    auto made = JournalWriter::open(path, m_writer->nextSequence());
    if (!made) {
        // Its header may not have fitted.
        if (std::filesystem::file_size(path, ignored) == 0) ::unlink(path.c_str());
        return tl::unexpected<Error>(made.error());
    }
    m_number = number;
    return std::shared_ptr<JournalWriter>(std::move(*made));
}

/// Goes on in a new file where the present one cannot be trusted any more; an error where that is not possible. With the
/// mutex held; `events` are for `tell`, without it.
Result<void> JournalSeries::mend(std::vector<JournalEvent>& events) {
    using State = JournalWriter::State;
    const auto state = m_writer->state();
    const bool gone = state == State::Gone, cut = state == State::Cut, grown = state == State::Grown;
    if (grown) (void)m_writer->sync();  // the file that ends is whole on the disk
    const std::string failure = m_writer->syncFailure();
    if (failure.empty() && state == State::Sound) return {};
    // A durable journal has acknowledged nothing that a failed sync was to bring to the disk: such frames go at once.
    const auto known = m_writer->syncedEnd();
    if (m_options.durable && !failure.empty() && !gone) m_writer->cutAt(known);
    JournalEvent event{JournalEvent::Kind::SyncFailed, m_writer->path(), {}, failure};
    if (gone) event.kind = JournalEvent::Kind::Gone, event.reason = "removed: " + event.path;
    else if (cut) event.kind = JournalEvent::Kind::Cut, event.reason = "cut short by another program: " + event.path;
    else if (grown && failure.empty()) event.kind = JournalEvent::Kind::Grown, event.reason = "written to by another program: " + event.path;
    Result<std::string> first = m_first;
    if (gone) std::erase_if(m_ended, [](const EndedJournal& file) { return !std::filesystem::exists(file.path); });
    if (gone && m_options.newHome) {
        std::error_code ignored;
        if (m_newFirst.empty() || !std::filesystem::exists(std::filesystem::path(m_newFirst).parent_path(), ignored)) first = m_options.newHome();
        else first = m_newFirst;
        m_newFirst = first.value_or(std::string());
    }
    const auto stuck = [&](const Error& error) -> Result<void> {
        if (!m_toldStuck) events.push_back({JournalEvent::Kind::Stuck, event.path, {}, event.reason + "; " + error.detail});
        m_toldStuck = true;
        return fail(ProblemCode::CannotWrite, event.reason);
    };
    if (!first) return stuck(first.error());
    if (gone && !m_lock.holds(*first)) {
        auto lock = JournalLock::take(*first);
        if (!lock) return stuck(lock.error());
        m_lock = std::move(*lock);
    }
    auto next = makeNext(*first, gone);
    if (!next) return stuck(next.error());
    Result<void> moved;
    const bool stays = event.kind == JournalEvent::Kind::Grown;  // all of it
    if (!stays && (gone || failure.empty() || !m_options.durable)) moved = (*next)->copyFrom(*m_writer, gone ? 0 : known);
    if (moved) moved = (*next)->sync();
    if (!moved) {
        ::unlink((*next)->path().c_str());
        return stuck(moved.error());
    }
    if (!gone) {
        if (!stays) m_writer->cutAt(known);
        std::error_code ignored;
        m_ended.push_back({m_writer->path(), cut || stays ? std::filesystem::file_size(m_writer->path(), ignored) : m_writer->size(), {}});
    }
    m_first = *first;
    m_newFirst.clear();
    m_writer = std::move(*next);
    m_toldStuck = false;
    event.next = m_writer->path();
    events.push_back(std::move(event));
    return {};
}

/// Goes on in the next file where this one is long enough. With the mutex held.
void JournalSeries::rotateIfLong(std::vector<JournalEvent>& events) {
    if (m_options.rotateAt == 0 || m_writer->size() < m_options.rotateAt || std::chrono::steady_clock::now() < m_rotateAgain) return;
    // The file that ends is whole on the disk, so only the last one can ever be in doubt.
    auto next = m_writer->sync() ? makeNext(m_first, false) : fail(ProblemCode::CannotWrite);
    if (!next) {
        m_rotateAgain = std::chrono::steady_clock::now() + kRotateAgain;
        return;
    }
    m_ended.push_back({m_writer->path(), m_writer->size(), {}});
    events.push_back({JournalEvent::Kind::NewFile, m_writer->path(), (*next)->path(), {}});
    m_writer = std::move(*next);
}

void JournalSeries::endLongFile() {
    std::vector<JournalEvent> events;
    {
        const std::lock_guard lock(m_mutex);
        if (mend(events)) rotateIfLong(events);
    }
    tell(events);
}

void JournalSeries::tell(const std::vector<JournalEvent>& events) const {
    if (m_options.tell)
        for (const auto& event : events) m_options.tell(event);
}

Result<JournalSeries::Receipt> JournalSeries::append(const FrameInfo& info, const FramePayload& payload, Spare spare) {
    std::vector<JournalEvent> events;
    Result<Receipt> out;
    {
        const std::lock_guard lock(m_mutex);
        if (auto sound = mend(events); !sound) {
            out = tl::unexpected<Error>(sound.error());
        } else {
            rotateIfLong(events);
            const auto most = m_most.load(std::memory_order_relaxed);
            auto written = most && bytesOfAll() >= most ? fail(ProblemCode::CannotWrite, "the disk budget is used up, and what is oldest has still to go") : m_writer->append(info, payload, spare == Spare::Processor ? &m_direct : nullptr);
            if (written) {
                out = Receipt{m_writer, *written};
                if (std::exchange(m_toldStuck, false)) events.push_back({JournalEvent::Kind::Resumed, m_writer->path(), {}, {}});
                ++m_frames;
                if (!m_dirty) {
                    m_dirty = true;
                    m_wake.notify_one();
                }
            } else {
                out = tl::unexpected<Error>(written.error());
                if (written.error().code == ProblemCode::CannotWrite && !std::exchange(m_toldStuck, true)) events.push_back({JournalEvent::Kind::Stuck, m_writer->path(), {}, written.error().detail});
            }
        }
    }
    tell(events);
    return out;
}

Result<void> JournalSeries::settle(const Receipt& receipt) {
    if (!m_options.durable) return {};
    auto done = receipt.file->sync(receipt.sequence);
    if (done && receipt.file->state() == JournalWriter::State::Cut) done = fail(ProblemCode::CannotWrite, "cut short by another program: " + receipt.file->path());  // perhaps before this frame
    if (!done) {
        std::vector<JournalEvent> events;
        {
            const std::lock_guard lock(m_mutex);
            if (m_writer == receipt.file) (void)mend(events);
        }
        tell(events);
    }
    return done;
}

Result<void> JournalSeries::sync() {
    std::vector<JournalEvent> events;
    Result<void> done;
    {
        const std::lock_guard lock(m_mutex);
        done = m_writer->sync();
        if (!done || m_writer->state() != JournalWriter::State::Sound) done = mend(events);
    }
    tell(events);
    return done;
}

std::vector<JournalSeries::File> JournalSeries::files() const {
    const std::lock_guard lock(m_mutex);
    std::vector<File> out;
    for (const EndedJournal& file : m_ended) out.push_back({file.path, file.bytes});
    out.push_back({m_writer->path(), m_writer->size()});
    return out;
}

std::uint64_t JournalSeries::bytes() const {
    const std::lock_guard lock(m_mutex);
    return bytesOfAll();
}

/// With the mutex held.
std::uint64_t JournalSeries::bytesOfAll() const {
    std::uint64_t out = m_writer->size();
    for (const EndedJournal& file : m_ended) out += file.blocked ? 0 : file.bytes;  // senders need not wait for what cannot go
    return out;
}

Trimmed JournalSeries::trim(std::uint64_t bytes, const ServicesOf& servicesOf, const std::stop_token& stop, const Going& going) {
    std::vector<EndedJournal> files;
    {
        const std::lock_guard lock(m_mutex);
        files = m_ended;
    }
    const std::vector<EndedJournal> before = files;
    Trimmed gone = trimJournals(files, bytes, servicesOf, stop, going);
    const auto of = [](const std::vector<EndedJournal>& list, const std::string& path) { return std::ranges::find(list, path, &EndedJournal::path); };
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_ended, [&](const EndedJournal& file) { return of(before, file.path) != before.end() && of(files, file.path) == files.end(); });
    for (EndedJournal& file : m_ended)
        if (const auto found = of(files, file.path); found != files.end()) file = *found;
    return gone;
}

std::uint64_t JournalSeries::blockedBytes() const {
    const std::lock_guard lock(m_mutex);
    std::uint64_t out = 0;
    for (const EndedJournal& file : m_ended) out += file.blocked ? file.bytes : 0;
    return out;
}

std::uint64_t JournalSeries::framesWritten() const {
    const std::lock_guard lock(m_mutex);
    return m_frames;
}

}  // namespace spanreel::journal
