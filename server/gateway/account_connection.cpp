#include "server/gateway/account_connection.hpp"

#include <utility>

#include "server/connection/account_attribute.hpp"
#include "server/connection/message_preparer.hpp"
#include "server/gateway/gateway.hpp"
#include "server/protocol/leading_id.hpp"
#include "server/upstream/pump.hpp"
#include "tl/json_reader.hpp"

namespace server {

using upstream::boot_time;
using State = named::NamedAccount::State;

namespace {

// Of what is said in a client's place.
constexpr std::string_view own_id = "\"node\"";

Incoming read_again(std::string_view text, MemoryMeter& meter) {
  auto arena = std::make_unique<RequestArena>(meter);
  const auto value = tl::read_json(text, arena->memory()).value_or(tl::Value());
  auto request = read_request(value);
  return {std::move(arena), value, std::move(request), MemoryShare(meter), false};
}

Incoming refused(std::string id, std::string extra, Failure failure, MemoryMeter& meter) {
  return {std::make_unique<RequestArena>(meter), tl::Value(),
          Refused(std::move(id), std::move(extra), std::move(failure)), MemoryShare(meter), false};
}

std::string start_of(const LongText& object) {
  std::string out;
  object.each_part([&](std::string_view part) {
    out += part.substr(0, start_with_id - out.size());
    return out.size() < start_with_id;
  });
  return out;
}

// A reply says so right behind its id.
bool is_refusal(std::string_view start) { return start.find("\"error\":") != start.npos; }

Failure while_asked() {
  return {"SessionError",
          "another account or a session is named while nothing else is asked",
          "/account",
          {},
          {}};
}

}  // namespace

AccountConnection::AccountConnection(ThreadState& home, ObjectSink& sink, ConnectionSetup setup,
                                     std::string account)
    : home_(home),
      sink_(sink),
      setup_(std::move(setup)),
      name_(std::move(account)),
      asked_(home.gateway.memory, setup_.shape) {
  setup_.at_home = true;
}

// One that was refused is answered here, wherever the account is.
PlacedConnection& AccountConnection::local() {
  if (!local_) {
    local_ = std::make_unique<PlacedConnection>(home_, static_cast<ObjectSink&>(*this), setup_);
    if (paused_) local_->set_above_high_watermark(true, boot_time());
  }
  return *local_;
}

// --- what the client says ---

void AccountConnection::receive(Incoming&& object, mtproto::Time now) {
  if (closed_ || ended_) return drop_arena(std::move(object.arena), home_.gateway.pool);
  if (place_ == Place::left || !object.request) return local().receive(std::move(object), now);
  if (names_another(*object.request)) return leave(std::move(object), now);
  if (place_ == Place::here && account_->state() == State::gone) {  // nobody used it for long
    unfollow_account();
    place_ = Place::none;
  }
  const bool settled = attach_ == Attach::none && waiting_.empty();
  if (settled && place_ == Place::here && !lost_) return give(std::move(object), now);
  if (settled && place_ == Place::elsewhere) return send(object);
  if (waiting_.size() >= most_waiting) {
    return refuse_request(*object.request, busy(most_waiting, "the account changes its owner"));
  }
  waiting_.push_back(std::move(object));
  if (place_ == Place::none && !retry_at_) seek(now);
}

bool AccountConnection::names_another(const Request& request) const {
  if (request.session) return true;
  if (!request.account) return false;
  const auto named = read_account_attribute(*request.account);
  return named && (named->lets_go || named->name != name_);
}

void AccountConnection::leave(Incoming&& object, mtproto::Time now) {
  const bool busy_here = local_ && !local_->idle();
  if (busy_here || !waiting_.empty() || !asked_.empty() || attach_ != Attach::none) {
    return refuse_request(*object.request, while_asked());
  }
  if (place_ == Place::here) {
    setup_.choices = std::make_shared<const ConnectionChoices>(
        ConnectionChoices{local().choices().options, *home_.usual_server});
  }
  if (local_) std::exchange(local_, nullptr)->close();
  unfollow_account();
  remote_.reset();
  retry_at_.reset();
  place_ = Place::none;
  attached_ = false;
  position_.reset();
  give_up_at_.reset();
  if (auto next = account_of_this_thread(*object.request); !next.empty()) {
    name_ = std::move(next);
    waiting_.push_back(std::move(object));
    return seek(now);
  }
  setup_.at_home = false;
  place_ = Place::left;
  local().receive(std::move(object), now);
}

// Empty: it names none, or one that lives in another thread.
std::string AccountConnection::account_of_this_thread(const Request& request) const {
  if (request.session || thread_of_account(home_.gateway, request) != &home_) return {};
  return std::string(read_account_attribute(*request.account)->name);
}

void AccountConnection::give(Incoming&& object, mtproto::Time now) {
  if (object.request && object.request->account) attached_ = true;
  follow_account();
  local().receive(std::move(object), now);
}

void AccountConnection::send(const Incoming& object) {
  const auto& request = *object.request;
  auto text = text_for_node(object.value);
  constexpr auto most = NodeLinks::most_waiting;
  if (text.size() > most) return refuse_request(request, line_too_long(most));
  if (!remote_->send(asked_.next(), text)) {
    return refuse_request(request, busy(most, "too much waits for the node that has the account"));
  }
  if (request.options) keep_options(request);
  asked_.add(request, std::move(text));
}

// Wherever its client goes on, it does with what it chose.
void AccountConnection::keep_options(const Request& request) {
  ConnectionChoices choices = setup_.choices ? *setup_.choices : local().choices();
  auto read =
      read_options_attribute(*request.options, choices.options, *home_.gateway.schemes(), true);
  if (!read) return;
  choices.options = std::move(*read);
  setup_.choices = std::make_shared<const ConnectionChoices>(std::move(choices));
}

void AccountConnection::refuse(std::string_view id, const Failure& failure) {
  if (!closed_) local().refuse(id, failure);
}

void AccountConnection::limit(std::shared_ptr<const TokenScope> scope) {
  setup_.scope = scope;
  if (remote_) remote_->limit(scope.get());
  if (local_) local_->limit(std::move(scope));
}

void AccountConnection::set_above_high_watermark(bool above_high_watermark, mtproto::Time now) {
  paused_ = above_high_watermark;
  if (remote_) remote_->pause(above_high_watermark);
  if (local_) local_->set_above_high_watermark(above_high_watermark, now);
}

void AccountConnection::end() {
  if (std::exchange(ended_, true)) return;
  if (attach_ != Attach::none || !waiting_.empty()) return;  // behind what waits
  if (place_ == Place::elsewhere) return remote_->end();
  if (place_ == Place::here || place_ == Place::left) return local().end();
  sink_.finish();
}

void AccountConnection::close() {
  if (std::exchange(closed_, true)) return;
  unfollow_account();
  remote_.reset();
  waiting_.clear();
  asked_.take();
  if (local_) local_->close();
}

// --- where the account is ---

void AccountConnection::seek(mtproto::Time now) {
  retry_at_.reset();
  place_ = Place::sought;
  if (!give_up_at_) give_up_at_ = now + home_.gateway.leases->ttl() + patience;
  account_ = home_.named->accounts.open(name_);
  if (account_->state() != State::loading) return on_sought();
  account_->when_free(alive_, [this, sought = account_.get()] {
    if (account_.get() == sought) on_sought();
  });
}

void AccountConnection::on_sought() {
  if (closed_ || place_ != Place::sought) return;
  const auto state = account_->state();
  if (state == State::there || state == State::absent) return settle_here();
  const auto account = std::exchange(account_, nullptr);
  if (setup_.forwarded) return sink_.reset(not_here);
  why_not_ = store_failure(account->error(), setup_.scope.get());
  if (const auto url = other_node_with(home_.gateway, *account); !url.empty()) {
    return settle_elsewhere(url);
  }
  not_found(state == State::gone);
}

void AccountConnection::settle_here() {
  if (local_ && local_->idle()) std::exchange(local_, nullptr)->close();
  give_up_at_.reset();
  settle(Place::here);
}

void AccountConnection::settle_elsewhere(const std::string& url) {
  remote_ = std::make_unique<NodeClient>(*home_.nodes, url, name_, setup_,
                                         static_cast<NodeClientUser&>(*this));
  if (paused_) remote_->pause(true);
  home_.counters.forwards.add();
  settle(Place::elsewhere);
}

// What its client was before, it is again; then what waited.
void AccountConnection::settle(Place place) {
  place_ = place;
  if (!speaks_as_account()) return hand_over();
  attach_ = Attach::said;
  if (place == Place::elsewhere) {
    // Where there is no room for it, it is as if that node could not be reached.
    if (!remote_->send(0, attach_text())) on_node_lost(false);
    return;
  }
  give(read_again(attach_text(), home_.gateway.memory), boot_time());
  sink_.wake();
}

// In a turn in which nobody else looks what is due.
void AccountConnection::hand_over() {
  for (; !waiting_.empty(); waiting_.pop_front()) {
    if (place_ == Place::here && !lost_) {
      give(std::move(waiting_.front()), boot_time());
    } else if (place_ == Place::elsewhere) {
      send(waiting_.front());
    } else {
      break;
    }
  }
  sink_.wake();
  if (!ended_ || !waiting_.empty()) return;
  if (place_ == Place::here) local().end();
  if (place_ == Place::elsewhere) remote_->end();
}

std::string AccountConnection::attach_text() const {
  auto out = "{\"id\":" + std::string(own_id) + ",\"account\":{\"name\":\"" + name_ + "\"";
  if (position_) out += ",\"updates_after\":" + std::to_string(*position_);
  return out + "}}";
}

bool AccountConnection::is_attach_reply(std::string_view text) const {
  return attach_ == Attach::said && leading_id(text) == own_id;
}

// `passes`: it may be found a moment later. Nothing is carried out in the name of anybody else.
void AccountConnection::not_found(bool passes) {
  place_ = Place::none;
  const auto now = boot_time();
  if (passes && now < give_up_at_.value_or(now)) return seek_again(retry_after);
  give_up_at_.reset();
  for (const auto& object : std::exchange(waiting_, {})) refuse_request(*object.request, why_not_);
  if (ended_) return local().end();
  if (speaks_as_account()) seek_again(std::chrono::seconds(1));
}

void AccountConnection::seek_again(mtproto::Duration wait) {
  place_ = Place::none;
  retry_at_ = boot_time() + wait;
  sink_.wake();
}

// --- here ---

void AccountConnection::follow_account() {
  if (following_ || !account_ || account_->state() != State::there) return;
  following_ = true;
  account_->attach(*this);
}

void AccountConnection::unfollow_account() {
  const auto account = std::exchange(account_, nullptr);
  if (std::exchange(following_, false)) account->detach(*this);
}

void AccountConnection::on_leaving(const char*, mtproto::Time) {
  if (!account_ || account_->state() != State::away) return;
  lost_ = true;
  sink_.wake();
}

// What was asked is answered first: with what became of it, or that nobody knows.
void AccountConnection::move_away(mtproto::Time now) {
  if (local_ && !local_->idle()) return;
  attached_ = attached_ && local_ && local_->named();  // what it asked for may have been refused
  leave_here();
  if (setup_.forwarded) return sink_.reset(not_here);
  if (!waiting_.empty() || speaks_as_account()) seek(now);
}

void AccountConnection::leave_here() {
  lost_ = false;
  attach_ = Attach::none;
  if (local_) {
    setup_.choices = std::make_shared<const ConnectionChoices>(local_->choices());
    if (local_->log_position()) position_ = local_->log_position();
    std::exchange(local_, nullptr)->close();
  }
  unfollow_account();
  place_ = Place::none;
}

void AccountConnection::complete(ObjectNote note) {
  if (local_ && setup_.forwarded && place_ == Place::here)
    note.log_position = local_->log_position();
  if (!waits_for_attach_here()) return sink_.complete(note);
  const auto start = start_of(text_);
  if (!is_attach_reply(start)) {
    sink_.begin().attach(std::exchange(text_, {}));
    return sink_.complete(note);
  }
  text_.clear();
  attach_ = is_refusal(start) ? Attach::refused : Attach::accepted;
  sink_.wake();
}

void AccountConnection::on_attached() {
  if (std::exchange(attach_, Attach::none) == Attach::accepted) return hand_over();
  why_not_ = account_->state() == State::absent
                 ? no_such_account(name_)
                 : store_failure(account_->error(), setup_.scope.get());
  leave_here();
  not_found(false);
}

// --- at another node ---

void AccountConnection::on_node_reply(LongText object, ObjectNote note, std::size_t held) {
  const auto start = start_of(object);
  give_up_at_.reset();
  held_ = held;
  if (note.log_position) position_ = note.log_position;
  if (is_attach_reply(start)) {
    attach_ = Attach::none;
    return is_refusal(start) ? on_node_lost(false) : hand_over();
  }
  // Not before: where it is asked again, the client says itself from which number on it listens.
  if (const auto asked = asked_.answered(start, note); asked && asked->attaches) {
    attached_ = attached_ || !is_refusal(start);
  }
  note.log_position.reset();
  sink_.begin().attach(std::move(object));
  sink_.complete(note);
}

void AccountConnection::on_node_refused(std::uint64_t object, Failure failure) {
  if (object == 0 && attach_ == Attach::said) return on_node_lost(false);
  give_up_at_.reset();
  if (auto asked = asked_.refused(object)) {
    refuse_request(std::move(asked->id), std::move(asked->extra), std::move(failure));
  }
}

// The other node may say so by itself: it stops, and what it has not answered it has not read.
void AccountConnection::on_node_finished() {
  if (!ended_) return on_node_lost(false);
  sink_.finish();
}

void AccountConnection::on_node_lost(bool reached) {
  remote_.reset();
  attach_ = Attach::none;
  held_ = 0;
  place_ = Place::none;
  auto later = std::exchange(waiting_, {});
  for (auto& asked : asked_.take()) {
    if (asked.text.empty() || (reached && !asked.reads)) {
      // What is behind it was meant for the account, too.
      attached_ = attached_ || asked.attaches;
      refuse_request(std::move(asked.id), std::move(asked.extra),
                     outcome_unknown("the node that has the account was lost before it answered"));
    } else {
      waiting_.push_back(read_again(asked.text, home_.gateway.memory));
    }
  }
  for (auto& object : later) waiting_.push_back(std::move(object));
  if (!waiting_.empty() || speaks_as_account()) {
    const auto now = boot_time();
    if (give_up_at_ && now >= *give_up_at_) return not_found(false);
    if (!give_up_at_) give_up_at_ = now + home_.gateway.leases->ttl() + patience;
    return seek_again(retry_after);
  }
  if (ended_) sink_.finish();
}

void AccountConnection::refuse_request(std::string id, std::string extra, Failure failure) {
  local().receive(
      refused(std::move(id), std::move(extra), std::move(failure), home_.gateway.memory),
      boot_time());
}

// --- time ---

void AccountConnection::tick(mtproto::Time now) {
  if (attach_ == Attach::accepted || attach_ == Attach::refused) on_attached();
  if (lost_) move_away(now);
  if (closed_) return;
  if (retry_at_ && *retry_at_ <= now) seek(now);
  if (local_) local_->tick(now);
}

std::optional<mtproto::Time> AccountConnection::deadline() const {
  auto due = local_ ? local_->deadline() : std::nullopt;
  const auto offer = [&due](mtproto::Time other) { due = std::min(due.value_or(other), other); };
  if (retry_at_) offer(*retry_at_);
  if (attach_ == Attach::accepted || attach_ == Attach::refused) offer(boot_time());
  if (lost_) offer(boot_time() + std::chrono::milliseconds(10));
  return due;
}

}  // namespace server
