#include "server/protocol/update_types.hpp"

#include <catch2/catch.hpp>
#include <memory_resource>

#include "tests/support/api_schema.hpp"
#include "tl/codec.hpp"
#include "tl/json_reader.hpp"

using server::Failure;
using server::UpdateTypes;

namespace {

const tl::Schema& schema() { return support::api_schema(); }

tl::Bytes encoded(std::string_view json) {
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::read_json(json, arena);
  REQUIRE(value);
  tl::Bytes out;
  REQUIRE(tl::encode(schema(), *value, {}, out).has_value());
  return out;
}

UpdateTypes types(std::string_view list) {
  auto read = UpdateTypes::read(schema(), list, "/types");
  REQUIRE(read.has_value());
  return *read;
}

tl::Result<UpdateTypes, Failure> read_value(std::string_view json) {
  std::pmr::monotonic_buffer_resource arena;
  return UpdateTypes::read(schema(), *tl::read_json(json, arena), "/types");
}

const std::string status =
    R"({"_cons":"updateUserStatus","user_id":"5","status":{"_cons":"userStatusRecently"}})";
const std::string typing =
    R"({"_cons":"updateUserTyping","user_id":"5","action":{"_cons":"sendMessageTypingAction"}})";

std::string all_of(std::string_view kind, std::string_view updates) {
  return R"({"_cons":")" + std::string(kind) + R"(","updates":[)" + std::string(updates) +
         R"(],"users":[{"_cons":"userEmpty","id":"5"}],"chats":[],"date":1,"seq":0)" +
         (kind == "updatesCombined" ? R"(,"seq_start":0})" : "}");
}

const std::string short_message =
    R"({"_cons":"updateShortMessage","id":1,"user_id":"5","message":"updateUserStatus","pts":1,"pts_count":1,"date":1})";
const std::string short_chat_message =
    R"({"_cons":"updateShortChatMessage","id":1,"from_id":"5","chat_id":"6","message":"","pts":1,"pts_count":1,"date":1})";
const std::string short_sent =
    R"({"_cons":"updateShortSentMessage","id":1,"pts":1,"pts_count":1,"date":1})";

}  // namespace

TEST_CASE("names of updates are read from a list and from an array, each once") {
  const auto list = types(" updateUserStatus,updateNewMessage , updateUserStatus");
  CHECK(list.text() == "updateNewMessage,updateUserStatus");
  CHECK(read_value(R"(["updateUserStatus","updateNewMessage"])")->text() == list.text());
  CHECK(read_value(R"("updateUserStatus,updateNewMessage")")->names() == list.names());
  CHECK(UpdateTypes::kept(list.text()).names() == list.names());
}

TEST_CASE("no name means every update") {
  for (const auto* none : {"", "  "}) CHECK(types(none).all());
  for (const auto* none : {"[]", "\"\"", "null"}) CHECK(read_value(none)->all());
  CHECK(UpdateTypes::kept("").all());
  CHECK(UpdateTypes().match(schema(), encoded(short_message)));
  CHECK(UpdateTypes().match(schema(), {}));
}

TEST_CASE("the name of an update that there is not is refused, and the nearest told") {
  const auto listed = UpdateTypes::read(schema(), "updateUserStatus,updateNewMesage", "/types");
  REQUIRE_FALSE(listed.has_value());
  CHECK(listed.error().error == "SchemeError");
  CHECK(listed.error().path == "/types");
  CHECK(listed.error().text ==
        R"(there is no such update; the nearest known is "updateNewMessage")");
  const auto second = read_value(R"(["updateUserStatus","message"])");
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().path == "/types/1");
  // Of another type, or nothing at all.
  for (const auto* wrong : {"updateShortMessage", "users.getUsers", "updateUserStatus,,", ","}) {
    CHECK_FALSE(UpdateTypes::read(schema(), wrong, "").has_value());
  }
}

TEST_CASE("what is no list of names of updates is refused by its place") {
  for (const auto* wrong : {"5", "{}", "true"}) {
    const auto read = read_value(wrong);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().error == "TypeError");
    CHECK(read.error().path == "/types");
  }
  CHECK(read_value(R"(["updateUserStatus",7])").error().path == "/types/1");
  std::string many = "updateUserStatus";
  for (std::size_t i = 0; i < UpdateTypes::most; ++i) many += ",updateUserStatus";
  CHECK_FALSE(UpdateTypes::read(schema(), many, "").has_value());
}

TEST_CASE("updates match where one of those in them has a type that is asked for") {
  const auto wanted = types("updateUserStatus,updateDeleteMessages");
  for (const auto* kind : {"updates", "updatesCombined"}) {
    INFO(kind);
    CHECK(wanted.match(schema(), encoded(all_of(kind, typing + "," + status))));
    CHECK_FALSE(wanted.match(schema(), encoded(all_of(kind, typing + "," + typing))));
    CHECK_FALSE(wanted.match(schema(), encoded(all_of(kind, ""))));
  }
  const auto in_short = [](const std::string& update) {
    return encoded(R"({"_cons":"updateShort","date":1,"update":)" + update + "}");
  };
  CHECK(wanted.match(schema(), in_short(status)));
  CHECK_FALSE(wanted.match(schema(), in_short(typing)));
}

TEST_CASE("the short forms of a message count as updateNewMessage") {
  for (const auto& form : {short_message, short_chat_message, short_sent}) {
    INFO(form);
    CHECK(types("updateNewMessage").match(schema(), encoded(form)));
    CHECK_FALSE(types("updateUserStatus").match(schema(), encoded(form)));
  }
}

TEST_CASE("updates of which nobody can tell what they are match") {
  const auto wanted = types("updateUserStatus");
  CHECK(wanted.match(schema(), encoded(R"({"_cons":"updatesTooLong"})")));
  const auto readable = encoded(all_of("updates", typing));
  REQUIRE_FALSE(wanted.match(schema(), readable));
  for (std::size_t size = 0; size < readable.size(); ++size) {
    CHECK(wanted.match(schema(), tl::ByteView(readable).first(size)));
  }
  auto longer = readable;
  longer.resize(longer.size() + 4);
  CHECK(wanted.match(schema(), longer));
  auto unknown = readable;
  unknown[12] ^= 0x55;
  CHECK(wanted.match(schema(), unknown));
}
