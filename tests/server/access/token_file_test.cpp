// Tokens out of a file, and who has which.
#include "server/access/token_file.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "server/access/secret_file.hpp"
#include "tests/server/access/temporary_file.hpp"

using namespace server::access;
using server::test::TemporaryFile;

namespace {

const std::string alice = "alice-has-this-token";
const std::string bob = "bob/has+this_one.0==";

std::string wrong(std::string_view text, mode_t mode = 0600) {
  const TemporaryFile file(text, mode);
  const auto tokens = Tokens::load(file.name());
  REQUIRE_FALSE(tokens);
  REQUIRE(tokens.error().starts_with(file.name() + ":"));
  return tokens.error().substr(file.name().size());
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a byte order mark belongs to nobody's name") {
  const TemporaryFile file(
      "\xEF\xBB\xBF"
      "alice:" +
      alice + "\n");
  const auto tokens = Tokens::load(file.name());
  REQUIRE(tokens);
  CHECK((*tokens)->owner_of(alice)->name == "alice");
  const TemporaryFile own("\xEF\xBB\xBF" + alice);
  CHECK(tl::as_text(read_own_token(own.name())->bytes()) == alice);
}

TEST_CASE("a token has its owner's name") {
  const TemporaryFile file("# of the gate\n\n  \nalice:" + alice + "\r\n  # more\nbob:" + bob);
  const auto tokens = Tokens::load(file.name());
  REQUIRE(tokens);
  CHECK((*tokens)->count() == 2);
  CHECK((*tokens)->owner_of(alice)->name == "alice");
  CHECK((*tokens)->owner_of(bob)->name == "bob");
}

TEST_CASE("what is nearly a token is none") {
  const TemporaryFile file("alice:" + alice + "\n");
  const auto tokens = *Tokens::load(file.name());
  for (const auto& text : {std::string(), "alice:" + alice, alice + "\n", alice.substr(1),
                           alice + "x", "A" + alice.substr(1), std::string("alice")}) {
    CHECK_FALSE(tokens->owner_of(text));
  }
}

TEST_CASE("a file of tokens that others may read or change is refused with what to do") {
  const auto text = "alice:" + alice + "\n";
  for (const mode_t mode : {0640, 0604, 0660, 0622, 0644}) {
    CHECK(has(wrong(text, mode), "chmod 600"));
  }
  const TemporaryFile file(text, 0400);
  CHECK(Tokens::load(file.name()));
}

TEST_CASE("a file of tokens that belongs to somebody else is refused") {
  if (::geteuid() != 0) return;  // nobody else can give a file away
  const TemporaryFile file("alice:" + alice + "\n");
  REQUIRE(::chown(file.name().c_str(), 12345, 12345) == 0);
  CHECK(has(Tokens::load(file.name()).error(), "it belongs to another user"));
}

TEST_CASE("of a file that is used all the same it is told who may get at it") {
  for (const auto& [mode, what] :
       std::vector<std::pair<mode_t, std::string>>{{0644, "everybody on this machine may read it"},
                                                   {0604, "everybody on this machine may read it"},
                                                   {0640, "its group may read it"},
                                                   {0620, "others may change it"},
                                                   {0602, "others may change it"}}) {
    const TemporaryFile file("secret", mode);
    CHECK(open_to_others(file.name()) == file.name() + ": " + what + "; chmod 600 " + file.name());
  }
  for (const mode_t mode : {0600, 0400}) {
    const TemporaryFile file("secret", mode);
    CHECK_FALSE(open_to_others(file.name()));
  }
  CHECK_FALSE(open_to_others("/no/such/file"));
  CHECK_FALSE(open_to_others(""));
}

TEST_CASE("what is no regular file of at most 1 MiB is refused") {
  CHECK(has(Tokens::load("/no/such/tokens").error(), "/no/such/tokens: No such file"));
  CHECK(has(Tokens::load("/").error(), "not a regular file"));
  const std::string pipe = "access_test_pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(has(Tokens::load(pipe).error(), "not a regular file"));
  ::unlink(pipe.c_str());
  const TemporaryFile file("");
  std::filesystem::resize_file(file.name(), (1U << 20) + 1);
  CHECK(has(Tokens::load(file.name()).error(), "longer than 1 MiB"));
}

TEST_CASE("a line that is wrong is told by its number, and never its token") {
  const auto first = "alice:" + alice + "\n";
  const std::string secret = "feedfacefeedface";
  for (const auto& [line, word] : std::vector<std::pair<std::string, std::string>>{
           {secret, "name:token is due"},
           {":" + secret, "a name has"},
           {"two words:" + secret, "a name has"},
           {"b\"b:" + secret, "a name has"},
           {"bob: " + secret, "a token is of"},
           {"bob:" + secret + " x", "what may stand behind"},
           {"bob:" + secret + "\x01", "a token is of"},
           {"bob:" + secret + "\x7f", "a token is of"},
           {"bob:" + secret + "\xc3\xa9", "a token is of"},
           {"bob:" + secret + ":more", "a token is of"},
           {"bob:feedfacefeedfac", "at least 16"},
           {"bob:", "at least 16"},
           {"bob:" + std::string(1025, 'f'), "at most 1024"},
           {"alice:" + secret, "the name alice a second time"},
           {"bob:" + alice, "the same token as alice"}}) {
    INFO(line);
    const auto text = wrong(first + line + "\n");
    CHECK(text.starts_with(":2: "));
    CHECK(has(text, word));
    CHECK_FALSE(has(text, "feedface"));
    CHECK_FALSE(has(text, alice));
  }
}

TEST_CASE("a file without a token lets nobody in, so it is refused") {
  for (const auto* text : {"", "\n\n", "# alice:alice-has-this-token\n"}) {
    CHECK(has(wrong(text), "there is no line"));
  }
}

TEST_CASE("a client's own file holds one token, with a name or without") {
  const auto read = [](const std::string& text) {
    const TemporaryFile file(text);
    const auto token = read_own_token(file.name());
    return token ? std::string(tl::as_text(token->bytes())) : "wrong: " + token.error();
  };
  CHECK(read(alice) == alice);
  CHECK(read("# mine\nalice:" + alice + "\r\n") == alice);
  CHECK(has(read(""), "there is no token"));
  CHECK(has(read(alice + "\n" + bob), "more than one line"));
  CHECK(has(read("feedface"), ":1: a token has at least 16"));
  CHECK_FALSE(has(read("feedface feedface"), "feedface"));
  const TemporaryFile shared(alice, 0644);
  CHECK(has(read_own_token(shared.name()).error(), "chmod 600"));
}

TEST_CASE("words behind a token say what it allows") {
  const TemporaryFile file("alice:" + alice + "\nbob:" + bob +
                           " \t read-only  methods=messages.*\n");
  const auto tokens = *Tokens::load(file.name());
  REQUIRE(tokens->owner_of(alice)->scope);
  CHECK(tokens->owner_of(alice)->scope->forbids("messages.sendMessage").empty());
  CHECK_FALSE(tokens->owner_of(alice)->scope->allows_account("ada"));
  const auto scope = tokens->owner_of(bob)->scope;
  REQUIRE(scope);
  CHECK(scope->forbids("messages.getHistory").empty());
  CHECK(scope->forbids("messages.sendMessage") == "read-only");
  CHECK(has(wrong("alice:" + alice + " readonly"), ":1: what may stand behind a token"));
  CHECK(has(wrong("alice:" + alice + " methods=,"), ":1: methods= takes"));
}

TEST_CASE("a digest stands for a token, and is none") {
  std::string line;
  REQUIRE(write_token_line("alice", alice, {"read-only"}, line) == "");
  CHECK(line.starts_with("alice:sha256="));
  CHECK_FALSE(has(line, alice));
  const TemporaryFile file(line);
  const auto tokens = *Tokens::load(file.name());
  CHECK(tokens->owner_of(alice)->name == "alice");
  CHECK(tokens->owner_of(alice)->scope->forbids("messages.sendMessage") == "read-only");
  const auto digest = line.substr(6, 7 + 64);
  CHECK_FALSE(tokens->owner_of(digest));
  CHECK(has(wrong("bob:sha256=12"), ":1: 64 digits"));
  CHECK(has(wrong("bob:" + digest.substr(0, 70) + "g"), ":1: 64 digits"));
  CHECK(has(wrong("bob:" + digest + "\nalice:" + alice), ":2: the same token as bob has"));
  const TemporaryFile own(line);
  CHECK(has(read_own_token(own.name()).error(), "a token is due, not its digest"));
}

TEST_CASE("the owner is told of methods that are none") {
  const TemporaryFile file("alice:" + alice + " methods=messages.*,user.*\n");
  const auto tokens = *Tokens::load(file.name());
  CHECK(tokens->warnings({"messages.getHistory", "users.getUsers"}) ==
        std::vector<std::string>{"the token of alice: there is no method user.*"});
}

TEST_CASE("a line is made for no wrong name or word") {
  std::string line;
  CHECK(has(write_token_line("al ice", alice, {}, line), "a name has"));
  CHECK(has(write_token_line("alice", alice, {"administrator"}, line), "what may stand behind"));
  CHECK(line.empty());
}
