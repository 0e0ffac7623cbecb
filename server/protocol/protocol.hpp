// One object of a client ⇄ what it asks for. Pure: text and values, no connection.
//   {"id":N,"server":{…},"options":{…},"session":{…},"message":{…}}  →  Request
//   Reply  →  {"id":N,"server":{…},…}
// Shapes are checked here, all of them before anything is done; what the attributes hold is read
// by their own files.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mtproto/ids.hpp"
#include "mtproto/time.hpp"
#include "server/protocol/failure.hpp"
#include "server/protocol/long_text.hpp"
#include "tl/codec.hpp"
#include "tl/result.hpp"
#include "tl/value.hpp"

namespace server {

// Ids of replies to what was no request.
inline constexpr std::string_view id_of_no_json = "-2";
inline constexpr std::string_view id_of_no_object = "-3";

struct Request {
  static constexpr std::size_t max_after = 1024;

  std::string id = "1";  // as JSON text, so that 1 and "1" differ; of 4.0 it is 4
  std::string extra;     // `@extra`, as JSON text; empty: none
  std::optional<tl::Value> server, options, session, message, signin;
  std::optional<tl::Value> account;  // null: it lets go of its named account
  std::optional<mtproto::Duration> timeout;
  std::vector<std::string> after;   // ids, as `id`, each once
  std::optional<mtproto::DcId> dc;  // where `message` goes, if not to the session's own
  std::string_view token;           // as it was shown, or empty; a view into the object
  // What a person got from a reCAPTCHA, for `message` or `signin`; or empty. A view, too.
  std::string_view recaptcha_token;
};

// Bytes of the heap that a request holds beside its object.
std::size_t heap_size(const Request&);

// What is wrong with a request, and under which id to say so.
struct Refused {
  Refused() = default;
  Refused(std::string id_in, std::string extra_in, Failure failure_in)
      : id(std::move(id_in)),
        extra(std::make_shared<std::string>(std::move(extra_in))),
        failure(std::move(failure_in)) {}

  std::string id;
  // Shared, since a Result gives copies of its error, and it may be megabytes.
  std::shared_ptr<std::string> extra;
  Failure failure;
};

// `large`: the size of the text where the object may take long to look through. Then only `message`
// and `@extra` of a request may, and nobody has to do it again. Linear in the object.
tl::Result<Request, Refused> read_request(const tl::Value& object, std::size_t large = 0);

// Parts of a reply, each JSON text; an empty one is left out.
struct Reply {
  std::string_view id;
  std::string* extra = nullptr;  // used up where it is large; none or empty: left out
  std::string_view server, options, account, session, message, signin;
  // Writes `message` straight to where it belongs; instead of `message`. It may go back on that, if
  // nothing large was attached before.
  std::function<bool(LongText&)> write_message;
  std::string_view hint;  // text: what is behind a refusal; empty: nothing to say
  const Failure* failure = nullptr;
  bool with_traceback = false;
  const std::vector<std::int64_t>* random_ids = nullptr;  // `_random_id`
  const tl::Encoding* ignored = nullptr;                  // `ignored` and `ignored_more`
  tl::Notation notation = tl::Notation::classic;
};

// False where write_message() said so: then nothing was written.
bool write_reply(const Reply&, LongText& out);

// {"_cons":"rpc_timeout","error_message":…}
std::string rpc_timeout(mtproto::Duration waited);

}  // namespace server
