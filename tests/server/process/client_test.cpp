// A client's socket, time by script: how long it may take to show a token, and for whom a proxy
// speaks.
#include "server/process/client.hpp"

#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <catch2/catch.hpp>

#include "tests/server/access/one_token.hpp"
#include "tests/server/channel/tls_pair.hpp"
#include "tests/server/connection/connection_world.hpp"

using namespace support;
using namespace std::chrono_literals;
using server::Peer;

namespace {

namespace asio = boost::asio;

const std::string with_token = R"({"id":1,"token":")" + std::string(the_token) + "\"}\n";
const std::string page = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";

Peer at(const std::string& address) { return {asio::ip::make_address(address)}; }
const Peer stranger = at("192.0.2.1");
const Peer neighbour = at("127.0.0.1");
const Peer local_file{{}, true};

server::Options trusting(const std::string& proxy, unsigned most = 256) {
  server::Options options;
  options.trust_proxy = {proxy};
  options.max_connections_per_address = most;
  return options;
}

// A gateway that wants a token, and what connects to it.
struct Gate {
  explicit Gate(server::Options options = {}) : world(nearest, std::move(options)) {
    world.gateway.threads.push_back(&world.thread);
    world.gateway.set_tokens(one_token());
  }
  std::uint64_t silent() const { return world.thread.counters.clients_silent.value(); }

  World world;
};

class Visitor {
 public:
  Visitor(Gate& gate, const Peer& peer) : gate_(gate) {
    Local::socket inner(gate.world.context);
    asio::local::connect_pair(inner, outer_);
    outer_.non_blocking(true);
    client_ = std::make_shared<server::Client>(gate.world.thread, std::move(inner), peer,
                                               server::access::ConnectionSlot(), 1, now);
    client_->serve();
    gate.world.context.poll();
  }
  ~Visitor() {
    if (client_) client_->cut();
    gate_.world.until([&] { return closed(); });
  }

  void say(std::string_view bytes) {
    client_->receive(tl::as_bytes(bytes), now);
    gate_.world.context.poll();
  }
  void later(mtproto::Duration time) {
    now += time;
    if (const auto due = client_->deadline(); due && *due <= now) client_->tick(now);
  }
  bool forever() const { return !client_->deadline(); }
  // Whether it is closed soon, with all that came before.
  bool closes() {
    return gate_.world.until([&] { return closed(); });
  }
  // Whether it stays open, as far as can be seen.
  bool stays() {
    for (int i = 0; i < 5; ++i) gate_.world.context.run_for(1ms);
    return !closed();
  }
  std::string hear(std::string_view part) {
    gate_.world.until([&] { return closed() || came.find(part) != came.npos; });
    return came;
  }
  bool closed() {
    char buffer[4096];
    boost::system::error_code why;
    while (!why) came.append(buffer, outer_.read_some(asio::buffer(buffer), why));
    return why != asio::error::would_block;
  }

  mtproto::Time now = server::upstream::boot_time();
  std::string came;

 private:
  using Local = asio::local::stream_protocol;

  Gate& gate_;
  Local::socket outer_{gate_.world.context};
  std::shared_ptr<server::Client> client_;
};

std::string as_pieces(std::string_view body) {
  return std::to_string(body.size()) + "\r\n" + std::string(body) + "\r\n";
}

}  // namespace

TEST_CASE("Silence from afar is closed after thirty seconds, where a token is wanted") {
  Gate gate;
  Visitor visitor(gate, stranger);
  visitor.later(29s);
  CHECK(visitor.stays());
  visitor.later(1s);
  CHECK(visitor.closes());
  CHECK(visitor.came.empty());
}

TEST_CASE("Where no token is wanted, silence may last") {
  Gate gate;
  gate.world.gateway.set_tokens(nullptr);
  for (const auto& peer : {stranger, neighbour, local_file}) {
    Visitor visitor(gate, peer);
    CHECK(visitor.forever());
  }
}

TEST_CASE("Who shows a token in time may stay") {
  Gate gate;
  Visitor visitor(gate, stranger);
  visitor.later(29s);
  visitor.say(with_token);
  CHECK(visitor.forever());
  CHECK(visitor.hear("\n") == "{\"id\":1}\n");
}

TEST_CASE("Thirty seconds count from the beginning, whatever is sent instead of a token") {
  for (const std::string& begin :
       {std::string("{"), std::string("{\"id\":1,\"token\":\""), std::string("\n"),
        "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" +
            std::string("\x01\x81\0\0\0\0{", 7),
        std::string(
            "POST /json HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n") +
            as_pieces("{"),
        page, std::string("GET / HTTP/1.1\r\n")}) {
    CAPTURE(begin);
    Gate gate;
    Visitor visitor(gate, stranger);
    visitor.later(25s);
    visitor.say(begin);
    visitor.later(4s);
    CHECK(visitor.stays());
    visitor.later(1s);
    CHECK(visitor.closes());
  }
}

TEST_CASE("Who is late with its token is told so, in the words of its channel") {
  Gate gate;
  Visitor lines(gate, stranger);
  lines.say("{");
  lines.later(30s);
  CHECK(lines.closes());
  CHECK(lines.came.starts_with(R"({"id":-2,"error":"Unauthorized","msg":"no token was shown)"));
  Visitor socket(gate, stranger);
  socket.say(
      "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  socket.hear("\r\n\r\n");
  socket.later(30s);
  CHECK(socket.hear("a token is wanted")
            .find("\x03\xf0"
                  "a token is wanted") != std::string::npos);
}

TEST_CASE("A body that comes in drops, and pages asked for again and again, win no time") {
  Gate gate;
  Visitor post(gate, stranger);
  post.say("POST /json HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  Visitor reader(gate, stranger);
  for (int i = 0; i < 5; ++i) {
    post.say(as_pieces(" "));
    reader.say(page);
    reader.hear("alive\n");
    for (auto* visitor : {&post, &reader}) visitor->later(5s);
  }
  CHECK(post.stays());
  CHECK(reader.stays());
  for (auto* visitor : {&post, &reader}) visitor->later(5s);
  CHECK(post.closes());
  CHECK(reader.closes());
}

TEST_CASE("A token shown over HTTP is one for the connection's time, too") {
  Gate gate;
  Visitor visitor(gate, stranger);
  visitor.say("GET /metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
              std::string(the_token) + "\r\n\r\n");
  visitor.later(40s);
  visitor.say(page);
  CHECK(visitor.hear("alive\n").find("alive\n") != std::string::npos);
  CHECK(visitor.stays());
}

TEST_CASE("A TLS handshake, finished or not, is no token") {
  Gate gate;
  gate.world.gateway.set_tls(server_context());
  const Context context(SSL_CTX_new(TLS_client_method()));
  const Ssl ssl(SSL_new(context.get()));
  auto* in = BIO_new(BIO_s_mem());
  auto* out = BIO_new(BIO_s_mem());
  SSL_set_bio(ssl.get(), in, out);
  SSL_set_connect_state(ssl.get());
  Visitor visitor(gate, stranger);
  const auto say = [&] {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(out, &data);
    visitor.say({data, static_cast<std::size_t>(size)});
    BIO_reset(out);
  };
  for (int i = 0; i < 100 && SSL_do_handshake(ssl.get()) != 1; ++i) {
    say();
    visitor.stays();
    BIO_write(in, visitor.came.data(), static_cast<int>(visitor.came.size()));
    visitor.came.clear();
  }
  REQUIRE(SSL_is_init_finished(ssl.get()));
  say();
  visitor.later(29s);
  CHECK(visitor.stays());
  visitor.later(1s);
  CHECK(visitor.closes());
}

TEST_CASE(
    "On this machine silence may last ten minutes, and the time for a token begins behind it") {
  for (const auto& peer : {neighbour, at("::1"), local_file}) {
    Gate gate;
    Visitor silent(gate, peer), late(gate, peer);
    for (auto* visitor : {&silent, &late}) visitor->later(599s);
    CHECK(silent.stays());
    silent.later(1s);
    CHECK(silent.closes());
    late.say("{");
    late.later(29s);
    CHECK(late.stays());
    late.later(1s);
    CHECK(late.closes());
  }
}

TEST_CASE("Who is silent is counted apart on this machine, until it says a byte or is gone") {
  Gate gate(trusting("127.0.0.9"));
  {
    Visitor one(gate, neighbour), other(gate, local_file), afar(gate, stranger),
        proxy(gate, at("127.0.0.9"));
    CHECK(gate.silent() == 2);
    one.say("{");
    CHECK(gate.silent() == 1);
  }
  gate.world.context.run_for(5ms);
  CHECK(gate.silent() == 0);
}

// --- wrong tokens ---

TEST_CASE("The answers to many wrong tokens wait, and a right one comes in all the while") {
  Gate gate;
  for (int i = 0; i < 5; ++i) {
    Visitor visitor(gate, stranger);
    visitor.say("{\"id\":7,\"token\":\"a-wrong-one-at-all\"}\n");
    CHECK(visitor.closes());
    CHECK(visitor.came.starts_with(R"({"id":7,"error":"Unauthorized")"));
  }
  Visitor guessing(gate, stranger);
  guessing.say("{\"id\":7,\"token\":\"a-wrong-one-at-all\"}\n" + with_token);
  guessing.later(11s);
  CHECK(guessing.stays());
  CHECK(guessing.came.empty());
  Visitor right(gate, stranger);
  right.say(with_token);
  CHECK(right.hear("\n") == "{\"id\":1}\n");
  guessing.later(2s);
  CHECK(guessing.closes());
  CHECK(guessing.came.starts_with(R"({"id":7,"error":"Unauthorized","msg":"the token is wrong")"));
}

// --- a proxy in front ---

TEST_CASE(
    "A PROXY header of a trusted proxy is the beginning, and what follows is what it would be") {
  Gate gate(trusting("unix"));
  for (const auto* header : {"PROXY TCP4 192.0.2.7 192.0.2.8 1 2\r\n", "PROXY UNKNOWN\r\n", ""}) {
    Visitor visitor(gate, local_file);
    for (const char byte : header + with_token) visitor.say({&byte, 1});
    CHECK(visitor.hear("\n") == "{\"id\":1}\n");
    CHECK(visitor.forever());
  }
}

TEST_CASE("A PROXY header of anybody else is unknown speech") {
  Gate gate(trusting("127.0.0.9"));
  const std::string binary = std::string("\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", 16);
  for (const auto& peer : {stranger, neighbour, local_file}) {
    Visitor line(gate, peer);
    line.say("PROXY TCP4 192.0.2.7 192.0.2.8 1 2\r\n\r\n" + with_token);
    CHECK(line.closes());
    CHECK(line.came.starts_with("HTTP/1.1 400 "));
    Visitor bytes(gate, peer);
    bytes.say(binary + with_token);
    CHECK(bytes.closes());
    CHECK(bytes.came.find("JSONDecodeError") != std::string::npos);
    CHECK(bytes.came.find("\"id\":1}") == std::string::npos);
  }
}

TEST_CASE("Only one PROXY header is taken, and only a right one") {
  Gate gate(trusting("unix"));
  const std::string header = "PROXY TCP4 192.0.2.7 192.0.2.8 1 2\r\n";
  Visitor twice(gate, local_file);
  twice.say(header + header + "\r\n" + with_token);
  CHECK(twice.closes());
  CHECK(twice.came.starts_with("HTTP/1.1 400 "));
  Visitor wrong(gate, local_file);
  wrong.say("PROXY TCP4 192.0.2.7\r\n" + with_token);
  CHECK(wrong.closes());
  CHECK(wrong.came.empty());
}

TEST_CASE("A PROXY header has ten seconds from its first byte") {
  Gate gate(trusting("unix"));
  gate.world.gateway.set_tokens(nullptr);
  Visitor visitor(gate, local_file);
  visitor.later(1h);
  visitor.say("PRO");
  visitor.later(9s);
  visitor.say("XY UNK");
  CHECK(visitor.stays());
  visitor.later(1s);
  CHECK(visitor.closes());
}

TEST_CASE("Connections are counted by the address that a proxy tells") {
  Gate gate(trusting("unix", 1));
  const auto from = [](const std::string& address) {
    return "PROXY TCP6 " + address + " ::1 1 2\r\n" + with_token;
  };
  Visitor first(gate, local_file), again(gate, local_file), other(gate, local_file);
  first.say(from("2001:db8::1"));
  CHECK(first.hear("\n") == "{\"id\":1}\n");
  again.say(from("2001:db8::2"));
  CHECK(again.closes());
  other.say(from("2001:db8:0:1::1"));
  CHECK(other.hear("\n") == "{\"id\":1}\n");
}

TEST_CASE("Whom a proxy calls loopback is not taken for this machine") {
  Gate gate(trusting("127.0.0.9", 1));
  const std::string header = "PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n";
  Visitor first(gate, at("127.0.0.9")), second(gate, at("127.0.0.9")),
      silent(gate, at("127.0.0.9"));
  first.say(header + with_token);
  CHECK(first.hear("\n") == "{\"id\":1}\n");
  second.say(header + with_token);
  CHECK(second.closes());
  silent.later(29s);
  CHECK(silent.stays());
  silent.later(1s);
  CHECK(silent.closes());
}

TEST_CASE("Wrong tokens are counted by the address that a proxy tells, over lines and HTTP") {
  Gate gate(trusting("unix"));
  const auto guess = [&](Visitor& visitor, const std::string& address) {
    visitor.say("GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: " + address +
                "\r\nAuthorization: Bearer a-wrong-one-at-all\r\n\r\n");
  };
  for (int i = 0; i < 5; ++i) {
    Visitor visitor(gate, local_file);
    guess(visitor, "192.0.2.7");
    visitor.hear("wrong\"}\n");
    CHECK(visitor.came.starts_with("HTTP/1.1 401 "));
  }
  Visitor slowed(gate, local_file), other(gate, local_file), lines(gate, local_file);
  guess(slowed, "192.0.2.7");
  guess(other, "192.0.2.8");
  lines.say("PROXY TCP4 192.0.2.7 192.0.2.8 1 2\r\n{\"token\":\"a-wrong-one-at-all\"}\n");
  CHECK(other.hear("wrong\"}\n").starts_with("HTTP/1.1 401 "));
  CHECK(slowed.stays());
  CHECK(lines.stays());
  CHECK(slowed.came + lines.came == "");
  slowed.later(13s);
  CHECK(slowed.hear("wrong\"}\n").starts_with("HTTP/1.1 401 "));
}

TEST_CASE("Over a proxy's connection each request has its own thirty seconds for a token") {
  Gate gate(trusting("unix"));
  Visitor visitor(gate, local_file);
  for (int i = 0; i < 4; ++i) {
    visitor.came.clear();
    visitor.say(page);
    visitor.hear("alive\n");
    visitor.later(9s);
    CHECK(visitor.stays());
  }
  visitor.say("POST /json HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 2; ++i) {
    visitor.later(14s);
    visitor.say(as_pieces(" "));
  }
  CHECK(visitor.stays());
  visitor.later(2s);
  CHECK(visitor.closes());
}
