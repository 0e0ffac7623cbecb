#include "server/webhooks/webhook_sender.hpp"

#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "server/logs/logger.hpp"
#include "server/upstream/token.hpp"
#include "server/webhooks/standard_webhook.hpp"
#include "server/webhooks/store_call.hpp"

namespace server::webhooks {
namespace {

namespace asio = boost::asio;
using store::StoreErrc;
using upstream::token;

bool is_gone(StoreErrc code) {
  return code == StoreErrc::no_such_webhook || code == StoreErrc::no_such_account;
}

// What comes behind `delivered` or, where that is kept no more, of the oldest that is.
store::StoreResult<store::LogPage> next_page(store::AccountStore& store, const std::string& account,
                                             std::int64_t delivered) {
  auto page = store.log().after(account, delivered, WebhookBatch::most_entries);
  if (!page || page->range.has_all_after(delivered)) return page;
  return store.log().after(account, page->range.oldest - 1, WebhookBatch::most_entries);
}

// Without what came since a batch failed, so that it is the same again.
void cut_behind(store::LogPage& page, std::int64_t last) {
  std::erase_if(page.entries, [last](const store::LogEntry& entry) { return entry.number > last; });
}

}  // namespace

WebhookSender::WebhookSender(asio::any_io_executor executor, const WebhookServices& services,
                             std::string account, std::string name, store::LeaseMark mark)
    : executor_(std::move(executor)),
      services_(services),
      account_(std::move(account)),
      name_(std::move(name)),
      mark_(std::move(mark)),
      news_timer_(executor_),
      again_timer_(executor_) {}

void WebhookSender::start() {
  const auto self = shared_from_this();
  asio::co_spawn(executor_, run(self), [self](std::exception_ptr failed) {
    self->over_ = true;
    if (failed) {
      logs::error("the webhook {} of {} ended: there is no memory", self->name_, self->account_);
    }
  });
}

void WebhookSender::notify(std::int64_t newest) {
  if (webhook_ && newest <= webhook_->progress.delivered) return;
  news_ = true;
  news_timer_.cancel();
}

void WebhookSender::reload() {
  reload_ = true;
  news_ = true;
  news_timer_.cancel();
}

void WebhookSender::stop() {
  stopped_ = true;
  stop_->stop();
  news_timer_.cancel();
  again_timer_.cancel();
}

// What the system has no room for now (memory, a thread that looks names up) it may have soon.
asio::awaitable<void> WebhookSender::run(std::shared_ptr<WebhookSender>) {
  while (!stopped_) {
    bool done = false;
    try {
      co_await take_step();
      done = true;
    } catch (const std::exception& why) {
      logs::warn("the webhook {} of {} waits: {}", name_, account_, why.what());
    }
    if (!done) co_await wait_to_try_again();
  }
}

asio::awaitable<void> WebhookSender::take_step() {
  if (std::exchange(reload_, false) || !webhook_) {
    co_await load();
    co_return;
  }
  const auto pause = pause_before(webhook_->progress, services_.now());
  if (webhook_->progress.state == store::WebhookState::failed) {
    co_await wait_for_news(std::nullopt);
  } else if (pause.count() > 0) {
    co_await wait_for_news(pause);
  } else if (batch_) {
    co_await send();
  } else {
    co_await read_batch();
  }
}

asio::awaitable<void> WebhookSender::load() {
  batch_.reset();
  failed_up_to_.reset();
  auto work = [account = account_, name = name_](store::AccountStore& store) {
    return store.webhooks().load(account, name);
  };
  auto asked = in_store(services_.store, executor_, std::move(work));
  auto loaded = co_await std::move(asked);
  if (loaded) {
    backoff_.succeeded();
    webhook_ = std::move(*loaded);
    co_return;
  }
  webhook_.reset();
  if (is_gone(loaded.error().code)) {
    stopped_ = true;
    co_return;
  }
  co_await wait_to_try_again();
}

asio::awaitable<void> WebhookSender::read_batch() {
  // What comes meanwhile is read the next time.
  news_ = false;
  const auto delivered = webhook_->progress.delivered;
  auto work = [account = account_, delivered](store::AccountStore& store) {
    return next_page(store, account, delivered);
  };
  auto asked = in_store(services_.store, executor_, std::move(work));
  auto page = co_await std::move(asked);
  if (!page) {
    if (is_gone(page.error().code)) stopped_ = true;
    co_await wait_to_try_again();
    co_return;
  }
  backoff_.succeeded();
  if (failed_up_to_) cut_behind(*page, *failed_up_to_);
  auto batch = make_batch(*webhook_, *page, services_.schema_of);
  if (!batch.body.empty()) {
    batch_ = std::move(batch);
  } else if (batch.last > delivered) {
    auto progress = webhook_->progress;
    progress.delivered = batch.last;
    co_await save(std::move(progress));
  } else {
    co_await wait_for_news(std::nullopt);
  }
}

WebhookCall WebhookSender::call_of(const WebhookBatch& batch, WebhookUrl url) const {
  WebhookCall out;
  out.url = std::move(url);
  out.id = batch.id;
  out.timestamp = services_.now() / 1000;
  out.body = batch.body;
  out.signature = webhook_signature(webhook_->secret, out.id, out.timestamp, out.body);
  return out;
}

asio::awaitable<void> WebhookSender::send() {
  WebhookAnswer answer;
  auto url = read_webhook_url(webhook_->url);
  if (url) {
    auto call = call_of(*batch_, std::move(*url));
    auto posted = services_.post(std::move(call), stop_);
    answer = co_await std::move(posted);
  } else {
    answer.error = "its URL can't be used: " + url.error();
  }
  const auto last = batch_->last;
  batch_.reset();
  failed_up_to_.reset();
  if (answer.good()) {
    auto progress = after_success(webhook_->progress, last, answer.status);
    co_await save(std::move(progress));
  } else if (!stopped_) {
    failed_up_to_ = last;
    auto progress = after_failure(webhook_->progress, answer, services_.now(), services_.random);
    co_await save(std::move(progress));
  }
}

asio::awaitable<void> WebhookSender::save(store::WebhookProgress progress) {
  for (;;) {
    auto work = [account = account_, name = name_, changed = webhook_->changed, progress,
                 mark = mark_](store::AccountStore& store) {
      return store.webhooks().set_progress(account, name, changed, progress, mark);
    };
    auto asked = in_store(services_.store, executor_, std::move(work));
    const auto written = co_await std::move(asked);
    if (written) {
      backoff_.succeeded();
      if (*written) {
        tell_of_end(progress);
      } else {
        reload_ = true;
      }
      webhook_->progress = std::move(progress);
      co_return;
    }
    // Then another node sends it again, from where the store is.
    if (written.error().code == StoreErrc::lease_lost) stopped_ = true;
    if (stopped_) co_return;
    co_await wait_to_try_again();
  }
}

asio::awaitable<void> WebhookSender::wait_for_news(std::optional<std::chrono::milliseconds> most) {
  if (std::exchange(news_, false) || stopped_) co_return;
  if (most) {
    news_timer_.expires_after(*most);
  } else {
    news_timer_.expires_at(asio::steady_timer::time_point::max());
  }
  co_await news_timer_.async_wait(token);
  news_ = false;
}

asio::awaitable<void> WebhookSender::wait_to_try_again() {
  if (stopped_) co_return;
  const auto now = std::chrono::steady_clock::now();
  backoff_.failed(now);
  again_timer_.expires_at(backoff_.next());
  co_await again_timer_.async_wait(token);
}

void WebhookSender::tell_of_end(const store::WebhookProgress& progress) const {
  if (progress.state != store::WebhookState::failed) return;
  logs::warn("the webhook {} of {} is given up: {}", name_, account_, progress.last_error);
}

}  // namespace server::webhooks
