// Keeps the QR code of a sign-in fresh while a client shows it, and hears that it was scanned. What
// is asked for that is an Exchange like a client's, in its turn among them, but nobody's: what it
// comes to is pushed.
#include <algorithm>

#include "server/account/login_token.hpp"
#include "server/connection.hpp"

namespace server {
namespace {

using upstream::boot_time;
using namespace std::chrono_literals;

// After a failure. Where the link was lost, it is at once when that is there again.
constexpr auto retry_after = 10s;

}  // namespace

// Who only passes has no pushes and asks again.
bool Connection::shows_code() const { return !passing_ && signin_ && signin_->token_expires(); }

void Connection::refresh_code() {
  code_due_.reset();
  const bool under_way = std::ranges::any_of(queue_.all(), &Exchange::own);
  if (closed_ || ended_ || under_way || !shows_code()) return;
  auto& exchange = queue_.add(boot_time());
  exchange.own = true;
  exchange.request.id = "0";
  exchange.arena = std::make_unique<RequestArena>(gateway_.memory);
  queue_.set_deadline(exchange, exchange.begun + gateway_.options.rpc_timeout);
  sink_.wake();
  advance();
}

std::optional<Failure> Connection::start_own(Exchange& exchange) {
  // A client's request that came before may have led elsewhere.
  if (!shows_code()) {
    finish(exchange, {});
    return {};
  }
  const auto app = identity();
  account::SigninContext context;
  context.api_id = app.api_id;
  context.api_hash = app.api_hash;
  auto action = signin_->refresh(context, exchange.arena->memory());
  queue_.set_barrier(exchange);
  exchange.state = Exchange::State::signing;
  return drive(exchange, std::move(action));
}

void Connection::finish_own(Exchange& exchange, const Outcome& outcome) {
  unblock(exchange);
  queue_.erase(exchange);
  if (outcome.answered) {
    plan_refresh();
    push_signin(outcome.signin);
  } else if (shows_code()) {
    refresh_code_at(boot_time() + retry_after);
  }
  if (closed_) return;
  if (ended_ && idle()) {
    sink_.finish();
  } else if (!advancing_) {
    advance();
  }
}

void Connection::push_signin(std::string_view signin) {
  const auto session = shows_code() ? std::string() : session_text();
  Reply reply;
  reply.id = "0";
  reply.signin = signin;
  reply.session = session;
  write_reply(reply, sink_.begin());
  sink_.complete(true);
}

void Connection::plan_refresh() {
  code_due_.reset();
  if (!shows_code()) return;
  const auto now = boot_time();
  const auto server_time = link_ ? link_->server_time() : upstream::wall_time();
  refresh_code_at(
      code_scanned_ ? now : now + account::next_token_in(*signin_->token_expires(), server_time));
}

void Connection::refresh_code_at(mtproto::Time at) {
  code_due_ = at;
  account_due_ = std::min(account_due_.value_or(at), at);
  sink_.wake();
}

// True for what is nobody's business but the sign-in's.
bool Connection::hears_scan(tl::ByteView pushed) {
  if (!shows_code() || !account::tells_of_login_token(pushed)) return false;
  code_scanned_ = true;
  refresh_code();
  return true;
}

// The key that the code belongs to is of no use any more.
void Connection::drop_code() {
  if (!shows_code()) return;
  signin_->reset();
  code_due_.reset();
  push_signin(R"({"state":"start"})");
}

}  // namespace server
