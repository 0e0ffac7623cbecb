// A Session and a Host joined by two pipes in memory, under one clock. Links can be cut with what
// is on them.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "mtproto/host/host.hpp"
#include "mtproto/session/session.hpp"
#include "tests/mtproto/talk.hpp"
#include "tests/support/rsa_keys.hpp"

namespace support {

struct Pair {
  explicit Pair(mtproto::SessionState state = {}, mtproto::ClientTransport transport_in = {},
                mtproto::SessionOptions session_options = options())
      : transport(std::move(transport_in)),
        session(std::move(session_options), std::move(state), client_random) {
    if (session.state().key) ring.add(*session.state().key, 0x5a17, now);
  }

  static mtproto::SessionOptions options() {
    mtproto::SessionOptions out;
    out.keys = {test_key().public_key()};
    return out;
  }
  static mtproto::SessionState with_key() {
    mtproto::SessionState state;
    state.key = fixed_key();
    return state;
  }

  void connect() {
    mtproto::HostOptions host_options;
    host_options.keys = {test_key()};
    host.emplace(host_options, ring, server_random);
    host->connect(now, wall);
    session.connect(mtproto::Transport::client(transport, client_random), now, client_wall());
  }
  // What was written and not carried yet is lost.
  void cut() {
    session.disconnect(now);
    host.reset();
  }
  mtproto::UnixTime client_wall() const { return wall + client_is_ahead; }

  void pass(mtproto::Duration time) {
    now += time;
    wall += time;
    session.tick(now);
    if (host) host->tick(now);
    carry();
  }
  template <class Machine>
  bool work(Machine& machine) {
    auto list = machine.take_work();
    for (auto& it : list) {
      it->run();
      machine.done(std::move(it), now);
    }
    return !list.empty();
  }
  // Until both are silent.
  void carry() {
    for (int turns = 0; turns < 1000; ++turns) {
      bool moved = work(session);
      tl::Bytes bytes;
      if (session.take_output(bytes)) {
        moved = true;
        if (host) host->receive(bytes, now);
      }
      take_client_events();
      if (!host) return;
      moved = work(*host) || moved;
      serve();
      if (host->take_output(bytes)) {
        moved = true;
        if (!deaf) session.receive(bytes, now);
      }
      take_client_events();
      if (!moved) return;
    }
    FAIL("client and server never fall silent");
  }
  void take_client_events() {
    for (auto& event : session.take_events()) events.push_back(std::move(event));
  }
  void serve() {
    for (auto& event : host->take_events()) {
      if (const auto* request = std::get_if<mtproto::Request>(&event)) {
        ++served[request->body];
        if (mute) {
          unanswered.push_back(*request);
        } else {
          answer(*request);
        }
      }
      host_events.push_back(std::move(event));
    }
  }
  // The server's answers are the request behind a word.
  void answer(const mtproto::Request& request) {
    host->answer(request.from, request.message, answering(request), now);
  }
  static tl::Bytes answer_to(const tl::Bytes& body) {
    auto out = words({0xa05e0000});
    tl::append(out, body);
    return out;
  }
  mtproto::RequestId send(const tl::Bytes& body, mtproto::Repeat repeat = mtproto::Repeat::ask) {
    mtproto::SendOptions send_options;
    send_options.repeat = repeat;
    return session.send(body, send_options, now);
  }
  template <class T>
  std::vector<T> take() {
    auto out = of_kind<T>(events);
    std::erase_if(events, [](const auto& it) { return std::holds_alternative<T>(it); });
    return out;
  }

  mtproto::ClientTransport transport;
  ScriptedRandom client_random{11};
  ScriptedRandom server_random{12};
  mtproto::Time now = start;
  mtproto::UnixTime wall = noon;
  mtproto::Duration client_is_ahead{};
  mtproto::KeyRing ring;
  std::optional<mtproto::Host> host;
  mtproto::Session session;
  std::function<tl::Bytes(const mtproto::Request&)> answering = [](const auto& request) {
    return answer_to(request.body);
  };
  bool deaf = false;  // what the server says is lost
  bool mute = false;  // the server takes requests and does not answer
  std::vector<mtproto::Request> unanswered;
  std::map<tl::Bytes, int> served;
  std::vector<mtproto::Event> events;
  std::vector<mtproto::HostEvent> host_events;
};

}  // namespace support
