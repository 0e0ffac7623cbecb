// What goes around an API call, taken off from the outside in, whichever way it is nested, before
// any scheme is asked: these ids are the same in every layer. core.telegram.org/api/invoking
//
//   invokeWithLayer da9b0d0d | layer | query          invokeAfterMsg  cb9f372d | msg_id | query
//   initConnection  c1cd5ea9 | flags | api_id | …     invokeAfterMsgs 3dc4b4f0 | msg_ids | query
//   invokeWithoutUpdates bf9459b7 | query             gzip_packed     3072cfa1 | bytes
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "mtproto/ids.hpp"
#include "server/sandbox/rpc_error.hpp"
#include "server/sandbox/world/sign_in.hpp"
#include "tl/bytes.hpp"

namespace server::sandbox {

struct Unwrapped {
  std::optional<std::int32_t> layer;
  std::optional<AppInfo> app;
  bool without_updates = false;
  bool recaptcha = false;  // with some token
  std::vector<mtproto::MessageId> after;
  tl::Bytes unpacked;  // what the query points into where it was packed
  tl::ByteView query;
};

Outcome<Unwrapped> unwrap(tl::ByteView body);

}  // namespace server::sandbox
