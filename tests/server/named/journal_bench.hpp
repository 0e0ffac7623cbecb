// A journal of an account that a store in memory has, and whom it tells.
#pragma once

#include "server/metering/memory_meter.hpp"
#include "server/named/update_journal.hpp"
#include "tests/server/named/store_bench.hpp"

namespace named_test {

using server::named::UpdateJournal;

inline tl::Bytes body(std::int64_t number, std::size_t size = 0) {
  auto text = "update " + std::to_string(number);
  text.resize(std::max(size, text.size()), '.');
  const auto bytes = tl::as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

struct JournalBench : UpdateJournal::User {
  boost::asio::io_context loop;
  StoreBench bench{loop};
  server::MemoryMeter memory{std::size_t{1} << 30};
  std::string state = "s0";
  std::vector<store::StoreErrc> broken;
  std::shared_ptr<UpdateJournal> journal = std::make_shared<UpdateJournal>(
      bench.thread(), loop.get_executor(), memory, "ada", UpdateJournal::Bounds{1'000'000, 1'000});

  JournalBench() {
    REQUIRE(bench.in_store(
        [](store::AccountStore& to) { return to.accounts().add(stored("ada"), 1); }));
  }

  void open(std::int64_t newest = 0) { journal->open(newest, state, *this); }
  // So many more, which lead to that state.
  void add(std::int64_t first, std::int64_t last, const std::string& to, std::size_t size = 0) {
    for (auto number = first; number <= last; ++number) {
      REQUIRE(journal->add(body(number, size), 100, 1));
    }
    state = to;
    journal->commit(state, 1);
  }
  store::AccountRow row() {
    return *bench.in_store([](store::AccountStore& of) { return of.accounts().find("ada"); });
  }
  // Their bodies as text.
  std::vector<std::string> kept() {
    const auto page =
        bench.in_store([](store::AccountStore& of) { return of.log().after("ada", 0, 1'000); });
    std::vector<std::string> out;
    for (const auto& entry : page->entries) {
      out.push_back(std::to_string(entry.number) + " " + std::string(tl::as_text(entry.body)));
    }
    return out;
  }

  void on_journal_broken(const store::StoreError& error) override { broken.push_back(error.code); }
};

}  // namespace named_test
