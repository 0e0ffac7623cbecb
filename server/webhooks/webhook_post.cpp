#include "server/webhooks/webhook_post.hpp"

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <optional>

#include "server/upstream/pump.hpp"
#include "server/upstream/token.hpp"
#include "server/webhooks/webhook_address_list.hpp"

namespace server::webhooks {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using upstream::token;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t most_head = std::size_t{16} << 10, most_dropped = std::size_t{64} << 10;
constexpr auto longest_drop = std::chrono::seconds(1);
constexpr int most_interim = 8;  // answers 1xx

// A connection, which the deadline and stop() can end.
struct Line {
  Line(tcp::socket taken, const asio::any_io_executor& executor)
      : socket(std::move(taken)), timer(executor) {}
  tcp::socket socket;
  asio::steady_timer timer;
  bool late = false;

  void close() {
    timer.cancel();
    error_code ignored;
    socket.close(ignored);
  }
};

void close_at(const std::shared_ptr<Line>& line, Clock::time_point deadline, bool late) {
  line->timer.expires_at(deadline);
  line->timer.async_wait([line, late](error_code cancelled) {
    if (cancelled) return;
    line->late = late;
    line->close();
  });
}

http::request<http::string_body> request_of(WebhookCall& call) {
  http::request<http::string_body> out{http::verb::post, call.url.target, 11};
  out.set(http::field::host, access::to_string(call.url.at));
  out.set(http::field::user_agent, "streamjson/" STREAMJSON_VERSION);
  out.set(http::field::content_type, "application/json");
  out.set(http::field::connection, "close");
  out.set("webhook-id", call.id);
  out.set("webhook-timestamp", std::to_string(call.timestamp));
  out.set("webhook-signature", call.signature);
  out.body() = std::move(call.body);
  out.prepare_payload();
  return out;
}

struct Reply {
  error_code why;  // set: there was none
  WebhookAnswer answer;
};

using Parser = http::response_parser<http::buffer_body>;

// Reads what else comes, so that the other side need not see its connection reset.
template <class Stream>
asio::awaitable<void> drop_rest(Stream& stream, beast::flat_buffer& buffer, Parser& parser) {
  std::array<char, 4096> piece{};
  for (std::size_t dropped = 0; !parser.is_done() && dropped < most_dropped;) {
    auto& body = parser.get().body();
    body.data = piece.data();
    body.size = piece.size();
    const auto [failed, size] = co_await http::async_read_some(stream, buffer, parser, token);
    if (failed && failed != http::error::need_buffer) co_return;
    dropped += std::max<std::size_t>(size, 1);
  }
}

template <class Stream>
asio::awaitable<Reply> exchange(Stream& stream, std::shared_ptr<Line> line, WebhookCall call,
                                Clock::time_point deadline) {
  Reply out;
  const auto request = request_of(call);
  // Who refuses a body may answer before all of it was sent.
  const auto [unsent, sent] = co_await http::async_write(stream, request, token);
  beast::flat_buffer buffer(most_head + most_dropped);
  for (int i = 0; i < most_interim; ++i) {
    Parser parser;
    parser.header_limit(most_head);
    parser.body_limit(boost::none);
    const auto [failed, size] = co_await http::async_read_header(stream, buffer, parser, token);
    if (failed) {
      out.why = unsent ? unsent : failed;
      co_return out;
    }
    out.answer.status = static_cast<int>(parser.get().result_int());
    if (out.answer.status / 100 == 1) continue;
    const auto now = std::chrono::floor<std::chrono::seconds>(upstream::wall_time());
    const auto wait = parser.get()[http::field::retry_after];
    out.answer.retry_after =
        read_retry_after({wait.data(), wait.size()}, now.time_since_epoch().count());
    close_at(line, std::min(deadline, Clock::now() + longest_drop), false);
    co_await drop_rest(stream, buffer, parser);
    co_return out;
  }
  out.why = http::error::bad_status;
  co_return out;
}

std::string failure_text(int status) {
  const auto shown = "it answered " + std::to_string(status);
  if (status / 100 == 2) return {};
  if (status / 100 == 3) return shown + ", and redirects are not followed";
  if (status == 410) return shown + ": it wants no more";
  return shown;
}

std::string seconds_text(milliseconds time) {
  if (time.count() % 1000 == 0) return std::to_string(time.count() / 1000) + " s";
  return std::to_string(time.count()) + " ms";
}

WebhookAnswer failed_with(std::string text) {
  WebhookAnswer out;
  out.error = std::move(text);
  return out;
}

using TlsStream = asio::ssl::stream<tcp::socket&>;

// SNI (RFC 6066 section 3), which knows no addresses.
void say_name(TlsStream& stream, const std::string& host) {
  error_code is_name;
  asio::ip::make_address(host, is_name);
  if (!is_name) return;
  // OpenSSL's macro for this has a cast of C's.
  SSL_ctrl(stream.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
           const_cast<char*>(host.c_str()));
}

// Why hands were not shaken.
std::string handshake_text(TlsStream& stream, error_code why) {
  const auto verified = SSL_get_verify_result(stream.native_handle());
  if (verified == X509_V_OK) return "TLS failed: " + why.message();
  return std::string("its certificate is not trusted: ") + X509_verify_cert_error_string(verified);
}

asio::awaitable<Reply> exchange_in_tls(asio::ssl::context& context, std::shared_ptr<Line> line,
                                       WebhookCall call, Clock::time_point deadline) {
  TlsStream stream(line->socket, context);
  const auto host = call.url.host();
  say_name(stream, host);
  error_code ignored;
  stream.set_verify_callback(asio::ssl::host_name_verification(host), ignored);
  const auto [failed] = co_await stream.async_handshake(asio::ssl::stream_base::client, token);
  Reply out;
  if (failed) {
    out.why = failed;
    out.answer.error = handshake_text(stream, failed);
    co_return out;
  }
  out = co_await exchange(stream, line, std::move(call), deadline);
  co_return out;
}

WebhookAnswer in_words(Reply reply, bool late, milliseconds within) {
  if (!reply.why) {
    reply.answer.error = failure_text(reply.answer.status);
    return reply.answer;
  }
  if (late) return failed_with("it did not answer within " + seconds_text(within));
  if (!reply.answer.error.empty()) return failed_with(reply.answer.error);
  return failed_with("it gave no answer of HTTP: " + reply.why.message());
}

}  // namespace

asio::awaitable<WebhookAnswer> WebhookPoster::post(WebhookCall call,
                                                   std::shared_ptr<upstream::DialStop> stop) {
  const auto executor = co_await asio::this_coro::executor;
  const auto deadline = Clock::now() + within_;
  auto found = co_await find_addresses(call.url, allowed_.names(call.url), deadline);
  if (!found.error.empty()) co_return failed_with(found.error);
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
  auto dialled = co_await upstream::dial(std::move(found.addresses), left, stop);
  if (dialled.why) {
    co_return failed_with("there is no connection to " + dialled.where + ": " +
                          dialled.why.message());
  }
  const auto line = std::make_shared<Line>(std::move(dialled.socket), executor);
  stop->set([line] { line->close(); });
  close_at(line, deadline, true);
  Reply reply;
  if (call.url.tls) {
    reply = co_await exchange_in_tls(tls(), line, std::move(call), deadline);
  } else {
    reply = co_await exchange(line->socket, line, std::move(call), deadline);
  }
  const bool late = line->late;
  line->close();
  stop->set(nullptr);
  co_return in_words(std::move(reply), late, within_);
}

asio::ssl::context& WebhookPoster::tls() {
  std::call_once(once_, [this] {
    tls_ = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
    tls_->set_default_verify_paths();
    tls_->set_verify_mode(asio::ssl::verify_peer);
    SSL_CTX_set_min_proto_version(tls_->native_handle(), TLS1_2_VERSION);
  });
  return *tls_;
}

}  // namespace server::webhooks
