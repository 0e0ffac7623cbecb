// CONNECT through an HTTP proxy (RFC 9110 §9.3.6), with Basic authentication (RFC 7617). The body
// of a refusal is not waited for.
#pragma once

#include <string>

#include "server/upstream/proxy/dialogue.hpp"
#include "server/upstream/telegram.hpp"

namespace server::upstream {

class HttpConnect final : public Dialogue {
 public:
  // Nobody signs in where `user` is empty.
  HttpConnect(Address target, std::string user, std::string password)
      : target_(std::move(target)), user_(std::move(user)), password_(std::move(password)) {}

  tl::Result<void> begin(tl::Bytes& out) override;
  tl::Result<bool> receive(tl::ByteView bytes, tl::Bytes& out) override;

 private:
  Address target_;
  std::string user_, password_;
  std::string head_;
};

}  // namespace server::upstream
