// /api/v1/{account}/{method}: a method of Telegram's as a resource of HTTP.
#include "server/gateway/gateway.hpp"
#include "server/http/api_response.hpp"
#include "server/http/http_channel.hpp"
#include "server/protocol/only_reads.hpp"

namespace server::http {

namespace {

constexpr std::string_view only_post = "POST, OPTIONS";

}  // namespace

// What changes something is not done by GET, which others follow, repeat and foresee.
std::string_view HttpChannel::methods_of(const Route& route) const {
  if (!route.calls) return route.methods;
  const auto path = split_api_path(reader_->head().path);
  const auto* method = path ? find_method(*thread_.gateway.schemes(), path->method) : nullptr;
  return method != nullptr && !only_reads(method->name) ? only_post : route.methods;
}

void HttpChannel::begin_api() {
  const auto& head = reader_->head();
  const auto& memory = thread_.gateway.memory;
  auto target = read_api_target(head, thread_.gateway.schemes());
  if (!target) return refuse_call(target.error());
  if (memory.full()) {
    return refuse_call(busy(memory.limit(), "the gateway is at its bound of memory"));
  }
  const bool posted = head.method == "POST";
  if (!posted && !reader_->done()) {
    return refuse_call({"BadRequest", "arguments of a GET are in the query", {}, {}, {}});
  }
  call_ = std::make_unique<ApiCall>(thread_, *this, caller_for_request(), std::move(*target));
  if (!posted) return call_->ask(head.query);
  state_ = State::body;
  go_on_with_body();
}

// A body behind it is skipped, so that the connection goes on; who asks before it sends one is told
// at once.
void HttpChannel::refuse_call(const Failure& failure) {
  thread_.counters.outcome(failure.error);
  auto response = api_refusal_response(status_of_failure(failure.error), failure);
  if (reader_->done() || (reader_->head().expects_continue && read_ == in_.size())) {
    return respond(std::move(response));
  }
  state_ = State::body;
  due_response_ = std::move(response);
}

void HttpChannel::retire_call() {
  if (!call_) return;
  call_->close();
  retired_call_ = std::move(call_);
}

void HttpChannel::on_api_reply(ApiStatus status, LongText text) {
  if (state_ == State::over) return;
  retire_call();
  auto response = api_response(status);
  text += '\n';
  response.text = std::move(text);
  if (state_ == State::body) {  // the rest of it is skipped
    due_response_ = std::move(response);
    return;
  }
  respond(std::move(response));
}

}  // namespace server::http
