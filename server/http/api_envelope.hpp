// A method's arguments into the object that any other client would have sent:
//   {"account":"ada","message":{"_cons":METHOD,…},"timeout":"5","dc":"2"}
//   {"account":"ada","signin":{…},"timeout":"5"}
#pragma once

#include "server/http/api_target.hpp"
#include "server/protocol/envelope.hpp"

namespace server::http {

class ApiEnvelope final : public Envelope {
 public:
  // More members than this no method has, whatever is ignored.
  static constexpr std::size_t most_arguments = 4096;

  explicit ApiEnvelope(ApiTarget target);

  tl::Result<tl::Value, Failure> around(const tl::Value& arguments,
                                        tl::Arena& arena) const override;

  // Whether the key decides its random_id.
  bool draws() const { return drawn_ != nullptr; }
  // The random_id that stands for an Idempotency-Key: the first 8 bytes of SHA-256 of the key, the
  // account and the method, a line each; never 0.
  static std::int64_t random_id(const ApiTarget&);

 private:
  tl::Value message(const tl::Value& arguments, tl::Arena& arena) const;
  tl::Value random_ids(const tl::Field&, const tl::Value& arguments, tl::Arena& arena) const;

  const ApiTarget target_;
  const tl::Field* drawn_ = nullptr;  // which would be drawn at random, and follows the key
  std::int64_t random_id_ = 0;
};

}  // namespace server::http
