// Sockets that were passed.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/ip/udp.hpp>
#include <catch2/catch.hpp>

#include "server/process/listeners.hpp"
#include "tests/support/contains.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace server;
namespace asio = boost::asio;
using asio::ip::tcp;
using support::contains;

namespace {

// A copy of its descriptor, which whoever adopts it closes.
template <class Socket>
int passed(Socket& socket) {
  return ::dup(socket.native_handle());
}

tcp::acceptor tcp_listener(asio::io_context& context, const char* address) {
  return {context, tcp::endpoint(asio::ip::make_address(address), 0)};
}

struct Adopting {
  asio::io_context context;
  Listeners listeners{context};
  // What is refused closes nothing: it is the process's end.
  void refused(int descriptor, const std::string& name, const std::string& why) {
    CHECK_THROWS_WITH(listeners.adopt({{descriptor, name}}), contains(why) && contains(name));
    ::close(descriptor);
  }
};

}  // namespace

TEST_CASE("Passed TCP sockets are listened on, and tell where that is") {
  Adopting one;
  auto first = tcp_listener(one.context, "127.0.0.1");
  auto second = tcp_listener(one.context, "127.0.0.1");
  one.listeners.adopt({{passed(first), "port"}, {passed(second), "port"}});
  CHECK(one.listeners.tcp().size() == 2);
  CHECK(one.listeners.port() == first.local_endpoint().port());
  CHECK(one.listeners.host() == "localhost");
  CHECK(one.listeners.loopback_only());
  CHECK_FALSE(one.listeners.path());

  tcp::socket client(one.context);
  client.connect(second.local_endpoint());
  CHECK(one.listeners.tcp()[1].accept().is_open());
}

TEST_CASE("A passed TCP socket beyond loopback counts as that") {
  Adopting one;
  auto socket = tcp_listener(one.context, "0.0.0.0");
  one.listeners.adopt({{passed(socket), "port"}});
  CHECK_FALSE(one.listeners.loopback_only());
  CHECK(one.listeners.host() == "0.0.0.0");
}

TEST_CASE("A passed socket file is listened on, and stays when the program goes") {
  const support::TemporaryFolder folder;
  const auto path = (folder.path() / "socket").string();
  asio::io_context context;
  asio::local::stream_protocol::acceptor socket(context,
                                                asio::local::stream_protocol::endpoint(path));
  {
    Listeners listeners(context);
    listeners.adopt({{passed(socket), "listen"}});
    CHECK(listeners.path() == path);
    CHECK(listeners.tcp().empty());
  }
  CHECK(std::filesystem::exists(path));
}

TEST_CASE("A passed socket of the wrong kind is refused in words") {
  Adopting one;
  auto listening = tcp_listener(one.context, "127.0.0.1");
  one.refused(passed(listening), "listen", "it is no socket file; FileDescriptorName=port");
  one.refused(passed(listening), "unknown", "there is no listener of that name");
  one.refused(passed(listening), "http", "FileDescriptorName=port");

  const support::TemporaryFolder folder;
  asio::local::stream_protocol::acceptor file(
      one.context, asio::local::stream_protocol::endpoint((folder.path() / "socket").string()));
  one.refused(passed(file), "port", "it is not TCP; FileDescriptorName=listen");

  asio::ip::udp::socket datagrams(one.context, asio::ip::udp::endpoint(asio::ip::udp::v4(), 0));
  one.refused(passed(datagrams), "port", "it is for datagrams");

  tcp::socket connection(one.context);
  connection.connect(listening.local_endpoint());
  one.refused(passed(connection), "port", "does not listen");

  one.refused(::open("/dev/null", O_RDONLY | O_CLOEXEC), "port", "it is no socket");
  CHECK_THROWS_WITH(one.listeners.adopt({{1000, "port"}}), contains("Bad file descriptor"));
}

TEST_CASE("Of passed socket files there may be one") {
  const support::TemporaryFolder folder;
  Adopting one;
  asio::local::stream_protocol::acceptor file(
      one.context, asio::local::stream_protocol::endpoint((folder.path() / "socket").string()));
  const int second = passed(file);
  CHECK_THROWS_WITH(one.listeners.adopt({{passed(file), "listen"}, {second, "listen"}}),
                    contains("there may be one"));
  ::close(second);
}
