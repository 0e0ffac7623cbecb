// Counters that fall: what comes after that is told, and the client learns of the hole.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/server/account/update_dialogue.hpp"

using namespace support;
using namespace std::chrono_literals;
using Lines = UpdateDialogue::Lines;

namespace {

constexpr std::string_view high =
    R"({"pts":3000000,"qts":3000000,"date":1,"seq":0,"channels":[["5",300000,"55"],["6",300000]]})";
constexpr std::string_view nothing_new = R"({"_cons":"updates.differenceEmpty","date":1,"seq":0})";
constexpr std::string_view pts_changed = R"({"_cons":"updatePtsChanged"})";
const std::string ask_state = R"(ask {"_cons":"updates.getState"})";
const std::string channel_hole = R"({"_cons":"updateChannelTooLong","channel_id":)";

std::string state_at(int pts, int qts = 0) {
  return R"({"_cons":"updates.state","pts":)" + std::to_string(pts) + R"(,"qts":)" +
         std::to_string(qts) + R"(,"date":1,"seq":0,"unread_count":0})";
}
std::string hole(int pts) {
  return R"({"_cons":"updates.differenceTooLong","pts":)" + std::to_string(pts) + "}";
}
std::string secret(int qts) {
  return R"({"_cons":"updateNewEncryptedMessage","message":{"_cons":"x"},"qts":)" +
         std::to_string(qts) + "}";
}
std::string channel_empty(int pts) {
  return R"({"_cons":"updates.channelDifferenceEmpty","final":true,"pts":)" + std::to_string(pts) +
         "}";
}
std::string channel_too_long(int pts) {
  return R"({"_cons":"updates.channelDifferenceTooLong","final":true,"dialog":{"_cons":"dialog",)"
         R"("peer":{"_cons":"peerChannel","channel_id":5},"pts":)" +
         std::to_string(pts) + R"(},"messages":[],"chats":[],"users":[]})";
}
bool has(const Lines& lines, std::string_view part) {
  return std::ranges::any_of(lines, [&](const auto& line) { return line.find(part) != line.npos; });
}

}  // namespace

TEST_CASE("After updatePtsChanged the state is fetched anew, and the hole is told") {
  UpdateDialogue world(high);
  world.begin();
  SECTION("what came beside it is told") {
    CHECK(world.push(updates(std::string(pts_changed) + "," + counted(3000001))) ==
          Lines{"1 " + updates(counted(3000001))});
  }
  SECTION("alone") { CHECK(world.push(updates(pts_changed)).empty()); }
  SECTION("short") {
    CHECK(world
              .push(R"({"_cons":"updateShort","update":)" + std::string(pts_changed) +
                    R"(,"date":1})")
              .empty());
  }
  SECTION("in an answer") { CHECK(world.client_answered(updates(pts_changed)).empty()); }
  CHECK(world.pass(1s) == Lines{ask_state});
  CHECK(has(world.answer(state_at(4)), hole(4)));
  CHECK(has(world.push(updates(counted(5))), "as it came"));
}

TEST_CASE("updatePtsChanged in a difference counts as well") {
  UpdateDialogue world(high);
  world.connect();
  CHECK(
      world.answer(difference("difference", R"({"_cons":"message","id":7})", pts_changed, 3000001))
          .size() == 1);
  CHECK(world.pass(1s) == Lines{ask_state});
  CHECK(world.answer(state_at(4)) == Lines{"2 " + hole(4)});
}

TEST_CASE("An answer about counters that hold no more is not waited for") {
  UpdateDialogue world(high);
  world.connect();
  CHECK(world.push(updates(pts_changed)) == Lines{"forget"});
  CHECK(world.push(updates(counted(5))).empty());
  CHECK(world.pass(1s) == Lines{ask_state});
  CHECK(world.answer(state_at(4)) == Lines{"1 " + hole(4), "2 " + updates(counted(5))});
}

TEST_CASE("Who asks where Telegram is for the first time learns of no hole from updatePtsChanged") {
  UpdateDialogue world("{}");
  world.connect();
  world.push(updates(pts_changed));
  CHECK(world.pass(1s) == Lines{ask_state});
  CHECK(world.answer(state_at(5)).empty());
}

TEST_CASE("A client that comes back while its state is fetched anew still learns of the hole") {
  UpdateDialogue one(high);
  one.begin();
  one.push(updates(pts_changed));
  UpdateDialogue two(one.state());
  CHECK(has(two.connect(), R"("pts":3000000)"));
  CHECK(two.answer(difference("difference", "", "", 7)) == Lines{"1 " + hole(7)});
}

TEST_CASE("A difference whose pts is far below is believed, and the hole told") {
  UpdateDialogue world(high);
  world.connect();
  SECTION("far") {
    CHECK(world.answer(difference("difference", "", "", 1999990)) == Lines{"1 " + hole(1999990)});
    CHECK(world.push(updates(counted(1999991))) == Lines{"2 as it came"});
  }
  SECTION("but not a little below") {
    CHECK(world.answer(difference("difference", "", "", 1999991)).empty());
    CHECK(world.push(updates(counted(1999992))).empty());
    CHECK(world.push(updates(counted(3000001))) == Lines{"1 as it came"});
  }
  SECTION("nor one that says nothing") {
    CHECK(world.answer(difference("difference", "", "", 0)).empty());
    CHECK(world.push(updates(counted(3000001))) == Lines{"1 as it came"});
  }
  SECTION("a slice: the rest is asked for from there, after a pause") {
    CHECK(world.answer(difference("differenceSlice", "", "", 7, 1)) == Lines{"1 " + hole(7)});
    CHECK(has(world.pass(1s), R"({"_cons":"updates.getDifference","pts":7,)"));
  }
  SECTION("one that is too long") {
    CHECK(world.answer(hole(2999999)) == Lines{"1 " + hole(2999999)});
    CHECK(has(world.pass(1s), R"({"_cons":"updates.getDifference","pts":2999999,)"));
  }
}

TEST_CASE("An update far below is a reason to begin anew") {
  UpdateDialogue world(high);
  SECTION("by its pts") {
    world.begin();
    CHECK(world.push(updates(counted(5))).empty());
    CHECK(world.pass(1s) == Lines{ask_state});
    CHECK(world.answer(state_at(4)) == Lines{"1 " + hole(4), "2 " + updates(counted(5))});
  }
  SECTION("by its qts") {
    world.begin();
    CHECK(world.push(updates(secret(5))).empty());
    CHECK(world.pass(1s) == Lines{ask_state});
    CHECK(world.answer(state_at(3000000, 4)) ==
          Lines{"1 " + hole(3000000), "2 " + updates(secret(5))});
  }
  SECTION("also while an answer is on its way that was made before") {
    world.connect();
    CHECK(world.push(updates(counted(5))) == Lines{"forget"});
    CHECK(world.pass(1s) == Lines{ask_state});
  }
  SECTION("and where the server does not stand by it, the counter is what the server says") {
    world.begin();
    world.push(updates(counted(5)));
    world.pass(1s);
    CHECK(world.answer(state_at(3000000)).empty());
    CHECK(world.pass(1s) == Lines{ask_state});  // once more, in case it was late
    CHECK(world.answer(state_at(3000000)) == Lines{"1 " + hole(3000000)});
    CHECK(world.push(updates(counted(3000001))) == Lines{"2 as it came"});
  }
}

TEST_CASE("The first qts is taken as it is") {
  UpdateDialogue world;
  SECTION("pushed") {
    world.begin();
    CHECK(world.push(updates(secret(700))) == Lines{"1 as it came"});
  }
  SECTION("among others") {
    world.begin();
    CHECK(world.push(updates(counted(10) + "," + secret(700))) ==
          Lines{"1 " + updates(secret(700))});
  }
  SECTION("while an answer is on its way") {
    world.connect();
    CHECK(world.push(updates(secret(700))).empty());
    CHECK(world.answer(nothing_new) == Lines{"1 " + updates(secret(700))});
  }
  CHECK(world.push(updates(secret(702))).empty());
  CHECK(world.push(updates(secret(701))).size() == 2);
}

TEST_CASE("The seq of an empty difference is taken, be it below") {
  UpdateDialogue world(R"({"pts":10,"qts":0,"date":1,"seq":40})");
  world.connect();
  world.answer(R"({"_cons":"updates.differenceEmpty","date":1,"seq":4})");
  CHECK(world.push(updates(R"({"_cons":"updateUserTyping","user_id":1})", 5)) ==
        Lines{"1 as it came"});
}

TEST_CASE("Where a channel's difference is too long, its dialog's pts is taken, be it below") {
  UpdateDialogue world(high);
  world.begin();
  world.push(updates(of_channel(300002)));
  world.pass(500ms);
  CHECK(world.answer(channel_too_long(299990)) == Lines{"1 " + channel_too_long(299990)});
  CHECK(world.push(updates(of_channel(299991))) == Lines{"2 as it came"});
}

TEST_CASE("A channel's counter that falls far is believed, and the hole told") {
  UpdateDialogue world(high);
  world.begin();
  SECTION("an update far below is a reason to ask") {
    CHECK(has(world.push(updates(of_channel(8))), R"("pts":300000,"limit")"));
    SECTION("and goes on from what an empty difference says") {
      const auto told = world.answer(channel_empty(7));
      REQUIRE(told.size() == 2);
      CHECK(has(told, channel_hole + "5}"));
      CHECK(told[1] == "2 " + updates(of_channel(8)));
    }
    SECTION("or any other") {
      CHECK(has(world.answer(channel_difference(R"({"_cons":"message","id":8})", 8)),
                channel_hole + "5}"));
      CHECK(has(world.push(updates(of_channel(9))), "as it came"));
    }
    SECTION("but not where the server does not stand by it") {
      CHECK(world.answer(channel_empty(300000)).empty());
      CHECK(has(world.pass(1s), R"("pts":300000,"limit")"));  // once more, in case it was late
      CHECK(world.answer(channel_empty(300000)).empty());
      CHECK(world.push(updates(of_channel(300001))) == Lines{"1 as it came"});
      CHECK(world.recovery.held_bytes() == 0);
    }
  }
  SECTION("where it can't be asked about, it goes on from there") {
    const auto told = world.push(updates(of_channel(8, 6)));
    REQUIRE(told.size() == 2);
    CHECK(has(told, channel_hole + "6}"));
    CHECK(told[1] == "2 " + updates(of_channel(8, 6)));
    CHECK(world.push(updates(of_channel(9, 6))) == Lines{"3 as it came"});
  }
  SECTION("by updateChannelTooLong, too") {
    CHECK(has(world.push(updates(channel_hole + R"(5,"pts":7})")), R"("pts":300000,"limit")"));
  }
  SECTION("a little below is a duplicate") {
    CHECK(world.push(updates(of_channel(200001))).empty());
    CHECK_FALSE(world.asks());
  }
}
