// Requests on their way to Telegram and back: sent once more where that helps, held back, given up.
#include "server/connection/request_sender.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <map>
#include <string>

#include "tests/server/connection/client_half.hpp"

using namespace support;
using namespace std::chrono_literals;
using server::ClientRequest;
using server::Failure;
using server::Outcome;
using State = ClientRequest::State;

namespace {

constexpr std::string_view reads = R"({"_cons":"help.getNearestDc"})";

// A sender, and what its requests came to by their number.
class Counter final : public ClientHalf,
                      private server::RequestSender::User,
                      private server::Deliveries::User {
 public:
  explicit Counter(ScriptedTelegram::Handler handler = silence) : ClientHalf(std::move(handler)) {}
  ~Counter() override {
    sender.close();
    deliveries->close();
  }

  // Sends it, to data centre `dc` if that is named. It may be over already, and gone.
  ClientRequest& send(std::string_view json) {
    auto& request = arrive(json);
    while (queue.next() != nullptr) continue;
    const server::RequestEncoder encoder(*schemes, attributes.options());
    const server::account::PeerNames nobody;
    auto prepared = encoder.prepare(encoder.encode(*request.request.message, nobody, random, {}));
    if (prepared.failure) throw std::runtime_error(prepared.failure->text);
    request.body = std::move(prepared.body);
    request.encoding = std::move(*prepared.encoding);
    request.send = std::move(prepared.send);
    const auto dc = request.request.dc;
    if (dc && *dc != attributes.server().dc) request.dc = *dc;
    sender.send(request, start);
    turn();
    return request;
  }
  // Telegram says no at that time, which only it knows.
  void refuse(std::uint64_t number, int code, std::string_view text, mtproto::Time at) {
    sender.on_outcome(number, telegram.encoded(rpc_error(code, text)), at);
    turn();
  }
  // Its time is up.
  void expire(std::uint64_t number, bool interrupted = false) {
    auto& request = *queue.find(number);
    sender.on_time(request, interrupted, request.deadline);
    turn();
  }
  void say(std::size_t n, std::string_view json) {
    REQUIRE(telegram.answer(n, json));
    turn();
  }
  const ScriptedTelegram::Asked& asked(std::size_t n) const { return telegram.asked.at(n); }
  std::size_t times() const { return telegram.asked.size(); }

  RecordingSink mail;
  server::ReplyWriter replies{queue, mail, memory, false};
  std::shared_ptr<server::Deliveries> deliveries = std::make_shared<server::Deliveries>(
      replies, attributes, memory, runner(), static_cast<server::Deliveries::User&>(*this));
  server::RequestSender sender{queue, attributes, *deliveries, counters, *this};
  std::map<std::uint64_t, std::string> over;  // the answer, or the name of the error
  std::map<std::uint64_t, Failure> failed;
  bool somebody = false;  // is signed in
  int signed_outs = 0;
  int dues = 0;

 private:
  void finish(ClientRequest& request, mtproto::Time now) {
    queue.erase(request);
    sender.send_waiting(now);
  }
  void on_request_over(ClientRequest& request, const Outcome& outcome, mtproto::Time now) override {
    auto& out = over[request.number];
    CHECK(out.empty());  // once
    out = outcome.message;
    while (outcome.parts != nullptr && outcome.parts->size() != 0) outcome.parts->next(out);
    if (!outcome.body.empty()) out = text(outcome.body);
    finish(request, now);
  }
  void on_request_failed(ClientRequest& request, Failure failure, mtproto::Time now) override {
    CHECK(over[request.number].empty());
    over[request.number] = failure.error;
    failed[request.number] = std::move(failure);
    finish(request, now);
  }
  void on_signed_out() override { ++signed_outs; }
  bool holds_home() const override { return somebody; }
  void on_due() override { ++dues; }
  void on_decoded(std::uint64_t number, tl::TextParts& text, const Failure*,
                  mtproto::Time) override {
    while (text.size() != 0) text.next(over[number]);
  }
  void on_kept_answer(std::uint64_t number, tl::Slice body, mtproto::Time now) override {
    sender.on_answer(number, std::move(body), now);
  }
  void on_undeliverable(const Failure&) override {}
  void on_dc(const server::account::DcChange& change, mtproto::Time) override {
    sender.on_dc(change);
  }
  void on_account_leaving(const char* why, mtproto::Time now) override {
    ClientHalf::on_account_leaving(why, now);
    sender.on_account_leaving(why, now);
  }
};

std::string ask(std::string_view message, std::string_view more = "") {
  return "{\"id\":1,\"message\":" + std::string(message) + std::string(more) + "}";
}

const std::string true_text = R"({"_cons":"boolTrue"})";

}  // namespace

// --- once more ---

TEST_CASE("After CONNECTION_NOT_INITED it is said once more who we are, but not twice",
          "[sender]") {
  Counter counter;
  counter.send(ask(reads));
  counter.say(0, nearest({}));
  auto& second = counter.send(ask(reads));
  CHECK_FALSE(has(counter.asked(1).whole, "initConnection"));
  const auto number = second.number;
  counter.say(1, rpc_error(400, "CONNECTION_NOT_INITED"));
  REQUIRE(counter.times() == 3);
  CHECK(has(counter.asked(2).whole, "initConnection"));
  CHECK_FALSE(counter.over.contains(number));
  counter.say(2, rpc_error(400, "CONNECTION_NOT_INITED"));
  CHECK(counter.times() == 3);
  CHECK(has(counter.over[number], "CONNECTION_NOT_INITED"));
}

TEST_CASE("A 401 elsewhere brings the authorization there once more, a second one is the answer",
          "[sender]") {
  Counter counter;
  counter.send(ask(reads));  // so that there is a key at home
  const auto number = counter.send(ask(reads, ",\"dc\":3")).number;
  REQUIRE(counter.times() == 2);
  CHECK(counter.asked(1).dc == mtproto::DcId(3));
  CHECK(counter.telegram.transfers == 1);
  counter.say(1, rpc_error(401, "AUTH_KEY_UNREGISTERED"));
  CHECK(counter.telegram.transfers == 2);
  REQUIRE(counter.times() == 3);
  CHECK(counter.asked(2).dc == mtproto::DcId(3));
  counter.say(2, rpc_error(401, "AUTH_KEY_UNREGISTERED"));
  CHECK(counter.times() == 3);
  CHECK(has(counter.over[number], "AUTH_KEY_UNREGISTERED"));
  CHECK(counter.signed_outs == 0);
}

TEST_CASE("A 401 at home is the answer and says that nobody is signed in", "[sender]") {
  Counter counter;
  const auto number = counter.send(ask(reads)).number;
  counter.say(0, rpc_error(401, "AUTH_KEY_UNREGISTERED"));
  CHECK(counter.times() == 1);
  CHECK(has(counter.over[number], "AUTH_KEY_UNREGISTERED"));
  CHECK(counter.signed_outs == 1);
}

TEST_CASE("A sign-out says that nobody is signed in", "[sender]") {
  Counter counter;
  counter.send(ask(R"({"_cons":"auth.logOut"})"));
  counter.say(0, R"({"_cons":"auth.loggedOut"})");
  CHECK(counter.signed_outs == 1);
}

TEST_CASE("FILE_MIGRATE sends that one request elsewhere, and forgets what it was to follow",
          "[sender]") {
  Counter counter;
  counter.send(R"({"id":"a","message":{"_cons":"test.act","n":1}})");
  auto& request = counter.send(R"({"id":"b","after":["a"],"message":{"_cons":"test.act","n":2}})");
  const auto number = request.number;
  CHECK(counter.asked(1).options.after.size() == 1);
  counter.say(1, rpc_error(303, "FILE_MIGRATE_3"));
  REQUIRE(counter.times() == 3);
  CHECK(counter.asked(2).dc == mtproto::DcId(3));
  CHECK(request.send.after.empty());
  CHECK(counter.attributes.server().dc == mtproto::DcId(2));
  CHECK(counter.left.empty());
  counter.say(2, true_text);
  CHECK(counter.over[number] == true_text);
}

TEST_CASE("FILE_MIGRATE back to the session's own data centre is carried out at home", "[sender]") {
  Counter counter;
  auto& request = counter.send(ask(reads, ",\"dc\":3"));
  counter.say(0, rpc_error(303, "FILE_MIGRATE_2"));
  REQUIRE(counter.times() == 2);
  CHECK(counter.asked(1).dc == mtproto::DcId(2));
  CHECK(request.dc == server::account::home_dc);
}

TEST_CASE("A request that is sent from one data centre to another for ever is answered at last",
          "[sender]") {
  Counter counter;
  const auto number = counter.send(ask(reads)).number;
  for (std::size_t n = 0; n < 4; ++n) {
    REQUIRE(counter.times() == n + 1);
    counter.say(n, rpc_error(303, n % 2 == 0 ? "FILE_MIGRATE_3" : "FILE_MIGRATE_2"));
  }
  CHECK(counter.times() == 4);
  CHECK(has(counter.over[number], "FILE_MIGRATE_2"));
}

TEST_CASE("When the session moves, what may be said twice goes with it and the rest is lost",
          "[sender]") {
  Counter counter;
  const auto again = counter.send(ask(reads)).number;
  const auto lost = counter.send(ask(R"({"_cons":"test.act","n":1})")).number;
  const auto elsewhere = counter.send(ask(R"({"_cons":"test.act","n":2})", ",\"dc\":1")).number;
  const auto moved = counter.send(ask(R"({"_cons":"test.act","n":3})")).number;
  REQUIRE(counter.times() == 4);
  counter.say(3, rpc_error(303, "USER_MIGRATE_3"));
  CHECK(counter.left.size() == 1);
  CHECK(counter.changed == std::vector<bool>{true});
  CHECK(counter.attributes.server().dc == mtproto::DcId(3));
  CHECK(counter.over[lost] == "OutcomeUnknown");
  CHECK(counter.over[elsewhere] == "OutcomeUnknown");
  REQUIRE(counter.times() == 6);
  CHECK(counter.asked(4).method == "help.getNearestDc");
  CHECK(counter.asked(5).method == "test.act");
  for (const std::size_t n : {4, 5}) CHECK(counter.asked(n).dc == mtproto::DcId(3));
  counter.say(4, nearest({}));
  counter.say(5, true_text);
  CHECK(has(counter.over[again], "nearestDc"));
  CHECK(counter.over[moved] == true_text);
}

TEST_CASE("The session of somebody who is signed in does not move, nor past a barrier",
          "[sender]") {
  Counter counter;
  SECTION("signed in") { counter.somebody = true; }
  const auto number = counter.send(ask(reads)).number;
  SECTION("past a barrier") { counter.queue.set_barrier(counter.arrive(ask(reads))); }
  counter.say(0, rpc_error(303, "USER_MIGRATE_3"));
  CHECK(counter.left.empty());
  CHECK(counter.times() == 1);
  CHECK(has(counter.over[number], "USER_MIGRATE_3"));
}

TEST_CASE("A flood wait moves the deadline by as much as it takes", "[sender]") {
  Counter counter;
  counter.set(R"({"options":{"flood_wait":30}})");
  auto& request = counter.send(ask(reads));
  const auto begun = request.begun, deadline = request.deadline;
  const auto now = counter.start + 2s;
  counter.refuse(request.number, 420, "FLOOD_WAIT_20", now);
  CHECK(request.state == State::sleeping);
  CHECK(request.wake == now + 20s);
  CHECK(request.deadline == deadline + 20s);
  CHECK(request.begun == begun + 20s);
  CHECK(counter.dues == 1);
  REQUIRE(counter.queue.deadline());
  CHECK(*counter.queue.deadline() <= now + 20s);
  CHECK(counter.queue.due(now + 19s).empty());
  REQUIRE(counter.queue.due(now + 20s) == std::vector{request.number});
  counter.sender.on_time(request, false, now + 20s);
  CHECK(counter.times() == 2);
  CHECK(request.state == State::sent);
  // 20 of 30 s are spent.
  const auto number = request.number;
  counter.refuse(number, 420, "FLOOD_WAIT_11", now + 21s);
  CHECK(has(counter.over[number], "FLOOD_WAIT_11"));
  CHECK(counter.counters.flood_waits.value() == 2);
  CHECK(counter.counters.flood_waits_kept.value() == 1);
}

TEST_CASE("A long message, too, waits to be sent again", "[sender]") {
  Counter counter;
  counter.set(R"({"options":{"flood_wait":30}})");
  const std::string text((std::size_t{1} << 20) + 1, 'x');
  const auto number = counter
                          .send(ask(R"({"_cons":"messages.sendMessage","random_id":4,)"
                                    R"("peer":{"_cons":"inputPeerSelf"},"message":")" +
                                    text + "\"}"))
                          .number;
  counter.say(0, rpc_error(420, "FLOOD_WAIT_1"));
  CHECK(counter.times() == 1);
  CHECK(counter.over[number].empty());
}

// --- after ---

TEST_CASE("A request waits for one in another data centre, and is sent when that is over",
          "[sender]") {
  Counter counter;
  const auto first =
      counter.send(R"({"id":"a","dc":3,"message":{"_cons":"test.act","n":1}})").number;
  auto& second = counter.send(R"({"id":"b","after":["a"],"message":{"_cons":"test.act","n":2}})");
  auto& third = counter.send(R"({"id":"c","after":["b"],"message":{"_cons":"test.act","n":3}})");
  CHECK(second.state == State::waiting);
  CHECK(third.state == State::waiting);
  REQUIRE(counter.times() == 1);
  SECTION("answered") { counter.say(0, true_text); }
  SECTION("or given up") { counter.expire(first); }
  REQUIRE(counter.times() == 3);
  CHECK(counter.asked(1).dc == mtproto::DcId(2));
  CHECK(counter.asked(1).options.after.empty());
  CHECK(counter.asked(2).options.after == std::vector{counter.asked(1).id});
}

TEST_CASE("One that waits has no outcome to be lost when the account goes", "[sender]") {
  Counter counter;
  const auto first =
      counter.send(R"({"id":"a","dc":3,"message":{"_cons":"test.act","n":1}})").number;
  const auto second =
      counter.send(R"({"id":"b","after":["a"],"message":{"_cons":"test.act","n":2}})").number;
  counter.attributes.move(mtproto::DcId(1), "the test moved", counter.start);
  CHECK(counter.over[first] == "OutcomeUnknown");
  CHECK(counter.over[second] == "ConnectionError");
  CHECK(has(counter.failed[second].text, "the test moved before the request was sent"));
}

TEST_CASE("A late request is followed until its connection has ended for good", "[sender]") {
  Counter counter;
  const auto first = counter.send(R"({"id":"a","message":{"_cons":"test.act","n":1}})").number;
  counter.expire(first);
  counter.send(R"({"id":"b","after":["a"],"message":{"_cons":"test.act","n":2}})");
  CHECK(counter.asked(1).options.after == std::vector{counter.asked(0).id});
  counter.telegram.close(2, true);
  counter.send(R"({"id":"c","after":["a"],"message":{"_cons":"test.act","n":3}})");
  CHECK(counter.telegram.asked.back().options.after.empty());
}

// --- no answer ---

TEST_CASE("No answer in time is rpc_timeout, and Telegram is told", "[sender]") {
  Counter counter;
  const auto number = counter.send(ask(R"({"_cons":"test.act","n":1})")).number;
  counter.expire(number);
  CHECK(has(counter.over[number], R"({"_cons":"rpc_timeout","error_message":")"));
  CHECK(counter.telegram.dropped == 1);
}

TEST_CASE("What was written to a lost connection and does not only read is OutcomeUnknown",
          "[sender]") {
  Counter counter;
  const auto number = counter.send(ask(R"({"_cons":"test.act","n":1})")).number;
  counter.telegram.close();
  SECTION("and stays lost") {}
  SECTION("though there is another") { counter.telegram.come_back(); }
  CHECK_FALSE(counter.over.contains(number));
  counter.turn();
  counter.expire(number);
  CHECK(counter.over[number] == "OutcomeUnknown");
  CHECK(has(counter.failed[number].text, "the data centre closed the connection"));
}

TEST_CASE("What only reads is a ConnectionError while there is no connection, else a timeout",
          "[sender]") {
  Counter counter;
  const auto number = counter.send(ask(reads)).number;
  counter.telegram.close();
  SECTION("none") {
    counter.expire(number);
    CHECK(counter.over[number] == "ConnectionError");
  }
  SECTION("one again") {
    counter.telegram.come_back();
    counter.turn();
    CHECK(counter.times() == 2);
    counter.expire(number);
    CHECK(has(counter.over[number], "rpc_timeout"));
  }
}

TEST_CASE("A question of a request that was lost makes it OutcomeUnknown", "[sender]") {
  Counter counter;
  auto& request = counter.send(ask(R"({"_cons":"test.act","n":1})"));
  const auto number = request.number;
  counter.expire(number, true);
  CHECK(counter.over[number] == "OutcomeUnknown");
}

TEST_CASE("A request that could not be written is a ConnectionError at once", "[sender]") {
  Counter counter;
  counter.telegram.failing = upstream_failure("Connection refused");
  counter.send(ask(reads));
  CHECK(counter.over[1] == "ConnectionError");
  CHECK(has(counter.failed[1].text, "Connection refused"));
}

TEST_CASE("A key that is of no use elsewhere is not the client's business, once", "[sender]") {
  Counter counter;
  counter.send(ask(reads));
  const auto number = counter.send(ask(reads, ",\"dc\":3")).number;
  REQUIRE(counter.times() == 2);
  counter.telegram.close(3, true);
  counter.turn();
  REQUIRE(counter.times() == 3);
  CHECK(counter.asked(2).dc == mtproto::DcId(3));
  CHECK_FALSE(counter.over.contains(number));
  counter.telegram.close(3, true);
  CHECK(counter.over[number] == "ConnectionError");
}

TEST_CASE("What does not only read is not sent again under another key", "[sender]") {
  Counter counter;
  counter.send(ask(reads));
  const auto number = counter.send(ask(R"({"_cons":"test.act","n":1})", ",\"dc\":3")).number;
  counter.telegram.close(3, true);
  CHECK(counter.over[number] == "ConnectionError");
  CHECK(counter.times() == 2);
}

TEST_CASE("A data centre without an address is a ConnectionError, and nothing is dialled",
          "[sender]") {
  Counter counter;
  auto& request = counter.arrive(ask(reads));
  request.body = tl::Bytes{1, 2, 3, 4};
  request.dc = mtproto::DcId(9);
  const auto number = request.number;
  counter.sender.send(request, counter.start);
  CHECK(counter.over[number] == "ConnectionError");
  CHECK(counter.telegram.dialled == 0);
}

// --- other outcomes ---

TEST_CASE("What has no answer is boolTrue once it is written, in the client's notation",
          "[sender]") {
  Counter counter;
  auto& request = counter.arrive(ask(R"({"_cons":"msgs_ack","msg_ids":[]})"));
  request.body = counter.telegram.encoded(R"({"_cons":"msgs_ack","msg_ids":[]})");
  request.send.api = request.send.answered = false;
  std::string said = true_text;
  SECTION("classic") {}
  SECTION("plain") {
    request.notation = tl::Notation::plain;
    said = "true";
  }
  const auto number = request.number;
  counter.sender.send(request, counter.start);
  CHECK(counter.over.empty());
  counter.turn();
  CHECK(counter.over[number] == said);
}

TEST_CASE("What Telegram is known to have lost is OutcomeUnknown, what can't be sent a TypeError",
          "[sender]") {
  Counter counter;
  const auto lost = counter.send(ask(R"({"_cons":"test.act","n":1})")).number;
  const auto refused = counter.send(ask(R"({"_cons":"test.act","n":2})")).number;
  counter.telegram.lose(0);
  counter.telegram.refuse(1, mtproto::errc::body_too_long);
  CHECK(counter.over[lost] == "OutcomeUnknown");
  CHECK(counter.over[refused] == "TypeError");
  CHECK(counter.failed[refused].path == "/message");
}

TEST_CASE("A large answer goes to the pool, and one behind it waits for its turn", "[sender]") {
  Counter counter;
  auto& request = counter.send(ask(R"({"_cons":"test.getBox","n":1})"));
  const auto large = request.number;
  const auto small = counter.send(ask(R"({"_cons":"test.act","n":1})")).number;
  REQUIRE(
      counter.telegram.answer(0, R"({"_cons":"box","text":")" + std::string(400'000, 'A') + "\"}"));
  CHECK(request.state == State::decoding);
  REQUIRE(counter.telegram.answer(1, true_text));
  CHECK(counter.over.empty());
  counter.turn();
  CHECK(counter.over[large].size() > 400'000);
  CHECK(counter.over[small] == true_text);
}

TEST_CASE("Once it is closed a sender tells nothing and sends nothing", "[sender]") {
  Counter counter;
  auto& request = counter.send(ask(reads));
  counter.sender.close();
  CHECK(counter.telegram.dropped == 1);
  CHECK_FALSE(counter.telegram.answer(0, nearest({})));
  counter.sender.send(request, counter.start);
  CHECK(counter.times() == 1);
  CHECK(counter.over.empty());
}
