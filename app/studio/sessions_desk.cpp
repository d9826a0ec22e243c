// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/sessions_desk.h"

#include <QDateTime>
#include <QLocale>
#include <QVBoxLayout>
#include <algorithm>
#include <chrono>
#include <functional>

#include "app/problem_text.h"
#include "app/studio/session.h"
#include "app/studio/sessions_dialog.h"
#include "app/studio/settings.h"
#include "app/studio/worker_thread.h"
#include "model/core/time_format.h"

namespace spanreel::app {

using journal::SessionEntry;

namespace {

constexpr std::size_t kMostNamed = 3;
/// Less is not worth writing a file anew.
constexpr std::uint64_t kLeastTrimmed = 64ull << 20;

std::uint64_t nowNs() { return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count()); }

QString sizeText(std::uint64_t bytes) { return QLocale().formattedDataSize(static_cast<qint64>(bytes)); }

}  // namespace

SessionsDesk::SessionsDesk(Session& session, Settings& settings, bool keeps, QVBoxLayout* bannerArea, QWidget* window)
    : QObject(window), m_session(session), m_settings(settings), m_keeps(keeps), m_area(bannerArea), m_window(window), m_worker(std::make_unique<WorkerThread>()) {
    connect(&session, &Session::journalRotated, this, [this] { sweep(false); });
    connect(&session, &Session::journalsTrimmed, this, [this](const journal::Trimmed& gone) {
        m_trimming = false;
        takeTrimmed(gone);
        againIfAsked();
    });
    connect(&session, &Session::writingChanged, this, &SessionsDesk::tellWriting);
}

SessionsDesk::~SessionsDesk() {
    m_stop.request_stop();
    m_worker.reset();
}

QString SessionsDesk::titleOf(const SessionEntry& session) {
    if (!session.name.empty()) return tr("\u201c%1\u201d", "a session's name").arg(QString::fromStdString(session.name));
    return beganText(session);
}

QString SessionsDesk::beganText(const SessionEntry& session) {
    return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(session.createdUtcNs / 1'000'000)).toString(QStringLiteral("yyyy-MM-dd HH:mm"));
}

void SessionsDesk::tellWriting(bool goesOn, const QString& sentence) {
    delete m_writing;
    if (sentence.isEmpty()) return;
    m_writing = banner(QStringLiteral("writingBanner"), goesOn ? views::Banner::Tone::Info : views::Banner::Tone::Error);
    m_writing->setText(sentence);
}

views::Banner* SessionsDesk::banner(const QString& name, views::Banner::Tone tone) {
    auto* b = new views::Banner(name, tone, m_area->parentWidget());
    connect(b, &views::Banner::closed, b, &QObject::deleteLater);
    m_area->addWidget(b);
    return b;
}

void SessionsDesk::begin() {
    sweep(true);
}

void SessionsDesk::tellFirstTime(const QString& folder) {
    m_settings.setToldOfSessions();
    banner(QStringLiteral("sessionsToldBanner"))
        ->setText(tr("What programs send to this window is kept in %1, for 7 days and up to %2 GiB. Settings change how much, or turn it off.").arg(folder).arg(m_settings.sessionBudgetGib()));
}

void SessionsDesk::sweep(bool first) {
    if (m_sweeping || m_trimming) {  // it would count what is just going
        m_sweepAgain = true;
        return;
    }
    m_sweeping = true;
    journal::SweepPolicy policy;
    policy.maxBytes = static_cast<std::uint64_t>(m_settings.sessionBudgetGib()) << 30;
    m_worker->post([this, policy, first, stop = m_stop.get_token()] {
        const auto base = journal::sessionsFolder();
        journal::Swept swept;
        std::vector<SessionEntry> sessions;
        if (base) {
            swept = journal::sweepSessions(*base, policy, nowNs(), stop);
            sessions = journal::listSessions(*base, stop);
        }
        const std::uint64_t over = swept.overBudget ? swept.bytesLeft - policy.maxBytes : 0;
        QMetaObject::invokeMethod(
            this,
            [this, swept = std::move(swept), sessions = std::move(sessions), over, first, folder = QString::fromStdString(base.value_or(std::string()))]() mutable {
                if (first && m_keeps && !folder.isEmpty() && !m_settings.toldOfSessions()) tellFirstTime(folder);
                takeSwept(swept);
                take(std::move(sessions), first);
                m_sweeping = false;
                if (over == 0) return againIfAsked();
                // The live session's own oldest data go last, and not where the user holds on to it.
                const QString own = m_session.folder();
                for (const auto& s : m_sessions)
                    if (QString::fromStdString(s.folder) == own && (s.pinned || s.noted)) {
                        takeTrimmed({});
                        return againIfAsked();
                    }
                m_trimming = true;
                m_session.trimJournals(std::max(over, kLeastTrimmed));
            },
            Qt::QueuedConnection);
    });
}

void SessionsDesk::againIfAsked() {
    if (std::exchange(m_sweepAgain, false)) sweep(false);
}

void SessionsDesk::refresh() {
    m_worker->post([this, stop = m_stop.get_token()] {
        const auto base = journal::sessionsFolder();
        auto sessions = base ? journal::listSessions(*base, stop) : std::vector<SessionEntry>{};
        QMetaObject::invokeMethod(this, [this, sessions = std::move(sessions)]() mutable { take(std::move(sessions), false); }, Qt::QueuedConnection);
    });
}

void SessionsDesk::take(std::vector<SessionEntry> sessions, bool first) {
    m_sessions = std::move(sessions);
    m_looked = true;
    std::map<std::string, std::string> names;
    for (const auto& s : m_sessions)
        if (!s.name.empty()) names.emplace(s.id, s.name);
    m_session.setSessionNames(std::move(names));
    emit changed();
    if (!first) return;
    const QStringList offered = m_settings.offeredSessions();
    for (const auto& session : m_sessions)
        if (session.state == SessionEntry::State::CutOff && session.bytes > 0) {
            if (!offered.contains(QString::fromStdString(session.id))) offer(session);
            return;  // the newest only; the list has the others
        }
}

void SessionsDesk::takeSwept(const journal::Swept& swept) {
    if (swept.removed.empty()) return;
    QStringList names;
    std::uint64_t bytes = 0;
    for (const auto& session : swept.removed) {
        if (names.size() < static_cast<qsizetype>(kMostNamed)) names << titleOf(session);
        bytes += session.bytes;
    }
    if (swept.removed.size() > kMostNamed) names << QStringLiteral("\u2026");
    banner(QStringLiteral("sessionsGoneBanner"))
        ->setText(tr("%n old sessions were removed from the disk, %1 in all: %2.", nullptr, static_cast<int>(swept.removed.size())).arg(sizeText(bytes), names.join(QStringLiteral(", "))));
}

void SessionsDesk::takeTrimmed(const journal::Trimmed& gone) {
    if (gone.empty()) {
        if (std::exchange(m_toldFull, true)) return;
        banner(QStringLiteral("sessionsFullBanner"))->setText(tr("Sessions take more room than Settings allow, and what is left is pinned, has notes or other files, or is in use. Nothing was removed."));
        return;
    }
    m_gone.merge(gone);
    std::vector<std::pair<std::uint64_t, std::string>> services;
    for (const auto& [name, bytes] : m_gone.services) services.emplace_back(bytes, name);
    std::ranges::sort(services, std::greater<>());
    QStringList names;
    for (std::size_t i = 0; i < std::min(services.size(), kMostNamed); ++i) names << (services[i].second.empty() ? tr("records without a service") : QString::fromStdString(services[i].second));
    if (services.size() > kMostNamed) names << QStringLiteral("\u2026");
    const auto count = [](std::uint64_t n) { return QString::fromStdString(formatCount(n)); };
    const auto minute = [](std::uint64_t ns) { return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(ns / 1'000'000)).toString(QStringLiteral("yyyy-MM-dd HH:mm")); };
    if (!m_trimmed) m_trimmed = banner(QStringLiteral("sessionTrimmedBanner"));
    if (services.empty()) return m_trimmed->setText(tr("There is no room left for sessions. Removed from the disk, of what this one recorded: %1 that could not be read.").arg(sizeText(m_gone.unread)));
    m_trimmed->setText(tr("There is no room left for sessions. Removed from the disk, of what this one received from %1 to %2: %3 spans and %4 log records (%5), the oldest of the services that sent most: %6. "
                          "They stay in this window until it is closed.")
                           .arg(minute(m_gone.firstUtcNs), minute(m_gone.lastUtcNs), count(m_gone.spans), count(m_gone.logs), sizeText(m_gone.bytes), names.join(QStringLiteral(", "))));
}

void SessionsDesk::offer(const SessionEntry& session) {
    auto* b = banner(QStringLiteral("cutOffBanner"));
    m_offer = b;
    m_offered = session.id;
    b->setText(tr("The session %1 was cut off. What it had received is kept: %2 spans and %3 log records.")
                   .arg(titleOf(session), QString::fromStdString(formatCount(session.counts.spans)), QString::fromStdString(formatCount(session.counts.logs))));
    const QString id = QString::fromStdString(session.id);
    connect(b, &views::Banner::closed, this, [this, id] { m_settings.addOfferedSession(id); });
    b->addButton(tr("Open it"), QStringLiteral("openCutOff"), [this, session] { open(session); });
    b->addButton(tr("All sessions\u2026"), QStringLiteral("showSessions"), [this] { present(); });
}

void SessionsDesk::withdraw(const SessionEntry& session) {
    if (!m_offer || session.id != m_offered) return;
    m_settings.addOfferedSession(QString::fromStdString(session.id));
    m_offer->deleteLater();
}

void SessionsDesk::present() {
    if (!m_dialog) {
        m_dialog = new SessionsDialog(*this, m_session.folder(), m_window);
        m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    }
    m_dialog->show();
    m_dialog->raise();
    m_dialog->activateWindow();
    refresh();
}

void SessionsDesk::open(const SessionEntry& session) {
    withdraw(session);
    QStringList files;
    for (const auto& file : session.files) files << QString::fromStdString(file);
    m_session.openJournals(files);
}

void SessionsDesk::alter(std::function<Result<void>()> change, const QString& failure) {
    m_worker->post([this, change = std::move(change), failure] {
        if (const auto done = change(); !done) {
            const QString sentence = failure.arg(QString::fromStdString(problemText(done.error())));
            QMetaObject::invokeMethod(this, [this, sentence] { emit problem(sentence); }, Qt::QueuedConnection);
        }
    });
    refresh();
}

void SessionsDesk::rename(const SessionEntry& session, const QString& name) {
    alter([session, name = name.simplified().toStdString()] { return journal::nameSession(session, name); }, tr("The session cannot be renamed: %1"));
}

void SessionsDesk::pin(const SessionEntry& session, bool pinned) {
    alter([session, pinned] { return journal::pinSession(session, pinned); }, tr("The session cannot be pinned: %1"));
}

void SessionsDesk::remove(const std::vector<SessionEntry>& sessions) {
    for (const auto& session : sessions) withdraw(session);
    alter(
        [sessions]() -> Result<void> {
            Result<void> out;
            for (const auto& session : sessions)
                if (auto done = journal::removeSession(session); !done) out = done;
            return out;
        },
        tr("A session cannot be removed: %1"));
}

}  // namespace spanreel::app
