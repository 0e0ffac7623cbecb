// `streamjson token new`.
#include "server/process/token_command.hpp"

#include <catch2/catch.hpp>

#include "server/access/token_file.hpp"
#include "tests/server/access/temporary_file.hpp"
#include "tests/support/scripted_random.hpp"

using namespace server;
using Arguments = std::vector<std::string>;

namespace {

std::optional<config::Printed> told(const Arguments& arguments) {
  support::ScriptedRandom random;
  return token_command(arguments, random);
}

}  // namespace

TEST_CASE("A token that is made opens the gateway, and stands in no file") {
  const auto printed = told({"token", "new", "alice", "read-only", "methods=messages.*"});
  REQUIRE(printed);
  CHECK(printed->status == 0);
  const auto end = printed->err.rfind('\n');
  const auto token = printed->err.substr(printed->err.rfind('\n', end - 1) + 1, 64);
  CHECK(token.size() == 64);
  CHECK(printed->out.find(token) == std::string::npos);
  const test::TemporaryFile file(printed->out);
  const auto tokens = access::Tokens::load(file.name());
  REQUIRE(tokens);
  CHECK((*tokens)->owner_of(token)->name == "alice");
  CHECK((*tokens)->owner_of(token)->scope->forbids("messages.sendMessage") == "read-only");
}

TEST_CASE("What is no such command is none") {
  CHECK_FALSE(told({}));
  CHECK_FALSE(told({"--sandbox"}));
}

TEST_CASE("A command that is not right is told so") {
  CHECK(told({"token"})->out.starts_with("Usage: streamjson token new NAME"));
  CHECK(told({"token", "--help"})->status == 0);
  for (const auto& bad :
       {Arguments{"token", "old"}, Arguments{"token", "new"}, Arguments{"token", "new", "al ice"},
        Arguments{"token", "new", "alice", "administrator"}}) {
    const auto printed = told(bad);
    CHECK(printed->status == 2);
    CHECK(printed->out.empty());
    CHECK(printed->err.starts_with("streamjson token: "));
  }
}
