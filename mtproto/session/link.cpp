// Connections: their beginning, the key exchange on them, pings, and their end.
#include "mtproto/exchange/plain_message.hpp"
#include "mtproto/session/state.hpp"

namespace mtproto {
namespace {

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
  link.emplace(std::move(transport), ++links, now, options.max_unpacked);
  // What was learnt of the server's clock is better than ours, but is proven anew: the machine may
  // have been stopped.
  clock = ServerClock(now, clock_seeded ? clock.at(now) : wall);
  clock_seeded = true;
  if (paused) link->backlog_from = server_time();
  if (temporary) return connect_temporary();
  if (saved.key) return become_ready();
  start_exchange({});
  events.push_back(KeyExchangeBegun{});
}

void Session::State::start_exchange(std::optional<std::int32_t> expires_in) {
  ClientExchangeOptions exchange;
  exchange.keys = options.keys;
  exchange.dc = options.dc;
  exchange.expires_in = expires_in;
  link->exchange = std::make_unique<ClientKeyExchange>(std::move(exchange), random);
  link->exchange->start();
}

void Session::State::receive(ByteView bytes) {
  if (!link || link->failed) return;
  note_heard();
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
    if (temporary && temporary_transport_error(*code)) return;
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
  if (!step) return link->ready ? renewal_failed() : fail(step.error());
  auto fresh = link->exchange->take_key();
  if (!fresh) return;
  link->exchange.reset();
  clock.correct(now, fresh->server_time);
  if (temporary) return temporary_key_made(*fresh);
  saved.key = fresh->key;
  salts = SaltBook(fresh->server_salt);
  fresh_session();
  events.push_back(KeyCreated{});
  become_ready();
}

void Session::State::become_ready() {
  link->ready = true;
  link->pinged = now;
  events.push_back(Ready{});
  settle_earlier_links();
}

void Session::State::drain() {
  while (!link->failed) {
    auto next = link->opener.next([&](AuthKeyId id) -> const AuthKey* {
      if (saved.key && saved.key->id() == id) return &*saved.key;
      return temporary ? temporary->find(id) : nullptr;
    });
    if (!next) return;
    // The last words of a temporary key that was given up.
    if (temporary && next->has_error() && next->error() == errc::wrong_auth_key) continue;
    if (!*next) return fail(next->error());
    if (temporary && binding_heard(**next)) continue;
    incoming(**next);
  }
}

std::optional<Time> Session::State::deadline() const {
  if (!link || link->failed) return {};
  std::optional<Time> earliest;
  const auto at = [&](Time time) {
    if (!earliest || time < *earliest) earliest = time;
  };
  if (const auto dead = dead_at()) at(*dead);
  if (const auto due = temporary ? temporary_deadline() : std::nullopt) at(*due);
  if (!link->ready) return earliest;
  at(ping_due());
  if (const auto probe = probe_due()) at(*probe);
  if (const auto acks_due = acks.deadline()) at(*acks_due);
  if (link->look_due && !paused && pending.size() != 0) at(*link->look_due);
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
  if (on == paused) return;
  paused = on;
  if (!link) return;
  if (on) {
    if (!link->backlog_from) link->backlog_from = clock.at(link->heard);
  } else {
    note_heard();
    link->pings_unanswered = 0;
    link->backlog_until = server_time();
    // What is asked for may be among what was not read.
    for (const auto request : pending.all()) pending.find(request)->touched = now;
  }
}

}  // namespace mtproto
