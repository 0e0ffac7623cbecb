// An HTTP client's connection to a named account, kept from one of its calls to the next: to make one
// costs as much as a call.
#pragma once

#include <memory>
#include <string>

#include "server/config/schemes.hpp"
#include "server/gateway/remote_connection.hpp"

namespace server::http {

class ApiConnection final : private RemoteUser {
 public:
  explicit ApiConnection(ThreadState& thread) : thread_(thread) {}

  // What calls have to have in common to go over one connection.
  struct Place {
    ThreadState* home = nullptr;  // where the account lives
    std::string account;
    std::shared_ptr<const Schemes> schemes;
    std::shared_ptr<const TokenScope> scope;

    bool operator==(const Place&) const = default;
  };

  // One at a time. `user` hears its reply, or of a reset; then no more.
  void call(Place, const ConnectionSetup&, Incoming&&, RemoteUser& user);
  // The call that is under way, if there is one, is given up.
  void give_up();
  // The client goes.
  void close();

 private:
  void on_reply(LongText object, ObjectNote note, std::size_t held) override;
  void on_finished() override {}  // it goes on
  void on_reset(std::string why) override;

  ThreadState& thread_;
  Place place_;
  std::unique_ptr<RemoteConnection> remote_;
  RemoteUser* user_ = nullptr;  // of the call that is under way
};

}  // namespace server::http
