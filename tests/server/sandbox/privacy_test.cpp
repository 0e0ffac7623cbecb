#include <catch2/catch.hpp>

#include "tests/server/sandbox/fixture.hpp"

using namespace fixture;

namespace {

const std::string status_key = "{'_cons':'inputPrivacyKeyStatusTimestamp'}";

std::string set_rules(const std::string& rules) {
  return "{'_cons':'account.setPrivacy','key':" + status_key + ",'rules':[" + rules + "]}";
}
const std::string get_rules = "{'_cons':'account.getPrivacy','key':" + status_key + "}";

}  // namespace

TEST_CASE("rules of privacy are kept, each setting for itself") {
  Fixture fixture;
  Client ada(fixture);
  ada.sign_in("9996620001", "22222");
  CHECK(ada.call(get_rules)["rules"].items()[0].constructor() == "privacyValueAllowAll");
  const auto alan = ada.peer("alan_turing");
  const auto user = "{'_cons':'inputUser'" + alan.substr(alan.find(",'user_id'"));
  const auto answer = ada.call(set_rules("{'_cons':'inputPrivacyValueAllowUsers','users':[" + user +
                                         "]},{'_cons':'inputPrivacyValueDisallowAll'}"));
  for (const auto& rules : {answer, ada.call(get_rules)}) {
    REQUIRE(rules["rules"].items().size() == 2);
    CHECK(rules["rules"].items()[0].constructor() == "privacyValueAllowUsers");
    CHECK(number(rules["rules"].items()[0]["users"].items()[0]) == 1000103);
    CHECK(rules["rules"].items()[1].constructor() == "privacyValueDisallowAll");
    CHECK(rules["users"].items()[0]["first_name"].text() == "Alan");
  }
  const auto other =
      ada.call("{'_cons':'account.getPrivacy','key':{'_cons':'inputPrivacyKeyForwards'}}");
  CHECK(other["rules"].items()[0].constructor() == "privacyValueAllowAll");
}

TEST_CASE("one's other clients hear of a rule of privacy") {
  Fixture fixture;
  Client ada(fixture), other(fixture);
  ada.sign_in("9996620001", "22222");
  other.sign_in("9996620001", "22222");
  ada.updates();
  other.updates();
  ada.call(set_rules("{'_cons':'inputPrivacyValueAllowContacts'}"));
  const auto heard = other.updates();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].constructor() == "updatePrivacy");
  CHECK(heard[0]["key"].constructor() == "privacyKeyStatusTimestamp");
  CHECK(heard[0]["rules"].items()[0].constructor() == "privacyValueAllowContacts");
  CHECK(ada.updates().empty());
}

TEST_CASE("a rule of privacy about a chat or a user that is not there is refused") {
  Fixture fixture;
  Client ada(fixture);
  ada.sign_in("9996620001", "22222");
  const auto chats = [&](const std::string& ids) {
    return ada.refused(
        set_rules("{'_cons':'inputPrivacyValueAllowChatParticipants','chats':[" + ids + "]}"));
  };
  CHECK(chats("2001") == "");
  CHECK(chats("3002") == "");
  CHECK(chats("99") == "400 CHAT_ID_INVALID");
  CHECK(
      ada.refused(set_rules("{'_cons':'inputPrivacyValueAllowUsers','users':[{'_cons':'inputUser',"
                            "'user_id':5,'access_hash':5}]}")) == "400 USER_ID_INVALID");
  std::string many = "2001";
  for (int i = 0; i < 1000; ++i) many += ",2001";
  CHECK(chats(many) == "400 PRIVACY_TOO_LONG");
}
