// Frames between a session and a host, tampered with, under scripted time.
#include <catch2/catch.hpp>

#include <array>
#include <map>

#include "mtproto/session/session.hpp"
#include "server/sandbox/faults/bodies.hpp"
#include "server/sandbox/faults/plan_file.hpp"
#include "server/sandbox/faults/tamper.hpp"
#include "tests/support/rsa_keys.hpp"
#include "tests/support/scripted_random.hpp"
#include "tl/reader.hpp"
#include "tl/writer.hpp"

using namespace server::sandbox;
using std::chrono::milliseconds;

namespace {

constexpr std::uint32_t call_id = 0x0ca11ca1;

// A host that answers each call with its own body.
struct Wire {
  explicit Wire(std::string_view text, mtproto::ClientTransport speaks = {})
      : faults(*parse_plan(text), now),
        host(host_options(), ring, random),
        tamper(host, ring, faults, random),
        session(session_options(), state(), random) {
    ring.add(*session.state().key, 0x5a17, now);
    host.connect(now, wall);
    session.connect(mtproto::Transport::client(speaks, random), now, wall);
  }

  static mtproto::HostOptions host_options() {
    mtproto::HostOptions out;
    out.keys = {support::test_key()};
    return out;
  }
  static mtproto::SessionOptions session_options() {
    mtproto::SessionOptions out;
    out.keys = {support::test_key().public_key()};
    return out;
  }
  static mtproto::SessionState state() {
    mtproto::SessionState out;
    std::array<std::uint8_t, 256> key{};
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(i);
    out.key = mtproto::AuthKey(key);
    return out;
  }

  mtproto::RequestId send(std::uint32_t number) {
    tl::Bytes body;
    tl::Writer(body).nat(call_id).nat(number);
    const auto id = session.send(std::move(body), {}, now);
    carry();
    return id;
  }

  void look() {
    for (auto& event : host.take_events()) {
      if (const auto* call = std::get_if<mtproto::Request>(&event)) {
        ++carried_out[tl::Bytes(call->body)];
        host.answer(call->from, call->message, call->body, now);
      }
    }
  }
  void carry() {
    for (bool moved = true; moved;) {
      moved = false;
      tl::Bytes bytes;
      while (session.take_output(bytes)) {
        tamper.receive(bytes, now);
        moved = true;
      }
      look();
      while (tamper.take_output(bytes)) {
        session.receive(bytes, now);
        moved = true;
      }
    }
    for (auto& event : session.take_events()) {
      if (auto* answer = std::get_if<mtproto::Answer>(&event)) {
        ++answered[answer->request];
      } else if (const auto* over = std::get_if<mtproto::Failed>(&event)) {
        failed = over->why;
      }
    }
  }
  void pass(mtproto::Duration time) {
    now += time;
    tamper.tick(now);
    carry();
  }

  mtproto::Time now{std::chrono::hours(1)};
  mtproto::UnixTime wall{std::chrono::seconds(1'800'000'000)};
  support::ScriptedRandom random;
  mtproto::KeyRing ring;
  Faults faults;
  mtproto::Host host;
  Tamper tamper;
  mtproto::Session session;
  std::map<tl::Bytes, int> carried_out;
  std::map<mtproto::RequestId, int> answered;
  boost::system::error_code failed;
};

}  // namespace

TEST_CASE("without faults frames pass in every framing") {
  using mtproto::Framing;
  for (const auto framing :
       {Framing::abridged, Framing::intermediate, Framing::padded, Framing::full}) {
    for (const bool obfuscated : {false, true}) {
      Wire wire("{}", {framing, obfuscated});
      const auto first = wire.send(1);
      const auto second = wire.send(2);
      CHECK(wire.answered[first] == 1);
      CHECK(wire.answered[second] == 1);
      CHECK(wire.carried_out.size() == 2);
    }
  }
}

TEST_CASE("a key exchange passes through") {
  Wire wire("{}");
  support::ScriptedRandom random(3);
  mtproto::Session fresh(Wire::session_options(), {}, random);
  mtproto::Host host(Wire::host_options(), wire.ring, random);
  Tamper tamper(host, wire.ring, wire.faults, random);
  host.connect(wire.now, wire.wall);
  fresh.connect(mtproto::Transport::client({mtproto::Framing::padded}, random), wire.now,
                wire.wall);
  for (int i = 0; i < 100 && !fresh.ready(); ++i) {
    tl::Bytes bytes;
    while (fresh.take_output(bytes)) tamper.receive(bytes, wire.now);
    while (tamper.take_output(bytes)) fresh.receive(bytes, wire.now);
    for (auto& work : fresh.take_work()) {
      work->run();
      fresh.done(std::move(work), wire.now);
    }
    for (auto& work : tamper.take_work()) {
      work->run();
      tamper.done(std::move(work), wire.now);
    }
  }
  CHECK(fresh.ready());
}

TEST_CASE("a delayed frame goes when its time has come, and those behind it after it") {
  Wire wire(R"({"rates":{"delay":{"rate":1,"times":1,"ms":300}}})");
  const auto first = wire.send(1);
  const auto second = wire.send(2);
  CHECK(wire.tamper.deadline() == wire.now + milliseconds(300));
  wire.pass(milliseconds(299));
  CHECK(wire.answered.empty());
  wire.pass(milliseconds(1));
  CHECK(wire.answered[first] == 1);
  CHECK(wire.answered[second] == 1);
}

TEST_CASE("a dropped frame never arrives") {
  Wire wire("{}");
  wire.send(1);  // a session that stands: what came before its beginning is said again
  wire.faults.set(*parse_plan(R"({"rates":{"drop":{"rate":1,"times":1}}})"), wire.now);
  const auto lost = wire.send(2);
  const auto next = wire.send(3);
  wire.pass(std::chrono::seconds(1));
  CHECK(wire.answered[lost] == 0);
  CHECK(wire.answered[next] == 1);
  CHECK(wire.carried_out.size() == 2);
}

TEST_CASE("frames that come twice are carried out and answered once") {
  Wire wire(R"({"rates":{"duplicate":1}})");
  for (std::uint32_t i = 1; i <= 5; ++i) {
    const auto id = wire.send(i);
    CHECK(wire.answered[id] == 1);
  }
  for (const auto& [body, count] : wire.carried_out) CHECK(count == 1);
  CHECK_FALSE(wire.failed);
}

TEST_CASE("a frame that is put behind the next one does not wait longer than a moment") {
  Wire wire(R"({"rates":{"reorder":{"rate":1,"times":1}}})");
  const auto first = wire.send(1);
  CHECK(wire.answered[first] == 0);
  REQUIRE(wire.tamper.deadline());
  wire.pass(*wire.tamper.deadline() - wire.now);
  CHECK(wire.answered[first] == 1);
}

TEST_CASE("a cut frame ends the connection for whoever gets it") {
  Wire up(R"({"rates":{"truncate":{"rate":1,"times":1}}})");
  up.send(1);
  CHECK(up.carried_out.empty());
  CHECK(up.answered.empty());
}

TEST_CASE("a closed connection is over, with a deadline that says so") {
  Wire wire(R"({"rates":{"close":{"rate":1,"times":1}}})");
  wire.send(1);
  CHECK(wire.tamper.over());
  REQUIRE(wire.tamper.deadline());
  CHECK(*wire.tamper.deadline() <= wire.now);
  CHECK(wire.carried_out.empty());
}

TEST_CASE("on a half-open connection nothing travels any more") {
  Wire wire(R"({"rates":{"half_open":{"rate":1,"times":1}}})");
  wire.send(1);
  wire.send(2);
  wire.pass(std::chrono::seconds(5));
  CHECK(wire.answered.empty());
  CHECK(wire.carried_out.empty());
  CHECK_FALSE(wire.tamper.over());
}

TEST_CASE("a wrong salt or number is told to the client, which says it again once") {
  for (const auto* text : {R"({"rates":{"wrong_salt":{"rate":1,"times":2}}})",
                           R"({"rates":{"bad_seqno":{"rate":1,"times":2}}})"}) {
    Wire wire(text);
    const auto id = wire.send(1);
    CHECK(wire.answered[id] == 1);
    CHECK(wire.carried_out.size() == 1);
    for (const auto& [body, count] : wire.carried_out) CHECK(count == 1);
    CHECK_FALSE(wire.failed);
  }
}

TEST_CASE("a mark concerns the next frame alone") {
  Wire wire("{}");
  wire.send(1);
  FrameFate drop;
  drop.drop = true;
  wire.tamper.mark(drop, {});
  const auto lost = wire.send(2);
  const auto fine = wire.send(3);
  CHECK(wire.answered[lost] == 0);
  CHECK(wire.answered[fine] == 1);
}

TEST_CASE("a lost key is told in four bytes") {
  Wire wire("{}");
  wire.send(1);
  wire.tamper.refuse_key();
  wire.carry();
  CHECK(wire.failed == mtproto::errc::auth_key_not_found);
}

TEST_CASE("a gzip bomb is small and unpacks to more than a client takes") {
  CHECK(gzip_bomb().size() < (std::size_t{1} << 20));
  CHECK(&gzip_bomb() == &gzip_bomb());
}
