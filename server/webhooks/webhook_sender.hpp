// Drives one webhook: reads the log behind what it had, calls, writes down how far that is, and
// begins anew. One call at a time, so that the order holds; what failed is sent again as it was.
// Each update at least once: a crash between the answer and the writing sends the same batch twice.
// All of it on one executor, but for the store.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "server/store/backoff.hpp"
#include "server/store/store_thread.hpp"
#include "server/upstream/dial.hpp"
#include "server/webhooks/webhook_batch.hpp"
#include "server/webhooks/webhook_post.hpp"
#include "tl/random.hpp"

namespace server::webhooks {

// What senders work with; outlives them, until each is over.
struct WebhookServices {
  store::StoreThread& store;
  SchemaOfLayer schema_of;
  tl::Random& random;
  std::function<boost::asio::awaitable<WebhookAnswer>(WebhookCall,
                                                      std::shared_ptr<upstream::DialStop>)>
      post;                           // WebhookPoster::post
  std::function<std::int64_t()> now;  // Unix time in ms
};

class WebhookSender : public std::enable_shared_from_this<WebhookSender> {
 public:
  WebhookSender(boost::asio::any_io_executor executor, const WebhookServices& services,
                std::string account, std::string name, store::LeaseMark mark = {});

  // Once.
  void start();
  // The log has something new. (`newest`: its last number; one that was had already wakes nobody.)
  void notify(std::int64_t newest);
  // It was put anew.
  void reload();
  // Ends as soon as it can: a call that is under way is given up and does not count as failed.
  void stop();
  // Nothing of it happens any more: it was stopped, or is not in the store.
  bool over() const { return over_; }

 private:
  boost::asio::awaitable<void> run(std::shared_ptr<WebhookSender> self);
  boost::asio::awaitable<void> take_step();
  boost::asio::awaitable<void> load();
  boost::asio::awaitable<void> read_batch();
  boost::asio::awaitable<void> send();
  // Until it is written, or stopped.
  boost::asio::awaitable<void> save(store::WebhookProgress);
  boost::asio::awaitable<void> wait_for_news(std::optional<std::chrono::milliseconds> most);
  boost::asio::awaitable<void> wait_to_try_again();
  WebhookCall call_of(const WebhookBatch&, WebhookUrl) const;
  void tell_of_end(const store::WebhookProgress&) const;

  boost::asio::any_io_executor executor_;
  const WebhookServices& services_;
  const std::string account_, name_;
  const store::LeaseMark mark_;
  boost::asio::steady_timer news_timer_, again_timer_;
  store::Backoff backoff_;
  std::shared_ptr<upstream::DialStop> stop_ = std::make_shared<upstream::DialStop>();
  std::optional<store::StoredWebhook> webhook_;  // none: to be loaded
  std::optional<WebhookBatch> batch_;            // that is to be sent now
  // Up to which number a batch went that failed: it is made again when its time has come, since it
  // may be long, and that may be a day.
  std::optional<std::int64_t> failed_up_to_;
  bool news_ = false;
  bool reload_ = false;
  bool stopped_ = false;
  bool over_ = false;
};

}  // namespace server::webhooks
