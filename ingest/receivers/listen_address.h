// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/core/result.h"

namespace spanreel::ingest {

/// A numeric address to listen at.
struct ListenAddress {
    std::string ip;  ///< "127.0.0.1", "::1"
    std::uint16_t port = 0;
    [[nodiscard]] std::string text() const;  ///< "127.0.0.1:4317", "[::1]:4317"
};

/// The addresses a host stands for: an empty host or "localhost" is 127.0.0.1 and, where this machine has it, ::1; other
/// names are looked up. Blocks.
[[nodiscard]] Result<std::vector<std::string>> resolveListenHost(const std::string& host);

/// Whether all of `ips` can be listened at on `port` now; the errno of the first that cannot, else 0.
/// `blocked` gets that address.
[[nodiscard]] int probePort(const std::vector<std::string>& ips, std::uint16_t port, std::string* blocked = nullptr);
/// A port free on all of `ips`: any where `after` is 0, else the first after it (of the next 200) that is not
/// in `except`. 0 = none.
[[nodiscard]] std::uint16_t findFreePort(const std::vector<std::string>& ips, std::uint16_t after = 0, const std::vector<std::uint16_t>& except = {});

/// "name (pid 12)" of the process that listens on a TCP port of this machine, by /proc; empty where it cannot be told.
/// O(processes x open files); blocks.
[[nodiscard]] std::string portHolder(std::uint16_t port);

}  // namespace spanreel::ingest
