// All the parts of one simulation, and what happens to them: its phases, and the greater disasters.
#pragma once

#include <memory>

#include "tests/simulation/driver.hpp"
#include "tests/simulation/simulation.hpp"

namespace simulation {

class World {
 public:
  explicit World(const Options& options);
  void run();
  Report report() const;

 private:
  void pass(mtproto::Duration time);
  void talk();
  void disasters();
  void heal();
  void await_all(mtproto::Duration bound);
  void settle_down();
  void lose_key();
  void make_driver(mtproto::SessionState state);
  bool once_a(double per_minute);

  Scene scene_;
  Watch watch_;
  Caller caller_;
  DataCentre data_centre_;
  std::shared_ptr<Driver> driver_;
  std::size_t wanted_;
  mtproto::Duration between_bursts_{};
  bool talking_ = true;
  bool healed_ = false;
  mtproto::Duration slowest_{};
  std::size_t connections_before_ = 0;
};

}  // namespace simulation
