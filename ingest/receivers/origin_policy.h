// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spanreel::ingest {

/// Who may talk to a receiver that a browser can reach. Immutable, so any thread may use it; pure but for this machine's
/// names, which are asked once. Where `Origin` is present it decides; only without it does `Sec-Fetch-Site`.
class OriginPolicy {
public:
    enum class Verdict : std::uint8_t { Allowed, ForeignHost, ForeignOrigin, CrossSite };

    OriginPolicy(const std::vector<std::string>& allowedHosts, const std::vector<std::string>& allowedOrigins);
    /// For tests: with given names of this machine.
    OriginPolicy(const std::vector<std::string>& allowedHosts, const std::vector<std::string>& allowedOrigins, std::vector<std::string> machineNames);

    /// `host` is the Host header as sent (nothing = absent, which HTTP/1.0 may do).
    [[nodiscard]] Verdict judge(std::optional<std::string_view> host, std::optional<std::string_view> origin, std::string_view secFetchSite) const;
    [[nodiscard]] bool hostAllowed(std::string_view host) const;
    [[nodiscard]] bool originAllowed(std::string_view origin) const;

private:
    std::vector<std::string> m_hosts;    ///< lower case, without port
    std::vector<std::string> m_origins;  ///< lower case
};

}  // namespace spanreel::ingest
