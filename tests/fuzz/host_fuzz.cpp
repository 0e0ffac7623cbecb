// A data centre's half against clients that hold a key and say anything: any bodies and
// containers, message ids and sequence numbers as they like, service messages about what was said,
// repeats, garbage; while answers and updates are written and connections come and go.
#include <map>
#include <set>

#include "mtproto/host/host.hpp"
#include "mtproto/message/service_ack.hpp"
#include "mtproto/message/service_rpc.hpp"
#include "mtproto/message/service_session.hpp"
#include "tests/fuzz/support.hpp"
#include "tests/support/peer.hpp"

namespace {

using namespace mtproto;
using namespace std::chrono_literals;
using support::Heard;
using support::Peer;

constexpr int most_steps = 300;
constexpr std::size_t most_heard = 64;
constexpr std::uint64_t salt = 0x5a17;

class Play {
 public:
  explicit Play(fuzz::Input in) : in_(in), client_(Peer::client(support::fixed_key(), random_)) {
    options_.strict_seqno = in_.flag();
    ring_.add(client_.key, salt, now_);
    client_.salt = salt;
    connect();
  }

  void run() {
    for (int steps = 0; steps < most_steps && !in_.empty(); ++steps) {
      step(in_.below(20));
      look();
    }
    hear();
    // Every message may ask for some that were written before, none of them longer than 1 KiB.
    fuzz::promise(written_ <= (std::size_t{1} << 16) + 256 * told_, "what is written is bounded");
  }

 private:
  void connect() {
    host_.emplace(options_, ring_, random_);
    host_->connect(now_, client_.wall);
    client_.transport = Transport::client({}, random_);
    failures_ = 0;
  }

  // --- what a data centre promises ---

  void look() {
    for (const auto& event : host_->take_events()) take(event);
    if (const auto due = host_->deadline()) {
      fuzz::promise(failures_ == 0, "a failed connection waits for nothing");
    }
  }
  void take(const HostEvent& event) {
    if (const auto* it = std::get_if<Request>(&event)) {
      fuzz::promise(failures_ == 0, "a failed connection takes nothing");
      fuzz::promise(taken_.insert({it->from, it->message}).second, "a request is taken once");
      fuzz::promise(it->message.value() % 4 == 0, "a client's ids are divisible by four");
      requests_.push_back(*it);
    }
    if (const auto* it = std::get_if<SessionGone>(&event)) forget(it->session);
    if (std::get_if<KeyGone>(&event) != nullptr) {
      taken_.clear();
      bodies_.clear();
      ring_.add(client_.key, salt, now_);
    }
    if (std::get_if<HostFailed>(&event) != nullptr) {
      fuzz::promise(++failures_ == 1, "a connection fails once");
    }
  }
  void forget(const SessionAddress& session) {
    std::erase_if(taken_, [&](const auto& it) { return it.first == session; });
    std::erase_if(bodies_, [&](const auto& it) { return it.first.first == session.session; });
  }
  void hear() {
    Bytes out;
    std::size_t turns = 0;
    while (host_->take_output(out)) {
      fuzz::promise(++turns < 100, "writing comes to an end");
      written_ += out.size();
      for (auto& it : client_.hear(out)) note(it);
    }
    client_.plain.clear();  // codes of the transport
  }
  void note(Heard& it) {
    fuzz::promise(it.id.value() % 2 == 1, "a server's ids are odd");
    fuzz::promise(!it.container || it.id < it.head.id, "a container's id is above those inside");
    const auto [known, first] = bodies_.try_emplace({it.head.session, it.id}, it.body);
    fuzz::promise(first || known->second == it.body, "one id stands for one message");
    if (heard_.size() == most_heard) heard_.erase(heard_.begin());
    heard_.push_back(std::move(it));
  }

  // --- what clients say ---

  void tell(const Bytes& bytes) {
    told_ += bytes.size();
    host_->receive(bytes, now_);
    for (int turns = 0; turns < 100; ++turns) {
      auto list = host_->take_work();
      if (list.empty()) return;
      for (auto& it : list) {
        it->run();
        host_->done(std::move(it), now_);
      }
    }
    fuzz::promise(false, "work comes to an end");
  }
  void say(ByteView body, bool content) {
    const auto id = client_.next_id(MessageKind::from_client);
    say_as(id, client_.sequence.next(content), body);
  }
  void say_as(MessageId id, std::uint32_t seqno, ByteView body) {
    said_.push_back(id);
    packet_.clear();
    seal(client_.key, Side::client, {client_.salt, client_.session, id, seqno}, body,
         client_.random, packet_);
    tell(client_.frame(packet_));
  }
  template <class T>
  void say(const T& message) requires requires {
    T::id;
  }
  { say(ByteView(write_service(message)), in_.byte() % 4 == 1); }

  MessageId some_said() {
    return said_.empty() ? MessageId(4) : said_[said_.size() - 1 - in_.below(said_.size())];
  }
  MessageId some_heard() {
    return heard_.empty() ? MessageId(5) : heard_[heard_.size() - 1 - in_.below(heard_.size())].id;
  }
  std::vector<MessageId> ids(bool ours) {
    std::vector<MessageId> out;
    const auto count = in_.below(6);
    for (std::size_t i = 0; i < count; ++i) out.push_back(ours ? some_said() : some_heard());
    return out;
  }

  void say_together() {
    std::vector<Bytes> bodies;
    std::vector<InnerMessage> inner;
    const auto count = in_.below(6);
    for (std::size_t i = 0; i < count; ++i) bodies.push_back(in_.words());
    for (const auto& body : bodies) {
      const auto choice = in_.byte();
      const auto id = choice % 8 == 7 ? some_said() : client_.next_id(MessageKind::from_client);
      const bool content = choice % 2 == 0;
      inner.push_back({id, client_.sequence.next(content), body});
      said_.push_back(id);
    }
    Bytes body;
    write_container(inner, body);
    say(ByteView(body), false);
  }
  void say_service() {
    switch (in_.below(12)) {
      case 0:
        return say(Ping{in_.number(1)});
      case 1:
        return say(PingDelayDisconnect{1, static_cast<std::int32_t>(in_.number(4))});
      case 2:
        return say(GetFutureSalts{static_cast<std::int32_t>(in_.number(4))});
      case 3:
        return say(DestroySession{SessionId(0x5e55 + in_.below(4))});
      case 4:
        return say(DestroyAuthKey{});
      case 5:
        return say(RpcDropAnswer{some_said()});
      case 6:
        return say(MsgsStateReq{ids(true)});
      case 7:
        return say(MsgResendReq{ids(false)});
      case 8:
        return say(MsgResendAnsReq{ids(true)});
      case 9:
        return say(MsgsAck{ids(false)});
      case 10:
        return say(MsgsStateInfo{some_heard(), {}});
      default:
        return say(HttpWait{1, 2, 3});
    }
  }

  void answer(bool again) {
    if (requests_.empty()) return;
    const auto at = in_.below(requests_.size());
    const auto request = requests_[at];
    if (!again) requests_.erase(requests_.begin() + static_cast<std::ptrdiff_t>(at));
    host_->answer(request.from, request.message, result(), now_);
  }
  Bytes result() {
    auto out = support::words({0xa05e0000});
    tl::append(out, Bytes(in_.byte() * 4));
    return out;
  }
  void pass(Duration wait) {
    now_ += wait;
    client_.wall += wait;
    host_->tick(now_);
    look();
    hear();
    const auto due = host_->deadline();
    fuzz::promise(!due || *due > now_, "what was due has been done");
  }

  void step(std::size_t which) {
    static constexpr Duration waits[] = {1ms, 100ms, 1s, 20s, 61s, 6min, 2h};
    switch (which) {
      case 0:
      case 1:
        return say(ByteView(support::words({0x11110000, ++calls_})), true);
      case 2:
        return say(ByteView(in_.words()), in_.flag());
      case 3:
        return say_together();
      case 4:
      case 5:
        return say_service();
      case 6: {
        const auto id = in_.flag() ? MessageId(in_.number(8)) : some_said();
        return say_as(id, static_cast<std::uint32_t>(in_.number(1)), in_.words());
      }
      case 7:
        client_.salt = in_.flag() ? salt : in_.number(1);
        return;
      case 8:
        client_.session = SessionId(0x5e55 + in_.below(4));
        return;
      case 9:
        if (!packet_.empty()) tell(client_.frame(packet_));
        return;
      case 10: {
        const auto raw = in_.piece();
        Bytes bytes(raw.begin(), raw.end());
        if (in_.flag() && bytes.size() % 4 == 0) bytes = client_.frame(bytes);
        return tell(bytes);
      }
      case 11:
        return answer(false);
      case 12:
        return answer(true);
      case 13:
        host_->push({client_.key.id(), client_.session}, result(), now_);
        return;
      case 14:
        return pass(waits[in_.below(std::size(waits))]);
      case 15:
        if (const auto due = host_->deadline()) pass(std::max(*due - now_, Duration{}));
        return;
      case 16:
        return connect();
      case 17:
        client_.wall +=
            in_.flag() ? waits[in_.below(std::size(waits))] : -waits[in_.below(std::size(waits))];
        return;
      default:
        return hear();
    }
  }

  fuzz::Input in_;
  support::ScriptedRandom random_{3};
  Time now_ = support::start;
  KeyRing ring_;
  HostOptions options_;
  std::optional<Host> host_;
  Peer client_;
  std::set<std::pair<SessionAddress, MessageId>> taken_;
  std::map<std::pair<SessionId, MessageId>, Bytes> bodies_;
  std::vector<Request> requests_;
  std::vector<Heard> heard_;
  std::vector<MessageId> said_;
  Bytes packet_;
  std::uint32_t calls_ = 0;
  int failures_ = 0;
  std::size_t told_ = 0, written_ = 0;
};

}  // namespace

FUZZ_TARGET(host) { Play(fuzz::Input(bytes)).run(); }
