// What accounts need around them, without a socket and without waiting: scripted upstream
// connections, work that is done at once, and an event loop that runs when the test says so.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <memory_resource>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "server/account/account.hpp"
#include "server/account/account_services.hpp"
#include "server/account/dc_connections.hpp"
#include "tests/server/account/scripted_upstream.hpp"
#include "tests/server/two_layers.hpp"
#include "tests/support/scripted_random.hpp"
#include "tl/codec.hpp"
#include "tl/json_reader.hpp"

namespace support {

using SchemaPtr = std::shared_ptr<const tl::Schema>;

// A time that a test makes up.
inline mtproto::Time at(std::int64_t seconds) {
  return mtproto::Time(std::chrono::seconds(seconds));
}

// two_layers.hpp's, and what brings an authorization elsewhere.
inline SchemaPtr account_schema() {
  static const auto schema = parse_schema({{"small.tl", std::string(small_api) + R"(
auth.logOut#3e72ba19 = Bool;
auth.exportAuthorization#e5bfffcd dc_id:int = auth.ExportedAuthorization;
auth.importAuthorization#a57a7dad id:long bytes:bytes = auth.ExportedAuthorization;
---types---
auth.exportedAuthorization#b434e2b8 id:long bytes:bytes = auth.ExportedAuthorization;
messages.affectedMessages#84d19185 pts:int pts_count:int = messages.AffectedMessages;
)"},
                                           {"mtproto.tl", read_file(mtproto_tl_file())}});
  return schema;
}

inline tl::Bytes encoded(const tl::Schema& schema, std::string_view json) {
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::read_json(json, arena);
  tl::Bytes out;
  if (!value || !tl::encode(schema, *value, {}, out)) {
    throw std::invalid_argument("can't encode " + std::string(json.substr(0, 200)));
  }
  return out;
}

inline mtproto::AuthKey key_of(std::uint8_t byte) {
  std::array<std::uint8_t, mtproto::AuthKey::size> bytes;
  bytes.fill(byte);
  return mtproto::AuthKey(bytes);
}

inline mtproto::SessionState session_of(std::uint8_t key, std::uint64_t session) {
  return {key_of(key), mtproto::SessionId(session), 3, 7};
}

// Data centres 1 to `count`.
inline std::shared_ptr<server::upstream::Telegram> some_telegram(int count = 10) {
  auto out = std::make_shared<server::upstream::Telegram>();
  for (int dc = 1; dc <= count; ++dc) out->data_centres[dc] = {{"192.0.2.1", 443, false}};
  return out;
}

struct AccountWorld {
  AccountWorld() {
    services.make_upstream = [this](std::shared_ptr<const server::upstream::UpstreamSettings> with,
                                    mtproto::SessionState state,
                                    server::upstream::UpstreamCallbacks& user) {
      return upstreams.emplace_back(
          std::make_shared<ScriptedUpstream>(*with, std::move(state), user));
    };
  }

  server::account::DcSettings settings(SchemaPtr schema = account_schema()) const {
    server::account::DcSettings out;
    out.telegram = telegram;
    out.prefix = word(1);
    out.schema = std::move(schema);
    return out;
  }
  // In the order in which they were made.
  ScriptedUpstream& upstream(std::size_t n) { return *upstreams.at(n); }
  // What was posted is done.
  void turn() {
    context.restart();
    context.poll();
  }

  boost::asio::io_context context{1};
  ScriptedRandom random;
  server::upstream::WorkPool pool{0};
  server::account::LiveAccounts live;
  server::MemoryMeter memory{std::size_t{64} << 20};
  std::shared_ptr<server::upstream::Telegram> telegram = some_telegram();
  std::vector<std::shared_ptr<ScriptedUpstream>> upstreams;
  server::account::AccountServices services{context.get_executor(), random, pool, live, memory};
};

inline std::shared_ptr<const server::account::DcSettings> shared(server::account::DcSettings of) {
  return std::make_shared<const server::account::DcSettings>(std::move(of));
}

inline void set_schema(server::account::Account& account, SchemaPtr schema) {
  auto settings = account.settings();
  settings.schema = std::move(schema);
  account.speak_as(shared(std::move(settings)));
}

}  // namespace support
