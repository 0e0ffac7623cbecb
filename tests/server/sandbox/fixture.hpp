// A sandbox without sockets under scripted time: a world with its dispatcher, and clients that call
// it by JSON and hear its updates.
#pragma once

#include <map>
#include <memory>
#include <memory_resource>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "server/sandbox/dispatcher.hpp"
#include "server/sandbox/world/seed_data.hpp"
#include "tests/support/api_schema.hpp"
#include "tests/support/places.hpp"
#include "tests/support/scripted_random.hpp"
#include "tl/codec.hpp"
#include "tl/json_reader.hpp"
#include "tl/reader.hpp"
#include "tl/writer.hpp"

namespace fixture {

using namespace server::sandbox;
using tl::Value;

inline std::shared_ptr<const tl::Schema> newest() {
  static const auto schema =
      support::parse_schema({{"api.tl", support::read_file(support::api_tl_file())}});
  return schema;
}

inline std::string json(const Value& value) {
  std::string out;
  tl::write_json(value, out);
  return out;
}

// Single quotes for double ones, so that requests can be read.
inline std::string as_json(std::string_view text) {
  std::string out(text);
  for (auto& c : out) {
    if (c == '\'') c = '"';
  }
  return out;
}

class Client;

struct Fixture {
  explicit Fixture(std::vector<Layer> more = {})
      : layers(std::move(more)),
        random(7),
        world(random),
        dispatcher(world, LayerBook(all_layers()), data_centres()) {
    world.set_time(now, wall);
    seed_world(world);
  }

  std::vector<Layer> all_layers() const {
    std::vector<Layer> out{{228, newest()}};
    out.insert(out.end(), layers.begin(), layers.end());
    return out;
  }
  static std::vector<DataCentre> data_centres() {
    return {{1, "127.0.0.1", 15431}, {2, "127.0.0.1", 15432}, {3, "127.0.0.1", 15433}};
  }

  // Time goes on; whatever is due by then happens at its time.
  void pass(mtproto::Duration time);
  void deliver();

  std::vector<Layer> layers;
  support::ScriptedRandom random;
  mtproto::Time now{std::chrono::hours(1)};
  mtproto::UnixTime wall{std::chrono::seconds(1'800'000'000)};
  World world;
  Dispatcher dispatcher;
  std::map<mtproto::SessionAddress, Client*> clients;
  std::uint64_t ids = 1;
};

class Client {
 public:
  explicit Client(Fixture& fixture, std::int32_t dc = 2, mtproto::AuthKeyId key = {})
      : fixture_(fixture), dc_(dc) {
    address_.key = key.value() != 0 ? key : mtproto::AuthKeyId(fixture.ids++);
    address_.session = mtproto::SessionId(fixture.ids++);
    fixture_.clients[address_] = this;
  }
  ~Client() { fixture_.clients.erase(address_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Bytes in, bytes out.
  tl::Bytes raw(tl::ByteView body) {
    auto answer = fixture_.dispatcher.call(address_, next_message(), body, dc_, fixture_.now,
                                           fixture_.wall, ring);
    ++fixture_.ids;
    fixture_.deliver();
    return answer;
  }

  tl::Bytes encoded(const Value& message) {
    tl::Bytes body;
    tl::EncodeOptions options;
    options.random = &fixture_.random;
    const auto good = tl::encode(*schema, message, options, body);
    if (!good) throw std::runtime_error(good.error().path + ": " + good.error().text);
    return body;
  }

  // invokeWithLayer(initConnection(query)) the first time.
  tl::Bytes wrapped(const tl::Bytes& query, std::int32_t api_id = 1) const {
    tl::Bytes out;
    tl::Writer(out).nat(0xda9b0d0d).int32(layer).nat(0xc1cd5ea9).nat(0).int32(api_id);
    for (const auto* text : {"test", "1", "1", "en", "", "en"})
      tl::Writer(out).bytes(std::string_view(text));
    tl::append(out, query);
    return out;
  }

  Value call(std::string_view text) {
    const auto message = tl::read_json(as_json(text), arena_);
    if (!message) throw std::runtime_error("no JSON: " + std::string(text));
    return call(*message);
  }
  Value call(const Value& message) {
    auto body = encoded(message);
    if (!inited_) body = wrapped(body);
    inited_ = true;
    const auto answer = raw(body);
    const auto* function = schema->function_by_name(message.constructor());
    return decode(answer, function != nullptr ? function->result : tl::any_object);
  }

  // The word of the error, or "" where it went well.
  std::string refused(std::string_view text) {
    const auto answer = call(text);
    if (answer.constructor() != "rpc_error") return "";
    return std::to_string(answer["error_code"].as_int64().value_or(0)) + " " +
           std::string(answer["error_message"].text());
  }

  Value decode(tl::ByteView body, tl::TypeRef due) {
    tl::Reader in(body);
    if (in.peek() == 0x2144ca19) {
      in.nat();
      const tl::Builder make(arena_);
      const auto code = in.int32();
      const auto text = in.bytes();
      return make.object("rpc_error", {{"error_code", Value::integer(code)},
                                       {"error_message", make.string(tl::as_text(text))}});
    }
    const auto value = tl::decode_value(*schema, due, body, arena_);
    if (!value) throw std::runtime_error(value.error().path + ": " + value.error().text);
    return *value;
  }

  void hear(tl::ByteView body) {
    heard.push_back(decode(body, schema->find_type("Updates").value()));
  }
  // All updates heard since the last time, one by one.
  std::vector<Value> updates() {
    std::vector<Value> out;
    for (const auto& one : std::exchange(heard, {})) {
      for (const auto& update : one["updates"].items()) out.push_back(update);
    }
    return out;
  }

  Value sign_in(std::string_view phone, std::string_view code) {
    const auto sent = call("{'_cons':'auth.sendCode','phone_number':'" + std::string(phone) +
                           "','api_id':1,'api_hash':'x'}");
    return call("{'_cons':'auth.signIn','phone_number':'" + std::string(phone) +
                "','phone_code_hash':'" + std::string(sent["phone_code_hash"].text()) +
                "','phone_code':'" + std::string(code) + "'}");
  }
  // As a number that has no account yet.
  Value sign_up(std::string_view phone, std::string_view name) {
    const auto code = std::string(5, phone[5]);
    const auto sent = call("{'_cons':'auth.sendCode','phone_number':'" + std::string(phone) +
                           "','api_id':1,'api_hash':'x'}");
    const auto hash = std::string(sent["phone_code_hash"].text());
    call("{'_cons':'auth.signIn','phone_number':'" + std::string(phone) + "','phone_code_hash':'" +
         hash + "','phone_code':'" + code + "'}");
    return call("{'_cons':'auth.signUp','phone_number':'" + std::string(phone) +
                "','phone_code_hash':'" + hash + "','first_name':'" + std::string(name) +
                "','last_name':''}");
  }

  // {"_cons":"inputPeerUser",…} of whoever has that username.
  std::string peer(std::string_view username) {
    const auto found =
        call("{'_cons':'contacts.resolveUsername','username':'" + std::string(username) + "'}");
    return input("inputPeerUser", found["users"].items()[0]);
  }
  static std::string input(std::string_view kind, const Value& user) {
    return "{'_cons':'" + std::string(kind) +
           "','user_id':" + std::to_string(user["id"].as_int64().value()) +
           ",'access_hash':" + std::to_string(user["access_hash"].as_int64().value()) + "}";
  }
  Value send(std::string_view peer, std::string_view text) {
    return call("{'_cons':'messages.sendMessage','peer':" + std::string(peer) + ",'message':'" +
                std::string(text) + "'}");
  }
  std::int64_t pts() { return call("{'_cons':'updates.getState'}")["pts"].as_int64().value(); }

  const mtproto::SessionAddress& address() const { return address_; }
  std::pmr::monotonic_buffer_resource& arena() { return arena_; }

  // As which the next call will go.
  mtproto::MessageId next_message() const { return mtproto::MessageId(fixture_.ids * 4); }

  mtproto::KeyRing* ring = nullptr;  // none: all keys are permanent
  std::vector<Value> heard;
  std::shared_ptr<const tl::Schema> schema = newest();
  std::int32_t layer = 228;

 private:
  Fixture& fixture_;
  std::int32_t dc_;
  mtproto::SessionAddress address_;
  bool inited_ = false;
  std::pmr::monotonic_buffer_resource arena_;
};

inline void Fixture::deliver() {
  for (const auto& push : dispatcher.take_pushes()) {
    const auto client = clients.find(push.to);
    if (client != clients.end()) {
      client->second->hear(*push.body);
    } else {
      dispatcher.missed(push.to);
    }
  }
}

inline void Fixture::pass(mtproto::Duration time) {
  const auto until = now + time;
  while (true) {
    const auto due = dispatcher.deadline();
    const auto next = due && *due < until ? std::max(*due, now) : until;
    wall += next - now;
    now = next;
    dispatcher.tick(now, wall);
    deliver();
    if (next == until) return;
  }
}

inline std::int64_t number(const Value& value) { return value.as_int64().value_or(-1); }

}  // namespace fixture
