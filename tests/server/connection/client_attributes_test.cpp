// What a client sets, and which account follows from it.
#include "server/connection/client_attributes.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "tests/server/connection/client_half.hpp"
#include "tl/writer.hpp"

using namespace support;
using namespace std::chrono_literals;
using Changes = std::vector<bool>;

namespace {

std::string key_text(char fill) { return std::string(342, fill) + "=="; }

std::string session(char fill, std::string_view more = "") {
  return R"({"session":{"auth_key":")" + key_text(fill) + "\"" + std::string(more) + "}}";
}

// Another client of the same thread, that shares accounts.
struct Guest final : server::account::AccountUser, server::ClientAttributes::User {
  explicit Guest(ScriptedThread& thread)
      : thread_(thread),
        attributes(thread.limits(true), thread.options(true), thread.server(), thread.accounts,
                   *this, *this) {}
  ~Guest() override { attributes.close(); }

  void set(std::string_view json) {
    server::RequestQueue queue(thread_.memory);
    auto object = read_object(thread_.memory, json);
    auto& request = queue.add(std::get<server::Incoming>(std::move(object)), 10s, {});
    auto plan = attributes.read(request);
    REQUIRE(plan.has_value());
    attributes.apply(std::move(*plan), {});
  }

  void on_dc(const server::account::DcChange&, mtproto::Time) override {}
  bool claims(tl::ByteView) const override { return false; }
  void on_pushed(tl::Slice, mtproto::Time) override {}
  void on_update(std::int64_t, tl::ByteView, mtproto::Time) override {}
  void on_updates_due() override {}
  void on_key_gone(const std::string&, mtproto::Time) override {}
  void on_account_leaving(const char*, mtproto::Time) override {}
  void on_account_changed(bool, mtproto::Time) override {}

 private:
  ScriptedThread& thread_;

 public:
  server::ClientAttributes attributes;
};

// Something is said at home.
void speak(ClientHalf& half) {
  struct Nobody final : server::account::Caller {
    void on_outcome(std::uint64_t, server::account::CallOutcome, mtproto::Time) override {}
  };
  static Nobody nobody;
  std::optional<server::account::CallId> id;
  half.attributes.account().calls().call(server::account::home_dc,
                                         half.telegram.encoded(R"({"_cons":"help.getNearestDc"})"),
                                         {}, nobody, 1, {}, id);
  half.turn();
}

}  // namespace

TEST_CASE("Reading attributes applies none of them", "[attributes]") {
  ClientHalf half;
  auto& request = half.arrive(R"({"options":{"json":"plain"},"server":{"dc":3},"session":{"dc":1,)"
                              R"("auth_key":")" +
                              key_text('B') + "\"}}");
  const auto plan = half.attributes.read(request);
  REQUIRE(plan.has_value());
  CHECK(plan->options->json == tl::Notation::plain);
  CHECK(plan->server->dc == mtproto::DcId(3));
  CHECK(plan->session);
  CHECK(half.attributes.options().json == tl::Notation::classic);
  CHECK(half.attributes.server().dc == mtproto::DcId(2));
  CHECK(half.left.empty());
}

TEST_CASE("An object of which one attribute is refused is refused as a whole", "[attributes]") {
  ClientHalf half;
  CHECK(half.set(R"({"options":{"json":"plain"},"server":{"dc":9}})") == "/server/dc");
  CHECK(half.set(R"({"options":{"json":"plain"},"session":{"auth_key":"AAAA"}})") ==
        "/session/auth_key");
  CHECK(half.set(R"({"options":{"json":"plain","layer":7}})") == "/options/layer");
  CHECK(half.set(R"({"options":{"json":"plain"},"dc":9,"message":{"_cons":"test.act","n":1}})") ==
        "/dc");
  CHECK(half.attributes.options().json == tl::Notation::classic);
  CHECK(half.attributes.server().dc == mtproto::DcId(2));
  CHECK(half.changed.empty());
}

TEST_CASE("A data centre that a message is to go to must be one of the server that is set with it",
          "[attributes]") {
  ClientHalf half;
  constexpr std::string_view there = R"("dc":9,"message":{"_cons":"test.act","n":1})";
  auto& unknown = half.arrive("{" + std::string(there) + "}");
  const auto refused = half.attributes.read(unknown);
  REQUIRE_FALSE(refused.has_value());
  CHECK(has(refused.error().text, "no data centre 9 here; known are 1, 2, 3"));
  auto& custom =
      half.arrive(R"({"server":{"host":"127.0.0.1","port":1},)" + std::string(there) + "}");
  CHECK(half.attributes.read(custom).has_value());
}

TEST_CASE("The same Telegram by another way keeps the key, another data centre does not",
          "[attributes]") {
  ClientHalf half;
  speak(half);
  REQUIRE(half.attributes.account().session().key);
  const auto id = half.attributes.account().session().key->id();
  CHECK(half.set(R"({"server":{"transport":"padded"}})").empty());
  CHECK(half.changed == Changes{false});
  REQUIRE(half.attributes.account().session().key);
  CHECK(half.attributes.account().session().key->id() == id);
  CHECK(half.set(R"({"server":{"dc":3}})").empty());
  CHECK(half.changed == Changes{false, true});
  CHECK_FALSE(half.attributes.account().session().key);
  CHECK(half.left == std::vector<std::string>{"the server was set", "the server was set"});
}

TEST_CASE("Asking for attributes changes nothing", "[attributes]") {
  ClientHalf half;
  CHECK(half.set(R"({"server":{},"options":{},"session":{}})").empty());
  CHECK(half.left.empty());
  CHECK(half.changed.empty());
}

TEST_CASE("options.pfs goes on with the same key in another connection", "[attributes]") {
  ClientHalf half;
  speak(half);
  const auto id = half.attributes.account().session().key->id();
  CHECK(half.set(R"({"options":{"pfs":true}})").empty());
  CHECK(half.left == std::vector<std::string>{"options.pfs was set"});
  CHECK(half.changed == Changes{false});
  CHECK(half.attributes.account().session().key->id() == id);
  CHECK(half.attributes.account().settings().pfs);
  CHECK(half.set(R"({"options":{"pfs":true}})").empty());
  CHECK(half.left.size() == 1);
}

TEST_CASE("Another identity is said with the next message, in the same connection",
          "[attributes]") {
  ClientHalf half(nearest);
  speak(half);
  speak(half);
  CHECK_FALSE(has(half.telegram.asked.back().whole, "initConnection"));
  CHECK(half.set(R"({"options":{"device_model":"toaster"}})").empty());
  CHECK(half.left.empty());
  speak(half);
  CHECK(has(half.telegram.asked.back().whole, R"("device_model":"toaster")"));
  CHECK(half.telegram.dialled == 1);
}

TEST_CASE("A session is left for another, but not for itself", "[attributes]") {
  ClientHalf half;
  CHECK(half.set(session('A', R"(,"session_id":7,"last_seqno":1,"dc":3,"user_id":5)")).empty());
  CHECK(half.changed == Changes{true});
  CHECK(half.attributes.server().dc == mtproto::DcId(3));
  CHECK(half.attributes.account().user_id() == 5);
  CHECK(half.attributes.account().session().session == mtproto::SessionId(7));
  CHECK(half.set(session('A', R"(,"session_id":7,"last_seqno":1,"dc":3)")).empty());
  CHECK(half.changed.size() == 1);
  CHECK(half.set(session('B', R"(,"dc":3)")).empty());
  CHECK(half.changed == Changes{true, true});
  CHECK_FALSE(half.attributes.account().user_id());
}

TEST_CASE("A session brings its api_id", "[attributes]") {
  ClientHalf half;
  CHECK(half.attributes.identity().api_id == 1);  // of the sandbox
  CHECK(half.set(session('A', R"(,"api_id":12)")).empty());
  CHECK(half.attributes.identity().api_id == 12);
  CHECK(has(half.attributes.session_text(), R"("api_id":12)"));
}

TEST_CASE("A plan says whether there will be a key and whether the account is another",
          "[attributes]") {
  ClientHalf half;
  const auto plan = [&](std::string_view json) {
    auto read = half.attributes.read(half.arrive(json));
    REQUIRE(read.has_value());
    return std::move(*read);
  };
  CHECK_FALSE(half.attributes.has_key({}));
  CHECK(half.attributes.has_key(plan(session('A'))));
  CHECK(plan(session('A')).other_account);
  CHECK(half.set(session('A', R"(,"session_id":7,"last_seqno":1)")).empty());
  CHECK(half.attributes.has_key({}));
  CHECK_FALSE(plan(session('A', R"(,"session_id":7,"last_seqno":1)")).other_account);
  CHECK(plan(R"({"server":{"dc":3}})").other_account);
  CHECK_FALSE(plan(R"({"options":{"json":"plain"}})").other_account);
}

TEST_CASE("The layer is chosen before the first message, and not by leaving the account after it",
          "[attributes]") {
  ClientHalf half;
  CHECK(half.set(R"({"options":{"layer":50}})").empty());
  CHECK(half.attributes.scheme().layer == 50);
  CHECK(half.set(R"({"server":{"dc":3}})").empty());
  CHECK(half.set(R"({"options":{"layer":100}})").empty());
  speak(half);
  CHECK(half.set(R"({"options":{"layer":50}})") == "/options/layer");
  CHECK(half.set(R"({"server":{"dc":1}})").empty());
  CHECK(half.set(R"({"options":{"layer":50}})") == "/options/layer");
  CHECK(half.set(R"({"options":{"layer":100}})").empty());
}

TEST_CASE("Where updates are not wanted only a refusal of a message's number is heard",
          "[attributes]") {
  ClientHalf half;
  tl::Bytes update, refusal;
  tl::Writer(update).nat(0xe317af7e);
  tl::Writer(refusal).nat(0xa7eff811);
  CHECK(half.attributes.hears(update));
  CHECK(half.set(R"({"options":{"updates":false}})").empty());
  CHECK_FALSE(half.attributes.hears(update));
  CHECK(half.attributes.hears(refusal));
}

TEST_CASE("Only what is asked for is told, but the session with every step of sign-in",
          "[attributes]") {
  ClientHalf half;
  const auto texts = [&](std::string_view json) {
    return half.attributes.texts(half.arrive(json));
  };
  const auto none = texts(R"({"message":{"_cons":"test.act","n":1}})");
  CHECK(none.server + none.options + none.session == "");
  CHECK(has(texts(R"({"server":{}})").server, R"("dc":2)"));
  CHECK(has(texts(R"({"options":{}})").options, R"("json":"classic")"));
  CHECK_FALSE(texts(R"({"session":{}})").session.empty());
  CHECK_FALSE(texts(R"({"signin":{}})").session.empty());
}

TEST_CASE("Clients that name one key share an account, whatever they call themselves",
          "[attributes]") {
  ClientHalf half;
  Guest one(half), two(half);
  CHECK(&one.attributes.account() != &two.attributes.account());
  one.set(session('A'));
  two.set(session('A'));
  two.set(R"({"options":{"device_model":"toaster"}})");
  CHECK(half.set(session('A')).empty());
  CHECK(&one.attributes.account() == &two.attributes.account());
  CHECK(&one.attributes.account() == &half.attributes.account());
  CHECK(half.accounts.size() == 1);
}

TEST_CASE("While others use a key, it is not reached in another way", "[attributes]") {
  ClientHalf half;
  Guest guest(half);
  guest.set(session('A'));
  const auto refused = [&](std::string_view json, std::string_view path) {
    const auto plan = half.attributes.read(half.arrive(json));
    REQUIRE(plan.has_error());
    CHECK(plan.error().error == "SessionError");
    CHECK(plan.error().path == path);
  };
  CHECK(half.set(R"({"server":{"transport":"padded"}})").empty());
  refused(session('A'), "/session/auth_key");
  CHECK(half.set(R"({"server":{"transport":"intermediate"}})").empty());
  CHECK(half.set(session('A')).empty());
  refused(R"({"server":{"transport":"padded"}})", "/server");
  refused(R"({"options":{"pfs":true}})", "/options/pfs");
  guest.attributes.close();
  CHECK(half.set(R"({"options":{"pfs":true}})").empty());
}

TEST_CASE("A line that names another session of a shared key changes nothing", "[attributes]") {
  ClientHalf half;
  Guest guest(half);
  guest.set(session('A'));
  CHECK(half.set(session('A')).empty());
  half.changed.clear();
  CHECK(half.set(session('A', R"(,"session_id":77)")).empty());
  CHECK(half.changed.empty());
}

TEST_CASE("A move goes on in another data centre, under a key to be made there", "[attributes]") {
  ClientHalf half;
  speak(half);
  half.attributes.move(mtproto::DcId(3), "the test said so", half.start);
  CHECK(half.left == std::vector<std::string>{"the test said so"});
  CHECK(half.changed == Changes{true});
  CHECK(half.attributes.server().dc == mtproto::DcId(3));
  CHECK_FALSE(half.attributes.account().session().key);
  speak(half);
  CHECK(half.telegram.asked.back().dc == mtproto::DcId(3));
}
