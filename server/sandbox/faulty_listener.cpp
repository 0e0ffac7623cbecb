// What a listener does where faults are asked for: answers that come late or hold nothing of use,
// keys that are lost, a data centre that goes away and comes back.

#include "server/logs/logger.hpp"
#include "server/sandbox/faults/bodies.hpp"
#include "server/sandbox/listener.hpp"
#include "server/upstream/token.hpp"

namespace server::sandbox {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

using upstream::token;

}  // namespace

void Listener::answer_badly(HostConnection& connection, const mtproto::Request& request,
                            CallFate fate, tl::Bytes body, mtproto::Time now) {
  if (fate.lose_key) return lose_key(connection, request.from.key);
  if (fate.unknown_constructor) body = unknown_constructor();
  if (fate.gzip_bomb) body = gzip_bomb();
  connection.tamper->mark({}, fate.next);
  if (fate.delay > mtproto::Duration::zero()) {
    return answer_late(request, fate, std::move(body));
  }
  connection.tamper->mark(fate.answer, {});
  connection.host.answer(request.from, request.message, body, now);
}

// The session may be on another connection by then, or on none.
void Listener::answer_late(const mtproto::Request& request, const CallFate& fate, tl::Bytes body) {
  const auto timer = std::make_shared<asio::steady_timer>(context_, fate.delay);
  auto answer = [this, timer, from = request.from, message = request.message, marks = fate.answer,
                 body = std::move(body)](error_code stopped) {
    if (stopped) return;
    const auto now = upstream::boot_time();
    auto* connection = house_.switchboard.find(from);
    if (connection == nullptr) {
      parked_.answer(from, message, body, now);
      return;
    }
    if (connection->tamper) connection->tamper->mark(marks, {});
    connection->host.answer(from, message, body, now);
    connection->pump->wake();
  };
  timer->async_wait(std::move(answer));
}

void Listener::lose_key(HostConnection& connection, mtproto::AuthKeyId key) {
  logs::debug("sandbox dc={} connection={} fault=lose_key", options_.dc, connection.number);
  ring_.remove(key);
  house_.dispatcher.key_gone(key);
  for (auto* one : connections_) {
    for (const auto& session : one->sessions) {
      if (!ring_.find(session.key)) house_.switchboard.gone(session);
    }
    std::erase_if(one->sessions, [&](const auto& session) { return !ring_.find(session.key); });
  }
  connection.tamper->refuse_key();
  house_.keys_changed();
}

asio::awaitable<void> Listener::watch_absences() {
  while (acceptor_) {
    const auto now = upstream::boot_time();
    set_away(house_.faults->away(options_.dc, now));
    const auto change = house_.faults->next_change(options_.dc, now);
    if (change) {
      watch_->expires_after(*change - now);
    } else {
      watch_->expires_at(asio::steady_timer::time_point::max());
    }
    co_await watch_->async_wait(token);
  }
}

// Away, the port stays ours but nobody listens on it: connections are refused.
void Listener::set_away(bool away) {
  if (away == away_) return;
  away_ = away;
  logs::info("sandbox dc={} is {}", options_.dc, away ? "away" : "back");
  if (away) {
    error_code ignored;
    acceptor_->close(ignored);
    bind();
    for (auto* connection : connections_) connection->pump->close();
    return;
  }
  error_code failed;
  acceptor_->listen(asio::socket_base::max_listen_connections, failed);
  if (failed) logs::error("sandbox dc={} can't come back: {}", options_.dc, failed.message());
}

}  // namespace server::sandbox
