#include "server/account/home_calls.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "server/account/account.hpp"
#include "tests/server/account/account_world.hpp"

using namespace server::account;
using support::error, support::word;

namespace {

// HomeCalls over a table of its own; the test ends the turns.
struct Home final : DcUser {
  support::AccountWorld world;
  support::Wakes wakes;
  EventQueue events{wakes};
  struct Parts {
    Parts(Home& home, mtproto::SessionState session)
        : connections(home.world.services, support::shared(home.world.settings()),
                      std::move(session), calls_home, home),
          calls_home(calls, home.events),
          calls(connections, home.events) {}
    DcConnections connections;
    HomeCalls calls_home;
    CallTable calls;
  };
  std::unique_ptr<Parts> parts;
  std::vector<std::string> heard;

  explicit Home(mtproto::SessionState session = support::session_of(1, 11))
      : parts(std::make_unique<Parts>(*this, std::move(session))) {}
  HomeCalls& home() { return parts->calls_home; }
  void ask() {
    home().call_home(word(0xa), [this](HomeCaller::Answer answer) {
      const auto* failure = std::get_if<server::upstream::UpstreamFailure>(&answer);
      heard.push_back(failure ? std::to_string(failure->dc->value()) + ": " + failure->reason
                              : "answer");
    });
  }
  void tell() {
    events.drain([](AccountEvent&& event) {
      auto& over = std::get<CallOver>(event);
      if (over.caller) over.caller->on_outcome(over.tag, std::move(over.outcome), {});
    });
  }

  void on_connecting(mtproto::DcId) override {}
  void on_key_exchange(mtproto::DcId) override {}
  void on_ready(mtproto::DcId, bool) override {}
  void on_answer(mtproto::DcId dc, mtproto::RequestId id, tl::Slice body) override {
    parts->calls.on_over(dc, id, std::move(body));
  }
  void on_written(mtproto::DcId, mtproto::RequestId) override {}
  void on_lost(mtproto::DcId dc, mtproto::RequestId id) override {
    parts->calls.on_over(dc, id, CallLost{"gone"});
  }
  void on_refused(mtproto::DcId, mtproto::RequestId, boost::system::error_code) override {}
  void on_down(mtproto::DcId dc, const server::upstream::UpstreamFailure& failure) override {
    parts->calls.on_down(dc, std::make_shared<const server::upstream::UpstreamFailure>(failure));
  }
  void on_pushed(tl::Slice) override {}
  void on_renewed() override {}
  void on_changed() override {}
};

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("There is a key at home where the session has one", "[home_calls]") {
  CHECK(Home().home().has_key());
  CHECK_FALSE(Home(mtproto::SessionState{}).home().has_key());
}

TEST_CASE("A call at home may be repeated, and its answer goes to whoever asked", "[home_calls]") {
  Home home;
  home.ask();
  REQUIRE(home.world.upstreams.size() == 1);
  CHECK(home.world.upstream(0).sent[0].options.repeat == mtproto::Repeat::freely);
  CHECK_FALSE(home.home().exported());
  home.world.upstream(0).answer(0, word(0xaa));
  CHECK(home.heard.empty());
  home.tell();
  CHECK(home.heard == Lines{"answer"});
  CHECK(home.home().exported());
}

TEST_CASE("A refusal gives nothing of the authorization away", "[home_calls]") {
  Home home;
  home.ask();
  home.world.upstream(0).answer(0, error(401, "AUTH_KEY_UNREGISTERED"));
  home.tell();
  CHECK(home.heard == Lines{"answer"});
  CHECK_FALSE(home.home().exported());
}

TEST_CASE("Why there is no answer from home is told with the number of home", "[home_calls]") {
  Home home;
  home.ask();
  home.ask();
  home.world.upstream(0).user.on_lost(home.world.upstream(0).sent[0].id);
  home.world.upstream(0).go_down("no route");
  home.tell();
  CHECK(home.heard == Lines{"2: the connection was lost", "2: no route"});
}

TEST_CASE("Where home has no address that is told later, and not from within", "[home_calls]") {
  Home home;
  home.world.telegram->data_centres.erase(2);
  home.ask();
  CHECK(home.heard.empty());
  CHECK(home.wakes.count == 1);
  home.tell();
  CHECK(home.heard == Lines{"2: unknown data centre"});
}

TEST_CASE("Whoever is gone is told nothing, and nothing was given away", "[home_calls]") {
  Home home;
  home.ask();
  home.world.upstream(0).answer(0, word(0xaa));
  home.tell();
  home.ask();
  home.ask();
  home.world.upstream(0).answer(1, word(0xaa));
  home.home().clear();
  home.world.upstream(0).answer(2, word(0xaa));
  home.tell();
  CHECK(home.heard == Lines{"answer"});
  CHECK_FALSE(home.home().exported());
}
