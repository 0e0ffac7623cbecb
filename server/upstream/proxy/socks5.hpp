// SOCKS5 (RFC 1928), with user and password (RFC 1929). A name is sent as a name.
//
//   05 n methods               → 05 method            00 none, 02 user and password
//   01 len user len password   → 01 status            00 welcome
//   05 01 00 type address port → 05 status 00 type address port
//        type 01: 4 bytes, 03: length and name, 04: 16 bytes
#pragma once

#include <string>

#include "server/upstream/proxy/dialogue.hpp"
#include "server/upstream/telegram.hpp"

namespace server::upstream {

class Socks5 final : public Dialogue {
 public:
  // Nobody signs in where `user` is empty.
  Socks5(Address target, std::string user, std::string password)
      : target_(std::move(target)), user_(std::move(user)), password_(std::move(password)) {}

  tl::Result<void> begin(tl::Bytes& out) override;
  tl::Result<bool> receive(tl::ByteView bytes, tl::Bytes& out) override;

 private:
  enum class Step : std::uint8_t { method, password, reply };

  tl::Result<bool> step(tl::Bytes& out);
  tl::Result<bool> method(tl::Bytes& out);
  tl::Result<bool> welcome(tl::Bytes& out);
  tl::Result<bool> reply();
  void ask(tl::Bytes& out);

  Address target_;
  std::string user_, password_;
  Step step_ = Step::method;
  tl::Bytes in_;
};

}  // namespace server::upstream
