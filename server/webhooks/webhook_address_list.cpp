#include "server/webhooks/webhook_address_list.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <memory>

#include "server/upstream/token.hpp"

namespace server::webhooks {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// A look-up can't be ended while the system is at it, so it is left alone when time is up. One that
// has not begun is given up: a loop has one thread for all of them, and others wait.
struct LookUp {
  explicit LookUp(const asio::any_io_executor& executor) : resolver(executor), timer(executor) {}
  tcp::resolver resolver;
  asio::steady_timer timer;
  error_code failed;
  std::vector<asio::ip::address> found;
  bool done = false;
};

}  // namespace

FoundAddresses callable(const std::vector<asio::ip::address>& found, const WebhookUrl& url,
                        bool any) {
  FoundAddresses out;
  std::string_view kind;
  for (const auto& address : found) {
    const auto special = any ? std::string_view() : special_address(address);
    if (special.empty()) out.addresses.push_back({address.to_string(), url.port()});
    if (kind.empty()) kind = special;
  }
  if (!out.addresses.empty()) return out;
  out.error = found.empty() ? url.at.host + " has no address"
                            : "the address of " + url.at.host + " is " + std::string(kind) +
                                  " and is not called without --allow-webhook " + url.at.host;
  return out;
}

asio::awaitable<FoundAddresses> find_addresses(WebhookUrl url, bool any,
                                               std::chrono::steady_clock::time_point deadline) {
  const auto host = url.host();
  error_code is_name;
  const auto number = asio::ip::make_address(host, is_name);
  if (!is_name) co_return callable({number}, url, any);
  const auto executor = co_await asio::this_coro::executor;
  const auto look_up = std::make_shared<LookUp>(executor);
  look_up->timer.expires_at(deadline);
  look_up->resolver.async_resolve(host, std::to_string(url.port()), tcp::resolver::numeric_service,
                                  [look_up](error_code failed, const auto& results) {
                                    look_up->failed = failed;
                                    for (const auto& entry : results) {
                                      look_up->found.push_back(entry.endpoint().address());
                                    }
                                    look_up->done = true;
                                    look_up->timer.cancel();
                                  });
  co_await look_up->timer.async_wait(upstream::token);
  if (!look_up->done) look_up->resolver.cancel();
  FoundAddresses out;
  if (look_up->done && !look_up->failed) co_return callable(look_up->found, url, any);
  out.error = look_up->done ? host + " was not found: " + look_up->failed.message()
                            : "where " + host + " is was not known in time";
  co_return out;
}

}  // namespace server::webhooks
