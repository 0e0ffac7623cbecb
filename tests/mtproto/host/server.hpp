// A Host against a client that is moved by hand, under scripted time.
#pragma once

#include "mtproto/host/host.hpp"
#include "mtproto/message/service_ack.hpp"
#include "mtproto/message/service_session.hpp"
#include "tests/mtproto/talk.hpp"

namespace support {

struct Server {
  explicit Server(mtproto::HostOptions options_in = {}, mtproto::ClientTransport transport = {})
      : options(std::move(options_in)), client(Peer::client(fixed_key(), random, transport)) {
    ring.add(client.key, salt, now);
    client.salt = salt;
    connect(transport);
  }

  void connect(mtproto::ClientTransport transport = {}) {
    host.emplace(options, ring, random);
    host->connect(now, client.wall);
    client.transport = mtproto::Transport::client(transport, random);
  }
  void pass(mtproto::Duration time) {
    now += time;
    client.wall += time;
    host->tick(now);
  }
  void tell(const tl::Bytes& bytes) { host->receive(bytes, now); }
  std::vector<Heard> heard() { return hear_all(*host, client); }
  // Says one thing and hears what comes of it.
  std::vector<Heard> after(const tl::Bytes& bytes) {
    tell(bytes);
    return heard();
  }
  template <class T>
  std::vector<T> events() {
    return of_kind<T>(host->take_events());
  }
  // A session that the server knows, with nothing to be acknowledged.
  void settle() {
    const auto first = after(client.say(mtproto::Ping{1}));
    mtproto::MsgsAck ack;
    for (const auto& it : first) ack.msg_ids.push_back(it.id);
    tell(client.say(ack));
    heard();
    host->take_events();
  }
  mtproto::SessionAddress address() const { return {client.key.id(), client.session}; }

  static constexpr std::uint64_t salt = 0x5a17;
  ScriptedRandom random{3};
  mtproto::Time now = start;
  mtproto::KeyRing ring;
  mtproto::HostOptions options;
  std::optional<mtproto::Host> host;
  Peer client;
};

// The one notice among the messages.
inline mtproto::BadMsgNotification notice(const std::vector<Heard>& all) {
  const auto found = those(all, mtproto::BadMsgNotification::id);
  REQUIRE(found.size() == 1);
  return *mtproto::read_service<mtproto::BadMsgNotification>(found[0].body);
}

}  // namespace support
