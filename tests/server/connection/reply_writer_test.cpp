#include "server/connection/reply_writer.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/server/connection/recording_sink.hpp"
#include "tests/server/two_layers.hpp"
#include "tl/writer.hpp"

using server::ClientRequest;
using server::Outcome;
using Objects = std::vector<std::string>;

namespace {

// Requests, and what their client reads.
class Desk {
 public:
  explicit Desk(std::size_t memory = 1 << 20) : meter(memory) {}

  ClientRequest& add(std::string id) {
    auto& request = queue.add({});
    request.request.id = std::move(id);
    request.state = ClientRequest::State::sent;
    return request;
  }
  bool answer(ClientRequest& request, std::string_view message) {
    Outcome outcome;
    outcome.message = message;
    outcome.answered = true;
    return writer.finish(request, outcome, {});
  }

  server::MemoryMeter meter;
  server::RequestQueue queue{meter};
  support::RecordingSink mail;
  server::ReplyWriter writer{queue, mail, meter, false};
};

// A test.getBox, which is answered with a text of so many bytes.
tl::Bytes box(std::size_t size) {
  const auto schemes = support::two_layers();
  const auto& schema = *schemes->first().schema;
  tl::Bytes out;
  tl::Writer(out).nat(schema.constructor_by_name("box")->id).bytes(std::string(size, 'x'));
  return out;
}

// The same, as it is made while it is sent.
tl::TextParts parts_of_box(std::size_t size) {
  const auto body = std::make_shared<const tl::Bytes>(box(size));
  tl::TextParts parts(support::two_layers()->first().schema, tl::any_object, tl::Notation::classic,
                      body, *body);
  CHECK(parts.measure(8 << 20) == tl::Decoded::whole);
  return parts;
}

}  // namespace

TEST_CASE("Replies go out as they are ready", "[replies]") {
  Desk desk;
  auto &first = desk.add("1"), &second = desk.add("2");
  CHECK(desk.answer(second, "true"));
  CHECK(desk.mail.objects == Objects{R"({"id":2,"message":true})"});
  CHECK(desk.answer(first, "false"));
  CHECK(desk.mail.objects.back() == R"({"id":1,"message":false})");
  CHECK(desk.queue.empty());
}

TEST_CASE("Under one id replies keep the order of the requests", "[replies]") {
  Desk desk;
  auto& first = desk.add("7");
  desk.add("8");
  auto &third = desk.add("7"), &fourth = desk.add("7");
  CHECK_FALSE(desk.answer(fourth, "4"));
  CHECK_FALSE(desk.answer(third, "3"));
  CHECK(desk.mail.objects.empty());
  CHECK(desk.writer.held() ==
        2 * (sizeof(ClientRequest) + std::string(R"({"id":7,"message":3})").size()));
  CHECK(desk.mail.usage_updates == 2);
  CHECK(desk.answer(first, "1"));
  CHECK(desk.mail.objects ==
        Objects{R"({"id":7,"message":1})", R"({"id":7,"message":3})", R"({"id":7,"message":4})"});
  CHECK(desk.writer.held() == 0);
  CHECK(desk.queue.size() == 1);
}

TEST_CASE("A reply that is held waits for the next of its id, too", "[replies]") {
  Desk desk;
  auto &first = desk.add("7"), &second = desk.add("7"), &third = desk.add("7");
  CHECK_FALSE(desk.answer(third, "3"));
  CHECK(desk.answer(first, "1"));
  CHECK(desk.mail.objects.size() == 1);
  CHECK(desk.answer(second, "2"));
  CHECK(desk.mail.objects.back() == R"({"id":7,"message":3})");
}

TEST_CASE("Replies that are held are not written once the sink is gone", "[replies]") {
  Desk desk;
  auto &first = desk.add("7"), &second = desk.add("7");
  CHECK_FALSE(desk.answer(second, "2"));
  desk.writer.close();
  desk.answer(first, "1");
  CHECK(desk.mail.objects.size() == 1);
}

TEST_CASE("A reply that there is no memory to hold becomes a Busy", "[replies]") {
  Desk desk(4096);
  desk.add("7");
  auto& second = desk.add("7");
  CHECK_FALSE(desk.answer(second, '"' + std::string(8192, 'x') + '"'));
  CHECK(second.reply.copy().find(R"("error":"Busy")") != std::string::npos);
  CHECK(desk.writer.held() == sizeof second + second.reply.size());
}

TEST_CASE("A request whose reply is held keeps nothing else of what was asked", "[replies]") {
  Desk desk(8 << 20);
  desk.add("7");
  auto& second = desk.add("7");
  second.request.after.assign(1000, std::string(100, '1'));
  second.request.extra = '"' + std::string(10'000, 'e') + '"';
  second.send.after.resize(1000, mtproto::RequestId(1));
  second.encoding.drawn.resize(1000);
  second.encoding.ignored.assign(100, std::string(100, '/'));
  second.body = tl::Bytes(100'000);
  CHECK(second.memory_usage() > 250'000);
  CHECK_FALSE(desk.answer(second, "2"));
  CHECK(second.memory_usage() < sizeof second + second.reply.size() + 100);
  CHECK(second.share.size() == second.memory_usage());
}

TEST_CASE("An answer's bytes are decoded into the reply", "[replies]") {
  Desk desk;
  const auto schemes = support::two_layers();
  auto& request = desk.add("1");
  const auto body = box(3);
  Outcome outcome;
  outcome.body = body;
  outcome.schema = schemes->first().schema.get();
  outcome.answered = true;
  request.send.api = false;
  CHECK(desk.writer.finish(request, outcome, {}));
  CHECK(desk.mail.objects == Objects{R"({"id":1,"message":{"_cons":"box","text":"eHh4"}})"});
}

TEST_CASE("An answer whose text there is no memory for is refused, without what else was asked",
          "[replies]") {
  Desk desk(1024);
  const auto schemes = support::two_layers();
  auto& request = desk.add("1");
  const auto body = box(100'000);
  Outcome outcome;
  outcome.body = body;
  outcome.schema = schemes->first().schema.get();
  outcome.answered = true;
  request.send.api = false;
  CHECK(desk.writer.finish(request, outcome, {{}, R"({"layer":100})", {}}));
  REQUIRE(desk.mail.objects.size() == 1);
  CHECK(desk.mail.objects[0].starts_with(R"({"id":1,"error":"Busy",)"));
}

TEST_CASE("A push that there is no room for leaves nothing behind", "[replies]") {
  Desk desk(1024);
  const auto schemes = support::two_layers();
  const auto& schema = *schemes->first().schema;
  const auto failure = desk.writer.push(schema, tl::Notation::classic, box(100'000));
  REQUIRE(failure);
  CHECK(desk.mail.objects.empty());
  desk.writer.refuse("0", nullptr, *failure);
  CHECK(desk.mail.objects.at(0).starts_with(R"({"id":0,"error":"Busy")"));
}

TEST_CASE("What is pushed has id 0, and the number of its update", "[replies]") {
  Desk desk;
  const auto schemes = support::two_layers();
  const auto& schema = *schemes->first().schema;
  CHECK_FALSE(desk.writer.push(schema, tl::Notation::classic, box(1)));
  CHECK_FALSE(desk.writer.push(schema, tl::Notation::classic, box(1), 5));
  desk.writer.push(parts_of_box(1));
  CHECK(desk.mail.objects ==
        Objects{R"({"id":0,"message":{"_cons":"box","text":"eA=="}})",
                R"({"id":0,"update_seq":5,"message":{"_cons":"box","text":"eA=="}})",
                R"({"id":0,"message":{"_cons":"box","text":"eA=="}})"});
}

TEST_CASE("A reply that is longer than its client can take is told of instead", "[replies]") {
  Desk desk;
  desk.writer.set_max_message(4096);
  const auto fits = '"' + std::string(4096 - 21, 'x') + '"';
  CHECK(desk.answer(desk.add("1"), fits));
  CHECK(desk.mail.objects.back().size() == 4096);
  auto& second = desk.add("2");
  second.request.extra = R"("mine")";
  CHECK(desk.answer(second, fits + " "));
  CHECK(desk.mail.objects.back() ==
        R"({"id":2,"@extra":"mine","error":"AnswerTooLong","msg":"the reply is 4113 bytes long, )"
        R"(and options.max_message is 4096","limit":4096,"size":4113})");
  desk.writer.set_max_message(0);
  CHECK(desk.answer(desk.add("3"), fits + " "));
  CHECK(desk.mail.objects.back().size() == 4097);
}

TEST_CASE("So is one that is held behind others of its id", "[replies]") {
  Desk desk;
  desk.writer.set_max_message(4096);
  auto &first = desk.add("7"), &second = desk.add("7");
  CHECK_FALSE(desk.answer(second, '"' + std::string(5000, 'x') + '"'));
  CHECK(desk.answer(first, "1"));
  CHECK(desk.mail.objects.back().starts_with(R"({"id":7,"error":"AnswerTooLong")"));
}

TEST_CASE("What makes a reply too long may be the client's own", "[replies]") {
  Desk desk;
  desk.writer.set_max_message(4096);
  auto& first = desk.add("1");
  first.request.extra = '"' + std::string(5000, 'x') + '"';
  CHECK(desk.answer(first, "true"));
  CHECK(desk.mail.objects.back().starts_with(R"({"id":1,"error":"AnswerTooLong")"));
  auto& second = desk.add("2");
  second.request.extra = '"' + std::string(5000, 'x') + '"';
  second.encoding.drawn = {77};
  Outcome outcome;
  const auto failure = server::outcome_unknown("the connection was lost");
  outcome.failure = &failure;
  CHECK(desk.writer.finish(second, outcome, {}));
  CHECK(desk.mail.objects.back() ==
        R"({"id":2,"error":"OutcomeUnknown","msg":"the connection was lost","_random_id":77})");
  auto extra = '"' + std::string(5000, 'x') + '"';
  desk.writer.refuse("3", &extra, failure);
  CHECK(desk.mail.objects.back() ==
        R"({"id":3,"error":"OutcomeUnknown","msg":"the connection was lost"})");
}

TEST_CASE("A push that is longer than its client can take is told of, and counted", "[replies]") {
  Desk desk;
  desk.writer.set_max_message(4096);
  const auto schemes = support::two_layers();
  const auto& schema = *schemes->first().schema;
  CHECK_FALSE(desk.writer.push(schema, tl::Notation::classic, box(5000), 8));
  CHECK(desk.mail.objects.back().starts_with(
      R"({"id":0,"update_seq":8,"error":"AnswerTooLong","msg":"what was pushed is )"));
  desk.writer.push(parts_of_box(3720));
  CHECK(desk.mail.objects.back() ==
        R"({"id":0,"error":"AnswerTooLong","msg":"what was pushed is 5004 bytes long, and )"
        R"(options.max_message is 4096","limit":4096,"size":5004})");
  desk.writer.push_signin('"' + std::string(5000, 'x') + '"', {});
  CHECK(desk.mail.objects.back().starts_with(R"({"id":0,"error":"AnswerTooLong")"));
  CHECK_FALSE(desk.writer.push(schema, tl::Notation::classic, box(50), 9));
  CHECK(desk.mail.objects.back().starts_with(R"({"id":0,"update_seq":9,"message":{)"));
  desk.writer.push(parts_of_box(1));
  CHECK(desk.mail.objects.back() == R"({"id":0,"message":{"_cons":"box","text":"eA=="}})");
}

TEST_CASE("What waits of a large answer is its bytes, not its text", "[replies]") {
  Desk desk(8 << 20);
  auto &first = desk.add("7"), &second = desk.add("7");
  auto parts = parts_of_box(3'000'000);
  Outcome outcome;
  outcome.parts = &parts;
  outcome.answered = true;
  CHECK_FALSE(desk.writer.finish(second, outcome, {}));
  CHECK(desk.writer.held() > 4'000'000);
  CHECK(second.memory_usage() < 100'000);
  CHECK(desk.answer(first, "1"));
  CHECK(desk.mail.objects.back().size() > 4'000'000);
}
