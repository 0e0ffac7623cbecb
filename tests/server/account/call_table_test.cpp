#include "server/account/call_table.hpp"

#include <boost/asio/error.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/server/account/account_world.hpp"

using namespace server::account;
using Reach = CallTable::Reach;
using mtproto::DcId;
using support::at;
using support::word;

namespace {

using Lines = std::vector<std::string>;

// What a caller hears, as a line each: "7 answer".
struct Hearer final : Caller {
  void on_outcome(std::uint64_t tag, CallOutcome outcome, mtproto::Time) override {
    heard.push_back(std::to_string(tag) + " " + std::visit(Word{}, outcome));
  }
  struct Word {
    std::string operator()(const tl::Slice&) { return "answer"; }
    std::string operator()(const CallWritten&) { return "written"; }
    std::string operator()(const CallLost& lost) { return "lost: " + lost.why; }
    std::string operator()(const CallUnsendable&) { return "unsendable"; }
    std::string operator()(const CallUnreachable& it) {
      return "unreachable: " + it.failure->reason;
    }
  };
  Lines heard;
};

// A table, and whoever brings it what its connections tell, as an account does.
struct Table final : HomeCaller, DcUser {
  support::AccountWorld world;
  support::Wakes wakes;
  EventQueue events{wakes};
  DcConnections connections{world.services, support::shared(world.settings()), {}, *this, *this};
  CallTable calls{connections, events};
  Hearer one, other;

  CallId call(DcId dc, Hearer& caller, std::uint64_t tag) {
    std::optional<CallId> id;
    REQUIRE(calls.call(dc, word(0xa), {}, caller, tag, at(0), id) == Reach::there);
    return id.value();
  }
  CallId call(std::uint64_t tag) { return call(home_dc, one, tag); }
  support::ScriptedUpstream& upstream(std::size_t n = 0) { return world.upstream(n); }
  void tell() {
    events.drain([](AccountEvent&& event) {
      auto& over = std::get<CallOver>(event);
      if (over.caller) over.caller->on_outcome(over.tag, std::move(over.outcome), at(0));
    });
  }
  // Nobody is signed in: nothing is brought elsewhere.
  bool has_key() const override { return false; }
  void call_home(tl::Bytes, Done) override { FAIL("nothing is exported"); }

  void on_connecting(DcId) override {}
  void on_key_exchange(DcId) override {}
  void on_ready(DcId dc, bool) override { calls.on_ready(dc); }
  void on_answer(DcId dc, mtproto::RequestId id, tl::Slice body) override {
    calls.on_over(dc, id, std::move(body));
  }
  void on_written(DcId dc, mtproto::RequestId id) override { calls.on_over(dc, id, CallWritten{}); }
  void on_lost(DcId dc, mtproto::RequestId id) override { calls.on_over(dc, id, CallLost{"gone"}); }
  void on_refused(DcId dc, mtproto::RequestId id, boost::system::error_code why) override {
    calls.on_over(dc, id, CallUnsendable{why});
  }
  void on_down(DcId dc, const server::upstream::UpstreamFailure& failure) override {
    calls.on_down(dc, std::make_shared<const server::upstream::UpstreamFailure>(failure));
    connections.drop(dc, failure);
  }
  void on_pushed(tl::Slice) override {}
  void on_renewed() override {}
  void on_changed() override {}
};

constexpr DcId dc3{3};

}  // namespace

TEST_CASE("Each way in which a call ends is told to its caller, by its tag", "[call_table]") {
  Table table;
  for (const auto tag : {1, 2, 3, 4, 5}) table.call(static_cast<std::uint64_t>(tag));
  auto& upstream = table.upstream();
  upstream.answer(0, word(0xaa));
  upstream.user.on_written(upstream.sent[1].id);
  upstream.user.on_lost(upstream.sent[2].id);
  upstream.user.on_refused(upstream.sent[3].id, boost::asio::error::message_size);
  upstream.go_down("no route");
  table.tell();
  CHECK(table.one.heard ==
        Lines{"1 answer", "2 written", "3 lost: gone", "4 unsendable", "5 unreachable: no route"});
  CHECK(table.calls.size() == 0);
}

TEST_CASE("A call that is over is not ended a second time", "[call_table]") {
  Table table;
  table.call(1);
  table.upstream().answer(0, word(0xaa));
  table.upstream().answer(0, word(0xbb));
  table.upstream().user.on_lost(table.upstream().sent[0].id);
  table.upstream().go_down("no route", true);
  table.tell();
  CHECK(table.one.heard == Lines{"1 answer"});
}

TEST_CASE("Nothing is told before the turn ends", "[call_table]") {
  Table table;
  table.call(1);
  table.upstream().answer(0, word(0xaa));
  table.call(2);
  CHECK(table.one.heard.empty());
  table.tell();
  CHECK(table.one.heard == Lines{"1 answer"});
}

TEST_CASE("Where there is no way the call is not made and its caller hears nothing",
          "[call_table]") {
  Table table;
  std::optional<CallId> id;
  CHECK(table.calls.call(DcId(77), word(0xa), {}, table.one, 1, at(0), id) == Reach::unknown_dc);
  CHECK_FALSE(id);
  CHECK_FALSE(table.calls.any());
  CHECK(table.calls.size() == 0);
  table.tell();
  CHECK(table.one.heard.empty());
}

TEST_CASE("A call goes to the connection of its data centre with its options", "[call_table]") {
  Table table;
  mtproto::SendOptions options;
  options.after = {mtproto::RequestId(9)};
  std::optional<CallId> id;
  table.calls.call(home_dc, word(0xb), options, table.one, 1, at(0), id);
  table.call(dc3, table.one, 2);
  REQUIRE(table.world.upstreams.size() == 2);
  CHECK(table.upstream(0).sent[0].body == word(0xb));
  CHECK(table.upstream(0).sent[0].options.after == options.after);
  CHECK(table.upstream(0).settings.dc == DcId(2));
  CHECK(table.upstream(1).settings.dc == dc3);
  CHECK(table.upstream(1).method(0) == 0xa);
}

TEST_CASE("Data centres number their requests alike and are told apart", "[call_table]") {
  Table table;
  table.call(dc3, table.one, 3);
  table.call(DcId(4), table.one, 4);
  table.upstream(1).answer(0, word(0xaa));
  table.tell();
  CHECK(table.one.heard == Lines{"4 answer"});
  CHECK(table.calls.in_flight(dc3));
  CHECK_FALSE(table.calls.in_flight(DcId(4)));
}

TEST_CASE("A forgotten call is forgotten by its connection, and nothing is told of it",
          "[call_table]") {
  Table table;
  table.call(1);
  table.call(2);
  table.calls.forget(table.one, 1);
  CHECK(table.upstream().forgotten == std::vector{table.upstream().sent[0].id});
  table.upstream().answer(0, word(0xaa));
  table.upstream().answer(1, word(0xaa));
  table.tell();
  CHECK(table.one.heard == Lines{"2 answer"});
}

TEST_CASE("A caller that leaves hears nothing, not even what is queued, and others do",
          "[call_table]") {
  Table table;
  table.call(home_dc, table.one, 1);
  table.call(home_dc, table.one, 2);
  table.call(home_dc, table.other, 1);
  table.call(home_dc, table.other, 2);
  table.upstream().answer(0, word(0xaa));
  table.upstream().answer(2, word(0xaa));
  table.calls.forget(table.one);
  CHECK(table.calls.size() == 1);
  table.upstream().answer(1, word(0xaa));
  table.upstream().answer(3, word(0xaa));
  table.tell();
  CHECK(table.one.heard.empty());
  CHECK(table.other.heard == Lines{"1 answer", "2 answer"});
}

TEST_CASE("What was written survives a connection that goes down and comes again", "[call_table]") {
  Table table;
  const auto written = table.call(1);
  table.upstream().come_up();
  CHECK_FALSE(table.calls.interrupted(written));
  table.upstream().go_down("reset");
  table.tell();
  CHECK(table.one.heard.empty());
  CHECK(table.calls.interrupted(written));
  table.upstream().come_up();
  table.upstream().answer(0, word(0xaa));
  table.tell();
  CHECK(table.one.heard == Lines{"1 answer"});
  CHECK_FALSE(table.calls.interrupted(written));
}

TEST_CASE("What was called on a connection that is up is written", "[call_table]") {
  Table table;
  table.call(1);
  table.upstream().come_up();
  const auto id = table.call(2);
  table.upstream().go_down("reset");
  CHECK(table.calls.interrupted(id));
}

TEST_CASE("What was not written is unreachable, and is forgotten by the connection",
          "[call_table]") {
  Table table;
  table.call(1);
  table.upstream().come_up();
  table.upstream().go_down("reset");
  const auto id = table.call(2);
  CHECK_FALSE(table.calls.interrupted(id));
  table.upstream().go_down("no route");
  table.tell();
  CHECK(table.one.heard == Lines{"2 unreachable: no route"});
  CHECK(table.upstream().forgotten == std::vector{table.upstream().sent[1].id});
}

TEST_CASE("The failure of one data centre is nothing to the calls of another", "[call_table]") {
  Table table;
  table.call(home_dc, table.one, 1);
  table.call(dc3, table.one, 2);
  table.upstream(1).go_down("no route");
  table.tell();
  CHECK(table.one.heard == Lines{"2 unreachable: no route"});
  CHECK(table.calls.in_flight(home_dc));
}

TEST_CASE("A failure for good ends all of its calls, written or not", "[call_table]") {
  Table table;
  table.call(1);
  table.upstream().come_up();
  table.call(2);
  table.upstream().go_down("the key is unknown", true);
  table.tell();
  CHECK(table.one.heard.size() == 2);
  CHECK(table.calls.size() == 0);
}

TEST_CASE("A number of a new connection is not taken for that of one that failed for good",
          "[call_table]") {
  Table table;
  const auto old = table.call(1);
  table.upstream().come_up();
  table.upstream().go_down("the key is unknown", true);
  const auto fresh = table.call(2);
  REQUIRE(table.world.upstreams.size() == 2);
  CHECK(fresh.request == old.request);
  CHECK_FALSE(fresh == old);
  table.upstream(1).come_up();
  table.upstream(1).go_down("reset");
  CHECK_FALSE(table.calls.interrupted(old));
  CHECK(table.calls.interrupted(fresh));
}

TEST_CASE("A number of a new connection is not taken for that of one that was closed",
          "[call_table]") {
  Table table;
  const auto old = table.call(dc3, table.one, 1);
  table.calls.on_secondary_closed("signed out");
  table.connections.close_secondary();
  const auto fresh = table.call(dc3, table.one, 2);
  CHECK(fresh.request == old.request);
  CHECK_FALSE(fresh == old);
  table.upstream(1).answer(0, word(0xaa));
  table.tell();
  CHECK(table.one.heard == Lines{"1 lost: signed out", "2 answer"});
}

TEST_CASE("A number of a new connection is not taken for that of one that was closed idle",
          "[call_table]") {
  Table table;
  const auto old = table.call(dc3, table.one, 1);
  table.upstream(0).answer(0, word(0xaa));
  table.calls.on_secondary_closed("signed out");
  table.connections.close_secondary();
  CHECK_FALSE(table.call(dc3, table.one, 2) == old);
}

TEST_CASE("A number of a new connection is not taken for that of one that made room",
          "[call_table]") {
  Table table;
  const auto old = table.call(dc3, table.one, 1);
  table.upstream(0).answer(0, word(0xaa));
  // Number 3 is used longest ago, and idle.
  for (const auto dc : {1, 4, 5, 6, 7, 8, 9, 10}) table.call(DcId(dc), table.one, 1);
  CHECK(table.upstream(0).closed);
  table.upstream(1).answer(0, word(0xaa));
  CHECK_FALSE(table.call(dc3, table.one, 2) == old);
}

TEST_CASE("When the secondary connections are closed their calls are lost and those at home go on",
          "[call_table]") {
  Table table;
  table.call(home_dc, table.one, 1);
  table.call(dc3, table.one, 2);
  table.call(DcId(4), table.one, 3);
  table.calls.on_secondary_closed("signed out");
  table.connections.close_secondary();
  table.upstream(0).answer(0, word(0xaa));
  table.tell();
  std::ranges::sort(table.one.heard);
  CHECK(table.one.heard == Lines{"1 answer", "2 lost: signed out", "3 lost: signed out"});
}

TEST_CASE("A ninth data centre is refused while calls are in flight in eight", "[call_table]") {
  Table table;
  for (const auto dc : {1, 3, 4, 5, 6, 7, 8, 9}) table.call(DcId(dc), table.one, 1);
  std::optional<CallId> id;
  CHECK(table.calls.call(DcId(10), word(0xa), {}, table.one, 2, at(0), id) == Reach::too_many);
  table.upstream(4).answer(0, word(0xaa));
  CHECK(table.calls.call(DcId(10), word(0xa), {}, table.one, 2, at(0), id) == Reach::there);
  CHECK(table.upstream(4).closed);
}
