// `server` and `options`: what may be set, what is shown.
#include <catch2/catch.hpp>
#include <memory_resource>

#include "server/connection/connection_options.hpp"
#include "server/connection/server_attribute.hpp"
#include "tests/support/rsa_keys.hpp"
#include "tl/json_reader.hpp"

using namespace server;
using upstream::Telegram;

namespace {

std::shared_ptr<const Telegram> table() {
  auto telegram = std::make_shared<Telegram>();
  telegram->kind = Telegram::Kind::production;
  telegram->data_centres[1] = {{"192.0.2.1", 443}};
  telegram->data_centres[2] = {{"192.0.2.2", 443}};
  telegram->keys = {support::telegram_key("production")};
  return telegram;
}

struct Setting {
  std::pmr::monotonic_buffer_resource arena;
  std::shared_ptr<const Telegram> known = table();
  ServerChoice now{known, mtproto::DcId(2), {}};
  AllowedServers allowed;

  tl::Result<std::optional<ServerChoice>, Failure> read(std::string_view json) {
    return read_server_attribute(*tl::read_json(json, arena), now, known, allowed);
  }
  std::string path_of(std::string_view json) {
    const auto got = read(json);
    return got ? "" : got.error().path;
  }
};

std::string pem() {
  std::string text;
  tl::write_json_string(support::test_key().public_key().to_pem(), text);
  return text;
}

}  // namespace

TEST_CASE("An empty server asks, and shows what it is") {
  Setting setting;
  CHECK(!*setting.read("{}"));
  std::string text;
  write_server_attribute(setting.now, {}, text);
  CHECK(text.starts_with(R"({"host":"192.0.2.2","port":443,"rsa":"-----BEGIN RSA PUBLIC KEY)"));
  CHECK(text.ends_with(R"("dc":2,"telegram":"production"})"));
  text.clear();
  write_server_attribute(**setting.read(R"({"transport":"padded","obfuscated":true})"), {}, text);
  CHECK(
      text.ends_with(R"("dc":2,"transport":"padded","obfuscated":true,"telegram":"production"})"));
}

TEST_CASE("Another data centre of the table is the same Telegram, another key") {
  Setting setting;
  const auto choice = **setting.read(R"({"dc":1})");
  CHECK(choice.dc == mtproto::DcId(1));
  CHECK(choice.telegram == setting.known);
  CHECK(!same_environment(setting.now, choice));
  CHECK(same_environment(setting.now, **setting.read(R"({"dc":2,"transport":"abridged"})")));
  CHECK(setting.path_of(R"({"dc":4})") == "/server/dc");
}

TEST_CASE("A host of one's own with a key of one's own is another Telegram") {
  Setting setting;
  const auto choice = **setting.read(R"({"host":"example.org","port":444,"rsa":)" + pem() + "}");
  CHECK(choice.telegram->kind == Telegram::Kind::custom);
  CHECK(choice.telegram->addresses(mtproto::DcId(2)).front().host == "example.org");
  CHECK(choice.telegram->addresses(mtproto::DcId(2)).front().port == 444);
  CHECK(!same_environment(setting.now, choice));
  const auto same_keys = **setting.read(R"({"host":"example.org"})");
  CHECK(same_environment(setting.now, same_keys));
}

TEST_CASE("What the reply shows can be pasted back and changes nothing") {
  Setting setting;
  std::string text;
  write_server_attribute(setting.now, {}, text);
  const auto choice = **setting.read(text);
  CHECK(choice.telegram == setting.known);
  CHECK(same_environment(setting.now, choice));
}

TEST_CASE("Beyond loopback only the table and what the operator allows") {
  Setting setting;
  setting.allowed = {false, {"good.example", "other.example:444"}, {}};
  CHECK(setting.path_of(R"({"host":"10.0.0.1","port":22})") == "/server/host");
  CHECK(setting.path_of(R"({"host":"other.example","port":445})") == "/server/host");
  CHECK(setting.path_of(R"({"host":"other.example","port":444})").empty());
  CHECK(setting.path_of(R"({"host":"good.example","port":1})").empty());
  CHECK(setting.path_of(R"({"host":"192.0.2.1","port":443})").empty());
  CHECK(setting.path_of(R"({"dc":1})").empty());
  setting.allowed = {false, {"*"}, {}};
  CHECK(setting.path_of(R"({"host":"10.0.0.1","port":22})").empty());
}

TEST_CASE("An IPv6 address is the same host with brackets and without") {
  Setting setting;
  for (const auto* json :
       {R"({"host":"[2001:db8::1]","port":444})", R"({"host":"2001:db8::1","port":444})"}) {
    const auto choice = **setting.read(json);
    CHECK(choice.telegram->addresses(mtproto::DcId(2)).front().host == "2001:db8::1");
  }
  const auto proxy = **setting.read(
      R"({"proxy":{"host":"[::1]","port":443,"secret":"00112233445566778899aabbccddeeff"}})");
  CHECK(proxy.proxy->at.host == "::1");
  for (const auto* json :
       {R"({"host":"[2001:db8::1"})", R"({"host":"[example.org]"})", R"({"host":"[]"})"}) {
    CHECK(setting.path_of(json) == "/server/host");
  }
  setting.allowed = {false, {"[2001:db8::1]:444", "[2001:db8::2]", "2001:db8::3"}, {}};
  CHECK(setting.path_of(R"({"host":"2001:db8::1","port":444})").empty());
  CHECK(setting.path_of(R"({"host":"[2001:db8::1]","port":445})") == "/server/host");
  CHECK(setting.path_of(R"({"host":"2001:db8::2","port":1})").empty());
  CHECK(setting.path_of(R"({"host":"[2001:db8::3]","port":1})").empty());
}

TEST_CASE("A proxy is set by its URL or its parts and taken away by false") {
  Setting setting;
  setting.now = **setting.read(R"({"proxy":"socks5://ada:hunter2@127.0.0.1:1080"})");
  REQUIRE(setting.now.proxy);
  CHECK(setting.now.proxy->user == "ada");
  std::string text;
  write_server_attribute(setting.now, {}, text);
  CHECK(text.find("hunter2") == text.npos);
  CHECK(text.find(R"("proxy":"socks5://ada:***@127.0.0.1:1080")") != text.npos);
  CHECK((**setting.read(text)).proxy == setting.now.proxy);
  CHECK((**setting.read(R"({"dc":1})")).proxy == setting.now.proxy);
  CHECK_FALSE((**setting.read(R"({"proxy":false})")).proxy);
  const auto parts = **setting.read(
      R"({"proxy":{"host":"h","port":443,"secret":"00112233445566778899aabbccddeeff"}})");
  CHECK(parts.proxy->kind == upstream::Proxy::Kind::mtproxy);
  CHECK(parts.proxy->at == upstream::Address{"h", 443});
}

TEST_CASE("What is no proxy is refused by its path and without its secrets") {
  Setting setting;
  CHECK(setting.path_of(R"({"proxy":5})") == "/server/proxy");
  CHECK(setting.path_of(R"({"proxy":true})") == "/server/proxy");
  CHECK(setting.path_of(R"({"proxy":{"port":1,"secret":"x"}})") == "/server/proxy/host");
  CHECK(setting.path_of(R"({"proxy":{"host":"h","secret":"x"}})") == "/server/proxy/port");
  CHECK(setting.path_of(R"({"proxy":{"host":"h","port":1}})") == "/server/proxy/secret");
  CHECK(setting.path_of(R"({"proxy":{"host":"h","prot":1}})") == "/server/proxy/prot");
  CHECK(setting.path_of(R"({"proxy":{"host":"h","port":1,"secret":"hunter2"}})") ==
        "/server/proxy");
  const auto refused = setting.read(R"({"proxy":"socks5://ada:hunter2@h"})");
  CHECK(refused.error().text.find("hunter2") == std::string::npos);
}

TEST_CASE("Beyond loopback only proxies that the operator allows") {
  Setting setting;
  setting.allowed = {false, {}, {"good.example", "other.example:1080"}, false};
  CHECK(setting.path_of(R"({"proxy":"socks5://10.0.0.1:1080"})") == "/server/proxy");
  CHECK(setting.path_of(R"({"proxy":"socks5://other.example:1081"})") == "/server/proxy");
  CHECK(setting.path_of(R"({"proxy":"socks5://other.example:1080"})").empty());
  CHECK(setting.path_of(R"({"proxy":"http://good.example:3128"})").empty());
  CHECK(setting.path_of(R"({"proxy":false})").empty());
  setting.now = **setting.read(R"({"proxy":"http://good.example:3128"})");
  CHECK(setting.path_of(R"({"proxy":false})") == "/server/proxy");
  setting.allowed.direct = true;
  CHECK(setting.path_of(R"({"proxy":false})").empty());
  setting.allowed = {false, {}, {"*"}, false};
  CHECK(setting.path_of(R"({"proxy":false})").empty());
  CHECK(setting.path_of(R"({"proxy":"socks5://10.0.0.1:1080"})").empty());
}

TEST_CASE("What server can't hold is refused by its path") {
  Setting setting;
  CHECK(setting.path_of(R"({"host":5})") == "/server/host");
  CHECK(setting.path_of(R"({"host":"x","port":0})") == "/server/port");
  CHECK(setting.path_of(R"({"host":"x","port":65536})") == "/server/port");
  CHECK(setting.path_of(R"({"host":"x","rsa":"nonsense"})") == "/server/rsa");
  CHECK(setting.path_of(R"({"port":5})") == "/server/host");
  CHECK(setting.path_of(R"({"proxy":"x"})") == "/server/proxy");
  CHECK(setting.path_of(R"({"hots":"x"})") == "/server/hots");
  CHECK(setting.path_of(R"({"transport":"pigeon"})") == "/server/transport");
  CHECK(setting.path_of(R"({"transport":"full","obfuscated":true})") == "/server/obfuscated");
}

TEST_CASE("Options are set together or not at all") {
  std::pmr::monotonic_buffer_resource arena;
  const Schemes schemes({{228, "a.tl", nullptr, nullptr}, {227, "b.tl", nullptr, nullptr}});
  ConnectionOptions now;
  now.layer = 228;
  const auto read = [&](std::string_view json, bool free = true) {
    return read_options_attribute(*tl::read_json(json, arena), now, schemes, free);
  };
  const auto path_of = [&](std::string_view json) {
    const auto got = read(json);
    return got ? "" : got.error().path;
  };
  const auto set =
      *read(R"({"json":"plain","layer":227,"updates":false,"unknown":"ignore","events":true,)"
            R"("flood_wait":60,"pfs":true,"api_id":"5","api_hash":"h","lang_code":"de",)"
            R"("max_message":65536})");
  std::string text;
  write_options_attribute(set, text);
  CHECK(text.starts_with(
      R"({"json":"plain","layer":227,"updates":false,"unknown":"ignore","events":true,)"
      R"("flood_wait":60,"pfs":true,"api_id":5,"api_hash":true,)"));
  CHECK(text.ends_with(R"("lang_code":"de","max_message":65536})"));
  CHECK(text.find("\"h\"") == text.npos);
  CHECK(read(R"({"json":"auto"})")->json == tl::Notation::automatic);
  CHECK(read(R"({"layer":227.0,"flood_wait":6e1})")->flood_wait == std::chrono::seconds(60));
  CHECK(path_of(R"({"json":"yaml"})") == "/options/json");
  CHECK(path_of(R"({"layer":5})") == "/options/layer");
  CHECK(read(R"({"layer":227})", false).has_error());
  CHECK(read(R"({"layer":228})", false).has_value());
  CHECK(path_of(R"({"updates":"recovered"})") == "/options/updates");
  CHECK(path_of(R"({"pfs":1})") == "/options/pfs");
  CHECK(path_of(R"({"flood_wait":601})") == "/options/flood_wait");
  CHECK(path_of(R"({"max_message":4095})") == "/options/max_message");
  CHECK(path_of(R"({"max_message":-1})") == "/options/max_message");
  CHECK(path_of(R"({"max_message":1073741825})") == "/options/max_message");
  CHECK(path_of(R"({"api_id":-1})") == "/options/api_id");
  CHECK(path_of(R"({"jsn":"plain"})") == "/options/jsn");
}
