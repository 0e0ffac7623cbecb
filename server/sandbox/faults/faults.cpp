#include "server/sandbox/faults/faults.hpp"

#include <algorithm>

namespace server::sandbox {
namespace {

constexpr std::array frame_faults = {Fault::drop,     Fault::duplicate,  Fault::reorder,
                                     Fault::truncate, Fault::wrong_salt, Fault::bad_seqno};

bool& flag(FrameFate& fate, Fault fault) {
  switch (fault) {
    case Fault::drop:
      return fate.drop;
    case Fault::duplicate:
      return fate.duplicate;
    case Fault::reorder:
      return fate.reorder;
    case Fault::truncate:
      return fate.truncate;
    case Fault::close:
      return fate.close;
    case Fault::half_open:
      return fate.half_open;
    case Fault::wrong_salt:
      return fate.wrong_salt;
    default:
      return fate.bad_seqno;
  }
}

bool concerns_client(Fault fault) {
  return fault == Fault::wrong_salt || fault == Fault::bad_seqno;
}

RpcError internal_error() { return {500, "INTERNAL"}; }
RpcError timeout_error() { return {-503, "Timeout"}; }

bool fits(const Rule& rule, std::int32_t dc, std::string_view method) {
  return (rule.method.empty() || rule.method == method) && (!rule.dc || *rule.dc == dc);
}

bool due(const Rule& rule, std::uint64_t number) {
  if (rule.nth.empty()) return number % rule.every == 0;
  return std::find(rule.nth.begin(), rule.nth.end(), number) != rule.nth.end();
}

}  // namespace

void Faults::set(FaultPlan plan, mtproto::Time now) {
  plan_ = std::move(plan);
  since_ = now;
  counts_ = {};
  seen_.assign(plan_.rules.size(), 0);
  for (std::size_t i = 0; i < fault_count; ++i) {
    std::seed_seq seeds{static_cast<std::uint32_t>(plan_.seed),
                        static_cast<std::uint32_t>(plan_.seed >> 32),
                        static_cast<std::uint32_t>(i)};
    streams_[i].seed(seeds);
  }
}

bool Faults::happens(Fault fault) {
  const auto& rate = plan_.rate(fault);
  if (rate.rate <= 0) return false;
  auto& count = counts_[index_of(fault)];
  if (rate.times && count >= *rate.times) return false;
  // 53 bits, as a double holds; the library's distributions differ from one to the other.
  const auto drawn = static_cast<double>(streams_[index_of(fault)]() >> 11) * 0x1p-53;
  if (drawn >= rate.rate) return false;
  ++count;
  return true;
}

std::int64_t Faults::draw(Fault fault, const Range& range) {
  const auto span = static_cast<std::uint64_t>(range.most - range.least) + 1;
  return range.least + static_cast<std::int64_t>(streams_[index_of(fault)]() % span);
}

FrameFate Faults::frame(Direction direction, bool sealed) {
  FrameFate fate;
  if (happens(Fault::delay)) {
    fate.delay = std::chrono::milliseconds(draw(Fault::delay, plan_.rate(Fault::delay).range));
  }
  fate.close = happens(Fault::close);
  fate.half_open = happens(Fault::half_open);
  if (!sealed) return fate;
  for (const auto fault : frame_faults) {
    if (concerns_client(fault) && direction == Direction::down) continue;
    flag(fate, fault) = happens(fault);
  }
  return fate;
}

CallFate Faults::call(std::int32_t dc, std::string_view method, bool recaptcha) {
  CallFate fate;
  for (std::size_t i = 0; i < plan_.rules.size(); ++i) {
    const auto& rule = plan_.rules[i];
    if (recaptcha && rule.error && is_recaptcha_check(rule.error->text)) continue;
    if (fits(rule, dc, method) && due(rule, ++seen_[i])) apply(rule, fate);
  }
  if (happens(Fault::rpc_500)) fate.error = internal_error();
  if (happens(Fault::rpc_503)) fate.error = timeout_error();
  if (happens(Fault::flood_wait)) {
    const auto seconds = draw(Fault::flood_wait, plan_.rate(Fault::flood_wait).range);
    fate.error = RpcError{420, "FLOOD_WAIT_" + std::to_string(seconds)};
  }
  if (happens(Fault::late_answer)) {
    const auto ms = draw(Fault::late_answer, plan_.rate(Fault::late_answer).range);
    fate.delay += std::chrono::milliseconds(ms);
  }
  fate.gzip_bomb |= happens(Fault::gzip_bomb);
  fate.unknown_constructor |= happens(Fault::unknown_constructor);
  fate.lose_key |= happens(Fault::lose_key);
  return fate;
}

void Faults::apply(const Rule& rule, CallFate& fate) {
  if (rule.error) fate.error = rule.error;
  if (rule.delay) {
    fate.delay += std::chrono::milliseconds(draw(Fault::late_answer, *rule.delay));
  }
  if (!rule.fault) return;
  ++counts_[index_of(*rule.fault)];
  switch (*rule.fault) {
    case Fault::rpc_500:
      fate.error = internal_error();
      break;
    case Fault::rpc_503:
      fate.error = timeout_error();
      break;
    case Fault::gzip_bomb:
      fate.gzip_bomb = true;
      break;
    case Fault::unknown_constructor:
      fate.unknown_constructor = true;
      break;
    case Fault::lose_key:
      fate.lose_key = true;
      break;
    default:
      flag(concerns_client(*rule.fault) ? fate.next : fate.answer, *rule.fault) = true;
      break;
  }
}

bool Faults::away(std::int32_t dc, mtproto::Time now) const {
  return std::any_of(plan_.absences.begin(), plan_.absences.end(), [&](const Absence& it) {
    auto into = now - since_ - it.after;
    if (it.dc != dc || into < mtproto::Duration::zero()) return false;
    if (it.every) into %= *it.every;
    return into < it.away;
  });
}

std::optional<mtproto::Time> Faults::next_change(std::int32_t dc, mtproto::Time now) const {
  std::optional<mtproto::Time> out;
  for (const auto& it : plan_.absences) {
    if (it.dc != dc) continue;
    auto from = since_ + it.after;
    if (it.every && now >= from) from += (now - from) / *it.every * *it.every;
    auto at = now < from ? from : from + it.away;
    if (at <= now && it.every) at = from + *it.every;
    if (at > now && (!out || at < *out)) out = at;
  }
  return out;
}

std::size_t Faults::cut(std::size_t size) {
  return size == 0 ? 0 : streams_[index_of(Fault::truncate)]() % size;
}

}  // namespace server::sandbox
