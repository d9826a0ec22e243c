// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/receivers/listen_address.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>

namespace spanreel::ingest {
namespace {

struct Bound {
    int fd = -1;
    std::uint16_t port = 0;
    int error = 0;
    Bound() = default;
    Bound(Bound&& other) noexcept : fd(std::exchange(other.fd, -1)), port(other.port), error(other.error) {}
    Bound(const Bound&) = delete;
    Bound& operator=(const Bound&) = delete;
    ~Bound() {
        if (fd >= 0) ::close(fd);
    }
};

Bound bindAt(const std::string& ip, std::uint16_t port) {
    Bound out;
    sockaddr_storage storage{};
    socklen_t length = 0;
    if (auto* v4 = reinterpret_cast<sockaddr_in*>(&storage); ::inet_pton(AF_INET, ip.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        length = sizeof *v4;
    } else if (auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage); ::inet_pton(AF_INET6, ip.c_str(), &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        length = sizeof *v6;
    } else {
        out.error = EINVAL;
        return out;
    }
    out.fd = ::socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    if (out.fd < 0) {
        out.error = errno;
        return out;
    }
    ::setsockopt(out.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (storage.ss_family == AF_INET6) ::setsockopt(out.fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (::bind(out.fd, reinterpret_cast<sockaddr*>(&storage), length) != 0 || ::listen(out.fd, 1) != 0) {
        out.error = errno;
        return out;
    }
    length = sizeof storage;
    ::getsockname(out.fd, reinterpret_cast<sockaddr*>(&storage), &length);
    out.port = ntohs(storage.ss_family == AF_INET ? reinterpret_cast<sockaddr_in*>(&storage)->sin_port : reinterpret_cast<sockaddr_in6*>(&storage)->sin6_port);
    return out;
}

/// Inodes of the sockets that listen on a port, from a table of /proc/net.
void listenersOf(const char* table, std::uint16_t port, std::set<std::string>& inodes) {
    std::ifstream file(table);
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        std::istringstream fields(line);
        std::string slot, local, remote, state, queues, timer, retransmits, uid, timeout, inode;
        fields >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> uid >> timeout >> inode;
        const auto colon = local.rfind(':');
        if (state != "0A" || colon == std::string::npos) continue;
        if (std::strtoul(local.c_str() + colon + 1, nullptr, 16) == port) inodes.insert("socket:[" + inode + "]");
    }
}

}  // namespace

std::string ListenAddress::text() const {
    const std::string suffix = ":" + std::to_string(port);
    return ip.find(':') == std::string::npos ? ip + suffix : "[" + ip + "]" + suffix;
}

Result<std::vector<std::string>> resolveListenHost(const std::string& host) {
    if (host.empty() || host == "localhost") {
        std::vector<std::string> out{"127.0.0.1"};
        if (bindAt("::1", 0).error == 0) out.emplace_back("::1");
        return out;
    }
    std::string plain = host;
    if (plain.size() > 2 && plain.front() == '[' && plain.back() == ']') plain = plain.substr(1, plain.size() - 2);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo* found = nullptr;
    if (const int code = ::getaddrinfo(plain.c_str(), nullptr, &hints, &found); code != 0) return fail(ProblemCode::CannotOpen, host + ": " + ::gai_strerror(code));
    std::vector<std::string> out;
    for (const auto* entry = found; entry; entry = entry->ai_next) {
        char text[INET6_ADDRSTRLEN] = {};
        const void* address = entry->ai_family == AF_INET ? static_cast<const void*>(&reinterpret_cast<sockaddr_in*>(entry->ai_addr)->sin_addr)
                                                          : static_cast<const void*>(&reinterpret_cast<sockaddr_in6*>(entry->ai_addr)->sin6_addr);
        if (::inet_ntop(entry->ai_family, address, text, sizeof text) && std::ranges::find(out, text) == out.end()) out.emplace_back(text);
    }
    ::freeaddrinfo(found);
    if (out.empty()) return fail(ProblemCode::CannotOpen, host);
    return out;
}

int probePort(const std::vector<std::string>& ips, std::uint16_t port, std::string* blocked) {
    for (const auto& ip : ips) {
        if (const auto bound = bindAt(ip, port); bound.error != 0) {
            if (blocked) *blocked = ListenAddress{ip, port}.text();
            return bound.error;
        }
    }
    return 0;
}

std::uint16_t findFreePort(const std::vector<std::string>& ips, std::uint16_t after, const std::vector<std::uint16_t>& except) {
    if (after != 0) {
        for (std::uint32_t port = after + 1u; port < 65536 && port <= after + 200u; ++port)
            if (std::ranges::find(except, port) == except.end() && probePort(ips, static_cast<std::uint16_t>(port)) == 0) return static_cast<std::uint16_t>(port);
        return 0;
    }
    for (int attempt = 0; attempt < 50; ++attempt) {
        const auto first = bindAt(ips.front(), 0);
        if (first.error != 0) return 0;
        bool free = true;
        for (std::size_t i = 1; i < ips.size() && free; ++i) free = bindAt(ips[i], first.port).error == 0;
        if (free) return first.port;
    }
    return 0;
}

std::string portHolder(std::uint16_t port) {
    std::set<std::string> inodes;
    listenersOf("/proc/net/tcp", port, inodes);
    listenersOf("/proc/net/tcp6", port, inodes);
    if (inodes.empty()) return {};
    DIR* proc = ::opendir("/proc");
    if (!proc) return {};
    std::string found;
    while (const dirent* entry = ::readdir(proc)) {
        const std::string pid = entry->d_name;
        if (!found.empty()) break;
        if (!std::ranges::all_of(pid, [](char c) { return c >= '0' && c <= '9'; })) continue;
        const std::string folder = "/proc/" + pid + "/fd";
        DIR* fds = ::opendir(folder.c_str());
        if (!fds) continue;
        while (const dirent* fd = ::readdir(fds)) {
            char target[64] = {};
            if (::readlink((folder + "/" + fd->d_name).c_str(), target, sizeof target - 1) <= 0 || !inodes.contains(target)) continue;
            std::ifstream comm("/proc/" + pid + "/comm");
            std::string name;
            std::getline(comm, name);
            found = name + " (pid " + pid + ")";
            break;
        }
        ::closedir(fds);
    }
    ::closedir(proc);
    return found;
}

}  // namespace spanreel::ingest
