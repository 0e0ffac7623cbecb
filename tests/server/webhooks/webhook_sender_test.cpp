// Senders on a store in memory, with scripted answers and a clock that stands still.
#include "server/webhooks/webhook_sender.hpp"

#include <boost/asio/io_context.hpp>
#include <deque>
#include <new>

#include "server/upstream/token.hpp"
#include "server/webhooks/account_webhooks.hpp"
#include "server/webhooks/standard_webhook.hpp"
#include "tests/server/store/store_fixture.hpp"
#include "tests/server/webhooks/webhook_updates.hpp"
#include "tests/support/scripted_random.hpp"

using namespace server::webhooks;
using namespace server::store;
using namespace std::chrono_literals;
using webhook_test::message;
using webhook_test::status;
namespace asio = boost::asio;

namespace {

const mtproto::SecretBytes& secret() {
  static const mtproto::SecretBytes out(tl::as_bytes("thirty-two bytes for the signing"));
  return out;
}

struct Stage {
  // Of "memory" nothing is left where it was lost.
  explicit Stage(const std::string& engine = "memory")
      : place(engine), thread(open(), [this] { return place.try_open(); }) {}

  std::unique_ptr<AccountStore> open() {
    auto store = place.open();
    REQUIRE(store->accounts().add(store_test::account("ada"), 1));
    return store;
  }
  // Runs the loop until `there` holds.
  template <class There>
  void until(There there) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    context.restart();
    while (!there() && std::chrono::steady_clock::now() < end) context.run_one_for(1s);
    REQUIRE(there());
  }
  template <class Work>
  auto try_in_store(Work work) {
    std::optional<std::invoke_result_t<Work&, AccountStore&>> out;
    thread.post(context.get_executor(), work, [&](auto result) { out = std::move(result); });
    until([&] { return out.has_value(); });
    return std::move(*out);
  }
  template <class Work>
  auto in_store(Work work) {
    auto out = try_in_store(work);
    REQUIRE(out);
    return std::move(*out);
  }
  // As when a server goes away. For a while then nothing works.
  void lose_store() {
    const auto lost = [](AccountStore&) -> StoreResult<int> {
      return StoreError{StoreErrc::unavailable, "it is away"};
    };
    CHECK_FALSE(try_in_store(lost));
  }
  // All that is ready, the store's work with it.
  void settle() {
    for (int i = 0; i < 3; ++i) in_store([](AccountStore&) -> StoreResult<int> { return 1; });
  }
  void put(std::string types = "", std::string url = "https://example.org/hook") {
    StoredWebhook webhook;
    webhook.account = "ada";
    webhook.name = "ops";
    webhook.url = std::move(url);
    webhook.types = std::move(types);
    webhook.secret = secret();
    in_store([&](AccountStore& store) { return store.webhooks().put(webhook, now); });
  }
  void log(const std::vector<LoggedUpdate>& updates) {
    in_store([&](AccountStore& store) -> StoreResult<int> {
      const auto done = store.log().append("ada", newest + 1, updates, "{}", 1);
      if (!done) return done.error();
      return 1;
    });
    newest += static_cast<std::int64_t>(updates.size());
    webhooks.notify(newest);
  }
  WebhookProgress progress() {
    return in_store([](AccountStore& store) { return store.webhooks().find("ada", "ops"); })
        .progress;
  }
  void until_delivered(std::int64_t number) {
    until([&] { return progress().delivered == number; });
  }
  void start() { webhooks.put("ops"); }

  asio::awaitable<WebhookAnswer> post(WebhookCall call,
                                      std::shared_ptr<server::upstream::DialStop> stop) {
    if (throws > 0) {
      --throws;
      throw std::bad_alloc();
    }
    ++running;
    CHECK(running == 1);
    calls.push_back(std::move(call));
    if (held) {
      asio::steady_timer forever(context, asio::steady_timer::time_point::max());
      stop->set([&] { forever.cancel(); });
      let_go = [&] { forever.cancel(); };
      co_await forever.async_wait(server::upstream::token);
      stop->set(nullptr);
    }
    --running;
    WebhookAnswer answer{204, "", {}};
    if (stop->stopped()) answer = {0, "it was stopped", {}};
    if (!answers.empty()) {
      answer = answers.front();
      answers.pop_front();
    }
    co_return answer;
  }

  store_test::Place place;
  asio::io_context context{1};
  StoreThread thread;
  support::ScriptedRandom random;
  std::int64_t now = 1'700'000'000'000;
  std::int64_t newest = 0;
  std::deque<WebhookAnswer> answers;  // then 204
  std::deque<WebhookCall> calls;
  bool held = false;
  int throws = 0;  // so many calls have no memory
  std::function<void()> let_go;
  int running = 0;
  WebhookServices services{
      thread, webhook_test::schema_of, random,
      [this](WebhookCall call, std::shared_ptr<server::upstream::DialStop> stop) {
        return post(std::move(call), std::move(stop));
      },
      [this] { return now; }};
  AccountWebhooks webhooks{context.get_executor(), services, "ada"};

  ~Stage() {
    webhooks.stop();
    settle();
  }
};

WebhookAnswer no(int status) { return {status, "it answered " + std::to_string(status), {}}; }

}  // namespace

TEST_CASE("updates go out as they come, signed, and how far that is is written down") {
  Stage stage;
  stage.put();
  stage.start();
  stage.log({message("a"), message("b")});
  stage.until_delivered(2);
  REQUIRE(stage.calls.size() == 1);
  const auto& call = stage.calls[0];
  CHECK(call.url.at.host == "example.org");
  CHECK(call.timestamp == stage.now / 1000);
  CHECK(call.signature == webhook_signature(secret(), call.id, call.timestamp, call.body));
  CHECK(call.body.starts_with(R"({"account":"ada","webhook":"ops","updates":[{"update_seq":1,)"));
  stage.log({message("c")});
  stage.until_delivered(3);
  REQUIRE(stage.calls.size() == 2);
  CHECK(stage.calls[1].id != call.id);
  CHECK(stage.progress().last_status == 204);
}

TEST_CASE("a batch has a hundred entries at most") {
  Stage stage;
  stage.put();
  stage.log(std::vector<LoggedUpdate>(250, status()));
  stage.start();
  stage.until_delivered(250);
  REQUIRE(stage.calls.size() == 3);
  CHECK(stage.calls[0].body.find("\"update_seq\":100,") != std::string::npos);
  CHECK(stage.calls[0].body.find("\"update_seq\":101,") == std::string::npos);
}

TEST_CASE("what failed is sent again as it was, when its time has come, and not before") {
  Stage stage;
  stage.put();
  stage.answers = {no(500), no(503)};
  stage.start();
  stage.log({message("a")});
  stage.until([&] { return stage.progress().attempts == 1; });
  CHECK(stage.progress().last_error == "it answered 500");
  // What comes meanwhile waits behind it.
  stage.log({message("b")});
  stage.settle();
  CHECK(stage.calls.size() == 1);
  stage.now = stage.progress().next_attempt;
  stage.webhooks.notify(stage.newest);
  stage.until([&] { return stage.progress().attempts == 2; });
  stage.now = stage.progress().next_attempt;
  stage.webhooks.notify(stage.newest);
  stage.until_delivered(2);
  REQUIRE(stage.calls.size() == 4);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(stage.calls[i].id == stage.calls[0].id);
    CHECK(stage.calls[i].body == stage.calls[0].body);
  }
  CHECK(stage.calls[1].timestamp > stage.calls[0].timestamp);
  CHECK(stage.calls[1].signature != stage.calls[0].signature);
  CHECK(stage.calls[3].body.find("\"update_seq\":2,") != std::string::npos);
  CHECK_FALSE(stage.progress().failing_since);
}

TEST_CASE("a call that there is no memory for is made as soon as there is, and counts no failure") {
  Stage stage;
  stage.put();
  stage.throws = 2;
  stage.start();
  stage.log({message("a")});
  stage.until_delivered(1);
  CHECK(stage.throws == 0);
  REQUIRE(stage.calls.size() == 1);
  CHECK(stage.calls[0].body.find("\"update_seq\":1,") != std::string::npos);
  CHECK_FALSE(stage.progress().failing_since);
}

TEST_CASE("a webhook that is gone fails at once, and begins again when it is put anew") {
  Stage stage;
  stage.put();
  stage.answers = {no(410)};
  stage.start();
  stage.log({message("a")});
  stage.until([&] { return stage.progress().state == WebhookState::failed; });
  stage.log({message("b")});
  stage.settle();
  CHECK(stage.calls.size() == 1);
  stage.put("", "https://example.org/other");
  stage.webhooks.put("ops");
  stage.until_delivered(2);
  CHECK(stage.calls.size() == 2);
  CHECK(stage.calls[1].url.target == "/other");
  CHECK(stage.calls[1].body.find("\"update_seq\":1,") != std::string::npos);
}

TEST_CASE("a webhook that failed stays so in another process") {
  Stage stage;
  stage.put();
  stage.answers = {no(410)};
  stage.start();
  stage.log({message("a")});
  stage.until([&] { return stage.progress().state == WebhookState::failed; });
  stage.webhooks.stop();
  stage.start();
  stage.log({message("b")});
  stage.settle();
  CHECK(stage.calls.size() == 1);
}

TEST_CASE("what is not wanted moves the position without a call") {
  Stage stage;
  stage.put("updateNewMessage");
  stage.start();
  stage.log({status(), status()});
  stage.until_delivered(2);
  CHECK(stage.calls.empty());
  stage.log({status(), message("a"), status()});
  stage.until_delivered(5);
  CHECK(stage.calls.size() == 1);
}

TEST_CASE("an update of a layer that is not loaded holds nothing up") {
  Stage stage;
  stage.put("updateUserTyping");
  stage.start();
  auto foreign = message("a");
  foreign.layer = 99;
  stage.log({foreign, message("b")});
  stage.until_delivered(2);
  REQUIRE(stage.calls.size() == 1);
  CHECK(stage.calls[0].body.find("SchemeError") != std::string::npos);
}

TEST_CASE("a URL that can't be used any more is a failure, and no call") {
  Stage stage;
  stage.put("", "ftp://example.org/");
  stage.start();
  stage.log({message("a")});
  stage.until([&] { return stage.progress().attempts == 1; });
  CHECK(stage.calls.empty());
  CHECK(stage.progress().last_error.starts_with("its URL can't be used"));
}

TEST_CASE("there is one call at a time, and what comes meanwhile follows it") {
  Stage stage;
  stage.put();
  stage.held = true;
  stage.start();
  stage.log({message("a")});
  stage.until([&] { return stage.running == 1; });
  stage.log({message("b")});
  stage.settle();
  CHECK(stage.calls.size() == 1);
  stage.held = false;
  stage.let_go();
  stage.until_delivered(2);
  CHECK(stage.calls.size() == 2);
}

TEST_CASE("who is stopped within a call sends the same again, and counts no failure") {
  Stage stage;
  stage.put();
  stage.held = true;
  stage.start();
  stage.log({message("a")});
  stage.until([&] { return stage.running == 1; });
  stage.webhooks.stop();
  stage.until([&] { return stage.running == 0; });
  stage.settle();
  CHECK(stage.progress().attempts == 0);
  CHECK(stage.progress().delivered == 0);
  stage.held = false;
  stage.start();
  stage.until_delivered(1);
  REQUIRE(stage.calls.size() == 2);
  CHECK(stage.calls[1].id == stage.calls[0].id);
  CHECK(stage.calls[1].body == stage.calls[0].body);
}

TEST_CASE("a webhook that is put anew within a call goes on by what was put") {
  Stage stage;
  stage.put();
  stage.held = true;
  stage.start();
  stage.log({message("a")});
  stage.until([&] { return stage.running == 1; });
  stage.put("updateUserStatus");
  stage.webhooks.put("ops");
  stage.held = false;
  stage.answers = {no(410)};
  stage.let_go();
  stage.log({status()});
  stage.until_delivered(2);
  CHECK(stage.progress().state == WebhookState::active);
  CHECK(stage.calls.size() == 2);
}

TEST_CASE("a store that is lost when a call went well has it written down later, without another") {
  Stage stage("file");
  stage.put();
  stage.held = true;
  stage.start();
  stage.log({message("a")});
  stage.until([&] { return stage.running == 1; });
  stage.lose_store();
  stage.held = false;
  stage.let_go();
  const auto find = [](AccountStore& store) { return store.webhooks().find("ada", "ops"); };
  stage.until([&] {
    const auto row = stage.try_in_store(find);
    return row && row->progress.delivered == 1;
  });
  stage.log({message("b")});
  stage.until_delivered(2);
  CHECK(stage.calls.size() == 2);
}

TEST_CASE("a webhook that was removed ends") {
  Stage stage;
  stage.put();
  const auto sender =
      std::make_shared<WebhookSender>(stage.context.get_executor(), stage.services, "ada", "ops");
  sender->start();
  stage.settle();
  CHECK_FALSE(sender->over());
  stage.in_store([](AccountStore& store) -> StoreResult<int> {
    const auto done = store.webhooks().remove("ada", "ops");
    if (!done) return done.error();
    return 1;
  });
  sender->reload();
  stage.until([&] { return sender->over(); });
  CHECK(stage.calls.empty());
}

TEST_CASE("updates that were pruned are told as gone, and the others follow") {
  Stage stage;
  stage.put();
  stage.log(std::vector<LoggedUpdate>(10, message("a")));
  stage.in_store([](AccountStore& store) { return store.log().prune("ada", 3, 0); });
  stage.start();
  stage.until_delivered(10);
  REQUIRE(stage.calls.size() == 1);
  CHECK(stage.calls[0].body.starts_with(
      R"({"account":"ada","webhook":"ops","error":"UpdatesGone","oldest":8,"updates":[{"update_seq":8,)"));
}
