// A Session against a server that is moved by hand, under scripted time.
#pragma once

#include "mtproto/message/service_ack.hpp"
#include "mtproto/message/service_session.hpp"
#include "mtproto/session/session.hpp"
#include "tests/mtproto/talk.hpp"

namespace support {

struct Client {
  explicit Client(mtproto::SessionState state = with_key(), mtproto::SessionOptions options = {})
      : session(std::move(options), std::move(state), random),
        server(Peer::server(fixed_key(), random)) {}

  static mtproto::SessionState with_key() {
    mtproto::SessionState state;
    state.key = fixed_key();
    state.server_salt = 0x5a17;
    return state;
  }

  void connect(mtproto::UnixTime wall) {
    server.transport = mtproto::Transport::server(random);
    session.connect(mtproto::Transport::client({}, random), now, wall);
  }
  void connect() { connect(server.wall); }
  void reconnect() {
    session.disconnect(now);
    connect();
  }
  void pass(mtproto::Duration time) {
    now += time;
    server.wall += time;
    session.tick(now);
  }
  // What the session wrote.
  std::vector<Heard> heard() { return hear_all(session, server); }
  void tell(const tl::Bytes& bytes) { session.receive(bytes, now); }
  mtproto::RequestId send(const tl::Bytes& body, mtproto::SendOptions options = {}) {
    return session.send(body, std::move(options), now);
  }
  // Sends a call and gives what arrived of it; everything else that was written is dropped.
  Heard call(const tl::Bytes& body, mtproto::SendOptions options = {}) {
    request = send(body, std::move(options));
    auto all = heard();
    REQUIRE(!all.empty());
    return all.back();
  }
  tl::Bytes result(mtproto::MessageId to, const tl::Bytes& answer) {
    return server.say(tl::ByteView(mtproto::write_rpc_result(to, answer)));
  }
  // A connection on which the server has spoken, with nothing in flight.
  void settle() {
    connect();
    const auto first = call(words({0x11111111}));
    tell(server.say(mtproto::NewSessionCreated{first.id, 77, 0x5a17}, true));
    tell(result(first.id, words({0x22222222})));
    session.take_events();
  }
  template <class T>
  std::vector<T> events() {
    return of_kind<T>(session.take_events());
  }
  std::vector<mtproto::Answer> answers() { return events<mtproto::Answer>(); }

  ScriptedRandom random{3};
  mtproto::Time now = start;
  mtproto::Session session;
  Peer server;
  mtproto::RequestId request;
};

inline mtproto::SendOptions freely() {
  mtproto::SendOptions options;
  options.repeat = mtproto::Repeat::freely;
  return options;
}

inline mtproto::SendOptions service() {
  mtproto::SendOptions options;
  options.api = false;
  return options;
}

// The server did not take a message.
inline tl::Bytes notice(mtproto::MessageId id, std::int32_t code) {
  return mtproto::write_service(mtproto::BadMsgNotification{id, 0, code});
}

}  // namespace support
