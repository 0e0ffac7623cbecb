// The accounts of one thread that are kept, a scripted Telegram, and a store that hangs, fails and
// comes back when the test says so.
#pragma once

#include <string>
#include <vector>

#include "server/named/named_accounts.hpp"
#include "tests/server/connection/scripted_world.hpp"
#include "tests/server/named/store_bench.hpp"
#include "tests/server/webhooks/webhook_updates.hpp"

namespace named_test {

inline constexpr std::string_view signed_in =
    R"({"_cons":"auth.loginTokenSuccess","authorization":{"_cons":"auth.authorization",)"
    R"("user":{"_cons":"user","id":7}}})";

struct Kept : support::ScriptedThread {
  StoreBench bench{context};
  std::vector<server::webhooks::WebhookCall> calls;  // of webhooks; each is taken
  server::named::NamedAccounts all{services_of()};
  const server::ServerChoice choice{server()};
  const server::NamedPlaces places{all, choice, 0, 1};
  bool silent = false;  // Telegram, where somebody signs in

  explicit Kept(const support::Terms& terms = {})
      : support::ScriptedThread([this](const tl::Value& query) { return play(query); }, terms) {}
  ~Kept() {
    bench.let_go();
    all.close();
    bench.settle();
  }

  std::string play(const tl::Value& query) {
    const auto method = query.constructor();
    if (method == "auth.exportLoginToken") return silent ? "" : std::string(signed_in);
    if (method == "updates.getState") {
      return R"({"_cons":"updates.state","pts":10,"qts":0,"date":1,"seq":0,"unread_count":0})";
    }
    if (method == "updates.getDifference") {
      return R"({"_cons":"updates.differenceEmpty","date":1,"seq":0})";
    }
    return support::nearest(query);
  }
  void put(const store::StoredAccount& account) {
    REQUIRE(bench.in_store([&](store::AccountStore& to) { return to.accounts().add(account, 1); }));
  }
  void put_webhook(const std::string& account) {
    store::StoredWebhook webhook;
    webhook.account = account;
    webhook.name = "ops";
    webhook.url = "https://example.org/hook";
    webhook.secret = mtproto::SecretBytes(32);
    REQUIRE(bench.in_store([&](store::AccountStore& to) { return to.webhooks().put(webhook, 1); }));
  }
  // Runs the loop until `there` holds, for what comes again after a pause.
  template <class There>
  void until(There there) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    context.restart();
    while (!there() && !context.stopped() && std::chrono::steady_clock::now() < end) {
      context.run_one_for(std::chrono::seconds(1));
    }
    REQUIRE(there());
  }
  std::optional<store::AccountRow> row() {
    auto found = bench.in_store([](store::AccountStore& of) { return of.accounts().find("ada"); });
    if (!found) return {};
    return *found;
  }

 private:
  server::named::NamedServices services_of() {
    const auto settings = [this](mtproto::DcId dc, std::int32_t) {
      server::account::DcSettings out;
      out.telegram = place;
      out.home = dc.value() != 0 ? dc : mtproto::DcId(2);
      out.schema = schemes->first().schema;
      out.layer = schemes->first().layer;
      return accounts.shared_settings(std::move(out));
    };
    const auto now = [] { return std::int64_t{1}; };
    const auto take = [this](server::webhooks::WebhookCall call,
                             const std::shared_ptr<server::upstream::DialStop>&)
        -> boost::asio::awaitable<server::webhooks::WebhookAnswer> {
      calls.push_back(std::move(call));
      co_return server::webhooks::WebhookAnswer{204, "", {}};
    };
    return {.accounts = accounts,
            .store = bench.thread(),
            .settings = settings,
            .unix_ms = now,
            .rpc_timeout = std::chrono::seconds(10),
            .webhooks = {bench.thread(), webhook_test::schema_of, random, take, now}};
  }
};

}  // namespace named_test
