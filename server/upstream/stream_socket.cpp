#include "server/upstream/stream_socket.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/error.hpp>
#include <cerrno>
#include <utility>

namespace server::upstream {
namespace {

using boost::system::error_code;

error_code last_error() {
  // The two names of one error, where they are two.
  if (errno == EAGAIN || errno == EWOULDBLOCK) return boost::asio::error::would_block;
  return {errno, boost::system::system_category()};
}

template <class Call>
std::size_t moved(Call call, error_code& why) {
  ssize_t size = -1;
  do size = call();
  while (size < 0 && errno == EINTR);
  why = size < 0 ? last_error() : error_code();
  return size < 0 ? 0 : static_cast<std::size_t>(size);
}

}  // namespace

StreamSocket::StreamSocket(boost::asio::generic::stream_protocol::socket socket) {
  error_code ignored;
  local_ = socket.local_endpoint(ignored).protocol().family() == AF_UNIX;
  number_ = socket.release(ignored);
}

std::size_t StreamSocket::read(std::span<std::uint8_t> to, error_code& why) {
  const auto size = moved([&] { return ::recv(number_, to.data(), to.size(), MSG_DONTWAIT); }, why);
  if (size == 0 && !why && !to.empty()) why = boost::asio::error::eof;
  return size;
}

std::size_t StreamSocket::write(tl::ByteView bytes, error_code& why) {
  return moved(
      [&] { return ::send(number_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL); },
      why);
}

void StreamSocket::shutdown_send() { ::shutdown(number_, SHUT_WR); }

void StreamSocket::close() {
  if (number_ >= 0) ::close(std::exchange(number_, -1));
}

}  // namespace server::upstream
