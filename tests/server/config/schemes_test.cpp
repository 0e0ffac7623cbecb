// What people name with --scheme: which files are taken, and what is said of the others.
#include "server/config/schemes.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "server/config/scheme_file.hpp"
#include "tests/server/counted_new.hpp"
#include "tests/support/api_schema.hpp"

using tl::SchemaSource;

namespace {

const SchemaSource mtproto{"mtproto.tl", "msgs_ack#62d6b459 msg_ids:Vector<long> = MsgsAck;"};

SchemaSource api(int layer) {
  return {"api.tl",
          "a = A;\n---functions---\nhelp.getConfig = A;\n// LAYER " + std::to_string(layer)};
}
const SchemaSource without_layer{"plain.tl", "a = A;\n---functions---\nhelp.getConfig = A;"};
// As tdesktop's, which goes beside its api.tl.
const SchemaSource split{"own_mtproto.tl",
                         "int ? = Int;\nresPQ#05162463 nonce:int128 server_nonce:int128 pq:string "
                         "server_public_key_fingerprints:Vector<long> = ResPQ;\n---functions---\n"
                         "req_pq#60469778 nonce:int128 = ResPQ;\n"};

struct Loaded {
  std::string problem;
  std::string layers;
  std::vector<std::string> warnings;
};

Loaded load(const std::vector<SchemaSource>& sources, std::optional<int> layer = {}) {
  Loaded out;
  const auto schemes = server::parse_schemes(sources, mtproto, layer, &out.warnings);
  if (schemes) {
    out.layers = (*schemes)->layers();
  } else {
    out.problem = schemes.error();
  }
  return out;
}

std::string problem_of(std::string text) { return load({{"x.tl", std::move(text)}}).problem; }

}  // namespace

TEST_CASE("schemes: MTProto's half of a split scheme is left out in either order, and said") {
  for (const auto& files : {std::vector{api(201), split}, std::vector{split, api(201)}}) {
    const auto loaded = load(files);
    CHECK(loaded.problem == "");
    CHECK(loaded.layers == "201");
    REQUIRE(loaded.warnings.size() == 1);
    CHECK(loaded.warnings[0].find("own_mtproto.tl holds MTProto's service messages") == 0);
  }
  CHECK(load({split}).problem ==
        "own_mtproto.tl holds MTProto's service messages alone; name the scheme of the API, too");
}

TEST_CASE("schemes: --layer is for files that do not say theirs, and said where it is for none") {
  CHECK(load({without_layer}).problem.find("plain.tl does not say which layer it is") == 0);
  CHECK(load({without_layer}, 7).layers == "7");
  CHECK(load({without_layer}, 7).warnings.empty());
  const auto other = load({api(201)}, 7);
  CHECK(other.layers == "201");
  REQUIRE(other.warnings.size() == 1);
  CHECK(other.warnings[0] ==
        "--layer 7 is for a file that does not say its layer; api.tl says 201");
  CHECK(load({api(201)}, 201).warnings.empty());
  CHECK(load({api(201), without_layer}, 7).warnings.empty());
}

TEST_CASE("schemes: two layers in one file are said, with their lines") {
  const auto loaded = load({{"x.tl", "// LAYER 5\na = A;\n// layer 6\n// LAYER 5\n"}});
  CHECK(loaded.layers == "5");
  REQUIRE(loaded.warnings.size() == 1);
  CHECK(loaded.warnings[0] ==
        "x.tl:3: the layer 6 is said here, and 5 in line 1; the first is taken");
}

TEST_CASE("schemes: what is no scheme is refused with a sentence") {
  CHECK(problem_of("") == "x.tl is empty");
  CHECK(problem_of("\xEF\xBB\xBF \r\n") == "x.tl is empty");
  CHECK(problem_of("// LAYER 5\n---functions---\n") == "x.tl defines nothing");
  CHECK(problem_of("{\"constructors\":[]}").find("x.tl is JSON; a scheme in TL is due") == 0);
  CHECK(problem_of("\xEF\xBB\xBF[]").find("x.tl is JSON") == 0);
  CHECK(problem_of(std::string("\xFF\xFE\x61\x00", 4)) == "x.tl is in UTF-16; save it as UTF-8");
  CHECK(problem_of(std::string("\x7F"
                               "ELF\x00",
                               5)) == "x.tl is no text");
  CHECK(problem_of("ok = Ok;\n---functions---\nsetTdlibParameters = Ok;")
            .find("x.tl is the interface of TDLib") == 0);
  CHECK(problem_of("authorizationStateWaitTdlibParameters = AuthorizationState;")
            .find("x.tl is the interface of TDLib") == 0);
}

TEST_CASE("schemes: a message quotes at most 200 bytes of the file, on one line") {
  const std::string lengthy(5000, 'a');
  for (const auto& text : {
           "b " + lengthy + ":int " + lengthy + ":int = B;",
           "b " + lengthy + ":N" + lengthy + " = B;",
           lengthy + " " + lengthy + ":N" + lengthy + " = B;",
           lengthy + " = Vector<" + lengthy + ">;",
           lengthy,
           "---" + lengthy + "---",
           "a = A " + lengthy,
           "a {" + lengthy + "} = A",
           std::string("a \x1b]2J\x07:int y = A"),
       }) {
    const auto problem = load({{"x.tl", text}}, 5).problem;
    CAPTURE(problem);
    CHECK(problem.find("x.tl:1: ") == 0);
    CHECK(problem.size() < 300);
    CHECK(problem.find_first_of("\x1b\x07\n") == std::string::npos);
  }
}

TEST_CASE("schemes: of many oddities the first ten are told, and how many there are") {
  std::string text = "// LAYER 5\n";
  for (int i = 0; i < 30; ++i)
    text += "a" + std::to_string(i) + "#1" + std::to_string(i) + " = A;\n";
  const auto loaded = load({{"x.tl", text}});
  CHECK(loaded.layers == "5");
  REQUIRE(loaded.warnings.size() == 11);
  CHECK(loaded.warnings.back() == "x.tl: 20 more oddities like these");
}

TEST_CASE("schemes: a folder, a missing and an endless file are told apart") {
  const auto problem = [](const std::string& file) {
    const auto read = server::config::read_scheme_file(file);
    return read ? "read" : read.error();
  };
  CHECK(problem("/tmp") == "/tmp is a folder; name the file in it");
  CHECK(problem("/tmp/there-is-no-such.tl") ==
        "/tmp/there-is-no-such.tl can't be read: No such file or directory");
  CHECK(problem("/dev/zero") == "/dev/zero can't be read: it is longer than 16 MiB");
  const auto file = std::filesystem::temp_directory_path() /
                    ("schemes_test_" + std::to_string(::getpid()) + ".tl");
  std::ofstream(file) << std::string(300'000, 'x');
  CHECK(server::config::read_scheme_file(file)->size() == 300'000);
  std::filesystem::remove(file);
}

TEST_CASE("schemes: a whole layer is held in 1.5 MiB, its text included") {
  const auto before = support::bytes_held();
  const auto loaded = server::load_schemes({support::api_tl_file()}, {});
  REQUIRE(loaded.has_value());
  const auto held = support::bytes_held() - before;
  CAPTURE(held);
  CHECK(held < 1536 * 1024);
}

TEST_CASE("schemes: a whole layer is parsed with few questions for memory") {
  const auto before = support::allocations();
  REQUIRE(server::load_schemes({support::api_tl_file()}, {}));
  const auto asked = support::allocations() - before;
  CAPTURE(asked);
  CHECK(asked < 8000);  // three a combinator
}
