#include <catch2/catch.hpp>

#include "mtproto/message/gzip.hpp"
#include "server/sandbox/methods/call.hpp"
#include "tests/server/sandbox/fixture.hpp"

using namespace fixture;

namespace {

// A layer of long ago, as far as these tests go.
std::shared_ptr<const tl::Schema> old_schema() {
  static const auto schema = support::small_schema(R"(
inputUserSelf#f7c1b13f = InputUser;
inputPeerSelf#7da07ec9 = InputPeer;
userProfilePhotoEmpty#4f11bae1 = UserProfilePhoto;
user#2e13f4c3 flags:# self:flags.10?true id:int access_hash:flags.0?long first_name:flags.1?string photo:flags.5?UserProfilePhoto restriction_reason:flags.18?string = User;
peerUser#9db1bc6d user_id:int = Peer;
messageEntityBold#bd610bc9 offset:int length:int = MessageEntity;
message#44f9b43d flags:# out:flags.1?true id:int from_id:flags.8?int to_id:flags.9?Peer date:int message:string entities:flags.7?Vector<MessageEntity> views_count:int = Message;
updateNewMessage#1f2b0afd message:Message pts:int pts_count:int = Update;
updates#74ae4240 updates:Vector<Update> users:Vector<User> chats:Vector<Chat> date:int seq:int = Updates;
updateShortSentMessage#11f1331c flags:# out:flags.1?true id:int pts:int pts_count:int date:int entities:flags.7?Vector<MessageEntity> = Updates;
chatEmpty#9ba2d800 id:int = Chat;
weather#00000001 = Weather;
dialogFilterDefault#363293ae = DialogFilter;
updates.state#00000002 pts:int weather:Weather = updates.State;
nearestDc#8e1a1775 country:string this_dc:int nearest_dc:int = NearestDc;
---functions---
users.getUsers#0d91a548 id:Vector<InputUser> = Vector<User>;
messages.sendMessage#fa88427a flags:# peer:InputPeer message:string random_id:long entities:flags.3?Vector<MessageEntity> = Updates;
auth.logOut#5717da40 = Bool;
help.getNearestDc#1fb33026 = NearestDc;
updates.getState#edd4882a = updates.State;
messages.getDialogFilters#f19ed96d = Vector<DialogFilter>;
// LAYER 73
)");
  return schema;
}

tl::Bytes query(Client& client, const char* text) {
  return client.encoded(*tl::read_json(as_json(text), client.arena()));
}

std::string word(Client& client, const tl::Bytes& body) {
  const auto answer = client.decode(client.raw(body), tl::any_object);
  return answer.constructor() == "rpc_error" ? std::string(answer["error_message"].text()) : "";
}

template <class... Parts>
tl::Bytes joined(const Parts&... parts) {
  tl::Bytes out;
  (tl::append(out, parts), ...);
  return out;
}

tl::Bytes layer(std::int32_t number) {
  tl::Bytes out;
  tl::Writer(out).nat(0xda9b0d0d).int32(number);
  return out;
}

tl::Bytes init(bool with_json = false) {
  tl::Bytes out;
  tl::Writer(out).nat(0xc1cd5ea9).nat(with_json ? 2 : 0).int32(5);
  for (int i = 0; i < 6; ++i) tl::Writer(out).bytes(std::string_view("x"));
  if (with_json) {  // {"a": [1, true]}
    tl::Writer(out).nat(0x99c1d49d).vector(1).nat(0xc0de1bd9).bytes(std::string_view("a"));
    tl::Writer(out)
        .nat(0xf7444763)
        .vector(2)
        .nat(0x2be0dfa4)
        .float64(1)
        .nat(0xc7345e6a)
        .boolean(true);
  }
  return out;
}

}  // namespace

TEST_CASE("the wrappers come off in whatever order they were put on") {
  Fixture fixture;
  const auto after = [] {
    tl::Bytes out;
    tl::Writer(out).nat(0xcb9f372d).int64(4);
    return out;
  }();
  const auto quiet = [] {
    tl::Bytes out;
    tl::Writer(out).nat(0xbf9459b7);
    return out;
  }();
  Client maker(fixture);
  const auto inner = query(maker, "{'_cons':'help.getNearestDc'}");
  auto gzip = [&] {
    const auto big = joined(inner, tl::Bytes(0));
    if (auto packed = mtproto::pack_gzip(big)) return *packed;
    return big;
  }();
  for (const auto& body :
       {joined(layer(228), init(), inner), joined(init(), layer(228), inner),
        joined(after, layer(228), init(), inner), joined(layer(228), init(true), after, inner),
        joined(layer(228), init(), quiet, gzip)}) {
    Client client(fixture);
    CHECK(word(client, body) == "");
  }
  const auto with_words = [](std::uint32_t id, int words) {
    tl::Bytes out;
    tl::Writer(out).nat(id);
    for (int i = 0; i < words; ++i) tl::Writer(out).bytes(std::string_view("token"));
    return out;
  };
  for (const auto& wrapper : {with_words(0xdd289f8e, 1), with_words(0xadbb0f94, 1),
                              with_words(0x1df92984, 2), with_words(0x0dae54f8, 2)}) {
    Client client(fixture);
    CHECK(word(client, joined(layer(228), init(), wrapper, inner)) == "");
    CHECK(word(client, wrapper) == "INPUT_FETCH_ERROR");
  }
  Client client(fixture);
  CHECK(word(client, joined(init(), inner)) == "CONNECTION_LAYER_INVALID");
  CHECK(word(client, joined(layer(228), inner)) == "CONNECTION_NOT_INITED");
  CHECK(word(client, joined(layer(0), init(), inner)) == "CONNECTION_LAYER_INVALID");
}

TEST_CASE("what is no request is refused and nothing more") {
  Fixture fixture;
  Client client(fixture);
  client.call("{'_cons':'help.getNearestDc'}");
  const auto inner = query(client, "{'_cons':'help.getNearestDc'}");
  CHECK(word(client, {}) == "INPUT_FETCH_ERROR");
  CHECK(word(client, {1, 2, 3}) == "INPUT_FETCH_ERROR");
  CHECK(word(client, {1, 2, 3, 4}) == "INPUT_METHOD_INVALID_67305985_4");
  CHECK(word(client, joined(inner, tl::Bytes(4))) == "INPUT_REQUEST_TOO_LONG");
  CHECK(word(client, joined(layer(228), init())) == "INPUT_FETCH_ERROR");
  tl::Bytes nested;
  for (int i = 0; i < 100; ++i) tl::append(nested, layer(228));
  CHECK(word(client, joined(nested, inner)) == "INPUT_LAYER_INVALID");
  // Every cut of a real request.
  const auto whole = joined(layer(228), init(true),
                            query(client,
                                  "{'_cons':'users.getUsers','id':["
                                  "{'_cons':'inputUserSelf'}]}"));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CHECK(word(client, tl::Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)))
              .starts_with("INPUT_"));
  }
}

TEST_CASE("random bytes behind any method's id never do harm") {
  Fixture fixture;
  Client client(fixture);
  client.sign_in("9996620001", "22222");
  for (const auto name : method_names()) {
    if (name == "auth.logOut" || name == "auth.resetAuthorizations") continue;
    const auto* function = client.schema->function_by_name(name);
    REQUIRE(function != nullptr);
    for (int i = 0; i < 20; ++i) {
      tl::Bytes body(4 + (fixture.random.word() % 64) * 4);
      fixture.random.fill(body);
      std::memcpy(body.data(), &function->id, 4);
      CHECK_FALSE(client.raw(body).empty());
    }
  }
}

TEST_CASE("a method that is not played says so") {
  Fixture fixture;
  Client client(fixture);
  client.sign_in("9996620001", "22222");
  CHECK(client.refused("{'_cons':'help.getSupport'}") == "400 METHOD_NOT_PLAYED");
}

TEST_CASE("every method of the table is a function of the newest layer") {
  for (const auto name : method_names()) {
    INFO(name);
    CHECK(newest()->function_by_name(name) != nullptr);
  }
}

TEST_CASE("a client of an old layer is answered and told in its own words") {
  Fixture fixture({{73, old_schema()}});
  Client old(fixture), modern(fixture);
  modern.sign_in("9996620001", "22222");
  // Signing in is not in this scheme: the key was signed in by a newer layer before.
  Client again(fixture, 2, modern.address().key);
  again.schema = old_schema();
  again.layer = 73;
  const auto me = again.call("{'_cons':'users.getUsers','id':[{'_cons':'inputUserSelf'}]}");
  REQUIRE(me.items().size() == 1);
  CHECK(me.items()[0]["first_name"].text() == "Ada");
  CHECK(me.items()[0].find("status") == nullptr);

  modern.send("{'_cons':'inputPeerSelf'}", "@ada_lovelace hello");
  const auto heard = again.updates();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0]["message"]["message"].text() == "@ada_lovelace hello");
  CHECK(number(heard[0]["message"]["views_count"]) == 0);  // required there, unknown here
  CHECK(heard[0]["message"]["entities"].items().empty());  // a mention it has no word for
  CHECK(again.send("{'_cons':'inputPeerSelf'}", "x").constructor() == "updateShortSentMessage");
  CHECK(modern.updates().size() == 1);
  CHECK(again.refused("{'_cons':'updates.getState'}") == "400 METHOD_NOT_PLAYED");
  // Once a list, later an object with the list in it.
  CHECK(again.call("{'_cons':'messages.getDialogFilters'}").is_array());
  CHECK(modern.call("{'_cons':'messages.getDialogFilters'}")["filters"].is_array());
  CHECK(again.call("{'_cons':'auth.logOut'}").as_bool());
}

TEST_CASE(
    "a layer that is not loaded is answered by the nearest below, else by the nearest above") {
  LayerBook book({{228, newest()}, {73, old_schema()}});
  CHECK(book.pick(228).number == 228);
  CHECK(book.pick(300).number == 228);
  CHECK(book.pick(227).number == 73);
  CHECK(book.pick(73).number == 73);
  CHECK(book.pick(10).number == 73);
}

TEST_CASE("a layer on the shelf is read when it is first spoken, once") {
  std::vector<int> read;
  Shelf shelf{{73, 100, 228}, [&](int number) {
                read.push_back(number);
                return number == 100 ? nullptr : old_schema();
              }};
  LayerBook book({{228, newest()}}, std::move(shelf));
  CHECK(book.pick(228).schema == newest());
  CHECK(read.empty());
  // What can't be read is left out, and the next one stands in.
  CHECK(book.pick(120).number == 73);
  CHECK(read == std::vector{100, 73});
  CHECK(book.pick(73).schema == old_schema());
  CHECK(book.pick(100).number == 73);
  CHECK(read.size() == 2);
}

TEST_CASE("that a layer is not loaded is told once of each layer") {
  Fixture fixture;
  Client client(fixture);
  const auto ask = query(client, "{'_cons':'help.getNearestDc'}");
  word(client, joined(layer(228), init(), ask));
  CHECK_FALSE(fixture.dispatcher.told().stand_in);
  Client other(fixture);
  word(other, joined(layer(229), init(), ask));
  CHECK(fixture.dispatcher.told().stand_in == std::pair(229, 228));
  word(other, ask);
  CHECK_FALSE(fixture.dispatcher.told().stand_in);
}

TEST_CASE("a call after another is refused where that one failed or is still to come") {
  Fixture fixture;
  Client client(fixture);
  const auto good = query(client, "{'_cons':'help.getNearestDc'}");
  const auto bad = query(client, "{'_cons':'account.getPassword'}");
  const auto after = [](std::initializer_list<std::uint64_t> ids) {
    tl::Bytes out;
    tl::Writer(out).nat(0x3dc4b4f0).vector(static_cast<std::uint32_t>(ids.size()));
    for (const auto id : ids) tl::Writer(out).int64(static_cast<std::int64_t>(id));
    return out;
  };
  const auto due = [&] { return fixture.ids * 4; };  // the id of the next call
  const auto first = due();
  CHECK(word(client, joined(layer(228), init(), good)) == "");
  const auto failed = due();
  CHECK(word(client, bad) == "AUTH_KEY_UNREGISTERED");
  CHECK(word(client, joined(after({first}), good)) == "");
  CHECK(word(client, joined(after({first, failed}), good)) == "MSG_WAIT_FAILED");
  CHECK(word(client, joined(after({due()}), good)) == "MSG_WAIT_TIMEOUT");
  const auto refused = due() - 4;
  CHECK(word(client, joined(after({refused}), good)) == "MSG_WAIT_FAILED");
  // The other session's ids are its own.
  Client other(fixture);
  CHECK(word(other, joined(layer(228), init(), after({failed}), good)) == "");
}
