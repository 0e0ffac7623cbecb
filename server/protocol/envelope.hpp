// Around what a body holds, where the path has said the rest: makes a request's object of it.
#pragma once

#include "server/protocol/failure.hpp"
#include "tl/result.hpp"
#include "tl/value.hpp"

namespace server {

class Envelope {
 public:
  virtual ~Envelope() = default;
  // `value` is an object that lives in `arena`, and so does what is made of it. On any thread.
  virtual tl::Result<tl::Value, Failure> around(const tl::Value& value, tl::Arena& arena) const = 0;
};

}  // namespace server
