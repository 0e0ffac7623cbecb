#include "server/account/account.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "server/account/news_for_others.hpp"
#include "tl/reader.hpp"

namespace server::account {

using upstream::boot_time;

namespace {

constexpr std::string_view key_duplicated = "AUTH_KEY_DUPLICATED";
constexpr std::string_view sent_before = "RANDOM_ID_DUPLICATE";

// Whose key another account has: a session of its own, so that no two drive the same.
mtproto::SessionState with_claim(mtproto::SessionState state, LiveAccounts& live,
                                 LiveAccounts::Holder mine,
                                 std::optional<mtproto::AuthKeyId>& claimed) {
  if (!state.key) return state;
  if (live.claim(state.key->id(), mine)) {
    claimed = state.key->id();
  } else {
    state.session = {};
    state.last_seqno = 0;
  }
  return state;
}

bool names_somebody(const tl::Combinator& answer) {
  return answer.name == "auth.authorization" || answer.name == "auth.loginTokenSuccess";
}

}  // namespace

Account::Account(const AccountServices& services, std::shared_ptr<const DcSettings> settings,
                 Authorization known)
    : services_(services),
      events_(*this),
      home_calls_(calls_, events_),
      connections_(
          services_, std::move(settings),
          with_claim(std::move(known.session), services.live, {services.thread, this}, claimed_),
          home_calls_, *this),
      calls_(connections_, events_),
      config_(calls_),
      sent_(calls_, *this),
      waker_(connections_, calls_, known.user_id || session().key),
      names_(std::move(known.names)),
      user_id_(known.user_id) {}

Account::~Account() { close(); }

// --- who uses it ---

void Account::join(AccountUser& user, std::string updates) {
  members_.add(user, std::move(updates));
  connections_.pause(false);
}

void Account::leave(AccountUser& user) {
  auto* member = members_.find(user);
  if (member == nullptr) return;
  member->stop_feed();
  members_.remove(user);
  waker_.set_wanted(members_.any(&AccountMember::wants));
  if (in_use()) connections_.pause(members_.all_paused());
}

std::string Account::updates(const AccountUser& user) const {
  const auto* member = members_.find(user);
  if (member == nullptr) return {};
  return member->feed ? member->feed->text() : member->updates;
}

Authorization Account::close() {
  members_.each([](AccountMember& member) { member.stop_feed(); });
  config_.stop();
  waker_.stop();
  closed_ = true;
  connections_.close();
  release_key();
  return {connections_.state(), user_id_, {}, std::exchange(names_, {})};
}

void Account::prepare() { connections_.reach(home_dc, {}); }

bool Account::open() {
  const auto reach = connections_.reach(home_dc, {});
  if (reach == DcConnections::Reach::there) connections_.port(home_dc)->open();
  return reach == DcConnections::Reach::there;
}

void Account::note_flood_wait(std::uint32_t method, mtproto::Time until) {
  if (!flood_waits_) flood_waits_ = std::make_unique<FloodWaits>();
  flood_waits_->add(method, until);
}

void Account::speak_as(const std::shared_ptr<const DcSettings>& settings) {
  const auto& now = connections_.settings();
  if (settings.get() == &now) return;
  if (settings->prefix == now.prefix && settings->schema == now.schema) return;
  auto next = std::make_shared<DcSettings>(now);
  next->prefix = settings->prefix;
  next->schema = settings->schema;
  next->layer = settings->layer;
  connections_.set_settings(std::move(next));
}

void Account::pause(AccountUser& user, bool paused, mtproto::Time now) {
  auto* member = members_.find(user);
  if (member == nullptr) return;
  member->paused = paused;
  connections_.pause(members_.all_paused());
  if (const auto feed = member->feed) feed->pause(paused, now);
}

void Account::recover_updates(AccountUser& user, bool wanted, mtproto::Time now) {
  auto* member = members_.find(user);
  if (member == nullptr) return;
  if (!wanted) member->stop_feed();
  if (!wanted || member->feed) return;
  const auto feed = std::make_shared<UpdateFeed>(
      services_, connections_, calls_, static_cast<UpdateListener&>(user), member->updates);
  member->feed = feed;
  member->updates.clear();
  member->updates.shrink_to_fit();
  if (member->paused) feed->pause(true, now);
  // Where there is a key, updates may be waiting; else the first message makes one.
  if (!session().key) return;
  if (connections_.reach(home_dc, {}) == DcConnections::Reach::there) feed->connected(now);
}

void Account::set_updates(AccountUser& user, std::string updates) {
  auto* member = members_.find(user);
  if (member == nullptr) return;
  member->stop_feed();
  member->updates = std::move(updates);
}

void Account::want_updates(AccountUser& user, bool wanted) {
  if (auto* member = members_.find(user)) member->wants = wanted;
  waker_.set_wanted(members_.any(&AccountMember::wants));
}

void Account::tick(AccountUser& user, mtproto::Time now) {
  const auto* member = members_.find(user);
  if (member == nullptr) return;
  if (const auto feed = member->feed) feed->tick(now);
  keep_awake(now);
}

// By a question that is of use besides, where there is one.
void Account::keep_awake(mtproto::Time now) {
  if (members_.all_paused() || !waker_.due(now)) return;
  std::shared_ptr<UpdateFeed> recovers;
  members_.each([&](AccountMember& member) {
    if (!recovers) recovers = member.feed;
  });
  if (!recovers) return waker_.ask(now);
  waker_.left_to_another(now);
  recovers->renewed(now);
}

std::optional<mtproto::Time> Account::deadline(const AccountUser& user) const {
  const auto* member = members_.find(user);
  const auto its = member != nullptr && member->feed ? member->feed->deadline() : std::nullopt;
  const auto ours = members_.all_paused() ? std::nullopt : waker_.deadline();
  if (ours && its) return std::min(*ours, *its);
  return ours ? ours : its;
}

// --- what its users learned ---

void Account::signed_in(std::optional<std::int64_t> user_id, mtproto::Time now) {
  set_user_id(user_id);
  set_signed_in(true);
  members_.each([&](AccountMember& member) {
    if (const auto feed = member.feed) feed->signed_in(now);
  });
}

void Account::set_user_id(std::optional<std::int64_t> user_id) {
  user_id_ = user_id;
  if (user_id) set_signed_in(true);
}

void Account::set_signed_in(bool somebody) {
  if (!waker_.set_signed_in(somebody)) return;
  members_.each([](AccountMember& member) { member.user->on_updates_due(); });
}

void Account::answered(AccountUser& user, const tl::Slice& body, const RpcError* refusal,
                       const tl::Combinator* method, tl::ByteView query, mtproto::Time now) {
  note_sign_in(body, refusal, method);
  const auto* asking = members_.find(user);
  if (const auto feed = asking != nullptr ? asking->feed : nullptr) {
    feed->client_answered(body, method, query, now);
  }
  if (shared_beside(user)) {
    const auto schema = settings().schema;
    for (const auto& news : news_for_others(*schema, body, query)) tell_others(user, news, now);
  }
  // What it says was done has been told to nobody, where the answer was lost.
  if (refusal != nullptr && refusal->message == sent_before) ask_what_is_new(now);
  note_refusal(refusal, method);
}

// A client may sign in and out by calls of its own.
void Account::note_sign_in(tl::ByteView answer, const RpcError* refusal,
                           const tl::Combinator* method) {
  if (refusal != nullptr) {
    if (account::signed_out(*refusal)) set_signed_in(false);
    return;
  }
  if (method != nullptr && !method->name.starts_with("auth.")) return;
  const auto* came = settings().schema->constructor_by_id(tl::Reader(answer).peek());
  if (came != nullptr && names_somebody(*came)) set_signed_in(true);
  if (method != nullptr && method->name == "auth.logOut") set_signed_in(false);
}

void Account::tell_others(const AccountUser& user, tl::ByteView body, mtproto::Time now) {
  const auto& schema = *this->settings().schema;
  const bool whole = UpdateFeed::tells_whole(schema, body);
  if (whole && !UpdateFeed::is_updates(schema, body)) return;
  members_.each([&](AccountMember& member) {
    const auto feed = member.feed;
    if (feed && member.user != &user) feed->other_answered(body, now);
  });
  const bool anybody = members_.any(
      [&](const AccountMember& one) { return one.user != &user && !one.feed && one.wants; });
  if (!anybody) return;
  if (SentMessages::is_one(schema, body)) return sent_.tell(body, &user, now);
  on_sent_message(&user, whole ? tl::Bytes(body.begin(), body.end()) : updates_too_long(), now);
}

// Those that recover their updates have it from the difference.
void Account::on_sent_message(const void* sender, const tl::Bytes& updates, mtproto::Time now) {
  members_.each([&](AccountMember& member) {
    if (member.user == sender || member.feed || !member.wants) return;
    member.user->on_pushed(updates, now);
  });
}

void Account::note_refusal(const RpcError* refusal, const tl::Combinator* method) {
  if (refusal != nullptr && refusal->message == key_duplicated) {
    key_gone(std::string(key_duplicated) + ": the key was used from two places at once");
  }
  const bool left = refusal == nullptr && method != nullptr && method->name == "auth.logOut";
  const bool unknown =
      refusal != nullptr && account::signed_out(*refusal) && home_calls_.exported();
  if (left || unknown) close_secondary("the account was signed out");
}

void Account::key_gone(std::string reason) {
  if (std::exchange(dead_, true) || !session().key) return;
  release_key();
  events_.push_and_wake(KeyGone{std::move(reason)});
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
  if (failure.final && dc == home_dc) key_gone(failure.reason);
  drain();
}

void Account::on_pushed(tl::Slice body) { events_.push(Pushed{std::move(body)}); }

void Account::on_renewed() { events_.push(Renewed{}); }

void Account::on_changed() {
  if (closed_) return;
  claim_key();
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
    tell_change(*change, now);
  } else if (const auto* gone = std::get_if<KeyGone>(&event)) {
    members_.each([&](AccountMember& member) { member.user->on_key_gone(gone->reason, now); });
  } else {
    tell_renewed(now);
  }
}

// Pushes nothing until it is asked something.
void Account::tell_renewed(mtproto::Time now) {
  if (ask_what_is_new(now)) return;
  waker_.renewed(now);
  keep_awake(now);
}

// For those that recover their updates. False: none does.
bool Account::ask_what_is_new(mtproto::Time now) {
  bool asked = false;
  members_.each([&](AccountMember& member) {
    const auto feed = member.feed;
    if (!feed) return;
    asked = true;
    feed->renewed(now);
  });
  return asked;
}

void Account::tell_change(const DcChange& change, mtproto::Time now) {
  const bool home = change.dc == home_dc;
  if (home && change.failure && change.failure->final) config_.stop();
  members_.each([&](AccountMember& member) {
    const auto feed = member.feed;
    if (feed && home && change.failure) feed->disconnected(change.failure->final);
    auto& user = *member.user;
    user.on_dc(change, now);
    const auto* still = members_.find(user);
    const bool ready = home && change.state == DcChange::State::ready;
    if (ready && still != nullptr && still->feed) still->feed->connected(now);
  });
}

void Account::tell_pushed(tl::Slice body, mtproto::Time now) {
  config_.pushed(body, now);
  const bool claimed =
      members_.any([&](const AccountMember& one) { return one.user->claims(body); });
  const auto push_to = [&](AccountMember& member, tl::Slice to_push) {
    const auto feed = claimed ? nullptr : member.feed;
    if (feed && feed->takes(to_push)) return feed->pushed(std::move(to_push), now);
    member.user->on_pushed(std::move(to_push), now);
  };
  if (auto* one = members_.only()) return push_to(*one, std::move(body));
  members_.each([&](AccountMember& member) { push_to(member, body); });
}

// --- its key ---

void Account::claim_key() {
  const auto& key = session().key;
  const auto wanted = key && !dead_ ? std::optional(key->id()) : std::nullopt;
  if (wanted == claimed_) return;
  release_key();
  if (wanted && services_.live.claim(*wanted, {services_.thread, this})) claimed_ = wanted;
}

void Account::release_key() {
  if (claimed_) services_.live.release(*std::exchange(claimed_, {}));
}

}  // namespace server::account
