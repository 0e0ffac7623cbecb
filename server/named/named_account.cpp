#include "server/named/named_account.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "server/logs/logger.hpp"
#include "server/upstream/event_loop_turn.hpp"
#include "tl/json_text.hpp"
#include "tl/notation.hpp"
#include "tl/numbers.hpp"

namespace server::named {

using upstream::boot_time;

namespace {

UpdateJournal::Bounds bounds_of(const NamedServices& services) {
  using std::chrono::milliseconds;
  return {services.updates_kept, milliseconds(services.updates_kept_for).count()};
}

}  // namespace

NamedAccount::NamedAccount(const NamedServices& services, const upstream::WorkRunner& runner,
                           std::string name, Owner& owner)
    : services_(services),
      name_(std::move(name)),
      owner_(owner),
      journal_(std::make_shared<UpdateJournal>(
          services.store, services.accounts.services().executor,
          services.accounts.services().memory, name_, bounds_of(services))),
      webhooks_(services.accounts.services().executor, services.webhooks, name_),
      signin_(std::make_shared<account::SigninDriver>(services.accounts.services().random, runner)),
      code_(*signin_, services.accounts.services().memory, services.rpc_timeout, true, *this),
      timer_(services.accounts.services().executor) {}

// --- its record ---

void NamedAccount::load() { services_.leases != nullptr ? want_lease() : load_record(); }

void NamedAccount::load_record() {
  auto work = [name = name_](store::AccountStore& store) { return store.accounts().load(name); };
  // What was read under another lease may be old.
  auto done = [weak = weak_from_this(),
               lease = lease_](store::StoreResult<store::StoredAccount> result) {
    const auto self = weak.lock();
    if (self && self->lease_ == lease) self->loaded(std::move(result), boot_time());
  };
  services_.store.post(services_.accounts.services().executor, std::move(work), std::move(done));
}

void NamedAccount::loaded(store::StoreResult<store::StoredAccount> result, mtproto::Time now) {
  if (state_ != State::loading) return;
  const auto self = shared_from_this();
  const bool none = !result && result.error().code == store::StoreErrc::no_such_account;
  if (!result && !none && !users_.empty()) {  // they had it, and wait for it
    go_away(result.error(), now);
  } else if (result && result->auth_key.size() == mtproto::AuthKey::size) {
    enter_stored(*result, now);
  } else if (result) {
    fail(
        {store::StoreErrc::damaged, "the key of account " + name_ + " has another size than keys"});
  } else if (none) {
    state_ = State::absent;
    record_ = {};
    journal_->forget();
  } else {
    fail(result.error());
  }
  settle();
}

void NamedAccount::fail(store::StoreError why) {
  if (why.code != store::StoreErrc::account_elsewhere) {
    logs::warn("account={} can't be loaded: {}", name_, why.text);
  }
  state_ = State::failed;
  error_ = std::move(why);
}

void NamedAccount::enter_stored(const store::StoredAccount& stored, mtproto::Time now) {
  const auto bytes = stored.auth_key.bytes();
  const mtproto::AuthKey key(bytes.first<mtproto::AuthKey::size>());
  if (services_.accounts.lives_elsewhere(key)) {
    return fail({store::StoreErrc::account_in_use,
                 "clients that brought the session of account " + name_ +
                     " use it at this moment: it has to be left to them, or they let go of it"});
  }
  state_ = State::there;
  record_ = stored;
  stored_key_ = key.id();
  account::Authorization known;
  known.session.key = key;
  known.user_id = stored.user_id;
  known.updates = stored.update_state;
  each_user([&](NamedUser& user) { user.on_leaving("the account comes back", now); });
  handle_.reset();
  enter(std::move(known));
  account().prepare();
  journal_->open(record_.log_number, record_.update_state, *this, mark());
  follow_updates(now);
  start_webhooks();
  each_user([&](NamedUser& user) { user.on_moved(now); });
  logs::info("account={} is here, user={}", name_, stored.user_id.value_or(0));
}

void NamedAccount::enter(account::Authorization known) {
  const auto& key = known.session.key;
  const auto settings =
      services_.settings(mtproto::DcId(static_cast<std::int32_t>(record_.dc)), api_id());
  if (key) known.session.session = {};  // drawn anew
  handle_ = services_.accounts.join(settings, std::move(known), *this,
                                    account::Accounts::Stay::with_client);
  account().want_updates(*this, true);
}

void NamedAccount::close() {
  if (std::exchange(state_, State::gone) == State::gone) return;
  timer_.cancel();
  journal_->unfollow(*this);
  stop_webhooks();
  journal_->close(services_.unix_ms());
  signin_->close();
  handle_.reset();
  give_lease_back(true);
}

void NamedAccount::set_keep(store::Keep keep) {
  const auto self = shared_from_this();
  record_.keep = keep;
  if (!in_use()) owner_.on_unused(*this);
}

// --- who uses it ---

void NamedAccount::when_free(std::weak_ptr<void> waiter, std::function<void()> then) {
  waiters_.emplace_back(std::move(waiter), std::move(then));
}

// One of them may begin a step, which the others wait for.
void NamedAccount::free() {
  const auto self = shared_from_this();
  while (!busy() && !waiters_.empty()) {
    const auto [waiter, then] = std::move(waiters_.front());
    waiters_.erase(waiters_.begin());
    if (const auto there = waiter.lock()) then();
  }
}

// What it was busy with is over.
void NamedAccount::settle() {
  const auto self = shared_from_this();
  free();
  if (state_ != State::gone && !in_use()) owner_.on_unused(*this);
}

// Those that wait are not told before the one whose step was late.
void NamedAccount::settle_later() {
  boost::asio::post(services_.accounts.services().executor, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->settle();
  });
}

void NamedAccount::attach(NamedUser& user) {
  users_.push_back(&user);
  if (!handle_) enter({});
}

void NamedAccount::detach(NamedUser& user) {
  const auto self = shared_from_this();
  std::erase(users_, &user);
  if (!in_use()) owner_.on_unused(*this);
}

std::unique_ptr<account::AccountHandle> NamedAccount::join(account::AccountUser& user) {
  return services_.accounts.join(account(), user);
}

mtproto::DcId NamedAccount::dc() const {
  if (handle_ == nullptr) return mtproto::DcId(static_cast<std::int32_t>(record_.dc));
  return account().settings().home;
}

bool NamedAccount::has_key() const {
  return handle_ != nullptr && account().session().key && !account().dead();
}

void NamedAccount::move(mtproto::DcId dc, const char* why, mtproto::Time now) {
  const auto self = shared_from_this();
  each_user([&](NamedUser& user) { user.on_leaving(why, now); });
  handle_.reset();
  record_.dc = dc.value();
  enter({});
  each_user([&](NamedUser& user) { user.on_moved(now); });
}

std::string_view NamedAccount::signin_state() const {
  if (state_ == State::there && !signed_out_ && signin_->state() == "start") return "done";
  return signin_->state();
}

void NamedAccount::write(tl::Notation notation, std::string& out) const {
  out += "{\"name\":";
  tl::write_json_string(name_, out);
  out += ",\"state\":";
  tl::write_json_string(signin_state(), out);
  if (const auto user = handle_ ? account().user_id() : record_.user_id) {
    const char* quote = tl::is_quoted(notation, *user) ? "\"" : "";
    out += ",\"user\":{\"id\":";
    out += quote;
    tl::append_number(*user, out);
    out += quote;
    out += '}';
  }
  out += ",\"dc\":" + std::to_string(dc().value());
  out += ",\"update_seq\":" + std::to_string(journal_->newest()) + "}";
}

// --- what happens to it at Telegram ---

void NamedAccount::on_dc(const account::DcChange& change, mtproto::Time now) {
  const auto self = shared_from_this();
  signin_->on_dc(change, now);
  code_.on_dc(change, now);
  each_user([&](NamedUser& user) { user.on_connection(change); });
  arm();
}

void NamedAccount::on_pushed(tl::Slice body, mtproto::Time now) {
  if (code_.claims(body)) code_.on_scanned(now);
}

void NamedAccount::on_key_gone(const std::string& reason, mtproto::Time) {
  const auto self = shared_from_this();
  signed_out_ = true;
  signin_->key_gone(reason);
  tell_signed_out();
  logs::warn("account={} is signed out: {}", name_, reason);
}

void NamedAccount::signed_out() {
  const auto self = shared_from_this();
  signed_out_ = true;
  signin_->signed_out();
  tell_signed_out();
}

void NamedAccount::tell_signed_out() {
  const auto signin = signin_->state_text();
  each_user([&](NamedUser& user) { user.on_signed_out(signin); });
}

// --- time ---

std::optional<mtproto::Time> NamedAccount::deadline() const {
  std::optional<mtproto::Time> due;
  const auto offer = [&due](std::optional<mtproto::Time> other) {
    if (other) due = std::min(due.value_or(*other), *other);
  };
  if (handle_ != nullptr) offer(account().deadline(*this));
  if (step_ == nullptr) offer(code_.deadline());
  if (retry_at_ != mtproto::Time::max()) offer(retry_at_);
  if (list_at_ != mtproto::Time::max()) offer(list_at_);
  return due;
}

void NamedAccount::arm() {
  const auto due = state_ == State::gone ? std::nullopt : deadline();
  if (!due || (armed_ && *armed_ <= *due)) return;
  armed_ = *due;
  timer_.expires_after(std::max(*due - boot_time(), mtproto::Duration::zero()));
  timer_.async_wait([weak = weak_from_this()](boost::system::error_code stopped) {
    const auto self = weak.lock();
    if (stopped || !self) return;
    const upstream::EventLoopTurn turn;
    self->on_timer();
  });
}

void NamedAccount::on_timer() {
  armed_.reset();
  if (state_ == State::gone) return;
  const auto now = boot_time();
  if (handle_ != nullptr) account().tick(*this, now);
  if (step_ == nullptr) {
    code_.tick(now);
    if (code_.is_due(now) && !code_.under_way() && handle_ != nullptr) code_.refresh(now);
  }
  if (retry_at_ && *retry_at_ <= now) state_ == State::away ? want_lease() : load_again();
  if (list_at_ && *list_at_ <= now) list_webhooks();
  arm();
}

}  // namespace server::named
