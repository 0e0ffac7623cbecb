#include "server/protocol/protocol.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "mtproto/ids.hpp"
#include "tl/json_pointer.hpp"
#include "tl/nearest_name.hpp"
#include "tl/numbers.hpp"
#include "tl/rounded.hpp"
#include "tl/shortened.hpp"

namespace server {
namespace {

using Kind = tl::Value::Kind;

constexpr std::size_t longest_id = 256;
constexpr std::size_t longest_recaptcha_token = std::size_t{16} << 10;
constexpr double longest_timeout = 600;
// What a part of a request may take that is looked through where others wait: bytes of text, and
// the room of members and items.
constexpr std::size_t heaviest_part = std::size_t{256} << 10;

enum Attribute : std::uint8_t {
  id,
  server,
  session,
  message,
  signin,
  options,
  after,
  timeout,
  token,
  extra,
  dc,
  recaptcha_token,
  account,
};
constexpr std::array<std::string_view, 13> attributes{
    "id",      "server", "session", "message", "signin",          "options", "after",
    "timeout", "token",  "@extra",  "dc",      "recaptcha_token", "account"};

bool is_due_as_object(std::size_t attribute) {
  return attribute == server || attribute == session || attribute == message ||
         attribute == signin || attribute == options;
}

// What is looked through again when it is applied.
constexpr std::array<Attribute, 5> looked_through{server, session, signin, options, account};

std::string pointer(std::string_view key) {
  std::string out = "/";
  tl::append_pointer_token(key, out);
  return out;
}

std::size_t attribute_of(std::string_view key) {
  return static_cast<std::size_t>(std::ranges::find(attributes, key) - attributes.begin());
}

// Takes what `value` weighs from `left`; false where that is not enough. Stops there.
bool fits(const tl::Value& value, std::size_t& left) {
  const auto take = [&left](std::size_t size) {
    if (size > left) return false;
    left -= size;
    return true;
  };
  if (value.is_string() || value.kind() == Kind::number) return take(value.text().size());
  if (!take(value.items().size() * sizeof(tl::Value))) return false;
  if (!take(value.members().size() * sizeof(tl::Member))) return false;
  for (const auto& item : value.items()) {
    if (!fits(item, left)) return false;
  }
  for (const auto& [key, member] : value.members()) {
    if (!take(key.size()) || !fits(member, left)) return false;
  }
  return true;
}

// Of a number that can't be an integer any more.
std::string why_none(const tl::Value& value) {
  if (value.kind() != Kind::number) return {};
  const bool written_as_one = value.text().find_first_of(".eE") == std::string_view::npos;
  const auto read = tl::read_integral(value.text());
  if (written_as_one || read.kind != tl::Integral::Kind::lost) return {};
  return ", and " + tl::lost_digits(value.text());
}

// The JSON text of an id, or why it is none.
std::optional<Failure> read_id(const tl::Value& value, std::string path, std::string& to) {
  if (value.is_string()) {
    if (value.text().size() > longest_id) {
      return type_error(std::move(path), "a string here has at most 256 bytes");
    }
    to.clear();
    tl::write_json_string(value.text(), to);
    return {};
  }
  const auto number = value.as_int64();
  if (!number) {
    return type_error(std::move(path),
                      "an integer of 64 bits or a string is due" + why_none(value));
  }
  if (*number == 0) {
    return type_error(std::move(path), "0 marks what Telegram sends on its own; take another id");
  }
  to.clear();
  tl::append_number(*number, to);
  return {};
}

// Some languages write an empty object as `[]`, and others as null, which would ask for nothing.
std::optional<Failure> read_object(const tl::Value& value, std::string_view key,
                                   std::optional<tl::Value>& to) {
  const bool empty = value.is_array() && value.items().empty() && key != "message";
  if (!value.is_object() && !empty) {
    return type_error(pointer(key), value.is_null()
                                        ? "an object is due, such as {}, and this is null; what is "
                                          "not meant is left out"
                                        : "an object is due");
  }
  to = empty ? tl::Value::object({}) : value;
  return {};
}

std::optional<Failure> read_timeout(const tl::Value& value, Request& request) {
  const auto seconds = value.is_string() ? tl::parse_double(value.text()) : value.as_double();
  if (!seconds || !(*seconds > 0) || *seconds > longest_timeout) {
    return type_error("/timeout", "seconds are due, a number above 0 and at most 600");
  }
  request.timeout = mtproto::Duration(static_cast<std::int64_t>(std::ceil(*seconds * 1e6)));
  return {};
}

std::optional<Failure> read_after(const tl::Value& value, Request& request) {
  const bool empty = value.is_object() && value.members().empty();
  if (!value.is_array() && !empty) return type_error("/after", "an array of ids is due");
  const auto items = value.items();
  if (items.size() > Request::max_after) {
    return type_error(
        "/after", "at most 1024 ids can stand here, and these are " + std::to_string(items.size()));
  }
  request.after.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::string id;
    if (auto failure = read_id(items[i], "/after/" + std::to_string(i), id)) return failure;
    request.after.push_back(std::move(id));
  }
  std::ranges::sort(request.after);
  const auto twice = std::ranges::unique(request.after);
  request.after.erase(twice.begin(), twice.end());
  request.after.shrink_to_fit();
  return {};
}

std::optional<Failure> read_dc(const tl::Value& value, Request& request) {
  const auto dc = value.as_int64();
  if (!dc || *dc < 1 || *dc > mtproto::highest_dc) {
    return type_error("/dc", "the number of a data centre is due, such as 2");
  }
  request.dc = mtproto::DcId(static_cast<std::int32_t>(*dc));
  return {};
}

std::optional<Failure> read_token(const tl::Value& value, Request& request) {
  // Where nobody asks for one, a client that presents it anyway does no harm.
  if (!value.is_string()) return type_error("/token", "a string is due");
  request.token = value.text();
  return {};
}

std::optional<Failure> read_recaptcha_token(const tl::Value& value, Request& request) {
  const auto text = value.text();
  if (!value.is_string() || text.empty() || text.size() > longest_recaptcha_token) {
    return type_error("/recaptcha_token",
                      "what the reCAPTCHA gave is due, a string of at most 16 KiB");
  }
  request.recaptcha_token = text;
  return {};
}

std::optional<Failure> read_account(const tl::Value& value, Request& request) {
  if (!value.is_string() && !value.is_object() && !value.is_null()) {
    return type_error("/account",
                      R"(a name is due, such as "ada", an object with a `name`, or null)");
  }
  request.account = value;
  return {};
}

bool is_method_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_';
  });
}

// Who writes the call where its envelope is due, as other libraries have it.
Failure bare_call(std::string_view key, const tl::Value& value) {
  const auto name = value.is_string() && is_method_name(value.text()) ? value.text() : "METHOD";
  return type_error(pointer(key), "unknown attribute \"" + std::string(key) +
                                      "\"; a call stands in `message`: {\"message\":{\"_cons\":\"" +
                                      std::string(name) + "\"}}");
}

bool is_bare_call(const tl::Value& object, std::string_view key) {
  return (key == "_cons" || key == "_" || key == "@type" || key == "method") &&
         object.find("message") == nullptr;
}

Failure unknown_attribute(const tl::Value& object, std::string_view key, const tl::Value& value) {
  if (is_bare_call(object, key)) return bare_call(key, value);
  tl::NearestName nearest(key);
  for (const auto known : attributes) nearest.offer(known);
  std::string text = "unknown attribute ";
  tl::write_json_string(tl::shortened(key), text);
  return type_error(pointer(key), text + nearest.hint());
}

std::optional<Failure> read_attribute(std::size_t attribute, const tl::Value& value,
                                      Request& request) {
  const auto key = attributes[attribute];
  switch (static_cast<Attribute>(attribute)) {
    case id:
    case extra:
      return {};  // read before all others
    case server:
      return read_object(value, key, request.server);
    case session:
      return read_object(value, key, request.session);
    case options:
      return read_object(value, key, request.options);
    case message:
      return read_object(value, key, request.message);
    case signin:
      return read_object(value, key, request.signin);
    case timeout:
      return read_timeout(value, request);
    case after:
      return read_after(value, request);
    case token:
      return read_token(value, request);
    case dc:
      return read_dc(value, request);
    case recaptcha_token:
      return read_recaptcha_token(value, request);
    case account:
      return read_account(value, request);
  }
  return {};
}

// To show a token is enough.
bool asks_nothing(const Request& request) {
  return !request.message && !request.signin && !request.session && !request.server &&
         !request.options && !request.account && request.token.empty();
}

void write_random_ids(const Reply& reply, std::string& out) {
  const auto& ids = *reply.random_ids;
  out += ",\"_random_id\":";
  if (ids.size() > 1) out += '[';
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) out += ',';
    const char* quote = tl::is_quoted(reply.notation, ids[i]) ? "\"" : "";
    out += quote;
    tl::append_number(ids[i], out);
    out += quote;
  }
  if (ids.size() > 1) out += ']';
}

void write_ignored(const tl::Encoding& encoding, std::string& out) {
  out += ",\"ignored\":[";
  const char* comma = "";
  for (const auto& path : encoding.ignored) {
    out += comma;
    tl::write_json_string(path, out);
    comma = ",";
  }
  out += ']';
  if (encoding.ignored_more > 0) {
    out += ",\"ignored_more\":";
    tl::append_number(static_cast<std::uint64_t>(encoding.ignored_more), out);
  }
}

void write_part(std::string_view key, std::string_view text, std::string& out) {
  if (text.empty()) return;
  out += ",\"";
  out += key;
  out += "\":";
  out += text;
}

}  // namespace

std::size_t heap_size(const Request& request) {
  auto size = request.id.capacity() + request.extra.capacity() +
              request.after.capacity() * sizeof(std::string);
  for (const auto& id : request.after) size += id.capacity();
  return size;
}

tl::Result<Request, Refused> read_request(const tl::Value& object, std::size_t large) {
  if (!object.is_object()) {
    return Refused{std::string(id_of_no_object), {}, type_error("", "an object is due")};
  }
  std::array<const tl::Value*, attributes.size()> last{};
  for (const auto& member : object.members()) {
    const auto attribute = attribute_of(member.key);
    if (attribute != attributes.size()) last[attribute] = &member.value;
  }
  Request request;
  if (last[extra] != nullptr) {
    request.extra.reserve(large);  // it is no longer than it was, and need not be moved
    tl::write_json(*last[extra], request.extra);
    if (request.extra.capacity() > 2 * request.extra.size()) request.extra.shrink_to_fit();
  }
  if (last[id] != nullptr && !last[id]->is_null()) {
    // It can't be answered under an id that is none.
    if (auto failure = read_id(*last[id], "/id", request.id)) {
      return Refused{std::string(id_of_no_object), std::move(request.extra), std::move(*failure)};
    }
  }
  for (const auto attribute :
       large > 0 ? std::span<const Attribute>(looked_through) : std::span<const Attribute>()) {
    auto left = heaviest_part;
    if (last[attribute] == nullptr || fits(*last[attribute], left)) continue;
    return Refused{request.id, std::move(request.extra),
                   type_error(pointer(attributes[attribute]),
                              "there is more in it than belongs there: 256 KiB at most")};
  }
  for (const auto& member : object.members()) {
    const auto attribute = attribute_of(member.key);
    if (attribute == attributes.size()) {
      return Refused{request.id, std::move(request.extra),
                     unknown_attribute(object, member.key, member.value)};
    }
    // Of a key given twice the last counts.
    if (last[attribute] != &member.value) continue;
    const bool null_says_something = is_due_as_object(attribute) || attribute == account;
    if (member.value.is_null() && !null_says_something) continue;
    if (auto failure = read_attribute(attribute, member.value, request)) {
      return Refused{request.id, std::move(request.extra), std::move(*failure)};
    }
  }
  if (request.message && request.signin) {
    return Refused{request.id, std::move(request.extra),
                   type_error("/signin",
                              "`message` and `signin` do not go together; send two "
                              "requests")};
  }
  if (request.account && (request.session || request.server)) {
    return Refused{request.id, std::move(request.extra),
                   type_error("/account",
                              "a named account has a session and a data centre of its own: "
                              "`session` and `server` do not go with it")};
  }
  if (request.dc && !request.message) {
    return Refused{request.id, std::move(request.extra),
                   type_error("/dc",
                              "`dc` says where a `message` goes, and there is none here; the "
                              "session's own is `dc` in `session` or `server`")};
  }
  if (!request.recaptcha_token.empty() && !request.message && !request.signin) {
    return Refused{request.id, std::move(request.extra),
                   type_error("/recaptcha_token",
                              "it goes with the `message` or `signin` that Telegram wants it for")};
  }
  if (asks_nothing(request)) {
    return Refused{request.id, std::move(request.extra),
                   type_error("",
                              "nothing is asked: `message`, `signin`, `account`, `session`, "
                              "`server` or `options` is due")};
  }
  return request;
}

bool write_reply(const Reply& reply, LongText& text) {
  auto& out = text.end();  // behind a long part, too
  const auto start = out.size();
  out += "{\"id\":";
  out += reply.id;
  if (reply.extra != nullptr && !reply.extra->empty()) {
    out += ",\"@extra\":";
    if (reply.extra->size() < LongText::large) {
      out += *reply.extra;
    } else {
      text.attach(std::move(*reply.extra));
    }
  }
  if (reply.failure != nullptr) {
    write_failure(*reply.failure, reply.with_traceback, out);
  } else {
    write_part("server", reply.server, out);
    write_part("options", reply.options, out);
    write_part("account", reply.account, out);
    write_part("session", reply.session, out);
    write_part("message", reply.message, out);
    if (reply.write_message) {
      out += ",\"message\":";
      if (!reply.write_message(text)) {
        out.resize(start);
        return false;
      }
    }
    write_part("signin", reply.signin, out);
  }
  if (!reply.hint.empty()) {
    out += ",\"hint\":";
    tl::write_json_string(reply.hint, out);
  }
  if (reply.random_ids != nullptr && !reply.random_ids->empty()) write_random_ids(reply, out);
  if (reply.ignored != nullptr && !reply.ignored->ignored.empty()) {
    write_ignored(*reply.ignored, out);
  }
  out += '}';
  return true;
}

std::string rpc_timeout(mtproto::Duration waited) {
  std::string out = R"({"_cons":"rpc_timeout","error_message":"no answer within )";
  const auto whole = std::chrono::floor<std::chrono::milliseconds>(waited);
  tl::append_number(static_cast<double>(whole.count()) / 1e3, out);
  return out + " s\"}";
}

}  // namespace server
