#include "server/connection/request_encoder.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory_resource>

#include "tests/server/two_layers.hpp"
#include "tests/support/scripted_random.hpp"
#include "tl/json_reader.hpp"
#include "tl/reader.hpp"

namespace {

constexpr std::uint32_t invoke_with_layer = 0xda9b0d0d;
constexpr std::uint32_t init_connection = 0xc1cd5ea9;

// Encodes JSON texts for a client that chose layer 100.
class Desk {
 public:
  Desk() { options.layer = 100; }

  server::PreparedMessage encode(std::string_view json, std::string_view recaptcha_token = {}) {
    const server::RequestEncoder encoder(*schemes, options);
    return encoder.prepare(encoder.encode(read(json), names, random_, {}), recaptcha_token);
  }
  // The same on a pool's thread.
  server::PreparedMessage encode_apart(std::string_view json) {
    const server::RequestEncoder encoder(*schemes, options);
    auto work = encoder.encode_apart(read(json), std::make_unique<server::RequestArena>(meter),
                                     names, server::MemoryShare(meter));
    work->run();
    return encoder.prepare(std::move(*work->take_encoded()));
  }

  const std::shared_ptr<const server::Schemes> schemes = support::two_layers();
  server::ConnectionOptions options;
  server::account::PeerNames names;
  server::MemoryMeter meter{1 << 20};

 private:
  tl::Value read(std::string_view json) {
    auto value = tl::read_json(json, arena_);
    REQUIRE(value);
    return *value;
  }

  std::pmr::monotonic_buffer_resource arena_;
  support::ScriptedRandom random_{1};
};

std::string refusal(const server::PreparedMessage& message) {
  REQUIRE(message.failure);
  return message.failure->path + ": " + message.failure->text;
}

}  // namespace

TEST_CASE("A call is sent as one, and may be repeated freely where it only reads", "[encoder]") {
  Desk desk;
  const auto read = desk.encode(R"({"_cons":"help.getNearestDc"})");
  CHECK_FALSE(read.failure);
  CHECK(read.body.size() == 4);
  CHECK(read.send.api);
  CHECK(read.send.answered);
  CHECK(read.send.repeat == mtproto::Repeat::freely);
  CHECK(desk.encode(R"({"_cons":"test.act","n":1})").send.repeat == mtproto::Repeat::ask);
}

TEST_CASE("A message that was encoded on the pool becomes the same", "[encoder]") {
  Desk desk;
  const auto* text = R"({"_cons":"test.act","n":7,"_seqno":5})";
  const auto here = desk.encode(text), there = desk.encode_apart(text);
  CHECK(here.body == there.body);
  CHECK(here.name == there.name);
  CHECK(here.send.seqno == there.send.seqno);
  CHECK(desk.meter.used() == 0);
}

TEST_CASE("A service message is no call, and some have no answer", "[encoder]") {
  Desk desk;
  const auto ping = desk.encode(R"({"_cons":"ping","ping_id":7})");
  CHECK_FALSE(ping.failure);
  CHECK_FALSE(ping.send.api);
  CHECK(ping.send.answered);
  CHECK_FALSE(desk.encode(R"({"_cons":"msgs_ack","msg_ids":[1]})").send.answered);
}

TEST_CASE("What belongs to the session, or is an object, is not sent", "[encoder]") {
  Desk desk;
  CHECK(
      refusal(desk.encode(R"({"_cons":"http_wait","max_delay":1,"wait_after":1,"max_wait":1})")) ==
      R"(/message/_cons: "http_wait" can't be sent as a message)");
  CHECK(refusal(desk.encode(R"({"_cons":"invokeWithLayer","layer":100,"query":)"
                            R"({"_cons":"ping","ping_id":7}})")) ==
        R"(/message/_cons: "ping" can't be sent as a message)");
  CHECK(refusal(desk.encode(R"({"_cons":"inputPeerSelf"})")) ==
        R"(/message/_cons: "inputPeerSelf" is an object; a function is due)");
}

TEST_CASE("A sequence number of the client's own has 31 bits", "[encoder]") {
  Desk desk;
  CHECK(desk.encode(R"({"_cons":"test.act","n":1,"_seqno":2147483647})").send.seqno == 0x7fffffff);
  CHECK_FALSE(desk.encode(R"({"_cons":"test.act","n":1})").send.seqno);
  for (const auto* wrong : {"-1", "2147483648", "\"x\""}) {
    const auto text = R"({"_cons":"test.act","n":1,"_seqno":)" + std::string(wrong) + "}";
    CHECK(refusal(desk.encode(text)) ==
          "/message/_seqno: a sequence number is due, an integer of 31 bits");
  }
}

TEST_CASE("A client's own initConnection gets the layer around it, and no other", "[encoder]") {
  Desk desk;
  const auto message =
      desk.encode(R"({"_cons":"initConnection","api_id":1,"device_model":"","system_version":"",)"
                  R"("app_version":"","system_lang_code":"","lang_pack":"","lang_code":"",)"
                  R"("query":{"_cons":"help.getNearestDc"}})");
  REQUIRE_FALSE(message.failure);
  CHECK(message.send.bare);
  tl::Reader reader(message.body);
  CHECK(reader.nat() == invoke_with_layer);
  CHECK(reader.int32() == 100);
  CHECK(reader.nat() == init_connection);
}

TEST_CASE("A layer that was not loaded becomes the one that encoded it", "[encoder]") {
  Desk desk;
  const auto layer = [&](int asked) {
    const auto message =
        desk.encode(R"({"_cons":"invokeWithLayer","layer":)" + std::to_string(asked) +
                    R"(,"query":{"_cons":"help.getNearestDc"}})");
    REQUIRE_FALSE(message.failure);
    CHECK(message.send.bare);
    tl::Reader reader(message.body);
    reader.nat();
    return reader.int32();
  };
  CHECK(layer(50) == 50);
  CHECK(layer(51) == 100);
}

TEST_CASE("A message with an unknown name says what it lacks, and nothing of its sending",
          "[encoder]") {
  Desk desk;
  const auto message =
      desk.encode(R"({"_cons":"messages.sendMessage","peer":"@durov","message":"x","_seqno":-1})");
  CHECK_FALSE(message.failure);
  REQUIRE(message.encoding);
  CHECK(message.encoding->lacking == std::vector<std::string>{"durov"});
}

TEST_CASE("Paths into a message begin with its attribute", "[encoder]") {
  Desk desk;
  CHECK(refusal(desk.encode(R"({"_cons":"test.act","n":"x"})")).starts_with("/message/n: "));
  desk.options.ignore_unknown = true;
  const auto message = desk.encode(R"({"_cons":"test.act","n":1,"m":2})");
  REQUIRE_FALSE(message.failure);
  CHECK(message.encoding->ignored == std::vector<std::string>{"/message/m"});
}

TEST_CASE("A failure says which message was being encoded, if that is known", "[encoder]") {
  const auto failure = server::type_error("/message", "why");
  using server::RequestEncoder;
  CHECK(RequestEncoder::while_encoding("test.act", failure).doing ==
        std::vector<std::string>{R"(encoding "test.act")"});
  CHECK(RequestEncoder::while_encoding("", failure).doing.empty());
}

TEST_CASE("A reCAPTCHA's token goes around the call, inside of which Telegram looks", "[encoder]") {
  Desk desk;
  const auto bare = desk.encode(R"({"_cons":"test.act","n":7})");
  const auto message = desk.encode(R"({"_cons":"test.act","n":7})", "03AF");
  REQUIRE_FALSE(message.failure);
  tl::Reader in(message.body);
  CHECK(in.nat() == 0xadbb0f94);
  CHECK(tl::as_text(in.bytes()) == "03AF");
  CHECK(std::ranges::equal(in.rest(), bare.body));
  CHECK(message.send.repeat == bare.send.repeat);
}

TEST_CASE("A reCAPTCHA's token goes with no service message, and with none that says its layer",
          "[encoder]") {
  Desk desk;
  const auto with_token = [&](std::string_view json) { return refusal(desk.encode(json, "03AF")); };
  CHECK(with_token(R"({"_cons":"ping","ping_id":1})").starts_with("/recaptcha_token: "));
  CHECK(with_token(R"({"_cons":"invokeWithLayer","layer":100,"query":{"_cons":"test.act","n":1}})")
            .starts_with("/recaptcha_token: "));
}
