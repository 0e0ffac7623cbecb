// Signing in, for a client that knows only JSON: what each step of server/API.md asks of Telegram,
// and what its answers mean. core.telegram.org/api/auth, /api/srp
//
// No socket and no clock: begin() takes a client's step and gives an Action; whoever drives it
// carries the action out and brings the outcome, which gives the next, until it is a Reply. Nothing
// is sent to Telegram that no client asked for; a client that asked for a QR code asked for fresh
// ones, too. The state does not die with a socket: a step that
// brings `phone` and `phone_code_hash` along goes on where another connection stopped.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "mtproto/ids.hpp"
#include "mtproto/work.hpp"
#include "tl/random.hpp"
#include "tl/value.hpp"

namespace server::account {

// Call Telegram in the session's data centre; then answered() with the decoded answer (rpc_error
// among them).
struct Call {
  tl::Value message;
};
// Make data centre `dc` the session's own (a key there), then moved().
struct Move {
  mtproto::DcId dc;
};
// Run it off the thread, then done().
struct Compute {
  std::unique_ptr<mtproto::Work> work;
};
// The step is over; `signin` is the object for the client. Values of TL types in it are marked by
// their place: `user` (User), `object` and `terms` are TL objects in canonical notation, to be
// written in the connection's.
struct Reply {
  tl::Value signin;
};
// The step can't be taken: SigninError (with the state), TypeError with a path. A SigninError whose
// path is /api_id wants an api_id and api_hash first.
struct Refusal {
  std::string error;  // "SigninError" or "TypeError"
  std::string text;
  std::string path;  // below /signin
};

using Action = std::variant<Call, Move, Compute, Reply, Refusal>;

struct SigninContext {
  std::int32_t api_id = 0;
  std::string_view api_hash;
  bool authorized_unknown =
      false;          // there is a key: where nothing is known here, {"signin":{}} asks Telegram
  bool kept = false;  // the account is in the store: who signs out is forgotten there in any case
};

class Signin {
 public:
  explicit Signin(tl::Random&);
  ~Signin();

  // `step` is the value of `signin`. One step at a time: one that is under way is dropped. Values
  // in the Action live in `arena`, which must live until the step is over.
  Action begin(const tl::Value& step, const SigninContext&, tl::Arena& arena);
  // In state `qr`, for a driver that keeps the code fresh: when next_token_in() is over, or when
  // Telegram says that it was scanned. A step like any other.
  Action refresh(const SigninContext&, tl::Arena& arena);
  Action answered(const tl::Value& answer, tl::Arena& arena);
  Action moved(tl::Arena& arena);
  Action done(std::unique_ptr<mtproto::Work>, tl::Arena& arena);
  // The driver could not carry the action out (upstream connection lost, time-out): the state stays
  // as it was before the step.
  void failed();

  std::string_view state() const;
  // Whom we are signed in as, once known.
  std::optional<std::int64_t> user_id() const;
  // When the token that state `qr` shows runs out, in unix time; none in any other state.
  std::optional<std::int64_t> token_expires() const;
  // Another session was set: all that was known is forgotten.
  void reset();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace server::account
