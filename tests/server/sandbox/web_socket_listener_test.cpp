// WebSocket at a data centre's port, without a socket: frames by hand, time by script.
#include "server/sandbox/web_socket_listener.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/io_context.hpp>

using namespace std::chrono_literals;
using server::sandbox::WebSocketListener;

namespace {

constexpr std::string_view hello =
    "GET /apiws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Protocol: binary\r\n\r\n";

constexpr char text = '\x81', binary = '\x82', ping = '\x89', pong = '\x8a', closing = '\x88';

// As a client sends it: masked.
std::string frame(char opcode, std::string_view payload) {
  std::string out{opcode, static_cast<char>(0x80 | payload.size())};
  const std::string mask = "\x01\x02\x03\x04";
  out += mask;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    out += static_cast<char>(payload[i] ^ mask[i % 4]);
  }
  return out;
}

// As the server sends it.
std::string plain(char opcode, std::string_view payload) {
  return std::string{opcode, static_cast<char>(payload.size())} + std::string(payload);
}

// What could be the start of an obfuscated stream.
std::string noise() {
  std::string out(64, '\0');
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<char>(i + 1);
  return out;
}

std::string swapped(std::string whole, std::string_view from, std::string_view to) {
  return whole.replace(whole.find(from), from.size(), to);
}

// The machine inside: keeps what it is given, says what it is told to.
struct Inside final : server::upstream::Machine {
  void receive(tl::ByteView bytes, mtproto::Time) override { heard += tl::as_text(bytes); }
  void tick(mtproto::Time) override { ++ticks; }
  std::optional<mtproto::Time> deadline() const override { return due; }
  tl::ByteView output() override { return tl::as_bytes(words); }
  void written() override { words.clear(); }
  void on_step(mtproto::Time) override {}

  std::string heard;
  std::string words;
  std::optional<mtproto::Time> due;
  int ticks = 0;
};

struct Port {
  Port() {
    auto machine = std::make_unique<Inside>();
    inside = machine.get();
    door = std::make_unique<WebSocketListener>(context.get_executor(), std::move(machine));
    door->set_driver({[] {}, [this] { closed = true; },
                      [this](bool now_paused) { paused = now_paused; }, [this] { test = true; }});
  }

  // What comes back, when all is done that can be.
  std::string say(std::string_view bytes) {
    if (!bytes.empty()) door->receive(tl::as_bytes(bytes), now);
    return rest();
  }
  std::string rest() {
    std::string out;
    for (int i = 0; i < 20; ++i) {
      context.restart();
      context.poll();
      const auto piece = door->output();
      if (piece.empty()) continue;
      out += tl::as_text(piece);
      door->written();
    }
    return out;
  }
  void later(mtproto::Duration time) {
    now += time;
    if (const auto due = door->deadline(); due && *due <= now) door->tick(now);
  }

  boost::asio::io_context context;
  mtproto::Time now = server::upstream::boot_time();
  Inside* inside = nullptr;
  std::unique_ptr<WebSocketListener> door;
  bool closed = false;
  bool paused = false;
  bool test = false;
};

}  // namespace

TEST_CASE("a data centre's port leaves a connection alone that is no WebSocket") {
  Port port;
  port.say("\xee\xee\xee\xeeone");
  CHECK(port.inside->heard == "\xee\xee\xee\xeeone");
  port.say("GET ");
  CHECK(port.inside->heard == "\xee\xee\xee\xeeoneGET ");
  port.inside->words = "two";
  CHECK(port.rest() == "two");
  CHECK_FALSE(port.door->deadline());
}

TEST_CASE("a data centre's port waits for the word that tells a WebSocket from a stream") {
  Port port;
  port.say("GE");
  CHECK(port.inside->heard.empty());
  port.say("Xabc");
  CHECK(port.inside->heard == "GEXabc");
}

TEST_CASE("a data centre's port takes up a WebSocket and its protocol, cut anywhere") {
  for (const std::size_t cut : {1, 3, 5, 60}) {
    Port port;
    CHECK(port.say(hello.substr(0, cut)).empty());
    const auto greeting = port.say(hello.substr(cut));
    CHECK(greeting.substr(0, 12) == "HTTP/1.1 101");
    CHECK(greeting.find("\r\nSec-WebSocket-Protocol: binary\r\n") != std::string::npos);
    CHECK(port.inside->heard.empty());
  }
}

TEST_CASE("binary messages carry the stream both ways, whatever they cut it into") {
  Port port;
  port.say(hello);
  const auto start = noise();
  port.say(frame(binary, start.substr(0, 10)));
  CHECK(port.inside->heard.empty());
  port.say(frame(binary, start.substr(10)) + frame(binary, "and") + frame(binary, "more"));
  CHECK(port.inside->heard == start + "andmore");
  port.inside->words = "answer";
  CHECK(port.rest() == plain(binary, "answer"));
  port.inside->words = "news";
  CHECK(port.rest() == plain(binary, "news"));
}

TEST_CASE("a ping at a data centre's port is answered between the messages") {
  Port port;
  port.say(hello);
  CHECK(port.say(frame(ping, "there?")) == plain(pong, "there?"));
  port.say(frame(binary, noise()));
  CHECK(port.inside->heard == noise());
}

TEST_CASE("another place or another protocol is refused at a data centre's port") {
  const auto [request, answer] = GENERATE(table<std::string, std::string>(
      {{swapped(std::string(hello), "/apiws", "/"), "HTTP/1.1 404"},
       {swapped(std::string(hello), "/apiws", "/apiws2"), "HTTP/1.1 404"},
       {swapped(std::string(hello), "binary", "chat"), "HTTP/1.1 400"},
       {swapped(std::string(hello), "binary", "binary2"), "HTTP/1.1 400"},
       {swapped(std::string(hello), "Sec-WebSocket-Protocol", "X-Protocol"), "HTTP/1.1 400"},
       {swapped(std::string(hello), "Sec-WebSocket-Key", "X-Key"), "HTTP/1.1 400"}}));
  Port port;
  CHECK(port.say(request).substr(0, 12) == answer);
  CHECK(port.closed);
  CHECK(port.inside->heard.empty());
}

TEST_CASE("the place that is asked for at a data centre's port says which environment is meant") {
  Port production, test;
  CHECK(production.say(hello).substr(0, 12) == "HTTP/1.1 101");
  CHECK_FALSE(production.test);
  const auto request = swapped(std::string(hello), "/apiws", "/apiws_test");
  CHECK(test.say(request).substr(0, 12) == "HTTP/1.1 101");
  CHECK(test.test);
}

TEST_CASE("binary may be one of several protocols that are offered at a data centre's port") {
  Port port;
  const auto request = swapped(std::string(hello), "Protocol: binary", "PROTOCOL: chat , Binary");
  CHECK(port.say(request).substr(0, 12) == "HTTP/1.1 101");
}

TEST_CASE("text messages and streams in the open end a WebSocket at a data centre's port") {
  const auto sent = GENERATE(frame(text, "hello"), frame(binary, "\xef"),
                             frame(binary, "\xee\xee\xee\xee"), frame(binary, hello.substr(0, 4)));
  Port port;
  port.say(hello);
  CHECK(port.say(sent).front() == closing);
  CHECK(port.inside->heard.empty());
  port.say(frame(closing, "\x03\xeb"));
  CHECK(port.closed);
}

TEST_CASE("a WebSocket that says goodbye is answered and closed") {
  Port port;
  port.say(hello);
  port.say(frame(binary, noise()));
  CHECK(port.say(frame(closing, "\x03\xe8")) == plain(closing, "\x03\xe8"));
  CHECK(port.closed);
}

TEST_CASE("a handshake at a data centre's port must end in time and in size") {
  Port slow;
  slow.say(hello.substr(0, 20));
  slow.later(WebSocketListener::shake_time - 1s);
  CHECK_FALSE(slow.closed);
  slow.later(1s);
  CHECK(slow.closed);

  Port endless;
  const auto answer = endless.say(std::string(hello.substr(0, 40)) + std::string(9000, 'a'));
  CHECK(answer.substr(0, 12) == "HTTP/1.1 431");
  CHECK(endless.closed);
}

TEST_CASE("the deadlines of the machine behind a WebSocket hold") {
  Port port;
  port.say(hello);
  port.inside->due = port.now + 3s;
  port.later(2s);
  CHECK(port.inside->ticks == 0);
  port.later(1s);
  CHECK(port.inside->ticks == 1);
  CHECK_FALSE(port.closed);
}

TEST_CASE("a flood of messages at a data centre's port is held back until it was read") {
  Port port;
  port.say(hello);
  std::string flood = frame(binary, noise());
  while (flood.size() < 300'000) flood += frame(binary, std::string(100, 'x'));
  port.door->receive(tl::as_bytes(flood), port.now);
  CHECK(port.paused);
  for (int i = 0; i < 500; ++i) port.rest();
  CHECK_FALSE(port.paused);
  CHECK(port.inside->heard.size() > 200'000);
}

TEST_CASE("a WebSocket's door may go while its handshake is under way") {
  Port port;
  port.door->receive(tl::as_bytes(hello), port.now);
  port.door.reset();
  port.context.poll();
  CHECK_FALSE(port.closed);
}
