#include "tests/simulation/world.hpp"

#include "mtproto/crypto/rsa.hpp"

namespace simulation {
namespace {

using namespace mtproto;
using namespace std::chrono_literals;

// What may pass between the healing of the network and the end of all that waits.
constexpr Duration bound = 90s;
constexpr std::uint64_t first_salt = 0x5a17;

// Made once a run: no private key lies in the repository, and nothing but ciphertext hangs on it.
const RsaPrivateKey& rsa_key() {
  static const auto key = RsaPrivateKey::generate();
  return key;
}

// Making a key is slow: most seeds begin with one.
bool makes_key(std::uint64_t seed) { return seed % 25 == 0; }

HostOptions host_options(std::uint64_t seed) {
  HostOptions options;
  if (makes_key(seed)) options.keys = {rsa_key()};
  return options;
}

SessionOptions session_options(std::uint64_t seed) {
  SessionOptions options;
  if (makes_key(seed)) options.keys = {rsa_key().public_key()};
  return options;
}

AuthKey key_of(std::uint64_t seed) {
  std::array<std::uint8_t, 256> bytes{};
  SeededRandom(seed + 77).fill(bytes);
  return AuthKey(bytes);
}

}  // namespace

World::World(const Options& options)
    : scene_(options),
      watch_(scene_),
      caller_(scene_, watch_),
      data_centre_(scene_, watch_, caller_, host_options(options.seed)),
      wanted_(options.requests) {
  watch_.update_told = [this](Number number) { return caller_.told(number); };
  watch_.call_over = [this](Number number) { return caller_.over(number); };
  watch_.in_flight = [this] { return caller_.most_open() + 1; };
  watch_.salt_known(0);
  SessionState state;
  if (!makes_key(options.seed)) {
    state.key = key_of(options.seed);
    data_centre_.add_key(*state.key, first_salt);
    if (scene_.dice.chance(0.5)) state.server_salt = first_salt;
  }
  make_driver(std::move(state));
}

void World::make_driver(SessionState state) {
  driver_ = std::make_shared<Driver>(scene_, watch_, caller_, data_centre_,
                                     session_options(scene_.options.seed), std::move(state));
}

void World::run() {
  auto& dice = scene_.dice;
  driver_->open();
  talk();
  pass(dice.between(5s, 30s));
  for (int storms = 0; caller_.asked() < wanted_; ++storms) {
    scene_.rates = storm(dice);
    scene_.say("world", [] { return "storm"; });
    pass(dice.between(30s, 4min));
    scene_.rates = calm();
    if (dice.chance(0.2)) {  // a night, with its salts
      talking_ = false;
      pass(dice.between(5min, 50min));
      talking_ = true;
    } else {
      pass(dice.between(5s, 60s));
    }
  }
  heal();
  settle_down();
  if (scene_.options.seed % 10 == 3) lose_key();
}

// Now and then several at once, as somebody has something to say.
void World::talk() {
  auto& dice = scene_.dice;
  if (talking_ && !driver_->held() && caller_.asked() < wanted_) {
    const bool many = dice.chance(0.02);
    for (auto count = 1 + dice.below(many ? 200 : 8); count > 0; --count) driver_->ask();
    if (dice.chance(0.5)) data_centre_.push_updates(1 + dice.below(5));
  }
  scene_.agenda.in(dice.between(50ms, 3s), [this] { talk(); });
}

bool World::once_a(double per_minute) { return scene_.dice.chance(per_minute / 60); }

// Once a second.
void World::disasters() {
  auto& dice = scene_.dice;
  const auto& rates = scene_.rates;
  const auto brief = dice.chance(0.7);
  if (once_a(rates.stop))
    driver_->stop(brief ? dice.between(1s, 40s) : dice.between(1min, 12min), false);
  if (once_a(rates.freeze))
    driver_->stop(brief ? dice.between(1s, 40s) : dice.between(1min, 2h), true);
  if (once_a(rates.absence)) {
    data_centre_.go_away(brief ? dice.between(1s, 20s) : dice.between(20s, 5min));
  }
  if (once_a(rates.restart)) data_centre_.restart();
  if (once_a(rates.clock_jump)) {
    // Ids of a data centre never go back: one whose clock did was away for as long.
    scene_.server_is_ahead += brief ? dice.between(1s, 25s) : dice.between(25s, 3h);
    scene_.say("server", [&] { return "is ahead " + seconds(scene_.server_is_ahead); });
    data_centre_.restart();
  }
  if (once_a(rates.pause)) {
    driver_->pause(true);
    scene_.agenda.in(dice.between(1s, 100s), [this] { driver_->pause(false); });
  }
  if (once_a(rates.flood)) data_centre_.push_updates(dice.below(brief ? 200 : 3000));
}

void World::pass(Duration time) {
  const auto end = scene_.now() + time;
  while (scene_.now() < end) {
    const auto second = std::min(end, scene_.now() + 1s);
    while (scene_.agenda.step(second)) driver_->check();
    driver_->forget_impatient();
    disasters();
  }
}

void World::await_all(Duration at_most) {
  const auto since = scene_.now();
  while (caller_.open() != 0) {
    if (scene_.now() > since + at_most) {
      throw Violation(caller_.oldest_name() + " and " + std::to_string(caller_.open() - 1) +
                      " others are not over " + seconds(at_most) + " after the network healed");
    }
    pass(1s);
  }
  slowest_ = std::max(slowest_, scene_.now() - since);
}

void World::heal() {
  scene_.say("world", [] { return "heals"; });
  scene_.rates = calm();
  wanted_ = 0;
  // What was to last longer lasts so long.
  while (data_centre_.away() || driver_->held()) pass(1s);
  driver_->pause(false);
  await_all(bound);
  healed_ = true;
  wanted_ = caller_.asked() + 50;
  pass(30s);
  wanted_ = 0;
  await_all(20s);
}

// Everything was said: one connection more, and neither side owes the other anything.
void World::settle_down() {
  talking_ = false;
  const auto since = scene_.now();
  const auto pushed_before = data_centre_.updates();
  driver_->ask();
  pass(5s);
  data_centre_.push_updates(20);
  const auto pushed = data_centre_.updates();
  pass(1s);
  driver_->cut();
  pass(5s);
  driver_->ask();
  pass(60s);
  await_all(1s);
  for (auto number = pushed_before; number < pushed; ++number) {
    if (!caller_.told(number))
      throw Violation("update " + std::to_string(number) + " was not told");
  }
  if (const auto owed = watch_.unacknowledged_since(since); owed != 0) {
    throw Violation(std::to_string(owed) + " messages of the server were never acknowledged");
  }
}

// A key that is gone: the client is told, and asks no more.
void World::lose_key() {
  scene_.say("world", [] { return "loses the key"; });
  data_centre_.lose_keys();
  const auto before = driver_->connections();
  driver_->ask();
  pass(bound);
  if (!driver_->final_failure()) throw Violation("a key that is gone is not noticed");
  if (driver_->connections() > before + 1) throw Violation("a key that is gone is tried again");
  if (caller_.open() != 0) throw Violation("somebody waits for a key that is gone");
}

Report World::report() const {
  Report report;
  report.trace.assign(scene_.trace.lines().begin(), scene_.trace.lines().end());
  report.requests = caller_.asked();
  report.answered = caller_.ended(Caller::End::answered);
  report.lost = caller_.ended(Caller::End::lost);
  report.forgotten = caller_.ended(Caller::End::forgotten);
  report.updates = caller_.updates();
  report.connections = driver_->connections();
  report.simulated = std::chrono::duration<double>(scene_.now() - start).count();
  report.slowest = std::chrono::duration<double>(slowest_).count();
  return report;
}

}  // namespace simulation
