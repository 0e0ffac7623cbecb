// Calls over real sockets of loopback.
#include "server/webhooks/webhook_post.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "tests/server/channel/tls_pair.hpp"
#include "tests/server/webhooks/receiver.hpp"

using namespace server::webhooks;
using namespace std::chrono_literals;
using webhook_test::Receiver;
namespace asio = boost::asio;

namespace {

const std::string good = "HTTP/1.1 204 No Content\r\n\r\n";

struct Caller {
  explicit Caller(std::vector<std::string> allowed = {"127.0.0.1", "localhost"},
                  std::chrono::milliseconds within = 10s)
      : poster(AllowedWebhooks(std::move(allowed)), within) {}

  WebhookAnswer call(const std::string& url, std::string body = "{\"a\":1}") {
    std::optional<WebhookAnswer> out;
    asio::co_spawn(context, one(url, std::move(body), out), asio::detached);
    context.restart();
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!out && std::chrono::steady_clock::now() < end) context.run_one_for(1s);
    REQUIRE(out);
    return *out;
  }
  asio::awaitable<void> one(std::string url, std::string body, std::optional<WebhookAnswer>& out) {
    WebhookCall call;
    call.url = *read_webhook_url(url);
    call.id = "msg_1";
    call.timestamp = 1'700'000'000;
    call.signature = "v1,abc";
    call.body = std::move(body);
    out = co_await poster.post(std::move(call), stop);
  }

  asio::io_context context{1};
  WebhookPoster poster;
  std::shared_ptr<server::upstream::DialStop> stop = std::make_shared<server::upstream::DialStop>();
};

}  // namespace

TEST_CASE("a call is one POST with the headers of Standard Webhooks") {
  Caller caller;
  Receiver receiver(caller.context, good);
  const auto answer = caller.call(receiver.url());
  CHECK(answer.good());
  CHECK(answer.status == 204);
  CHECK(answer.error.empty());
  REQUIRE(receiver.requests.size() == 1);
  const auto& request = receiver.requests[0];
  CHECK(request.starts_with("POST /hook?x=1 HTTP/1.1\r\n"));
  for (const auto& header :
       {"Host: 127.0.0.1:" + std::to_string(receiver.port()),
        std::string("Content-Type: application/json"), std::string("webhook-id: msg_1"),
        std::string("webhook-timestamp: 1700000000"), std::string("webhook-signature: v1,abc"),
        std::string("Content-Length: 7")}) {
    INFO(header);
    CHECK(request.find("\r\n" + header + "\r\n") != std::string::npos);
  }
  CHECK(request.ends_with("\r\n\r\n{\"a\":1}"));
}

TEST_CASE("what the operator did not name is not called on loopback, by number or by name") {
  Caller caller({"localhost:1"});
  Receiver receiver(caller.context, good);
  for (const auto* host : {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"}) {
    INFO(host);
    const auto answer = caller.call(receiver.url(host));
    CHECK(answer.status == 0);
    CHECK(answer.error.find("is not called without --allow-webhook " + std::string(host)) !=
          std::string::npos);
  }
  CHECK(receiver.connections == 0);
}

TEST_CASE("a host that the operator named is called, whatever its address") {
  Caller caller({"localhost"});
  Receiver receiver(caller.context, good);
  CHECK(caller.call(receiver.url("localhost")).good());
  CHECK(receiver.requests.size() == 1);
}

TEST_CASE("a redirect is not followed, and said to be one") {
  Caller caller;
  Receiver other(caller.context, good);
  Receiver receiver(caller.context, "HTTP/1.1 307 Temporary Redirect\r\nLocation: " + other.url() +
                                        "\r\nContent-Length: 0\r\n\r\n");
  const auto answer = caller.call(receiver.url());
  CHECK(answer.status == 307);
  CHECK(answer.error == "it answered 307, and redirects are not followed");
  CHECK(other.connections == 0);
  CHECK(receiver.connections == 1);
}

TEST_CASE("who does not answer in time is given up") {
  Caller caller({"127.0.0.1"}, 100ms);
  Receiver receiver(caller.context, "");
  SECTION("at all") { receiver.silent = true; }
  SECTION("beyond half a head") {
    receiver.close();
    Receiver half(caller.context, "HTTP/1.1 200 OK\r\nContent-");
    CHECK(caller.call(half.url()).error == "it did not answer within 100 ms");
    return;
  }
  const auto answer = caller.call(receiver.url());
  CHECK(answer.status == 0);
  CHECK(answer.error == "it did not answer within 100 ms");
}

TEST_CASE("a body that never ends does not hold its status back") {
  Caller caller;
  Receiver receiver(caller.context,
                    "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" +
                        std::string(GENERATE(std::size_t{100'000}, std::size_t{3'000'000}), 'x'));
  const auto begun = std::chrono::steady_clock::now();
  CHECK(caller.call(receiver.url()).status == 200);
  CHECK(std::chrono::steady_clock::now() - begun < 8s);
}

TEST_CASE("a head without an end, and what is no HTTP, are failures with words") {
  Caller caller;
  for (const auto& text :
       {"HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x'),
        "SSH-2.0-OpenSSH_9.2\r\n" + std::string(100, '\n'), std::string("HTTP/1.1 abc\r\n\r\n")}) {
    Receiver receiver(caller.context, text);
    const auto answer = caller.call(receiver.url());
    CHECK(answer.status == 0);
    CHECK(answer.error.starts_with("it gave no answer of HTTP: "));
  }
}

TEST_CASE("answers before the answer are passed over, and there are few") {
  Caller caller;
  const std::string hints = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
  Receiver receiver(caller.context, hints + hints + good);
  CHECK(caller.call(receiver.url()).status == 204);
  std::string many;
  for (int i = 0; i < 100; ++i) many += hints;
  Receiver endless(caller.context, many);
  CHECK(caller.call(endless.url()).status == 0);
}

TEST_CASE("a status that says no is told, with the pause that it asks for") {
  Caller caller;
  Receiver receiver(caller.context,
                    "HTTP/1.1 429 Too Many\r\nRetry-After: 77\r\nContent-Length: 0\r\n\r\n");
  const auto answer = caller.call(receiver.url());
  CHECK(answer.status == 429);
  CHECK(answer.error == "it answered 429");
  CHECK(answer.retry_after == 77s);
}

TEST_CASE("who refuses a long body before it is there is heard") {
  Caller caller;
  Receiver receiver(caller.context, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
  receiver.early = true;
  const auto answer = caller.call(receiver.url(), std::string(std::size_t{1} << 16, 'x'));
  CHECK(answer.status == 413);
}

TEST_CASE("where nobody listens or no name leads, that is said") {
  Caller caller;
  Receiver receiver(caller.context, good);
  const auto url = receiver.url();
  receiver.close();
  const auto answer = caller.call(url);
  CHECK(answer.status == 0);
  CHECK(answer.error.find("Connection refused") != std::string::npos);
}

TEST_CASE("a call that is stopped ends at once") {
  Caller caller;
  Receiver receiver(caller.context, "");
  receiver.silent = true;
  asio::steady_timer timer(caller.context, 50ms);
  timer.async_wait([&](auto) { caller.stop->stop(); });
  const auto begun = std::chrono::steady_clock::now();
  CHECK_FALSE(caller.call(receiver.url()).good());
  CHECK(std::chrono::steady_clock::now() - begun < 8s);
}

TEST_CASE("a certificate is believed where the system's roots and its name say so") {
  const auto context = support::server_context();
  Caller caller({"127.0.0.1", "localhost"});
  Receiver receiver(caller.context, good, context.get());
  const server::test::TemporaryFile roots(support::ours().cert_pem);
  SECTION("an unknown one is not") {
    const auto answer = caller.call(receiver.url("localhost"));
    CHECK(answer.status == 0);
    CHECK(answer.error.starts_with("its certificate is not trusted: self"));
    CHECK(receiver.requests.empty());
  }
  SECTION("a known one is, under its name alone") {
    ::setenv("SSL_CERT_FILE", roots.name().c_str(), 1);
    const auto answer = caller.call(receiver.url("localhost"));
    INFO(answer.error);
    CHECK(answer.status == 204);
    const auto other = caller.call(receiver.url("127.0.0.1"));
    ::unsetenv("SSL_CERT_FILE");
    CHECK(other.status == 0);
    CHECK(other.error.find("its certificate is not trusted: ") == 0);
    CHECK(receiver.requests.size() == 1);
  }
}
