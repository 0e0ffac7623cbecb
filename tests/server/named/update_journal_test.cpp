#include "server/named/update_journal.hpp"

#include "tests/server/named/journal_bench.hpp"

using namespace named_test;

namespace {

using Texts = std::vector<std::string>;

// Notes what is the newest when it is told, and may leave, or take another along.
struct Follower final : server::named::JournalReader {
  explicit Follower(UpdateJournal& of) : journal(of) { journal.follow(*this); }
  ~Follower() override { journal.unfollow(*this); }
  void on_newer() override {
    heard.push_back(journal.newest());
    if (leaves != nullptr) journal.unfollow(*leaves);
  }

  UpdateJournal& journal;
  JournalReader* leaves = nullptr;
  std::vector<std::int64_t> heard;
};

}  // namespace

TEST_CASE("a journal writes what came in a turn, in its order, with the state that it led to") {
  JournalBench it;
  it.open();
  Follower follower(*it.journal);
  it.add(1, 3, "s3");
  CHECK(it.journal->newest() == 0);
  CHECK(follower.heard.empty());
  it.bench.settle();
  CHECK(it.kept() == Texts{"1 update 1", "2 update 2", "3 update 3"});
  CHECK(it.row().update_state == "s3");
  CHECK(it.journal->newest() == 3);
  CHECK(follower.heard == std::vector<std::int64_t>{3});
  CHECK(it.journal->recent(2)->body() == body(2));
  CHECK(it.journal->recent(4) == nullptr);
}

TEST_CASE("what comes while a journal writes goes with the next write, all of it in one") {
  JournalBench it;
  it.open();
  Follower follower(*it.journal);
  it.bench.hold();
  it.add(1, 1, "s1");
  it.add(2, 2, "s2");
  it.add(3, 4, "s4");
  it.bench.let_go();
  it.bench.settle();
  CHECK(follower.heard == std::vector<std::int64_t>{1, 4});
  CHECK(it.kept() == Texts{"1 update 1", "2 update 2", "3 update 3", "4 update 4"});
  CHECK(it.row().update_state == "s4");
}

TEST_CASE("a state without updates is written, and the same state is not written again") {
  JournalBench it;
  it.open();
  Follower follower(*it.journal);
  it.state = "s1";
  it.journal->commit(it.state, 1);
  it.bench.settle();
  CHECK(it.row().update_state == "s1");
  CHECK(it.journal->newest() == 0);
  const auto told = follower.heard.size();
  it.journal->commit(it.state, 2);
  it.bench.settle();
  CHECK(follower.heard.size() == told);
  CHECK(it.row().changed == 1);
}

TEST_CASE("what a broken write had, and what waited behind it, is forgotten and told once") {
  JournalBench it;
  it.open();
  it.add(1, 1, "s1");
  it.bench.settle();
  Follower follower(*it.journal);
  it.bench.hold();
  it.bench.lose();
  it.add(2, 2, "s2");
  it.add(3, 3, "s3");
  it.bench.let_go();
  it.bench.settle();
  CHECK(it.broken == std::vector{store::StoreErrc::unavailable});
  CHECK(it.journal->newest() == 1);
  CHECK(follower.heard.empty());
  CHECK_FALSE(it.journal->add(body(4), 100, 1));
}

TEST_CASE("after a broken write numbers go on behind what the store has, without a hole") {
  JournalBench it;
  it.open();
  // As another process would that wrote meanwhile.
  REQUIRE(it.bench.in_store([](store::AccountStore& to) { return to.accounts().remove("ada"); }));
  it.add(1, 2, "s2");
  it.bench.settle();
  CHECK(it.broken == std::vector{store::StoreErrc::no_such_account});
  REQUIRE(it.bench.in_store(
      [](store::AccountStore& to) { return to.accounts().add(stored("ada"), 1); }));
  it.state = "s0";
  it.open();
  it.add(1, 1, "s1");
  it.bench.settle();
  CHECK(it.kept() == Texts{"1 update 1"});
}

TEST_CASE("a write that was under way when a journal is opened anew changes nothing of it") {
  JournalBench it;
  it.open();
  it.bench.hold();
  it.add(1, 2, "s2");
  it.journal->break_off();
  it.open(2);  // what the store has once it is done
  it.bench.let_go();
  it.add(3, 3, "s3");
  it.bench.settle();
  CHECK(it.journal->newest() == 3);
  CHECK(it.kept() == Texts{"1 update 1", "2 update 2", "3 update 3"});
}

TEST_CASE("what waits in a journal that is broken off is not written") {
  JournalBench it;
  it.open();
  it.bench.hold();
  it.add(1, 1, "s1");
  it.add(2, 2, "s2");
  it.journal->break_off();
  it.bench.let_go();
  it.bench.settle();
  CHECK(it.kept() == Texts{"1 update 1"});
  CHECK(it.row().update_state == "s1");
}

TEST_CASE("what waits in a journal that is closed is written still") {
  JournalBench it;
  it.open();
  it.bench.hold();
  it.add(1, 1, "s1");
  it.add(2, 2, "s2");
  it.journal->close(1);
  it.bench.let_go();
  it.bench.settle();
  CHECK(it.kept() == Texts{"1 update 1", "2 update 2"});
  CHECK(it.row().update_state == "s2");
}

TEST_CASE("a journal takes no more than its bound while the store does not answer") {
  JournalBench it;
  it.open();
  it.bench.hold();
  it.add(1, 1, "s1");
  constexpr std::size_t size = std::size_t{1} << 20;
  std::int64_t added = 1;
  while (it.journal->add(body(added + 1, size), 100, 1)) ++added;
  CHECK(added == 1 + static_cast<std::int64_t>(UpdateJournal::most_waiting / size));
  CHECK(it.memory.used() >= UpdateJournal::most_waiting);
}

TEST_CASE("a journal keeps the newest in memory, and those that are too much in the store alone") {
  JournalBench it;
  it.open();
  it.add(1, 20, "s20", UpdateJournal::most_recent / 8);
  it.bench.settle();
  CHECK(it.journal->recent(12) == nullptr);
  CHECK(it.journal->recent(13)->number() == 13);
  CHECK(it.memory.used() <= UpdateJournal::most_recent);
}

TEST_CASE("a follower may leave when it is told, and take along one that was to be told") {
  JournalBench it;
  it.open();
  Follower first(*it.journal), second(*it.journal), third(*it.journal);
  first.leaves = &second;
  third.leaves = &third;
  it.add(1, 1, "s1");
  it.bench.settle();
  CHECK(first.heard.size() == 1);
  CHECK(second.heard.empty());
  it.add(2, 2, "s2");
  it.bench.settle();
  CHECK(first.heard.size() == 2);
  CHECK(third.heard.size() == 1);
}

TEST_CASE("a log that is forgotten begins anew with number one") {
  JournalBench it;
  it.open();
  it.add(1, 2, "s2");
  it.bench.settle();
  Follower follower(*it.journal);
  it.journal->forget();
  CHECK(it.journal->newest() == 0);
  CHECK(it.journal->recent(1) == nullptr);
  CHECK(follower.heard == std::vector<std::int64_t>{0});
  CHECK_FALSE(it.journal->add(body(3), 100, 1));
}

TEST_CASE("a journal prunes its log each thousand updates") {
  JournalBench it;
  it.open();
  it.add(1, UpdateJournal::prune_each, "full");
  it.bench.settle();
  // Old enough by now.
  for (std::int64_t i = 1; i <= UpdateJournal::prune_each; ++i) {
    REQUIRE(it.journal->add(body(i), 100, 5'000));
  }
  it.state = "on";
  it.journal->commit(it.state, 5'000);
  it.bench.settle();
  const auto range =
      it.bench.in_store([](store::AccountStore& of) { return of.log().range("ada"); });
  CHECK(range->oldest == UpdateJournal::prune_each + 1);
}
