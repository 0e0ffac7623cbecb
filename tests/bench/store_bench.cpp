// How many updates a second a log takes, in batches of several sizes and through the journal, which
// makes its own, with every commit on the disk and without: store-bench FOLDER [SECONDS]. FOLDER
// lies on the disk that is meant.
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "server/named/update_journal.hpp"
#include "server/store/account_store.hpp"

namespace {

using namespace server::store;
using Clock = std::chrono::steady_clock;

constexpr std::size_t body_size = 200;

double updates_a_second(AccountStore& store, std::int64_t batch, double seconds) {
  const std::vector<LoggedUpdate> updates(static_cast<std::size_t>(batch),
                                          {1, 228, tl::Bytes(body_size)});
  auto next = store.log().range("ada")->newest + 1;
  const auto first = next;
  const auto begun = Clock::now();
  std::chrono::duration<double> taken{};
  while (taken.count() < seconds) {
    if (!store.log().append("ada", next, updates, R"({"pts":1})", 1)) return 0;
    next += batch;
    taken = Clock::now() - begun;
  }
  return static_cast<double>(next - first) / taken.count();
}

constexpr const char* state = R"({"pts":1})";

class Endless final : public server::named::UpdateJournal::User {
 public:
  void on_journal_broken(const StoreError& error) override {
    std::fprintf(stderr, "%s\n", error.text.c_str());
    std::exit(1);
  }
};

// Each update is a turn of its own, as where Telegram pushes them one by one.
double through_journal(std::unique_ptr<AccountStore> store, double seconds) {
  constexpr std::int64_t most_under_way = 1'000, kept = 100'000, week_ms = 604'800'000;
  const auto newest = store->log().range("ada")->newest;
  boost::asio::io_context context;
  server::MemoryMeter memory(std::size_t{1} << 30);
  StoreThread thread(std::move(store),
                     [] { return StoreResult<std::unique_ptr<AccountStore>>(StoreError{}); });
  Endless user;
  const auto journal = std::make_shared<server::named::UpdateJournal>(
      thread, context.get_executor(), memory, "ada",
      server::named::UpdateJournal::Bounds{kept, week_ms});
  journal->open(newest, state, user);
  const tl::Bytes body(body_size);
  auto added = newest;
  const auto begun = Clock::now();
  const auto taken = [&] { return std::chrono::duration<double>(Clock::now() - begun).count(); };
  while (taken() < seconds) {
    if (added - journal->newest() >= most_under_way) {
      context.run_one();
      continue;
    }
    added += journal->add(body, 228, 1) ? 1 : 0;
    journal->commit(state, 1);
    context.poll();
  }
  while (journal->newest() < added) context.run_one();
  return static_cast<double>(added - newest) / taken();
}

int measure(const std::string& folder, const char* synchronous, double seconds) {
  const auto path = folder + "/bench-" + synchronous + ".db";
  const auto url = read_store_url("sqlite:" + path + "?synchronous=" + synchronous);
  auto store = AccountStore::open(*url, *find_key_file(*url, "", ""));
  if (!store) {
    std::fprintf(stderr, "%s\n", store.error().text.c_str());
    return 1;
  }
  StoredAccount ada;
  ada.name = "ada";
  ada.auth_key = mtproto::SecretBytes(256);
  if (!(*store)->accounts().save(ada, 1)) return 1;
  for (const std::int64_t batch : {1, 10, 100}) {
    std::printf("{\"synchronous\":\"%s\",\"batch\":%d,\"updates_a_second\":%.0f}\n", synchronous,
                static_cast<int>(batch), updates_a_second(**store, batch, seconds));
    std::fflush(stdout);
  }
  std::printf("{\"synchronous\":\"%s\",\"batch\":0,\"updates_a_second\":%.0f}\n", synchronous,
              through_journal(std::move(*store), seconds));
  for (const auto* end : {"", "-wal", "-shm", ".key"}) std::filesystem::remove(path + end);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("store-bench FOLDER [SECONDS]\n", stderr);
    return 2;
  }
  const double seconds = argc > 2 ? std::atof(argv[2]) : 2;
  return measure(argv[1], "normal", seconds) + measure(argv[1], "full", seconds);
}
