// Who uses a named account.
#pragma once

#include <string_view>

#include "mtproto/time.hpp"
#include "server/account/account_event.hpp"

namespace server::named {

// Told on the account's thread. It may detach in any of these.
class NamedUser {
 public:
  virtual ~NamedUser() = default;
  // The account at Telegram is to be another: it is to be left now. `why` is for what was in flight.
  virtual void on_leaving(const char* why, mtproto::Time now) = 0;
  // It is: join() has the new one.
  virtual void on_moved(mtproto::Time now) = 0;
  // What became of a code that is shown: the object `signin` as JSON text.
  virtual void on_code(std::string_view signin) = 0;
  // Nobody is signed in any more: the same, for who is no client of the account itself.
  virtual void on_signed_out([[maybe_unused]] std::string_view signin) {}
  // Of a connection to Telegram, likewise.
  virtual void on_connection([[maybe_unused]] const account::DcChange& change) {}
};

}  // namespace server::named
