// HTTP without a socket: requests cut anywhere, one after another, time by script.
#include "server/http/http_channel.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "tests/server/access/one_token.hpp"
#include "tests/server/connection/connection_world.hpp"
#include "tests/support/byte_sink.hpp"

using namespace support;
using namespace std::chrono_literals;
using server::http::HttpChannel;

namespace {

constexpr std::string_view nearest_object =
    R"({"id":1,"message":{"_cons":"nearestDc","country":"XX","this_dc":2,"nearest_dc":2}})";

bool has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t out = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++out;
  return out;
}

std::string get(std::string_view path, std::string_view more = "") {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(more) +
         "\r\n";
}

std::string post(std::string_view body, std::string_view more = "") {
  return "POST /json HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n" + std::string(more) + "\r\n" + std::string(body);
}

struct HttpClient {
  explicit HttpClient(TestTelegram::Handler handler = nearest, server::Options options = {})
      : world(std::move(handler), std::move(options)) {
    world.gateway.threads.push_back(&world.thread);
    begin();
  }
  void begin() {
    byte_sink.take();
    channel = std::make_unique<HttpChannel>(world.thread, byte_sink, server::Caller{}, false, now);
  }
  void say(std::string_view bytes) {
    channel->receive(tl::as_bytes(bytes), now);
    channel->written(now);
  }
  std::string ask(std::string_view bytes) {
    say(bytes);
    return byte_sink.take();
  }
  // What came once `part` is in it.
  std::string wait_for(std::string_view part) {
    world.until([&] { return has(byte_sink.text(), part); });
    return byte_sink.take();
  }
  void later(mtproto::Duration time) {
    now += time;
    if (const auto due = channel->deadline(); due && *due <= now) channel->tick(now);
  }

  World world;
  ByteSink byte_sink;
  mtproto::Time now = server::upstream::boot_time();
  std::unique_ptr<HttpChannel> channel;
};

}  // namespace

TEST_CASE("A request is the same however its bytes are cut") {
  HttpClient client;
  const auto request = get("/livez");
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    client.say(std::string_view(request).substr(0, cut));
    CHECK(client.byte_sink.take().empty());
    CHECK(has(client.ask(std::string_view(request).substr(cut)), "\r\n\r\nalive\n"));
  }
  CHECK(!client.byte_sink.closing);
}

TEST_CASE("Requests that came together are answered in their order") {
  HttpClient client;
  const auto out = client.ask(get("/livez") + get("/nope") + get("/readyz"));
  const auto first = out.find("alive"), second = out.find("NotFound"), third = out.find("ready\n");
  REQUIRE(third != out.npos);
  CHECK(first < second);
  CHECK(second < third);
}

TEST_CASE("HEAD is answered as GET, without the body") {
  HttpClient client;
  const auto out = client.ask("HEAD /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(has(out, "Content-Length: 6\r\n"));
  CHECK(out.ends_with("\r\n\r\n"));
}

TEST_CASE("A page that is known already is not sent again") {
  HttpClient client;
  const auto whole = client.ask(get("/"));
  const auto at = whole.find("ETag: ") + 6;
  const auto etag = whole.substr(at, whole.find('\r', at) - at);
  const auto known = client.ask(get("/", "If-None-Match: \"other\", W/" + etag + "\r\n"));
  CHECK(known.starts_with("HTTP/1.1 304 "));
  CHECK(known.ends_with("\r\n\r\n"));
  CHECK(!has(known, "Content-Length"));
  CHECK(client.ask(get("/", "If-None-Match: \"other\"\r\n")).starts_with("HTTP/1.1 200 "));
}

TEST_CASE("Every response keeps strangers out of it") {
  HttpClient client;
  for (const auto* path : {"/", "/nope", "/livez", "/metrics", "/client.js"}) {
    const auto out = client.ask(get(path));
    CAPTURE(path);
    CHECK(has(out, "X-Content-Type-Options: nosniff\r\n"));
    CHECK(has(out, "frame-ancestors 'none'"));
    CHECK(has(out, "Referrer-Policy: no-referrer\r\n"));
    CHECK(!has(out, "unsafe"));
    CHECK(count(out, "Cache-Control: ") == 1);
  }
}

TEST_CASE("A wrong method is told which are right, and OPTIONS says the same") {
  for (const auto& [path, methods] :
       {std::pair("/", "GET, HEAD, OPTIONS"), std::pair("/json", "POST, OPTIONS"),
        std::pair("/json/", "POST, OPTIONS"), std::pair("/ws", "GET, OPTIONS"),
        std::pair("/livez", "GET, HEAD, OPTIONS"), std::pair("/metrics", "GET, HEAD, OPTIONS")}) {
    CAPTURE(path);
    HttpClient client;
    const auto allow = "Allow: " + std::string(methods) + "\r\n";
    const auto rest = " " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const auto asked = client.ask("OPTIONS" + rest);
    CHECK(asked.starts_with("HTTP/1.1 204 "));
    CHECK(has(asked, allow));
    const auto refused = client.ask("DELETE" + rest);
    CHECK(refused.starts_with("HTTP/1.1 405 "));
    CHECK(has(refused, allow));
  }
}

TEST_CASE("Where there is nothing no method is right") {
  HttpClient client;
  for (const auto* method : {"GET", "POST", "DELETE", "OPTIONS"}) {
    CHECK(client.ask(std::string(method) + " /jsn HTTP/1.1\r\nHost: localhost\r\n\r\n")
              .starts_with("HTTP/1.1 404 "));
  }
}

TEST_CASE("A probe may ask by OPTIONS, without a host, and about all") {
  HttpClient client;
  CHECK(client.ask("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 204 "));
  CHECK(client.ask("OPTIONS / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 204 "));
  CHECK(client.byte_sink.closing);
  client.begin();
  CHECK(client.ask("OPTIONS / HTTP/1.1\r\nHost: x.example\r\nOrigin: http://evil.example\r\n\r\n")
            .starts_with("HTTP/1.1 403 "));
}

TEST_CASE("A target in absolute form is what proxies send, and its host is the one that counts") {
  const auto ask = [](std::string_view target, std::string_view rest) {
    HttpClient client;
    return client.ask("GET " + std::string(target) + " " + std::string(rest) + "\r\n\r\n");
  };
  const std::string_view ours = "HTTP/1.1\r\nHost: localhost";
  CHECK(has(ask("http://localhost/livez", ours), "alive\n"));
  CHECK(has(ask("HTTPS://LocalHost:1543/livez", ours), "alive\n"));
  CHECK(has(ask("http://localhost/readyz?x=/", ours), "ready"));
  CHECK(has(ask("http://localhost", ours), "text/html"));
  CHECK(has(ask("http://localhost?x", ours), "text/html"));
  CHECK(has(ask("http://127.0.0.1/", "HTTP/1.1\r\nHost: rebound.example"), "text/html"));
  CHECK(has(ask("http://localhost/", "HTTP/1.0"), "text/html"));
  CHECK(ask("http://rebound.example/", ours).starts_with("HTTP/1.1 403 "));
  CHECK(ask("http://user@localhost/", ours).starts_with("HTTP/1.1 403 "));
  CHECK(ask("http:///", ours).starts_with("HTTP/1.1 403 "));
  CHECK(ask("http://localhost/", "HTTP/1.1").starts_with("HTTP/1.1 403 "));
  CHECK(ask("http://localhost/", "HTTP/1.1\r\nHost: a\r\nHost: b").starts_with("HTTP/1.1 400 "));
}

TEST_CASE("Empty lines before and between requests are nothing, however they are cut") {
  HttpClient client;
  const auto all = "\r\n\r\n" + get("/livez") + "\r\n" + get("/readyz") + "\r\n\r\n" + get("/nope");
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    client.say(std::string_view(all).substr(0, cut));
    const auto out = client.byte_sink.take() + client.ask(std::string_view(all).substr(cut));
    CAPTURE(cut);
    CHECK(has(out, "alive\n"));
    CHECK(has(out, "ready\n"));
    CHECK(has(out, "404 Not Found"));
  }
  client.say("\r\n");
  client.later(HttpChannel::head_time + 1s);
  CHECK(client.byte_sink.reset_reason.empty());
}

TEST_CASE("A slash behind a path changes nothing") {
  HttpClient client;
  CHECK(has(client.ask(get("/livez/")), "alive\n"));
  CHECK(has(client.ask(get("/metrics/")), "streamjson_build_info"));
  CHECK(client.ask(get("/ws/")).starts_with("HTTP/1.1 426 "));
  CHECK(client.ask(get("/client.js/")).starts_with("HTTP/1.1 404 "));
  CHECK(client.ask(get("/livez//")).starts_with("HTTP/1.1 404 "));
  client.say("POST /json/?json=plain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 21\r\n\r\n" +
             std::string(R"({"id":1,"session":{}})"));
  CHECK(has(client.wait_for("0\r\n\r\n"), R"({"id":1,"session":)"));
}

TEST_CASE("Of objects with a comma between them none is carried out") {
  for (const auto* body :
       {R"({"message":{"_cons":"help.getNearestDc"}},{"id":2,"options":{}})",
        R"([{"message":{"_cons":"help.getNearestDc"}},{"id":2,"options":{}}])"}) {
    HttpClient client;
    const auto out = client.ask(post(body));
    CHECK(out.starts_with("HTTP/1.1 400 "));
    CHECK(count(out, "\"id\":") == 1);
    client.world.context.poll();
    CHECK(client.world.telegram.asked.empty());
    CHECK(!client.byte_sink.closing);
  }
}

TEST_CASE("What is no HTTP is told so, and is the last word") {
  for (const auto* text :
       {"GET localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HTTP/9\r\n\r\n",
        "GET ftp://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n", "CONNECT localhost:443 HTTP/1.1\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", "NO\r\n\r\n",
        "POST /json HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n"
        "Transfer-Encoding: chunked\r\n\r\n{}",
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n"}) {
    HttpClient client;
    CAPTURE(text);
    client.say(std::string(text) + get("/livez"));
    CHECK(client.byte_sink.text().starts_with("HTTP/1.1 400 "));
    const bool twice = has(text, "Host: localhost\r\nHost");
    CHECK(client.byte_sink.closing != twice);
  }
}

TEST_CASE("A head has at most 16 KiB") {
  HttpClient client;
  CHECK(client.ask(get("/livez", "X: " + std::string(15'000, 'x') + "\r\n"))
            .starts_with("HTTP/1.1 200"));
  CHECK(client.ask(get("/livez", "X: " + std::string(17'000, 'x') + "\r\n"))
            .starts_with("HTTP/1.1 431"));
  CHECK(client.byte_sink.closing);
}

TEST_CASE("A head has at most 128 lines") {
  std::string fields;
  for (int i = 0; i < 120; ++i) fields += "x:\r\n";
  HttpClient client;
  CHECK(client.ask(get("/livez", fields)).starts_with("HTTP/1.1 200"));
  CHECK(client.ask(get("/livez", fields + fields)).starts_with("HTTP/1.1 431"));
}

TEST_CASE("Who sends a head slowly is reset, who is idle is closed") {
  HttpClient slow, idle;
  slow.say("GET / HT");
  slow.later(HttpChannel::head_time);
  CHECK(has(slow.byte_sink.reset_reason, "too long"));
  idle.say(get("/livez"));
  idle.later(HttpChannel::idle_time - 1s);
  CHECK(!idle.byte_sink.closing);
  idle.later(2s);
  CHECK(idle.byte_sink.closing);
  CHECK(idle.byte_sink.reset_reason.empty());
}

TEST_CASE("Who stops in the middle of a body is given up") {
  HttpClient client;
  const auto request = post("{\"id\":1}");
  client.say(std::string_view(request).substr(0, request.size() - 2));
  client.later(HttpChannel::body_time + 1s);
  CHECK(has(client.byte_sink.reset_reason, "too long"));
}

TEST_CASE("A POST is answered with its replies, a line each, and the connection goes on") {
  HttpClient client;
  client.say(post(R"({"message":{"_cons":"help.getNearestDc"}}{"id":"b","options":{}})"));
  const auto out = client.wait_for("\r\n0\r\n\r\n");
  CHECK(out.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(has(out, std::string(nearest_object) + "\n"));
  CHECK(has(out, R"({"id":"b","options":)"));
  CHECK(has(client.ask(get("/livez")), "alive\n"));
}

TEST_CASE("A POST that was answered lets go of Telegram, though its connection goes on") {
  HttpClient client;
  const auto& open = client.world.thread.counters.telegram.open;
  client.say(post(R"({"message":{"_cons":"help.getNearestDc"}})"));
  client.wait_for("\r\n0\r\n\r\n");
  CHECK(client.world.until([&] { return open.value() == 0; }));
  CHECK(has(client.ask(get("/livez")), "alive\n"));
}

TEST_CASE("Requests of a client that does not read wait in its socket") {
  HttpClient client;
  std::string many;
  while (many.size() < 40'000) many += get("/client.js");
  for (int i = 0; i < 4; ++i) client.channel->receive(tl::as_bytes(many), client.now);
  CHECK(client.byte_sink.paused);
  CHECK(client.byte_sink.text().size() < 200'000);
  for (int i = 0; i < 5000 && client.byte_sink.paused; ++i) {
    client.byte_sink.take();
    client.channel->written(client.now);
  }
  CHECK(!client.byte_sink.paused);
}

TEST_CASE("The body of a POST may come in chunks") {
  HttpClient client;
  client.say("POST /json HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  client.say("8\r\n{\"id\":1,\r\n");
  CHECK(client.byte_sink.text().empty());
  client.say("d\r\n\"session\":{}}\r\n0\r\n\r\n");
  CHECK(has(client.wait_for("0\r\n\r\n"), R"({"id":1,"session":)"));
}

TEST_CASE("In HTTP/1.0 the replies end with the connection") {
  HttpClient client;
  client.say(
      "POST /json HTTP/1.0\r\nHost: localhost\r\nContent-Length: 14\r\n\r\n{\"session\":{}}");
  const auto out = client.wait_for("}}\n");
  CHECK(out.starts_with("HTTP/1.0 200 OK\r\n"));
  CHECK(!has(out, "chunked"));
  CHECK(client.world.until([&] { return client.byte_sink.closing; }));
}

TEST_CASE("A body that is no request is a 4xx with the error object") {
  HttpClient client;
  CHECK(has(client.ask(post("hello")), "400 Bad Request"));
  client.begin();
  CHECK(has(client.ask(post("hello")), R"({"id":-2,"error":"JSONDecodeError")"));
  client.begin();
  CHECK(has(client.ask(post("[1]")), R"({"id":-3,"error":"TypeError")"));
  client.begin();
  CHECK(has(client.ask(post("")), R"("error":"JSONDecodeError")"));
}

TEST_CASE("An object that can't be served is a 200 with the error inside") {
  HttpClient client;
  client.say(post(R"({"id":6,"massage":{}})"));
  const auto out = client.wait_for("0\r\n\r\n");
  CHECK(out.starts_with("HTTP/1.1 200"));
  CHECK(has(out, R"({"id":6,"error":"TypeError")"));
}

TEST_CASE("A body above the limit is a 413") {
  server::Options options;
  options.max_line = 300;
  HttpClient client(nearest, options);
  CHECK(client.ask(post("{\"id\":\"" + std::string(400, 'x') + "\"}")).starts_with("HTTP/1.1 413"));
}

TEST_CASE("Who asks whether to go on with a body is told to") {
  HttpClient client;
  client.say(
      "POST /json HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
      "Content-Length: 14\r\n\r\n");
  CHECK(client.byte_sink.take() == "HTTP/1.1 100 Continue\r\n\r\n");
  client.say("{\"session\":{}}");
  CHECK(has(client.wait_for("0\r\n\r\n"), "HTTP/1.1 200"));
}

TEST_CASE("Who is not admitted has nothing of his body read") {
  HttpClient client;
  const auto out = client.ask(
      post(R"({"message":{"_cons":"help.getNearestDc"}})", "Origin: https://evil.example\r\n"));
  CHECK(out.starts_with("HTTP/1.1 403"));
  CHECK(has(out, "--allow-origin https://evil.example"));
  CHECK(client.byte_sink.closing);
  CHECK(client.world.telegram.asked.empty());
}

TEST_CASE("An origin that is allowed may read the answer, and asks before it posts") {
  server::Options options;
  options.allow_origin = {"https://app.example"};
  HttpClient client(nearest, options);
  const auto ask = client.ask(
      "OPTIONS /json HTTP/1.1\r\nHost: localhost\r\nOrigin: https://app.example\r\n"
      "Access-Control-Request-Method: POST\r\n\r\n");
  CHECK(ask.starts_with("HTTP/1.1 204"));
  CHECK(has(ask, "Access-Control-Allow-Origin: https://app.example\r\n"));
  CHECK(has(ask, "Vary: Origin\r\n"));
  client.say(post(R"({"session":{}})", "Origin: https://app.example\r\n"));
  const auto out = client.wait_for("0\r\n\r\n");
  CHECK(has(out, "Access-Control-Allow-Origin: https://app.example\r\n"));
  CHECK(!has(out, "Cross-Origin-Resource-Policy"));
}

TEST_CASE("A probe may ask by whatever name, nobody else may") {
  HttpClient client;
  const auto by = [](std::string_view path) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: rebound.example\r\n\r\n";
  };
  for (const auto* path : {"/livez", "/readyz", "/healthz"}) {
    CHECK(client.ask(by(path)).starts_with("HTTP/1.1 200"));
  }
  for (const auto* path : {"/", "/metrics", "/scheme.tl", "/ws"}) {
    CHECK(client.ask(by(path)).starts_with("HTTP/1.1 403"));
  }
}

TEST_CASE("Data want a token where there are tokens, the console's files do not") {
  HttpClient client;
  client.world.gateway.set_tokens(one_token());
  const auto bearer = "Authorization: Bearer " + std::string(the_token) + "\r\n";
  for (const auto* path : {"/metrics", "/scheme.tl"}) {
    const auto out = client.ask(get(path));
    CHECK(out.starts_with("HTTP/1.1 401"));
    CHECK(has(out, "WWW-Authenticate: Bearer\r\n"));
    client.say(get(path, bearer));
    CHECK(client.wait_for("200 OK").starts_with("HTTP/1.1 200 OK"));
  }
  for (const auto* path : {"/", "/client.js", "/livez"}) {
    CHECK(client.ask(get(path)).starts_with("HTTP/1.1 200"));
  }
  CHECK(client.ask(get("/metrics?token=" + std::string(the_token))).starts_with("HTTP/1.1 401"));
}

TEST_CASE("A POST shows its token in the header or in its first object") {
  HttpClient client;
  client.world.gateway.set_tokens(one_token());
  const auto token = std::string(the_token);
  client.say(post(R"({"session":{}})", "Authorization: bearer " + token + "\r\n"));
  CHECK(client.wait_for("0\r\n\r\n").starts_with("HTTP/1.1 200"));
  client.say(post(R"({"token":")" + token + R"(","session":{}})"));
  CHECK(client.wait_for("0\r\n\r\n").starts_with("HTTP/1.1 200"));
  CHECK(has(client.ask(post(R"({"id":3,"session":{}})")), R"({"id":3,"error":"Unauthorized")"));
  client.begin();
  CHECK(client.ask(post(R"({"token":"a-wrong-one-at-all"})")).starts_with("HTTP/1.1 401"));
}

TEST_CASE("After five wrong tokens the answers to others wait, and the right one does not") {
  HttpClient client;
  client.world.gateway.set_tokens(one_token());
  const auto wrong = get("/metrics", "Authorization: Bearer wrong\r\n");
  for (int i = 0; i < 5; ++i) CHECK(client.ask(wrong).starts_with("HTTP/1.1 401"));
  CHECK(client.ask(wrong + get("/livez")).empty());
  client.later(11s);
  CHECK(client.byte_sink.text().empty());
  client.later(2s);
  const auto out = client.byte_sink.take();
  CHECK(out.starts_with("HTTP/1.1 401"));
  CHECK(has(out, "alive"));
  CHECK(client.ask(post(R"({"token":"a-wrong-one-at-all"})") + get("/livez")).empty());
  client.later(40s);
  CHECK(has(client.byte_sink.take(), "alive"));
  const auto right = get("/metrics", "Authorization: Bearer " + std::string(the_token) + "\r\n");
  CHECK(client.ask(right).starts_with("HTTP/1.1 200"));
}

TEST_CASE("A refusal that waits is given before the gateway ends") {
  HttpClient client;
  client.world.gateway.set_tokens(one_token());
  const auto wrong = get("/metrics", "Authorization: Bearer wrong\r\n");
  for (int i = 0; i < 6; ++i) client.say(wrong);
  client.byte_sink.take();
  client.channel->drain();
  CHECK(client.byte_sink.text().starts_with("HTTP/1.1 401"));
  CHECK(client.byte_sink.closing);
}

TEST_CASE(
    "Requests that a proxy makes for one address count together, and no longer than they last") {
  server::Options options;
  options.trust_proxy = {"0.0.0.0"};  // that of a Caller without any
  options.max_connections_per_address = 1;
  HttpClient client(nearest, std::move(options));
  const auto from = [](const std::string& address) {
    return get("/livez", "X-Forwarded-For: " + address + "\r\n");
  };
  const auto elsewhere = client.world.gateway.connection_limiter.enter(
      {boost::asio::ip::make_address("192.0.2.1"), false, true});
  CHECK(client.ask(from("192.0.2.1")).starts_with("HTTP/1.1 429"));
  for (int i = 0; i < 3; ++i) CHECK(has(client.ask(from("192.0.2.2")), "alive"));
  CHECK(client.ask(get("/livez", "Forwarded: for=\"\r\n")).starts_with("HTTP/1.1 400"));
}

TEST_CASE("A page of the scheme is made apart, and later requests wait their turn") {
  HttpClient client;
  client.say(get("/scheme.tl?layer=50") + get("/livez"));
  CHECK(!has(client.byte_sink.text(), "alive\n"));
  const auto out = client.wait_for("alive");
  CHECK(has(out, "// LAYER 50"));
  CHECK(has(client.ask(get("/scheme.json?layer=7")), "404 Not Found"));
  CHECK(has(client.ask(get("/scheme.json?layer=x")), "404 Not Found"));
}

TEST_CASE("A WebSocket is offered to who asks for one") {
  HttpClient client;
  CHECK(client.ask(get("/ws")).starts_with("HTTP/1.1 426"));
  CHECK(client
            .ask(get("/ws?json=odd",
                     "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                     "Sec-WebSocket-Version: 13\r\n"))
            .starts_with("HTTP/1.1 400"));
  client.say(get("/ws?json=plain",
                 "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"));
  CHECK(client.byte_sink.became);
  CHECK(client.wait_for("\r\n\r\n").starts_with("HTTP/1.1 101"));
}

TEST_CASE("A key of a WebSocket is 16 bytes in base64, once") {
  const auto ask = [](std::string_view key, std::string_view version = "13") {
    HttpClient client;
    client.say(get("/ws", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " +
                              std::string(key) +
                              "\r\nSec-WebSocket-Version: " + std::string(version) + "\r\n"));
    return client.wait_for("\r\n\r\n");
  };
  CHECK(ask("dGhlIHNhbXBsZSBub25jZQ==").starts_with("HTTP/1.1 101 "));
  for (const auto* key : {"", "x", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ=",
                          "dGhlIHNhbXBsZSBub25jZSE=", "dGhlIHNhbXBsZSBub25j-Q==",
                          "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Key: "
                          "dGhlIHNhbXBsZSBub25jZQ=="}) {
    CAPTURE(key);
    CHECK(ask(key).starts_with("HTTP/1.1 400 "));
  }
  const auto other = ask("dGhlIHNhbXBsZSBub25jZQ==", "8");
  CHECK(other.starts_with("HTTP/1.1 426 "));
  CHECK(has(other, "Sec-WebSocket-Version: 13\r\n"));
}

TEST_CASE("A WebSocket that is asked for in HTTP/1.0 is refused in words of its own") {
  HttpClient client;
  const auto refused = client.ask(
      "GET /ws HTTP/1.0\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
  CHECK(refused.starts_with("HTTP/1.0 426 "));
  CHECK(has(refused, "asked for in HTTP/1.1 (RFC 6455, 4.1), not in HTTP/1.0"));
}

TEST_CASE("Who is refused for a header reads it, as JSON text") {
  HttpClient client;
  const auto refused = client.ask("GET / HTTP/1.1\r\nHost: evil\".example\r\n\r\n");
  CHECK(refused.starts_with("HTTP/1.1 403 "));
  CHECK(has(refused, R"(its Host header is no host (Host: evil\".example))"));
}

TEST_CASE("A long head does not keep a WebSocket away") {
  HttpClient client;
  client.say(
      get("/ws", "Upgrade: websocket\r\nConnection: Upgrade\r\nCookie: " + std::string(8000, 'x') +
                     "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                     "Sec-WebSocket-Version: 13\r\n"));
  CHECK(client.wait_for("\r\n\r\n").starts_with("HTTP/1.1 101 "));
}

// --- memory ---

TEST_CASE("What came of requests is counted while it is kept") {
  HttpClient client;
  auto& memory = client.world.gateway.memory;
  const auto half = get("/livez", "X: " + std::string(10'000, 'x') + "\r\n");
  client.say(std::string_view(half).substr(0, half.size() - 2));
  CHECK(memory.used() >= 10'000);
  CHECK(has(client.ask("\r\n"), "alive\n"));
  CHECK(memory.used() == 0);
  client.say(post(R"({"message":{"_cons":"help.getNearestDc"}})") +
             get("/livez", "X: " + std::string(10'000, 'x') + "\r\n"));
  CHECK(memory.used() >= 10'000);
  CHECK(has(client.wait_for("alive\n"), nearest_object));
  CHECK(memory.used() < 8'000);  // the link stays
}

TEST_CASE("At the bound of memory a POST is Busy, and its connection lives") {
  HttpClient client;
  auto& memory = client.world.gateway.memory;
  server::MemoryShare others(memory);
  others.resize(memory.limit());
  const auto request =
      post(R"({"id":1,"session":{},"@extra":")" + std::string(5'000, 'x') + R"("})");
  client.say(std::string_view(request).substr(0, request.size() - 10));
  CHECK(client.byte_sink.text().empty());
  const auto out = client.ask(std::string_view(request).substr(request.size() - 10));
  CHECK(out.starts_with("HTTP/1.1 503 "));
  CHECK(has(out, R"({"id":-2,"error":"Busy")"));
  CHECK(has(out, "Connection: keep-alive\r\n"));
  CHECK(has(client.ask(get("/livez")), "alive\n"));
  others.resize(0);
  client.say(post(R"({"id":1,"session":{}})"));
  CHECK(client.wait_for("0\r\n\r\n").starts_with("HTTP/1.1 200"));
}

TEST_CASE("A body that memory ends in the middle of is Busy, and its connection lives") {
  server::Options options;
  options.max_memory = 60'000;
  HttpClient client(nearest, options);
  for (const bool chunked : {false, true}) {
    CAPTURE(chunked);
    const auto body = R"({"id":1,"session":{},"@extra":")" + std::string(200'000, 'x') + R"("})";
    client.say(chunked
                   ? "POST /json HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                   : post(body).substr(0, post(body).size() - body.size()));
    for (std::size_t at = 0; at < body.size(); at += 4096) {
      const auto part = body.substr(at, 4096);
      std::ostringstream size;
      size << std::hex << part.size();
      client.say(chunked ? size.str() + "\r\n" + part + "\r\n" : part);
    }
    if (chunked) client.say("0\r\n\r\n");
    CHECK(has(client.byte_sink.take(), R"({"id":1,"error":"Busy")"));
    CHECK(!client.byte_sink.closing);
    CHECK(client.world.gateway.memory.used() == 0);
  }
  CHECK(has(client.ask(get("/livez")), "alive\n"));
}

TEST_CASE("At the bound of memory half a long head is Busy, and a short one is served") {
  HttpClient client;
  auto& memory = client.world.gateway.memory;
  server::MemoryShare others(memory);
  others.resize(memory.limit());
  CHECK(has(client.ask(get("/livez")), "alive\n"));
  const auto longer = get("/livez", "X: " + std::string(6'000, 'x') + "\r\n");
  client.say(std::string_view(longer).substr(0, 5'000));
  CHECK(!client.byte_sink.paused);
  CHECK(has(client.ask(std::string_view(longer).substr(5'000)), "alive\n"));
  CHECK(client.ask(get("/readyz")).starts_with("HTTP/1.1 503 "));
  CHECK(client.ask(get("/client.js")).starts_with("HTTP/1.1 503 "));
  CHECK(!client.byte_sink.closing);
  CHECK(client.ask("GET / HTTP/1.1\r\nX: " + std::string(9'000, 'x')).starts_with("HTTP/1.1 503 "));
  CHECK(client.byte_sink.closing);
  CHECK(memory.used() == memory.limit());
}

TEST_CASE("At the bound of memory requests that came ahead are told so, in their turn") {
  HttpClient client;
  client.say(post(R"({"message":{"_cons":"help.getNearestDc"}})"));
  REQUIRE(client.world.asked(1));
  server::MemoryShare others(client.world.gateway.memory);
  others.resize(client.world.gateway.memory.limit());
  client.say(get("/livez", "X: " + std::string(9'000, 'x') + "\r\n"));
  const auto out = client.wait_for("503 Service");
  CHECK(out.find(nearest_object) < out.find("503 Service"));
  CHECK(client.byte_sink.closing);
}

TEST_CASE("A client that closes in the middle of a POST disturbs nobody") {
  std::string silence;
  HttpClient client([&](const tl::Value&) { return silence; });
  client.say(post(R"({"message":{"_cons":"help.getNearestDc"}})"));
  REQUIRE(client.world.asked(1));
  client.channel->close();
  client.channel.reset();
  client.world.telegram.answer(
      client.world.telegram.asked[0],
      R"({"_cons":"nearestDc","country":"XX","this_dc":2,"nearest_dc":2})");
  CHECK(client.world.until([&] { return client.world.gateway.memory.used() == 0; }));
  CHECK(client.byte_sink.text().empty());
}

TEST_CASE("At the end of the process a POST is answered, and is the last") {
  HttpClient client;
  client.say(post(R"({"message":{"_cons":"help.getNearestDc"}})"));
  client.channel->drain();
  CHECK(!client.byte_sink.closing);
  CHECK(has(client.wait_for("0\r\n\r\n"), nearest_object));
  CHECK(client.byte_sink.closing);
}

TEST_CASE("Metrics count what happened") {
  HttpClient client;
  client.say(post(R"({"message":{"_cons":"help.getNearestDc"}}{"x":1})"));
  client.wait_for("0\r\n\r\n");
  const auto out = client.ask(get("/metrics"));
  CHECK(has(out, "\nstreamjson_requests_total{outcome=\"answered\"} 1\n"));
  CHECK(has(out, "\nstreamjson_requests_total{outcome=\"TypeError\"} 1\n"));
  CHECK(has(out, "\nstreamjson_key_exchanges_total 1\n"));
  CHECK(has(out, "\nstreamjson_telegram_seconds_count 1\n"));
  CHECK(has(out, "\nstreamjson_requests_in_flight 0\n"));
  CHECK(has(out, "\nstreamjson_build_info{version="));
}
