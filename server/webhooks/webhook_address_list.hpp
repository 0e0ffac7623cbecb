// Where a webhook's host is, without those addresses that are not called. Whoever connects takes one
// of these and asks nobody again: a name that has another address a moment later (DNS rebinding)
// leads nowhere else.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "server/upstream/telegram.hpp"
#include "server/webhooks/webhook_address.hpp"

namespace server::webhooks {

struct FoundAddresses {
  std::vector<upstream::Address> addresses;  // by number
  std::string error;                         // a sentence; empty where there are some
};

// `any`: the operator named the host, so that special addresses are called, too.
boost::asio::awaitable<FoundAddresses> find_addresses(
    WebhookUrl, bool any, std::chrono::steady_clock::time_point deadline);

// Of addresses that were found for `host`.
FoundAddresses callable(const std::vector<boost::asio::ip::address>& found, const WebhookUrl&,
                        bool any);

}  // namespace server::webhooks
