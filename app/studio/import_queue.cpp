// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/import_queue.h"

#include <algorithm>
#include <utility>

namespace spanreel::app {

ImportQueue::ImportQueue(store::TraceStore& store, QObject* parent) : QObject(parent), m_store(store), m_worker(std::make_unique<WorkerThread>()) {}

ImportQueue::~ImportQueue() {
    for (const auto& job : m_jobs) job->stop.request_stop();
    m_worker.reset();
}

const ImportQueue::Job* ImportQueue::front() const {
    const auto found = std::ranges::find(m_jobs, false, [](const auto& job) { return job->dropped; });
    return found == m_jobs.end() ? nullptr : found->get();
}

QString ImportQueue::current() const { return front() ? front()->path : QString(); }
const ingest::ImportProgress* ImportQueue::progress() const { return front() ? &front()->progress : nullptr; }

void ImportQueue::add(const QString& path, store::SourceKind kind) {
    if (!busy()) m_total = m_done = 0;
    auto job = std::make_shared<Job>();
    job->path = path;
    job->kind = kind;
    m_jobs.push_back(job);
    ++m_total;
    if (m_held) m_waiting.push_back(job);
    else begin(job);
    emit changed();
}

void ImportQueue::begin(const std::shared_ptr<Job>& job) {
    m_worker->post([this, job] {
        ImportOutcome outcome{job->path, job->kind, {}, nullptr, job->stop.stop_requested(), std::nullopt, false};
        if (!outcome.cancelled) {
            outcome.result = ingest::importFile(m_store, job->path.toStdString(), job->kind, &job->progress, job->stop.get_token());
            outcome.cancelled = job->stop.stop_requested();
            if (const auto total = job->progress.bytesTotal.load())
                outcome.percentRead = static_cast<int>(std::min(100.0, static_cast<double>(job->progress.bytesRead.load()) / static_cast<double>(total) * 100));
            outcome.snapshot = m_store.snapshot();
        }
        QMetaObject::invokeMethod(this, [this, job, outcome] { take(job, outcome); }, Qt::QueuedConnection);
    });
}

void ImportQueue::release() {
    m_held = false;
    for (const auto& job : std::exchange(m_waiting, {})) begin(job);
}

void ImportQueue::take(const std::shared_ptr<Job>& job, const ImportOutcome& outcome) {
    std::erase(m_jobs, job);
    if (!job->dropped) ++m_done;
    ImportOutcome told = outcome;
    told.dropped = job->dropped;
    emit finished(told);
    emit changed();
}

void ImportQueue::cancel(bool drop) {
    for (const auto& job : m_jobs) {
        job->stop.request_stop();
        if (!drop || std::exchange(job->dropped, true)) continue;
        --m_total;  // it is none of this run any more
    }
    if (drop) emit changed();
}

}  // namespace spanreel::app
