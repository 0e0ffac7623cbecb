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
  Centres centres;
  CHECK(centres.connections->port(home_dc) == nullptr);
  CHECK(centres.reach(home_dc) == Reach::there);
  CHECK(centres.reach(home_dc) == Reach::there);
  REQUIRE(centres.world.upstreams.size() == 1);
  CHECK(centres.world.upstream(0).settings.dc == DcId(2));
  CHECK(centres.world.upstream(0).opened == 0);
  CHECK(centres.world.upstream(0).session.session == centres.session.session);
}

TEST_CASE("A secondary connection has a key of its own to make", "[connections]") {
  Centres centres;
  CHECK_FALSE(centres.dial(dc3).session.key);
}

TEST_CASE("Who has no address can't be reached", "[connections]") {
  Centres centres;
  CHECK(centres.reach(DcId(77)) == Reach::unknown_dc);
  centres.world.telegram->data_centres.erase(2);
  CHECK(centres.reach(home_dc) == Reach::unknown_dc);
  CHECK(centres.world.upstreams.empty());
}

TEST_CASE("What comes is told with where it comes from", "[connections]") {
  Centres centres;
  centres.reach(home_dc);
  auto& home = centres.world.upstream(0);
  auto& there = centres.dial(dc3);
  there.user.on_connecting();
  there.user.on_key_exchange();
  there.come_up();
  there.answer(0, word(0xaa));
  home.user.on_connecting();
  home.user.on_written(mtproto::RequestId(1));
  home.user.on_lost(mtproto::RequestId(1));
  home.user.on_refused(mtproto::RequestId(1), {});
  home.go_down("reset");
  CHECK(centres.heard == Lines{"3 connecting", "3 key exchange", "3 ready", "3 answer",
                               "0 connecting", "0 written", "0 lost", "0 refused",
                               "0 down: reset"});
}

TEST_CASE("Only the account's own data centre pushes, or makes the session anew", "[connections]") {
  Centres centres;
  centres.reach(home_dc);
  auto& there = centres.dial(dc3);
  there.user.on_pushed(word(1));
  there.user.on_renewed();
  CHECK(centres.heard.empty());
  centres.world.upstream(0).user.on_pushed(word(1));
  centres.world.upstream(0).user.on_renewed();
  CHECK(centres.heard == Lines{"0 pushed", "0 renewed"});
}

TEST_CASE("That a connection is ready is said again only of the same one", "[connections]") {
  Centres centres;
  centres.reach(home_dc);
  auto& home = centres.world.upstream(0);
  for (int i = 0; i < 2; ++i) {
    home.user.on_connecting();
    home.come_up();
    home.come_up();
  }
  CHECK(centres.heard == Lines{"0 connecting", "0 ready", "0 ready again", "0 connecting",
                               "0 ready", "0 ready again"});
}

TEST_CASE("A ninth data centre takes the place of that which was not used for longest",
          "[connections]") {
  Centres centres;
  for (const auto dc : {1, 3, 4, 5, 6, 7, 8, 9}) centres.dial(DcId(dc));
  centres.reach(DcId(1));
  CHECK(centres.reach(DcId(10)) == Reach::there);
  CHECK(centres.world.upstream(1).closed);
  CHECK(centres.connections->port(dc3) == nullptr);
  CHECK(centres.connections->port(DcId(1)) != nullptr);
}

TEST_CASE("One that somebody waits for does not give way, and where all are so there is no ninth",
          "[connections]") {
  Centres centres;
  for (const auto dc : {1, 3, 4, 5, 6, 7, 8, 9}) {
    centres.dial(DcId(dc));
    centres.used.insert(DcId(dc));
  }
  CHECK(centres.reach(DcId(10)) == Reach::too_many);
  CHECK(centres.reach(DcId(9)) == Reach::there);
  centres.used.erase(DcId(8));
  CHECK(centres.reach(DcId(10)) == Reach::there);
  CHECK(centres.connections->port(DcId(8)) == nullptr);
  CHECK(centres.connections->port(DcId(1)) != nullptr);
}

TEST_CASE("A final failure leaves the session's state, with which the next connection is made",
          "[connections]") {
  Centres centres;
  centres.reach(home_dc);
  auto& first = centres.world.upstream(0);
  first.session.last_seqno = 99;
  first.go_down("the key is unknown", true);
  CHECK(first.closed);
  CHECK(centres.connections->port(home_dc) == nullptr);
  CHECK(centres.connections->state().last_seqno == 99);
  CHECK(centres.connections->last_failure(home_dc)->reason == "the key is unknown");
  CHECK(centres.reach(home_dc) == Reach::there);
  REQUIRE(centres.world.upstreams.size() == 2);
  CHECK(centres.world.upstream(1).session.last_seqno == 99);
}

TEST_CASE("A failure that is not final leaves the connection", "[connections]") {
  Centres centres;
  centres.reach(home_dc);
  centres.world.upstream(0).go_down("reset");
  CHECK_FALSE(centres.world.upstream(0).closed);
  centres.reach(home_dc);
  CHECK(centres.world.upstreams.size() == 1);
}

TEST_CASE("The prefix is handed on, and on to those that are made later", "[connections]") {
  Centres centres;
  centres.reach(home_dc);
  auto& there = centres.dial(dc3);
  auto settings = centres.world.settings();
  settings.prefix = word(2);
  centres.connections->set_settings(support::shared(std::move(settings)));
  CHECK(centres.world.upstream(0).prefixes == Prefixes{word(1), word(2)});
  CHECK(there.prefixes == Prefixes{word(1), word(2)});
  CHECK(centres.dial(DcId(4)).prefixes == Prefixes{word(2)});
  centres.world.upstream(0).go_down("the key is unknown", true);
  centres.reach(home_dc);
  CHECK(centres.world.upstreams.back()->prefixes == Prefixes{word(2)});
}

TEST_CASE("Who we are is said again to one data centre alone", "[connections]") {
  Centres centres;
  centres.reach(home_dc);
  auto& there = centres.dial(dc3);
  centres.connections->initialise(dc3);
  CHECK(there.prefixes == Prefixes{word(1), word(1)});
  CHECK(centres.world.upstream(0).prefixes == Prefixes{word(1)});
  centres.connections->initialise(DcId(4));  // no connection: it will say so at first
  CHECK(centres.world.upstreams.size() == 2);
}

TEST_CASE("A pause is handed on, and on to those that are made later", "[connections]") {
  Centres centres;
  centres.reach(home_dc);
  auto& there = centres.dial(dc3);
  centres.connections->pause(true);
  CHECK(centres.world.upstream(0).paused);
  CHECK(there.paused);
  auto& later = centres.dial(DcId(4));
  CHECK(later.paused);
  centres.world.upstream(0).go_down("the key is unknown", true);
  centres.reach(home_dc);
  CHECK(centres.world.upstreams.back()->paused);
  centres.connections->pause(false);
  CHECK_FALSE(there.paused);
  CHECK_FALSE(later.paused);
  CHECK_FALSE(centres.dial(DcId(5)).paused);
}

TEST_CASE("Secondary connections are closed alone", "[connections]") {
  Centres centres;
  centres.reach(home_dc);
  auto& there = centres.dial(dc3);
  centres.connections->close_secondary();
  CHECK(there.closed);
  CHECK_FALSE(centres.world.upstream(0).closed);
  CHECK(centres.connections->port(dc3) == nullptr);
  CHECK_FALSE(centres.connections->last_failure(dc3));
}

TEST_CASE("Closed connections leave the session's state, and nobody is reached any more",
          "[connections]") {
  Centres centres;
  centres.reach(home_dc);
  centres.world.upstream(0).session.last_seqno = 42;
  auto& there = centres.dial(dc3);
  centres.connections->close();
  CHECK(centres.world.upstream(0).closed);
  CHECK(there.closed);
  CHECK(centres.connections->state().last_seqno == 42);
  CHECK(centres.reach(home_dc) == Reach::unknown_dc);
  CHECK(centres.reach(dc3) == Reach::unknown_dc);
}

TEST_CASE("Connections that go away are closed", "[connections]") {
  Centres centres;
  centres.reach(home_dc);
  auto& there = centres.dial(dc3);
  centres.connections.reset();
  CHECK(centres.world.upstream(0).closed);
  CHECK(there.closed);
}

TEST_CASE("Messages name the account's own data centre by its number", "[connections]") {
  Centres centres;
  CHECK(centres.connections->number(home_dc) == 2);
  CHECK(centres.connections->number(dc3) == 3);
}
