// SPDX-License-Identifier: GPL-3.0-or-later
#include "ingest/receivers/origin_policy.h"

#include <arpa/inet.h>
#include <unistd.h>

#include <algorithm>

#include "model/core/text.h"

namespace spanreel::ingest {
namespace {

bool isPort(std::string_view text) { return text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }); }

/// "Example.COM:80" -> "example.com"; "[::1]:80" -> "[::1]". Nothing where it is no host with an optional port.
std::optional<std::string> hostOf(std::string_view text) {
    std::string host;
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return {};
        host = asciiLower(text.substr(0, end + 1));
        rest = text.substr(end + 1);
    } else {
        const auto colon = text.find(':');
        host = asciiLower(text.substr(0, colon));
        rest = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
        if (host.size() > 1 && host.ends_with('.')) host.pop_back();
    }
    if (!rest.empty() && (rest[0] != ':' || !isPort(rest.substr(1)))) return {};
    // A NUL would end the text for those who read addresses.
    const auto foreign = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || std::string_view("/@?#\\%").find(c) != std::string_view::npos; };
    if (host.empty() || std::ranges::any_of(host, foreign)) return {};
    return host;
}

bool isIp4(const std::string& host) {
    in_addr address{};
    return ::inet_pton(AF_INET, host.c_str(), &address) == 1;
}

bool isIp6(const std::string& bracketed) {
    if (bracketed.size() < 4 || bracketed.front() != '[') return false;
    in6_addr address{};
    return ::inet_pton(AF_INET6, bracketed.substr(1, bracketed.size() - 2).c_str(), &address) == 1;
}

bool isLoopback(const std::string& host) {
    if (host == "localhost" || host.ends_with(".localhost")) return true;
    if (isIp4(host)) return host.starts_with("127.");
    if (!isIp6(host)) return false;
    in6_addr address{};
    ::inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &address);
    return IN6_IS_ADDR_LOOPBACK(&address);
}

std::vector<std::string> namesOfThisMachine() {
    char name[256] = {};
    if (::gethostname(name, sizeof name - 1) != 0 || !name[0]) return {};
    const std::string full = asciiLower(name);
    const std::string first = full.substr(0, full.find('.'));
    return {full, first, first + ".local"};
}

}  // namespace

OriginPolicy::OriginPolicy(const std::vector<std::string>& allowedHosts, const std::vector<std::string>& allowedOrigins)
    : OriginPolicy(allowedHosts, allowedOrigins, namesOfThisMachine()) {}

OriginPolicy::OriginPolicy(const std::vector<std::string>& allowedHosts, const std::vector<std::string>& allowedOrigins, std::vector<std::string> machineNames)
    : m_hosts(std::move(machineNames)) {
    m_hosts.insert(m_hosts.end(), {"host.docker.internal", "host.containers.internal"});
    for (const auto& host : allowedHosts)
        if (auto plain = hostOf(host)) m_hosts.push_back(std::move(*plain));
    for (const auto& origin : allowedOrigins) {
        auto text = asciiLower(origin);
        if (text.ends_with('/')) text.pop_back();
        m_origins.push_back(std::move(text));
    }
}

bool OriginPolicy::hostAllowed(std::string_view text) const {
    const auto host = hostOf(text);
    if (!host) return false;
    return isLoopback(*host) || isIp4(*host) || isIp6(*host) || std::ranges::find(m_hosts, *host) != m_hosts.end();
}

bool OriginPolicy::originAllowed(std::string_view text) const {
    const auto origin = asciiLower(text);
    if (std::ranges::find(m_origins, origin) != m_origins.end()) return true;
    std::string_view rest = origin;
    if (rest.starts_with("http://")) rest.remove_prefix(7);
    else if (rest.starts_with("https://")) rest.remove_prefix(8);
    else return false;
    const auto host = hostOf(rest);
    return host && isLoopback(*host);
}

OriginPolicy::Verdict OriginPolicy::judge(std::optional<std::string_view> host, std::optional<std::string_view> origin, std::string_view secFetchSite) const {
    if (host && !hostAllowed(*host)) return Verdict::ForeignHost;
    if (origin) return originAllowed(*origin) ? Verdict::Allowed : Verdict::ForeignOrigin;
    const auto site = asciiLower(secFetchSite);
    if (site == "cross-site" || site == "same-site") return Verdict::CrossSite;
    return Verdict::Allowed;
}

}  // namespace spanreel::ingest
