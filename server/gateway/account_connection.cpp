#include "server/gateway/account_connection.hpp"

#include <algorithm>
#include <utility>

#include "server/connection/account_attribute.hpp"
#include "server/connection/message_preparer.hpp"
#include "server/gateway/gateway.hpp"
#include "server/protocol/leading_id.hpp"
#include "server/protocol/only_reads.hpp"
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
  object.each_part(
      [&](std::string_view part) { out += part.substr(0, start_with_id - out.size()); });
  return out;
}

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
      kept_(home.gateway.memory) {
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
  if (place_ == Place::here && !lost_ && !attaching_) return give(std::move(object), now);
  if (place_ == Place::elsewhere && !attaching_) return send(object);
  if (waiting_.size() >= most_waiting) {
    auto& request = *object.request;
    return local().receive(
        refused(request.id, request.extra, busy(most_waiting, "the account changes its owner"),
                home_.gateway.memory),
        now);
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
  if (!waiting_.empty() || !asked_.empty() || attaching_ || (local_ && !local_->idle())) {
    auto& request = *object.request;
    return local().receive(refused(request.id, request.extra, while_asked(), home_.gateway.memory),
                           now);
  }
  if (place_ == Place::here) {
    setup_.choices = std::make_shared<const ConnectionChoices>(
        ConnectionChoices{local().choices().options, home_.usual_server});
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
  if (request.options) keep_options(request);
  auto text = text_for_node(object.value);
  remote_->send(text);
  Asked asked{request.id, request.extra, false, request.account.has_value(), {}};
  asked.reads = !request.signin && (!request.message || only_reads(request.message->constructor()));
  if (text.size() <= longest_kept && !home_.gateway.memory.full()) asked.text = std::move(text);
  kept_.resize(kept_.size() + asked.size());
  asked_.push_back(std::move(asked));
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
  if (attaching_ || !waiting_.empty()) return;  // behind what waits
  if (place_ == Place::elsewhere) return remote_->end();
  if (place_ == Place::here || place_ == Place::left) return local().end();
  sink_.finish();
}

void AccountConnection::close() {
  if (std::exchange(closed_, true)) return;
  unfollow_account();
  remote_.reset();
  waiting_.clear();
  asked_.clear();
  if (local_) local_->close();
}

// --- where the account is ---

void AccountConnection::seek(mtproto::Time now) {
  retry_at_.reset();
  place_ = Place::sought;
  if (!give_up_at_) give_up_at_ = now + home_.gateway.leases->ttl() + patience;
  account_ = home_.named->accounts.open(name_);
  if (account_->state() != State::loading) return on_sought();
  account_->when_free(alive_, [this] { on_sought(); });
}

void AccountConnection::on_sought() {
  if (closed_ || place_ != Place::sought) return;
  const auto state = account_->state();
  if (state == State::there || state == State::absent) return settle_here();
  const auto account = std::exchange(account_, nullptr);
  if (setup_.forwarded) return sink_.reset(not_here);
  error_ = account->error();
  const auto& url = account->owner_url();
  if (!url.empty() && url != home_.gateway.leases->node().url) return settle_elsewhere(url);
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
  const auto now = boot_time();
  if (speaks_as_account() && !std::exchange(again_, false)) {  // the rest, once that is known
    attaching_ = true;
    if (place == Place::elsewhere) return remote_->send(attach_text());
    return give(read_again(attach_text(), home_.gateway.memory), now);
  }
  auto waiting = std::exchange(waiting_, {});
  for (auto& object : waiting) {
    if (place_ == Place::here && !lost_) {
      give(std::move(object), now);
    } else if (place_ == Place::elsewhere) {
      send(object);
    } else {
      waiting_.push_back(std::move(object));
    }
  }
  if (!ended_) return;
  if (place_ == Place::here) local().end();
  if (place_ == Place::elsewhere) remote_->end();
}

std::string AccountConnection::attach_text() const {
  auto out = "{\"id\":" + std::string(own_id) + ",\"account\":{\"name\":\"" + name_ + "\"";
  if (position_) out += ",\"updates_after\":" + std::to_string(*position_);
  return out + "}}";
}

bool AccountConnection::is_attach_reply(std::string_view text) const {
  return attaching_ && leading_id(text.substr(0, start_with_id)) == own_id;
}

// `passes`: it may be found a moment later. Nothing is carried out in the name of anybody else.
void AccountConnection::not_found(bool passes) {
  place_ = Place::none;
  const auto now = boot_time();
  if (passes && now < give_up_at_.value_or(now)) return seek_again(retry_after);
  give_up_at_.reset();
  for (auto& object : std::exchange(waiting_, {})) {
    auto& request = *object.request;
    refuse_asked({request.id, request.extra, false, false, {}},
                 store_failure(error_, setup_.scope.get()));
  }
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
  attaching_ = false;
  settled_at_.reset();
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
  if (!attaching_ || place_ != Place::here) {
    if (!text_.empty()) sink_.begin().attach(std::exchange(text_, {}));
    return sink_.complete(note);
  }
  const auto text = text_.copy();
  if (!is_attach_reply(text)) {
    sink_.begin().attach(std::exchange(text_, {}));
    return sink_.complete(note);
  }
  text_.clear();
  attaching_ = false;
  // Another object may be handed to the connection only when this one is over.
  failed_ = text.find("\"error\":") != text.npos;
  settled_at_ = boot_time();
  sink_.wake();
}

void AccountConnection::on_attached() {
  settled_at_.reset();
  if (place_ != Place::here) return;
  if (!std::exchange(failed_, false)) {
    again_ = true;
    return settle(Place::here);
  }
  error_ = account_->state() == State::absent ? store::StoreError{store::StoreErrc::no_such_account,
                                                                  "there is no account " + name_}
                                              : account_->error();
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
    attaching_ = false;
    if (start.find("\"error\":") != start.npos) return on_node_lost(false);
    again_ = true;
    return settle(Place::elsewhere);
  }
  forget_asked(start, note);
  note.log_position.reset();
  sink_.begin().attach(std::move(object));
  sink_.complete(note);
}

void AccountConnection::forget_asked(std::string_view text, const ObjectNote& note) {
  if (asked_.empty()) return;
  if (setup_.shape == ReplyShape::api) {
    if (note.status.code != 0) forget(asked_.begin());
    return;
  }
  const auto id = leading_id(text);
  const auto found =
      std::ranges::find_if(asked_, [&](const Asked& asked) { return id && asked.id == *id; });
  if (found == asked_.end()) return;
  // Not before: where it is asked again, the client says itself from which number on it listens.
  if (found->attaches && text.find("\"error\":") == text.npos) attached_ = true;
  forget(found);
}

void AccountConnection::forget(std::deque<Asked>::iterator asked) {
  kept_.resize(kept_.size() - asked->size());
  asked_.erase(asked);
}

// The other node may say so by itself: it stops, and what it has not answered it has not read.
void AccountConnection::on_node_finished() {
  if (!ended_) return on_node_lost(false);
  sink_.finish();
}

void AccountConnection::on_node_lost(bool reached) {
  remote_.reset();
  attaching_ = false;
  held_ = 0;
  place_ = Place::none;
  kept_.resize(0);
  auto later = std::exchange(waiting_, {});
  for (auto& asked : std::exchange(asked_, {})) {
    if (asked.text.empty() || (reached && !asked.reads)) {
      // What is behind it was meant for the account, too.
      attached_ = attached_ || asked.attaches;
      auto why = outcome_unknown("the node that has the account was lost before it answered");
      refuse_asked(std::move(asked), std::move(why));
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

void AccountConnection::refuse_asked(Asked&& asked, Failure failure) {
  local().receive(refused(std::move(asked.id), std::move(asked.extra), std::move(failure),
                          home_.gateway.memory),
                  boot_time());
}

// --- time ---

void AccountConnection::tick(mtproto::Time now) {
  if (settled_at_) on_attached();
  if (lost_) move_away(now);
  if (closed_) return;
  if (retry_at_ && *retry_at_ <= now) seek(now);
  if (local_) local_->tick(now);
}

std::optional<mtproto::Time> AccountConnection::deadline() const {
  auto due = local_ ? local_->deadline() : std::nullopt;
  const auto offer = [&due](mtproto::Time other) { due = std::min(due.value_or(other), other); };
  if (retry_at_) offer(*retry_at_);
  if (settled_at_) offer(*settled_at_);
  if (lost_) offer(boot_time() + std::chrono::milliseconds(10));
  return due;
}

}  // namespace server
