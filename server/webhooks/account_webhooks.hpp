// All webhooks of one account, on the executor where the account lives.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/webhooks/webhook_sender.hpp"

namespace server::webhooks {

class AccountWebhooks {
 public:
  // The services outlive it and what it started.
  AccountWebhooks(boost::asio::any_io_executor executor, const WebhookServices& services,
                  std::string account)
      : executor_(std::move(executor)), services_(services), account_(std::move(account)) {}
  // Stops.
  ~AccountWebhooks();
  AccountWebhooks(const AccountWebhooks&) = delete;
  AccountWebhooks& operator=(const AccountWebhooks&) = delete;

  // Those that WebhookTable::list(account) has. `mark`: what their writes name.
  void start(const std::vector<store::WebhookRow>&, const store::LeaseMark& mark = {});
  // One was written to the store by put(), or removed from it.
  void put(const std::string& name);
  void removed(const std::string& name);
  // The log has something new, up to `newest`.
  void notify(std::int64_t newest);
  void stop();

  bool empty() const { return senders_.empty(); }

 private:
  boost::asio::any_io_executor executor_;
  const WebhookServices& services_;
  const std::string account_;
  store::LeaseMark mark_;
  std::map<std::string, std::shared_ptr<WebhookSender>> senders_;
};

}  // namespace server::webhooks
