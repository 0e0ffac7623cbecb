#include "server/connection/session_attribute.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <memory>
#include <string>

using server::SessionAttribute;
using server::account::SessionFormat;
using server::account::SessionLine;
using server::upstream::Telegram;

namespace {

constexpr mtproto::DcId usual_dc(2);

mtproto::AuthKey key(std::uint8_t of) {
  std::array<std::uint8_t, mtproto::AuthKey::size> bytes{};
  bytes.fill(of);
  return mtproto::AuthKey(bytes);
}

// A client whose session is in data centre 4, which is at a name; 2 is at an IP address.
server::ServerChoice choice(Telegram::Kind kind = Telegram::Kind::production) {
  auto telegram = std::make_shared<Telegram>();
  telegram->kind = kind;
  telegram->data_centres = {{2, {{"192.0.2.2"}}}, {4, {{"dc4.example"}}}};
  server::ServerChoice out;
  out.telegram = telegram;
  out.dc = mtproto::DcId(4);
  return out;
}

std::string path_of(const std::optional<server::Failure>& failure) {
  return failure ? failure->path : "";
}

}  // namespace

TEST_CASE("A session has to be of a data centre that there is", "[session]") {
  const auto server = choice();
  const SessionAttribute attribute(server, usual_dc);
  SessionLine line;
  line.auth_key = key(1);
  CHECK(path_of(attribute.check(line)).empty());
  line.dc = mtproto::DcId(5);
  CHECK(path_of(attribute.check(line)) == "/session/dc");
}

TEST_CASE("A session of the test environment is of use only there", "[session]") {
  SessionLine line;
  line.auth_key = key(1);
  for (const bool test : {false, true}) {
    line.test = test;
    const auto fits = choice(test ? Telegram::Kind::test : Telegram::Kind::production);
    const auto other = choice(test ? Telegram::Kind::production : Telegram::Kind::test);
    CHECK(path_of(SessionAttribute(fits, usual_dc).check(line)).empty());
    CHECK(path_of(SessionAttribute(other, usual_dc).check(line)) == "/session/string");
    const auto sandbox = choice(Telegram::Kind::sandbox);
    CHECK(path_of(SessionAttribute(sandbox, usual_dc).check(line)).empty());
  }
}

TEST_CASE("A format is checked against the data centre that the session will have", "[session]") {
  const auto server = choice();
  const SessionAttribute attribute(server, usual_dc);
  SessionLine line;
  line.as = SessionFormat::telethon;
  CHECK(path_of(attribute.check_format(line)) == "/session/as");  // a question: where it is now
  line.auth_key = key(1);
  CHECK(path_of(attribute.check_format(line)).empty());  // set: in the usual one
  line.dc = mtproto::DcId(4);
  CHECK(path_of(attribute.check_format(line)) == "/session/as");
  line.as = SessionFormat::gramjs;
  CHECK(path_of(attribute.check_format(line)).empty());
}

TEST_CASE("A line names the session that is used by key, number and data centre", "[session]") {
  const auto server = choice();
  const SessionAttribute attribute(server, usual_dc);
  mtproto::SessionState used;
  used.key = key(1);
  used.session = mtproto::SessionId(7);
  SessionLine line;
  line.auth_key = key(1);
  line.session_id = 7;
  line.dc = server.dc;
  CHECK(attribute.names(line, used));
  CHECK_FALSE(attribute.names(line, {}));
  auto other = line;
  other.auth_key = key(2);
  CHECK_FALSE(attribute.names(other, used));
  other = line;
  other.session_id = 8;
  CHECK_FALSE(attribute.names(other, used));
  other = line;
  other.dc.reset();
  CHECK_FALSE(attribute.names(other, used));
}

TEST_CASE("What a line leaves out is 0", "[session]") {
  SessionLine line;
  line.auth_key = key(1);
  const auto bare = SessionAttribute::state_of(line);
  CHECK(bare.key->id() == key(1).id());
  CHECK(bare.session.value() == 0);
  CHECK(bare.last_seqno == 0);
  CHECK(bare.server_salt == 0);
  line.session_id = 7;
  line.last_seqno = 8;
  line.server_salt = 9;
  const auto full = SessionAttribute::state_of(line);
  CHECK(full.session.value() == 7);
  CHECK(full.last_seqno == 8);
  CHECK(full.server_salt == 9);
}

TEST_CASE("A session is told back with its data centre, and as a string where that can hold it",
          "[session]") {
  const auto server = choice();
  const SessionAttribute attribute(server, usual_dc);
  mtproto::SessionState state;
  state.key = key(1);
  state.session = mtproto::SessionId(7);
  SessionLine about;
  about.user_id = 77;
  const auto write = [&](std::optional<SessionFormat> as) {
    return attribute.write(state, about, as, tl::Notation::classic);
  };
  const auto bare = write({});
  CHECK(bare.find(R"("session_id":7)") != std::string::npos);
  CHECK(bare.find(R"("dc":4)") != std::string::npos);
  CHECK(bare.find(R"("user_id":77)") != std::string::npos);
  CHECK(bare.find(R"("string")") == std::string::npos);
  CHECK(write(SessionFormat::gramjs).find(R"("string":"1)") != std::string::npos);
  CHECK(write(SessionFormat::telethon) == bare);
}
