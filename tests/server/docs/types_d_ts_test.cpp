#include "server/docs/types_d_ts.hpp"

#include <catch2/catch.hpp>

#include "tests/server/docs/small_schemes.hpp"
#include "tests/support/api_schema.hpp"
#include "tests/support/contains.hpp"
#include "tests/support/places.hpp"

using server::docs::types_d_ts;
using support::contains;

namespace {

std::string small(bool described = false) {
  const auto schemes = support::small_schemes();
  const auto docs = support::parsed_docs(support::small_docs);
  return types_d_ts(schemes->first(), described ? docs.get() : nullptr);
}

std::string of(std::string text) {
  const auto schemes = server::parse_schemes({{"a.tl", std::move(text)}}, {"mtproto.tl", ""}, 5);
  if (!schemes) return schemes.error();
  return types_d_ts((*schemes)->first(), nullptr);
}

}  // namespace

TEST_CASE("a type is the union of its constructors") {
  const auto text = small();
  CHECK_THAT(text, contains("export type User = user | userEmpty;\n"));
  CHECK_THAT(text,
             contains("export interface user {\n  _cons: 'user';\n  self?: true;\n  id: Long;\n"
                      "  name?: string;\n}\n"));
}

TEST_CASE("what is only sent may be written as the gateway takes it") {
  CHECK_THAT(small(), contains("  _cons: 'inputMedia';\n  random_id?: Long;\n  spoiler?: boolean;\n"
                               "  peer: InputPeer | PeerName;\n  key: Bytes;\n"));
}

TEST_CASE("what is answered holds objects, not names of peers") {
  CHECK_THAT(small(), contains("  interface user {\n    _cons: 'auth.user';\n    user: $User;\n"
                               "    peers: InputPeer[];\n  }\n"));
}

TEST_CASE("a method has parameters, some of which may be left out, and a result") {
  const auto text = small();
  CHECK_THAT(text, contains("  'users.get': {\n    params: {\n      id: (InputUser | PeerName)[];\n"
                            "      limit?: number;\n    };\n    result: User[];\n  };\n"));
  CHECK_THAT(text, contains("      settings?: CodeSettings;\n      media?: InputMedia[][];\n"
                            "      channel: InputChannel | Username;\n      key: Bytes;\n"
                            "      much: number;\n    };\n    result: auth.User;\n"));
  CHECK_THAT(text, contains("  'ping': {\n    params: { [argument: string]: never };\n"
                            "    result: boolean;\n"));
  CHECK_THAT(text, contains("  [Name in keyof Methods]: { _cons: Name } & "));
  CHECK_THAT(text, contains("      query: Call;\n    };\n    result: unknown;\n"));
}

TEST_CASE("a name in a namespace does not hide one outside") {
  const auto text = small();
  CHECK_THAT(text, contains("export declare namespace auth {\n"));
  CHECK_THAT(text, contains("  type User = user;\n"));
  CHECK_THAT(text, contains("\ntype $User = User;\n"));
}

TEST_CASE("words of TypeScript and names that mean something here get an underscore") {
  const auto text = of(
      "null#00000001 = Methods;\nstring#00000002 a:long = Long;\ndelete.delete#00000003 = "
      "delete.Delete;\nclass#00000004 = class;\n---functions---\nfor#00000005 = delete.Delete;\n");
  CHECK_THAT(text, contains("export type Methods_ = null_;\n"));
  CHECK_THAT(text, contains("export interface string_ {\n  _cons: 'string';\n"));
  CHECK_THAT(text, contains("export declare namespace delete_ {\n"));
  CHECK_THAT(text, contains("  type Delete = delete_;\n"));
  CHECK_THAT(text, contains("export type class_ = class__;\n"));
  CHECK_THAT(text, contains("  'for': {\n"));
  CHECK_THAT(text, contains("    result: delete_.Delete;\n"));
}

TEST_CASE("no description can leave its comment") {
  const auto text = small(true);
  CHECK_THAT(text, contains("\n/** A \"user\" *\\/ evil(); /* */\nexport interface user {\n"));
  CHECK_THAT(text, contains("\n/** Some user */\nexport type User ="));
  CHECK_THAT(text, contains("  /** Gives users */\n  'users.get': {\n"));
  CHECK_THAT(text, contains("      /** Who */\n      id: (InputUser"));
}

TEST_CASE("service messages have no types") {
  CHECK_THAT(small(), !contains("service") && !contains("pong"));
}

TEST_CASE("all of api.tl has its types") {
  const auto schemes =
      server::parse_schemes({{"api.tl", support::read_file(support::api_tl_file())}},
                            {"mtproto.tl", support::read_file(support::mtproto_tl_file())}, 1);
  REQUIRE(schemes);
  const auto text = types_d_ts((*schemes)->first(), nullptr);
  std::size_t missing = 0;
  for (const auto& one : support::api_schema().first_source()) {
    const auto line = one.is_function ? "\n  '" + std::string(one.name) + "': {\n"
                                      : "_cons: '" + std::string(one.name) + "';\n";
    if (text.find(line) == text.npos) ++missing;
  }
  CHECK(missing == 0);
}
