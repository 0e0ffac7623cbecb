#include "server/process/listeners.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Local = asio::local::stream_protocol;

std::string shown(const tcp::endpoint& at) {
  const auto host = at.address().to_string();
  return (at.address().is_v6() ? "[" + host + "]" : host) + ":" + std::to_string(at.port());
}

tcp::acceptor open(asio::io_context& context, const tcp::endpoint& at, error_code& why) {
  tcp::acceptor acceptor(context);
  acceptor.open(at.protocol(), why);
  if (!why) acceptor.set_option(tcp::acceptor::reuse_address(true), why);
  if (!why && at.address().is_v6()) acceptor.set_option(asio::ip::v6_only(true), why);
  if (!why) acceptor.bind(at, why);
  if (!why) acceptor.listen(tcp::acceptor::max_listen_connections, why);
  return acceptor;
}

[[noreturn]] void refuse(const tcp::endpoint& at, const error_code& why,
                         const std::string& option) {
  if (why == asio::error::address_in_use) {
    throw std::runtime_error("can't listen on " + shown(at) +
                             ": the port is taken, another program listens there; choose another "
                             "one with " +
                             option);
  }
  if (why == asio::error::access_denied) {
    throw std::runtime_error("can't listen on " + shown(at) +
                             ": not permitted; ports below 1024 want privileges");
  }
  throw std::runtime_error("can't listen on " + shown(at) + ": " + why.message());
}

bool no_such_family(const error_code& why) {
  return why == asio::error::address_family_not_supported ||
         why == boost::system::errc::address_not_available ||
         why == boost::system::errc::protocol_not_supported;
}

bool somebody_listens(const std::string& path) {
  asio::io_context context;
  Local::socket socket(context);
  error_code why;
  socket.connect(Local::endpoint(path), why);
  return !why || why == asio::error::try_again || why == asio::error::would_block;
}

}  // namespace

Listeners::~Listeners() { close(); }

void Listeners::close() {
  error_code ignored;
  for (auto& acceptor : tcp_) acceptor.close(ignored);
  if (!local_) return;
  if (local_->is_open() && !path_.empty()) ::unlink(path_.c_str());
  local_->close(ignored);
}

void Listeners::listen_tcp(const std::string& host, std::uint16_t port, const std::string& option) {
  if (host == "localhost") return listen_localhost(port, option);
  tcp::resolver resolver(context_);
  error_code why;
  const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::passive, why);
  if (why) throw std::runtime_error("can't listen on " + host + ": " + why.message());
  std::vector<tcp::endpoint> taken;
  for (const auto& entry : found) {
    auto at = entry.endpoint();
    if (std::ranges::find(taken, at) != taken.end()) continue;
    taken.push_back(at);
    if (port == 0 && port_ != 0) at.port(port_);
    auto acceptor = open(context_, at, why);
    if (why) refuse(at, why, option);
    port_ = acceptor.local_endpoint().port();
    tcp_.push_back(std::move(acceptor));
  }
}

void Listeners::listen_localhost(std::uint16_t port, const std::string& option) {
  constexpr int tries = 32;  // for a port that is free in both families
  const tcp::endpoint v4(asio::ip::address_v4::loopback(), port);
  for (int i = 0;; ++i) {
    error_code why;
    auto first = open(context_, v4, why);
    if (why) refuse(v4, why, option);
    port_ = first.local_endpoint().port();
    const tcp::endpoint v6(asio::ip::address_v6::loopback(), port_);
    auto second = open(context_, v6, why);
    if (why == asio::error::address_in_use && port == 0 && i < tries) continue;
    if (why && !no_such_family(why)) refuse(v6, why, option);
    tcp_.push_back(std::move(first));
    if (!why) tcp_.push_back(std::move(second));
    return;
  }
}

void Listeners::check_unix(const std::string& path) {
  struct stat file {};
  if (::lstat(path.c_str(), &file) != 0) return;
  if (!S_ISSOCK(file.st_mode)) {
    throw std::runtime_error("can't listen on unix:" + path +
                             ": there is a file that is no socket");
  }
  if (somebody_listens(path)) {
    throw std::runtime_error("can't listen on unix:" + path + ": another program listens there");
  }
}

void Listeners::listen_unix(const std::string& path) {
  check_unix(path);
  ::unlink(path.c_str());
  const auto before = ::umask(0177);
  error_code why;
  try {
    local_.emplace(context_);
    const Local::endpoint at(path);
    local_->open(at.protocol(), why);
    if (!why) local_->bind(at, why);
  } catch (const std::exception& failure) {
    ::umask(before);
    throw std::runtime_error("can't listen on unix:" + path + ": " + failure.what());
  }
  ::umask(before);
  if (!why) path_ = path;
  if (!why) local_->listen(Local::acceptor::max_listen_connections, why);
  if (!why) return;
  local_.reset();
  throw std::runtime_error("can't listen on unix:" + path + ": " + why.message());
}

bool Listeners::loopback_only() const {
  return std::ranges::all_of(tcp_, [](const tcp::acceptor& acceptor) {
    error_code why;
    const auto at = acceptor.local_endpoint(why);
    return !why && at.address().is_loopback();
  });
}

}  // namespace server
