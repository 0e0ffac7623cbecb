#include "server/sandbox/faults/tamper.hpp"

#include <algorithm>

#include "mtproto/message/envelope.hpp"
#include "server/sandbox/faults/mangle.hpp"
#include "tl/writer.hpp"

namespace server::sandbox {
namespace {

// A frame that is to go after the next one does not wait longer for it.
constexpr mtproto::Duration longest_hold = std::chrono::milliseconds{100};
// What a cut frame keeps: enough to be taken for one.
constexpr std::size_t least_kept = 24;
constexpr std::int32_t key_not_found = -404;

FrameFate both(FrameFate a, const FrameFate& b) {
  a.drop |= b.drop;
  a.duplicate |= b.duplicate;
  a.reorder |= b.reorder;
  a.truncate |= b.truncate;
  a.close |= b.close;
  a.half_open |= b.half_open;
  a.wrong_salt |= b.wrong_salt;
  a.bad_seqno |= b.bad_seqno;
  a.delay += b.delay;
  return a;
}

}  // namespace

Tamper::Tamper(mtproto::Host& host, const mtproto::KeyRing& ring, Faults& faults,
               tl::Random& random)
    : host_(host),
      ring_(ring),
      faults_(faults),
      random_(random),
      outer_(mtproto::Transport::server(random)),
      inner_(mtproto::Transport::client({}, random)) {}

void Tamper::receive(tl::ByteView bytes, mtproto::Time now) {
  now_ = now;
  if (silent_ || over_) return;
  outer_.feed(bytes);
  while (!silent_ && !over_) {
    auto next = outer_.next();
    if (!next) return end();
    if (!*next) break;
    up((*next)->payload);
  }
  pass_up();
}

void Tamper::up(tl::ByteView packet) {
  const auto payload = without_padding(packet);
  auto fate = faults_.frame(Direction::up, is_sealed(payload));
  if (is_sealed(payload)) fate = both(fate, std::exchange(marked_up_, {}));
  tl::Bytes copy(payload.begin(), payload.end());
  const auto* key =
      fate.wrong_salt || fate.bad_seqno ? ring_.find(mtproto::named_key(payload)) : nullptr;
  if (key != nullptr) {
    const auto what = fate.wrong_salt ? Wrong::salt : Wrong::seqno;
    if (auto mangled = mangle(*key, payload, what, random_)) copy = std::move(*mangled);
  }
  put(up_, fate, std::move(copy));
}

void Tamper::pass_up() {
  while (!silent_ && due(up_)) {
    tl::Bytes bytes;
    inner_.write(up_.frames.front().payload, bytes);
    up_.frames.pop_front();
    host_.receive(bytes, now_);
  }
}

void Tamper::take_from_host() {
  tl::Bytes bytes;
  while (host_.take_output(bytes)) inner_.feed(bytes);
  while (true) {
    auto next = inner_.next();
    if (!next || !*next) return;
    down((*next)->payload);
  }
}

void Tamper::down(tl::ByteView packet) {
  if (silent_ || over_) return;
  auto fate = faults_.frame(Direction::down, is_sealed(packet));
  if (is_sealed(packet)) fate = both(fate, std::exchange(marked_down_, {}));
  put(down_, fate, {packet.begin(), packet.end()});
}

void Tamper::put(Lane& lane, const FrameFate& fate, tl::Bytes payload) {
  if (fate.close) return end();
  if (fate.half_open) silent_ = true;
  if (silent_ || fate.drop) return;
  if (fate.truncate && payload.size() > least_kept) {
    payload.resize(least_kept + faults_.cut(payload.size() - least_kept) / 4 * 4);
  }
  // A stream has an order: what comes behind something late is late.
  auto at = now_ + fate.delay;
  if (!lane.frames.empty()) at = std::max(at, lane.frames.back().due);
  if (fate.reorder && !lane.held) {
    lane.held = Frame{at + longest_hold, std::move(payload)};
    return;
  }
  const int copies = fate.duplicate ? 2 : 1;
  for (int i = 0; i < copies; ++i) lane.frames.push_back({at, payload});
  if (!lane.held) return;
  lane.held->due = at;
  lane.frames.push_back(std::move(*lane.held));
  lane.held.reset();
}

// Whether the first frame is to go now.
bool Tamper::due(Lane& lane) {
  if (lane.held && lane.held->due <= now_) {
    lane.frames.push_back(std::move(*lane.held));
    lane.held.reset();
  }
  return !lane.frames.empty() && lane.frames.front().due <= now_;
}

void Tamper::tick(mtproto::Time now) {
  now_ = now;
  if (const auto due_to_host = host_.deadline(); due_to_host && *due_to_host <= now) {
    host_.tick(now);
  }
  pass_up();
}

std::optional<mtproto::Time> Tamper::deadline() const {
  auto earliest = host_.deadline();
  const auto at = [&](mtproto::Time time) {
    if (!earliest || time < *earliest) earliest = time;
  };
  if (over_) at(now_);
  if (silent_ || over_) return earliest;
  for (const auto* lane : {&up_, &down_}) {
    if (!lane->frames.empty()) at(lane->frames.front().due);
    if (lane->held) at(lane->held->due);
  }
  return earliest;
}

bool Tamper::take_output(tl::Bytes& out) {
  take_from_host();
  while (!silent_ && due(down_)) {
    outer_.write(down_.frames.front().payload, out_);
    down_.frames.pop_front();
  }
  out = std::exchange(out_, {});
  return !out.empty();
}

void Tamper::done(std::unique_ptr<mtproto::Work> work, mtproto::Time now) {
  now_ = now;
  host_.done(std::move(work), now);
}

void Tamper::mark(const FrameFate& answer, const FrameFate& next) {
  marked_down_ = both(marked_down_, answer);
  marked_up_ = both(marked_up_, next);
}

void Tamper::refuse_key() {
  tl::Bytes code;
  tl::Writer(code).int32(key_not_found);
  down_.frames.push_back({now_, std::move(code)});
}

void Tamper::end() { over_ = true; }

}  // namespace server::sandbox
