#include <catch2/catch.hpp>

#include "tests/server/sandbox/fixture.hpp"

using namespace fixture;

namespace {

std::string difference(std::int64_t pts, const std::string& more = "") {
  return "{'_cons':'updates.getDifference','pts':" + std::to_string(pts) +
         ",'date':1800000000,'qts':0" + more + "}";
}

}  // namespace

TEST_CASE("pts grows by pts_count without a gap, whatever happens") {
  Fixture fixture;
  Client ada(fixture), alan(fixture, 1);
  ada.sign_in("9996620001", "22222");
  alan.sign_in("9996610003", "11111");
  auto pts = alan.pts();
  alan.updates();
  const auto to_alan = ada.peer("alan_turing");
  const auto to_ada = alan.peer("ada_lovelace");
  const auto id = std::to_string(number(ada.send(to_alan, "one")["id"]));
  ada.send(to_alan, "two");
  ada.call("{'_cons':'messages.editMessage','peer':" + to_alan + ",'id':" + id +
           ",'message':'uno'}");
  ada.call("{'_cons':'messages.setTyping','peer':" + to_alan +
           ",'action':{'_cons':'sendMessageTypingAction'}}");
  ada.call("{'_cons':'messages.deleteMessages','revoke':true,'id':[" + id + "]}");
  alan.call("{'_cons':'messages.readHistory','peer':" + to_ada + ",'max_id':0}");
  Client second(fixture, 1, alan.address().key);
  CHECK(second.call("{'_cons':'updates.getState'}")["pts"].as_int64() == pts + 5);
  for (const auto& update : alan.updates()) {
    if (update["pts"].is_null()) continue;
    CHECK(number(update["pts"]) == pts + number(update["pts_count"]));
    pts = number(update["pts"]);
  }
  CHECK(pts + 1 == alan.pts());  // its own reading is in its answer
}

TEST_CASE("the difference says what was pushed") {
  Fixture fixture;
  Client ada(fixture), awake(fixture, 1), asleep(fixture, 1);
  ada.sign_in("9996620001", "22222");
  awake.sign_in("9996610003", "11111");
  asleep.sign_in("9996610003", "11111");
  awake.updates();
  const auto pts = asleep.pts();
  const auto to_alan = ada.peer("alan_turing");
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(std::to_string(number(ada.send(to_alan, "m" + std::to_string(i))["id"])));
  }
  ada.call("{'_cons':'messages.editMessage','peer':" + to_alan + ",'id':" + ids[1] +
           ",'message':'edited'}");
  std::string pushed_new, pushed_other;
  for (const auto& update : awake.updates()) {
    if (update.constructor() == "updateNewMessage") {
      pushed_new += std::to_string(number(update["message"]["id"])) + ",";
    } else {
      pushed_other += json(update);
    }
  }
  const auto missed = asleep.call(difference(pts));
  CHECK(missed.constructor() == "updates.difference");
  std::string got_new, got_other;
  for (const auto& message : missed["new_messages"].items()) {
    got_new += std::to_string(number(message["id"])) + ",";
  }
  for (const auto& update : missed["other_updates"].items()) got_other += json(update);
  CHECK(got_new == pushed_new);
  CHECK(got_other == pushed_other);
  CHECK(number(missed["state"]["pts"]) == asleep.pts());
  CHECK(asleep.call(difference(asleep.pts())).constructor() == "updates.differenceEmpty");
}

TEST_CASE("a long difference comes in slices that join") {
  Fixture fixture;
  Client ada(fixture), alan(fixture, 1);
  ada.sign_in("9996620001", "22222");
  alan.sign_in("9996610003", "11111");
  auto pts = alan.pts();
  const auto to_alan = ada.peer("alan_turing");
  for (int i = 0; i < 7; ++i) ada.send(to_alan, "m" + std::to_string(i));
  std::string all;
  int slices = 0;
  while (true) {
    const auto part = alan.call(difference(pts, ",'pts_limit':3"));
    for (const auto& message : part["new_messages"].items()) all += message["message"].text();
    if (part.constructor() == "updates.difference") break;
    REQUIRE(part.constructor() == "updates.differenceSlice");
    pts = number(part["intermediate_state"]["pts"]);
    ++slices;
  }
  CHECK(all == "m0m1m2m3m4m5m6");
  CHECK(slices == 2);
}

TEST_CASE("a pts that can't be is refused, one too long ago says so") {
  Fixture fixture;
  Client alan(fixture, 1);
  alan.sign_in("9996610003", "11111");
  CHECK(alan.refused(difference(0)) == "400 PERSISTENT_TIMESTAMP_EMPTY");
  CHECK(alan.refused(difference(-5)) == "400 PERSISTENT_TIMESTAMP_INVALID");
  CHECK(alan.refused(difference(1'000'000)) == "400 PERSISTENT_TIMESTAMP_INVALID");
  const auto to_self = "{'_cons':'inputPeerSelf'}";
  for (int i = 0; i < 20; ++i) alan.send(to_self, "x");
  const auto far = alan.call(difference(1, ",'pts_total_limit':10"));
  CHECK(far.constructor() == "updates.differenceTooLong");
  CHECK(number(far["pts"]) == alan.pts());
}

TEST_CASE("a session that was away is told that it missed more than is kept for it") {
  Fixture fixture;
  Client ada(fixture);
  ada.sign_in("9996620001", "22222");
  mtproto::SessionAddress away;
  {
    Client alan(fixture, 1);
    alan.sign_in("9996610003", "11111");
    away = alan.address();
  }
  CHECK_FALSE(fixture.dispatcher.seen(away));
  const auto to_alan = ada.peer("alan_turing");
  // A few are kept for it by the protocol.
  for (int i = 0; i < Sessions::most_missed; ++i) ada.send(to_alan, "hello");
  CHECK_FALSE(fixture.dispatcher.seen(away));
  for (int i = 0; i < Sessions::most_missed + 1; ++i) ada.send(to_alan, "hello");
  const auto body = fixture.dispatcher.seen(away);
  REQUIRE(body);
  CHECK(tl::Reader(*body).peek() == 0xe317af7e);
  CHECK_FALSE(fixture.dispatcher.seen(away));
}

TEST_CASE("typing is told to the other side only") {
  Fixture fixture;
  Client ada(fixture), alan(fixture, 1);
  ada.sign_in("9996620001", "22222");
  alan.sign_in("9996610003", "11111");
  alan.updates();
  ada.call("{'_cons':'messages.setTyping','peer':" + ada.peer("alan_turing") +
           ",'action':{'_cons':'sendMessageUploadPhotoAction','progress':40}}");
  CHECK(ada.updates().empty());
  const auto heard = alan.updates();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0]["action"].constructor() == "sendMessageUploadPhotoAction");
  CHECK(number(heard[0]["action"]["progress"]) == 40);
  CHECK(number(heard[0]["user_id"]) == 1000101);
}
