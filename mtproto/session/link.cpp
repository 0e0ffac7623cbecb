// Connections: their beginning, the key exchange on them, the time that passes, and their end.
#include "mtproto/exchange/plain_message.hpp"
#include "mtproto/session/state.hpp"

namespace mtproto {
namespace {

// After so long what is read may have been said long ago.
constexpr Duration long_silence = std::chrono::seconds{60};

// Work of one connection: when it comes back the session may be on another.
class LinkWork final : public Work {
 public:
  LinkWork(std::uint64_t link, std::unique_ptr<Work> work) : link_(link), work_(std::move(work)) {}
  void run() override { work_->run(); }
  std::uint64_t link() const { return link_; }
  std::unique_ptr<Work> take() { return std::move(work_); }

 private:
  std::uint64_t link_;
  std::unique_ptr<Work> work_;
};

}  // namespace

void Session::State::connect(Transport transport, UnixTime wall) {
  link.emplace(std::move(transport), ++links, max_unpacked);
  silence.connected(now);
  // What was learnt of the server's clock is better than ours, but is proven anew: the machine may
  // have been stopped.
  clock = ServerClock(now, clock_seeded ? clock.at(now) : wall);
  clock_seeded = true;
  if (silence.paused()) link->backlog.begin(server_time());
  if (temporary) return connect_temporary();
  if (saved.key) return become_ready();
  start_exchange({});
  tell(KeyExchangeBegun{});
}

void Session::State::start_exchange(std::optional<std::int32_t> expires_in) {
  ClientExchangeOptions exchange;
  exchange.keys = options->keys;
  exchange.dc = options->dc;
  exchange.expires_in = expires_in;
  link->exchange = std::make_unique<ClientKeyExchange>(std::move(exchange), random);
  link->exchange->start();
}

void Session::State::hear() {
  const auto last = silence.last_heard();
  // This machine was stopped: what was said meanwhile is old by now, and not stale.
  if (now >= last + long_silence && link->backlog.empty()) {
    link->backlog.begin(clock.at(last));
    link->backlog.end(server_time());
  }
  silence.heard(now);
}

void Session::State::receive(ByteView bytes) {
  if (!link || link->failed) return;
  hear();
  link->transport.feed(bytes);
  while (!link->failed) {
    auto next = link->transport.next();
    if (!next) return fail(next.error());
    if (!*next) return;
    packet(std::move(**next));
  }
}

void Session::State::packet(Packet packet) {
  if (packet.quick_ack) return;
  const auto padded = link->transport.framing() == Framing::padded;
  if (const auto code = transport_error(packet.payload, padded)) {
    if (temporary && says_key_unknown(*code)) return;
    return fail(transport_error_code(*code), *code);
  }
  // A word of zero means nothing.
  if (packet.payload.size() < 16 && tl::Reader(packet.payload).peek() == 0) return;
  // A temporary key is made while the one before it still serves.
  const bool plain = !temporary || named_key(packet.payload).value() == 0;
  if (link->exchange && plain) return exchange_packet(packet.payload);
  link->opener.push(std::move(packet), padded);
  drain();
}

void Session::State::exchange_packet(ByteView packet) {
  const auto plain = parse_plain_message(packet);
  if (!plain) return fail(plain.error());
  if (plain->id.value() % 2 == 0) return fail(errc::bad_message_id);
  exchange_step(link->exchange->receive(plain->body, now));
}

void Session::State::exchange_step(const tl::Result<void>& step) {
  if (!step) {
    // Once requests travel, a key is only made to replace the one in use.
    return link->ready ? obey(temporary->renewal_failed(now)) : fail(step.error());
  }
  auto fresh = link->exchange->take_key();
  if (!fresh) return;
  link->exchange.reset();
  clock.correct(now, fresh->server_time);
  if (temporary) {
    tell(KeyCreated{fresh->expires_in.has_value()});
    return obey(temporary->key_made(*fresh, now));
  }
  saved.key = fresh->key;
  salts = SaltBook(fresh->server_salt);
  fresh_session();
  tell(KeyCreated{});
  become_ready();
}

void Session::State::become_ready() {
  link->ready = true;
  silence.ready(now);
  tell(Ready{});
  settle_earlier_links();
}

void Session::State::drain() {
  while (!link->failed) {
    auto next = link->opener.next([&](AuthKeyId id) -> const AuthKey* {
      if (temporary) return temporary->find(id);
      return saved.key && saved.key->id() == id ? &*saved.key : nullptr;
    });
    if (!next) return;
    // The last words of a temporary key that was given up.
    if (temporary && next->has_error() && next->error() == errc::wrong_auth_key) continue;
    if (!*next) return fail(next->error());
    if (temporary && heard_of_binding(**next)) continue;
    incoming(**next);
  }
}

void Session::State::tick() {
  if (!link || link->failed) return;
  if (silence.was_stopped(now)) {
    // What the server said meanwhile has not been read yet, a pong perhaps.
    hear();
    silence.pong();
    silence.want_ping();
  }
  if (!silence.tick(now)) {
    return fail(boost::system::errc::make_error_code(boost::system::errc::timed_out));
  }
  if (temporary) obey(temporary->tick(now, silence.paused()));
  if (link->open()) look();
}

std::optional<Time> Session::State::deadline() const {
  if (!link || link->failed) return {};
  auto earliest = silence.deadline();
  const auto at = [&](Time time) { earliest = std::min(earliest.value_or(time), time); };
  if (temporary) {
    if (const auto due = temporary->deadline(silence.paused())) at(*due);
  }
  if (!link->ready) return earliest;
  if (const auto acks_due = acks.deadline()) at(*acks_due);
  if (link->look_due && !silence.paused() && pending.size() != 0) at(*link->look_due);
  return earliest;
}

WorkList Session::State::take_work() {
  WorkList out;
  if (!link || link->failed) return out;
  const auto give = [&](std::unique_ptr<Work> work) {
    out.push_back(std::make_unique<LinkWork>(link->number, std::move(work)));
  };
  if (link->exchange) {
    for (auto& work : link->exchange->take_work()) give(std::move(work));
  }
  if (auto work = link->opener.take_work()) give(std::move(work));
  return out;
}

void Session::State::done(std::unique_ptr<Work> work) {
  auto* of_link = dynamic_cast<LinkWork*>(work.get());
  if (of_link == nullptr || !link || link->failed || of_link->link() != link->number) return;
  auto inner = of_link->take();
  if (auto* opened = dynamic_cast<OpenWork*>(inner.get())) {
    link->opener.done(*opened);
    drain();
  } else if (link->exchange) {
    exchange_step(link->exchange->done(std::move(inner), now));
  }
}

void Session::State::pause(bool on) {
  if (on == silence.paused()) return;
  silence.pause(on);
  if (!link) return;
  if (on) {
    link->backlog.begin(clock.at(silence.last_heard()));
  } else {
    hear();
    silence.pong();
    link->backlog.end(server_time());
    // What is asked for may be among what was not read.
    for (const auto request : pending.all()) pending.find(request)->touched = now;
  }
}

}  // namespace mtproto
