#include "server/account/call_table.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace server::account {

CallTable::Reach CallTable::call(mtproto::DcId dc, tl::SharedBytes body,
                                 mtproto::SendOptions options, Caller& caller, std::uint64_t tag,
                                 mtproto::Time now, std::optional<CallId>& id) {
  const auto reach =
      connections_.reach(dc, [this](mtproto::DcId other) { return in_flight(other); });
  if (reach != Reach::there) return reach;
  auto* port = connections_.port(dc);
  id = CallId{dc, connections_.serial(dc), port->send(std::move(body), std::move(options))};
  calls_.insert_or_assign(*id, Call{&caller, tag, now, port->ready()});
  any_ = true;
  return reach;
}

void CallTable::forget(const Caller& caller, std::optional<std::uint64_t> tag) {
  events_.forget(caller, tag);
  for (auto at = calls_.begin(); at != calls_.end();) {
    const auto& [id, call] = *at;
    if (call.caller != &caller || (tag && call.tag != *tag)) {
      ++at;
      continue;
    }
    if (auto* port = connections_.port(id.dc)) port->forget(id.request);
    at = calls_.erase(at);
  }
}

bool CallTable::interrupted(const CallId& id) const {
  const auto found = calls_.find(id);
  return found != calls_.end() && found->second.interrupted;
}

bool CallTable::in_flight(mtproto::DcId dc) const {
  return std::ranges::any_of(calls_, [&](const auto& one) { return one.first.dc == dc; });
}

CallTable::Calls::iterator CallTable::over(Calls::iterator at, CallOutcome outcome) {
  const auto& call = at->second;
  events_.push(CallOver{call.caller, call.tag, call.made, std::move(outcome)});
  return calls_.erase(at);
}

void CallTable::on_ready(mtproto::DcId dc) {
  for (auto& [id, call] : calls_) {
    if (id.dc == dc) call.written = true;
  }
}

void CallTable::on_over(mtproto::DcId dc, mtproto::RequestId request, CallOutcome outcome) {
  const auto found = calls_.find({dc, connections_.serial(dc), request});
  if (found != calls_.end()) over(found, std::move(outcome));
}

// Those that were written may still be answered, unless this is the end.
void CallTable::on_down(mtproto::DcId dc,
                        const std::shared_ptr<const upstream::UpstreamFailure>& failure) {
  for (auto at = calls_.begin(); at != calls_.end();) {
    auto& [id, call] = *at;
    if (id.dc != dc) {
      ++at;
      continue;
    }
    call.interrupted = call.interrupted || call.written;
    if (failure->final || !call.written) {
      if (auto* port = connections_.port(dc)) port->forget(id.request);
      at = over(at, CallUnreachable{failure});
    } else {
      ++at;
    }
  }
}

void CallTable::on_secondary_closed(std::string_view why) {
  for (auto at = calls_.begin(); at != calls_.end();) {
    const bool home = at->first.dc == home_dc;
    at = home ? std::next(at) : over(at, CallLost{std::string(why)});
  }
}

}  // namespace server::account
