// What a token's scope allows.
#include "server/protocol/token_scope.hpp"

#include <catch2/catch.hpp>

#include "server/protocol/only_reads.hpp"

using namespace server;

namespace {

TokenScope scope(std::initializer_list<std::string_view> words) {
  TokenScope out;
  for (const auto word : words) REQUIRE(out.add(word) == "");
  return out;
}

bool allows(const TokenScope& scope, std::string_view method) {
  return scope.forbids(method).empty();
}

}  // namespace

TEST_CASE("A scope tells its words, as they may be written again") {
  CHECK(scope({}).words().empty());
  const auto all = scope({"admin", "accounts=ada", "methods=!messages.delete*,messages.*",
                          "read-only", "accounts=team-*", "export"});
  const std::vector<std::string> words{"read-only", "methods=messages.*,!messages.delete*",
                                       "accounts=ada,team-*", "export", "admin"};
  CHECK(all.words() == words);
}

TEST_CASE("A pattern's * stands for any characters or none") {
  for (const auto* good : {"messages.*", "*", "messages.sendMessage", "*.send*", "m*s.*M*ge", "**",
                           "messages.sendMessage*"}) {
    INFO(good);
    CHECK(fits_pattern(good, "messages.sendMessage"));
  }
  for (const auto* bad : {"", "messages", "messages.send", "*.get*", "Messages.*", "messages.*s",
                          "messages.sendMessage.*"}) {
    INFO(bad);
    CHECK_FALSE(fits_pattern(bad, "messages.sendMessage"));
  }
}

TEST_CASE("A pattern of many * takes no time") {
  std::string pattern;
  for (int i = 0; i < 60; ++i) pattern += "*a";
  CHECK_FALSE(fits_pattern(pattern + "b", std::string(10'000, 'a')));
}

TEST_CASE("A token without words allows all") {
  CHECK(allows(TokenScope(), "account.deleteAccount"));
}

TEST_CASE("Methods that are named are allowed, and no others") {
  const auto one = scope({"methods=messages.*,users.getUsers"});
  CHECK(allows(one, "messages.sendMessage"));
  CHECK(allows(one, "users.getUsers"));
  CHECK(one.forbids("users.getFullUser") == "methods");
}

TEST_CASE("What is forbidden is so even where it is named") {
  const auto one = scope({"methods=messages.*,!messages.delete*"});
  CHECK(one.forbids("messages.deleteHistory") == "methods");
  CHECK(allows(one, "messages.getHistory"));
  const auto all_but = scope({"methods=!account.*"});
  CHECK(allows(all_but, "messages.deleteHistory"));
  CHECK_FALSE(allows(all_but, "account.deleteAccount"));
}

TEST_CASE("Who may only read does not write, whatever is named besides") {
  const auto one = scope({"read-only", "methods=messages.*"});
  CHECK(allows(one, "messages.getHistory"));
  CHECK(one.forbids("messages.sendMessage") == "read-only");
  CHECK_FALSE(allows(one, "users.getUsers"));
}

TEST_CASE("What says nothing of an account is allowed to every token") {
  const auto one = scope({"methods=messages.*"});
  CHECK(allows(one, "ping"));
  CHECK_FALSE(allows(one, "destroy_session"));
}

TEST_CASE("Words that are none are refused with a sentence") {
  for (const auto* bad : {"readonly", "methods", "methods=", "methods=a,,b", "methods=a b",
                          "methods=!", "methods=a,", "methods=mess\xc3\xa4ges", "Read-Only"}) {
    INFO(bad);
    CHECK(TokenScope().add(bad) != "");
  }
  CHECK(TokenScope().add("methods=" + std::string(129, 'a')) != "");
  std::string many = "methods=a";
  for (int i = 0; i < 256; ++i) many += ",a";
  CHECK(TokenScope().add(many) != "");
}

TEST_CASE("Patterns that fit no method are told") {
  const auto one = scope({"methods=messages.*,user.get*,!message.*"});
  CHECK(one.unused({"messages.getHistory", "users.getUsers"}) ==
        std::vector<std::string>{"user.get*", "message.*"});
}

TEST_CASE("What reads begins with get, search or check") {
  for (const auto* reads :
       {"messages.getHistory", "users.getUsers", "contacts.search", "messages.searchGlobal",
        "account.checkUsername", "contacts.resolveUsername", "updates.getDifference",
        "upload.getFile", "get_future_salts"}) {
    INFO(reads);
    CHECK(only_reads(reads));
  }
  for (const auto* writes : {"messages.sendMessage", "messages.getaway", "getters.deleteAll",
                             "getters.deleteAll", "invokeWithLayer", "help.saveAppLog"}) {
    INFO(writes);
    CHECK_FALSE(only_reads(writes));
  }
}

TEST_CASE("What only looks like reading is writing") {
  for (const auto* writes :
       {"auth.checkPassword", "auth.checkPaidAuth", "messages.getBotCallbackAnswer",
        "messages.getInlineBotResults", "account.getTmpPassword", "messages.getEmojiURL",
        "payments.getStarsRevenueWithdrawalUrl", "phone.getGroupCallStreamRtmpUrl",
        "smsjobs.getSmsJob", "messages.getMessagesViews"}) {
    INFO(writes);
    CHECK_FALSE(only_reads(writes));
  }
}

TEST_CASE("A token may use those named accounts that its line names, and no others") {
  CHECK_FALSE(scope({"read-only"}).allows_account("ada"));
  const auto some = scope({"accounts=ada,team-*"});
  CHECK(some.allows_account("ada"));
  CHECK(some.allows_account("team-7"));
  CHECK_FALSE(some.allows_account("adam"));
  CHECK_FALSE(some.allows_account("team"));
  CHECK(scope({"accounts=*"}).allows_account("anybody"));
}

TEST_CASE("A token gives sessions out, and changes accounts, where its line says so") {
  CHECK_FALSE(scope({"accounts=*"}).exports());
  CHECK_FALSE(scope({"accounts=*"}).administers());
  CHECK(scope({"export"}).exports());
  CHECK(scope({"admin"}).administers());
}

TEST_CASE("What is no name of an account does not stand behind accounts=") {
  TokenScope out;
  for (const auto* word :
       {"accounts=", "accounts=Ada", "accounts=a,,b", "accounts=a b", "accounts=!a"}) {
    INFO(word);
    CHECK(out.add(word).starts_with("accounts= takes"));
  }
}
