#include "server/account/secondary_connection.hpp"

#include <algorithm>

#include "server/account/migration.hpp"
#include "tl/writer.hpp"

namespace server::account {

using boost::system::error_code;
using upstream::UpstreamFailure;

namespace {

constexpr std::uint32_t invoke_without_updates = 0xbf9459b7;
constexpr std::size_t most_forgotten = 64;

}  // namespace

SecondaryConnection::SecondaryConnection(boost::asio::any_io_executor executor, Settings settings,
                                         HomeCaller& home, UpstreamCallbacks& user)
    : settings_(std::move(settings)),
      home_(home),
      user_(&user),
      timer_(executor),
      transfer_(settings_.schema, settings_.dc) {}

void SecondaryConnection::close() {
  if (closed_) return;
  closed_ = true;
  timer_.cancel();
  if (upstream_) upstream_->close();
}

void SecondaryConnection::set_prefix(tl::SharedBytes prefix) {
  prefix_ = std::move(prefix);
  if (upstream_) upstream_->set_prefix(prefix_);
}

// --- requests ---

mtproto::RequestId SecondaryConnection::send(tl::SharedBytes body, mtproto::SendOptions options) {
  timer_.cancel();
  const Id id(++last_id_);
  const bool waits = options.api && transfer_.state() != AuthTransfer::State::open;
  Held request{id, std::move(body), std::move(options)};
  reach();  // a key is made while the authorization is on its way
  if (!waits) {
    pass(std::move(request));
    return id;
  }
  held_.push_back(std::move(request));
  if (transfer_.state() == AuthTransfer::State::closed) go(transfer_.begin(home_.has_key()));
  return id;
}

void SecondaryConnection::reach() {
  if (closed_) return;
  if (!upstream_) {
    upstream_ = settings_.make_upstream(saved_, *this);
    upstream_->set_prefix(prefix_);
    if (paused_) upstream_->pause(true);
  }
  upstream_->open();
}

void SecondaryConnection::pass(Held request) {
  auto& options = request.options;
  std::vector<Id> after;
  for (const auto& id : options.after) {
    const auto found = numbers_.find(id.value());
    if (found != numbers_.end()) after.push_back(found->second);
  }
  options.after = std::move(after);
  if (options.api && !options.bare) {
    tl::Bytes wrapped;
    tl::Writer(wrapped).nat(invoke_without_updates);
    tl::append(wrapped, request.body);
    request.body = std::move(wrapped);
  }
  const auto number = upstream_->send(std::move(request.body), std::move(options));
  sent_[number.value()] = {request.id, transfers_};
  numbers_[request.id.value()] = number;
}

void SecondaryConnection::forget(Id id) {
  std::erase_if(held_, [&](const Held& one) { return one.id == id; });
  if (const auto found = numbers_.find(id.value()); found != numbers_.end()) {
    sent_.erase(found->second.value());
    if (upstream_) upstream_->forget(found->second);
    forgotten_.push_back(id);
    if (forgotten_.size() > most_forgotten) {
      numbers_.erase(forgotten_.front().value());
      forgotten_.pop_front();
    }
  }
  rest();
}

std::optional<SecondaryConnection::Sent> SecondaryConnection::take(Id of_upstream) {
  const auto found = sent_.find(of_upstream.value());
  if (found == sent_.end()) return {};
  const auto out = found->second;
  sent_.erase(found);
  numbers_.erase(out.id.value());
  return out;
}

void SecondaryConnection::pause(bool paused) {
  paused_ = paused;
  if (upstream_) upstream_->pause(paused);
}

bool SecondaryConnection::ready() const {
  return upstream_ && upstream_->ready() && transfer_.state() == AuthTransfer::State::open;
}

mtproto::UnixTime SecondaryConnection::server_time() const {
  return upstream_ ? upstream_->server_time() : upstream::wall_time();
}

// --- the passage ---

void SecondaryConnection::go(AuthTransfer::Step step) {
  if (auto* call = std::get_if<AuthTransfer::AskHome>(&step)) {
    auto done = [weak = weak_from_this(), attempt = ++attempt_](HomeCaller::Answer answer) {
      const auto self = weak.lock();
      if (self && !self->closed_ && self->attempt_ == attempt) {
        self->home_answered(std::move(answer));
      }
    };
    home_.call_home(std::move(call->body), std::move(done));
  } else if (auto* here = std::get_if<AuthTransfer::AskThere>(&step)) {
    reach();
    import_ = upstream_->send(std::move(here->body), {});
  } else if (const auto* refused = std::get_if<AuthTransfer::Refused>(&step)) {
    answer_held(refused->answer);
  } else {
    ++transfers_;
    flush();
  }
}

void SecondaryConnection::home_answered(HomeCaller::Answer answer) {
  if (const auto* body = std::get_if<tl::Slice>(&answer)) return go(transfer_.home_answered(*body));
  // There is no way home: those that wait for it can't go on.
  const auto self = shared_from_this();
  transfer_.close();
  held_.clear();
  user_->on_down(std::get<UpstreamFailure>(answer));
  if (!closed_) rest();
}

void SecondaryConnection::flush() {
  for (auto& request : std::exchange(held_, {})) pass(std::move(request));
  if (upstream_->ready()) user_->on_ready();
}

void SecondaryConnection::answer_held(const tl::Bytes& answer) {
  const auto self = shared_from_this();
  for (const auto& request : std::exchange(held_, {})) {
    if (closed_) return;
    user_->on_answer(request.id, answer);
  }
  if (!closed_) rest();
}

void SecondaryConnection::stop_transfer() {
  if (transfer_.state() == AuthTransfer::State::open) return;
  ++attempt_;
  if (import_ && upstream_) upstream_->forget(*import_);
  import_.reset();
  transfer_.close();
}

// Nobody waits for anything: what was begun for somebody is cancelled, and after a while the connection closed.
void SecondaryConnection::rest() {
  if (closed_ || !held_.empty() || !sent_.empty() || !upstream_) return;
  stop_transfer();
  timer_.expires_after(settings_.kept);
  timer_.async_wait([weak = weak_from_this()](error_code cancelled) {
    const auto self = weak.lock();
    if (!cancelled && self && !self->closed_) self->close_unused();
  });
}

void SecondaryConnection::close_unused() {
  if (!held_.empty() || !sent_.empty() || !upstream_) return;
  saved_ = upstream_->state();
  drop_upstream();
}

// The next one counts its requests from the beginning.
void SecondaryConnection::drop_upstream() {
  sent_.clear();
  numbers_.clear();
  forgotten_.clear();
  upstream_->close();
  upstream_.reset();
}

// --- what the upstream connection says ---

void SecondaryConnection::on_ready() {
  if (transfer_.state() == AuthTransfer::State::open) return user_->on_ready();
  if (transfer_.state() == AuthTransfer::State::closed && !held_.empty()) {
    go(transfer_.begin(home_.has_key()));
  }
}

void SecondaryConnection::on_answer(Id number, tl::Slice body) {
  const auto self = shared_from_this();
  if (import_ == number) {
    import_.reset();
    return go(transfer_.there_answered(body));
  }
  const auto sent = take(number);
  if (!sent) return;
  const auto error = rpc_error(body);
  const bool current = sent->passage == transfers_;
  if (error && signed_out(*error) && current) {
    if (transfer_.state() == AuthTransfer::State::open) transfer_.close();
  }
  user_->on_answer(sent->id, std::move(body));
  if (!closed_) rest();
}

void SecondaryConnection::on_written(Id number) {
  const auto self = shared_from_this();
  if (const auto sent = take(number)) user_->on_written(sent->id);
  if (!closed_) rest();
}

void SecondaryConnection::on_lost(Id number) {
  const auto self = shared_from_this();
  if (import_ == number) {  // whether it was carried out will be seen
    stop_transfer();
    if (!held_.empty()) go(transfer_.begin(home_.has_key()));
    return;
  }
  if (const auto sent = take(number)) user_->on_lost(sent->id);
  if (!closed_) rest();
}

void SecondaryConnection::on_refused(Id number, error_code why) {
  const auto self = shared_from_this();
  if (const auto sent = take(number)) user_->on_refused(sent->id, why);
  if (!closed_) rest();
}

void SecondaryConnection::on_down(const UpstreamFailure& failure) {
  const auto self = shared_from_this();
  if (import_) stop_transfer();
  if (failure.final) {  // the key is of no use: the next request makes another
    stop_transfer();
    transfer_.close();
    held_.clear();
    drop_upstream();
    saved_ = {};
  }
  user_->on_down(failure);
  if (!closed_) rest();
}

}  // namespace server::account
