#include "tests/simulation/wire.hpp"

#include "mtproto/message/service_ack.hpp"
#include "mtproto/message/service_session.hpp"
#include "tests/simulation/mangle.hpp"

namespace simulation {

using namespace mtproto;
using namespace std::chrono_literals;

Wire::Wire(Scene& scene, Watch& watch, Past& past_down, const ClientTransport& transport,
           std::uint64_t number)
    : scene_(scene),
      watch_(watch),
      past_down_(past_down),
      number_(number),
      random_(scene.options.seed * 1000 + number),
      outer_(Transport::server(random_)),
      inner_(Transport::client(transport, random_)) {}

void Wire::join(std::weak_ptr<End> client, std::weak_ptr<End> host) {
  const auto lane_to = [&](const std::weak_ptr<End>& whom) {
    return std::make_shared<Lane>(
        scene_,
        [whom](ByteView bytes) {
          if (const auto it = whom.lock()) it->arrived(bytes);
        },
        [whom] {
          if (const auto it = whom.lock()) it->ended();
        });
  };
  up_ = lane_to(host);
  down_ = lane_to(client);
}

void Wire::client_wrote(ByteView bytes) {
  outer_.feed(bytes);
  for (;;) {
    auto next = outer_.next();
    if (!next) throw Violation("the client wrote a broken frame: " + next.error().message());
    if (!*next) return;
    const auto whole = without_padding((*next)->payload);
    up(Bytes(whole.begin(), whole.end()));
  }
}

void Wire::host_wrote(ByteView bytes) {
  inner_.feed(bytes);
  for (;;) {
    auto next = inner_.next();
    if (!next) throw Violation("the host wrote a broken frame: " + next.error().message());
    if (!*next) return;
    const auto whole = without_padding((*next)->payload);
    down(Bytes(whole.begin(), whole.end()));
  }
}

void Wire::up(Bytes frame) {
  const auto incoming = watch_.open(Side::client, frame);
  if (!incoming) {
    watch_.client_wrote_plain(frame);
    scene_.say("client", [&] { return "writes a plain packet"; });
    return pass({}, true, std::move(frame));
  }
  scene_.say("client", [&] { return describe(*incoming); });
  watch_.client_wrote(*incoming);
  if (refused(*incoming, frame)) return;
  pass(scene_.rates.up, true, std::move(frame));
  if (scene_.dice.chance(scene_.rates.forget_session)) forget_session();
}

void Wire::down(Bytes frame) {
  const auto incoming = watch_.open(Side::server, frame);
  if (!incoming) return pass({}, false, std::move(frame));
  if (incoming->head.session == stranger) return;
  scene_.say("server", [&] { return describe(*incoming); });
  watch_.server_wrote(*incoming);
  pass(scene_.rates.down, false, std::move(frame));
  if (scene_.dice.chance(scene_.rates.question)) inject_question();
  if (scene_.dice.chance(scene_.rates.transport_code)) {
    const std::int32_t code = scene_.dice.chance(0.5) ? -429 : -500;
    scene_.say("network", [&] { return "says " + std::to_string(code); });
    Bytes four;
    tl::Writer(four).int32(code);
    emit(false, four);
  }
}

void Wire::pass(const FrameRates& rates, bool upwards, Bytes frame) {
  auto& dice = scene_.dice;
  if (!survives(rates, upwards, frame)) return;
  remember(past(upwards), frame, upwards ? 20s : 200s);
  auto& held = hold(upwards).frame;
  if (!held && dice.chance(rates.reorder)) {
    scene_.say("network", [&] { return "holds a frame back"; });
    held = std::move(frame);
    scene_.agenda.in(100ms, [self = shared_from_this(), upwards] { self->emit_held(upwards); });
    return;
  }
  emit(upwards, frame, dice.chance(rates.slow) ? dice.between(1s, 20s) : Duration{});
  emit_held(upwards);
  if (dice.chance(rates.duplicate)) {
    scene_.say("network", [&] { return "says a frame twice"; });
    emit(upwards, frame);
  }
  auto& frames = past(upwards);
  if (!frames.empty() && dice.chance(rates.replay)) {
    const auto& again = frames[dice.below(frames.size())];
    scene_.say("network", [&] { return "replays a frame " + seconds(scene_.now() - again.time); });
    emit(upwards, again.payload);
  }
}

bool Wire::survives(const FrameRates& rates, bool upwards, Bytes& frame) {
  auto& dice = scene_.dice;
  if (dice.chance(rates.cut)) {
    emit(upwards, frame);
    cut();
    return false;
  }
  if (dice.chance(rates.half_open)) {
    scene_.say("network",
               [&] { return upwards ? "loses all that goes up" : "loses all that goes down"; });
    lane(upwards).fall_silent();
    return false;
  }
  if (dice.chance(rates.drop)) {
    lose("loses a frame", upwards);
    return false;
  }
  // The key's id stays what it is: of a key that it does not know a host says so, in good faith.
  constexpr std::size_t least = 8;
  if (frame.size() > least + 4 && dice.chance(rates.truncate)) {
    frame.resize(least + 4 * dice.below((frame.size() - least) / 4));
    lose("truncates a frame", upwards);
  } else if (frame.size() > least && dice.chance(rates.corrupt)) {
    frame[least + dice.below(frame.size() - least)] ^=
        static_cast<std::uint8_t>(1 << dice.below(8));
    lose("corrupts a frame", upwards);
  }
  return true;
}

// The frame is gone, the link lives on.
void Wire::lose(const char* how, bool upwards) {
  scene_.say("network", [&] { return std::string(how) + (upwards ? " up" : " down"); });
  if (scene_.options.live_losses || std::exchange(doomed_, true)) return;
  scene_.agenda.in(scene_.dice.between(0s, 15s), [self = shared_from_this()] { self->cut(); });
}

void Wire::emit(bool upwards, const Bytes& frame, Duration extra) {
  Bytes bytes;
  if (upwards) {
    inner_.write(frame, bytes);
  } else if (outer_.framing()) {
    outer_.write(frame, bytes);
  }
  lane(upwards).write(bytes, extra);
}

void Wire::emit_held(bool upwards) {
  if (const auto frame = std::exchange(hold(upwards).frame, {})) emit(upwards, *frame);
}

// A client can't tell a host's old "no" from a new one: what is replayed to a host is young.
void Wire::remember(Past& frames, const Bytes& frame, Duration longest) {
  constexpr std::size_t most = 64;
  constexpr std::size_t largest = 2048;
  if (frame.size() > largest) return;
  while (!frames.empty() &&
         (frames.size() == most || frames.front().time + longest < scene_.now())) {
    frames.pop_front();
  }
  frames.push_back({scene_.now(), frame});
}

// What the data centre does not take: it never arrives, or arrives so that the host says no.
bool Wire::refused(const Incoming& incoming, Bytes& frame) {
  auto& dice = scene_.dice;
  const auto& rates = scene_.rates;
  const auto& key = *watch_.key(incoming.key);
  if (dice.chance(rates.refuse)) {
    constexpr std::int32_t codes[] = {16, 17, 18, 19, 20, 32, 33, 34, 35, 64, 96};
    const auto code = codes[dice.below(std::size(codes))];
    if (code == 20) watch_.forgotten();
    scene_.say("network", [&] { return "refuses it with " + std::to_string(code); });
    const auto seqno = static_cast<std::int32_t>(incoming.head.seqno);
    say_as_server(incoming.head.session,
                  write_service(BadMsgNotification{incoming.head.id, seqno, code}));
    return true;
  }
  const auto change = [&](double rate, Wrong what, const char* how) {
    if (!dice.chance(rate)) return;
    if (auto mangled = mangle(key, frame, what, random_)) {
      scene_.say("network", [&] { return how; });
      frame = std::move(*mangled);
    }
  };
  change(rates.wrong_salt, Wrong::salt, "spoils the salt");
  change(rates.wrong_seqno, Wrong::seqno, "spoils the sequence numbers");
  if (incoming.container) change(rates.bad_container, Wrong::container, "spoils the container");
  return false;
}

// Somebody with the same key destroys the client's session.
void Wire::forget_session() {
  const auto head = watch_.last_client_head();
  const auto* key = watch_.key(watch_.last_client_key());
  if (key == nullptr) return;
  scene_.say("network", [&] { return "destroys the session"; });
  // Under the id that follows, which is no harm in another session.
  MessageHead other{head.salt, stranger, MessageId(head.id.value() + 4), 0};
  Bytes packet;
  seal(*key, Side::client, other, write_service(DestroySession{head.session}), random_, packet);
  emit(true, packet);
  past_up_.clear();
}

void Wire::inject_question() {
  const auto ours = watch_.some_server_message(scene_.dice);
  const auto theirs = watch_.some_client_message(scene_.dice);
  const auto unknown = watch_.foreign_server_id(scene_.wall());
  const auto session = watch_.session();
  switch (scene_.dice.below(5)) {
    case 0:
      return say_as_server(session, write_service(MsgsStateReq{{ours.value_or(unknown)}}));
    case 1:
      if (!ours || !theirs) return;
      return say_as_server(session, write_service(MsgDetailedInfo{*theirs, *ours, 20, 0}));
    case 2:
      return say_as_server(session,
                           write_service(MsgNewDetailedInfo{ours.value_or(unknown), 20, 0}));
    case 3:
      return say_as_server(session, write_service(BadMsgNotification{unknown, 1, 32}));
    default:
      return say_as_server(session, write_service(MsgResendReq{{unknown}}));
  }
}

void Wire::say_as_server(SessionId session, const Bytes& body) {
  const auto* key = watch_.key(watch_.last_client_key());
  if (key == nullptr) return;
  const MessageHead head{0, session, watch_.foreign_server_id(scene_.server_wall()), 0};
  Bytes packet;
  seal(*key, Side::server, head, body, random_, packet);
  if (const auto incoming = watch_.open(Side::server, packet)) {
    scene_.say("network", [&] { return "as server: " + describe(*incoming); });
  }
  pass({}, false, std::move(packet));
}

void Wire::client_closed() {
  down_->close();
  up_->leave();
}

void Wire::host_closed() {
  up_->close();
  down_->leave();
}

void Wire::cut() {
  scene_.say("network", [&] { return "cuts connection " + std::to_string(number_); });
  up_->cut();
  down_->cut();
}

void Wire::fall_silent() {
  up_->fall_silent();
  down_->fall_silent();
}

}  // namespace simulation
