// Replies in the shape of the HTTP API, and the statuses that they go with.
#include "server/protocol/api_reply.hpp"

#include <catch2/catch.hpp>
#include <memory_resource>

#include "tl/json_reader.hpp"

using server::Reply;

namespace {

struct Written {
  std::string text;
  server::ApiStatus status;
};

Written written(const Reply& reply) {
  server::LongText out;
  const auto status = server::write_api_reply(reply, out);
  REQUIRE(status);
  std::pmr::monotonic_buffer_resource arena;
  CHECK(tl::read_json(out.copy(), arena));
  return {out.copy(), *status};
}

Written answered(std::string_view message) {
  Reply reply;
  reply.message = message;
  return written(reply);
}

Written refused(int code, std::string_view message, std::string_view more = "") {
  return answered(R"({"_cons":"rpc_error","error_code":)" + std::to_string(code) +
                  R"(,"error_message":")" + std::string(message) + "\"" + std::string(more) + "}");
}

Written failed(server::Failure failure) {
  Reply reply;
  reply.failure = &failure;
  return written(reply);
}

}  // namespace

TEST_CASE("An answer is the result", "[api_reply]") {
  const auto reply = answered(R"({"_cons":"nearestDc","this_dc":2})");
  CHECK(reply.status.code == 200);
  CHECK(reply.text == R"({"ok":true,"result":{"_cons":"nearestDc","this_dc":2}})");
}

TEST_CASE("An answer that is written in its place is not copied", "[api_reply]") {
  Reply reply;
  std::string large(server::LongText::large, 'x');
  const auto* at = large.data();
  reply.write_message = [&](server::LongText& to) {
    to.attach(std::move(large));
    return true;
  };
  server::LongText out;
  CHECK(server::write_api_reply(reply, out)->code == 200);
  bool seen = false;
  out.each_part([&](std::string_view part) { return !(seen = part.data() == at); });
  CHECK(seen);
}

TEST_CASE("An answer that can't be written leaves nothing behind", "[api_reply]") {
  Reply reply;
  reply.write_message = [](server::LongText& to) {
    to += "half";
    return false;
  };
  server::LongText out;
  CHECK_FALSE(server::write_api_reply(reply, out));
  CHECK(out.empty());
}

TEST_CASE("A refusal has Telegram's code and words, and a status of HTTP", "[api_reply]") {
  for (const auto& [code, status] : {std::pair(400, 400U),
                                     {401, 401U},
                                     {403, 403U},
                                     {404, 404U},
                                     {406, 406U},
                                     {409, 400U},
                                     {420, 429U},
                                     {500, 502U},
                                     {-503, 502U},
                                     {303, 502U},
                                     {0, 502U}}) {
    CAPTURE(code);
    const auto reply = refused(code, "SOME_ERROR");
    CHECK(reply.status.code == status);
    CHECK(reply.text == R"({"ok":false,"error_code":)" + std::to_string(code) +
                            R"(,"description":"SOME_ERROR"})");
  }
}

TEST_CASE("A message that was sent before is a conflict, and no trouble of Telegram's",
          "[api_reply]") {
  CHECK(refused(500, "RANDOM_ID_DUPLICATE").status.code == 409);
}

TEST_CASE("A flood wait tells when to come again, under every name", "[api_reply]") {
  for (const auto* name : {"FLOOD_WAIT", "FLOOD_PREMIUM_WAIT", "SLOWMODE_WAIT"}) {
    const auto reply = refused(420, std::string(name) + "_30", R"(,"_value":30)");
    CHECK(reply.status.code == 429);
    CHECK(reply.status.retry_after == 30);
    CHECK(reply.text == R"({"ok":false,"error_code":420,"description":")" + std::string(name) +
                            R"(_30","parameters":{"retry_after":30}})");
  }
  CHECK_FALSE(refused(420, "FLOOD_SKIP_FAILED_WAIT").status.retry_after);
  CHECK_FALSE(refused(303, "PHONE_MIGRATE_2", R"(,"_value":2)").status.retry_after);
}

TEST_CASE("What is late may have been carried out, and the drawn ids are told", "[api_reply]") {
  const std::vector<std::int64_t> one{1152921504606846976}, two{1, -2};
  Reply reply;
  reply.message = R"({"_cons":"rpc_timeout","error_message":"no answer within 2 s"})";
  reply.random_ids = &one;
  const auto late = written(reply);
  CHECK(late.status.code == 504);
  CHECK(late.text == R"({"ok":false,"error_code":504,"description":"no answer within 2 s",)"
                     R"("error":"rpc_timeout","outcome":"unknown",)"
                     R"("parameters":{"random_id":"1152921504606846976"}})");
  reply.message = {};
  const auto failure = server::outcome_unknown("lost");
  reply.failure = &failure;
  reply.random_ids = &two;
  const auto lost = written(reply);
  CHECK(lost.status.code == 502);
  CHECK(lost.text ==
        R"({"ok":false,"error_code":502,"description":"lost","error":"OutcomeUnknown",)"
        R"("outcome":"unknown","parameters":{"random_id":["1","-2"]}})");
}

TEST_CASE("A failure has its name, the place among the arguments and what belongs to it",
          "[api_reply]") {
  CHECK(
      failed(server::scheme_error("/message/peer", "odd")).text ==
      R"({"ok":false,"error_code":400,"description":"odd","error":"SchemeError","path":"/peer"})");
  CHECK(failed(server::type_error("/message", "odd")).text ==
        R"({"ok":false,"error_code":400,"description":"odd","error":"TypeError"})");
  CHECK(failed(server::type_error("/dc", "odd")).text ==
        R"({"ok":false,"error_code":400,"description":"odd","error":"TypeError","path":"?dc"})");
  CHECK(server::api_path("/account").empty());
  CHECK(failed(server::busy(7, "full")).text ==
        R"({"ok":false,"error_code":503,"description":"full","error":"Busy","limit":7})");
}

TEST_CASE("Each failure has its status", "[api_reply]") {
  for (const auto& [name, status] : {std::pair("JSONDecodeError", 400U),
                                     {"TypeError", 400U},
                                     {"SchemeError", 400U},
                                     {"LineTooLong", 413U},
                                     {"SessionError", 400U},
                                     {"SigninError", 400U},
                                     {"ConnectionError", 502U},
                                     {"OutcomeUnknown", 502U},
                                     {"Busy", 503U},
                                     {"AnswerTooLong", 502U},
                                     {"Unauthorized", 401U},
                                     {"Forbidden", 403U},

                                     {"NoSuchAccount", 404U},
                                     {"StoreUnavailable", 503U},
                                     {"rpc_timeout", 504U},
                                     {"SomethingNew", 500U}}) {
    CAPTURE(name);
    CHECK(server::status_of_failure(name) == status);
  }
}

TEST_CASE("Arguments that were dropped are told by their places", "[api_reply]") {
  tl::Encoding encoding;
  encoding.ignored = {"/message/odd"};
  Reply reply;
  reply.message = "true";
  reply.ignored = &encoding;
  CHECK(written(reply).text == R"({"ok":true,"result":true,"ignored":["/odd"]})");
}

TEST_CASE("A step of sign-in has the state as its result", "[api_reply]") {
  Reply reply;
  reply.signin = R"({"state":"code","length":5})";
  const auto step = written(reply);
  CHECK(step.status.code == 200);
  CHECK(step.text == R"({"ok":true,"result":{"state":"code","length":5}})");
}

TEST_CASE("A step of sign-in that Telegram refuses is an error beside the state", "[api_reply]") {
  Reply reply;
  reply.signin =
      R"({"state":"code","error":{"_cons":"rpc_error","error_code":400,"error_message":"PHONE_CODE_INVALID"}})";
  const auto step = written(reply);
  CHECK(step.status.code == 400);
  CHECK(step.text ==
        R"({"ok":false,"error_code":400,"description":"PHONE_CODE_INVALID","signin":)" +
            std::string(reply.signin) + "}");
}
