// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QStringList>
#include <memory>

class QLocalServer;
class QLocalSocket;

namespace spanreel::app {

/// Keeps the studio to one window a user: the first program to start holds a lock beside the socket "instance" of the
/// runtime folder and listens there; a later one knocks, hands over its files and ends. A socket left by a program that
/// was killed is replaced, for the lock is free then. GUI thread.
class InstanceDoor : public QObject {
    Q_OBJECT
public:
    enum class Answer {
        First,       ///< we are the first; call `listen`
        HandedOver,  ///< the first has taken the files: nothing is left to do
        NoAnswer,    ///< there is a first, but it does not answer
        Taken,       ///< there is a first, and it was not asked
        CannotTell,  ///< the runtime folder cannot be used
    };

    explicit InstanceDoor(QObject* parent = nullptr);
    ~InstanceDoor() override;

    /// Tries to be the first, and asks nobody: First, Taken or CannotTell.
    [[nodiscard]] Answer enter();
    /// Where there is a first, asks it. Blocks for at most `timeoutMs`; for the time before there is a window. `files` are absolute.
    [[nodiscard]] Answer knock(const QStringList& files, int timeoutMs = 5000);
    /// Lets others in; false where that is not possible. After `First` only.
    bool listen();
    /// Lets nobody in any more: who stands at the door unheard opens a window of their own.
    void shut();

signals:
    /// Another program was started with these files, perhaps none.
    void visited(const QStringList& files);

private:
    void read(QLocalSocket* socket);

    QString m_folder;
    int m_folderFd = -1;
    int m_lock = -1;
    std::unique_ptr<QLocalServer> m_server;
};

}  // namespace spanreel::app
