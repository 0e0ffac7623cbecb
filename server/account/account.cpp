#include "server/account/account.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace server::account {

using upstream::boot_time;

namespace {

std::optional<LiveSessions::Name> name_of(const mtproto::SessionState& state) {
  if (!state.key) return {};
  return LiveSessions::Name{state.key->id(), state.session};
}

// A session that another account drives can't be driven twice: the same key, a session of our own.
mtproto::SessionState unclaimed(mtproto::SessionState state, LiveSessions& live,
                                std::optional<LiveSessions::Name>& claimed) {
  if (!state.key || state.session.value() == 0) return state;
  const auto name = name_of(state);
  if (live.claim(*name)) {
    claimed = name;
  } else {
    state.session = {};
    state.last_seqno = 0;
  }
  return state;
}

}  // namespace

Account::Account(const AccountServices& services, std::shared_ptr<const DcSettings> settings,
                 Authorization known)
    : services_(services),
      events_(*this),
      home_calls_(calls_, events_),
      connections_(services_, std::move(settings),
                   unclaimed(std::move(known.session), services.live, claimed_), home_calls_,
                   *this),
      calls_(connections_, events_),
      config_(calls_),
      names_(std::move(known.names)),
      user_id_(known.user_id),
      updates_(std::move(known.updates)) {}

Account::~Account() { close(); }

void Account::leave(AccountUser& user) { std::erase(users_, &user); }

Authorization Account::close() {
  recover_updates(false, {});
  config_.stop();
  closed_ = true;
  connections_.close();
  if (claimed_) services_.live.release(*std::exchange(claimed_, {}));
  return {connections_.state(), user_id_, std::exchange(updates_, {}), std::exchange(names_, {})};
}

void Account::prepare() {
  connections_.reach(home_dc, {});
  claim_session();
}

bool Account::open() {
  const auto reach = connections_.reach(home_dc, {});
  if (reach == DcConnections::Reach::there) connections_.port(home_dc)->open();
  return reach == DcConnections::Reach::there;
}

void Account::pause(bool paused, mtproto::Time now) {
  paused_ = paused;
  connections_.pause(paused);
  if (feed_) feed_->pause(paused, now);
}

void Account::recover_updates(bool wanted, mtproto::Time now) {
  if (!wanted && feed_) {
    updates_ = feed_->text();
    feed_->stop();
    feed_.reset();
  }
  if (!wanted || feed_) return;
  feed_ = std::make_shared<UpdateFeed>(services_, connections_, calls_,
                                       static_cast<UpdateListener&>(*this), updates_);
  updates_.clear();
  if (paused_) feed_->pause(true, now);
  // Where there is a key, updates may be waiting; else the first message makes one.
  if (!session().key) return;
  if (connections_.reach(home_dc, {}) == DcConnections::Reach::there) feed_->connected(now);
}

void Account::tick(mtproto::Time now) {
  if (feed_) feed_->tick(now);
}

std::optional<mtproto::Time> Account::deadline() const {
  return feed_ ? feed_->deadline() : std::nullopt;
}

// --- what its users learned ---

void Account::signed_in(std::optional<std::int64_t> user_id, mtproto::Time now) {
  user_id_ = user_id;
  if (feed_) feed_->signed_in(now);
}

bool Account::answered(tl::ByteView body, const RpcError* refusal, const tl::Combinator* method,
                       tl::ByteView query, mtproto::Time now) {
  if (feed_) feed_->client_answered(body, method, query, now);
  return authorization_gone(refusal, method);
}

// After a sign-out nothing may be done elsewhere in that account's name.
bool Account::authorization_gone(const RpcError* refusal, const tl::Combinator* method) {
  const bool left = refusal == nullptr && method != nullptr && method->name == "auth.logOut";
  const bool unknown =
      refusal != nullptr && account::signed_out(*refusal) && home_calls_.exported();
  if (!left && !unknown) return false;
  close_secondary("the account was signed out");
  return true;
}

void Account::close_secondary(const char* why) {
  home_calls_.clear();
  calls_.on_secondary_closed(why);
  connections_.close_secondary();
  if (!events_.empty() && !events_.draining()) on_event_late();
}

// --- what the connections tell ---

void Account::on_connecting(mtproto::DcId dc) {
  events_.push(DcChange{dc, DcChange::State::connecting, nullptr});
  drain();
}

void Account::on_key_exchange(mtproto::DcId dc) {
  events_.push(DcChange{dc, DcChange::State::key_exchange, nullptr});
}

void Account::on_ready(mtproto::DcId dc, bool again) {
  calls_.on_ready(dc);
  if (!again || dc == home_dc) events_.push(DcChange{dc, DcChange::State::ready, nullptr});
}

void Account::on_answer(mtproto::DcId dc, mtproto::RequestId id, tl::Slice body) {
  calls_.on_over(dc, id, std::move(body));
}

void Account::on_written(mtproto::DcId dc, mtproto::RequestId id) {
  calls_.on_over(dc, id, CallWritten{});
}

void Account::on_lost(mtproto::DcId dc, mtproto::RequestId id) {
  calls_.on_over(dc, id,
                 CallLost{"the connection to Telegram was lost, and it can't be known whether the "
                          "request was carried out"});
}

void Account::on_refused(mtproto::DcId dc, mtproto::RequestId id, boost::system::error_code why) {
  calls_.on_over(dc, id, CallUnsendable{why});
}

void Account::on_down(mtproto::DcId dc, const upstream::UpstreamFailure& failure) {
  const auto kept = std::make_shared<const upstream::UpstreamFailure>(failure);
  const auto state = failure.final ? DcChange::State::failed : DcChange::State::waiting;
  events_.push(DcChange{dc, state, kept});
  calls_.on_down(dc, kept);
  connections_.drop(dc, failure);
  dead_ = dead_ || (failure.final && dc == home_dc);
  drain();
}

void Account::on_pushed(tl::Slice body) { events_.push(Pushed{std::move(body)}); }

void Account::on_renewed() { events_.push(Renewed{}); }

void Account::on_changed() {
  if (closed_) return;
  claim_session();
  drain();
}

// --- what is told ---

void Account::drain() {
  const auto self = weak_from_this().lock();
  if (!self || events_.empty()) return;
  const auto now = boot_time();
  events_.drain([&](AccountEvent&& event) {
    if (!closed_) tell(std::move(event), now);
  });
}

void Account::on_event_late() {
  boost::asio::post(services_.executor, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->drain();
  });
}

template <class Tell>
void Account::tell_users(Tell tell) {
  const auto users = users_;
  for (auto* user : users) {
    if (std::ranges::find(users_, user) != users_.end()) tell(*user);
  }
}

void Account::tell(AccountEvent&& event, mtproto::Time now) {
  if (auto* over = std::get_if<CallOver>(&event)) {
    if (over->caller == nullptr) return;
    if (services_.counters != nullptr && std::holds_alternative<tl::Slice>(over->outcome)) {
      services_.counters->took(now - over->made);
    }
    over->caller->on_outcome(over->tag, std::move(over->outcome), now);
  } else if (auto* pushed = std::get_if<Pushed>(&event)) {
    tell_pushed(std::move(pushed->body), now);
  } else if (const auto* change = std::get_if<DcChange>(&event)) {
    if (feed_ && change->dc == home_dc && change->failure) {
      feed_->disconnected(change->failure->final);
    }
    if (change->failure && change->failure->final && change->dc == home_dc) config_.stop();
    tell_users([&](AccountUser& user) { user.on_dc(*change, now); });
    const bool ready = change->dc == home_dc && change->state == DcChange::State::ready;
    if (feed_ && ready) feed_->connected(now);
  } else if (feed_) {
    feed_->renewed(now);
  }
}

void Account::tell_pushed(tl::Slice body, mtproto::Time now) {
  const bool claimed = std::ranges::any_of(users_, [&](auto* user) { return user->claims(body); });
  if (feed_ && !claimed && feed_->takes(body)) return feed_->pushed(std::move(body), now);
  if (users_.size() == 1) return users_.front()->on_pushed(std::move(body), now);
  tell_users([&](AccountUser& user) { user.on_pushed(body, now); });
}

void Account::on_update(std::int64_t update_seq, tl::ByteView body, mtproto::Time now) {
  tell_users([&](AccountUser& user) { user.on_update(update_seq, body, now); });
}

void Account::on_feed_due() {
  tell_users([](AccountUser& user) { user.on_account_due(); });
}

void Account::claim_session() {
  const auto wanted = name_of(session());
  if (wanted == claimed_) return;
  if (claimed_) services_.live.release(*std::exchange(claimed_, {}));
  if (wanted && services_.live.claim(*wanted)) claimed_ = wanted;
}

}  // namespace server::account
