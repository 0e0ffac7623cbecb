// A session against a server that holds the key and says anything: any bodies, any service
// messages about what the session wrote, garbage, silence; while requests come, time passes and
// connections are lost. At the end a good server comes, and every request has to end.
#include <map>
#include <set>

#include "mtproto/crypto/sha.hpp"
#include "mtproto/host/host.hpp"
#include "mtproto/message/service_ack.hpp"
#include "mtproto/message/service_rpc.hpp"
#include "mtproto/message/service_session.hpp"
#include "mtproto/session/session.hpp"
#include "tests/fuzz/support.hpp"
#include "tests/support/peer.hpp"

namespace {

using namespace mtproto;
using namespace std::chrono_literals;
using support::Heard;
using support::Peer;

constexpr int most_steps = 300;
constexpr std::size_t most_heard = 64;

SessionState start_state(bool known) {
  SessionState state;
  state.key = support::fixed_key();
  state.server_salt = 0x5a17;
  if (known) {
    state.session = SessionId(0x5e55);
    state.last_seqno = 8;
  }
  return state;
}

Duration wait_of(std::size_t choice) {
  static constexpr Duration waits[] = {1ms, 100ms, 1s, 5s, 20s, 31s, 66s, 10min, 2h};
  return waits[choice % std::size(waits)];
}

class Play {
 public:
  Play(fuzz::Input in, std::uint64_t seed)
      : in_(in),
        server_random_(seed),
        known_(in_.flag()),
        session_(mtproto::SessionOptions(), start_state(known_), random_),
        server_(Peer::server(support::fixed_key(), random_)) {}

  void run() {
    connect();
    for (int steps = 0; steps < most_steps && !in_.empty(); ++steps) {
      step(in_.below(27));
      look();
    }
    heal();
  }

 private:
  // --- the client's side ---

  void connect() {
    server_.transport = Transport::server(random_);
    session_.connect(Transport::client({}, random_), now_, server_.wall);
    failures_ = 0;
  }

  void send(SendOptions options, Bytes body) {
    if (live_.size() > 200) return;
    const bool repeatable = options.repeat == Repeat::freely || !options.api;
    forced_ = forced_ || options.seqno;
    const auto request = session_.send(std::move(body), std::move(options), now_);
    fuzz::promise(ever_.insert(request).second, "a request's number is its own");
    live_[request] = repeatable;
    last_ = request;
  }
  void send_call(Repeat repeat) {
    SendOptions options;
    options.repeat = repeat;
    send(options, support::words({0x11110000 + ++calls_, in_.byte()}));
  }
  void send_odd() {
    SendOptions options;
    const auto kind = in_.byte();
    options.api = (kind & 1) != 0;
    options.bare = (kind & 2) != 0;
    options.repeat = (kind & 4) != 0 ? Repeat::freely : Repeat::ask;
    if ((kind & 8) != 0) options.seqno = in_.byte();
    if ((kind & 16) != 0 && last_.value() != 0) options.after = {last_};
    if (!options.api) {
      options.answered = (kind & 32) == 0;
      return send(options, options.answered ? write_service(Ping{calls_})
                                            : write_service(MsgsAck{{MessageId(5)}}));
    }
    // Bodies that no packet holds, or that are no words.
    if ((kind & 64) != 0) return send(options, Bytes(in_.byte()));
    send(options, support::words({0x22220000 + ++calls_}));
  }

  // What the session wrote, held against what a server insists on.
  void hear() {
    Bytes out;
    std::size_t turns = 0;
    while (session_.take_output(out)) {
      fuzz::promise(session_.connected(), "nothing is written without a connection");
      fuzz::promise(++turns < 100, "writing comes to an end");
      for (auto& it : server_.hear(out)) note(it);
    }
    fuzz::promise(server_.plain.empty(), "everything is written under the key");
  }
  void note(Heard& it) {
    const auto session = it.head.session.value();
    if (it.head.id != noted_packet_) {
      noted_packet_ = it.head.id;
      fuzz::promise(packets_.insert({session, it.head.id}).second, "a message id is used once");
    }
    fuzz::promise(it.id.value() % 4 == 0, "a client's ids are divisible by four");
    fuzz::promise(it.container || it.id == it.head.id, "a message alone has its packet's id");
    fuzz::promise(!it.container || it.id < it.head.id, "a container's id is above those inside");
    auto& last = last_written_[session];
    fuzz::promise(last < it.id, "ids of a session grow");
    last = it.id;
    if (!forced_) check_seqno(session, it);
    if (heard_.size() == most_heard) heard_.erase(heard_.begin());
    heard_.push_back(std::move(it));
  }
  void check_seqno(std::uint64_t session, const Heard& it) {
    auto [at, fresh] = content_.try_emplace(session, known_ && session == 0x5e55 ? 4 : 0);
    const bool content = it.seqno % 2 == 1;
    fuzz::promise(it.seqno / 2 == at->second, "sequence numbers count content");
    if (content) ++at->second;
  }

  // --- what it promises ---

  void look() {
    for (auto& event : session_.take_events()) take(event);
    fuzz::promise(session_.in_flight() == live_.size(), "what is in flight has not ended");
    fuzz::promise(!session_.ready() || session_.connected(), "ready is connected");
  }
  void take(const Event& event) {
    if (const auto* it = std::get_if<Answer>(&event)) ended(it->request);
    if (const auto* it = std::get_if<Written>(&event)) ended(it->request);
    if (const auto* it = std::get_if<Refused>(&event)) ended(it->request);
    if (const auto* it = std::get_if<Lost>(&event)) {
      fuzz::promise(!live_.at(it->request), "what may be repeated is not lost");
      ended(it->request);
    }
    if (const auto* it = std::get_if<Failed>(&event)) {
      fuzz::promise(++failures_ == 1, "a connection fails once");
      keyless_ = keyless_ || it->why == errc::auth_key_not_found;
    }
  }
  void ended(RequestId request) { fuzz::promise(live_.erase(request) == 1, "a request ends once"); }
  void tick() {
    session_.tick(now_);
    look();
    hear();
    const auto deadline = session_.deadline();
    fuzz::promise(failures_ > 0 || !session_.connected() || deadline, "a live link has a deadline");
    fuzz::promise(!deadline || *deadline > now_, "what was due has been done");
  }

  // --- the server's side ---

  const Heard& some() {
    static const Heard none{};
    return heard_.empty() ? none : heard_[heard_.size() - 1 - in_.below(heard_.size())];
  }
  void tell(const Bytes& bytes) { session_.receive(bytes, now_); }
  void say(ByteView body, bool content) {
    const auto kind = in_.flag() ? MessageKind::answer : MessageKind::from_server;
    say_as(server_.next_id(kind), server_.sequence.next(content), body);
  }
  void say_as(MessageId id, std::uint32_t seqno, ByteView body) {
    packet_.clear();
    seal(server_.key, Side::server, {server_.salt, server_.session, id, seqno}, body,
         server_.random, packet_);
    if (speaks()) tell(server_.frame(packet_));
  }
  bool speaks() const { return server_.transport.framing().has_value(); }
  template <class T>
  void say(const T& message) requires requires {
    T::id;
  }
  { say(ByteView(write_service(message)), in_.flag()); }
  void say_together() {
    if (!speaks()) return;
    std::vector<Bytes> bodies;
    const auto count = in_.below(5);
    for (std::size_t i = 0; i < count; ++i) {
      bodies.push_back(in_.flag() ? write_rpc_result(some().id, in_.words()) : in_.words());
    }
    tell(server_.say_together(bodies, in_.flag()));
  }
  Bytes info() {
    const auto view = in_.piece();
    return {view.begin(), view.end()};
  }
  void say_about() {
    const std::vector<MessageId> ids(in_.below(3), some().id);
    const auto& other = some();
    switch (in_.below(7)) {
      case 0:
        return say(MsgsAck{ids});
      case 1:
        return say(MsgsAllInfo{ids, info()});
      case 2:
        return say(MsgsStateReq{ids});
      case 3:
        return say(MsgResendReq{ids});
      case 4:
        return say(MsgDetailedInfo{other.id, MessageId(in_.number(8)), 40, 0});
      case 5:
        return say(MsgNewDetailedInfo{server_.next_id(MessageKind::answer), 40, 0});
      default:
        return say(DestroySessionOk{SessionId(in_.number(1))});
    }
  }
  void say_salts() {
    FutureSalts salts{some().id, static_cast<std::int32_t>(in_.number(4)), {}};
    const auto count = in_.below(4);
    for (std::size_t i = 0; i < count; ++i) {
      salts.salts.push_back({static_cast<std::int32_t>(in_.number(4)),
                             static_cast<std::int32_t>(in_.number(4)), in_.number(1)});
    }
    say(salts);
  }
  // As a good server would.
  void say_good() {
    const auto all = heard_;
    for (const auto& it : all) {
      if (it.seqno % 2 == 1) say(ByteView(write_rpc_result(it.id, support::words({1}))), true);
    }
  }
  void say_refused() {
    static constexpr std::int32_t codes[] = {16, 17, 18, 19, 20, 32, 33, 34, 35, 48, 64};
    const auto& it = some();
    say(BadMsgNotification{in_.flag() ? it.head.id : it.id, static_cast<std::int32_t>(it.seqno),
                           codes[in_.below(std::size(codes))]});
  }

  void step(std::size_t which) {
    switch (which) {
      case 0:
        return send_call(Repeat::ask);
      case 1:
        return send_call(Repeat::freely);
      case 2:
        return send_odd();
      case 3: {
        const auto wait = wait_of(in_.byte());
        now_ += wait;
        server_.wall += wait;
        latest_ = std::max(latest_, server_.wall);
        return tick();
      }
      case 4:
        if (const auto due = session_.deadline()) now_ = std::max(now_, *due);
        return tick();
      case 5:
        session_.disconnect(now_);
        return connect();
      case 6:
        session_.disconnect(now_);
        return;
      case 7:
        return hear();
      case 8:
        return say(ByteView(in_.words()), in_.flag());
      case 9:
        return say_together();
      case 10:
        return say(ByteView(write_rpc_result(some().id, in_.words())), true);
      case 11:
        return say_refused();
      case 12: {
        const auto& it = some();
        server_.salt = in_.byte();
        return say(BadServerSalt{in_.flag() ? it.head.id : it.id,
                                 static_cast<std::int32_t>(it.seqno), 48, server_.salt});
      }
      case 13:
        return say(NewSessionCreated{some().id, in_.number(1), server_.salt});
      case 14:
        return say(MsgsStateInfo{some().id, info()});
      case 15:
        return say_about();
      case 16:
        return say(Pong{some().id, in_.number(1)});
      case 17:
        return say_salts();
      case 18:
        if (speaks() && !packet_.empty()) tell(server_.frame(packet_));
        return;
      case 19: {
        const auto raw = in_.piece();
        Bytes bytes(raw.begin(), raw.end());
        if (in_.flag() && speaks() && bytes.size() % 4 == 0) bytes = server_.frame(bytes);
        return tell(bytes);
      }
      case 20:
        if (last_.value() != 0) {
          session_.forget(last_);
          live_.erase(last_);
        }
        return;
      case 21:
        paused_ = in_.flag();
        return session_.pause(paused_, now_);
      case 22: {
        const auto wait = wait_of(in_.byte());
        server_.wall += in_.flag() ? wait : -wait;
        latest_ = std::max(latest_, server_.wall);
        return;
      }
      case 23: {
        const auto id = in_.flag() ? MessageId(in_.number(8)) : some().id;
        return say_as(id, static_cast<std::uint32_t>(in_.number(1)), in_.words());
      }
      case 24:
        return session_.set_prefix(in_.flag() ? support::words({0xda9b0d0d, 228}) : Bytes{});
      case 25:
        server_.session = in_.flag() ? SessionId(in_.number(1)) : some().head.session;
        return;
      default:
        hear();
        return say_good();
    }
  }

  // --- a good server at the end ---

  void heal() {
    // No id that was said before is said again.
    now_ += 10min;
    server_.wall = latest_ + 10min;
    if (paused_) session_.pause(false, now_);
    if (keyless_) return;
    KeyRing ring;
    ring.add(support::fixed_key(), 0x5a17, now_);
    for (int links = 0; links < 12 && !live_.empty(); ++links) {
      session_.disconnect(now_);
      look();
      Host host({}, ring, server_random_);
      host.connect(now_, server_.wall);
      session_.connect(Transport::client({}, random_), now_, server_.wall);
      failures_ = 0;
      for (int waits = 0; waits < 10 && failures_ == 0 && !live_.empty(); ++waits) {
        carry(host);
        now_ += 5s;
        server_.wall += 5s;
        session_.tick(now_);
        look();
      }
    }
    fuzz::promise(live_.empty(), "with a good server every request comes to an end");
  }
  void carry(Host& host) {
    Bytes bytes;
    for (int turns = 0;; ++turns) {
      fuzz::promise(turns < 1000, "client and server fall silent");
      bool moved = false;
      while (session_.take_output(bytes)) {
        moved = true;
        host.receive(bytes, now_);
      }
      for (const auto& event : host.take_events()) {
        const auto* request = std::get_if<Request>(&event);
        if (request == nullptr) continue;
        host.answer(request->from, request->message, support::words({1}), now_);
      }
      while (host.take_output(bytes)) {
        moved = true;
        session_.receive(bytes, now_);
      }
      look();
      if (!moved) return;
    }
  }

  fuzz::Input in_;
  support::ScriptedRandom server_random_;
  bool known_;
  support::ScriptedRandom random_{3};
  Time now_ = support::start;
  UnixTime latest_ = support::noon;  // the most that the server's clock has shown
  Session session_;
  Peer server_;
  std::map<RequestId, bool> live_;  // and whether it may be repeated
  std::set<RequestId> ever_;
  RequestId last_;
  std::uint32_t calls_ = 0;
  bool forced_ = false;  // the caller chose a sequence number
  bool paused_ = false;
  bool keyless_ = false;
  int failures_ = 0;
  std::vector<Heard> heard_;
  MessageId noted_packet_;
  std::set<std::pair<std::uint64_t, MessageId>> packets_;
  std::map<std::uint64_t, MessageId> last_written_;
  std::map<std::uint64_t, std::uint32_t> content_;
  Bytes packet_;
};

}  // namespace

FUZZ_TARGET(session) {
  // Ids that the good server draws can't be guessed by what was said before.
  const auto hash = sha256({bytes});
  std::uint64_t seed = 0;
  std::memcpy(&seed, hash.data(), sizeof seed);
  Play(fuzz::Input(bytes), seed).run();
}
