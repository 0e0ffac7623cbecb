#include "tests/tl/two_ways.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "tests/support/api_schema.hpp"
#include "tests/tl/codec_helpers.hpp"
#include "tests/tl/generated_json.hpp"
#include "tl/value.hpp"

using namespace codec_test;

namespace {

const tl::Schema& schema() { return support::api_schema(); }

// Whether the quick way takes it; that both say the same is a check of its own.
bool quick(std::string_view text, const tl::EncodeOptions& options = {}, bool draws = false) {
  const auto both = two_ways(schema(), text, options, draws);
  if (!both.difference.empty()) FAIL_CHECK(both.difference << ": " << text.substr(0, 2000));
  return both.quick;
}

// As quick(), of a text that is right.
bool quick_and_right(std::string_view text, const tl::EncodeOptions& options = {},
                     bool draws = false) {
  CHECK(two_ways(schema(), text, options, draws).thorough);
  return quick(text, options, draws);
}

std::string sent(std::string_view members) {
  return R"({"_cons":"messages.sendMessage")" + std::string(members) + "}";
}

constexpr std::string_view usual =
    R"({"_cons":"messages.sendMessage","no_webpage":true,"peer":{"_cons":"inputPeerUser",)"
    R"("user_id":777000000,"access_hash":-6212482037480093121},"message":"hello \"you\"\n",)"
    R"("random_id":4127482037480093121,"entities":[{"_cons":"messageEntityBold","offset":0,)"
    R"("length":5},{"_cons":"messageEntityUrl","offset":8,"length":12}]})";

// Copies of a value whose members stand in another order, the name of the constructor mostly first.
class Shuffler {
 public:
  Shuffler(tl::Arena& arena, std::uint64_t seed) : builder_(arena), random_(seed) {}

  tl::Value of(const tl::Value& value) {
    if (value.is_array()) {
      std::vector<tl::Value> items(value.items().begin(), value.items().end());
      for (auto& item : items) item = of(item);
      return builder_.array(items);
    }
    if (!value.is_object()) return value;
    std::vector<tl::Member> members(value.members().begin(), value.members().end());
    for (auto& member : members) member.value = of(member.value);
    const bool name_first = random_() % 8 != 0;
    if (members.size() > 2) std::shuffle(members.begin() + name_first, members.end(), random_);
    return builder_.object(members);
  }

 private:
  tl::Builder builder_;
  std::mt19937_64 random_;
};

std::string shuffled(const std::string& text, std::uint64_t seed) {
  std::pmr::monotonic_buffer_resource arena;
  std::string out;
  tl::write_json(Shuffler(arena, seed).of(*tl::read_json(text, arena)), out);
  return out;
}

// One of every kind of field, so that each value can be tried where each is due.
constexpr std::string_view kinds[] = {"int",   "long",   "double",       "string",
                                      "bytes", "int128", "Bool",         "#",
                                      "E",     "int256", "Vector<long>", "vector<int>"};

std::shared_ptr<const tl::Schema> schema_of(std::string_view kind) {
  return support::small_schema("e = E;\nf a:int = E;\nwrap flags:# v:flags.3?" + std::string(kind) +
                               " t:flags.1?true u:flags.3?true last:int = Wrap;\n" +
                               "many v:Vector<" + std::string(kind == "#" ? "int" : kind) +
                               "> = Many;\n");
}

void try_everywhere(std::string_view value) {
  static const auto schemas = [] {
    std::vector<std::shared_ptr<const tl::Schema>> made;
    for (const auto kind : kinds) made.push_back(schema_of(kind));
    return made;
  }();
  const std::string text(value);
  for (const auto& small : schemas) {
    for (const auto& around : {R"({"_cons":"wrap","v":)" + text + R"(,"last":7})",
                               R"({"_cons":"wrap","last":7,"v":)" + text + "}",
                               R"({"_cons":"many","v":[)" + text + ", " + text + "]}",
                               R"({"_cons":"wrap","u":)" + text + R"(,"last":7})",
                               R"({"_cons":"wrap","t":)" + text + R"(,"last":7})"}) {
      const auto both = two_ways(*small, around);
      if (!both.difference.empty()) FAIL_CHECK(both.difference << ": " << around);
    }
  }
}

}  // namespace

TEST_CASE("Both ways encode every constructor and function alike, in any order of its fields") {
  int all = 0, taken = 0, shuffled_taken = 0;
  for (const bool full : {true, false}) {
    for (const auto notation : {tl::Notation::classic, tl::Notation::plain}) {
      GeneratedJson make(schema(), notation, full);
      for (const auto& combinator : schema().combinators()) {
        if (combinator.shadowed) continue;
        for (std::uint64_t seed = 1; seed <= 2; ++seed) {
          const auto text = make.of(combinator, seed);
          ++all;
          taken += quick(text, {}, true);
          shuffled_taken += quick(shuffled(text, seed), {}, true);
        }
      }
    }
  }
  // Beside numbers at their very bounds, bytes for strings and what holds a query.
  CHECK(taken > all / 2);
  CHECK(shuffled_taken > all / 4);
}

TEST_CASE("The quick way takes what people send") {
  CHECK(quick_and_right(usual));
  CHECK(quick_and_right(R"({"_cons":"help.getConfig"})"));
  CHECK(quick_and_right(" {\"_\" : \"help.getConfig\" } \n"));
  CHECK(quick_and_right(R"({"@type":"help.getConfig"})"));
  CHECK(quick_and_right(sent(R"(,"peer":"me","message":"x","random_id":"77")")));
  CHECK(quick_and_right(sent(R"(,"peer":"me","message":"x")"), {}, true));
  CHECK(quick_and_right(sent(R"(,"message":"x","peer":"me","silent":true)"), {}, true));
  CHECK(quick_and_right(sent(R"(,"message":"x","random_id":1,"peer":"me","silent":false)")));
  CHECK(
      quick_and_right(sent(R"(, "reply_to": null, "peer": "me", "message": "x", "random_id": 5)")));
  CHECK(quick_and_right(R"({"_cons":"messages.getHistory","peer":"me"})"));
  CHECK(quick_and_right(R"({"_cons":"users.getUsers","id":["me",{"_cons":"inputUserSelf"}]})"));
}

TEST_CASE("The quick way leaves to the other what is rare or wrong") {
  for (const auto* members :
       {R"(,"peer":"@ada","message":"x","random_id":5)",
        R"(,"peer":"you","message":"x","random_id":5)",
        R"(,"peer":"\u006de","message":"x","random_id":5)", R"(,"peer":"me","message":"x")",
        R"(,"peer":"me","message":"x","random_id":5,"_seqno":1)",
        R"(,"peer":"me","message":"x","random_id":5,"flags":0)",
        R"(,"peer":"me","message":"x","random_id":5,"unknown":null)",
        R"(,"peer":"me","message":"x","random_id":5,"message":"y")",
        R"(,"peer":"me","message":{"_bytes":"AA=="},"random_id":5)",
        R"(,"peer":"me","message":"x","random_id":9223372036854775808)",
        R"(,"peer":"me","message":"x","random_id":5.0)",
        R"(,"pe\u0065r":"me","message":"x","random_id":5)"}) {
    CHECK_FALSE(quick(sent(members)));
  }
  CHECK_FALSE(quick(R"({"peer":"me","_cons":"messages.sendMessage","message":"x","random_id":1})"));
  CHECK_FALSE(quick(R"({"_cons":"invokeWithLayer","layer":1,"query":{"_cons":"help.getConfig"}})"));
}

TEST_CASE("Both ways read numbers alike, at the bounds of each type and around them") {
  for (const auto* number : {"0",
                             "-0",
                             "1",
                             "-1",
                             "00",
                             "01",
                             "-01",
                             "-",
                             "+1",
                             "1.",
                             ".5",
                             "1.0",
                             "1.5",
                             "1e0",
                             "1E2",
                             "1e",
                             "1e+",
                             "1e-2",
                             "127",
                             "128",
                             "255",
                             "256",
                             "2147483647",
                             "2147483648",
                             "-2147483648",
                             "-2147483649",
                             "4294967295",
                             "4294967296",
                             "9007199254740991",
                             "9007199254740992",
                             "9007199254740993",
                             "-9007199254740993",
                             "9223372036854775807",
                             "9223372036854775808",
                             "-9223372036854775807",
                             "-9223372036854775808",
                             "-9223372036854775809",
                             "18446744073709551615",
                             "18446744073709551616",
                             "9999999999999999999",
                             "10000000000000000000",
                             "99999999999999999999",
                             "12345678",
                             "123456789",
                             "1234567x",
                             "12345678x",
                             "1e400",
                             "-1e400",
                             "1e-400",
                             "5e-324",
                             "1.7976931348623157e308",
                             "0.1",
                             "123456789012345678901234567890",
                             "0x10",
                             "1 2",
                             "NaN",
                             "Infinity",
                             "-Infinity",
                             "1_0",
                             "0e0",
                             "-0.0",
                             "0.000000000000000000000000000001",
                             "100000000000000000000000000"}) {
    try_everywhere(number);
    try_everywhere('"' + std::string(number) + '"');
  }
  for (int shift = 0; shift < 64; ++shift) {
    for (const auto near : {-1, 0, 1}) {
      const auto size = (std::uint64_t{1} << shift) + static_cast<std::uint64_t>(near);
      try_everywhere(std::to_string(size));
      try_everywhere("-" + std::to_string(size));
    }
  }
  std::string power = "1";
  for (int digits = 1; digits < 25; ++digits) {
    try_everywhere(power);
    try_everywhere(power + "1");
    try_everywhere("-" + std::string(static_cast<std::size_t>(digits), '9'));
    power += '0';
  }
}

TEST_CASE("Both ways read a value of any kind alike where any other is due") {
  for (const auto* value : {"null",
                            "true",
                            "false",
                            "nul",
                            "nulll",
                            "tru",
                            "truex",
                            "falsee",
                            "[]",
                            "{}",
                            "[[]]",
                            "[1]",
                            "[1,]",
                            "[,1]",
                            "[1 2]",
                            "[null]",
                            "{,}",
                            R"({"a":1})",
                            R"({"a":1,})",
                            R"({"_cons":"e"})",
                            R"({"_cons":"e",})",
                            R"({ "_cons" : "e" })",
                            R"({"_cons":"f","a":3})",
                            R"({"_cons":"f"})",
                            R"({"_cons":"true"})",
                            R"({"_cons":"boolTrue"})",
                            R"({"_cons":"boolFalse"})",
                            R"({"_cons":"boolTrue","x":null})",
                            R"({"_cons": "boolTrue"})",
                            R"({"_":"true"})",
                            R"({"_cons":"e","_cons":"f","a":1})",
                            R"({"_cons":null})",
                            R"({"_cons":5})",
                            R"({"_cons":"vector","_items":[1]})",
                            R"({"_bytes":"AAAA"})",
                            "\"me\"",
                            "\"@ada\"",
                            "\"\"",
                            "\"x\"",
                            "\"AAAA\"",
                            "\"AAA=\"",
                            "\"AA==\"",
                            "\"A\"",
                            "\"A===\"",
                            "\"-_-_\"",
                            "\"+/+/\"",
                            "\"\\/\\/AA\"",
                            "\"AAAAAAAAAAAAAAAAAAAAAA==\"",
                            "\"AAAAAAAAAAAAAAAAAAAAAA\"",
                            "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"",
                            "'x'",
                            "\"x",
                            "x\"",
                            "\"\n\"",
                            "\"\t\"",
                            "\"\\n\\r\\t\\b\\f\\/\\\\\\\"\"",
                            "\"\\a\"",
                            "\"\\u\"",
                            "\"\\u12\"",
                            "\"\\u00e9\"",
                            "\"\\u00E9\"",
                            "\"\\u00g0\"",
                            "\"\\u0000\"",
                            "\"\\uFFFF\"",
                            "\"\\uD83D\\uDE00\"",
                            "\"\\ud83d\"",
                            "\"\\ud83dx\"",
                            "\"\\ud83d\\n\"",
                            "\"\\ud83d\\u0041\"",
                            "\"\\ude00\"",
                            "\"\\uD83D\\uD83D\"",
                            "\"\\uDBFF\\uDFFF\"",
                            "\"\x7f\"",
                            "\"\xc3\xa9\"",
                            "\"\xc3\"",
                            "\"\xc0\x80\"",
                            "\"\xed\xa0\x80\"",
                            "\"\xf4\x90\x80\x80\"",
                            "\"\xff\"",
                            "/* */1",
                            "1//",
                            "\"a\"\"b\"",
                            ":",
                            ",",
                            "]",
                            "}",
                            "\\u0031"}) {
    try_everywhere(value);
  }
  try_everywhere(std::string_view("\"\0\"", 3));
  try_everywhere(std::string_view("1\0", 2));
}

TEST_CASE("Both ways write strings of every length alike, with and without escapes") {
  for (const auto* piece : {"x", "\\n", "é", "\\u0416", "\\ud83d\\ude00"}) {
    for (const auto before : {0, 1, 15, 16, 17}) {
      std::string inside(static_cast<std::size_t>(before), 'a');
      for (int count = 0; count < 300; ++count) {
        const auto text = sent(R"(,"peer":"me","message":")" + inside + R"(","random_id":5)");
        CHECK(quick_and_right(text));
        inside += piece;
      }
    }
  }
  const std::string most((1 << 24) - 1, 'x');
  CHECK(quick_and_right(sent(R"(,"peer":"me","message":")" + most + R"(","random_id":5)")));
  CHECK_FALSE(quick(sent(R"(,"peer":"me","message":"x)" + most + R"(","random_id":5)")));
}

TEST_CASE("Both ways take a text with blanks between all tokens, or in their place") {
  std::string spaced;
  bool inside = false;
  for (const char c : usual) {
    if (c == '"' && (spaced.empty() || spaced.back() != '\\')) {
      if (!inside) spaced += " \t\r\n";
      inside = !inside;
      spaced += c;
      if (!inside) spaced += "\n \t";
    } else if (!inside && !(c >= '0' && c <= '9') && c != '-' && !(c >= 'a' && c <= 'z')) {
      spaced += ' ';
      spaced += c;
      spaced += ' ';
    } else {
      spaced += c;
    }
  }
  CHECK(quick_and_right(spaced));
  for (std::size_t i = 0; i <= usual.size(); ++i) {
    for (const auto* put : {" ", "\n", "\v", "\f", "\xa0", "\xef\xbb\xbf"}) {
      quick(std::string(usual).insert(i, put));
    }
  }
}

TEST_CASE("Both ways refuse a text that is cut anywhere, and one that has more behind it") {
  for (std::size_t size = 0; size < usual.size(); ++size) {
    CHECK_FALSE(quick(usual.substr(0, size)));
    CHECK_FALSE(quick(std::string(usual) + std::string(usual.substr(0, size)) + "x"));
  }
}

TEST_CASE("Both ways agree on texts that were spoilt at random") {
  std::mt19937_64 random(7);
  std::vector<std::string> texts{std::string(usual)};
  GeneratedJson make(schema(), tl::Notation::plain, true);
  for (const auto* name : {"messages.sendMedia", "auth.sendCode", "messages.forwardMessages",
                           "contacts.importContacts", "messages.sendMultiMedia"}) {
    texts.push_back(make.of(*schema().function_by_name(name), 3));
  }
  constexpr std::string_view bytes = "{}[]:,\"\\ntf0159-.eE _u\n \x80\xc3";
  for (int i = 0; i < 20000; ++i) {
    auto text = texts[random() % texts.size()];
    for (auto changes = random() % 3 + 1; changes > 0; --changes) {
      const auto at = random() % text.size();
      const auto length = random() % 12;
      switch (random() % 4) {
        case 0:
          text[at] = bytes[random() % bytes.size()];
          break;
        case 1:
          text.insert(at, 1, bytes[random() % bytes.size()]);
          break;
        case 2:
          text.erase(at, length);
          break;
        default:
          text.insert(random() % text.size(), text.substr(at, length * 4));
      }
      if (text.empty()) text = "{";
    }
    quick(text, {}, true);
  }
}

TEST_CASE("Both ways treat members that stand twice, or are null, alike") {
  const std::vector<std::string> members{
      R"("peer":"me")",   R"("peer":null)",       R"("message":"x")",  R"("message":null)",
      R"("random_id":5)", R"("random_id":null)",  R"("silent":true)",  R"("silent":false)",
      R"("silent":null)", R"("schedule_date":3)", R"("reply_to":null)"};
  std::mt19937_64 random(11);
  for (int i = 0; i < 5000; ++i) {
    std::string text;
    for (auto count = random() % 7; count > 0; --count) {
      text += "," + members[random() % members.size()];
    }
    quick(sent(text), {}, true);
    quick(sent(text));
    tl::EncodeOptions strict;
    strict.defaults = false;
    quick(sent(text), strict, true);
  }
}

TEST_CASE("Both ways know that of several fields on one flag all are there or none") {
  const auto small = support::small_schema(
      "pair flags:# a:flags.0?int b:flags.0?int c:flags.1?true d:flags.1?true e:flags.1?int "
      "flags2:# f:flags2.31?true g:int = Pair;\n");
  const std::vector<std::string> members{
      R"("a":1)", R"("b":2)",    R"("c":true)",  R"("c":false)", R"("d":false)", R"("d":true)",
      R"("e":3)", R"("f":true)", R"("f":false)", R"("g":4)",     R"("g":4)",     R"("g":4)"};
  std::mt19937_64 random(13);
  int taken = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = R"({"_cons":"pair")";
    for (auto count = random() % 6 + 1; count > 0; --count) {
      text += "," + members[random() % members.size()];
    }
    text += '}';
    const auto both = two_ways(*small, text);
    if (!both.difference.empty()) FAIL_CHECK(both.difference << ": " << text);
    taken += both.quick;
  }
  CHECK(taken > 1000);
}

TEST_CASE("Both ways stop at the same depth at the latest") {
  for (const int depth : {1, 10, 31, 32, 33, 62, 63, 64, 65, 66, 127, 128, 129, 5000}) {
    std::string bold, lists;
    for (int i = 0; i < depth; ++i) bold += R"({"_cons":"textBold","text":)";
    bold += R"({"_cons":"textEmpty"})" + std::string(static_cast<std::size_t>(depth), '}');
    const bool taken = quick(bold);
    CHECK(taken == (depth < 64));
    for (int i = 0; i < depth; ++i) lists += R"({"_cons":"textConcat","texts":[)";
    for (int i = 0; i < depth; ++i) lists += "]}";
    quick(lists);
    quick(lists.substr(0, lists.size() - 1));
    try_everywhere(std::string(static_cast<std::size_t>(depth), '['));
  }
}

TEST_CASE("Both ways respect the longest that may be written") {
  const auto end = 200U;
  for (unsigned longest = 0; longest < end; ++longest) {
    tl::EncodeOptions options;
    options.longest = longest;
    quick(usual, options);
    quick(shuffled(std::string(usual), longest), options);
  }
  std::string many = R"({"_cons":"messages.getMessages","id":[)";
  for (int i = 0; i < 100000; ++i) many += R"({"_cons":"inputMessagePinned"},)";
  many.back() = ']';
  tl::EncodeOptions options;
  options.longest = 4096;
  CHECK_FALSE(quick(many + '}', options));
  CHECK(quick_and_right(many + '}'));
}

TEST_CASE("Both ways look up the same peers, and tell the same that are lacking") {
  Book book;
  book.peers = {{"ada", {tl::Peer::Kind::user, 5, 7}},
                {"club", {tl::Peer::Kind::channel, 6, 9007199254740994}},
                {"team", {tl::Peer::Kind::chat, 8, 0}}};
  tl::EncodeOptions options;
  options.peers = &book;
  for (const auto* name :
       {"me", "@ada", "@Ada", "@club", "@team", "@who", "@", "@a b", "ada", ""}) {
    const auto peer = '"' + std::string(name) + '"';
    for (const auto& text :
         {sent(",\"peer\":" + peer + R"(,"message":"x","random_id":5)"),
          sent(R"(,"message":"x","random_id":5,"peer":)" + peer),
          R"({"_cons":"users.getUsers","id":[)" + peer + ",\"@who\"," + peer + ",\"@other\"]}",
          R"({"_cons":"channels.getChannels","id":[)" + peer + "]}",
          R"({"_cons":"messages.forwardMessages","to_peer":"@to","from_peer":)" + peer +
              R"(,"id":[1,2,3]})"}) {
      quick(text, options, true);
    }
  }
  CHECK(quick_and_right(sent(R"(,"peer":"@ada","message":"x")"), options, true));
  CHECK(quick_and_right(sent(R"(,"peer":"@who","message":"x")"), options, true));
  std::string many = R"({"_cons":"users.getUsers","id":[)";
  for (int i = 0; i < 70; ++i) many += "\"@user_" + std::to_string(i % 67) + "\",";
  many.back() = ']';
  CHECK(quick_and_right(many + '}', options));
}

TEST_CASE("Both ways draw as many numbers as there are ids") {
  for (const auto* members :
       {R"("from_peer":"me","id":[1,2,3],"to_peer":"me")",
        R"("from_peer":"me","to_peer":"me","id":[])", R"("to_peer":"me","from_peer":"me","id":[4])",
        R"("from_peer":"me","to_peer":"me")", R"("from_peer":"me","id":null,"to_peer":"me")",
        R"("from_peer":"me","id":{},"to_peer":"me")",
        R"("from_peer":"me","id":[1,2],"random_id":[3,4],"to_peer":"me")"}) {
    quick(R"({"_cons":"messages.forwardMessages",)" + std::string(members) + "}", {}, true);
  }
  std::string many =
      R"({"_cons":"messages.forwardMessages","from_peer":"me","to_peer":"me","id":[)";
  for (int i = 0; i < 1000; ++i) many += "1,";
  many.back() = ']';
  CHECK(quick_and_right(many + '}', {}, true));
}

TEST_CASE("Both ways find the same long that lost digits") {
  constexpr std::string_view lost = "1234567890123456800";
  for (const auto& text :
       {sent(R"(,"peer":{"_cons":"inputPeerUser","user_id":5,"access_hash":)" + std::string(lost) +
             R"(},"message":"x","random_id":)" + std::string(lost)),
        sent(R"(,"random_id":5,"message":"x","peer":{"_cons":"inputPeerUser","access_hash":)" +
             std::string(lost) + R"(,"user_id":9007199254740994})"),
        R"({"_cons":"messages.getCustomEmojiDocuments","document_id":[5,)" + std::string(lost) +
            "]}"}) {
    quick(text);
  }
  const auto told = [](std::string_view text) {
    tl::Bytes out;
    const auto encoding = tl::encode_quickly(schema(), text, {}, out);
    return encoding && encoding->rounded ? encoding->rounded->field : "";
  };
  CHECK(told(R"({"_cons":"messages.getCustomEmojiDocuments","document_id":[5,)" +
             std::string(lost) + "]}") == "document_id");
  CHECK(told(sent(R"(,"peer":{"_cons":"inputPeerUser","user_id":5,"access_hash":)" +
                  std::string(lost) + R"(},"message":"x","random_id":1)")) == "access_hash");
}

TEST_CASE("What stands in another order at every level is not moved over and over") {
  // Each object is within the one around it, all of whose bytes would be moved.
  std::string text;
  for (int i = 0; i < 60; ++i) text += R"({"_cons":"textUrl","url":"u","webpage_id":1,"text":)";
  text += R"({"_cons":"textPlain","text":")" + std::string(200000, 'x') + "\"}";
  for (int i = 0; i < 60; ++i) text += '}';
  CHECK_FALSE(quick(text));
}
