#include "server/upstream/proxy/socks5.hpp"

#include <catch2/catch.hpp>

#include "server/upstream/proxy/proxy_errc.hpp"
#include "tests/support/hex.hpp"
#include "tests/support/print_result.hpp"

using namespace server::upstream;
using support::hex;
using support::unhex;

namespace {

const Address target{"149.154.167.51", 443};

// A dialogue that has come as far as `replies`, each of which is answered by what is given.
struct Talk {
  explicit Talk(Address to = target, std::string user = {}, std::string password = {})
      : socks(std::move(to), std::move(user), std::move(password)) {
    REQUIRE(socks.begin(said));
  }
  std::string first() { return hex(std::exchange(said, {})); }
  std::string answer(std::string_view reply) {
    tl::Bytes out;
    const auto open = socks.receive(unhex(reply), out);
    REQUIRE(open);
    CHECK_FALSE(*open);
    return hex(out);
  }
  bool opened(std::string_view reply) {
    tl::Bytes out;
    const auto open = socks.receive(unhex(reply), out);
    REQUIRE(open);
    return *open && out.empty();
  }
  boost::system::error_code error(std::string_view reply) {
    tl::Bytes out;
    return socks.receive(unhex(reply), out).error();
  }

  Socks5 socks;
  tl::Bytes said;
};

}  // namespace

TEST_CASE("SOCKS5 without a user asks for an IPv4 address") {
  Talk talk;
  CHECK(talk.first() == "050100");
  CHECK(talk.answer("0500") == "05010001959aa73301bb");
  CHECK(talk.opened("05000001000000000000"));
}

TEST_CASE("SOCKS5 asks for an IPv6 address") {
  Talk talk({"2001:67c:4e8:f002::a", 80});
  CHECK(talk.answer("0500") == "050100042001067c04e8f002000000000000000a0050");
  CHECK(
      talk.opened("0500000400000000000000000000000000000000"
                  "0000"));
}

TEST_CASE("SOCKS5 leaves a name to the proxy") {
  Talk talk({"dc.example.org", 443});
  CHECK(talk.answer("0500") == "050100030e" + hex(tl::as_bytes("dc.example.org")) + "01bb");
  CHECK(talk.opened("050000030361626304d2"));
}

TEST_CASE("SOCKS5 signs in with user and password") {
  Talk talk(target, "ada", "secret");
  CHECK(talk.first() == "05020002");
  CHECK(talk.answer("0502") ==
        "0103616461"
        "06736563726574");
  CHECK(talk.answer("0100") == "05010001959aa73301bb");
  CHECK(talk.opened("05000001000000000000"));
}

TEST_CASE("SOCKS5 keeps its user to itself where the proxy wants none") {
  Talk talk(target, "ada", "secret");
  CHECK(talk.answer("0500") == "05010001959aa73301bb");
}

TEST_CASE("SOCKS5 answers may come byte by byte") {
  Talk talk(target, "ada", "secret");
  CHECK(talk.answer("05").empty());
  CHECK_FALSE(talk.answer("02").empty());
  CHECK(talk.answer("01").empty());
  CHECK_FALSE(talk.answer("00").empty());
  for (const char* byte : {"05", "00", "00", "03", "01", "61", "00"})
    CHECK(talk.answer(byte).empty());
  CHECK(talk.opened("50"));
}

TEST_CASE("SOCKS5 says what a proxy refused") {
  CHECK(Talk().error("05ff") == proxy_errc::wants_password);
  CHECK(Talk(target, "ada", "x").error("05ff") == proxy_errc::unknown_ways);
  Talk talk(target, "ada", "x");
  talk.answer("0502");
  CHECK(talk.error("0101") == proxy_errc::wrong_password);
}

TEST_CASE("SOCKS5 says why a data centre is not reached") {
  const std::pair<const char*, proxy_errc> meanings[] = {{"0501", proxy_errc::general_failure},
                                                         {"0502", proxy_errc::not_allowed},
                                                         {"0503", proxy_errc::network_unreachable},
                                                         {"0504", proxy_errc::host_unreachable},
                                                         {"0505", proxy_errc::refused},
                                                         {"0506", proxy_errc::expired},
                                                         {"0507", proxy_errc::no_command},
                                                         {"0508", proxy_errc::no_address_type},
                                                         {"0509", proxy_errc::general_failure},
                                                         {"05ff", proxy_errc::general_failure}};
  for (const auto& [reply, meaning] : meanings) {
    Talk talk;
    talk.answer("0500");
    const auto error = talk.error(reply);
    CHECK(error == meaning);
    CHECK(is_about_target(error));
  }
  CHECK_FALSE(is_about_target(proxy_errc::wrong_password));
}

TEST_CASE("What does not speak SOCKS5 is recognised at its first byte") {
  CHECK(Talk().error("48") == proxy_errc::not_socks5);
  CHECK(Talk().error("0400") == proxy_errc::not_socks5);
  CHECK(Talk().error("0502") == proxy_errc::not_socks5);
  Talk talk;
  talk.answer("0500");
  CHECK(talk.error("00") == proxy_errc::not_socks5);
  Talk other;
  other.answer("0500");
  CHECK(other.error("0500000500") == proxy_errc::not_socks5);
}

TEST_CASE("A SOCKS5 proxy that goes on talking is refused") {
  CHECK(Talk().error("050005") == proxy_errc::chatter);
  Talk talk;
  talk.answer("0500");
  CHECK(talk.error("0500000100000000000000") == proxy_errc::chatter);
}

TEST_CASE("SOCKS5 does not begin with a name that it can't say") {
  tl::Bytes out;
  CHECK(Socks5({std::string(256, 'a'), 1}, "", "").begin(out).error() == proxy_errc::bad_target);
  CHECK(out.empty());
}
