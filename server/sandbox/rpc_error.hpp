// What a method refuses with: Telegram's code and words. core.telegram.org/api/errors
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "tl/result.hpp"

namespace server::sandbox {

struct RpcError {
  std::int32_t code = 400;
  std::string text;
  bool operator==(const RpcError&) const = default;
};

template <class T>
using Outcome = tl::Result<T, RpcError>;

inline RpcError bad_request(std::string text) { return {400, std::move(text)}; }

// A method of the scheme, or a way to call it, that the sandbox does not play. No code of 500 and
// above: clients take those for an ill server and ask again for ever.
inline RpcError not_played() { return {400, "METHOD_NOT_PLAYED"}; }

}  // namespace server::sandbox
