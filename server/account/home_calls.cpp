#include "server/account/home_calls.hpp"

#include <utility>

#include "server/account/call_table.hpp"
#include "server/account/migration.hpp"

namespace server::account {
namespace {

upstream::UpstreamFailure failure_of(const CallOutcome& outcome) {
  upstream::UpstreamFailure out;
  if (const auto* unreachable = std::get_if<CallUnreachable>(&outcome)) {
    out = *unreachable->failure;
  } else if (const auto* unsendable = std::get_if<CallUnsendable>(&outcome)) {
    out.reason = unsendable->why.message();
  } else {
    out.reason = "the connection was lost";
  }
  return out;
}

}  // namespace

HomeCalls::~HomeCalls() = default;

bool HomeCalls::has_key() const { return calls_.connections().state().key.has_value(); }

void HomeCalls::call_home(tl::Bytes body, Done done) {
  mtproto::SendOptions options;
  options.repeat = mtproto::Repeat::freely;
  const auto tag = ++last_;
  waiting_.put(tag, std::move(done));
  std::optional<CallId> id;
  calls_.call(home_dc, std::move(body), std::move(options), *this, tag, upstream::boot_time(), id);
  if (id) return;
  auto failure = std::make_shared<upstream::UpstreamFailure>();
  failure->reason = "unknown data centre";
  events_.push_and_wake(CallOver{this, tag, {}, CallUnreachable{std::move(failure)}});
}

void HomeCalls::on_outcome(std::uint64_t tag, CallOutcome outcome, mtproto::Time) {
  const auto found = waiting_.find(tag);
  if (found == waiting_.end()) return;
  const auto done = std::move(found->second);
  waiting_.erase(found);
  if (auto* body = std::get_if<tl::Slice>(&outcome)) {
    if (!rpc_error(*body)) exported_ = true;
    return done(std::move(*body));
  }
  auto failure = failure_of(outcome);
  failure.dc = calls_.connections().settings().home;
  done(std::move(failure));
}

void HomeCalls::clear() {
  exported_ = false;
  waiting_.clear();
  calls_.forget(*this);
}

}  // namespace server::account
