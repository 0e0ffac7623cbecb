#include "server/protocol/api_reply.hpp"

#include <memory_resource>

#include "tl/json_reader.hpp"
#include "tl/numbers.hpp"

namespace server {
namespace {

constexpr std::string_view refused = R"({"_cons":"rpc_error")";
constexpr std::string_view late = R"({"_cons":"rpc_timeout")";

void begin_error(std::int64_t code, std::string_view description, std::string& out) {
  out += R"({"ok":false,"error_code":)";
  tl::append_number(code, out);
  out += R"(,"description":)";
  tl::write_json_string(description, out);
}

// Longs are strings: a client in JavaScript is to give them back as they are.
void write_drawn(const std::vector<std::int64_t>& ids, std::string& out) {
  out += R"("random_id":)";
  if (ids.size() > 1) out += '[';
  const char* comma = "";
  for (const auto id : ids) {
    out.append(comma).append("\"");
    tl::append_number(id, out);
    out += '"';
    comma = ",";
  }
  if (ids.size() > 1) out += ']';
}

void write_parameters(const Reply& reply, const std::optional<std::int64_t>& retry_after,
                      std::string& out) {
  const bool drawn = reply.random_ids != nullptr && !reply.random_ids->empty();
  if (!drawn && !retry_after) return;
  out += R"(,"parameters":{)";
  if (retry_after) {
    out += R"("retry_after":)";
    tl::append_number(*retry_after, out);
  }
  if (drawn && retry_after) out += ',';
  if (drawn) write_drawn(*reply.random_ids, out);
  out += '}';
}

void end_error(const Reply& reply, const std::optional<std::int64_t>& retry_after,
               std::string& out) {
  write_parameters(reply, retry_after, out);
  if (!reply.hint.empty()) {
    out += R"(,"hint":)";
    tl::write_json_string(reply.hint, out);
  }
  out += '}';
}

void write_failure_of(const Failure& failure, unsigned status, bool with_traceback,
                      std::string& out) {
  begin_error(status, failure.text, out);
  out += R"(,"error":)";
  tl::write_json_string(failure.error, out);
  if (failure.error == "OutcomeUnknown") out += R"(,"outcome":"unknown")";
  if (const auto path = api_path(failure.path); !path.empty()) {
    out += R"(,"path":)";
    tl::write_json_string(path, out);
  }
  write_failure_details(failure, with_traceback, out);
}

ApiStatus write_refusal(const Reply& reply, const tl::Value& error, std::string& out) {
  const auto code = error["error_code"].as_int64().value_or(500);
  const auto words = error["error_message"].text();
  ApiStatus status{status_of_refusal(code, words), {}};
  if (code == 420) status.retry_after = error["_value"].as_int64();
  begin_error(code, words, out);
  if (!reply.signin.empty()) out.append(R"(,"signin":)").append(reply.signin);
  end_error(reply, status.retry_after, out);
  return status;
}

// Whether it was carried out is as open as behind a lost connection.
ApiStatus write_timeout(const Reply& reply, const tl::Value& timeout, std::string& out) {
  const ApiStatus status{status_of_failure("rpc_timeout"), {}};
  begin_error(status.code, timeout["error_message"].text(), out);
  out += R"(,"error":"rpc_timeout","outcome":"unknown")";
  end_error(reply, {}, out);
  return status;
}

// What stands in the place of an answer is told by its name; a step of sign-in that Telegram refuses
// tells beside the state that it left.
std::optional<ApiStatus> write_no_answer(const Reply& reply, std::string& out) {
  std::pmr::monotonic_buffer_resource arena;
  if (!reply.signin.empty()) {
    const auto state = tl::read_json(reply.signin, arena);
    if (!state || !(*state)["error"].is_object()) return {};
    return write_refusal(reply, (*state)["error"], out);
  }
  const bool refusal = reply.message.starts_with(refused);
  if (!refusal && !reply.message.starts_with(late)) return {};
  const auto value = tl::read_json(reply.message, arena);
  if (!value) return {};
  return refusal ? write_refusal(reply, *value, out) : write_timeout(reply, *value, out);
}

void write_dropped(const tl::Encoding& encoding, std::string& out) {
  out += R"(,"ignored":[)";
  const char* comma = "";
  for (const auto& path : encoding.ignored) {
    out += comma;
    tl::write_json_string(api_path(path), out);
    comma = ",";
  }
  out += ']';
  if (encoding.ignored_more == 0) return;
  out += R"(,"ignored_more":)";
  tl::append_number(static_cast<std::uint64_t>(encoding.ignored_more), out);
}

}  // namespace

std::string api_path(std::string_view path) {
  for (const std::string_view arguments : {"/message", "/signin"}) {
    if (path.starts_with(arguments)) return std::string(path.substr(arguments.size()));
  }
  if (path.starts_with("/account")) return {};  // it is no argument
  if (path == "/timeout" || path == "/dc") return "?" + std::string(path.substr(1));
  return std::string(path);
}

std::string api_refusal(unsigned status, const Failure& failure, bool with_traceback) {
  std::string out;
  write_failure_of(failure, status, with_traceback, out);
  return out + "}";
}

std::optional<ApiStatus> write_api_reply(const Reply& reply, LongText& text) {
  auto& out = text.end();
  const auto start = out.size();
  if (reply.failure != nullptr) {
    const ApiStatus status{status_of_failure(reply.failure->error), {}};
    write_failure_of(*reply.failure, status.code, reply.with_traceback, out);
    end_error(reply, {}, out);
    return status;
  }
  if (const auto status = write_no_answer(reply, out)) return status;
  out += R"({"ok":true,"result":)";
  if (reply.write_message) {
    if (!reply.write_message(text)) {
      out.resize(start);
      return {};
    }
  } else if (!reply.message.empty()) {
    out += reply.message;
  } else if (!reply.signin.empty()) {
    out += reply.signin;
  } else {
    out += reply.account.empty() ? std::string_view("true") : reply.account;
  }
  if (reply.ignored != nullptr && !reply.ignored->ignored.empty()) {
    write_dropped(*reply.ignored, out);
  }
  out += '}';
  return ApiStatus{200, {}};
}

}  // namespace server
