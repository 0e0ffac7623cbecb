// What --verbose shows and what it does not.
#include "server/logs/blanked.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <memory_resource>
#include <set>
#include <sstream>

#include "server/logs/secret_names.hpp"
#include "tests/support/api_schema.hpp"
#include "tl/json_reader.hpp"

using namespace server::logs;

namespace {

std::string shown(std::string_view json) {
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::read_json(json, arena);
  REQUIRE(value);
  return blanked(*value).text;
}

bool hides(std::string_view json) {
  CAPTURE(json);
  const auto text = shown(json);
  CAPTURE(text);
  return text.find("SECRET") == text.npos;
}

bool sounds_secret(std::string_view name) {
  constexpr std::array<std::string_view, 6> words{"token",    "secret", "hash",
                                                  "password", "code",   "key"};
  return std::ranges::any_of(words, [&](auto word) { return name.find(word) != name.npos; });
}

// "SECRET" as JSON where `type` is due: text, bytes, or a vector of them; empty: something else.
std::string secret_of(const tl::Schema& schema, tl::TypeRef type) {
  using tl::Kind;
  switch (type.kind) {
    case Kind::string:
    case Kind::bytes:
    case Kind::int128:
    case Kind::int256:
      return R"("SECRET")";
    case Kind::vector: {
      const auto item = secret_of(schema, schema.element(type.index));
      return item.empty() ? "" : "[" + item + "]";
    }
    default:
      return "";
  }
}

// Text of the layer that sounds like a secret and may be seen, each for its reason.
const std::set<std::string_view> harmless{
    "lang_code",    "lang_codes", "base_lang_code", "system_lang_code", "suggested_lang_code",
    "plural_code",                             // languages
    "country_code",                            // a country
    "video_codec",                             // a way to pack pictures
    "hashtag",      "keyword",    "keywords",  // what people search by
    "public_key"};                             // meant for everybody

bool is_harmless(const tl::Combinator& in, std::string_view name) {
  const bool setting =
      (name == "key" && (in.name.starts_with("langPackString") || in.name == "jsonObjectValue")) ||
      (name == "keys" && in.name == "langpack.getStrings");
  return setting || harmless.contains(name);
}

// Every field of the layer that takes text or bytes and is `wanted`, in the request or the answer
// that it would be in; how many they were.
template <class Wanted>
std::size_t check_layer(Wanted wanted) {
  const auto& schema = support::api_schema();
  std::size_t count = 0;
  for (const auto& combinator : schema.combinators()) {
    for (const auto& field : combinator.fields) {
      const auto secret = secret_of(schema, field.type);
      if (secret.empty() || !wanted(combinator, field)) continue;
      ++count;
      const auto object = R"({"_cons":")" + std::string(combinator.name) + R"(",")" +
                          std::string(field.name) + "\":" + secret + "}";
      CHECK(hides(R"({"id":1,"message":)" + object + "}"));
      CHECK(hides(R"({"id":0,"message":{"_cons":"x","_items":[{"inner":)" + object + "}]}}"));
    }
  }
  return count;
}

}  // namespace

TEST_CASE("No text or bytes of the layer whose name sounds secret are shown") {
  const auto count = check_layer([](const auto& combinator, const auto& field) {
    return sounds_secret(field.name) && !is_harmless(combinator, field.name);
  });
  CHECK(count > 100);
}

TEST_CASE("No bytes of the layer that are about signing in are shown") {
  const auto count = check_layer([](const tl::Combinator& combinator, const tl::Field& field) {
    constexpr std::array<std::string_view, 6> parts{"uthorization", "ogin",   "SRP",
                                                    "assword",      "asskey", "entCode"};
    return field.type.kind == tl::Kind::bytes && std::ranges::any_of(parts, [&](auto part) {
             return combinator.name.find(part) != std::string::npos;
           });
  });
  CHECK(count > 15);
}

TEST_CASE("No other name of the layer is taken for a secret one") {
  for (const auto& combinator : support::api_schema().combinators()) {
    for (const auto& field : combinator.fields) {
      CAPTURE(combinator.name, field.name);
      CHECK((sounds_secret(field.name) || !is_secret_name(field.name)));
    }
  }
}

TEST_CASE("What sounds secret and opens nothing is shown") {
  for (
      const std::string_view plain :
      {R"({"id":1,"message":{"_cons":"rpc_error","error_code":400,"message":"hi"}})",
       R"({"_cons":"inputPeerUser","user_id":5,"access_hash":-6117451650979290284})",
       R"({"_cons":"inputPeerUser","user_id":"5","access_hash":"17451650979290284123"})",
       R"({"_cons":"contacts.getContacts","hash":0})", R"({"lang_code":"de","country_code":"AT"})",
       R"({"_cons":"account.getPrivacy","key":{"_cons":"inputPrivacyKeyPhoneCall"}})",
       R"({"_cons":"jsonObjectValue","key":"x","value":{"_cons":"jsonNull"}})",
       R"({"options":{"api_id":5,"api_hash":true,"layer":227,"pfs":false,"json":"plain"}})",
       R"({"signin":{"state":"password","has_recovery":true,"password_pending":{"_cons":"true"}}})",
       R"({"session":{"session_id":5,"last_seqno":3,"dc":2,"server_salt":"123"}})",
       R"({"message":"Ada met https://t.me/grace?start=5 at node 7, mode B, in one string of rooms"})",
       R"({"message":"\u00fcber \ud83d\ude00"})"}) {
    CAPTURE(plain);
    std::pmr::monotonic_buffer_resource arena;
    std::string same;
    tl::write_json(*tl::read_json(plain, arena), same);
    CHECK(shown(plain) == same);
  }
}

TEST_CASE("Secrets are blanked by the gateway's own names") {
  for (
      const auto* json :
      {R"({"session":{"auth_key":"SECRET","string":"SECRET"},"token":"SECRET"})",
       R"({"signin":{"code":"SECRET","password":"SECRET","bot_token":"SECRET"}})",
       R"({"signin":{"state":"code","phone_code_hash":"SECRET","email_code":"SECRET"}})",
       R"({"signin":{"state":"qr","url":"tg://login?token=SECRET","expires":1}})",
       R"({"options":{"api_hash":"SECRET"}})", R"({"server":{"proxy":"socks5://ada:SECRET@h:1"}})",
       R"({"server":{"proxy":{"host":"h","port":1,"secret":"SECRET"}}})",
       R"({"token":["SECRET"],"password":{"SECRET":{"_cons":"SECRET"}},"code":{"_cons":"SECRET"}})",
       R"({"id":-2,"error":"JSONDecodeError","msg":"x","pos":5,"doc":"SECRET"})",
       R"({"message":{"_cons":"auth.checkPassword","password":{"_cons":"x","M1":"SECRET"}}})",
       R"({"message":{"_cons":"_unknown","_bytes":"SECRET"}})",
       R"({"message":{"_":"auth.importAuthorization","id":1,"bytes":"SECRET"}})",
       R"({"message":{"@type":"auth.importAuthorization","id":1,"bytes":"SECRET"}})",
       R"({"message":{"_cons":"message","peer_id":{"_cons":"peerUser","user_id":777000},"message":"SECRET"}})",
       R"({"_cons":"message","fwd_from":{"from_id":{"user_id":"777000"}},"message":"SECRET"})",
       R"({"update":{"_cons":"updateShortMessage","user_id":777000,"message":"SECRET"}})"}) {
    CHECK(hides(json));
  }
  CHECK(shown(R"({"code":22222})").find("22222") == std::string::npos);
}

TEST_CASE("Secrets are blanked under their names with a typing error") {
  for (const auto* name :
       {"pasword",   "passwrod", "passwd_",   "Password", "PASSWORD2",  "auth_kye",
        "authkey",   "auht_key", "autKey",    "tokne",    "toekn",      "tokn",
        "bot_tokne", "my_tokne", "userTokne", "api_hsah", "secert",     "secrt",
        "sting",     "strnig",   "cdoe",      "cod",      "email_coed", "phone_cod_hsh"}) {
    CHECK(hides("{\"session\":{\"" + std::string(name) + R"(":"SECRET"}})"));
  }
  CHECK(hides("{\"" + std::string(65, 'n') + R"(":"SECRET"})"));
}

TEST_CASE("A session string is blanked wherever it stands") {
  std::size_t count = 0;
  std::istringstream lines(support::read_file(support::data_folder() + "/session_strings.txt"));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto string = line.substr(line.rfind(' ') + 1);
    for (const std::string& json :
         {R"({"x":")" + string + "\"}", R"({"message":"look: )" + string + "\"}",
          R"({"message":[")" + string + "\"]}", R"({")" + string + "\":1}",
          R"({"error":"SessionError","path":"/)" + string.substr(0, 190) + "…\"}",
          R"({"x":"{\"string\":\")" + string + "\\\"}\"}"}) {
      CAPTURE(json);
      CHECK(shown(json).find(string.substr(20, 40)) == std::string::npos);
    }
    ++count;
  }
  CHECK(count > 10);
}

TEST_CASE("Keys, bots' tokens and links with passwords are blanked wherever they stand") {
  std::string numbers, lines;
  for (int i = 0; i < 256; ++i) numbers += (i == 0 ? "" : ",") + std::to_string(i);
  for (int i = 0; i < 6; ++i) lines += std::string(64, 'A') + "\\n";
  CHECK(shown(R"({"data":[)" + numbers + "]}") == "{\"data\":\"…\"}");
  CHECK(shown(R"({"data":"[)" + numbers + "]\"}") == "{\"data\":\"…\"}");
  CHECK(shown(R"({"x":")" + lines + "\"}") == "{\"x\":\"…\"}");
  CHECK(shown(R"({"x":")" + std::string(512, 'a') + "\"}") == "{\"x\":\"…\"}");
  for (const auto* text :
       {"110201543:SECRETRKAfL78SECRETtcqEDUR4d3Rua", "tg://login?token=SECRET",
        "tg://proxy?server=h&port=1&secret=SECRET", "https://t.me/socks?server=h&pass=x&key=SECRET",
        "socks5://ada:SECRET@127.0.0.1:1080", "https://t.me/login/SECRET",
        "-----BEGIN RSA PRIVATE KEY-----SECRET"}) {
    CHECK(hides(R"({"message":"see )" + std::string(text) + "\"}"));
  }
}

TEST_CASE("What moves a terminal's cursor or turns what is read is escaped") {
  const std::string text =
      shown("{\"a\":\"\\u001b[2J\\u007f\xC2\x9b\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\xA8\"}");
  CHECK(text == R"({"a":"\u001b[2J\u007f\u009b\u202e\u2066\u2028"})");
  std::pmr::monotonic_buffer_resource arena;
  CHECK((*tl::read_json(text, arena))["a"].text() ==
        "\x1b[2J\x7f\xC2\x9b\xE2\x80\xAE\xE2\x81\xA6\xE2\x80\xA8");
}

TEST_CASE("A copy is cut, stays JSON, and hides what begins where it is cut") {
  std::pmr::monotonic_buffer_resource arena;
  std::string many = R"({"a":[1)", prose;
  for (int i = 0; i < 100'000; ++i) many += R"(,{"b":"cd"})";
  const auto value = *tl::read_json(many + "]}", arena);
  const auto copy = blanked(value);
  CHECK(copy.cut);
  CHECK(copy.text.size() < longest_copy + 100);
  CHECK(tl::read_json(copy.text, arena).has_value());
  while (prose.size() < longest_string - 20) prose += "a word ";
  const auto long_text = tl::Value::string(
      std::string_view(prose += std::string(400, 'S') + std::string(1'000'000, ' ')));
  CHECK(blanked(long_text).text == "\"…\"");
  const std::string blanks(1'000'000, ' ');
  const auto cut = blanked(tl::Value::string(blanks));
  CHECK(cut.cut);
  CHECK(cut.text.size() < longest_string + 10);
}
