// A message of 200 bytes sealed, and opened at the other side.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>

#include "mtproto/crypto/system_random.hpp"
#include "mtproto/message/envelope.hpp"

namespace {

using namespace mtproto;

void seal_and_open_200(benchmark::State& state) {
  SystemRandom random;
  std::array<std::uint8_t, AuthKey::size> bytes;
  random.fill(bytes);
  const AuthKey key(bytes);
  Bytes body(200);
  random.fill(body);
  MessageHead head;
  for (auto _ : state) {
    Bytes packet;
    seal(key, Side::client, head, body, random, packet);
    const auto opened = open(key, Side::client, std::move(packet), false);
    if (!opened || !std::ranges::equal(opened->body(), body)) {
      state.SkipWithError("what was sealed does not open");
      break;
    }
    ++head.seqno;
  }
}
BENCHMARK(seal_and_open_200);

}  // namespace
