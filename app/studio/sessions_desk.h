// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <QStringList>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "model/journal/session_catalog.h"
#include "views/widgets/banner.h"

class QVBoxLayout;
class QWidget;

namespace spanreel::app {

class Session;
class SessionsDialog;
class Settings;
class WorkerThread;

/// Earlier sessions on disk, as the window deals with them: looks for them at the start, offers one that was cut off,
/// removes what is past its time or the room, and tells what went. GUI thread; the disk is touched on its worker.
class SessionsDesk : public QObject {
    Q_OBJECT
public:
    /// `keeps`: this window keeps what it receives.
    SessionsDesk(Session& session, Settings& settings, bool keeps, QVBoxLayout* bannerArea, QWidget* window);
    ~SessionsDesk() override;

    /// Looks for the first time.
    void begin();
    /// Opens the list.
    void present();

    /// As of the last look, newest first; this window's own is among them.
    [[nodiscard]] const std::vector<journal::SessionEntry>& sessions() const { return m_sessions; }
    [[nodiscard]] bool looked() const { return m_looked; }
    /// Looks anew; `changed` follows.
    void refresh();
    void open(const journal::SessionEntry& session);
    void rename(const journal::SessionEntry& session, const QString& name);
    void pin(const journal::SessionEntry& session, bool pinned);
    void remove(const std::vector<journal::SessionEntry>& sessions);

    /// The user's name of it, else when it began.
    [[nodiscard]] static QString titleOf(const journal::SessionEntry& session);
    /// When it began, in local time.
    [[nodiscard]] static QString beganText(const journal::SessionEntry& session);

signals:
    void changed();
    void problem(const QString& sentence);

private:
    void sweep(bool first);
    void againIfAsked();
    void take(std::vector<journal::SessionEntry> sessions, bool first);
    void takeSwept(const journal::Swept& swept);
    /// What went of the window's own session; empty: nothing may go.
    void takeTrimmed(const journal::Trimmed& gone);
    void offer(const journal::SessionEntry& session);
    void tellFirstTime(const QString& folder);
    /// Runs `change` on the worker, tells what failed, then looks anew.
    void alter(std::function<Result<void>()> change, const QString& failure);
    views::Banner* banner(const QString& name, views::Banner::Tone tone = views::Banner::Tone::Info);
    /// The last word on it alone is seen: that it cannot, or that it can again.
    void tellWriting(bool goesOn, const QString& sentence);
    /// Takes the offer of a session back: it was opened or removed.
    void withdraw(const journal::SessionEntry& session);

    Session& m_session;
    Settings& m_settings;
    const bool m_keeps;
    QVBoxLayout* m_area;
    QWidget* m_window;
    std::vector<journal::SessionEntry> m_sessions;
    bool m_looked = false;
    bool m_toldFull = false;
    bool m_sweeping = false, m_trimming = false, m_sweepAgain = false;  ///< one at a time, each by figures of after the last
    journal::Trimmed m_gone;  ///< since the window was opened
    QPointer<views::Banner> m_trimmed, m_writing;
    QPointer<SessionsDialog> m_dialog;
    QPointer<views::Banner> m_offer;
    std::string m_offered;  ///< id of the session that `m_offer` offers
    std::stop_source m_stop;
    std::unique_ptr<WorkerThread> m_worker;  ///< last: joins before the rest goes
};

}  // namespace spanreel::app
