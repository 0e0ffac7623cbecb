// Accounts that are kept, for clients of one thread.
#include "server/named/named_accounts.hpp"

#include <catch2/catch.hpp>

#include "tests/server/connection/recording_sink.hpp"
#include "tests/server/named/kept.hpp"

using namespace support;
using namespace std::chrono_literals;
using named_test::Kept;

namespace {

constexpr std::string_view sign_in = R"({"id":1,"account":"ada","signin":{"qr":true}})";
constexpr std::string_view state = R"({"id":2,"account":"ada","signin":{}})";
constexpr std::string_view name = R"({"id":3,"account":"ada"})";

struct Person {
  explicit Person(Kept& in) : kept(in) {
    auto limits = kept.limits();
    limits.named = &kept.places;
    connection = std::make_shared<server::Connection>(kept.services(), std::move(limits),
                                                      kept.options(), kept.server(), mail, 1);
  }
  ~Person() { connection->close(); }

  void send(std::string_view json) {
    auto object = read_object(kept.memory, json);
    connection->receive(std::get<server::Incoming>(std::move(object)),
                        server::upstream::boot_time());
    kept.turn();
  }
  std::string ask(std::string_view json) {
    const auto n = mail.objects.size();
    send(json);
    kept.bench.settle();
    return mail.objects.size() > n ? mail.objects[n] : "";
  }
  void pass(mtproto::Duration time) {
    connection->tick(server::upstream::boot_time() + time);
    kept.turn();
  }

  Kept& kept;
  RecordingSink mail;
  std::shared_ptr<server::Connection> connection;
};

}  // namespace

TEST_CASE("who signs in to a name is told so once the store has it") {
  Kept kept;
  Person ada(kept);
  kept.bench.hold();
  ada.send(sign_in);
  kept.turn();
  CHECK(ada.mail.objects.empty());
  kept.bench.let_go();
  kept.bench.settle();
  REQUIRE(ada.mail.objects.size() == 1);
  CHECK(has(ada.mail.objects[0], R"("state":"done")"));
  CHECK(kept.row()->user_id == 7);
}

TEST_CASE("a failure to load an account is told, and the next client has it loaded anew") {
  Kept kept;
  auto damaged = named_test::stored("ada");
  damaged.auth_key = mtproto::SecretBytes(10);
  kept.put(damaged);
  Person ada(kept), eve(kept);
  kept.bench.hold();
  ada.send(name);
  eve.send(name);
  kept.bench.let_go();
  kept.bench.settle();
  REQUIRE(ada.mail.objects.size() == 1);
  REQUIRE(eve.mail.objects.size() == 1);
  CHECK(has(ada.mail.objects[0], R"("error":"StoreDamaged")"));
  CHECK(has(eve.mail.objects[0], R"("error":"StoreDamaged")"));
  CHECK(kept.all.size() == 0);
  REQUIRE(kept.bench.in_store(
      [](named_test::store::AccountStore& of) { return of.accounts().remove("ada"); }));
  kept.put(named_test::stored("ada"));
  CHECK(has(ada.ask(name), R"("state":"done")"));
}

TEST_CASE("a store that is away is told at once, and not asked again meanwhile") {
  Kept kept;
  Person ada(kept);
  kept.bench.lose();
  CHECK(has(ada.ask(name), R"("error":"StoreUnavailable")"));
  CHECK(kept.all.size() == 0);
}

TEST_CASE("a step whose answer the store takes late does not end another step") {
  Kept kept({.rpc_timeout = 5'000ms});
  Person ada(kept), eve(kept);
  ada.ask(state);
  eve.ask(state);
  kept.bench.hold();
  ada.send(sign_in);
  ada.pass(6s);  // too late for it
  REQUIRE(ada.mail.objects.size() == 2);
  CHECK(has(ada.mail.objects[1], R"("error":"StoreUnavailable")"));
  kept.silent = true;
  eve.send(R"({"id":9,"signin":{"qr":true}})");
  kept.bench.let_go();
  kept.bench.settle();
  // It waited until then, and everybody is signed in.
  REQUIRE(eve.mail.objects.size() == 2);
  CHECK(has(eve.mail.objects[1], R"("state":"done")"));
  CHECK(kept.row()->user_id == 7);
}

TEST_CASE("a step that is late lets those go on that waited for it") {
  Kept kept({.rpc_timeout = 5'000ms});
  Person ada(kept), eve(kept);
  ada.ask(state);
  eve.ask(state);
  kept.silent = true;
  ada.send(sign_in);
  eve.send(R"({"id":9,"signin":{}})");
  CHECK(eve.mail.objects.size() == 1);
  ada.pass(6s);
  CHECK(ada.mail.objects.size() == 2);
  REQUIRE(eve.mail.objects.size() == 2);
  CHECK(has(eve.mail.objects[1], R"("state":"start")"));
}

TEST_CASE("a step of a client that has gone lets those go on that waited for it") {
  Kept kept;
  Person eve(kept);
  {
    Person ada(kept);
    ada.ask(state);
    eve.ask(state);
    kept.silent = true;
    ada.send(sign_in);
    eve.send(R"({"id":9,"signin":{}})");
    CHECK(eve.mail.objects.size() == 1);
  }
  kept.turn();
  REQUIRE(eve.mail.objects.size() == 2);
  CHECK(has(eve.mail.objects[1], R"("state":"start")"));
}

TEST_CASE("a client may go while its sign-in is on its way into the store, and it is kept") {
  Kept kept;
  {
    Person ada(kept);
    kept.bench.settle();
    ada.ask(state);
    kept.bench.hold();
    ada.send(sign_in);
  }
  kept.bench.let_go();
  kept.bench.settle();
  CHECK(kept.row()->user_id == 7);
  Person eve(kept);
  CHECK(has(eve.ask(name), R"("state":"done")"));
}

TEST_CASE("a name that nobody signed in to costs nothing once its client has gone") {
  Kept kept;
  {
    Person ada(kept);
    CHECK(has(ada.ask(name), R"("error":"NoSuchAccount")"));
    CHECK(kept.all.size() == 0);
    CHECK(has(ada.ask(state), R"("state":"start")"));
    CHECK(kept.all.size() == 1);
  }
  kept.turn();
  CHECK(kept.all.size() == 0);
}

TEST_CASE("an account whose key is of no use is signed in to anew, and its log goes on") {
  Kept kept;
  kept.put(named_test::stored("ada"));
  Person ada(kept);
  REQUIRE(has(ada.ask(name), R"("state":"done")"));
  kept.telegram.close(0, true);
  kept.bench.settle();
  CHECK(has(ada.ask(state), R"("state":"start")"));
  CHECK(has(ada.ask(sign_in), R"("state":"done")"));
  CHECK(kept.row()->user_id == 7);
  Person eve(kept);
  CHECK(has(eve.ask(name), R"("state":"done")"));
}
