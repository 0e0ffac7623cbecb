// websocketpp. The option is `set_max_message_size`.
#include <iostream>
#include <websocketpp/client.hpp>
#include <websocketpp/config/asio_no_tls_client.hpp>

int main(int count, char** args) {
  using Client = websocketpp::client<websocketpp::config::asio_client>;
  Client client;
  client.clear_access_channels(websocketpp::log::alevel::all);
  if (count > 3) client.set_max_message_size(1 << 30);
  client.init_asio();
  const auto end = [&](websocketpp::connection_hdl tg) {
    std::cerr << client.get_con_from_hdl(tg)->get_ec().message() << "\n";
    client.stop();
  };
  client.set_fail_handler(end), client.set_close_handler(end);
  client.set_open_handler([&](websocketpp::connection_hdl tg) {
    client.send(tg, R"({"options":{},"@extra":")" + std::string(std::stoul(args[2]), 'x') + "\"}",
                websocketpp::frame::opcode::text);
  });
  client.set_message_handler([&](websocketpp::connection_hdl, Client::message_ptr message) {
    std::cout << message->get_payload().size() << std::endl;
    client.stop();
  });
  websocketpp::lib::error_code why;
  client.connect(client.get_connection(args[1], why));
  client.run();
}
