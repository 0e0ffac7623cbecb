// One node's half of the lease protocol, statement by statement.
#include "server/cluster/lease_keeper.hpp"

#include <catch2/catch.hpp>

using namespace server::cluster;
using namespace std::chrono_literals;
namespace store = server::store;
using mtproto::Time;

namespace {

struct Bench final : LeaseStatements, LeaseUser {
  std::vector<std::string> said, heard;
  std::uint64_t last = 0;
  Time now{1'000s};
  LeaseKeeper keeper{9s, *this, *this};

  void pass(mtproto::Duration time) {
    now += time;
    keeper.tick(now);
  }
  void taken(const std::string& account, std::int64_t epoch) {
    keeper.on_taken(last, account, store::LeaseOffer{epoch, {"other", "url"}, 5'000}, now);
  }
  void renewed(std::uint64_t number, std::vector<store::Lease> leases) {
    keeper.on_renewed(number, leases, now);
  }
  void hold(const std::string& account, std::int64_t epoch) {
    keeper.want(account, now);
    taken(account, epoch);
    said.clear();
    heard.clear();
  }

  void take(std::uint64_t number, const std::string& account) override {
    last = number;
    said.push_back("take " + account);
  }
  void renew(std::uint64_t number) override {
    last = number;
    said.push_back("renew");
  }
  void give_back(std::vector<store::Lease> leases) override {
    for (const auto& one : leases) {
      said.push_back("give back " + one.account + " " + std::to_string(one.epoch));
    }
  }
  void give_back_all() override { said.push_back("give back all"); }
  void on_lease(const std::string& account, std::int64_t epoch, Time until) override {
    heard.push_back(account + " " + std::to_string(epoch) + " for " + in_ms(until));
  }
  void on_no_lease(const std::string& account, const LeaseRefusal& why) override {
    heard.push_back(account + " " + std::string(name_of(why.error.code)) + " " + why.owner.id);
  }
  void on_lease_renewed(const std::string& account, Time until) override {
    heard.push_back(account + " renewed for " + in_ms(until));
  }
  void on_lease_lost(const std::string& account) override { heard.push_back(account + " lost"); }
  std::string in_ms(Time until) const { return std::to_string((until - now) / 1ms); }
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a lease counts from when its statement was sent, and two thirds of its time") {
  Bench node;
  node.keeper.want("ada", node.now);
  CHECK(node.said == Texts{"take ada"});
  node.pass(2s);
  node.taken("ada", 7);
  CHECK(node.heard == Texts{"ada 7 for 4000"});
}

TEST_CASE("what another node has is told with whose it is, and may be wanted again") {
  Bench node;
  node.keeper.want("ada", node.now);
  node.taken("ada", 0);
  CHECK(node.heard == Texts{"ada AccountElsewhere other"});
  node.keeper.want("ada", node.now);
  CHECK(node.said == Texts{"take ada", "take ada"});
}

TEST_CASE("all leases of a node are renewed by one statement each third of their time") {
  Bench node;
  node.hold("ada", 1);
  node.hold("bob", 2);
  node.pass(2'999ms);
  CHECK(node.said.empty());
  node.pass(1ms);
  CHECK(node.said == Texts{"renew"});
  const auto first = node.last;
  node.pass(1s);
  node.renewed(first, {{"ada", 1}, {"bob", 2}});
  CHECK(node.heard == Texts{"ada renewed for 5000", "bob renewed for 5000"});
  node.pass(2s);
  CHECK(node.said == Texts{"renew", "renew"});
}

TEST_CASE("a node that holds nothing says nothing") {
  Bench node;
  node.hold("ada", 1);
  node.keeper.let_go("ada", node.now);
  CHECK(node.said == Texts{"give back ada 1"});
  node.pass(3s);
  node.pass(60s);
  CHECK(node.said.size() == 1);
  CHECK_FALSE(node.keeper.deadline());
}

TEST_CASE("a lease is lost at two thirds without a renewal, and given back once it is let go of") {
  Bench node;
  node.hold("ada", 1);
  node.pass(5'999ms);
  CHECK(node.heard.empty());
  node.pass(1ms);
  CHECK(node.heard == Texts{"ada lost"});
  CHECK(node.said == Texts{"renew"});
  node.renewed(node.last, {{"ada", 1}});
  CHECK(node.said == Texts{"renew"});  // what it keeps open may be open still
  node.keeper.let_go("ada", node.now);
  CHECK(node.said == Texts{"renew", "give back ada 1"});
}

TEST_CASE("a node that was stopped for long notices before it does anything else") {
  Bench node;
  node.hold("ada", 1);
  node.pass(3s);
  const auto renewal = node.last;
  SECTION("when an answer comes") {
    node.now += 60s;
    node.renewed(renewal, {{"ada", 1}});
  }
  SECTION("when another account is wanted") {
    node.now += 60s;
    node.keeper.want("bob", node.now);
  }
  SECTION("when its clock is looked at") { node.pass(60s); }
  REQUIRE_FALSE(node.heard.empty());
  CHECK(node.heard[0] == "ada lost");
}

TEST_CASE("what is not in a renewal, or under another epoch, is lost") {
  Bench node;
  node.hold("ada", 1);
  node.hold("bob", 2);
  node.pass(3s);
  node.renewed(node.last, {{"bob", 3}});
  CHECK(node.heard == Texts{"ada lost", "bob lost"});
}

TEST_CASE("a renewal that was sent before a lease was known says nothing of it") {
  Bench node;
  node.hold("ada", 1);
  node.pass(3s);
  const auto renewal = node.last;
  node.hold("bob", 2);
  node.renewed(renewal, {{"ada", 1}});
  CHECK(node.heard == Texts{"ada renewed for 6000"});
}

TEST_CASE("what a renewal has and nobody here wants is given back") {
  Bench node;
  node.hold("ada", 1);
  node.pass(3s);
  node.renewed(node.last, {{"ada", 1}, {"eve", 5}});
  CHECK(node.said == Texts{"renew", "give back eve 5"});
}

TEST_CASE("a renewal that failed is tried again soon") {
  Bench node;
  node.hold("ada", 1);
  node.pass(3s);
  node.keeper.on_renewed(node.last, store::StoreError{store::StoreErrc::unavailable, ""}, node.now);
  node.pass(750ms);
  CHECK(node.said == Texts{"renew", "renew"});
}

TEST_CASE("a lease that comes when nobody wants it any more is given back") {
  Bench node;
  node.keeper.want("ada", node.now);
  SECTION("it was let go of") { node.keeper.let_go("ada", node.now); }
  SECTION("it came too late") { node.now += 6s; }
  node.taken("ada", 4);
  CHECK(node.said == Texts{"take ada", "give back ada 4"});
}

TEST_CASE("a take that is never answered fails at last, and its late answer is no other's") {
  Bench node;
  node.keeper.want("ada", node.now);
  const auto first = node.last;
  node.pass(6s);
  CHECK(node.heard == Texts{"ada StoreUnavailable "});
  node.keeper.want("ada", node.now);
  node.keeper.on_taken(first, "ada", store::LeaseOffer{4, {}, 0}, node.now);
  CHECK(node.said.back() == "give back ada 4");
  node.taken("ada", 5);
  CHECK(node.heard.back() == "ada 5 for 6000");
}

TEST_CASE("a node that stops gives all back by one statement, and takes nothing more") {
  Bench node;
  node.hold("ada", 1);
  node.keeper.stop();
  node.keeper.want("bob", node.now);
  CHECK(node.said == Texts{"give back all"});
  CHECK(node.heard == Texts{"bob StoreUnavailable "});
}
