// Drives the client's half over one connection after another, as
// server/upstream/upstream_connection.cpp does over sockets: backs off, greets, reads nothing while
// it is paused; and is stopped for minutes at times.
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "mtproto/session/session.hpp"
#include "tests/simulation/caller.hpp"
#include "tests/simulation/data_centre.hpp"

namespace simulation {

class Driver final : public End, public std::enable_shared_from_this<Driver> {
 public:
  Driver(Scene& scene, Watch& watch, Caller& caller, DataCentre& data_centre,
         mtproto::SessionOptions options, mtproto::SessionState state);

  void open();
  void ask();
  void forget_impatient();
  void pause(bool paused);
  // The process does nothing for so long; `frozen`: its clock does not go on either.
  void stop(mtproto::Duration how_long, bool frozen);
  void cut();
  // Both ways of the connection are silent from now on.
  void fall_silent();
  // Throws where the session's own books don't fit the caller's.
  void check() const;
  bool ready() const { return session_.ready(); }
  std::optional<boost::system::error_code> final_failure() const { return final_; }
  const mtproto::SessionState& state() const { return session_.state(); }
  std::size_t connections() const { return connections_; }
  bool held() const { return stopped_until_ > scene_.now(); }
  void arrived(tl::ByteView bytes) override;
  void ended() override;

 private:
  // As the process sees it: a clock that is frozen stands still.
  mtproto::Time now() const { return frozen_at_.value_or(scene_.now() - behind_); }
  void connect();
  void connected();
  void step();
  void work();
  void take(mtproto::Event& event);
  void close(boost::system::error_code why);
  void plan_next();
  void set_alarm();
  void tick(mtproto::Time due);
  void read_inbox();
  void greet();

  Scene& scene_;
  Watch& watch_;
  Caller& caller_;
  DataCentre& data_centre_;
  mtproto::Session session_;
  mtproto::SessionId known_session_;
  mtproto::Duration behind_{};  // of the clock since it was frozen
  mtproto::Time stopped_until_{};
  std::optional<mtproto::Time> frozen_at_;
  std::shared_ptr<Wire> wire_;
  std::shared_ptr<End> host_;
  Wire::Past past_down_;
  std::deque<Bytes> inbox_;
  bool inbox_ended_ = false;
  bool paused_ = false;
  bool dialling_ = false;
  bool used_ = false;
  bool in_work_ = false;
  unsigned failures_ = 0;
  std::uint64_t unique_id_ = 0;  // of the session that the last SessionCreated told of
  mtproto::Time tried_{};
  std::optional<mtproto::Time> next_try_;
  std::optional<mtproto::RequestId> greeting_;
  std::optional<mtproto::Time> alarm_;
  mtproto::Time second_{};
  std::size_t ticks_in_second_ = 0;
  std::size_t connections_ = 0;
  std::optional<boost::system::error_code> final_;
};

}  // namespace simulation
