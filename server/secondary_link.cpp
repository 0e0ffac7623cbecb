#include "server/secondary_link.hpp"

#include <algorithm>

#include "server/account/migration.hpp"
#include "tl/writer.hpp"

namespace server {

using account::Passage;
using boost::system::error_code;
using upstream::LinkFailure;

namespace {

constexpr std::uint32_t invoke_without_updates = 0xbf9459b7;
constexpr std::size_t most_forgotten = 64;

}  // namespace

SecondaryLink::SecondaryLink(boost::asio::any_io_executor executor, Settings settings,
                             HomeCaller& home, LinkUser& user)
    : settings_(std::move(settings)),
      home_(home),
      user_(&user),
      timer_(executor),
      passage_(settings_.schema, settings_.dc) {}

void SecondaryLink::close() {
  if (closed_) return;
  closed_ = true;
  timer_.cancel();
  if (link_) link_->close();
}

void SecondaryLink::set_prefix(tl::Bytes prefix) {
  prefix_ = std::move(prefix);
  if (link_) link_->set_prefix(prefix_);
}

// --- requests ---

mtproto::RequestId SecondaryLink::send(tl::Bytes body, mtproto::SendOptions options) {
  timer_.cancel();
  const Id id(++last_id_);
  const bool waits = options.api && passage_.state() != Passage::State::open;
  Held request{id, std::move(body), std::move(options)};
  reach();  // a key is made while the authorization is on its way
  if (!waits) {
    pass(std::move(request));
    return id;
  }
  held_.push_back(std::move(request));
  if (passage_.state() == Passage::State::closed) go(passage_.begin(home_.has_key()));
  return id;
}

void SecondaryLink::reach() {
  if (closed_) return;
  if (!link_) {
    link_ = settings_.make_link(saved_, *this);
    link_->set_prefix(prefix_);
    if (paused_) link_->pause(true);
  }
  link_->open();
}

void SecondaryLink::pass(Held request) {
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
  const auto number = link_->send(std::move(request.body), std::move(options));
  sent_[number.value()] = {request.id, passages_};
  numbers_[request.id.value()] = number;
}

void SecondaryLink::forget(Id id) {
  std::erase_if(held_, [&](const Held& one) { return one.id == id; });
  if (const auto found = numbers_.find(id.value()); found != numbers_.end()) {
    sent_.erase(found->second.value());
    if (link_) link_->forget(found->second);
    forgotten_.push_back(id);
    if (forgotten_.size() > most_forgotten) {
      numbers_.erase(forgotten_.front().value());
      forgotten_.pop_front();
    }
  }
  rest();
}

std::optional<SecondaryLink::Sent> SecondaryLink::take(Id of_link) {
  const auto found = sent_.find(of_link.value());
  if (found == sent_.end()) return {};
  const auto out = found->second;
  sent_.erase(found);
  numbers_.erase(out.id.value());
  return out;
}

void SecondaryLink::pause(bool paused) {
  paused_ = paused;
  if (link_) link_->pause(paused);
}

bool SecondaryLink::ready() const {
  return link_ && link_->ready() && passage_.state() == Passage::State::open;
}

mtproto::UnixTime SecondaryLink::server_time() const {
  return link_ ? link_->server_time() : upstream::wall_time();
}

// --- the passage ---

void SecondaryLink::go(Passage::Step step) {
  if (auto* call = std::get_if<Passage::AskHome>(&step)) {
    auto done = [weak = weak_from_this(), attempt = ++attempt_](HomeCaller::Answer answer) {
      const auto self = weak.lock();
      if (self && !self->closed_ && self->attempt_ == attempt) {
        self->home_answered(std::move(answer));
      }
    };
    home_.call_home(std::move(call->body), std::move(done));
  } else if (auto* here = std::get_if<Passage::AskThere>(&step)) {
    reach();
    import_ = link_->send(std::move(here->body), {});
  } else if (const auto* refused = std::get_if<Passage::Refused>(&step)) {
    answer_held(refused->answer);
  } else {
    ++passages_;
    flush();
  }
}

void SecondaryLink::home_answered(HomeCaller::Answer answer) {
  if (const auto* body = std::get_if<tl::Slice>(&answer)) return go(passage_.home_answered(*body));
  // There is no way home: those that wait for it can't go on.
  const auto self = shared_from_this();
  passage_.close();
  held_.clear();
  user_->on_down(std::get<LinkFailure>(answer));
  if (!closed_) rest();
}

void SecondaryLink::flush() {
  for (auto& request : std::exchange(held_, {})) pass(std::move(request));
  if (link_->ready()) user_->on_ready();
}

void SecondaryLink::answer_held(const tl::Bytes& answer) {
  const auto self = shared_from_this();
  for (const auto& request : std::exchange(held_, {})) {
    if (closed_) return;
    user_->on_answer(request.id, answer);
  }
  if (!closed_) rest();
}

void SecondaryLink::stop_passage() {
  if (passage_.state() == Passage::State::open) return;
  ++attempt_;
  if (import_ && link_) link_->forget(*import_);
  import_.reset();
  passage_.close();
}

// Nobody waits for anything: what was begun for somebody is given up, and after a while the line.
void SecondaryLink::rest() {
  if (closed_ || !held_.empty() || !sent_.empty() || !link_) return;
  stop_passage();
  timer_.expires_after(settings_.kept);
  timer_.async_wait([weak = weak_from_this()](error_code cancelled) {
    const auto self = weak.lock();
    if (!cancelled && self && !self->closed_) self->hang_up();
  });
}

void SecondaryLink::hang_up() {
  if (!held_.empty() || !sent_.empty() || !link_) return;
  saved_ = link_->state();
  drop_link();
}

// The next one counts its requests from the beginning.
void SecondaryLink::drop_link() {
  sent_.clear();
  numbers_.clear();
  forgotten_.clear();
  link_->close();
  link_.reset();
}

// --- what the link says ---

void SecondaryLink::on_ready() {
  if (passage_.state() == Passage::State::open) return user_->on_ready();
  if (passage_.state() == Passage::State::closed && !held_.empty()) {
    go(passage_.begin(home_.has_key()));
  }
}

void SecondaryLink::on_answer(Id number, tl::Slice body) {
  const auto self = shared_from_this();
  if (import_ == number) {
    import_.reset();
    return go(passage_.there_answered(body));
  }
  const auto sent = take(number);
  if (!sent) return;
  const auto error = account::rpc_error(body);
  const bool current = sent->passage == passages_;
  if (error && account::signed_out(*error) && current) {
    if (passage_.state() == Passage::State::open) passage_.close();
  }
  user_->on_answer(sent->id, std::move(body));
  if (!closed_) rest();
}

void SecondaryLink::on_written(Id number) {
  const auto self = shared_from_this();
  if (const auto sent = take(number)) user_->on_written(sent->id);
  if (!closed_) rest();
}

void SecondaryLink::on_lost(Id number) {
  const auto self = shared_from_this();
  if (import_ == number) {  // whether it was carried out will be seen
    stop_passage();
    if (!held_.empty()) go(passage_.begin(home_.has_key()));
    return;
  }
  if (const auto sent = take(number)) user_->on_lost(sent->id);
  if (!closed_) rest();
}

void SecondaryLink::on_refused(Id number, error_code why) {
  const auto self = shared_from_this();
  if (const auto sent = take(number)) user_->on_refused(sent->id, why);
  if (!closed_) rest();
}

void SecondaryLink::on_down(const LinkFailure& failure) {
  const auto self = shared_from_this();
  if (import_) stop_passage();
  if (failure.final) {  // the key is of no use: the next request makes another
    stop_passage();
    passage_.close();
    held_.clear();
    drop_link();
    saved_ = {};
  }
  user_->on_down(failure);
  if (!closed_) rest();
}

}  // namespace server
