// A process that writes to a store is killed at any moment. STREAMJSON_KILLS says how often: 20, or
// more outside a run of all tests.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <random>
#include <thread>

#include "tests/server/store/store_fixture.hpp"

using namespace store_test;

namespace {

int kills() {
  const char* said = std::getenv("STREAMJSON_KILLS");
  return said == nullptr ? 20 : std::atoi(said);
}

// Goes on where the log ends, until it is killed; tells each number once it is written.
[[noreturn]] void write_for_ever(const Place& place, int tell) {
  const auto store = place.try_open();
  if (!store) ::_exit(1);
  auto next = (*store)->log().range("ada")->newest + 1;
  for (std::int64_t count = 1;; count = count % 7 + 1) {
    const auto last = next + count - 1;
    const auto state = std::to_string(last);
    if (!(*store)->log().append("ada", next, updates(next, last), state, last)) ::_exit(2);
    if (::write(tell, &last, sizeof last) != sizeof last) ::_exit(3);
    if (count == 5 && !(*store)->accounts().save(account("bob", 1), 1)) ::_exit(4);
    next = last + 1;
  }
}

struct Ended {
  std::int64_t told = 0;  // the last number that was surely written
  int status = 0;
};

Ended write_and_kill(const Place& place, std::chrono::microseconds after) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const auto child = ::fork();
  if (child == 0) write_for_ever(place, ends[1]);
  ::close(ends[1]);
  Ended out;
  std::int64_t told = 0;
  // Not before it writes at all.
  if (::read(ends[0], &told, sizeof told) == sizeof told) out.told = told;
  std::this_thread::sleep_for(after);
  ::kill(child, SIGKILL);
  while (::read(ends[0], &told, sizeof told) == sizeof told) out.told = told;
  ::close(ends[0]);
  ::waitpid(child, &out.status, 0);
  return out;
}

// Each number once and in order, each with its own body, and the state that belongs to the last.
void check_all(AccountStore& store, std::int64_t& checked) {
  const auto ada = store.accounts().find("ada");
  REQUIRE(ada);
  CHECK(ada->update_state == std::to_string(ada->log_number));
  for (;;) {
    const auto page = store.log().after("ada", checked, 1000);
    REQUIRE(page);
    if (page->entries.empty()) break;
    for (const auto& entry : page->entries) {
      REQUIRE(entry.number == ++checked);
      REQUIRE(entry.body == update(entry.number).body);
    }
  }
  CHECK(checked == ada->log_number);
}

}  // namespace

TEST_CASE("a writer that is killed at any moment leaves nothing half done") {
  const Place place(GENERATE(from_range(lasting_engines())));
  auto first = account("ada");
  first.update_state = "0";
  REQUIRE(place.open()->accounts().add(first, 1));
  std::minstd_rand random(1);
  std::int64_t checked = 0;
  for (int i = 0; i < kills(); ++i) {
    const auto ended = write_and_kill(place, std::chrono::microseconds(random() % 20'000));
    REQUIRE(WIFSIGNALED(ended.status));
    const auto store = place.open();
    check_all(*store, checked);
    CHECK(checked >= ended.told);
    CHECK(*store->check() == "");
  }
  CHECK(checked > 0);
}
