#include "server/connection/connection.hpp"

#include <algorithm>
#include <utility>

#include "server/connection/connection_event.hpp"

namespace server {

Connection::Connection(const ConnectionServices& services, AttributeLimits limits,
                       SharedOptions options, SharedServer server, ObjectSink& sink,
                       std::uint64_t number)
    : services_(services),
      sink_(sink),
      log_(number, services_.print_tracebacks),
      attributes_(std::move(limits), std::move(options), std::move(server), services_.accounts,
                  *this, *this),
      signin_(services_, !attributes_.stateless(), *this),
      requests_(services_, attributes_, signin_, sink_, log_, *this) {}

// --- from the channel ---

void Connection::receive(Incoming&& object, mtproto::Time now) {
  if (ended_) return drop_arena(std::move(object.arena), services_.runner.pool);
  requests_.add(std::move(object), now);
}

void Connection::end() {
  if (ended_ || closed_) return;
  ended_ = true;
  signin_.stop_code();
  if (idle()) sink_.finish();
}

void Connection::close() {
  if (std::exchange(closed_, true)) return;
  if (log_cursor_) log_cursor_->close();
  signin_.close();
  requests_.close();
  attributes_.close();
}

void Connection::set_above_high_watermark(bool above_high_watermark, mtproto::Time now) {
  if (std::exchange(above_high_watermark_, above_high_watermark) == above_high_watermark) return;
  attributes_.pause(above_high_watermark, now);
  if (log_cursor_) log_cursor_->pause(above_high_watermark);
}

std::optional<mtproto::Time> Connection::deadline() const {
  auto due = requests_.deadline();
  for (const auto& other : {attributes_.deadline(), signin_.deadline()}) {
    if (other) due = std::min(due.value_or(*other), *other);
  }
  return due;
}

void Connection::tick(mtproto::Time now) {
  const auto self = shared_from_this();
  requests_.tick(now);
  if (closed_) return;
  attributes_.tick(now);
  if (closed_) return;
  signin_.tick(now);
  advance(now);
}

// --- requests ---

// A client's requests go first: none of them waits for a fresh code longer than it must.
void Connection::advance(mtproto::Time now) {
  if (closed_ || std::exchange(advancing_, true)) return;
  while (!closed_ && !signin_.refreshing()) {
    if (requests_.begin_next(now)) continue;
    if (!signin_.code_is_due(now) || requests_.waits()) break;
    signin_.refresh_code(now);
  }
  advancing_ = false;
}

void Connection::on_request_moved(mtproto::Time now) {
  if (closed_) return;
  if (ended_ && idle()) return sink_.finish();
  advance(now);
}

void Connection::on_signin_answered(mtproto::Time now) {
  if (!ended_ && attributes_.named() == nullptr) signin_.plan_code(now);
}

account::Account* Connection::on_signin_moves(mtproto::DcId dc, mtproto::Time now) {
  attributes_.move(dc, "sign-in moves to another data centre", now);
  return &attributes_.account();
}

void Connection::on_code(std::string_view signin) {
  const auto session = signin_.shows_code() ? std::string() : attributes_.session_text();
  requests_.replies().push_signin(signin, session);
}

// --- the account ---

void Connection::on_account_leaving(const char* why, mtproto::Time now) {
  requests_.on_account_leaving(why, now);
}

void Connection::on_account_changed(bool another, mtproto::Time now) {
  if (another && !signin_.under_way()) signin_.reset();
  if (attributes_.named() != nullptr) signin_.stop_code();
  if (above_high_watermark_) attributes_.pause(true, now);
  // It joined others, who heard it before.
  const bool ready = attributes_.account().connections().ready(account::home_dc);
  if (ready && attributes_.options().events) {
    write_event({account::home_dc, account::DcChange::State::ready, nullptr});
  }
}

void Connection::write_event(const account::DcChange& change) {
  const auto dc = attributes_.account().connections().number(change.dc);
  write_connection_event(dc, change, sink_.begin().end());
  sink_.complete();
}

void Connection::on_dc(const account::DcChange& change, mtproto::Time now) {
  if (closed_) return;
  const auto dc = attributes_.account().connections().number(change.dc);
  if (change.failure) log_.note_down(dc, change.failure->reason);
  if (attributes_.options().events) write_event(change);
  if (closed_) return;
  requests_.on_dc(change);
  if (attributes_.named() == nullptr) signin_.on_dc(change, now);
  advance(now);
}

void Connection::on_key_gone(const std::string& reason, mtproto::Time now) {
  if (closed_) return;
  auto* named = attributes_.named();
  if (named == nullptr) signin_.driver().key_gone(reason);
  auto& signs = named != nullptr ? named->signin() : signin_.driver();
  if (attributes_.options().events) requests_.replies().push_signin(signs.state_text(), {});
  advance(now);
}

void Connection::on_pushed(tl::Slice body, mtproto::Time now) {
  if (closed_) return;
  if (attributes_.named() == nullptr && signin_.claims(body)) {
    signin_.on_scanned(now);
    advance(now);
  } else if (attributes_.hears(body)) {
    requests_.deliveries().push(std::move(body));
  }
}

void Connection::on_update(std::int64_t update_seq, tl::ByteView body, mtproto::Time) {
  if (!closed_) requests_.deliveries().push_update(update_seq, body);
}

// --- a named account's log ---

// A request that stands alone follows none, and who wants no updates gets none.
void Connection::on_named(std::optional<std::int64_t> after) {
  if (log_cursor_) std::exchange(log_cursor_, nullptr)->close();
  const auto* named = attributes_.named();
  const bool wants = attributes_.options().updates != Updates::none || after;
  if (named == nullptr || attributes_.stateless() || !wants) return;
  log_cursor_ = std::make_shared<named::LogCursor>(named->journal(), after,
                                                   static_cast<named::LogCursor::User&>(*this));
  log_cursor_->pause(above_high_watermark_);
  log_cursor_->start();
}

void Connection::on_named_code(std::string_view signin) {
  if (!closed_) requests_.replies().push_signin(signin, {});
}

void Connection::on_entry(const named::EntryPointer& entry) {
  if (!closed_) requests_.deliveries().push_logged(*entry);
}

void Connection::on_entries_gone(std::int64_t oldest) {
  if (closed_) return;
  Failure gone{"UpdatesGone",
               "updates that were to come are kept no more, or the log began anew",
               {},
               {{"oldest", std::to_string(oldest)}},
               {}};
  requests_.refuse("0", gone);
}

}  // namespace server
