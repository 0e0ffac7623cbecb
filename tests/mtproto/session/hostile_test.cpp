#include <catch2/catch.hpp>

#include "../host/server.hpp"
#include "client.hpp"
#include "mtproto/message/gzip.hpp"

using namespace mtproto;
using namespace support;

// Whatever a peer says, under the right key or none: no crash, no endless loop, no event for a
// request that is not ours.

namespace {

std::vector<Bytes> bodies(MessageId ours) {
  std::vector<Bytes> out{
      write_service(MsgsAck{{ours, MessageId(1)}}),
      write_service(BadMsgNotification{ours, 1, 16}),
      write_service(BadMsgNotification{ours, 1, 33}),
      write_service(BadServerSalt{ours, 1, 48, 5}),
      write_service(NewSessionCreated{ours, 1, 2}),
      write_service(Pong{ours, 3}),
      write_service(FutureSalts{ours, 1, {{1, 2, 3}, {4, 5, 6}}}),
      write_service(MsgsStateReq{{ours, MessageId(77)}}),
      write_service(MsgsStateInfo{ours, {4, 1}}),
      write_service(MsgsAllInfo{{ours}, {4}}),
      write_service(MsgDetailedInfo{ours, MessageId(9), 4, 0}),
      write_service(MsgNewDetailedInfo{MessageId(9), 4, 0}),
      write_service(MsgResendReq{{ours, MessageId(5)}}),
      write_service(MsgResendAnsReq{{ours}}),
      write_service(Ping{1}),
      write_service(PingDelayDisconnect{1, 75}),
      write_service(GetFutureSalts{64}),
      write_service(DestroySession{SessionId(4)}),
      write_service(DestroySessionOk{SessionId(4)}),
      write_service(RpcDropAnswer{ours}),
      write_service(HttpWait{1, 2, 3}),
      write_rpc_result(ours, words({1, 2, 3})),
      write_rpc_result(ours, *pack_gzip(Bytes(2000))),
      *pack_gzip(Bytes(2000)),
      words({0xdddd0001, 1, 2}),
  };
  const auto count = out.size();
  for (std::size_t i = 0; i + 2 < count; i += 3) {
    Bytes container;
    write_container(std::vector{InnerMessage{MessageId(ours.value() + 1), 1, out[i]},
                                InnerMessage{MessageId(ours.value() + 5), 3, out[i + 1]},
                                InnerMessage{MessageId(ours.value() + 9), 4, out[i + 2]}},
                    container);
    out.push_back(std::move(container));
  }
  return out;
}

void flip(Bytes& body, tl::Random& dice) {
  for (auto times = dice.word() % 4; times > 0 && !body.empty(); --times) {
    body[dice.word() % body.size()] ^= static_cast<std::uint8_t>(1 << dice.word() % 8);
  }
  if (dice.word() % 8 == 0) body.resize(dice.word() % (body.size() / 4 + 1) * 4);
  if (dice.word() % 16 == 0) body.resize(body.size() + 4 * (dice.word() % 8), 0xff);
}

}  // namespace

TEST_CASE("a session bears any body under the right key") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    ScriptedRandom dice(seed);
    SessionOptions options;
    options.max_unpacked = 1 << 20;
    Client client(Client::with_key(), options);
    client.settle();
    const auto first = client.call(words({0xaaaa0001}));
    const auto all = bodies(first.id);
    for (int i = 0; i < 8; ++i) {
      auto body = all[dice.word() % all.size()];
      flip(body, dice);
      if (dice.word() % 3 == 0) {
        client.tell(client.server.say_as(MessageId(client.server.next_id(MessageKind::answer)),
                                         static_cast<std::uint32_t>(dice.word()), body));
      } else {
        client.tell(client.server.say(tl::ByteView(body), dice.word() % 2 == 0));
      }
      if (dice.word() % 4 == 0) client.send(words({0xaaaa0002, static_cast<std::uint32_t>(i)}));
      client.heard();
      for (const auto& it : client.session.take_events()) {
        if (const auto* answer = std::get_if<Answer>(&it)) {
          CHECK(answer->request.value() <= client.request.value() + 9);
        }
      }
      client.pass(std::chrono::seconds{dice.word() % 10});
      if (dice.word() % 8 == 0) client.reconnect();
    }
  }
}

TEST_CASE("a host bears any body under the right key") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    ScriptedRandom dice(seed);
    HostOptions options;
    options.max_unpacked = 1 << 20;
    options.strict_seqno = seed % 2 == 0;
    Server server(options);
    server.settle();
    server.tell(server.client.say(words({0xaaaa0001})));
    const auto first = server.client.last;
    const auto all = bodies(first);
    for (int i = 0; i < 8; ++i) {
      auto body = all[dice.word() % all.size()];
      flip(body, dice);
      server.tell(server.client.say(tl::ByteView(body), dice.word() % 2 == 0));
      for (const auto& it : server.events<Request>()) {
        server.host->answer(it.from, it.message, words({1}), server.now);
      }
      server.heard();
      server.pass(std::chrono::seconds{dice.word() % 10});
      if (dice.word() % 8 == 0) server.connect();
    }
  }
}

TEST_CASE("bytes without a key end a connection or are ignored, on both sides") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    ScriptedRandom dice(seed);
    Bytes noise(dice.word() % 400);
    dice.fill(noise);
    Client client;
    client.settle();
    if (seed % 2 == 0)
      noise = client.server.frame(Bytes(noise.size() / 4 * 4, noise.empty() ? 0 : noise[0]));
    client.tell(noise);
    CHECK(of_kind<Answer>(client.session.take_events()).empty());
    client.heard();
    Server server;
    server.settle();
    server.tell(noise);
    CHECK(server.events<Request>().empty());
    server.heard();
  }
}
