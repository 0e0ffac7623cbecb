#include "tests/simulation/plan.hpp"

namespace simulation {
namespace {

// Half of the seeds don't know this fault; in others it is rare, or not.
double maybe(Dice& dice, double most) {
  if (dice.chance(0.5)) return 0;
  return most * static_cast<double>(dice.between(5, 100)) / 100;
}

FrameRates frames(Dice& dice) {
  FrameRates rates;
  rates.drop = maybe(dice, 0.03);
  rates.duplicate = maybe(dice, 0.05);
  rates.replay = maybe(dice, 0.03);
  rates.reorder = maybe(dice, 0.05);
  rates.truncate = maybe(dice, 0.01);
  rates.corrupt = maybe(dice, 0.01);
  rates.cut = maybe(dice, 0.03);
  rates.half_open = maybe(dice, 0.01);
  rates.slow = maybe(dice, 0.02);
  return rates;
}

}  // namespace

Rates calm() { return {}; }

Rates storm(Dice& dice) {
  Rates rates;
  rates.up = frames(dice);
  rates.down = frames(dice);
  rates.refuse = maybe(dice, 0.03);
  rates.wrong_salt = maybe(dice, 0.03);
  rates.wrong_seqno = maybe(dice, 0.02);
  rates.bad_container = maybe(dice, 0.02);
  rates.forget_session = maybe(dice, 0.01);
  rates.transport_code = maybe(dice, 0.005);
  rates.question = maybe(dice, 0.02);
  rates.late_answer = maybe(dice, 0.05);
  rates.error = maybe(dice, 0.03);
  rates.stop = maybe(dice, 0.5);
  rates.freeze = maybe(dice, 0.3);
  rates.absence = maybe(dice, 0.4);
  rates.restart = maybe(dice, 0.3);
  rates.clock_jump = maybe(dice, 0.3);
  rates.pause = maybe(dice, 0.5);
  rates.flood = maybe(dice, 0.3);
  return rates;
}

}  // namespace simulation
