// g++ -std=c++20 life_nlohmann.cpp -lboost_system && ./a.out HOST PORT NOTATION TEXT
#include <boost/asio.hpp>
#include <iostream>
#include <nlohmann/json.hpp>

using nlohmann::json;

json ask(std::iostream& tg, const json& request) {
  std::string line;
  tg << request << std::endl;
  std::getline(tg, line);
  return json::parse(line);
}

int main(int, char** args) {
  const json options{{"json", args[3]}, {"updates", false}};
  boost::asio::ip::tcp::iostream tg(args[1], args[2]);
  ask(tg, {{"options", options}, {"signin", {{"phone", "9996620001"}}}});
  const auto saved = ask(tg, {{"signin", {{"code", "22222"}}}})["session"].dump();
  tg.close();

  boost::asio::ip::tcp::iostream again(args[1], args[2]);
  ask(again, {{"options", options}, {"session", json::parse(saved)}});
  const auto found =
      ask(again, {{"message", {{"_cons", "contacts.resolveUsername"}, {"username", "echobot"}}}});
  const auto& user = found["message"]["users"][0];
  const json peer{
      {"_cons", "inputPeerUser"}, {"user_id", user["id"]}, {"access_hash", user["access_hash"]}};
  std::cout << ask(again,
                   {{"message",
                     {{"_cons", "messages.sendMessage"}, {"peer", peer}, {"message", args[4]}}}})
            << "\n";
}
