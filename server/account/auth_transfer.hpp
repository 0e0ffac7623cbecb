// An authorization on its way from the session's own data centre to another: exported here, imported
// there, once; calls there wait for it. core.telegram.org/api/datacenter
//
//   closed ─begin→ exporting ─home_answered→ importing ─there_answered→ open
//
// Where nobody is signed in at home it opens all the same: Telegram will say what it lacks.
#pragma once

#include <memory>
#include <variant>

#include "mtproto/ids.hpp"
#include "tl/bytes.hpp"
#include "tl/schema.hpp"

namespace server::account {

class AuthTransfer {
 public:
  enum class State : std::uint8_t { closed, exporting, importing, open };

  // What is to be done next.
  struct AskHome {
    tl::Bytes body;  // of a call at home
  };
  struct AskThere {
    tl::Bytes body;  // of a call in the other data centre
  };
  struct Opened {};
  // Telegram's rpc_error: the answer of all that waited.
  struct Refused {
    tl::Bytes answer;
  };
  using Step = std::variant<AskHome, AskThere, Opened, Refused>;

  AuthTransfer(std::shared_ptr<const tl::Schema> schema, mtproto::DcId to)
      : schema_(std::move(schema)), to_(to) {}

  State state() const { return state_; }
  // `key_at_home`: without one nobody can be signed in.
  Step begin(bool key_at_home);
  Step home_answered(tl::ByteView answer);
  Step there_answered(tl::ByteView answer);
  // It is known no longer who is signed in there, or the way there was lost.
  void close() { state_ = State::closed; }

 private:
  Step export_once_more(tl::ByteView refusal);
  Step refused(tl::ByteView answer);
  Step opened();

  std::shared_ptr<const tl::Schema> schema_;
  mtproto::DcId to_;
  State state_ = State::closed;
  bool again_ = false;  // the import was refused once
};

}  // namespace server::account
