#include "server/store/answer_table.hpp"

#include "tests/server/store/store_fixture.hpp"

using namespace store_test;

namespace {

using Kind = KeyedCallState::Kind;
constexpr std::int64_t now = 1'700'000'000'000;
constexpr std::int64_t day = 24 * 3'600'000;
constexpr KeyedCallId call{"ada", "messages.sendMessage", "night"};
const tl::Bytes body(32, 1);
const tl::Bytes other_body(32, 2);

KeyedCallState begin(AnswerTable& answers, bool repeats = false, std::int64_t at = now,
                     const tl::Bytes& with = body, const KeyedCallId& what = call) {
  const auto state = answers.begin(what, with, repeats, at);
  REQUIRE(state);
  return *state;
}

}  // namespace

TEST_CASE("the first call with a key is carried out, and the next gets its answer") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = place.open();
  auto& answers = store->answers();
  const auto first = begin(answers);
  REQUIRE(first.kind == Kind::begun);
  REQUIRE(answers.finish(call, first.begun, {200, R"({"ok":true,"result":"ö"})"}));
  const auto again = begin(answers, true, now + day - 1);
  REQUIRE(again.kind == Kind::answered);
  CHECK(again.answer.status == 200);
  CHECK(again.answer.text == R"({"ok":true,"result":"ö"})");
}

TEST_CASE("a key is one account's and one method's") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = place.open();
  begin(store->answers());
  for (const KeyedCallId& other : {KeyedCallId{"bob", call.method, call.key},
                                   KeyedCallId{call.account, "messages.sendMedia", call.key},
                                   KeyedCallId{call.account, call.method, "Night"}}) {
    CHECK(begin(store->answers(), false, now, body, other).kind == Kind::begun);
  }
}

TEST_CASE("a key that comes with other arguments is told apart, answered or not") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = place.open();
  auto& answers = store->answers();
  const auto first = begin(answers);
  CHECK(begin(answers, true, now, other_body).kind == Kind::other_body);
  REQUIRE(answers.finish(call, first.begun, {200, "{}"}));
  CHECK(begin(answers, true, now, other_body).kind == Kind::other_body);
}

TEST_CASE("a call without an answer is open, and begun anew only where that does no harm") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = place.open();
  auto& answers = store->answers();
  const auto first = begin(answers);
  CHECK(begin(answers).kind == Kind::open);
  const auto again = begin(answers, true);
  REQUIRE(again.kind == Kind::begun);
  CHECK(again.begun != first.begun);
  // What the first run comes to is late.
  REQUIRE(answers.finish(call, first.begun, {200, "late"}));
  REQUIRE(answers.forget(call, first.begun));
  CHECK(begin(answers).kind == Kind::open);
  REQUIRE(answers.finish(call, again.begun, {200, "in time"}));
  CHECK(begin(answers).answer.text == "in time");
}

TEST_CASE("a call that is forgotten is the first again, and so is one of yesterday") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = place.open();
  auto& answers = store->answers();
  REQUIRE(answers.forget(call, begin(answers).begun));
  const auto second = begin(answers);
  REQUIRE(second.kind == Kind::begun);
  REQUIRE(answers.finish(call, second.begun, {200, "{}"}));
  CHECK(begin(answers, false, now + day, other_body).kind == Kind::begun);
}

TEST_CASE("answers of an account that is removed go with it, those of others stay") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = place.open();
  REQUIRE(store->accounts().add(account("ada"), 1));
  const KeyedCallId of_bob{"bob", call.method, call.key};
  begin(store->answers());
  begin(store->answers(), false, now, body, of_bob);
  REQUIRE(store->accounts().remove("ada"));
  CHECK(begin(store->answers()).kind == Kind::begun);
  CHECK(begin(store->answers(), false, now, body, of_bob).kind == Kind::open);
}

TEST_CASE("what is older than a day goes, and of each account what is too much") {
  const Place place(GENERATE(from_range(engines())));
  const auto store = place.open();
  auto& answers = store->answers();
  begin(answers);
  auto& database = store->database();
  REQUIRE(database.begin(Database::Mode::write));
  const auto text = [](std::string_view of) { return Parameter(of); };
  REQUIRE(database.run(
      "INSERT INTO answers(account, method, idempotency_key, body, begun, answer) "
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100010) "
      "SELECT 'bob', $1, CAST(i AS TEXT), $2, 1700000000000 + i, '' FROM n",
      std::vector<Parameter>{text(call.method), Parameter(tl::ByteView(body))}));
  REQUIRE(database.commit());
  REQUIRE(answers.prune(now + day));
  const auto left =
      database.run("SELECT account, count(*), min(begun) FROM answers GROUP BY account", {});
  REQUIRE(left);
  REQUIRE(left->rows.size() == 1);
  CHECK(left->rows[0][0].text() == "bob");
  CHECK(left->rows[0][1].number() == AnswerTable::most_per_account);
  CHECK(left->rows[0][2].number() == now + 11);
}
