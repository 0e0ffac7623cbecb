// Who takes one client's objects, wherever they are carried out, and answers to an ObjectSink.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "mtproto/time.hpp"
#include "server/protocol/failure.hpp"
#include "server/protocol/incoming.hpp"
#include "server/protocol/token_scope.hpp"

namespace server {

class RequestTaker {
 public:
  virtual ~RequestTaker() = default;
  // What its client may call from here on.
  virtual void limit(std::shared_ptr<const TokenScope> scope) = 0;
  virtual void receive(Incoming&& object, mtproto::Time now) = 0;
  // What the client sent was no request.
  virtual void refuse(std::string_view id, const Failure& failure) = 0;
  // The client does not read (or does again).
  virtual void set_above_high_watermark(bool above_high_watermark, mtproto::Time now) = 0;
  // Nothing more will come from the client; what came is answered.
  virtual void end() = 0;
  // The client is gone.
  virtual void close() = 0;
  virtual void tick(mtproto::Time now) = 0;
  virtual std::optional<mtproto::Time> deadline() const = 0;
  // Bytes of replies that wait for others under the same id, which are on the meter.
  virtual std::size_t held() const = 0;
};

}  // namespace server
