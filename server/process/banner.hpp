// The first lines on stdout: where we listen, which scheme is in use, which Telegram it is, and
// something to try.
#pragma once

#include <string>
#include <vector>

#include "server/config/options.hpp"
#include "server/config/schemes.hpp"
#include "server/upstream/proxy/proxy.hpp"
#include "server/upstream/telegram.hpp"

namespace server {

struct BannerFacts {
  std::string version;
  const Options* options = nullptr;
  std::uint16_t port = 0;
  const Schemes* schemes = nullptr;
  const upstream::Telegram* telegram = nullptr;
  std::string mtproxy;                     // a link to the sandbox's; empty: none
  const upstream::Proxy* proxy = nullptr;  // on the way to Telegram; none: direct
};

std::string banner(const BannerFacts&);

}  // namespace server
