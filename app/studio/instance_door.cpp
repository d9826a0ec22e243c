// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/instance_door.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocalServer>
#include <QLocalSocket>
#include <QTimer>
#include <cerrno>
#include <cstring>
#include <utility>

#include "app/studio/paths.h"

namespace spanreel::app {

namespace {

constexpr qsizetype kLongestMessage = 4 << 20;
constexpr int kVisitorMs = 5000;
constexpr char kTaken[] = "taken\n";

/// The socket by way of the folder's descriptor: a path in a deep folder would not fit into an address.
QString socketPath(int folderFd) { return QStringLiteral("/proc/self/fd/%1/instance").arg(folderFd); }

/// Sends `message` to the socket and waits for the word that it was taken.
bool handOver(const QString& path, const QByteArray& message, int timeoutMs) {
    QElapsedTimer clock;
    clock.start();
    const auto left = [&] { return std::max(0, timeoutMs - static_cast<int>(clock.elapsed())); };
    int fd = -1;
    // The first may hold the lock and not listen yet.
    while (fd < 0 && left() > 0) {
        fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0) return false;
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const QByteArray name = QFile::encodeName(path);
        if (name.size() >= static_cast<qsizetype>(sizeof address.sun_path)) break;
        std::memcpy(address.sun_path, name.constData(), static_cast<std::size_t>(name.size()));
        if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) break;
        ::close(std::exchange(fd, -1));
        ::poll(nullptr, 0, std::min(50, left()));
    }
    if (fd < 0) return false;
    QByteArray answer;
    qsizetype sent = 0;
    bool taken = false;
    while (!taken && left() > 0) {
        pollfd wait{fd, static_cast<short>(sent < message.size() ? POLLOUT : POLLIN), 0};
        if (::poll(&wait, 1, left()) <= 0) {
            if (errno == EINTR) continue;
            break;
        }
        if (sent < message.size()) {
            const auto wrote = ::send(fd, message.constData() + sent, static_cast<std::size_t>(message.size() - sent), MSG_NOSIGNAL);
            if (wrote < 0 && errno != EAGAIN && errno != EINTR) break;
            sent += std::max<qsizetype>(wrote, 0);
            continue;
        }
        char bytes[64];
        const auto got = ::recv(fd, bytes, sizeof bytes, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) break;
        if (got > 0) answer.append(bytes, got);
        taken = answer == kTaken;
    }
    ::close(fd);
    return taken;
}

}  // namespace

InstanceDoor::InstanceDoor(QObject* parent) : QObject(parent) {}

InstanceDoor::~InstanceDoor() {
    m_server.reset();  // removes the socket
    if (m_lock >= 0) ::close(m_lock);
    if (m_folderFd >= 0) ::close(m_folderFd);
}

InstanceDoor::Answer InstanceDoor::enter() {
    m_folder = runtimeFolder();
    m_folderFd = ::open(QFile::encodeName(m_folder).constData(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (m_folderFd < 0) return Answer::CannotTell;
    // Without XDG_RUNTIME_DIR it lies in a folder that others can write: theirs is no door of ours.
    struct stat info {};
    if (::fstat(m_folderFd, &info) != 0 || info.st_uid != ::geteuid()) return Answer::CannotTell;
    m_lock = ::openat(m_folderFd, "instance.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (m_lock < 0) return Answer::CannotTell;
    if (::flock(m_lock, LOCK_EX | LOCK_NB) == 0) return Answer::First;
    ::close(std::exchange(m_lock, -1));
    return Answer::Taken;
}

InstanceDoor::Answer InstanceDoor::knock(const QStringList& files, int timeoutMs) {
    if (const Answer answer = enter(); answer != Answer::Taken) return answer;
    const QJsonObject message{{QStringLiteral("files"), QJsonArray::fromStringList(files)}};
    return handOver(socketPath(m_folderFd), QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n', timeoutMs) ? Answer::HandedOver : Answer::NoAnswer;
}

bool InstanceDoor::listen() {
    if (m_lock < 0) return false;
    const QString path = socketPath(m_folderFd);
    QLocalServer::removeServer(path);  // of one that was killed: the lock is ours
    m_server = std::make_unique<QLocalServer>();
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    connect(m_server.get(), &QLocalServer::newConnection, this, [this] {
        while (auto* socket = m_server->nextPendingConnection()) {
            connect(socket, &QLocalSocket::readyRead, this, [this, socket] { read(socket); });
            connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
            QTimer::singleShot(kVisitorMs, socket, &QLocalSocket::abort);
            if (socket->bytesAvailable() > 0) read(socket);
        }
    });
    return m_server->listen(path);
}

void InstanceDoor::shut() { m_server.reset(); }  // and with it those who came in but have not been heard

void InstanceDoor::read(QLocalSocket* socket) {
    if (socket->bytesAvailable() > kLongestMessage) return socket->abort();
    if (!socket->canReadLine()) return;
    const auto message = QJsonDocument::fromJson(socket->readLine());
    if (!message.isObject()) return socket->abort();
    QStringList files;
    for (const auto& file : message.object().value(QLatin1String("files")).toArray())
        if (const QString path = file.toString(); path.startsWith(QLatin1Char('/'))) files << path;
    socket->write(kTaken);
    socket->flush();
    emit visited(files);
}

}  // namespace spanreel::app
