// Which addresses of a config are used, and in which order.
#include "server/upstream/dc_options.hpp"

#include <catch2/catch.hpp>
#include <memory_resource>
#include <string>

#include "tl/json_reader.hpp"

using namespace server::upstream;
using Kind = Telegram::Kind;

namespace {

DcOptions::Table read(std::string options, Kind kind = Kind::production,
                      std::string_view more = "") {
  std::pmr::monotonic_buffer_resource arena;
  for (auto& c : options) {
    if (c == '\'') c = '"';
  }
  const auto text =
      R"({"_cons":"config",)" + std::string(more) + R"("dc_options":[)" + options + "]}";
  const auto value = tl::read_json(text, arena);
  REQUIRE(value);
  return read_dc_options(*value, kind);
}

std::string shown(const DcOptions::Table& table, std::int32_t dc) {
  std::string out;
  if (!table.contains(dc)) return "none";
  for (const auto& [host, port, obfuscated] : table.at(dc)) {
    out += (out.empty() ? "" : " ") + host + "/" + std::to_string(port) + (obfuscated ? "o" : "");
  }
  return out;
}

std::string option(std::string_view ip, std::string_view more = "", std::int64_t dc = 4,
                   std::int64_t port = 443) {
  return "{'id':" + std::to_string(dc) + ",'ip_address':'" + std::string(ip) +
         "','port':" + std::to_string(port) + ",'this_port_only':true" + std::string(more) + "}";
}

}  // namespace

TEST_CASE("Addresses for files and of CDNs and behind secrets are not used") {
  const auto table =
      read(option("192.0.2.1", ",'media_only':true") + "," + option("192.0.2.2", ",'cdn':true") +
           "," + option("192.0.2.3", ",'secret':'AAAA'") + "," + option("192.0.2.4"));
  CHECK(shown(table, 4) == "192.0.2.4/443");
}

TEST_CASE("Fixed addresses come first and IPv4 before IPv6") {
  const auto options = option("2001:db8::1", ",'ipv6':true") + "," + option("192.0.2.1") + "," +
                       option("192.0.2.2", ",'static':true");
  CHECK(shown(read(options), 4) == "192.0.2.2/443 192.0.2.1/443 2001:db8::1/443");
  CHECK(shown(read(options, Kind::production, R"("force_try_ipv6":true,)"), 4) ==
        "192.0.2.2/443 2001:db8::1/443 192.0.2.1/443");
}

TEST_CASE("Other ports are tried only where that is allowed and last") {
  const auto table = read(
      "{'id':1,'ip_address':'192.0.2.1','port':443},{'id':1,'ip_address':"
      "'192.0.2.2','port':8443,'this_port_only':true}");
  CHECK(shown(table, 1) == "192.0.2.1/443 192.0.2.2/8443 192.0.2.1/80 192.0.2.1/5222");
}

TEST_CASE("What is no address of a data centre is passed over") {
  const auto table =
      read(option("gateway.example") + "," + option("") + "," + option("0.0.0.0") + "," +
           option("224.0.0.1") + "," + option("fe80::1%eth0") + "," + option("127.0.0.1") + "," +
           option("192.0.2.1", "", 0) + "," + option("192.0.2.1", "", 1000) + "," +
           option("192.0.2.1", "", 4, 0) + "," + option("192.0.2.1", "", 4, 65536));
  CHECK(table.empty());
}

TEST_CASE("The number of addresses is bounded") {
  std::string options;
  for (int i = 0; i < 1000; ++i) {
    options += (i == 0 ? "" : ",") + option("192.0.2." + std::to_string(i % 250));
  }
  CHECK(read(options).at(4).size() == most_options_of_one);
}

TEST_CASE("A config is believed only by a Telegram of its kind") {
  const auto one = option("192.0.2.1");
  CHECK(read(one, Kind::production, R"("test_mode":true,)").empty());
  CHECK(read(one, Kind::test).empty());
  CHECK_FALSE(read(one, Kind::test, R"("test_mode":true,)").empty());
  CHECK(read(one, Kind::custom).empty());
  CHECK(shown(read(option("127.0.0.1"), Kind::sandbox), 4) == "127.0.0.1/443");
}

TEST_CASE("Learned addresses come before those of the start") {
  Telegram telegram;
  telegram.data_centres[4] = {{"192.0.2.9", 443}, {"192.0.2.1", 443}};
  telegram.learned = std::make_shared<DcOptions>();
  telegram.learned->replace(
      {{4, {{"192.0.2.1", 443}, {"192.0.2.5", 443, true}}}, {7, {{"192.0.2.7"}}}});
  CHECK(telegram.addresses(mtproto::DcId(4)) ==
        std::vector<Address>{{"192.0.2.1", 443}, {"192.0.2.9", 443}});
  CHECK(telegram.addresses(mtproto::DcId(4), true).size() == 3);
  CHECK(telegram.known() == std::vector<std::int32_t>{4, 7});
}

TEST_CASE("One of those who ask is to ask and again after an hour") {
  DcOptions book;
  const mtproto::Time start{std::chrono::seconds(5)};
  CHECK(book.due(start));
  CHECK_FALSE(book.due(start + std::chrono::minutes(59)));
  CHECK(book.due(start + std::chrono::minutes(60)));
  book.ask_soon(start + std::chrono::minutes(61));
  CHECK_FALSE(book.due(start + std::chrono::minutes(61)));
  CHECK(book.due(start + std::chrono::minutes(62)));
}
