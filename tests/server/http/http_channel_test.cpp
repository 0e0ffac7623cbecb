// HTTP without a socket: requests cut anywhere, one after another, time by script.
#include "server/http/http_channel.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "tests/server/access/one_token.hpp"
#include "tests/server/connection/connection_world.hpp"
#include "tests/support/outlet.hpp"

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

struct Visit {
  explicit Visit(TestTelegram::Handler handler = nearest, server::Options options = {})
      : world(std::move(handler), std::move(options)) {
    world.gateway.threads.push_back(&world.thread);
    begin();
  }
  void begin() {
    outlet.take();
    channel = std::make_unique<HttpChannel>(world.thread, outlet, server::Caller{}, false, now);
  }
  void say(std::string_view bytes) {
    channel->receive(tl::as_bytes(bytes), now);
    channel->written(now);
  }
  std::string ask(std::string_view bytes) {
    say(bytes);
    return outlet.take();
  }
  // What came once `part` is in it.
  std::string wait_for(std::string_view part) {
    world.until([&] { return has(outlet.text(), part); });
    return outlet.take();
  }
  void later(mtproto::Duration time) {
    now += time;
    if (const auto due = channel->deadline(); due && *due <= now) channel->tick(now);
  }

  World world;
  Outlet outlet;
  mtproto::Time now = server::upstream::boot_time();
  std::unique_ptr<HttpChannel> channel;
};

}  // namespace

TEST_CASE("A request is the same however its bytes are cut") {
  Visit visit;
  const auto request = get("/livez");
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    visit.say(std::string_view(request).substr(0, cut));
    CHECK(visit.outlet.take().empty());
    CHECK(has(visit.ask(std::string_view(request).substr(cut)), "\r\n\r\nalive\n"));
  }
  CHECK(!visit.outlet.hung_up);
}

TEST_CASE("Requests that came together are answered in their order") {
  Visit visit;
  const auto out = visit.ask(get("/livez") + get("/nope") + get("/readyz"));
  const auto first = out.find("alive"), second = out.find("NotFound"), third = out.find("ready\n");
  REQUIRE(third != out.npos);
  CHECK(first < second);
  CHECK(second < third);
}

TEST_CASE("HEAD is answered as GET, without the body") {
  Visit visit;
  const auto out = visit.ask("HEAD /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(has(out, "Content-Length: 6\r\n"));
  CHECK(out.ends_with("\r\n\r\n"));
}

TEST_CASE("A page that is known already is not sent again") {
  Visit visit;
  const auto whole = visit.ask(get("/"));
  const auto at = whole.find("ETag: ") + 6;
  const auto etag = whole.substr(at, whole.find('\r', at) - at);
  const auto known = visit.ask(get("/", "If-None-Match: \"other\", W/" + etag + "\r\n"));
  CHECK(known.starts_with("HTTP/1.1 304 "));
  CHECK(known.ends_with("\r\n\r\n"));
  CHECK(!has(known, "Content-Length"));
  CHECK(visit.ask(get("/", "If-None-Match: \"other\"\r\n")).starts_with("HTTP/1.1 200 "));
}

TEST_CASE("Every response keeps strangers out of it") {
  Visit visit;
  for (const auto* path : {"/", "/nope", "/livez", "/metrics", "/client.js"}) {
    const auto out = visit.ask(get(path));
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
    Visit visit;
    const auto allow = "Allow: " + std::string(methods) + "\r\n";
    const auto rest = " " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const auto asked = visit.ask("OPTIONS" + rest);
    CHECK(asked.starts_with("HTTP/1.1 204 "));
    CHECK(has(asked, allow));
    const auto refused = visit.ask("DELETE" + rest);
    CHECK(refused.starts_with("HTTP/1.1 405 "));
    CHECK(has(refused, allow));
  }
}

TEST_CASE("Where there is nothing no method is right") {
  Visit visit;
  for (const auto* method : {"GET", "POST", "DELETE", "OPTIONS"}) {
    CHECK(visit.ask(std::string(method) + " /jsn HTTP/1.1\r\nHost: localhost\r\n\r\n")
              .starts_with("HTTP/1.1 404 "));
  }
}

TEST_CASE("A probe may ask by OPTIONS, without a host, and about all") {
  Visit visit;
  CHECK(visit.ask("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 204 "));
  CHECK(visit.ask("OPTIONS / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.0 204 "));
  CHECK(visit.outlet.hung_up);
  visit.begin();
  CHECK(visit.ask("OPTIONS / HTTP/1.1\r\nHost: x.example\r\nOrigin: http://evil.example\r\n\r\n")
            .starts_with("HTTP/1.1 403 "));
}

TEST_CASE("A target in absolute form is what proxies send, and its host is the one that counts") {
  const auto ask = [](std::string_view target, std::string_view rest) {
    Visit visit;
    return visit.ask("GET " + std::string(target) + " " + std::string(rest) + "\r\n\r\n");
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
  Visit visit;
  const auto all = "\r\n\r\n" + get("/livez") + "\r\n" + get("/readyz") + "\r\n\r\n" + get("/nope");
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    visit.say(std::string_view(all).substr(0, cut));
    const auto out = visit.outlet.take() + visit.ask(std::string_view(all).substr(cut));
    CAPTURE(cut);
    CHECK(has(out, "alive\n"));
    CHECK(has(out, "ready\n"));
    CHECK(has(out, "404 Not Found"));
  }
  visit.say("\r\n");
  visit.later(HttpChannel::head_time + 1s);
  CHECK(visit.outlet.abandoned.empty());
}

TEST_CASE("A slash behind a path changes nothing") {
  Visit visit;
  CHECK(has(visit.ask(get("/livez/")), "alive\n"));
  CHECK(has(visit.ask(get("/metrics/")), "streamjson_build_info"));
  CHECK(visit.ask(get("/ws/")).starts_with("HTTP/1.1 426 "));
  CHECK(visit.ask(get("/client.js/")).starts_with("HTTP/1.1 404 "));
  CHECK(visit.ask(get("/livez//")).starts_with("HTTP/1.1 404 "));
  visit.say("POST /json/?json=plain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 21\r\n\r\n" +
            std::string(R"({"id":1,"session":{}})"));
  CHECK(has(visit.wait_for("0\r\n\r\n"), R"({"id":1,"session":)"));
}

TEST_CASE("Of objects with a comma between them none is carried out") {
  for (const auto* body :
       {R"({"message":{"_cons":"help.getNearestDc"}},{"id":2,"options":{}})",
        R"([{"message":{"_cons":"help.getNearestDc"}},{"id":2,"options":{}}])"}) {
    Visit visit;
    const auto out = visit.ask(post(body));
    CHECK(out.starts_with("HTTP/1.1 400 "));
    CHECK(count(out, "\"id\":") == 1);
    visit.world.context.poll();
    CHECK(visit.world.telegram.asked.empty());
    CHECK(!visit.outlet.hung_up);
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
    Visit visit;
    CAPTURE(text);
    visit.say(std::string(text) + get("/livez"));
    CHECK(visit.outlet.text().starts_with("HTTP/1.1 400 "));
    const bool twice = has(text, "Host: localhost\r\nHost");
    CHECK(visit.outlet.hung_up != twice);
  }
}

TEST_CASE("A head has at most 16 KiB") {
  Visit visit;
  CHECK(visit.ask(get("/livez", "X: " + std::string(15'000, 'x') + "\r\n"))
            .starts_with("HTTP/1.1 200"));
  CHECK(visit.ask(get("/livez", "X: " + std::string(17'000, 'x') + "\r\n"))
            .starts_with("HTTP/1.1 431"));
  CHECK(visit.outlet.hung_up);
}

TEST_CASE("A head has at most 128 lines") {
  std::string fields;
  for (int i = 0; i < 120; ++i) fields += "x:\r\n";
  Visit visit;
  CHECK(visit.ask(get("/livez", fields)).starts_with("HTTP/1.1 200"));
  CHECK(visit.ask(get("/livez", fields + fields)).starts_with("HTTP/1.1 431"));
}

TEST_CASE("Who sends a head slowly is given up, who is idle is let go") {
  Visit slow, idle;
  slow.say("GET / HT");
  slow.later(HttpChannel::head_time);
  CHECK(has(slow.outlet.abandoned, "too long"));
  idle.say(get("/livez"));
  idle.later(HttpChannel::idle_time - 1s);
  CHECK(!idle.outlet.hung_up);
  idle.later(2s);
  CHECK(idle.outlet.hung_up);
  CHECK(idle.outlet.abandoned.empty());
}

TEST_CASE("Who stops in the middle of a body is given up") {
  Visit visit;
  const auto request = post("{\"id\":1}");
  visit.say(std::string_view(request).substr(0, request.size() - 2));
  visit.later(HttpChannel::body_time + 1s);
  CHECK(has(visit.outlet.abandoned, "too long"));
}

TEST_CASE("A POST is answered with its replies, a line each, and the connection goes on") {
  Visit visit;
  visit.say(post(R"({"message":{"_cons":"help.getNearestDc"}}{"id":"b","options":{}})"));
  const auto out = visit.wait_for("\r\n0\r\n\r\n");
  CHECK(out.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(has(out, std::string(nearest_object) + "\n"));
  CHECK(has(out, R"({"id":"b","options":)"));
  CHECK(has(visit.ask(get("/livez")), "alive\n"));
}

TEST_CASE("A POST that was answered lets go of Telegram, though its connection goes on") {
  Visit visit;
  const auto& open = visit.world.thread.counters.telegram.open;
  visit.say(post(R"({"message":{"_cons":"help.getNearestDc"}})"));
  visit.wait_for("\r\n0\r\n\r\n");
  CHECK(visit.world.until([&] { return open.value() == 0; }));
  CHECK(has(visit.ask(get("/livez")), "alive\n"));
}

TEST_CASE("Requests of a client that does not read wait in its socket") {
  Visit visit;
  std::string many;
  while (many.size() < 40'000) many += get("/client.js");
  for (int i = 0; i < 4; ++i) visit.channel->receive(tl::as_bytes(many), visit.now);
  CHECK(visit.outlet.paused);
  CHECK(visit.outlet.text().size() < 200'000);
  for (int i = 0; i < 5000 && visit.outlet.paused; ++i) {
    visit.outlet.take();
    visit.channel->written(visit.now);
  }
  CHECK(!visit.outlet.paused);
}

TEST_CASE("The body of a POST may come in chunks") {
  Visit visit;
  visit.say("POST /json HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
  visit.say("8\r\n{\"id\":1,\r\n");
  CHECK(visit.outlet.text().empty());
  visit.say("d\r\n\"session\":{}}\r\n0\r\n\r\n");
  CHECK(has(visit.wait_for("0\r\n\r\n"), R"({"id":1,"session":)"));
}

TEST_CASE("In HTTP/1.0 the replies end with the connection") {
  Visit visit;
  visit.say("POST /json HTTP/1.0\r\nHost: localhost\r\nContent-Length: 14\r\n\r\n{\"session\":{}}");
  const auto out = visit.wait_for("}}\n");
  CHECK(out.starts_with("HTTP/1.0 200 OK\r\n"));
  CHECK(!has(out, "chunked"));
  CHECK(visit.world.until([&] { return visit.outlet.hung_up; }));
}

TEST_CASE("A body that is no request is a 4xx with the error object") {
  Visit visit;
  CHECK(has(visit.ask(post("hello")), "400 Bad Request"));
  visit.begin();
  CHECK(has(visit.ask(post("hello")), R"({"id":-2,"error":"JSONDecodeError")"));
  visit.begin();
  CHECK(has(visit.ask(post("[1]")), R"({"id":-3,"error":"TypeError")"));
  visit.begin();
  CHECK(has(visit.ask(post("")), R"("error":"JSONDecodeError")"));
}

TEST_CASE("An object that can't be served is a 200 with the error inside") {
  Visit visit;
  visit.say(post(R"({"id":6,"massage":{}})"));
  const auto out = visit.wait_for("0\r\n\r\n");
  CHECK(out.starts_with("HTTP/1.1 200"));
  CHECK(has(out, R"({"id":6,"error":"TypeError")"));
}

TEST_CASE("A body above the limit is a 413") {
  server::Options options;
  options.max_line = 300;
  Visit visit(nearest, options);
  CHECK(visit.ask(post("{\"id\":\"" + std::string(400, 'x') + "\"}")).starts_with("HTTP/1.1 413"));
}

TEST_CASE("Who asks whether to go on with a body is told to") {
  Visit visit;
  visit.say(
      "POST /json HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
      "Content-Length: 14\r\n\r\n");
  CHECK(visit.outlet.take() == "HTTP/1.1 100 Continue\r\n\r\n");
  visit.say("{\"session\":{}}");
  CHECK(has(visit.wait_for("0\r\n\r\n"), "HTTP/1.1 200"));
}

TEST_CASE("Who is refused at the door has nothing of his body read") {
  Visit visit;
  const auto out = visit.ask(
      post(R"({"message":{"_cons":"help.getNearestDc"}})", "Origin: https://evil.example\r\n"));
  CHECK(out.starts_with("HTTP/1.1 403"));
  CHECK(has(out, "--allow-origin https://evil.example"));
  CHECK(visit.outlet.hung_up);
  CHECK(visit.world.telegram.asked.empty());
}

TEST_CASE("An origin that is allowed may read the answer, and asks before it posts") {
  server::Options options;
  options.allow_origin = {"https://app.example"};
  Visit visit(nearest, options);
  const auto ask = visit.ask(
      "OPTIONS /json HTTP/1.1\r\nHost: localhost\r\nOrigin: https://app.example\r\n"
      "Access-Control-Request-Method: POST\r\n\r\n");
  CHECK(ask.starts_with("HTTP/1.1 204"));
  CHECK(has(ask, "Access-Control-Allow-Origin: https://app.example\r\n"));
  CHECK(has(ask, "Vary: Origin\r\n"));
  visit.say(post(R"({"session":{}})", "Origin: https://app.example\r\n"));
  const auto out = visit.wait_for("0\r\n\r\n");
  CHECK(has(out, "Access-Control-Allow-Origin: https://app.example\r\n"));
  CHECK(!has(out, "Cross-Origin-Resource-Policy"));
}

TEST_CASE("A probe may ask by whatever name, nobody else may") {
  Visit visit;
  const auto by = [](std::string_view path) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: rebound.example\r\n\r\n";
  };
  for (const auto* path : {"/livez", "/readyz", "/healthz"}) {
    CHECK(visit.ask(by(path)).starts_with("HTTP/1.1 200"));
  }
  for (const auto* path : {"/", "/metrics", "/scheme.tl", "/ws"}) {
    CHECK(visit.ask(by(path)).starts_with("HTTP/1.1 403"));
  }
}

TEST_CASE("Data want a token where there are tokens, the console's files do not") {
  Visit visit;
  visit.world.gateway.set_tokens(one_token());
  const auto bearer = "Authorization: Bearer " + std::string(the_token) + "\r\n";
  for (const auto* path : {"/metrics", "/scheme.tl"}) {
    const auto out = visit.ask(get(path));
    CHECK(out.starts_with("HTTP/1.1 401"));
    CHECK(has(out, "WWW-Authenticate: Bearer\r\n"));
    visit.say(get(path, bearer));
    CHECK(visit.wait_for("200 OK").starts_with("HTTP/1.1 200 OK"));
  }
  for (const auto* path : {"/", "/client.js", "/livez"}) {
    CHECK(visit.ask(get(path)).starts_with("HTTP/1.1 200"));
  }
  CHECK(visit.ask(get("/metrics?token=" + std::string(the_token))).starts_with("HTTP/1.1 401"));
}

TEST_CASE("A POST shows its token in the header or in its first object") {
  Visit visit;
  visit.world.gateway.set_tokens(one_token());
  const auto token = std::string(the_token);
  visit.say(post(R"({"session":{}})", "Authorization: bearer " + token + "\r\n"));
  CHECK(visit.wait_for("0\r\n\r\n").starts_with("HTTP/1.1 200"));
  visit.say(post(R"({"token":")" + token + R"(","session":{}})"));
  CHECK(visit.wait_for("0\r\n\r\n").starts_with("HTTP/1.1 200"));
  CHECK(has(visit.ask(post(R"({"id":3,"session":{}})")), R"({"id":3,"error":"Unauthorized")"));
  visit.begin();
  CHECK(visit.ask(post(R"({"token":"a-wrong-one-at-all"})")).starts_with("HTTP/1.1 401"));
}

TEST_CASE("After five wrong tokens the answers to others wait, and the right one does not") {
  Visit visit;
  visit.world.gateway.set_tokens(one_token());
  const auto wrong = get("/metrics", "Authorization: Bearer wrong\r\n");
  for (int i = 0; i < 5; ++i) CHECK(visit.ask(wrong).starts_with("HTTP/1.1 401"));
  CHECK(visit.ask(wrong + get("/livez")).empty());
  visit.later(11s);
  CHECK(visit.outlet.text().empty());
  visit.later(2s);
  const auto out = visit.outlet.take();
  CHECK(out.starts_with("HTTP/1.1 401"));
  CHECK(has(out, "alive"));
  CHECK(visit.ask(post(R"({"token":"a-wrong-one-at-all"})") + get("/livez")).empty());
  visit.later(40s);
  CHECK(has(visit.outlet.take(), "alive"));
  const auto right = get("/metrics", "Authorization: Bearer " + std::string(the_token) + "\r\n");
  CHECK(visit.ask(right).starts_with("HTTP/1.1 200"));
}

TEST_CASE("A refusal that waits is given before the gateway ends") {
  Visit visit;
  visit.world.gateway.set_tokens(one_token());
  const auto wrong = get("/metrics", "Authorization: Bearer wrong\r\n");
  for (int i = 0; i < 6; ++i) visit.say(wrong);
  visit.outlet.take();
  visit.channel->drain();
  CHECK(visit.outlet.text().starts_with("HTTP/1.1 401"));
  CHECK(visit.outlet.hung_up);
}

TEST_CASE(
    "Requests that a proxy makes for one address count together, and no longer than they last") {
  server::Options options;
  options.trust_proxy = {"0.0.0.0"};  // that of a Caller without any
  options.max_connections_per_address = 1;
  Visit visit(nearest, std::move(options));
  const auto from = [](const std::string& address) {
    return get("/livez", "X-Forwarded-For: " + address + "\r\n");
  };
  const auto elsewhere =
      visit.world.gateway.crowd.enter({boost::asio::ip::make_address("192.0.2.1"), false, true});
  CHECK(visit.ask(from("192.0.2.1")).starts_with("HTTP/1.1 429"));
  for (int i = 0; i < 3; ++i) CHECK(has(visit.ask(from("192.0.2.2")), "alive"));
  CHECK(visit.ask(get("/livez", "Forwarded: for=\"\r\n")).starts_with("HTTP/1.1 400"));
}

TEST_CASE("A page of the scheme is made apart, and later requests wait their turn") {
  Visit visit;
  visit.say(get("/scheme.tl?layer=50") + get("/livez"));
  CHECK(!has(visit.outlet.text(), "alive\n"));
  const auto out = visit.wait_for("alive");
  CHECK(has(out, "// LAYER 50"));
  CHECK(has(visit.ask(get("/scheme.json?layer=7")), "404 Not Found"));
  CHECK(has(visit.ask(get("/scheme.json?layer=x")), "404 Not Found"));
}

TEST_CASE("A WebSocket is offered to who asks for one") {
  Visit visit;
  CHECK(visit.ask(get("/ws")).starts_with("HTTP/1.1 426"));
  CHECK(visit
            .ask(get("/ws?json=odd",
                     "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                     "Sec-WebSocket-Version: 13\r\n"))
            .starts_with("HTTP/1.1 400"));
  visit.say(get("/ws?json=plain",
                "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"));
  CHECK(visit.outlet.became);
  CHECK(visit.wait_for("\r\n\r\n").starts_with("HTTP/1.1 101"));
}

TEST_CASE("A key of a WebSocket is 16 bytes in base64, once") {
  const auto ask = [](std::string_view key, std::string_view version = "13") {
    Visit visit;
    visit.say(get("/ws", "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " +
                             std::string(key) +
                             "\r\nSec-WebSocket-Version: " + std::string(version) + "\r\n"));
    return visit.wait_for("\r\n\r\n");
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

TEST_CASE("A long head does not keep a WebSocket away") {
  Visit visit;
  visit.say(
      get("/ws", "Upgrade: websocket\r\nConnection: Upgrade\r\nCookie: " + std::string(8000, 'x') +
                     "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                     "Sec-WebSocket-Version: 13\r\n"));
  CHECK(visit.wait_for("\r\n\r\n").starts_with("HTTP/1.1 101 "));
}

// --- memory ---

TEST_CASE("What came of requests is counted while it is kept") {
  Visit visit;
  auto& memory = visit.world.gateway.memory;
  const auto half = get("/livez", "X: " + std::string(10'000, 'x') + "\r\n");
  visit.say(std::string_view(half).substr(0, half.size() - 2));
  CHECK(memory.used() >= 10'000);
  CHECK(has(visit.ask("\r\n"), "alive\n"));
  CHECK(memory.used() == 0);
  visit.say(post(R"({"message":{"_cons":"help.getNearestDc"}})") +
            get("/livez", "X: " + std::string(10'000, 'x') + "\r\n"));
  CHECK(memory.used() >= 10'000);
  CHECK(has(visit.wait_for("alive\n"), nearest_object));
  CHECK(memory.used() < 8'000);  // the link stays
}

TEST_CASE("At the bound of memory a POST is Busy, and its connection lives") {
  Visit visit;
  auto& memory = visit.world.gateway.memory;
  server::MemoryShare others(memory);
  others.resize(memory.limit());
  const auto request =
      post(R"({"id":1,"session":{},"@extra":")" + std::string(5'000, 'x') + R"("})");
  visit.say(std::string_view(request).substr(0, request.size() - 10));
  CHECK(visit.outlet.text().empty());
  const auto out = visit.ask(std::string_view(request).substr(request.size() - 10));
  CHECK(out.starts_with("HTTP/1.1 503 "));
  CHECK(has(out, R"({"id":-2,"error":"Busy")"));
  CHECK(has(out, "Connection: keep-alive\r\n"));
  CHECK(has(visit.ask(get("/livez")), "alive\n"));
  others.resize(0);
  visit.say(post(R"({"id":1,"session":{}})"));
  CHECK(visit.wait_for("0\r\n\r\n").starts_with("HTTP/1.1 200"));
}

TEST_CASE("A body that memory ends in the middle of is Busy, and its connection lives") {
  server::Options options;
  options.max_memory = 60'000;
  Visit visit(nearest, options);
  for (const bool chunked : {false, true}) {
    CAPTURE(chunked);
    const auto body = R"({"id":1,"session":{},"@extra":")" + std::string(200'000, 'x') + R"("})";
    visit.say(chunked
                  ? "POST /json HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                  : post(body).substr(0, post(body).size() - body.size()));
    for (std::size_t at = 0; at < body.size(); at += 4096) {
      const auto part = body.substr(at, 4096);
      std::ostringstream size;
      size << std::hex << part.size();
      visit.say(chunked ? size.str() + "\r\n" + part + "\r\n" : part);
    }
    if (chunked) visit.say("0\r\n\r\n");
    CHECK(has(visit.outlet.take(), R"({"id":1,"error":"Busy")"));
    CHECK(!visit.outlet.hung_up);
    CHECK(visit.world.gateway.memory.used() == 0);
  }
  CHECK(has(visit.ask(get("/livez")), "alive\n"));
}

TEST_CASE("At the bound of memory half a long head is Busy, and a short one is served") {
  Visit visit;
  auto& memory = visit.world.gateway.memory;
  server::MemoryShare others(memory);
  others.resize(memory.limit());
  CHECK(has(visit.ask(get("/livez")), "alive\n"));
  const auto longer = get("/livez", "X: " + std::string(6'000, 'x') + "\r\n");
  visit.say(std::string_view(longer).substr(0, 5'000));
  CHECK(!visit.outlet.paused);
  CHECK(has(visit.ask(std::string_view(longer).substr(5'000)), "alive\n"));
  CHECK(visit.ask(get("/readyz")).starts_with("HTTP/1.1 503 "));
  CHECK(visit.ask(get("/client.js")).starts_with("HTTP/1.1 503 "));
  CHECK(!visit.outlet.hung_up);
  CHECK(visit.ask("GET / HTTP/1.1\r\nX: " + std::string(9'000, 'x')).starts_with("HTTP/1.1 503 "));
  CHECK(visit.outlet.hung_up);
  CHECK(memory.used() == memory.limit());
}

TEST_CASE("At the bound of memory requests that came ahead are told so, in their turn") {
  Visit visit;
  visit.say(post(R"({"message":{"_cons":"help.getNearestDc"}})"));
  REQUIRE(visit.world.asked(1));
  server::MemoryShare others(visit.world.gateway.memory);
  others.resize(visit.world.gateway.memory.limit());
  visit.say(get("/livez", "X: " + std::string(9'000, 'x') + "\r\n"));
  const auto out = visit.wait_for("503 Service");
  CHECK(out.find(nearest_object) < out.find("503 Service"));
  CHECK(visit.outlet.hung_up);
}

TEST_CASE("A client that hangs up in the middle of a POST disturbs nobody") {
  std::string silence;
  Visit visit([&](const tl::Value&) { return silence; });
  visit.say(post(R"({"message":{"_cons":"help.getNearestDc"}})"));
  REQUIRE(visit.world.asked(1));
  visit.channel->close();
  visit.channel.reset();
  visit.world.telegram.answer(visit.world.telegram.asked[0],
                              R"({"_cons":"nearestDc","country":"XX","this_dc":2,"nearest_dc":2})");
  CHECK(visit.world.until([&] { return visit.world.gateway.memory.used() == 0; }));
  CHECK(visit.outlet.text().empty());
}

TEST_CASE("At the end of the process a POST is answered, and is the last") {
  Visit visit;
  visit.say(post(R"({"message":{"_cons":"help.getNearestDc"}})"));
  visit.channel->drain();
  CHECK(!visit.outlet.hung_up);
  CHECK(has(visit.wait_for("0\r\n\r\n"), nearest_object));
  CHECK(visit.outlet.hung_up);
}

TEST_CASE("Metrics count what happened") {
  Visit visit;
  visit.say(post(R"({"message":{"_cons":"help.getNearestDc"}}{"x":1})"));
  visit.wait_for("0\r\n\r\n");
  const auto out = visit.ask(get("/metrics"));
  CHECK(has(out, "\nstreamjson_requests_total{outcome=\"answered\"} 1\n"));
  CHECK(has(out, "\nstreamjson_requests_total{outcome=\"TypeError\"} 1\n"));
  CHECK(has(out, "\nstreamjson_key_exchanges_total 1\n"));
  CHECK(has(out, "\nstreamjson_telegram_seconds_count 1\n"));
  CHECK(has(out, "\nstreamjson_requests_in_flight 0\n"));
  CHECK(has(out, "\nstreamjson_build_info{version="));
}
