// A WebSocket without a socket: frames by hand, time by script.
#include "server/channel/web_socket.hpp"

#include <catch2/catch.hpp>

#include "tests/server/access/one_token.hpp"
#include "tests/server/connection_world.hpp"
#include "tests/support/outlet.hpp"

using namespace support;
using namespace std::chrono_literals;
using server::channel::WebSocket;

namespace {

constexpr std::string_view hello =
    "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

constexpr char text = '\x81', binary = '\x82', more_text = '\x01', last = '\x80', ping = '\x89',
               pong = '\x8a', closing = '\x88';

// As a client sends it: masked.
std::string frame(char opcode, std::string_view payload) {
  std::string out{opcode};
  if (payload.size() < 126) {
    out += static_cast<char>(0x80 | payload.size());
  } else {
    const int bytes = payload.size() < 65'536 ? 2 : 8;
    out += static_cast<char>(0x80 | (bytes == 2 ? 126 : 127));
    for (int i = bytes; i-- > 0;) out += static_cast<char>(payload.size() >> 8 * i);
  }
  const std::string mask = "\x01\x02\x03\x04";
  out += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    out += static_cast<char>(payload[i] ^ mask[i % 4]);
  }
  return out;
}

// As the server sends it.
std::string plain(char opcode, std::string_view payload) {
  return std::string{opcode} + static_cast<char>(payload.size()) + std::string(payload);
}

struct Page {
  explicit Page(server::Options options = {}) : world(nearest, std::move(options)) {
    socket = std::make_unique<WebSocket>(world.thread, outlet, server::Caller{},
                                         server::ConnectionSetup{}, now);
    say(hello);
    greeting = wait_for("\r\n\r\n");
    greeting += rest();
  }

  void say(std::string_view bytes) { socket->receive(tl::as_bytes(bytes), now); }
  // What came, once `part` is in it.
  std::string wait_for(std::string_view part) {
    CHECK(world.until([&] { return outlet.text().find(part) != std::string::npos; }));
    return outlet.take();
  }
  std::string rest() {
    for (int i = 0; i < 20; ++i) {
      world.context.restart();
      world.context.poll();
    }
    return outlet.take();
  }
  void later(mtproto::Duration time) {
    now += time;
    if (const auto due = socket->deadline(); due && *due <= now) socket->tick(now);
  }

  World world;
  Outlet outlet;
  mtproto::Time now = server::upstream::boot_time();
  std::unique_ptr<WebSocket> socket;
  std::string greeting;
};

}  // namespace

TEST_CASE("A WebSocket is opened as RFC 6455 wants it, without compression") {
  Page page;
  CHECK(page.greeting.starts_with("HTTP/1.1 101 "));
  CHECK(page.greeting.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") != std::string::npos);
  CHECK(page.greeting.find("deflate") == std::string::npos);
}

TEST_CASE("A message is an object, its reply is one message") {
  Page page;
  page.say(frame(text, R"({"id":7,"options":{"json":"plain"}})"));
  const auto reply = page.wait_for("}");
  CHECK(reply[0] == text);
  CHECK(reply.find(R"({"id":7,"options":{"json":"plain")") != std::string::npos);
}

TEST_CASE("Fragments and a ping between them make one message") {
  Page page;
  page.say(frame(more_text, R"({"id":)"));
  page.say(frame(ping, "still there?"));
  CHECK(page.wait_for("there?") == plain(pong, "still there?"));
  page.say(frame(last, "8,\n\"session\":{}}"));
  CHECK(page.wait_for("}}").find(R"({"id":8,"session":)") != std::string::npos);
}

TEST_CASE("A message above the limit is told, and the next one works") {
  server::Options options;
  options.max_line = 300;
  Page page(options);
  page.say(frame(more_text, "{\"id\":\"" + std::string(200, 'x')));
  page.say(frame(last, std::string(200, 'x') + "\"}"));
  CHECK(page.wait_for("}").find("LineTooLong") != std::string::npos);
  page.say(frame(text, R"({"id":2,"session":{}})"));
  CHECK(page.wait_for("}}").find(R"({"id":2,"session":)") != std::string::npos);
}

TEST_CASE("What comes faster than it is read makes the socket wait") {
  Page page;
  const std::string object = "{\"id\":2,\"session\":{}" + std::string(60'000, ' ') + "}";
  for (int i = 0; i < 8; ++i) page.say(frame(text, object));
  CHECK(page.outlet.paused);
  std::size_t replies = 0;
  page.world.until([&] {
    const auto out = page.outlet.take();
    for (auto at = out.find("{\"id\":2,"); at != out.npos; at = out.find("{\"id\":2,", at + 1)) {
      ++replies;
    }
    return replies == 8;
  });
  CHECK(replies == 8);
  CHECK(!page.outlet.paused);
}

TEST_CASE("A message that is no JSON, or none, does not close a WebSocket") {
  Page page;
  page.say(frame(text, "hello"));
  CHECK(page.wait_for("}").find("JSONDecodeError") != std::string::npos);
  page.say(frame(text, ""));
  page.say(frame(text, R"({"id":2,"session":{}})"));
  CHECK(page.wait_for("}}").find(R"({"id":2,)") != std::string::npos);
}

TEST_CASE("A binary message is refused with 1003") {
  Page page;
  page.say(frame(binary, "{}"));
  const auto goodbye = page.wait_for("text is due");
  CHECK(goodbye[0] == closing);
  CHECK(goodbye.substr(2, 2) == "\x03\xeb");
}

TEST_CASE("What breaks the protocol is closed with the code for it") {
  Page utf8, reserved;
  utf8.say(frame(text, "\xff\xfe"));
  CHECK(!utf8.wait_for("\x03\xef").empty());  // 1007
  reserved.say(frame('\xc1', "{}"));
  CHECK(!reserved.wait_for("\x03\xea").empty());  // 1002
}

TEST_CASE("A client's goodbye is answered, then it is let go") {
  Page page;
  page.say(frame(closing, "\x03\xe8"));
  CHECK(page.wait_for("\x03\xe8") == plain(closing, "\x03\xe8"));
  CHECK(page.world.until([&] { return page.outlet.hung_up; }));
}

TEST_CASE("A silent peer is pinged, and given up within a minute") {
  Page page;
  page.later(WebSocket::ping_after);
  CHECK(page.wait_for(std::string(1, ping)) == plain(ping, ""));
  page.later(20s);
  CHECK(page.outlet.abandoned.empty());
  page.later(WebSocket::silent_after - WebSocket::ping_after - 20s);
  CHECK(page.outlet.abandoned.find("silent") != std::string::npos);
  CHECK(WebSocket::silent_after < 60s);
}

TEST_CASE("A peer that answers pings, or reads on, may stay as long as it likes") {
  Page page;
  for (int i = 0; i < 10; ++i) {
    page.later(WebSocket::ping_after);
    page.say(frame(pong, ""));
  }
  for (int i = 0; i < 10; ++i) {
    page.later(WebSocket::ping_after);
    page.socket->progressed(page.now);
  }
  CHECK(page.outlet.abandoned.empty());
  CHECK(!page.outlet.hung_up);
}

TEST_CASE("A handshake that does not come to its end is not waited for") {
  Page page;
  auto half = std::make_unique<WebSocket>(page.world.thread, page.outlet, server::Caller{},
                                          server::ConnectionSetup{}, page.now);
  half->receive(tl::as_bytes(hello.substr(0, 40)), page.now);
  half->tick(page.now + WebSocket::shake_time);
  CHECK(page.outlet.hung_up);
}

TEST_CASE("At the end of the process what was asked is answered, then 1001 says why") {
  Page page;
  page.say(frame(text, R"({"id":3,"message":{"_cons":"help.getNearestDc"}})"));
  page.rest();
  page.socket->drain();
  const auto out = page.wait_for("stopping");
  const auto answer = out.find(R"({"id":3,"message":{"_cons":"nearestDc")");
  REQUIRE(answer != std::string::npos);
  CHECK(out.find("\x03\xe9the gateway is stopping") > answer);
  page.now = server::upstream::boot_time();
  page.later(WebSocket::close_time);
  CHECK(page.outlet.hung_up);
}

TEST_CASE("A long message is framed no further ahead than its peer reads") {
  Page page;
  const std::string extra(3'000'000, 'x');
  page.say(frame(text, R"({"id":3,"session":{},"@extra":")" + extra + R"("})"));
  CHECK(page.world.until([&] { return page.socket->held() > 0; }));
  const auto ahead = page.rest();
  CHECK(ahead.size() > 100'000);
  CHECK(ahead.size() < 300'000);
  CHECK(page.socket->held() > 2'000'000);
  auto all = ahead;
  for (int i = 0; i < 1000 && page.socket->held() > 0; ++i) {
    page.socket->written(page.now);
    const auto next = page.rest();
    CHECK(next.size() < 300'000);
    all += next;
  }
  CHECK(page.socket->held() == 0);
  CHECK(all.find(extra) != std::string::npos);
  CHECK(all.ends_with("}"));
}

TEST_CASE("A goodbye waits for a long message that its peer still reads") {
  Page page;
  const std::string extra(3'000'000, 'x');
  page.say(frame(text, R"({"id":3,"session":{},"@extra":")" + extra + R"("})"));
  CHECK(page.world.until([&] { return page.socket->held() > 0; }));
  auto all = page.rest();
  page.socket->drain();
  page.now = server::upstream::boot_time();
  for (int i = 0; i < 1000 && page.socket->held() > 0; ++i) {
    page.later(WebSocket::read_time - 1s);
    REQUIRE(!page.outlet.hung_up);
    page.socket->progressed(page.now);
    all += page.rest();
  }
  CHECK(all.find(extra + "\"") != std::string::npos);
  CHECK(all.ends_with("\x03\xe9the gateway is stopping"));
}

TEST_CASE("A peer that reads no more of a long message is not waited for at the end") {
  Page page;
  const std::string extra(3'000'000, 'x');
  page.say(frame(text, R"({"id":3,"session":{},"@extra":")" + extra + R"("})"));
  CHECK(page.world.until([&] { return page.socket->held() > 0; }));
  page.rest();
  page.socket->drain();
  page.now = server::upstream::boot_time();
  page.later(WebSocket::read_time + 1s);
  CHECK(page.outlet.hung_up);
}

TEST_CASE("Where a token is wanted, a message without one closes the WebSocket") {
  Page page;
  page.world.gateway.set_tokens(one_token());
  auto strict = std::make_unique<WebSocket>(page.world.thread, page.outlet, server::Caller{},
                                            server::ConnectionSetup{}, page.now);
  strict->receive(tl::as_bytes(hello), page.now);
  page.wait_for("\r\n\r\n");
  strict->receive(tl::as_bytes(frame(text, R"({"id":4,"session":{}})")), page.now);
  const auto out = page.wait_for("\x03\xf0");  // 1008
  CHECK(out.find(R"({"id":4,"error":"Unauthorized")") != std::string::npos);
}
