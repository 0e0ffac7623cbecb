// What a key exchange costs the client's half, beside the two powers that are in it.
#include <benchmark/benchmark.h>

#include <time.h>

#include <chrono>

#include "mtproto/crypto/dh.hpp"
#include "mtproto/crypto/system_random.hpp"
#include "mtproto/exchange/client_key_exchange.hpp"
#include "mtproto/exchange/server_key_exchange.hpp"

namespace {

using namespace mtproto;

constexpr Time now = Time(std::chrono::hours(5));
constexpr UnixTime wall = UnixTime(std::chrono::seconds(1700000000));

// On the CPU, this thread.
std::chrono::nanoseconds used() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

template <class Machine>
bool work(Machine& machine) {
  for (auto& one : machine.take_work()) {
    one->run();
    if (!machine.done(std::move(one), now)) return false;
  }
  return true;
}

// The client's time alone, or none where it came to no key.
std::optional<std::chrono::nanoseconds> exchange(const RsaPrivateKey& key, tl::Random& random) {
  ClientKeyExchange client({{key.public_key()}}, random);
  ServerKeyExchange server({{key}}, random);
  auto begin = used();
  client.start();
  auto up = client.take_output();
  auto spent = used() - begin;
  while (up) {
    if (!server.receive(*up, now, wall) || !work(server)) return {};
    const auto down = server.take_output();
    if (!down) return {};
    begin = used();
    if (!client.receive(*down, now) || !work(client)) return {};
    up = client.take_output();
    spent += used() - begin;
  }
  if (!client.take_key()) return {};
  return spent;
}

void key_exchange(benchmark::State& state) {
  static const auto key = RsaPrivateKey::generate();
  SystemRandom random;
  for (auto _ : state) {
    const auto spent = exchange(key, random);
    if (!spent) {
      state.SkipWithError("no key came of it");
      break;
    }
    state.SetIterationTime(std::chrono::duration<double>(*spent).count());
  }
}
BENCHMARK(key_exchange)->UseManualTime();

void two_powers(benchmark::State& state) {
  SystemRandom random;
  DhNumber exponent, base;
  random.fill(exponent);
  random.fill(base);
  base[0] = 1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(power(base, exponent, known_prime()));
    benchmark::DoNotOptimize(power(base, exponent, known_prime()));
  }
}
BENCHMARK(two_powers);

}  // namespace
