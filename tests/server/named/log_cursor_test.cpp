#include "server/named/log_cursor.hpp"

#include "tests/server/named/journal_bench.hpp"

using namespace named_test;
using server::named::LogCursor;

namespace {

using Numbers = std::vector<std::int64_t>;

// Reads, and pauses or closes when it has had that number.
struct Reader final : LogCursor::User {
  Reader(JournalBench& of, std::optional<std::int64_t> after)
      : cursor(
            std::make_shared<LogCursor>(of.journal, after, static_cast<LogCursor::User&>(*this))) {
    cursor->start();
  }

  void on_entry(const server::named::EntryPointer& entry) override {
    CHECK(entry->body() == body(entry->number(), size));
    numbers.push_back(entry->number());
    if (entry->number() == pauses_at) cursor->pause(true);
    if (entry->number() == closes_at) cursor->close();
    if (entry->number() == drops_at) std::exchange(cursor, nullptr)->close();
  }
  void on_entries_gone(std::int64_t oldest) override {
    gone.push_back(oldest);
    if (closes_when_gone) cursor->close();
  }
  void on_end_of_log() override { ++ends; }

  std::size_t size = 0;
  std::int64_t pauses_at = -1, closes_at = -1, drops_at = -1;
  bool closes_when_gone = false;
  Numbers numbers, gone;
  int ends = 0;
  std::shared_ptr<LogCursor> cursor;
};

Numbers numbers(std::int64_t first, std::int64_t last) {
  Numbers out;
  for (auto number = first; number <= last; ++number) out.push_back(number);
  return out;
}

// A log of which the first are in the store alone.
struct Long : JournalBench {
  static constexpr std::size_t size = UpdateJournal::most_recent / 100;
  static constexpr std::int64_t last = 350;
  Long() {
    open();
    add(1, last, "s", size);
    bench.settle();
    REQUIRE(journal->recent(1) == nullptr);
  }
};

}  // namespace

TEST_CASE(
    "a cursor gives what the store has, page for page, then what is in memory, then what comes") {
  Long it;
  Reader reader(it, 0);
  reader.size = Long::size;
  it.bench.settle();
  CHECK(reader.numbers == numbers(1, Long::last));
  CHECK(reader.ends == 1);
  it.add(Long::last + 1, Long::last + 2, "more", Long::size);
  it.bench.settle();
  CHECK(reader.numbers == numbers(1, Long::last + 2));
  CHECK(reader.ends == 2);
  CHECK(reader.gone.empty());
}

TEST_CASE("a cursor without a number gives what comes from there on") {
  Long it;
  Reader reader(it, std::nullopt);
  reader.size = Long::size;
  it.add(Long::last + 1, Long::last + 1, "more", Long::size);
  it.bench.settle();
  CHECK(reader.numbers == numbers(Long::last + 1, Long::last + 1));
}

TEST_CASE("what comes while a cursor reads the store is given once, and behind that") {
  Long it;
  Reader reader(it, 200);
  reader.size = Long::size;
  it.loop.restart();
  it.loop.poll();
  it.add(Long::last + 1, Long::last + 150, "more", Long::size);
  it.bench.settle();
  CHECK(reader.numbers == numbers(201, Long::last + 150));
}

TEST_CASE("a cursor that is paused gives nothing, and goes on where it was") {
  Long it;
  Reader reader(it, 0);
  reader.size = Long::size;
  reader.pauses_at = GENERATE(50, 100, 340);  // in a page, at its end, in memory
  it.bench.settle();
  CHECK(reader.numbers == numbers(1, reader.pauses_at));
  CHECK(reader.ends == 0);
  it.add(Long::last + 1, Long::last + 1, "more", Long::size);
  it.bench.settle();
  CHECK(reader.numbers == numbers(1, reader.pauses_at));
  reader.cursor->pause(false);
  it.bench.settle();
  CHECK(reader.numbers == numbers(1, Long::last + 1));
}

TEST_CASE("a cursor that is closed when it gives something gives nothing more") {
  Long it;
  Reader reader(it, 0);
  reader.size = Long::size;
  SECTION("in a page") { reader.closes_at = 50; }
  SECTION("in memory") { reader.closes_at = 340; }
  SECTION("in a page, and is gone") { reader.drops_at = 50; }
  SECTION("in memory, and is gone") { reader.drops_at = 340; }
  it.bench.settle();
  CHECK(reader.numbers.back() == std::max(reader.closes_at, reader.drops_at));
  CHECK(reader.ends == 0);
  CHECK(it.journal->followers() == 0);
}

TEST_CASE("a cursor may be gone before the store has answered it") {
  Long it;
  it.bench.hold();
  {
    Reader reader(it, 0);
    it.loop.restart();
    it.loop.poll();
  }
  it.bench.let_go();
  it.bench.settle();
  CHECK(it.journal->followers() == 0);
}

TEST_CASE("a cursor says which are gone, and gives those that are kept") {
  Long it;
  REQUIRE(it.bench.in_store([](store::AccountStore& of) { return of.log().prune("ada", 250, 0); }));
  Reader reader(it, 20);
  reader.size = Long::size;
  SECTION("and goes on") {
    it.bench.settle();
    CHECK(reader.gone == Numbers{101});
    CHECK(reader.numbers == numbers(101, Long::last));
  }
  SECTION("unless it is closed by that") {
    reader.closes_when_gone = true;
    it.bench.settle();
    CHECK(reader.gone == Numbers{101});
    CHECK(reader.numbers.empty());
  }
}

TEST_CASE("a cursor ahead of the log is told so, and hears what comes") {
  JournalBench it;
  it.open();
  it.add(1, 2, "s2");
  it.bench.settle();
  Reader reader(it, 1'000);
  it.bench.settle();
  CHECK(reader.gone == Numbers{3});
  it.add(3, 3, "s3");
  it.bench.settle();
  CHECK(reader.numbers == numbers(3, 3));
}

TEST_CASE("a cursor of a log that begins anew is told so") {
  Long it;
  Reader reader(it, std::nullopt);
  it.bench.settle();
  it.journal->forget();
  CHECK(reader.gone == Numbers{1});
}

// Another process may have removed an account, and made it anew.
TEST_CASE("a cursor does not ask a store without end that has less than it had") {
  Long it;
  REQUIRE(it.bench.in_store([](store::AccountStore& of) { return of.accounts().remove("ada"); }));
  REQUIRE(it.bench.in_store(
      [](store::AccountStore& to) { return to.accounts().add(stored("ada"), 1); }));
  Reader reader(it, 20);
  it.bench.settle();
  std::size_t turns = 0;
  for (int i = 0; i < 20; ++i) {
    it.bench.in_store([](store::AccountStore&) -> store::StoreResult<int> { return 0; });
    it.loop.restart();
    turns += it.loop.poll();
  }
  CHECK(turns == 0);
}
