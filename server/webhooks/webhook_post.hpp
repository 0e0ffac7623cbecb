// One call of a webhook: a POST over HTTP/1.1 to an address that may be called (webhook_address.hpp),
// without redirects and without a proxy, within a time for all of it. Of the answer its status
// counts; what else it says is dropped.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "server/upstream/dial.hpp"
#include "server/webhooks/webhook_address.hpp"
#include "server/webhooks/webhook_schedule.hpp"

namespace server::webhooks {

// What is sent; the headers are those of Standard Webhooks.
struct WebhookCall {
  WebhookUrl url;
  std::string id;
  std::int64_t timestamp = 0;  // Unix time in seconds
  std::string signature;
  std::string body;  // JSON
};

// For any number of calls on any threads, which it outlives.
class WebhookPoster {
 public:
  explicit WebhookPoster(AllowedWebhooks allowed,
                         std::chrono::milliseconds within = std::chrono::seconds(10))
      : allowed_(std::move(allowed)), within_(within) {}

  // `stop` ends it from outside.
  boost::asio::awaitable<WebhookAnswer> post(WebhookCall, std::shared_ptr<upstream::DialStop> stop);

 private:
  boost::asio::ssl::context& tls();

  AllowedWebhooks allowed_;
  std::chrono::milliseconds within_;
  // The system's roots, read when they are needed first.
  std::once_flag once_;
  std::unique_ptr<boost::asio::ssl::context> tls_;
};

}  // namespace server::webhooks
