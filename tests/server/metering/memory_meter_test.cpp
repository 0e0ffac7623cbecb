// What is counted, and what is refused at the bound.
#include "server/metering/memory_meter.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace server;

TEST_CASE("A meter refuses what goes past its limit, and nothing is taken then") {
  MemoryMeter meter(100);
  CHECK(meter.try_take(60));
  CHECK(!meter.try_take(41));
  CHECK(meter.used() == 60);
  CHECK(meter.left() == 40);
  CHECK(meter.try_take(40));
  CHECK(meter.full());
  CHECK(!meter.try_take(static_cast<std::size_t>(-1)));
}

TEST_CASE("What is there already is counted past the limit, too") {
  MemoryMeter meter(100);
  MemoryShare share(meter);
  share.resize(150);
  CHECK(meter.used() == 150);
  CHECK(meter.left() == 0);
  CHECK(!share.try_resize(151));
  CHECK(share.size() == 150);
  CHECK(share.try_resize(140));  // less is always right
  CHECK(meter.used() == 140);
}

TEST_CASE("A share that is moved is counted once, and given back once") {
  MemoryMeter meter(100);
  {
    MemoryShare first(meter);
    first.resize(30);
    MemoryShare second(std::move(first));
    MemoryShare third(meter);
    third.resize(50);
    third = std::move(second);
    CHECK(meter.used() == 30);
  }
  CHECK(meter.used() == 0);
}

TEST_CASE("Bounded memory throws at the limit, and goes on below it") {
  MemoryMeter meter(10'000);
  {
    MeteredMemory memory(meter);
    std::pmr::vector<char> first(4'000, 'x', &memory);
    memory.set_bounded(true);
    CHECK_THROWS_AS(std::pmr::vector<char>(7'000, 'x', &memory), std::bad_alloc);
    CHECK(meter.used() == 4'000);
    const std::pmr::vector<char> second(6'000, 'x', &memory);
    CHECK(meter.full());
    memory.set_bounded(false);
    const std::pmr::vector<char> third(1'000, 'x', &memory);
    CHECK(memory.size() == 11'000);
  }
  CHECK(meter.used() == 0);
}

TEST_CASE("An arena counts itself and what it draws") {
  MemoryMeter meter(1 << 20);
  {
    RequestArena arena(meter);
    CHECK(meter.used() == sizeof arena);
    static_cast<void>(arena.memory().allocate(100'000, 8));
    CHECK(arena.size() >= 100'000 + sizeof arena);
    CHECK(meter.used() == arena.size());
  }
  CHECK(meter.used() == 0);
}
