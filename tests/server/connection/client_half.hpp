// The parts of a connection without the connection: a client's attributes with an account at a
// scripted Telegram, and a queue of its requests. Tests put on it what they look at.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "server/connection/client_attributes.hpp"
#include "server/connection/request_encoder.hpp"
#include "server/connection/request_queue.hpp"
#include "tests/server/connection/scripted_world.hpp"

namespace support {

class ClientHalf : public ScriptedThread,
                   protected server::account::AccountUser,
                   protected server::ClientAttributes::User {
 public:
  explicit ClientHalf(ScriptedTelegram::Handler handler = silence, const Terms& terms = {},
                      bool stateless = false)
      : ScriptedThread(std::move(handler), terms),
        queue(memory),
        attributes(limits(stateless), options(stateless), server(), accounts, *this, *this) {}
  ~ClientHalf() override {
    attributes.close();
    turn();
  }

  // A request that came, not begun.
  server::ClientRequest& arrive(std::string_view json, mtproto::Time now = start) {
    auto object = read_object(memory, json);
    if (std::holds_alternative<server::channel::NoObject>(object)) {
      throw std::runtime_error("no object: " + std::string(json));
    }
    return queue.add(std::get<server::Incoming>(std::move(object)), std::chrono::seconds(10), now);
  }
  // What comes of its attributes; a failure's path, or "".
  std::string set(std::string_view json) {
    auto& request = arrive(json);
    auto plan = attributes.read(request);
    auto path = plan ? std::string() : plan.error().path;
    if (plan) attributes.apply(std::move(*plan), start);
    queue.erase(request);
    return path;
  }

  static constexpr mtproto::Time start{std::chrono::hours(1)};

  server::RequestQueue queue;
  server::ClientAttributes attributes;
  std::vector<std::string> left;    // why accounts were left
  std::vector<bool> changed;        // whether the next was another
  std::vector<std::string> pushed;  // as JSON
  std::size_t failures = 0;         // of connections

 protected:
  void on_dc(const server::account::DcChange& change, mtproto::Time) override {
    if (change.failure) ++failures;
  }
  bool claims(tl::ByteView) const override { return false; }
  void on_pushed(tl::Slice body, mtproto::Time) override { pushed.push_back(text(body)); }
  void on_update(std::int64_t, tl::ByteView body, mtproto::Time) override {
    pushed.push_back(text(body));
  }
  void on_updates_due() override {}
  void on_key_gone(const std::string&, mtproto::Time) override {}
  void on_account_leaving(const char* why, mtproto::Time) override { left.emplace_back(why); }
  void on_account_changed(bool another, mtproto::Time) override { changed.push_back(another); }

  std::string text(tl::ByteView body) const {
    std::string out;
    tl::decode_text(*attributes.scheme().schema, tl::any_object, body, tl::Notation::classic, out);
    return out;
  }
};

}  // namespace support
