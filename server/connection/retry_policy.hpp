// What becomes of a request that Telegram refused: the refusal is its answer, or it is sent once
// more, and then how. A table of rules, each of which looks at the error and at what was tried
// already. Pure: whoever asks carries out what it says and counts it in the request's Attempts.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "mtproto/ids.hpp"
#include "mtproto/time.hpp"
#include "server/account/migration.hpp"
#include "server/upstream/telegram.hpp"

namespace server {

// How a refused request is sent once more.
struct Retry {
  enum class Kind : std::uint8_t {
    fail,        // not at all
    initialise,  // wrapped in initConnection again
    authorise,   // as it is: its data centre is shown the authorization anew
    sleep,       // after `pause`
    migrate,     // to `dc`, this request only
    move_home,   // to `dc`, which becomes the session's own
  };

  Kind kind = Kind::fail;
  mtproto::Duration pause{};
  mtproto::DcId dc{};
  bool flood_wait = false;  // Telegram asked for a pause, whether it is kept here or not
  // So long it wants no more such calls from the account, whoever makes them; 0: it did not say so.
  std::chrono::seconds account_wait{};
};

// What was tried for one request.
struct Attempts {
  std::chrono::seconds flood_waited{};
  bool initialised = false;  // after CONNECTION_NOT_INITED, once
  bool authorised = false;   // in another data centre, after a 401, once
  unsigned migrations = 0;   // where Telegram sent it on to

  void count(const Retry&);
};

// What the rules ask of a request that was refused.
struct RefusedCall {
  Attempts attempts;
  int dc = 0;               // that refused it
  bool elsewhere = false;   // which is not the session's own
  bool message = true;      // its client's own; else a question that it led to
  bool kept = true;         // its bytes are there still
  bool api = true;          // no service message
  bool bare = false;        // its client wrapped it itself
  bool follows = false;     // Telegram was to carry it out after others
  bool moves_home = false;  // nobody is signed in, and no other request stands in the way
};

class RetryPolicy {
 public:
  static constexpr unsigned most_migrations = 3;
  // Before a request that has waited at Telegram for others is sent again.
  static constexpr mtproto::Duration after_pause = std::chrono::milliseconds(500);

  // `flood_wait`: so long a request may wait for Telegram in all.
  RetryPolicy(const upstream::Telegram& telegram, std::chrono::seconds flood_wait)
      : telegram_(telegram), flood_wait_(flood_wait) {}

  Retry decide(const RefusedCall&, const account::RpcError&) const;

 private:
  // None: the rule has nothing to say of it.
  using Decision = std::optional<Retry>;
  using Rule = Decision (RetryPolicy::*)(const RefusedCall&, const account::RpcError&) const;

  Decision initialise(const RefusedCall&, const account::RpcError&) const;
  Decision authorise(const RefusedCall&, const account::RpcError&) const;
  Decision migrate(const RefusedCall&, const account::RpcError&) const;
  Decision wait_for_others(const RefusedCall&, const account::RpcError&) const;
  Decision wait_out_flood(const RefusedCall&, const account::RpcError&) const;

  const upstream::Telegram& telegram_;
  std::chrono::seconds flood_wait_;
};

}  // namespace server
