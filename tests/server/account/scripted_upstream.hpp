// An upstream connection without a socket: what goes out is kept, and the test says what comes.
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "server/account/account_event.hpp"
#include "server/upstream/upstream_connection.hpp"
#include "tl/reader.hpp"
#include "tl/writer.hpp"

namespace support {

inline tl::Bytes word(std::uint32_t id) {
  tl::Bytes out;
  tl::Writer(out).nat(id);
  return out;
}

inline constexpr std::uint32_t error_id = 0x2144ca19;

inline tl::Bytes error(std::int32_t code, std::string_view text) {
  tl::Bytes out;
  tl::Writer(out).nat(error_id).int32(code).bytes(text);
  return out;
}

struct ScriptedUpstream final : server::upstream::UpstreamHandle {
  struct Sent {
    mtproto::RequestId id;
    tl::SharedBytes body;
    mtproto::SendOptions options;
  };

  ScriptedUpstream(server::upstream::UpstreamSettings with, mtproto::SessionState state_in,
                   server::upstream::UpstreamCallbacks& of)
      : user(of), settings(std::move(with)), session(std::move(state_in)) {}

  void open() override { ++opened; }
  void close() override { closed = true; }
  void set_prefix(tl::SharedBytes prefix) override {
    const tl::ByteView all = prefix;
    prefixes.emplace_back(all.begin(), all.end());
  }
  mtproto::RequestId send(tl::SharedBytes body, mtproto::SendOptions options) override {
    sent.push_back({mtproto::RequestId(1000 + sent.size()), std::move(body), std::move(options)});
    return sent.back().id;
  }
  void forget(mtproto::RequestId id) override { forgotten.push_back(id); }
  void pause(bool to) override { paused = to; }
  bool ready() const override { return up; }
  mtproto::DcId dc() const override { return settings.dc; }
  mtproto::UnixTime server_time() const override { return time; }
  const mtproto::SessionState& state() const override { return session; }

  // The first word of what was sent, behind invokeWithoutUpdates.
  std::uint32_t method(std::size_t n) const {
    constexpr std::uint32_t without_updates = 0xbf9459b7;
    tl::Reader in(sent.at(n).body);
    const auto id = in.nat();
    return id == without_updates ? in.nat() : id;
  }

  // --- what comes, unless it was closed ---

  void come_up() {
    up = true;
    if (!closed) user.on_ready();
  }
  void answer(std::size_t n, tl::Bytes body) {
    if (!closed) user.on_answer(sent.at(n).id, std::move(body));
  }
  void go_down(std::string_view reason, bool final = false) {
    server::upstream::UpstreamFailure failure;
    failure.reason = reason;
    failure.was_up = std::exchange(up, false);
    failure.final = final;
    if (!closed) user.on_down(failure);
  }
  // Of all that came at once.
  void end_turn() {
    if (!closed) user.on_changed();
  }

  server::upstream::UpstreamCallbacks& user;
  server::upstream::UpstreamSettings settings;
  mtproto::SessionState session;
  mtproto::UnixTime time{};
  std::vector<Sent> sent;
  std::vector<mtproto::RequestId> forgotten;
  std::vector<tl::Bytes> prefixes;
  std::size_t opened = 0;
  bool up = false;
  bool paused = false;
  bool closed = false;
};

// Counts the turns that a queue of events asks for.
struct Wakes final : server::account::EventQueue::User {
  void on_event_late() override { ++count; }
  std::size_t count = 0;
};

}  // namespace support
