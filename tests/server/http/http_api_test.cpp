// /api/v1 up to where an account is asked: doors, paths, methods, bodies that are none.
#include <catch2/catch.hpp>

#include "server/http/http_channel.hpp"
#include "tests/server/access/one_token.hpp"
#include "tests/server/connection/connection_world.hpp"
#include "tests/support/byte_sink.hpp"

using namespace support;
using server::http::HttpChannel;

namespace {

bool holds(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

std::string request(std::string_view line, std::string_view body = "",
                    std::string_view fields = "") {
  std::string out(line);
  out.append(" HTTP/1.1\r\nHost: localhost\r\n").append(fields);
  if (!body.empty()) out.append("Content-Length: " + std::to_string(body.size()) + "\r\n");
  return out.append("\r\n").append(body);
}

struct ApiClient {
  explicit ApiClient(server::Options options = {}) : world(nearest, std::move(options)) {
    world.gateway.threads.push_back(&world.thread);
    channel = std::make_unique<HttpChannel>(world.thread, byte_sink, server::Caller{}, false, now);
  }
  std::string ask(std::string_view bytes) {
    channel->receive(tl::as_bytes(bytes), now);
    channel->written(now);
    return byte_sink.take();
  }

  World world;
  ByteSink byte_sink;
  mtproto::Time now = server::upstream::boot_time();
  std::unique_ptr<HttpChannel> channel;
};

}  // namespace

TEST_CASE("A method that there is not is 404, and its connection goes on behind the body",
          "[api]") {
  ApiClient client;
  const auto out =
      client.ask(request("POST /api/v1/ada/test.atc", R"({"n":1})") + request("GET /livez"));
  CHECK(out.starts_with("HTTP/1.1 404 Not Found\r\n"));
  CHECK(holds(out, R"({"ok":false,"error_code":404,"description":"layer 100 has no method )"
                   R"(\"test.atc\"; the nearest known is \"test.act\"","error":"NotFound"})"));
  CHECK(holds(out, "alive\n"));
  CHECK_FALSE(client.byte_sink.closing);
}

TEST_CASE("An account that can't be is 404", "[api]") {
  ApiClient client;
  CHECK(client.ask(request("GET /api/v1/A%20a/help.getNearestDc")).starts_with("HTTP/1.1 404 "));
}

TEST_CASE("What changes something is posted", "[api]") {
  ApiClient client;
  const auto refused = client.ask(request("GET /api/v1/ada/test.act?n=1"));
  CHECK(refused.starts_with("HTTP/1.1 405 "));
  CHECK(holds(refused, "\r\nAllow: POST, OPTIONS\r\n"));
  CHECK(holds(refused, R"("ok":false,"error_code":405)"));
  CHECK(holds(client.ask(request("OPTIONS /api/v1/ada/test.act")), "\r\nAllow: POST, OPTIONS\r\n"));
  CHECK(holds(client.ask(request("OPTIONS /api/v1/ada/test.getBox")),
              "\r\nAllow: GET, HEAD, POST, OPTIONS\r\n"));
}

TEST_CASE("A body that is no JSON object is 400, and the connection goes on", "[api]") {
  ApiClient client;
  for (const auto* body : {R"({"n":)", "peer=@ada&message=hi", R"({"n":1} {"n":2})", "[1]"}) {
    CAPTURE(body);
    const auto out = client.ask(request("POST /api/v1/ada/test.act", body));
    CHECK(out.starts_with("HTTP/1.1 400 Bad Request\r\n"));
    CHECK(holds(out, R"({"ok":false,"error_code":400,)"));
  }
  CHECK_FALSE(client.byte_sink.closing);
}

TEST_CASE("A body of another method is 400 with the place", "[api]") {
  ApiClient client;
  const auto out = client.ask(request("POST /api/v1/ada/test.act", R"({"_cons":"test.getBox"})"));
  CHECK(out.starts_with("HTTP/1.1 400 "));
  CHECK(holds(out, R"("error":"SchemeError","path":"/_cons"})"));
}

TEST_CASE("Arguments in a query that are none are 400 with the place", "[api]") {
  ApiClient client;
  const auto out = client.ask(request("GET /api/v1/ada/test.getBox?m=1"));
  CHECK(out.starts_with("HTTP/1.1 400 "));
  CHECK(holds(out, R"("error":"SchemeError","path":"/m"})"));
  CHECK(holds(client.ask(request("GET /api/v1/ada/test.getBox?n=1", R"({"n":1})")),
              "arguments of a GET are in the query"));
  CHECK_FALSE(client.byte_sink.closing);
}

TEST_CASE("A body above --max-line is 413 in the words of the API", "[api]") {
  server::Options options;
  options.max_line = 4096;
  ApiClient client(std::move(options));
  const auto out = client.ask(
      "POST /api/v1/ada/test.act HTTP/1.1\r\nHost: localhost\r\n"
      "Content-Length: 5000\r\n\r\n");
  CHECK(out.starts_with("HTTP/1.1 413 "));
  CHECK(holds(out, R"({"ok":false,"error_code":413,)"));
}

TEST_CASE("Who asks whether a body is wanted is told", "[api]") {
  ApiClient client;
  const auto ask = [&](std::string_view method) {
    return client.ask("POST /api/v1/ada/" + std::string(method) +
                      " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\n"
                      "Expect: 100-continue\r\n\r\n");
  };
  CHECK(ask("test.act") == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(client
            .ask(R"({"n":1)"
                 "]")
            .starts_with("HTTP/1.1 400 "));
  CHECK(ask("test.atc").starts_with("HTTP/1.1 404 "));
}

TEST_CASE("A token is wanted in the header, and its lack is told in the words of the API",
          "[api]") {
  ApiClient client;
  client.world.gateway.set_tokens(one_token());
  const auto out = client.ask(request("GET /api/v1/ada/help.getNearestDc"));
  CHECK(out.starts_with("HTTP/1.1 401 "));
  CHECK(holds(out, "\r\nWWW-Authenticate: Bearer\r\n"));
  CHECK(holds(out, R"({"ok":false,"error_code":401,)"));
}

TEST_CASE("A page of another site calls nothing, by a form, an image or a link", "[api]") {
  const std::string browser = "User-Agent: Mozilla/5.0\r\nSec-Fetch-Site: cross-site\r\n";
  for (const auto& how : {"Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n",
                          "Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n"}) {
    ApiClient client;
    const auto out = client.ask(request("GET /api/v1/ada/help.getNearestDc", "", browser + how));
    CHECK(out.starts_with("HTTP/1.1 403 "));
    CHECK(holds(out, R"({"ok":false,"error_code":403,)"));
  }
  ApiClient client;
  CHECK(client
            .ask(request("POST /api/v1/ada/test.act", R"({"n":1})",
                         "Origin: https://evil.example\r\nContent-Type: text/plain\r\n"))
            .starts_with("HTTP/1.1 403 "));
}

TEST_CASE("A page that may come in is let send what a call needs", "[api]") {
  server::Options options;
  options.allow_origin = {"https://app.example"};
  ApiClient client(std::move(options));
  const auto out = client.ask(request("OPTIONS /api/v1/ada/test.getBox", "",
                                      "Origin: https://app.example\r\n"
                                      "Access-Control-Request-Method: POST\r\n"));
  CHECK(holds(out, "\r\nAccess-Control-Allow-Methods: GET, HEAD, POST, OPTIONS\r\n"));
  CHECK(holds(out,
              "\r\nAccess-Control-Allow-Headers: Authorization, Content-Type, "
              "Idempotency-Key\r\n"));
}

TEST_CASE("What is refused is counted", "[api]") {
  ApiClient client;
  client.ask(request("POST /api/v1/ada/test.act", R"({"n":)"));
  CHECK(client.world.counters.requests[3].value() == 1);  // JSONDecodeError
}
