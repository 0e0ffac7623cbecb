#include "tests/simulation/caller.hpp"

#include <algorithm>

#include "mtproto/message/service_ack.hpp"
#include "mtproto/message/service_session.hpp"

namespace simulation {
namespace {

using namespace mtproto;
using namespace std::chrono_literals;

constexpr std::uint64_t session_mark = 0xde57'0000'0000'0000;

std::string named(Number number, Kind kind) {
  return std::string(name_of(kind)) + " " + std::to_string(number);
}

}  // namespace

Caller::Caller(Scene& scene, Watch& watch) : scene_(scene), watch_(watch) {}

std::pair<Bytes, SendOptions> Caller::next() {
  auto& dice = scene_.dice;
  const auto number = static_cast<Number>(asked_.size());
  auto& asked = asked_.emplace_back();
  asked.sent = scene_.now();
  SendOptions options;
  const auto what = dice.below(100);
  const auto service = [&](Kind kind, Bytes body) {
    asked.kind = kind;
    options.api = false;
    return std::pair(std::move(body), std::move(options));
  };
  if (what < 3) return service(Kind::ping, write_service(Ping{number}));
  if (what < 4) return service(Kind::salts, write_service(GetFutureSalts{2}));
  if (what < 5) {
    return service(Kind::destroy, write_service(DestroySession{SessionId(session_mark + number)}));
  }
  if (what < 6) {
    options.answered = false;
    return service(Kind::note, write_service(MsgsAck{{MessageId(number * 4 + 1)}}));
  }
  asked.kind = what < 40 ? Kind::read : what < 65 ? Kind::effect : Kind::once;
  options.repeat = asked.kind == Kind::once ? Repeat::ask : Repeat::freely;
  for (auto count = dice.chance(0.15) ? 1 + dice.below(2) : 0; count > 0; --count) {
    const auto back = 1 + dice.below(5);
    if (back > number) continue;
    const auto earlier = static_cast<Number>(number - back);
    if (asked_[earlier].kind > Kind::once) continue;
    asked.after.push_back(earlier);
    options.after.push_back(asked_[earlier].request);
  }
  const auto size = dice.below(1000);
  const auto filler = size < 900 ? dice.below(20) : size < 998 ? dice.below(2000) : 70'000;
  auto body = write_call(asked.kind, number, filler);
  if (dice.chance(0.002)) body.pop_back();  // no whole words: refused
  return {std::move(body), std::move(options)};
}

void Caller::sent(RequestId request) {
  const auto number = static_cast<Number>(asked_.size() - 1);
  asked_.back().request = request;
  scene_.say("caller", [&] { return "asks " + named(number, asked_.back().kind); });
  open_.emplace(request, number);
  most_open_ = std::max(most_open_, open_.size());
  if (!all_.emplace(request, number).second) throw Violation("a request's id was given twice");
  if (scene_.dice.chance(0.05)) {
    impatient_.emplace_back(scene_.now() + scene_.dice.between(100ms, 15s), request);
  }
}

std::vector<RequestId> Caller::impatient() {
  std::vector<RequestId> out;
  std::erase_if(impatient_, [&](const auto& it) {
    if (it.first > scene_.now()) return false;
    if (open_.contains(it.second)) out.push_back(it.second);
    return true;
  });
  for (const auto request : out) end(request, End::forgotten);
  return out;
}

Caller::Asked& Caller::end(RequestId request, End how) {
  static constexpr const char* names[] = {"",        "answered",  "lost",      "refused",
                                          "written", "forgotten", "broken off"};
  const auto at = all_.find(request);
  if (at == all_.end()) throw Violation("an event names a request that was never made");
  auto& asked = asked_[at->second];
  const auto* name = names[static_cast<std::size_t>(how)];
  if (asked.end != End::none) {
    throw Violation(named(at->second, asked.kind) + " is " + name + " after it was " +
                    names[static_cast<std::size_t>(asked.end)]);
  }
  scene_.say("caller", [&] { return named(at->second, asked.kind) + " is " + name; });
  asked.end = how;
  ++ends_[static_cast<std::size_t>(how)];
  open_.erase(request);
  return asked;
}

void Caller::answered(RequestId request, ByteView body) {
  const auto& asked = end(request, End::answered);
  check_answer(all_.at(request), asked, body);
}

void Caller::check_answer(Number number, const Asked& asked, ByteView body) const {
  const auto right = [&] {
    switch (asked.kind) {
      case Kind::ping: {
        const auto pong = read_service<Pong>(body);
        return pong && pong->ping_id == number;
      }
      case Kind::salts:
        return tl::Reader(body).peek() == FutureSalts::id;
      case Kind::destroy: {
        const auto none = read_service<DestroySessionNone>(body);
        return none && none->session_id == SessionId(session_mark + number);
      }
      case Kind::note:
        return false;
      default:
        return number_of_answer(body) == number;
    }
  };
  if (!right())
    throw Violation(named(number, asked.kind) + " got another's answer: constructor " +
                    hex(tl::Reader(body).peek()) + ", " + std::to_string(body.size()) + " bytes");
  const bool done = tl::Reader(body).peek() == answer_id;
  if (done && asked.executions == 0) {
    throw Violation(named(number, asked.kind) + " was answered and never carried out");
  }
}

// Only what was written may be lost, and only where somebody forgot it since.
void Caller::lost(RequestId request) {
  const auto& asked = end(request, End::lost);
  const auto number = all_.at(request);
  if (asked.kind != Kind::once) throw Violation(named(number, asked.kind) + " is lost");
  if (!watch_.was_written(number)) {
    throw Violation(named(number, asked.kind) + " is lost before it was written");
  }
  if (watch_.last_forgotten() < asked.sent) {
    throw Violation(named(number, asked.kind) + " is lost where its fate could be known");
  }
}

void Caller::refused(RequestId request) {
  const auto& asked = end(request, End::refused);
  if (watch_.was_written(all_.at(request))) {
    throw Violation(named(all_.at(request), asked.kind) + " is refused after it was written");
  }
}

void Caller::written(RequestId request) {
  const auto& asked = end(request, End::written);
  if (asked.kind != Kind::note) {
    throw Violation(named(all_.at(request), asked.kind) + " is over once written");
  }
}

void Caller::pushed(ByteView body) {
  const auto update = number_of_update(body);
  if (!update) return;  // a notice
  scene_.say("caller", [&] { return "hears update " + std::to_string(*update); });
  if (!updates_.insert(*update).second) {
    throw Violation("update " + std::to_string(*update) + " was told twice");
  }
}

void Caller::broken_off() {
  std::vector<RequestId> waiting;
  for (const auto& [request, number] : open_) waiting.push_back(request);
  for (const auto request : waiting) end(request, End::broken_off);
}

void Caller::executed(Number number) {
  auto& asked = asked_.at(number);
  scene_.say("server", [&] { return "carries out " + named(number, asked.kind); });
  if (++asked.executions > 1) {
    if (asked.kind == Kind::read) return;
    throw Violation(named(number, asked.kind) + " was carried out twice");
  }
  for (const auto earlier : asked.after) {
    const auto& before = asked_.at(earlier);
    if (before.end == End::none && before.executions == 0 && !before.failed_there) {
      throw Violation(named(number, asked.kind) + " was carried out before " +
                      named(earlier, before.kind) + ", which it has to come after");
    }
  }
}

std::optional<Time> Caller::oldest() const {
  std::optional<Time> out;
  for (const auto& [request, number] : open_) {
    const auto sent = asked_[number].sent;
    if (!out || sent < *out) out = sent;
  }
  return out;
}

std::string Caller::oldest_name() const {
  Number first = ~Number{0};
  for (const auto& [request, number] : open_) first = std::min(first, number);
  return open_.empty() ? "nothing" : named(first, asked_[first].kind);
}

}  // namespace simulation
