#include "server/webhooks/account_webhooks.hpp"

namespace server::webhooks {

AccountWebhooks::~AccountWebhooks() { stop(); }

void AccountWebhooks::start(const std::vector<store::WebhookRow>& rows,
                            const store::LeaseMark& mark) {
  mark_ = mark;
  for (const auto& row : rows) put(row.name);
}

void AccountWebhooks::put(const std::string& name) {
  auto& sender = senders_[name];
  if (sender != nullptr && !sender->over()) return sender->reload();
  sender = std::make_shared<WebhookSender>(executor_, services_, account_, name, mark_);
  sender->start();
}

void AccountWebhooks::removed(const std::string& name) {
  const auto found = senders_.find(name);
  if (found == senders_.end()) return;
  found->second->stop();
  senders_.erase(found);
}

void AccountWebhooks::notify(std::int64_t newest) {
  for (const auto& [name, sender] : senders_) sender->notify(newest);
}

void AccountWebhooks::stop() {
  for (const auto& [name, sender] : senders_) sender->stop();
  senders_.clear();
}

}  // namespace server::webhooks
