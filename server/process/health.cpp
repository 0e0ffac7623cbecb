#include "server/process/health.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <optional>

#include "server/config/read_options.hpp"
#include "server/logs/terminal_text.hpp"
#include "server/upstream/token.hpp"

namespace server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using upstream::token;
using Local = asio::local::stream_protocol;

constexpr std::chrono::seconds patience{5};
constexpr std::string_view question =
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
constexpr std::size_t longest_answer = 4096;

// What came of it; no more where there was no time.
struct Told {
  std::string answer;
  error_code why = asio::error::timed_out;
};

template <class Stream>
asio::awaitable<void> exchange(Stream& stream, Told& told) {
  const auto [unsent, sent] = co_await asio::async_write(stream, asio::buffer(question), token);
  if (unsent) co_return void(told.why = unsent);
  std::array<char, 1024> bytes{};
  while (told.answer.size() < longest_answer) {
    const auto [end, size] = co_await stream.async_read_some(asio::buffer(bytes), token);
    told.answer.append(bytes.data(), size);
    if (end) co_return void(told.why = end);
  }
}

// Nothing is told there that anybody may not hear: whose certificate it is does not matter.
template <class Socket>
asio::awaitable<void> ask(Socket& socket, bool tls, Told& told) {
  if (!tls) co_return co_await exchange(socket, told);
  asio::ssl::context context(asio::ssl::context::tls_client);
  context.set_verify_mode(asio::ssl::verify_none);
  asio::ssl::stream<Socket&> stream(socket, context);
  const auto [failed] = co_await stream.async_handshake(asio::ssl::stream_base::client, token);
  if (failed) co_return void(told.why = failed);
  co_await exchange(stream, told);
}

template <class Socket, class Endpoint>
asio::awaitable<void> ask_at(Socket socket, Endpoint at, bool tls, Told& told) {
  const auto [failed] = co_await socket.async_connect(at, token);
  if (failed) co_return void(told.why = failed);
  co_await ask(socket, tls, told);
}

std::optional<tcp::endpoint> endpoint_of(const Options& options, asio::io_context& context,
                                         error_code& why) {
  auto host = options.host;
  // As it listens there, whatever names mean on this machine.
  if (host == "0.0.0.0" || host == "localhost") host = "127.0.0.1";
  if (host == "::") host = "::1";
  const auto found = tcp::resolver(context).resolve(host, std::to_string(options.port), why);
  if (why || found.empty()) return std::nullopt;
  return found.begin()->endpoint();
}

Told told_by(const Options& options) {
  Told out;
  asio::io_context context;
  const bool tls = !options.tls_cert.empty();
  if (!options.tcp) {
    asio::co_spawn(
        context,
        ask_at(Local::socket(context), Local::endpoint(options.unix_path.value_or("")), tls, out),
        asio::detached);
  } else if (const auto at = endpoint_of(options, context, out.why)) {
    out.why = asio::error::timed_out;
    asio::co_spawn(context, ask_at(tcp::socket(context), *at, tls, out), asio::detached);
  }
  context.run_for(patience);
  return out;
}

// "HTTP/1.1 503 Service Unavailable", and what it says behind its head.
std::string shown(std::string_view answer) {
  std::string out(answer.substr(0, answer.find('\r')));
  const auto body = answer.find("\r\n\r\n");
  if (body != answer.npos) out.append(": ").append(answer.substr(body + 4));
  while (out.ends_with('\n')) out.pop_back();
  return logs::escaped(out);
}

}  // namespace

bool asks_health(std::span<const std::string> arguments) {
  return std::ranges::find(arguments, "--health") != arguments.end();
}

config::Printed ask_health(const config::Sources& sources) {
  auto reading = config::read_options(sources);
  if (!reading.options) return reading;
  return ask_health(*reading.options);
}

config::Printed ask_health(const Options& options) {
  const auto where = options.tcp ? options.host + ":" + std::to_string(options.port)
                                 : "unix:" + options.unix_path.value_or("");
  const auto told = told_by(options);
  if (told.answer.starts_with("HTTP/1.1 200")) return {0, "ready\n", ""};
  const auto problem = told.answer.empty() ? told.why.message() : shown(told.answer);
  return {1, "", "streamjson: no streamjson that is ready at " + where + ": " + problem + "\n"};
}

}  // namespace server
