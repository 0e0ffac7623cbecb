// Boost.Beast, as its example has it. The option is `read_message_max`.
#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <iostream>

int main(int count, char** args) {
  namespace beast = boost::beast;
  std::string place(args[1] + 5);  // behind ws://
  place.resize(place.find('/'));
  const auto colon = place.rfind(':');
  auto host = place.substr(0, colon);
  if (host.front() == '[') host = host.substr(1, host.size() - 2);
  boost::asio::io_context io;
  boost::asio::ip::tcp::resolver resolver(io);
  beast::websocket::stream<boost::asio::ip::tcp::socket> tg(io);
  if (count > 3) tg.read_message_max(0);
  const auto at =
      boost::asio::connect(tg.next_layer(), resolver.resolve(host, place.substr(colon + 1)));
  tg.handshake(host + ":" + std::to_string(at.port()), "/ws");
  tg.write(boost::asio::buffer(R"({"options":{},"@extra":")" +
                               std::string(std::stoul(args[2]), 'x') + "\"}"));
  beast::flat_buffer reply;
  std::cout << tg.read(reply) << "\n";
}
