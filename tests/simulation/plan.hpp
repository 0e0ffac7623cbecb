// How bad the world is: rates of faults in the phases of one seed. In a storm each seed knows only
// some kinds of faults, so that they are seen alone and together.
#pragma once

#include "mtproto/time.hpp"
#include "tests/simulation/dice.hpp"

namespace simulation {

struct Options {
  std::uint64_t seed = 1;
  std::size_t requests = 2000;
  // Frames that a live link loses, with nothing else to tell of it. Without it such a link is cut
  // some seconds later.
  bool live_losses = false;
  bool trace = false;
};

// Of each frame …
struct FrameRates {
  double drop = 0;
  double duplicate = 0;
  double replay = 0;  // of an earlier frame, after this one
  double reorder = 0;
  double truncate = 0;
  double corrupt = 0;
  double cut = 0;        // the connection, at some byte of the frame
  double half_open = 0;  // this way is silent from now on
  double slow = 0;       // seconds late, and all that follows
};

struct Rates {
  FrameRates up;
  FrameRates down;
  // … of each frame up, instead of its delivery
  double refuse = 0;  // with some code of bad_msg_notification
  double wrong_salt = 0;
  double wrong_seqno = 0;
  double bad_container = 0;
  // … after each frame up
  double forget_session = 0;
  // … after each frame down
  double transport_code = 0;
  double question = 0;  // msgs_state_req, msg_detailed_info …
  // Of each call
  double late_answer = 0;
  double error = 0;
  // Per minute
  double stop = 0;    // the process of the client
  double freeze = 0;  // the same, and its clock with it
  double absence = 0;
  double restart = 0;  // of the data centre, which forgets
  double clock_jump = 0;
  double pause = 0;
  double flood = 0;  // of updates
};

// A quiet network.
Rates calm();
Rates storm(Dice& dice);

}  // namespace simulation
