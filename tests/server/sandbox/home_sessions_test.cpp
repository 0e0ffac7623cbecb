#include "server/sandbox/home_sessions.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace server::sandbox;
using mtproto::AuthKeyId;
using mtproto::SessionAddress;
using mtproto::SessionId;

namespace {

constexpr AuthKeyId key{7}, other_key{8};

struct Home {
  std::set<SessionAddress> connected;
  HomeSessions sessions{[this](const auto& session) { return connected.contains(session); }};

  // Session `n` of a key says something over a connection.
  bool spoke(std::uint64_t n, AuthKeyId owner = key) {
    const SessionAddress session{owner, SessionId(n)};
    connected.insert(session);
    return sessions.spoke(owner, session);
  }
  void hang_up(std::uint64_t n) { connected.erase({key, SessionId(n)}); }
};

}  // namespace

TEST_CASE("A key may go on in another session, and not in both in turn", "[home_sessions]") {
  Home home;
  CHECK(home.spoke(1));
  CHECK(home.spoke(1));
  CHECK(home.spoke(2));
  CHECK(home.spoke(2));
  CHECK_FALSE(home.spoke(1));
}

TEST_CASE("A session whose connection is gone stands in nobody's way", "[home_sessions]") {
  Home home;
  home.spoke(1);
  home.spoke(2);
  home.hang_up(2);
  CHECK(home.spoke(1));
  CHECK(home.spoke(3));
  home.hang_up(3);
  CHECK(home.spoke(3));
}

TEST_CASE("Every key has its own", "[home_sessions]") {
  Home home;
  CHECK(home.spoke(1));
  CHECK(home.spoke(2, other_key));
  CHECK(home.spoke(1));
  home.spoke(2);
  home.sessions.forget(key);
  CHECK(home.spoke(1));
}
