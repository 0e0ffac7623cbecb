// Keeps Telegram pushing: it pushes to a session that has made an API call, and stops about an hour
// after the last one, pings or not. Where updates are wanted and somebody is signed in, it says
// when another call is due: at once for a session that Telegram made anew, and after half an hour
// without one. A caller of CallTable. As Telethon and GramJS keep their sessions awake.
#pragma once

#include <chrono>
#include <optional>

#include "server/account/call_table.hpp"

namespace server::account {

class UpdateWaker final : public Caller {
 public:
  static constexpr mtproto::Duration idle = std::chrono::minutes(30);
  static constexpr mtproto::Duration again = std::chrono::minutes(1);  // after a failure

  // `somebody`: may be signed in, as far as is known.
  UpdateWaker(DcConnections& connections, CallTable& calls, bool somebody)
      : connections_(connections), calls_(calls), somebody_(somebody) {}
  ~UpdateWaker() override { stop(); }

  void set_wanted(bool wanted);
  // True: deadline() may be sooner.
  bool set_signed_in(bool somebody);
  // Telegram made the session anew.
  void renewed(mtproto::Time now);

  bool due(mtproto::Time now) const;
  std::optional<mtproto::Time> deadline() const;
  void ask(mtproto::Time now);
  // Another one asks.
  void left_to_another(mtproto::Time now);
  void stop();

  void on_outcome(std::uint64_t tag, CallOutcome, mtproto::Time now) override;

 private:
  DcConnections& connections_;
  CallTable& calls_;
  bool somebody_;
  bool wanted_ = false;
  bool asking_ = false;
  std::optional<mtproto::Time> soon_;  // whatever was called
  mtproto::Time not_before_{};
};

}  // namespace server::account
