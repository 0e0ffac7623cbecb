// One object of a client ⇄ what it asks for. Pure: text and values, no connection.
//   {"id":N,"server":{…},"options":{…},"session":{…},"message":{…}}  →  Request
//   Reply  →  {"id":N,"server":{…},…}
// Shapes are checked here, all of them before anything is done; what the attributes hold is read
// by their own files.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mtproto/ids.hpp"
#include "mtproto/time.hpp"
#include "server/failure.hpp"
#include "server/long_text.hpp"
#include "tl/codec.hpp"
#include "tl/result.hpp"
#include "tl/value.hpp"

namespace server {

// Ids of replies to what was no request.
inline constexpr std::string_view id_of_no_json = "-2";
inline constexpr std::string_view id_of_no_object = "-3";

struct Request {
  std::string id = "1";  // as JSON text, so that 1 and "1" differ and both come back as they came
  std::string extra;     // `@extra`, as JSON text; empty: none
  std::optional<tl::Value> server, options, session, message, signin;
  std::optional<mtproto::Duration> timeout;
  std::vector<std::string> after;   // ids, as `id`
  std::optional<mtproto::DcId> dc;  // where `message` goes, if not to the session's own
};

// What is wrong with a request, and under which id to say so.
struct Refused {
  std::string id;
  std::string extra;
  Failure failure;
};

tl::Result<Request, Refused> read_request(const tl::Value& object);

// Parts of a reply, each JSON text; an empty one is left out.
struct Reply {
  std::string_view id;
  std::string_view extra;
  std::string_view server, options, session, message, signin;
  // Writes `message` straight to where it belongs; instead of `message`.
  std::function<void(LongText&)> write_message;
  const Failure* failure = nullptr;
  bool with_traceback = false;
  const std::vector<std::int64_t>* random_ids = nullptr;  // `_random_id`
  const std::vector<std::string>* ignored = nullptr;
  tl::Notation notation = tl::Notation::classic;
};

void write_reply(const Reply&, LongText& out);

// {"_cons":"rpc_timeout","error_message":…}
std::string rpc_timeout(mtproto::Duration waited);

}  // namespace server
