#include "server/account/dc_connections.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/server/account/account_world.hpp"

using namespace server::account;
using Reach = DcConnections::Reach;
using mtproto::DcId;
using support::word;

namespace {

constexpr DcId dc3{3};

struct Centres final : HomeCaller, DcUser {
  support::AccountWorld world;
  mtproto::SessionState session = support::session_of(1, 11);
  std::unique_ptr<DcConnections> connections =
      std::make_unique<DcConnections>(world.services, support::shared(world.settings()), session,
                                      static_cast<HomeCaller&>(*this), static_cast<DcUser&>(*this));
  std::set<DcId> used;             // that somebody waits for
  std::vector<std::string> heard;  // "3 ready"
  bool key = false;

  Reach reach(DcId dc) {
    return connections->reach(dc, [this](DcId which) { return used.contains(which); });
  }
  // A secondary connection has an upstream connection once something is sent.
  support::ScriptedUpstream& dial(DcId dc) {
    REQUIRE(reach(dc) == Reach::there);
    connections->port(dc)->send(word(0xa), {});
    return *world.upstreams.back();
  }
  void hear(DcId dc, std::string what) {
    heard.push_back(std::to_string(dc.value()) + " " + std::move(what));
  }

  bool has_key() const override { return key; }
  void call_home(tl::Bytes, Done) override { hear(home_dc, "export"); }
  void on_connecting(DcId dc) override { hear(dc, "connecting"); }
  void on_key_exchange(DcId dc) override { hear(dc, "key exchange"); }
  void on_ready(DcId dc, bool again) override { hear(dc, again ? "ready again" : "ready"); }
  void on_answer(DcId dc, mtproto::RequestId, tl::Slice) override { hear(dc, "answer"); }
  void on_written(DcId dc, mtproto::RequestId) override { hear(dc, "written"); }
  void on_lost(DcId dc, mtproto::RequestId) override { hear(dc, "lost"); }
  void on_refused(DcId dc, mtproto::RequestId, boost::system::error_code) override {
    hear(dc, "refused");
  }
  void on_down(DcId dc, const server::upstream::UpstreamFailure& failure) override {
    hear(dc, "down: " + failure.reason);
    connections->drop(dc, failure);
  }
  void on_pushed(tl::Slice) override { hear(home_dc, "pushed"); }
  void on_renewed() override { hear(home_dc, "renewed"); }
  void on_changed() override {}
};

using Lines = std::vector<std::string>;
using Prefixes = std::vector<tl::Bytes>;

}  // namespace

TEST_CASE("A connection is made when it is first needed, and used again then", "[connections]") {
  Centres data_centres;
  CHECK(data_centres.connections->port(home_dc) == nullptr);
  CHECK(data_centres.reach(home_dc) == Reach::there);
  CHECK(data_centres.reach(home_dc) == Reach::there);
  REQUIRE(data_centres.world.upstreams.size() == 1);
  CHECK(data_centres.world.upstream(0).settings.dc == DcId(2));
  CHECK(data_centres.world.upstream(0).opened == 0);
  CHECK(data_centres.world.upstream(0).session.session == data_centres.session.session);
}

TEST_CASE("A secondary connection has a key of its own to make", "[connections]") {
  Centres data_centres;
  CHECK_FALSE(data_centres.dial(dc3).session.key);
}

TEST_CASE("Who has no address can't be reached", "[connections]") {
  Centres data_centres;
  CHECK(data_centres.reach(DcId(77)) == Reach::unknown_dc);
  data_centres.world.telegram->data_centres.erase(2);
  CHECK(data_centres.reach(home_dc) == Reach::unknown_dc);
  CHECK(data_centres.world.upstreams.empty());
}

TEST_CASE("What comes is told with where it comes from", "[connections]") {
  Centres data_centres;
  data_centres.reach(home_dc);
  auto& home = data_centres.world.upstream(0);
  auto& there = data_centres.dial(dc3);
  there.user.on_connecting();
  there.user.on_key_exchange();
  there.come_up();
  there.answer(0, word(0xaa));
  home.user.on_connecting();
  home.user.on_written(mtproto::RequestId(1));
  home.user.on_lost(mtproto::RequestId(1));
  home.user.on_refused(mtproto::RequestId(1), {});
  home.go_down("reset");
  CHECK(data_centres.heard == Lines{"3 connecting", "3 key exchange", "3 ready", "3 answer",
                                    "0 connecting", "0 written", "0 lost", "0 refused",
                                    "0 down: reset"});
}

TEST_CASE("Only the account's own data centre pushes, or makes the session anew", "[connections]") {
  Centres data_centres;
  data_centres.reach(home_dc);
  auto& there = data_centres.dial(dc3);
  there.user.on_pushed(word(1));
  there.user.on_renewed();
  CHECK(data_centres.heard.empty());
  data_centres.world.upstream(0).user.on_pushed(word(1));
  data_centres.world.upstream(0).user.on_renewed();
  CHECK(data_centres.heard == Lines{"0 pushed", "0 renewed"});
}

TEST_CASE("That a connection is ready is said again only of the same one", "[connections]") {
  Centres data_centres;
  data_centres.reach(home_dc);
  auto& home = data_centres.world.upstream(0);
  for (int i = 0; i < 2; ++i) {
    home.user.on_connecting();
    home.come_up();
    home.come_up();
  }
  CHECK(data_centres.heard == Lines{"0 connecting", "0 ready", "0 ready again", "0 connecting",
                                    "0 ready", "0 ready again"});
}

TEST_CASE("A ninth data centre takes the place of that which was not used for longest",
          "[connections]") {
  Centres data_centres;
  for (const auto dc : {1, 3, 4, 5, 6, 7, 8, 9}) data_centres.dial(DcId(dc));
  data_centres.reach(DcId(1));
  CHECK(data_centres.reach(DcId(10)) == Reach::there);
  CHECK(data_centres.world.upstream(1).closed);
  CHECK(data_centres.connections->port(dc3) == nullptr);
  CHECK(data_centres.connections->port(DcId(1)) != nullptr);
}

TEST_CASE("One that somebody waits for does not give way, and where all are so there is no ninth",
          "[connections]") {
  Centres data_centres;
  for (const auto dc : {1, 3, 4, 5, 6, 7, 8, 9}) {
    data_centres.dial(DcId(dc));
    data_centres.used.insert(DcId(dc));
  }
  CHECK(data_centres.reach(DcId(10)) == Reach::too_many);
  CHECK(data_centres.reach(DcId(9)) == Reach::there);
  data_centres.used.erase(DcId(8));
  CHECK(data_centres.reach(DcId(10)) == Reach::there);
  CHECK(data_centres.connections->port(DcId(8)) == nullptr);
  CHECK(data_centres.connections->port(DcId(1)) != nullptr);
}

TEST_CASE("A final failure leaves the session's state, with which the next connection is made",
          "[connections]") {
  Centres data_centres;
  data_centres.reach(home_dc);
  auto& first = data_centres.world.upstream(0);
  first.session.last_seqno = 99;
  first.go_down("the key is unknown", true);
  CHECK(first.closed);
  CHECK(data_centres.connections->port(home_dc) == nullptr);
  CHECK(data_centres.connections->state().last_seqno == 99);
  CHECK(data_centres.connections->last_failure(home_dc)->reason == "the key is unknown");
  CHECK(data_centres.reach(home_dc) == Reach::there);
  REQUIRE(data_centres.world.upstreams.size() == 2);
  CHECK(data_centres.world.upstream(1).session.last_seqno == 99);
}

TEST_CASE("A failure that is not final leaves the connection", "[connections]") {
  Centres data_centres;
  data_centres.reach(home_dc);
  data_centres.world.upstream(0).go_down("reset");
  CHECK_FALSE(data_centres.world.upstream(0).closed);
  data_centres.reach(home_dc);
  CHECK(data_centres.world.upstreams.size() == 1);
}

TEST_CASE("The prefix is handed on, and on to those that are made later", "[connections]") {
  Centres data_centres;
  data_centres.reach(home_dc);
  auto& there = data_centres.dial(dc3);
  auto settings = data_centres.world.settings();
  settings.prefix = word(2);
  data_centres.connections->set_settings(support::shared(std::move(settings)));
  CHECK(data_centres.world.upstream(0).prefixes == Prefixes{word(1), word(2)});
  CHECK(there.prefixes == Prefixes{word(1), word(2)});
  CHECK(data_centres.dial(DcId(4)).prefixes == Prefixes{word(2)});
  data_centres.world.upstream(0).go_down("the key is unknown", true);
  data_centres.reach(home_dc);
  CHECK(data_centres.world.upstreams.back()->prefixes == Prefixes{word(2)});
}

TEST_CASE("Who we are is said again to one data centre alone", "[connections]") {
  Centres data_centres;
  data_centres.reach(home_dc);
  auto& there = data_centres.dial(dc3);
  data_centres.connections->initialise(dc3);
  CHECK(there.prefixes == Prefixes{word(1), word(1)});
  CHECK(data_centres.world.upstream(0).prefixes == Prefixes{word(1)});
  data_centres.connections->initialise(DcId(4));  // no connection: it will say so at first
  CHECK(data_centres.world.upstreams.size() == 2);
}

TEST_CASE("A pause is handed on, and on to those that are made later", "[connections]") {
  Centres data_centres;
  data_centres.reach(home_dc);
  auto& there = data_centres.dial(dc3);
  data_centres.connections->pause(true);
  CHECK(data_centres.world.upstream(0).paused);
  CHECK(there.paused);
  auto& later = data_centres.dial(DcId(4));
  CHECK(later.paused);
  data_centres.world.upstream(0).go_down("the key is unknown", true);
  data_centres.reach(home_dc);
  CHECK(data_centres.world.upstreams.back()->paused);
  data_centres.connections->pause(false);
  CHECK_FALSE(there.paused);
  CHECK_FALSE(later.paused);
  CHECK_FALSE(data_centres.dial(DcId(5)).paused);
}

TEST_CASE("Secondary connections are closed alone", "[connections]") {
  Centres data_centres;
  data_centres.reach(home_dc);
  auto& there = data_centres.dial(dc3);
  data_centres.connections->close_secondary();
  CHECK(there.closed);
  CHECK_FALSE(data_centres.world.upstream(0).closed);
  CHECK(data_centres.connections->port(dc3) == nullptr);
  CHECK_FALSE(data_centres.connections->last_failure(dc3));
}

TEST_CASE("Closed connections leave the session's state, and nobody is reached any more",
          "[connections]") {
  Centres data_centres;
  data_centres.reach(home_dc);
  data_centres.world.upstream(0).session.last_seqno = 42;
  auto& there = data_centres.dial(dc3);
  data_centres.connections->close();
  CHECK(data_centres.world.upstream(0).closed);
  CHECK(there.closed);
  CHECK(data_centres.connections->state().last_seqno == 42);
  CHECK(data_centres.reach(home_dc) == Reach::unknown_dc);
  CHECK(data_centres.reach(dc3) == Reach::unknown_dc);
}

TEST_CASE("Connections that go away are closed", "[connections]") {
  Centres data_centres;
  data_centres.reach(home_dc);
  auto& there = data_centres.dial(dc3);
  data_centres.connections.reset();
  CHECK(data_centres.world.upstream(0).closed);
  CHECK(there.closed);
}

TEST_CASE("Messages name the account's own data centre by its number", "[connections]") {
  Centres data_centres;
  CHECK(data_centres.connections->number(home_dc) == 2);
  CHECK(data_centres.connections->number(dc3) == 3);
}
