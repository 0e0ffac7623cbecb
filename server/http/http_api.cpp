// /api/v1/{account}/{method}: a method of Telegram's as a resource of HTTP.
#include "server/connection/account_attribute.hpp"
#include "server/gateway/gateway.hpp"
#include "server/http/api_response.hpp"
#include "server/http/http_channel.hpp"
#include "server/http/signin_picture.hpp"
#include "server/protocol/only_reads.hpp"

namespace server::http {

namespace {

constexpr std::string_view only_post = "POST, OPTIONS";

void write_account_row(const store::AccountRow& row, std::string& out) {
  out += R"({"name":")" + row.name + R"(","dc":)" + std::to_string(row.dc);
  if (row.user_id) out += R"(,"user":{"id":")" + std::to_string(*row.user_id) + R"("})";
  out += R"(,"keep":")" + std::string(name_of(row.keep)) + R"(","update_seq":)" +
         std::to_string(row.log_number) + "}";
}

}  // namespace

// What changes something is not done by GET, which others follow, repeat and foresee.
std::string_view HttpChannel::methods_of(const Route& route) const {
  if (!route.calls) return route.methods;
  const auto path = split_api_path(reader_->head().path);
  const auto* method = path ? find_method(*thread_.gateway.schemes(), path->method) : nullptr;
  return method != nullptr && !only_reads(method->name) ? only_post : route.methods;
}

void HttpChannel::begin_api() {
  auto target = read_api_target(reader_->head(), thread_.gateway.schemes());
  if (!target) return refuse_call(target.error());
  begin_call(std::move(*target));
}

void HttpChannel::begin_call(ApiTarget target) {
  const auto& head = reader_->head();
  const auto& memory = thread_.gateway.memory;
  if (memory.full()) {
    return refuse_call(busy(memory.limit(), "the gateway is at its bound of memory"));
  }
  const bool posted = head.method == "POST";
  if (!posted && !reader_->done()) {
    return refuse_call({"BadRequest", "arguments of a GET are in the query", {}, {}, {}});
  }
  call_ = std::make_unique<ApiCall>(thread_, *this, api_connection_, caller_for_request(),
                                    std::move(target));
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

bool HttpChannel::refuse_body() {
  if (reader_->done()) return false;
  refuse_call({"BadRequest", "no body is due here", {}, {}, {}});
  return true;
}

void HttpChannel::retire_call() {
  if (!call_) return;
  call_->close();
  retired_call_ = std::move(call_);
}

void HttpChannel::on_api_reply(ApiStatus status, LongText text) {
  if (state_ == State::over) return;
  retire_call();
  retire_events();
  auto picture = status.code == 200 ? signin_picture(reader_->head(), text) : std::nullopt;
  text += '\n';
  auto response = picture ? std::move(*picture) : api_response(status);
  if (!picture) response.text = std::move(text);
  if (state_ == State::body) {  // the rest of it is skipped
    due_response_ = std::move(response);
    return;
  }
  respond(std::move(response));
}

// GET: the account and the state of its sign-in. PATCH: its settings. DELETE: it signs out and is
// forgotten.
void HttpChannel::begin_api_account() {
  const auto& head = reader_->head();
  auto target = read_account_target(head, thread_.gateway.schemes());
  if (!target) return refuse_call(target.error());
  if (head.method == "PATCH") return begin_patch(*target);
  if (head.method != "DELETE") return begin_call(std::move(*target));
  if (!may_administer("remove accounts")) return;
  if (refuse_body()) return;
  call_ = std::make_unique<ApiCall>(thread_, *this, api_connection_, caller_for_request(),
                                    std::move(*target));
  call_->post(R"({"sign_out":true})");
}

// Those that this token may use.
void HttpChannel::serve_accounts() {
  auto& gateway = thread_.gateway;
  if (refuse_body()) return;
  if (!gateway.store) return refuse_call(no_accounts_kept());
  auto work = [](store::AccountStore& store) { return store.accounts().list(); };
  auto done = [self = self_](const store::StoreResult<std::vector<store::AccountRow>>& rows) {
    if (*self != nullptr) (*self)->on_accounts(rows);
  };
  gateway.store->post(thread_.executor, std::move(work), std::move(done));
}

void HttpChannel::on_accounts(const store::StoreResult<std::vector<store::AccountRow>>& rows) {
  if (!rows) return refuse_late(store_failure(rows.error()));
  std::string out = "[";
  const char* comma = "";
  for (const auto& row : *rows) {
    if (scope_ && !scope_->allows_account(row.name)) continue;
    out += comma;
    write_account_row(row, out);
    comma = ",";
  }
  answer_late(out + "]");
}

}  // namespace server::http
