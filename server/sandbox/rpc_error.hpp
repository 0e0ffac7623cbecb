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

}  // namespace server::sandbox
