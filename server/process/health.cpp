#include "server/process/health.hpp"

#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include "server/config/read_options.hpp"
#include "server/logs/terminal_text.hpp"

namespace server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Local = asio::local::stream_protocol;

constexpr timeval patience{.tv_sec = 5, .tv_usec = 0};
constexpr std::string_view question =
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
constexpr std::size_t longest_answer = 4096;

// The calls below wait in the kernel, and no longer than this.
template <class Socket>
void be_patient(Socket& socket) {
  for (const int which : {SO_RCVTIMEO, SO_SNDTIMEO}) {
    ::setsockopt(socket.native_handle(), SOL_SOCKET, which, &patience, sizeof patience);
  }
}

template <class Stream>
std::string exchange(Stream& stream, error_code& why) {
  asio::write(stream, asio::buffer(question), why);
  std::string answer;
  std::array<char, 1024> bytes{};
  while (!why && answer.size() < longest_answer) {
    answer.append(bytes.data(), stream.read_some(asio::buffer(bytes), why));
  }
  return answer;
}

// Nothing is told there that anybody may not hear: whose certificate it is does not matter.
template <class Socket>
std::string ask(Socket& socket, bool tls, error_code& why) {
  if (!tls) return exchange(socket, why);
  asio::ssl::context context(asio::ssl::context::tls_client);
  context.set_verify_mode(asio::ssl::verify_none);
  asio::ssl::stream<Socket&> stream(socket, context);
  stream.handshake(asio::ssl::stream_base::client, why);
  return why ? std::string() : exchange(stream, why);
}

std::string ask_tcp(const Options& options, asio::io_context& context, error_code& why) {
  auto host = options.host;
  // As it listens there, whatever names mean on this machine.
  if (host == "0.0.0.0" || host == "localhost") host = "127.0.0.1";
  if (host == "::") host = "::1";
  tcp::resolver resolver(context);
  std::string answer;
  for (const auto& entry : resolver.resolve(host, std::to_string(options.port), why)) {
    tcp::socket socket(context);
    socket.open(entry.endpoint().protocol(), why);
    if (why) continue;
    be_patient(socket);
    socket.connect(entry.endpoint(), why);
    if (why) continue;
    answer = ask(socket, !options.tls_cert.empty(), why);
    break;
  }
  return answer;
}

std::string ask_local(const Options& options, asio::io_context& context, error_code& why) {
  Local::socket socket(context);
  socket.open(Local(), why);
  be_patient(socket);
  if (!why) socket.connect(Local::endpoint(*options.unix_path), why);
  return why ? std::string() : ask(socket, !options.tls_cert.empty(), why);
}

// "HTTP/1.1 503 Service Unavailable", and what it says behind its head.
std::string told(std::string_view answer) {
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
  asio::io_context context;
  error_code why;
  const auto where = options.tcp ? options.host + ":" + std::to_string(options.port)
                                 : "unix:" + options.unix_path.value_or("");
  const auto answer =
      options.tcp ? ask_tcp(options, context, why) : ask_local(options, context, why);
  if (answer.starts_with("HTTP/1.1 200")) return {0, "ready\n", ""};
  const auto problem = answer.empty() ? why.message() : told(answer);
  return {1, "", "streamjson: no streamjson that is ready at " + where + ": " + problem + "\n"};
}

}  // namespace server
