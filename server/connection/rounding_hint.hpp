// The far cause of a refusal: an `access_hash` or `id` that an answer gave as a number, and that came
// back as what a double made of it. Said once a connection. Pure; what was given is the deliveries'.
#pragma once

#include <string>

#include "server/account/migration.hpp"
#include "server/connection/client_request.hpp"
#include "tl/rounded.hpp"

namespace server {

class RoundingHint {
 public:
  // `given` must outlive it.
  explicit RoundingHint(const tl::GivenLongs& given) : given_(given) {}

  // In words; empty: there is nothing to say.
  std::string about(const ClientRequest& refused, const account::RpcError&);

 private:
  const tl::GivenLongs& given_;
  bool told_ = false;
};

}  // namespace server
