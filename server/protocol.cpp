#include "server/protocol.hpp"

#include <array>
#include <cmath>

#include "tl/nearest_name.hpp"
#include "tl/numbers.hpp"

namespace server {
namespace {

using Kind = tl::Value::Kind;

constexpr std::size_t longest_id = 256;
constexpr double longest_timeout = 600;
constexpr std::int64_t highest_dc = 999;
constexpr std::array<std::string_view, 11> attributes{"id",     "server",  "session", "message",
                                                      "signin", "options", "after",   "timeout",
                                                      "token",  "@extra",  "dc"};

std::string pointer(std::string_view key) {
  std::string out = "/";
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
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
  const bool number = value.kind() == Kind::integer || value.kind() == Kind::number;
  if (!number || !value.as_int64()) {
    return type_error(std::move(path), "an integer of 64 bits or a string is due");
  }
  if (value.as_int64() == 0) {
    return type_error(std::move(path), "0 marks what Telegram sends on its own; take another id");
  }
  to.clear();
  if (value.kind() == Kind::integer) {
    tl::append_number(*value.as_int64(), to);
  } else {
    tl::write_json(value, to);
  }
  return {};
}

std::optional<Failure> read_object(const tl::Value& value, std::string_view key,
                                   std::optional<tl::Value>& to) {
  if (!value.is_object()) return type_error(pointer(key), "an object is due");
  to = value;
  return {};
}

std::optional<Failure> read_timeout(const tl::Value& value, Request& request) {
  const bool number = value.kind() == Kind::integer || value.kind() == Kind::number;
  const auto seconds = number ? value.as_double() : std::nullopt;
  if (!seconds || !(*seconds > 0) || *seconds > longest_timeout) {
    return type_error("/timeout", "seconds are due, a number above 0 and at most 600");
  }
  request.timeout = mtproto::Duration(static_cast<std::int64_t>(std::ceil(*seconds * 1e6)));
  return {};
}

std::optional<Failure> read_after(const tl::Value& value, Request& request) {
  if (!value.is_array()) return type_error("/after", "an array of ids is due");
  const auto items = value.items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    std::string id;
    if (auto failure = read_id(items[i], "/after/" + std::to_string(i), id)) return failure;
    request.after.push_back(std::move(id));
  }
  return {};
}

std::optional<Failure> read_dc(const tl::Value& value, Request& request) {
  const bool number = value.kind() == Kind::integer || value.kind() == Kind::number;
  const auto dc = number ? value.as_int64() : std::nullopt;
  if (!dc || *dc < 1 || *dc > highest_dc) {
    return type_error("/dc", "the number of a data centre is due, such as 2");
  }
  request.dc = mtproto::DcId(static_cast<std::int32_t>(*dc));
  return {};
}

std::optional<Failure> read_attribute(std::string_view key, const tl::Value& value,
                                      Request& request) {
  if (key == "id" || key == "@extra") return {};  // read before all others
  if (key == "server") return read_object(value, key, request.server);
  if (key == "session") return read_object(value, key, request.session);
  if (key == "options") return read_object(value, key, request.options);
  if (key == "message") return read_object(value, key, request.message);
  if (key == "signin") return read_object(value, key, request.signin);
  if (key == "timeout") return read_timeout(value, request);
  if (key == "after") return read_after(value, request);
  if (key == "token") {
    // Nothing here asks for one; a client that presents it anyway does no harm.
    if (!value.is_string()) return type_error("/token", "a string is due");
    return {};
  }
  if (key == "dc") return read_dc(value, request);
  tl::NearestName nearest(key);
  for (const auto known : attributes) nearest.offer(known);
  std::string text = "unknown attribute ";
  tl::write_json_string(key, text);
  return type_error(pointer(key), text + nearest.hint());
}

void write_random_ids(const Reply& reply, std::string& out) {
  const auto& ids = *reply.random_ids;
  const char* quote = reply.notation == tl::Notation::plain ? "\"" : "";
  out += ",\"_random_id\":";
  if (ids.size() > 1) out += '[';
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) out += ',';
    out += quote;
    tl::append_number(ids[i], out);
    out += quote;
  }
  if (ids.size() > 1) out += ']';
}

void write_part(std::string_view key, std::string_view text, std::string& out) {
  if (text.empty()) return;
  out += ",\"";
  out += key;
  out += "\":";
  out += text;
}

}  // namespace

tl::Result<Request, Refused> read_request(const tl::Value& object) {
  if (!object.is_object()) {
    return Refused{std::string(id_of_no_object), {}, type_error("", "an object is due")};
  }
  Request request;
  if (const auto& extra = object["@extra"]; object.find("@extra") != nullptr) {
    tl::write_json(extra, request.extra);
  }
  if (const auto& id = object["id"]; !id.is_null()) {
    // It can't be answered under an id that is none.
    if (auto failure = read_id(id, "/id", request.id)) {
      return Refused{std::string(id_of_no_object), request.extra, std::move(*failure)};
    }
  }
  for (const auto& [key, ignored] : object.members()) {
    const auto& value = object[key];  // of a key given twice the last counts
    if (value.is_null()) {
      bool known = false;
      for (const auto name : attributes) known = known || name == key;
      if (known) continue;
    }
    const bool repeated = (key == "after" && !request.after.empty());
    if (repeated) continue;
    if (auto failure = read_attribute(key, value, request)) {
      return Refused{request.id, request.extra, std::move(*failure)};
    }
  }
  if (request.message && request.signin) {
    return Refused{request.id, request.extra,
                   type_error("/signin",
                              "`message` and `signin` do not go together; send two "
                              "requests")};
  }
  if (request.dc && !request.message) {
    return Refused{request.id, request.extra,
                   type_error("/dc",
                              "`dc` says where a `message` goes, and there is none here; the "
                              "session's own is `dc` in `session` or `server`")};
  }
  return request;
}

void write_reply(const Reply& reply, LongText& text) {
  auto& out = text.end();  // behind a long part, too
  out += "{\"id\":";
  out += reply.id;
  write_part("@extra", reply.extra, out);
  if (reply.failure != nullptr) {
    write_failure(*reply.failure, reply.with_traceback, out);
  } else {
    write_part("server", reply.server, out);
    write_part("options", reply.options, out);
    write_part("session", reply.session, out);
    write_part("message", reply.message, out);
    if (reply.write_message) {
      out += ",\"message\":";
      reply.write_message(text);
    }
    write_part("signin", reply.signin, out);
  }
  if (reply.random_ids != nullptr && !reply.random_ids->empty()) write_random_ids(reply, out);
  if (reply.ignored != nullptr && !reply.ignored->empty()) {
    out += ",\"ignored\":[";
    const char* comma = "";
    for (const auto& path : *reply.ignored) {
      out += comma;
      tl::write_json_string(path, out);
      comma = ",";
    }
    out += ']';
  }
  out += '}';
}

std::string rpc_timeout(mtproto::Duration waited) {
  std::string out = R"({"_cons":"rpc_timeout","error_message":"no answer within )";
  const auto whole = std::chrono::floor<std::chrono::milliseconds>(waited);
  tl::append_number(static_cast<double>(whole.count()) / 1e3, out);
  return out + " s\"}";
}

}  // namespace server
