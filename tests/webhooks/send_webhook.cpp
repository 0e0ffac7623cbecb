// Sends updates of an account to a webhook, for tests/e2e/webhook_test.mjs: what it does is what the
// gateway does, without a Telegram.
//
//   send-webhook STORE URL SECRET UPDATES [ALLOWED…]
//
// STORE is a store's URL. Where it has no account yet, there is one then with so many updates. Ends
// when all went out or a call failed, and prints how far it is.
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdio>
#include <cstdlib>
#include <memory_resource>

#include "mtproto/crypto/system_random.hpp"
#include "server/store/store_thread.hpp"
#include "server/store/unix_ms.hpp"
#include "server/webhooks/account_webhooks.hpp"
#include "server/webhooks/standard_webhook.hpp"
#include "tests/support/api_schema.hpp"
#include "tl/codec.hpp"
#include "tl/json_reader.hpp"

namespace {

using namespace server;
using namespace server::webhooks;
namespace asio = boost::asio;

constexpr std::int64_t layer = 228;

template <class Result>
auto need(Result result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().text.c_str());
    std::exit(1);
  }
  return std::move(*result);
}

store::LoggedUpdate update(std::int64_t number) {
  const auto json =
      R"({"_cons":"updateShortMessage","id":)" + std::to_string(number) +
      R"(,"user_id":"9007199254740993","message":"Grüße","pts":1,"pts_count":1,"date":1})";
  std::pmr::monotonic_buffer_resource arena;
  store::LoggedUpdate out{1, layer, {}};
  if (!tl::encode(support::api_schema(), *tl::read_json(json, arena), {}, out.body)) std::exit(1);
  return out;
}

void fill(store::AccountStore& store, const char* url, const char* secret, std::int64_t updates) {
  if (!need(store.accounts().list()).empty()) return;
  store::StoredAccount account;
  account.name = "ada";
  account.dc = 2;
  account.auth_key = mtproto::SecretBytes(256);
  if (!store.accounts().add(account, 1)) std::exit(1);
  store::StoredWebhook webhook;
  webhook.account = "ada";
  webhook.name = "ops";
  webhook.url = url;
  webhook.secret = *read_webhook_secret(secret);
  need(store.webhooks().put(webhook, store::unix_ms()));
  std::vector<store::LoggedUpdate> all;
  for (std::int64_t number = 1; number <= updates; ++number) all.push_back(update(number));
  if (!store.log().append("ada", 1, all, "{}", 1)) std::exit(1);
}

class Run {
 public:
  Run(std::unique_ptr<store::AccountStore> store, std::vector<std::string> allowed,
      std::int64_t updates)
      : thread_(std::move(store), [] { return store::StoreError{}; }),
        poster_(AllowedWebhooks(allowed)),
        updates_(updates) {}

  void go() {
    webhooks_.put("ops");
    look();
    context_.run();
  }

 private:
  // Every now and then, how far it is.
  void look() {
    const auto find = [](store::AccountStore& store) {
      return store.webhooks().find("ada", "ops");
    };
    thread_.post(context_.get_executor(), find, [this](auto row) {
      const auto progress = need(std::move(row)).progress;
      if (progress.delivered < updates_ && progress.attempts == 0) return again();
      std::string error;
      tl::write_json_string(progress.last_error, error);
      std::printf("{\"delivered\":%lld,\"state\":\"%s\",\"error\":%s}\n",
                  static_cast<long long>(progress.delivered),
                  std::string(name_of(progress.state)).c_str(), error.c_str());
      webhooks_.stop();
    });
  }
  void again() {
    timer_.expires_after(std::chrono::milliseconds(20));
    timer_.async_wait([this](auto) { look(); });
  }

  asio::io_context context_{1};
  asio::steady_timer timer_{context_};
  store::StoreThread thread_;
  WebhookPoster poster_;
  mtproto::SystemRandom random_;
  WebhookServices services_{thread_,
                            [](std::int64_t) {
                              return std::shared_ptr<const tl::Schema>(std::shared_ptr<void>(),
                                                                       &support::api_schema());
                            },
                            random_,
                            [this](WebhookCall call, std::shared_ptr<upstream::DialStop> stop) {
                              return poster_.post(std::move(call), std::move(stop));
                            },
                            store::unix_ms};
  AccountWebhooks webhooks_{context_.get_executor(), services_, "ada"};
  std::int64_t updates_;
};

}  // namespace

int main(int count, char** arguments) {
  if (count < 5) return 2;
  const auto url = need(store::read_store_url(arguments[1]));
  auto store = need(store::AccountStore::open(url, need(store::find_key_file(url, "", ""))));
  const auto updates = std::atoll(arguments[4]);
  fill(*store, arguments[2], arguments[3], updates);
  Run run(std::move(store), {arguments + 5, arguments + count}, updates);
  run.go();
}
