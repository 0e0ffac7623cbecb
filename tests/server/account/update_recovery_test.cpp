// Each update once and in order: the rules, with scripted time.
#include <catch2/catch.hpp>

#include "tests/server/account/update_dialogue.hpp"

using namespace support;
using namespace std::chrono_literals;
using Lines = UpdateDialogue::Lines;

namespace {

const std::string ask_ten = R"(ask {"_cons":"updates.getDifference","pts":10,"date":1,"qts":0})";
constexpr std::string_view nothing_new = R"({"_cons":"updates.differenceEmpty","date":1,"seq":0})";
constexpr std::string_view typing = R"({"_cons":"updateUserTyping","user_id":1})";

std::string state_at(int pts, int qts = 0, int seq = 0) {
  return R"({"_cons":"updates.state","pts":)" + std::to_string(pts) + R"(,"qts":)" +
         std::to_string(qts) + R"(,"date":1,"seq":)" + std::to_string(seq) +
         R"(,"unread_count":0})";
}

bool has(const Lines& lines, std::string_view part) {
  for (const auto& line : lines) {
    if (line.find(part) != line.npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("Updates that follow each other are delivered as they came, and counted") {
  UpdateDialogue world;
  CHECK(world.begin().empty());
  CHECK(world.push(updates(counted(11))) == Lines{"1 as it came"});
  CHECK(world.push(updates(counted(12) + "," + counted(14, 2))) == Lines{"2 as it came"});
  CHECK(world.push(updates(typing)) == Lines{"3 as it came"});
  CHECK(world.push(R"({"_cons":"updateShortMessage","id":3,"pts":15,"pts_count":1,"date":1})") ==
        Lines{"4 as it came"});
  CHECK(world.state() == R"({"pts":15,"qts":0,"date":1,"seq":0,"update_seq":4})");
}

TEST_CASE("A duplicate is dropped, alone and among others") {
  UpdateDialogue world;
  world.begin();
  world.push(updates(counted(11)));
  CHECK(world.push(updates(counted(11))).empty());
  CHECK(world.push(updates(counted(11) + "," + counted(12))) == Lines{"2 " + updates(counted(12))});
  CHECK(world.push(R"({"_cons":"updateShortMessage","id":3,"pts":12,"pts_count":1})").empty());
}

TEST_CASE("A gap that closes in time costs no call") {
  UpdateDialogue world;
  world.begin();
  CHECK(world.push(updates(counted(13))).empty());
  CHECK(world.push(updates(counted(12))).empty());
  CHECK(world.pass(400ms).empty());
  CHECK(world.push(updates(counted(11))) ==
        Lines{"1 as it came", "2 " + updates(counted(12)), "3 " + updates(counted(13))});
  CHECK(world.pass(5s).empty());
}

TEST_CASE("A gap that does not close is asked for after half a second") {
  UpdateDialogue world;
  world.begin();
  world.push(updates(counted(12)));
  REQUIRE(world.recovery.deadline());
  CHECK(*world.recovery.deadline() - world.now == 500ms);
  CHECK(world.pass(499ms).empty());
  CHECK(world.pass(1ms) == Lines{ask_ten});
  // What is pushed meanwhile waits for the answer.
  CHECK(world.push(updates(counted(13))).empty());
  const auto told = world.answer(difference(
      "difference", R"({"_cons":"message","id":11},{"_cons":"message","id":12})", "", 12));
  REQUIRE(told.size() == 2);
  CHECK(
      told[0] ==
      R"(1 {"_cons":"updates","updates":[)"
      R"({"_cons":"updateNewMessage","message":{"_cons":"message","id":11},"pts":12,"pts_count":0},)"
      R"({"_cons":"updateNewMessage","message":{"_cons":"message","id":12},"pts":12,"pts_count":0}],)"
      R"("users":[],"chats":[],"date":9,"seq":0})");
  CHECK(told[1] == "2 " + updates(counted(13)));
  CHECK(world.state() == R"({"pts":13,"qts":0,"date":9,"seq":0,"update_seq":2})");
}

TEST_CASE("A difference in slices is asked for until it is whole") {
  UpdateDialogue world;
  CHECK(world.connect() == Lines{ask_ten});
  const auto first =
      world.answer(difference("differenceSlice", R"({"_cons":"message","id":11})", "", 11));
  REQUIRE(first.size() == 2);
  CHECK(first[1] == R"(ask {"_cons":"updates.getDifference","pts":11,"date":9,"qts":0})");
  const auto second =
      world.answer(difference("difference", R"({"_cons":"message","id":12})", counted(13), 13));
  REQUIRE(second.size() == 1);
  CHECK(second[0].starts_with("2 "));
  CHECK(has(second, counted(13)));
  CHECK_FALSE(world.asks());
}

TEST_CASE("A slice that leads nowhere is not asked for in a loop") {
  UpdateDialogue world;
  world.connect();
  CHECK(world.answer(difference("differenceSlice", "", "", 10, 1)).empty());
  CHECK(world.pass(500ms).empty());
  CHECK(world.pass(600ms) == Lines{ask_ten});
}

TEST_CASE("A difference that is too long is told, and the rest asked for") {
  UpdateDialogue world;
  world.connect();
  CHECK(world.answer(R"({"_cons":"updates.differenceTooLong","pts":900})") ==
        Lines{R"(1 {"_cons":"updates.differenceTooLong","pts":900})"});
  CHECK(world.pass(1s) ==
        Lines{R"(ask {"_cons":"updates.getDifference","pts":900,"date":1,"qts":0})"});
}

TEST_CASE("Without a state it begins where Telegram is, and loses nothing that came meanwhile") {
  UpdateDialogue world("{}");
  CHECK(world.connect() == Lines{R"(ask {"_cons":"updates.getState"})"});
  CHECK(world.push(updates(counted(50))).empty());
  CHECK(world.push(updates(counted(51))).empty());
  CHECK(world.answer(state_at(50)) ==
        Lines{"1 " + updates(counted(50)), "2 " + updates(counted(51))});
  CHECK(world.state() == R"({"pts":51,"qts":0,"date":1,"seq":0,"update_seq":2})");
}

TEST_CASE("Containers in the order of seq: dropped twice, waited for, asked for") {
  UpdateDialogue world(R"({"pts":10,"qts":0,"date":1,"seq":4})");
  world.connect();
  world.answer(R"({"_cons":"updates.differenceEmpty","date":1,"seq":4})");
  CHECK(world.push(updates(typing, 5)) == Lines{"1 as it came"});
  CHECK(world.push(updates(typing, 5)).empty());
  SECTION("an update with a pts counts even where its container is a duplicate") {
    CHECK(world.push(updates(std::string(typing) + "," + counted(11), 5)) ==
          Lines{"2 " + updates(counted(11))});
  }
  SECTION("the missing one comes") {
    CHECK(world.push(updates(typing, 7)).empty());
    CHECK(world.push(updates(typing, 6)) == Lines{"2 as it came", "3 " + updates(typing)});
  }
  SECTION("or it does not") {
    CHECK(world.push(updates(typing, 7)).empty());
    CHECK(has(world.pass(500ms), "updates.getDifference"));
  }
  SECTION("combined") {
    CHECK(world.push(R"({"_cons":"updatesCombined","updates":[)" + std::string(typing) +
                     R"(],"users":[],"chats":[],"date":8,"seq_start":6,"seq":9})") ==
          Lines{"2 as it came"});
    CHECK(world.state() == R"({"pts":10,"qts":0,"date":8,"seq":9,"update_seq":2})");
  }
}

TEST_CASE("qts counts like pts, one by one") {
  UpdateDialogue world(R"({"pts":10,"qts":3,"date":1,"seq":0})");
  world.begin();
  const auto secret = [](int qts) {
    return R"({"_cons":"updateNewEncryptedMessage","message":{"_cons":"x"},"qts":)" +
           std::to_string(qts) + "}";
  };
  CHECK(world.push(updates(secret(5))).empty());
  CHECK(world.push(updates(secret(4))) == Lines{"1 as it came", "2 " + updates(secret(5))});
  CHECK(world.push(updates(secret(4))).empty());
}

TEST_CASE("What was missed while there was no connection is asked for at once") {
  UpdateDialogue world;
  world.begin();
  world.recovery.disconnected();
  CHECK_FALSE(world.recovery.deadline());
  CHECK(world.connect() == Lines{ask_ten});
  // Once more while that is on its way: the session itself sends it again.
  world.recovery.disconnected();
  CHECK(world.connect().empty());
  world.answer(nothing_new);
  world.recovery.renewed(world.now);
  CHECK(world.tell() == Lines{ask_ten});
  world.recovery.dropped();
  CHECK(world.connect() == Lines{ask_ten});
}

TEST_CASE("Fifteen minutes of silence, and updatesTooLong, are a reason to ask") {
  UpdateDialogue world;
  world.begin();
  CHECK(world.pass(14min).empty());
  CHECK(world.pass(1min) == Lines{ask_ten});
  world.answer(nothing_new);
  CHECK(world.push(R"({"_cons":"updatesTooLong"})") == Lines{ask_ten});
}

TEST_CASE("A call that fails is made again, with growing pauses") {
  UpdateDialogue world;
  world.connect();
  CHECK(world.refuse(500, "PERSISTENT_TIMESTAMP_OUTDATED").empty());
  CHECK(world.pass(900ms).empty());
  CHECK(world.pass(100ms) == Lines{ask_ten});
  CHECK(world.pass(60s) == Lines{"forget"});
  CHECK(world.pass(1900ms).empty());
  CHECK(world.pass(100ms) == Lines{ask_ten});
  CHECK(world.refuse(420, "FLOOD_WAIT_30").empty());
  CHECK(world.pass(29s).empty());
  CHECK(world.pass(1s) == Lines{ask_ten});
}

TEST_CASE("A state that Telegram does not take is begun anew, and the client is told") {
  UpdateDialogue world;
  world.connect();
  CHECK(world.refuse(400, "PERSISTENT_TIMESTAMP_INVALID").empty());
  CHECK(world.pass(1s) == Lines{R"(ask {"_cons":"updates.getState"})"});
  CHECK(world.answer(state_at(4)) == Lines{R"(1 {"_cons":"updates.differenceTooLong","pts":4})"});
  CHECK(world.push(updates(counted(5))) == Lines{"2 as it came"});
}

TEST_CASE("While nobody is signed in nothing is asked") {
  UpdateDialogue world("{}");
  world.connect();
  CHECK(world.refuse(401, "AUTH_KEY_UNREGISTERED").empty());
  CHECK(world.pass(1h).empty());
  CHECK_FALSE(world.recovery.deadline());
  SECTION("until somebody is") {
    world.recovery.signed_in(world.now);
    CHECK(world.tell() == Lines{R"(ask {"_cons":"updates.getState"})"});
  }
  SECTION("or an update says so") {
    CHECK(world.push(updates(counted(5))) == Lines{R"(ask {"_cons":"updates.getState"})"});
    CHECK(world.answer(state_at(5)) == Lines{"1 " + updates(counted(5))});
  }
}

TEST_CASE("What an answer told the client is not told again") {
  UpdateDialogue world;
  world.begin();
  SECTION("in its turn") {
    CHECK(world.client_answered(updates(counted(11))).empty());
    CHECK(world.client_answered(R"({"_cons":"messages.affectedMessages","pts":13,"pts_count":2})")
              .empty());
    CHECK(world
              .client_answered(
                  R"({"_cons":"updateShortSentMessage","id":9,"pts":14,"pts_count":1,"date":1})")
              .empty());
    CHECK(world.push(updates(counted(15))) == Lines{"1 as it came"});
  }
  SECTION("before what is missing") {
    CHECK(world.client_answered(updates(counted(12))).empty());
    CHECK(world.push(updates(counted(13))).empty());
    CHECK(world.push(updates(counted(11))) == Lines{"1 as it came", "2 " + updates(counted(13))});
  }
  SECTION("nor by the difference that fills the gap") {
    world.client_answered(updates(counted(12)));
    CHECK(world.pass(500ms) == Lines{ask_ten});
    const auto told = world.answer(difference(
        "difference", R"({"_cons":"message","id":11},{"_cons":"message","id":12})", "", 12));
    REQUIRE(told.size() == 1);
    CHECK(has(told, R"("id":11})"));
    CHECK_FALSE(has(told, R"("id":12})"));
  }
}

TEST_CASE("A channel has its own pts, and its gaps are its own") {
  UpdateDialogue world;
  world.begin();
  CHECK(world.push(updates(of_channel(31), 0, channel_five)) == Lines{"1 as it came"});
  CHECK(world.push(updates(of_channel(31))).empty());
  CHECK(world.push(updates(of_channel(33))).empty());
  CHECK(world.push(updates(counted(11))) == Lines{"2 as it came"});
  CHECK(world.state() ==
        R"({"pts":11,"qts":0,"date":1,"seq":0,"update_seq":2,"channels":[["5",31,"55"]]})");
  SECTION("that close in time") {
    CHECK(world.push(updates(of_channel(32))) ==
          Lines{"3 as it came", "4 " + updates(of_channel(33))});
  }
  SECTION("or are asked for") {
    CHECK(
        world.pass(500ms) ==
        Lines{R"(ask {"_cons":"updates.getChannelDifference","channel":{"_cons":"inputChannel",)"
              R"("channel_id":5,"access_hash":55},"filter":{"_cons":"channelMessagesFilterEmpty"},)"
              R"("pts":31,"limit":100})"});
    const auto part = world.answer(channel_difference(R"({"_cons":"message","id":32})", 32, false));
    REQUIRE(part.size() == 3);
    CHECK(has(part, R"("_cons":"updateNewChannelMessage","message":{"_cons":"message","id":32})"));
    CHECK(part[2].starts_with(R"(ask {"_cons":"updates.getChannelDifference")"));
    CHECK(has(part, "4 " + updates(of_channel(33))));
  }
  SECTION("or too long") {
    world.pass(500ms);
    const std::string too_long =
        R"({"_cons":"updates.channelDifferenceTooLong","final":true,"dialog":{"_cons":"dialog",)"
        R"("peer":{"_cons":"peerChannel","channel_id":5},"pts":90},"messages":[],"chats":[],"users":[]})";
    CHECK(world.answer(too_long) == Lines{"3 " + too_long});
    CHECK(world.push(updates(of_channel(91))) == Lines{"4 as it came"});
  }
  SECTION("or can't be had any more") {
    world.pass(500ms);
    const auto told = world.refuse(400, "CHANNEL_PRIVATE");
    REQUIRE(told.size() == 2);
    CHECK(has(told, R"({"_cons":"updateChannelTooLong","channel_id":5})"));
    CHECK(told[1] == "4 " + updates(of_channel(33)));
  }
  SECTION("and Telegram says where there is more than it tells") {
    CHECK(has(world.push(updates(R"({"_cons":"updateChannelTooLong","channel_id":5,"pts":99})")),
              "ask "));
  }
  SECTION("and answers to calls move them") {
    CHECK(world.client_answered(R"({"_cons":"messages.affectedMessages","pts":32,"pts_count":1})",
                                5) == Lines{"3 " + updates(of_channel(33))});
  }
}

TEST_CASE("A channel that can't be asked about is told of, and its updates go on") {
  UpdateDialogue world;
  world.begin();
  world.push(
      updates(of_channel(31), 0, R"({"_cons":"channel","min":true,"id":5,"access_hash":1})"));
  CHECK(world.push(updates(of_channel(35))).empty());
  const auto told = world.pass(500ms);
  REQUIRE(told.size() == 2);
  CHECK(has(told, R"({"_cons":"updateChannelTooLong","channel_id":5})"));
  CHECK(told[1] == "3 " + updates(of_channel(35)));
  CHECK(world.push(updates(of_channel(36))) == Lines{"4 as it came"});
  CHECK_FALSE(world.asks());
}

TEST_CASE("A state goes round, and what comes after it goes on") {
  UpdateDialogue one;
  one.begin();
  one.push(updates(of_channel(31), 0, channel_five));
  one.push(updates(counted(11)));
  one.push(updates(counted(13)));  // not delivered: not in the state
  const auto state = one.state();
  UpdateDialogue two(state);
  CHECK(two.state() == state);
  CHECK(two.connect() ==
        Lines{R"(ask {"_cons":"updates.getDifference","pts":11,"date":1,"qts":0})"});
  const auto told =
      two.answer(difference("difference", R"({"_cons":"message","id":12})",
                            R"({"_cons":"updateChannelTooLong","channel_id":5})", 13));
  REQUIRE(told.size() == 2);
  CHECK(told[0].starts_with("3 "));
  CHECK(told[1].starts_with(R"(ask {"_cons":"updates.getChannelDifference")"));
}

TEST_CASE("A state that is none is not believed") {
  using server::account::read_update_state;
  for (const auto* bad :
       {"", "7", "[1]", R"({"pts":-1})", R"({"pts":0})", R"({"pts":"x"})", R"({"pts":5,"qts":-1})",
        R"({"pts":99999999999})", R"({"update_seq":-4})"}) {
    CAPTURE(bad);
    CHECK_FALSE(read_update_state(bad));
  }
  const auto odd = read_update_state(R"({"pts":5,"channels":[1,[],["7",0],["8",3],["-1",3]]})");
  REQUIRE(odd);
  CHECK(odd->channels.size() == 1);
}

TEST_CASE("What no sound server says moves no counter and is not lost") {
  UpdateDialogue world;
  world.begin();
  const auto before = world.recovery.state();
  for (const auto& bad :
       {counted(-5), counted(0), counted(5, -1), counted(3, 9),
        std::string(R"({"_cons":"updateNewMessage","pts":9999999999,"pts_count":1})"),
        std::string(
            R"({"_cons":"updateDeleteChannelMessages","channel_id":0,"pts":4,"pts_count":1})")}) {
    CAPTURE(bad);
    CHECK(world.push(updates(bad)).size() == 1);
    const auto after = world.recovery.state();
    CHECK(after.pts == before.pts);
    CHECK(after.channels.empty());
  }
  CHECK(world.push(updates(counted(10, 0))).size() == 1);  // pts_count 0 moves nothing
  CHECK(world.recovery.state().pts == 10);
}

TEST_CASE("A jump that the difference knows nothing of ends after a few questions") {
  UpdateDialogue world;
  world.begin();
  world.push(updates(counted(2'000'000'000)));
  unsigned asked = 0;
  for (int i = 0; i < 100; ++i) {
    if (!has(world.pass(1s), "ask")) continue;
    ++asked;
    world.answer(nothing_new);
  }
  CHECK(asked == 3);
  CHECK(world.recovery.held_bytes() == 0);
  CHECK(world.push(updates(counted(11))).size() == 1);
}

TEST_CASE("What waits is bounded: then Telegram is asked at once") {
  UpdateDialogue world;
  world.begin();
  Lines told;
  for (int pts = 12; told.empty() && pts < 5000; ++pts) told = world.push(updates(counted(pts)));
  CHECK(told == Lines{ask_ten});
  CHECK(world.recovery.held_bytes() == 0);
}

TEST_CASE("Of too many channels the one heard of longest ago is forgotten") {
  UpdateDialogue world;
  world.begin();
  for (int id = 1; id <= 10'002; ++id) world.push(updates(of_channel(31, id)));
  const auto channels = world.recovery.state().channels;
  CHECK(channels.size() == 10'000);
  CHECK(std::none_of(channels.begin(), channels.end(), [](auto& one) { return one.id < 3; }));
}

TEST_CASE("What the scheme can't read is delivered as it came") {
  UpdateDialogue world;
  world.begin();
  world.recovery.unreadable(world.now);
  CHECK(world.tell() == Lines{"1 as it came", ask_ten});
}

TEST_CASE("Nothing is late while the client does not read") {
  UpdateDialogue world;
  world.connect();
  world.recovery.pause(true, world.now);
  CHECK_FALSE(world.recovery.deadline());
  CHECK(world.pass(10min).empty());
  world.recovery.pause(false, world.now);
  CHECK(world.pass(59s).empty());
  CHECK(world.pass(1s) == Lines{"forget"});
}
