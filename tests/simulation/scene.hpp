// What all parts of a simulation share: its dice, its agenda, its trace, and how bad things are.
#pragma once

#include "tests/simulation/agenda.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/plan.hpp"
#include "tests/simulation/trace.hpp"

namespace simulation {

inline constexpr mtproto::Time start{std::chrono::hours{5}};
// 2023-11-14
inline constexpr mtproto::UnixTime noon{std::chrono::seconds{1'700'000'000}};

struct Scene {
  explicit Scene(const Options& options_in)
      : options(options_in),
        dice(options.seed),
        agenda(start),
        trace(options.trace, 4000),
        client_random(options.seed * 2 + 1'000'001),
        server_random(options.seed * 2 + 1'000'002) {
    using namespace std::chrono_literals;
    server_is_ahead = dice.chance(0.2) ? dice.between(-8h, 8h) : dice.between(-20s, 20s);
  }

  mtproto::Time now() const { return agenda.now(); }
  mtproto::UnixTime wall() const { return noon + (now() - start); }
  // As the data centre's clock shows it.
  mtproto::UnixTime server_wall() const { return wall() + server_is_ahead; }
  template <class Text>
  void say(const char* who, Text&& text) {
    trace.say(now(), who, std::forward<Text>(text));
  }

  Options options;
  Dice dice;
  Agenda agenda;
  Trace trace;
  Rates rates;
  mtproto::Duration server_is_ahead{};
  SeededRandom client_random;
  SeededRandom server_random;
};

}  // namespace simulation
