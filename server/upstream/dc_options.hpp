// The addresses of data centres as help.getConfig tells them: dcOption of a config. Those for files
// only, of CDNs, and behind a secret of their own are left out.
// core.telegram.org/constructor/dcOption
#pragma once

#include "server/upstream/telegram.hpp"
#include "tl/value.hpp"

namespace server::upstream {

inline constexpr std::size_t most_options = 512;
inline constexpr std::size_t most_options_of_one = 16;

// Fixed addresses first, then IPv4 before IPv6 unless the config says otherwise; behind them the
// usual other ports, where that is allowed. Empty for a config of another kind of Telegram.
DcOptions::Table read_dc_options(const tl::Value& config, Telegram::Kind kind);

}  // namespace server::upstream
