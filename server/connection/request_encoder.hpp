// A client's `message` on its way into TL bytes: what it becomes, and how that is to be sent. Pure.
// Two steps, because the first may take long: encode() goes through the whole message, wherever
// there is time for it (EncodeWork does it on the pool); prepare() looks at what came of it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "mtproto/session/session.hpp"
#include "server/config/schemes.hpp"
#include "server/connection/connection_options.hpp"
#include "server/connection/encode_work.hpp"
#include "server/protocol/failure.hpp"
#include "tl/codec.hpp"

namespace server {

// What a message came to.
struct PreparedMessage {
  std::string name;  // of its constructor, or empty
  tl::Bytes body;
  std::optional<tl::Encoding> encoding;  // none: the scheme does not fit it
  mtproto::SendOptions send;             // once no name in it has to be resolved
  std::optional<Failure> failure;        // it can't be sent
};

class RequestEncoder {
 public:
  // Both must outlive it.
  RequestEncoder(const Schemes& schemes, const ConnectionOptions& options)
      : schemes_(schemes), options_(options) {}

  // `body` gives its room.
  EncodedMessage encode(const tl::Value& message, const tl::PeerBook&, tl::Random&,
                        tl::Bytes body) const;
  // The same, for the pool. `arena` is of `message`; `share` is of EncodeWork::room() bytes.
  std::unique_ptr<EncodeWork> encode_apart(const tl::Value& message,
                                           std::unique_ptr<RequestArena> arena,
                                           const account::PeerNames&, MemoryShare share) const;

  // `recaptcha_token`: what it is to be sent with, or empty.
  PreparedMessage prepare(EncodedMessage, std::string_view recaptcha_token = {}) const;

  // `failure`, said to have come of encoding `name`.
  static Failure while_encoding(std::string_view name, Failure failure);

 private:
  std::optional<Failure> classify(const tl::Value& seqno, PreparedMessage&) const;
  static std::optional<Failure> vouch(std::string_view recaptcha_token, PreparedMessage&);
  void initialise(PreparedMessage&) const;
  void set_layer(PreparedMessage&, std::size_t at) const;

  const Schemes& schemes_;
  const ConnectionOptions& options_;
};

}  // namespace server
