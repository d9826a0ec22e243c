// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/session.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include "app/problem_text.h"
#include "app/studio/notes_keeper.h"
#include "app/studio/paths.h"
#include "app/studio/snapshot_bridge.h"
#include "model/journal/journal_writer.h"
#include "views/context.h"

static void initSamples() { Q_INIT_RESOURCE(studio); }

namespace spanreel::app {

Session::Session(views::ViewContext& context, bool keep, QObject* parent)
    : QObject(parent), m_context(context), m_keep(keep), m_bridge(std::make_unique<SnapshotBridge>(m_store)), m_worker(std::make_unique<WorkerThread>()) {
    m_notes = std::make_unique<NotesKeeper>(context, *m_worker);
    m_imports = std::make_unique<ImportQueue>(m_store);
    connect(m_bridge.get(), &SnapshotBridge::snapshotReady, this, &Session::takeSnapshot);
    connect(m_notes.get(), &NotesKeeper::problem, this, &Session::problem);
    connect(m_imports.get(), &ImportQueue::finished, this, [this](const ImportOutcome& outcome) {
        if (outcome.snapshot) takeSnapshot(outcome.snapshot);
        if (outcome.kind == store::SourceKind::File && outcome.result.report.kept > 0) m_notes->load(outcome.path);
    });
}

Session::~Session() {
    m_imports.reset();
    m_notes->flush();
    m_worker->post([this] {
        if (m_receivers) m_receivers->stop();
        const bool empty = m_journal && m_journal->nextSequence() <= 1;
        const QString journal = m_journal ? QString::fromStdString(m_journal->path()) : QString();
        m_receivers.reset();
        m_journal.reset();
        if (empty) {  // nothing was received: leave no trace of the session, unless notes lie there
            QFile::remove(journal);
            QDir().rmdir(QFileInfo(journal).absolutePath());
        }
    });
    m_worker.reset();  // runs what was posted
    m_bridge.reset();
}

void Session::takeSnapshot(const store::SnapshotPtr& snapshot) {
    if (snapshot->generation() >= m_context.snapshot()->generation()) m_context.setSnapshot(snapshot);
}

void Session::openFile(const QString& path) { m_imports->add(QFileInfo(path).absoluteFilePath()); }

void Session::openSample() {
    m_worker->post([this] {
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
        QMetaObject::invokeMethod(this, [this, good, folder, paths] {
            if (!good) {
                emit problem(tr("The sample cannot be unpacked into %1.").arg(folder));
                return;
            }
            for (const QString& path : paths) m_imports->add(path, store::SourceKind::Sample);
        });
    });
}

void Session::openJournal() {
    if (!m_keep || m_journal) return;
    const auto folder = journal::makeSessionFolder();
    if (!folder) {
        QMetaObject::invokeMethod(this, [this, error = folder.error()] {
            emit problem(tr("What is received is not kept on disk: %1").arg(QString::fromStdString(problemTextWithPlace(error))));
        });
        return;
    }
    auto journal = journal::JournalWriter::open(*folder + "/journal.spanreel");
    if (!journal) {
        QMetaObject::invokeMethod(this, [this, error = journal.error()] {
            emit problem(tr("What is received is not kept on disk: %1").arg(QString::fromStdString(problemTextWithPlace(error))));
        });
        return;
    }
    m_journal = std::move(*journal);
    QMetaObject::invokeMethod(this, [this, path = QString::fromStdString(*folder)] {
        m_folder = path;
        m_notes->setSessionFolder(path);
    });
}

void Session::startReceivers(const ingest::ReceiverConfig& config) {
    m_starting = true;
    emit receiversChanged();
    m_worker->post([this, config] {
        openJournal();
        if (!m_receivers) m_receivers = std::make_unique<ingest::ReceiverSet>(m_store, m_journal.get());
        auto result = m_receivers->start(config);
        result.grpc = m_receivers->addresses(ingest::Protocol::Grpc);
        result.http = m_receivers->addresses(ingest::Protocol::Http);
        QMetaObject::invokeMethod(this, [this, result = std::move(result), set = m_receivers.get()] {
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
    m_notes->flush();
    m_notes->reset();
    m_context.selectTrace({});
    m_context.setHiddenServices({});
    m_context.editNotes([](notes::NoteBook& book) { book = {}; });
    m_notes->reset();
    m_notes->setSessionFolder({});
    m_folder.clear();
    const bool listening = !m_receiverState.grpc.empty() || !m_receiverState.http.empty();
    m_shown = nullptr;
    m_refusalCount = 0;
    m_worker->post([this] {
        if (m_receivers) m_receivers->stop();
        m_receivers.reset();
        m_journal.reset();
        m_store.clear();
    });
    if (listening) startReceivers(config);
}

}  // namespace spanreel::app
