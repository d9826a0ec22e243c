// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/session.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include "app/problem_text.h"
#include "app/studio/notes_keeper.h"
#include "app/studio/paths.h"
#include "app/studio/snapshot_bridge.h"
#include "ingest/receivers/frame_services.h"
#include "model/journal/journal_series.h"
#include "model/journal/session_catalog.h"
#include "model/journal/session_folder.h"
#include "views/context.h"

/// How long after a failed try the folder of the session is tried again.
constexpr int kKeepAgainMs = 3000;

static void initSamples() { Q_INIT_RESOURCE(studio); }

namespace spanreel::app {

Session::Session(views::ViewContext& context, const SessionKeeping& keeping, QObject* parent)
    : QObject(parent), m_context(context), m_keeping(keeping), m_store(store::memoryPolicy(keeping.memoryBudget)), m_bridge(std::make_unique<SnapshotBridge>(m_store)), m_trimmed(std::make_unique<journal::SessionCounts>()), m_worker(std::make_unique<WorkerThread>()) {
    m_notes = std::make_unique<NotesKeeper>(context, *m_worker);
    m_imports = std::make_unique<ImportQueue>(m_store);
    m_keepAgain.setSingleShot(true);
    m_keepAgain.setInterval(kKeepAgainMs);
    connect(&m_keepAgain, &QTimer::timeout, this, [this] {
        m_worker->post([this, run = m_run] { keep(run); });
    });
    connect(m_bridge.get(), &SnapshotBridge::snapshotReady, this, &Session::takeSnapshot);
    connect(m_notes.get(), &NotesKeeper::problem, this, &Session::problem);
    connect(m_notes.get(), &NotesKeeper::problemOver, this, &Session::problemOver);
    connect(m_imports.get(), &ImportQueue::finished, this, [this](const ImportOutcome& outcome) {
        if (outcome.snapshot) takeSnapshot(outcome.snapshot);
        if (outcome.dropped) return;
        if ((outcome.kind == store::SourceKind::File || outcome.kind == store::SourceKind::Recovered) && outcome.result.report.kept > 0) m_notes->load(outcome.path);
    });
}

Session::~Session() {
    m_ending.request_stop();
    m_imports.reset();
    m_notes->flush(true);
    m_worker->post([this] { closeJournal(); });
    m_worker.reset();  // runs what was posted
    m_bridge.reset();
}

void Session::takeSnapshot(const store::SnapshotPtr& snapshot) {
    if (snapshot->generation() >= m_context.snapshot()->generation()) m_context.setSnapshot(snapshot);
}

void Session::setSessionNames(std::map<std::string, std::string> names) { m_context.setSessionNames(std::move(names)); }

void Session::openJournals(const QStringList& files) {
    for (const QString& file : files) m_imports->add(file, store::SourceKind::Recovered);
}

void Session::openFile(const QString& path) { m_imports->add(QFileInfo(path).absoluteFilePath()); }

void Session::openSample() {
    m_worker->post([this, run = m_run] {
        initSamples();
        const QString folder = cacheFolder() + QStringLiteral("/samples");
        bool good = QDir().mkpath(folder);
        QStringList paths;
        for (const QFileInfo& embedded : QDir(QStringLiteral(":/samples")).entryInfoList(QDir::Files)) {
            const QString path = folder + QLatin1Char('/') + embedded.fileName();
            if (QFileInfo(path).size() != embedded.size()) {
                QFile::remove(path);
                good = good && QFile::copy(embedded.filePath(), path);
            }
            paths << path;
        }
        QMetaObject::invokeMethod(this, [this, run, good, folder, paths] {
            if (run != m_run) return;
            if (!good) {
                emit problem(tr("The sample cannot be unpacked into %1.").arg(folder));
                return;
            }
            for (const QString& path : paths) m_imports->add(path, store::SourceKind::Sample);
        });
    });
}

Result<std::string> Session::makeFolder(int run) {
    auto folder = journal::SessionFolder::create("window");
    if (!folder) return tl::unexpected<Error>(folder.error());
    m_diskFolder = std::move(*folder);
    QMetaObject::invokeMethod(this, [this, run, path = QString::fromStdString(m_diskFolder->path())] {
        if (run != m_run) return;
        m_folder = path;
        m_notes->setSessionFolder(path);
    });
    return m_diskFolder->journalPath();
}

void Session::openJournal(int run) {
    if (!m_keeping.keep || m_journal) return;
    const auto cannot = [this, run](const Error& error) {
        if (m_diskFolder) m_diskFolder->discard();  // the next try makes another
        m_diskFolder.reset();
        QMetaObject::invokeMethod(this, [this, run, error] {
            if (run != m_run) return;
            m_folder.clear();
            m_notes->setSessionFolder({});
            m_keepAgain.start();
            if (!std::exchange(m_toldUnkept, true)) emit writingChanged(false, tr("What is received is not kept on disk: %1").arg(QString::fromStdString(problemTextWithPlace(error))));
        });
    };
    const auto path = makeFolder(run);
    if (!path) return cannot(path.error());
    journal::JournalSeries::Options options;
    options.path = *path;
    options.durable = m_keeping.durable;
    options.rotateAt = m_keeping.rotateAt;
    options.newHome = [this, run] { return makeFolder(run); };
    options.tell = [this, run](const journal::JournalEvent& event) {
        QMetaObject::invokeMethod(this, [this, run, event] {
            if (run == m_run) takeEvent(event);
        });
    };
    auto journal = journal::JournalSeries::open(std::move(options));
    if (!journal) return cannot(journal.error());
    m_journal = std::move(*journal);
}

/// Opens the journal where there is none yet; receivers that run already use it from then on.
void Session::keep(int run) {
    const bool had = m_journal != nullptr;
    openJournal(run);
    if (had || !m_journal || !m_receivers) return;
    *m_trimmed = received();
    m_receivers->setJournal(*m_journal);
    QMetaObject::invokeMethod(this, [this, run] {
        if (run == m_run) emit writingChanged(true, tr("What is received can be written again."));
    });
}

void Session::takeEvent(const journal::JournalEvent& event) {
    using Kind = journal::JournalEvent::Kind;
    const auto text = [](const std::string& s) { return QString::fromStdString(s); };
    switch (event.kind) {
        case Kind::NewFile: emit journalRotated(); break;
        case Kind::SyncFailed:
            emit problem(tr("The disk did not take what was received (%1). A new file was begun: %2").arg(text(event.reason), text(event.next)));
            emit writingChanged(true, {});
            break;
        case Kind::Gone:
            emit problem(tr("The folder of this session was removed. What was received goes on in %1").arg(text(event.next)));
            emit writingChanged(true, {});
            break;
        case Kind::Cut:
            emit problem(tr("Another program cut the recording of this session short, and what it cut off is lost. A new file was begun: %1").arg(text(event.next)));
            emit writingChanged(true, {});
            break;
        case Kind::Grown:
            emit problem(tr("Another program wrote into the recording of this session; what it wrote is passed over. A new file was begun: %1").arg(text(event.next)));
            emit writingChanged(true, {});
            break;
        case Kind::Stuck: emit writingChanged(false, tr("What is received cannot be written (%1). Senders are told to come back until it can.").arg(text(event.reason))); break;
        case Kind::Resumed: emit writingChanged(true, tr("What is received can be written again.")); break;
    }
}

journal::SessionCounts Session::received() const {
    journal::SessionCounts counts;
    if (!m_receivers) return counts;
    for (const auto protocol : {ingest::Protocol::Grpc, ingest::Protocol::Http}) {
        const auto& health = m_receivers->health(protocol);
        counts.spans += health.spans;
        counts.logs += health.logs;
        counts.metrics += health.metrics;
    }
    return counts;
}

void Session::closeJournal() {
    if (m_receivers) m_receivers->stop();
    const auto counts = received();
    m_receivers.reset();
    const auto less = [](std::uint64_t a, std::uint64_t b) { return a - std::min(a, b); };
    const bool empty = m_journal && m_journal->framesWritten() == 0;
    m_journal.reset();
    if (m_diskFolder && empty) m_diskFolder->discard();  // nothing was received: leave no trace of the session, unless notes lie there
    else if (m_diskFolder) m_diskFolder->end({less(counts.spans, m_trimmed->spans), less(counts.logs, m_trimmed->logs), less(counts.metrics, m_trimmed->metrics)});
    *m_trimmed = {};
    m_diskFolder.reset();
}

void Session::trimJournals(std::uint64_t bytes) {
    m_worker->post([this, bytes, stop = m_ending.get_token()] {
        journal::Trimmed gone;
        const auto note = [&](const journal::Trimmed& part) {
            const auto folder = QFileInfo(QString::fromStdString(m_journal->files().back().path)).path().toStdString();
            journal::noteTrimmed(folder, part, static_cast<std::uint64_t>(QDateTime::currentMSecsSinceEpoch()) * 1'000'000u);
        };
        if (m_journal) gone = m_journal->trim(bytes, ingest::servicesOfFrame, stop, note);
        m_trimmed->spans += gone.spans;
        m_trimmed->logs += gone.logs;
        m_trimmed->metrics += gone.metrics;
        QMetaObject::invokeMethod(this, [this, gone = std::move(gone)] { emit journalsTrimmed(gone); });
    });
}

void Session::startReceivers(const ingest::ReceiverConfig& config) {
    m_starting = true;
    emit receiversChanged();
    m_worker->post([this, config, run = m_run] {
        keep(run);
        if (!m_receivers) m_receivers = std::make_unique<ingest::ReceiverSet>(m_store, m_journal.get());
        auto result = m_receivers->start(config);
        result.grpc = m_receivers->addresses(ingest::Protocol::Grpc);
        result.http = m_receivers->addresses(ingest::Protocol::Http);
        QMetaObject::invokeMethod(this, [this, run, result = std::move(result), set = m_receivers.get()] {
            if (run != m_run) return;  // the set is gone
            m_receiverState = result;
            m_shown = set;
            m_starting = false;
            emit receiversChanged();
        });
    });
}

void Session::stopReceivers() {
    m_worker->post([this] {
        if (m_receivers) m_receivers->stop();
        QMetaObject::invokeMethod(this, [this] {
            m_receiverState = {};
            emit receiversChanged();
        });
    });
}

const ingest::ReceiverHealth* Session::health(ingest::Protocol protocol) const { return m_shown ? &m_shown->health(protocol) : nullptr; }

void Session::pollRefusals() {
    if (!m_shown) return;
    const auto refused = [](const ingest::ReceiverHealth& h) { return h.refusedOrigins.load() + h.refusedHosts.load(); };
    const auto count = refused(m_shown->health(ingest::Protocol::Http)) + refused(m_shown->health(ingest::Protocol::Grpc));
    if (count == m_refusalCount) return;
    m_refusalCount = count;
    m_worker->post([this] {
        if (!m_receivers) return;
        QMetaObject::invokeMethod(this, [this, refusals = m_receivers->refusals()] {
            m_refusals = refusals;
            emit refusalsChanged();
        });
    });
}

void Session::allow(const ingest::Refusal& refusal) {
    m_worker->post([this, refusal] {
        if (!m_receivers) return;
        if (refusal.isOrigin) m_receivers->allowOrigin(refusal.value);
        else m_receivers->allowHost(refusal.value);
    });
    std::erase_if(m_refusals, [&](const auto& r) { return r.isOrigin == refusal.isOrigin && r.value == refusal.value; });
    emit refusalsChanged();
}

void Session::startAnew(const ingest::ReceiverConfig& config) {
    m_imports->cancel(true);
    m_imports->hold();  // what is opened from now on goes into the new session
    m_ending.request_stop();
    m_ending = std::stop_source();
    m_notes->flush();
    m_notes->reset();
    m_context.selectTrace({});
    m_context.setHiddenServices({});
    m_context.editNotes([](notes::NoteBook& book) { book = {}; });
    m_notes->reset();
    m_notes->setSessionFolder({});
    m_folder.clear();
    const bool listening = m_starting || !m_receiverState.grpc.empty() || !m_receiverState.http.empty();
    ++m_run;
    m_keepAgain.stop();
    m_toldUnkept = false;
    m_shown = nullptr;
    m_refusalCount = 0;
    emit writingChanged(true, {});  // what was said of the old journal
    m_worker->post([this, run = m_run] {
        m_store.clear();  // what receivers still take goes with it
        QMetaObject::invokeMethod(this, [this, run] {
            if (run == m_run) m_imports->release();
        });
        closeJournal();  // may take seconds
    });
    if (listening) startReceivers(config);
}

}  // namespace spanreel::app
