// What happens to an account, kept until the turn of the event loop ends and told then, in order:
// so nothing that a caller holds can go away under it.
#pragma once

#include <boost/system/error_code.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "mtproto/ids.hpp"
#include "mtproto/time.hpp"
#include "server/upstream/upstream_connection.hpp"
#include "tl/slice.hpp"
#include "tl/spare_room.hpp"

namespace server::account {

// In place of a number: the account's own data centre, whichever that is.
inline constexpr mtproto::DcId home_dc{0};

// How a call ended, but for its answer.
struct CallWritten {};  // it has no answer, and has gone out
struct CallLost {       // whether it was carried out can't be known
  std::string why;
};
struct CallUnsendable {  // as it is
  boost::system::error_code why;
};
struct CallUnreachable {  // it was not carried out, or there is no key that could tell
  std::shared_ptr<const upstream::UpstreamFailure> failure;
};
using CallOutcome = std::variant<tl::Slice, CallWritten, CallLost, CallUnsendable, CallUnreachable>;

// Whoever makes calls. `tag` is what it gave along with the call.
class Caller {
 public:
  virtual ~Caller() = default;
  // Exactly once a call, unless the call was forgotten.
  virtual void on_outcome(std::uint64_t tag, CallOutcome, mtproto::Time now) = 0;
};

struct CallOver {
  Caller* caller = nullptr;  // none: it was forgotten
  std::uint64_t tag = 0;
  mtproto::Time made{};
  CallOutcome outcome;
};

// Of the connection to one data centre.
struct DcChange {
  enum class State : std::uint8_t { connecting, key_exchange, ready, waiting, failed };

  mtproto::DcId dc;
  State state = State::connecting;
  std::shared_ptr<const upstream::UpstreamFailure> failure;  // waiting, failed
};

struct Pushed {
  tl::Slice body;
};
// Telegram made the session anew: what it was to push to the old one is gone.
struct Renewed {};
// Telegram does not know the auth key any more, or has ended it.
struct KeyGone {
  std::string reason;
};

using AccountEvent = std::variant<CallOver, DcChange, Pushed, Renewed, KeyGone>;

class EventQueue {
 public:
  class User {
   public:
    virtual ~User() = default;
    // A turn is to be made in which the queue is drained.
    virtual void on_event_late() = 0;
  };

  explicit EventQueue(User& user) : user_(user) {}

  void push(AccountEvent event) {
    tl::lend_room(events_);
    events_.push_back(std::move(event));
  }
  // The same, where nobody is sure to drain it.
  void push_and_wake(AccountEvent event) {
    push(std::move(event));
    if (!draining_) user_.on_event_late();
  }
  // What is queued for that caller is not told any more: of one tag, or all.
  void forget(const Caller& caller, std::optional<std::uint64_t> tag = {});

  // Tells all, with what comes of it; `tell` takes an AccountEvent&&. Not from within itself.
  template <class Tell>
  void drain(Tell tell) {
    if (std::exchange(draining_, true)) return;
    for (std::size_t i = 0; i < events_.size(); ++i) {
      auto event = std::move(events_[i]);
      tell(std::move(event));
    }
    tl::give_room_back(events_, few);
    draining_ = false;
  }
  bool draining() const { return draining_; }
  bool empty() const { return events_.empty(); }

 private:
  static constexpr std::size_t few = 4;

  User& user_;
  std::vector<AccountEvent> events_;
  bool draining_ = false;
};

}  // namespace server::account
