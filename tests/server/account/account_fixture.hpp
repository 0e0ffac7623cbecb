// An account over scripted upstream connections, and a client of it that writes down what it hears.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/account/account.hpp"
#include "tests/server/account/account_world.hpp"

namespace support {

using Lines = std::vector<std::string>;

// As a line each: "2 ready", "pushed aa", "update 3", "7 answer".
struct Listener final : server::account::AccountUser, server::account::Caller {
  void on_dc(const server::account::DcChange& change, mtproto::Time now) override {
    static constexpr const char* names[] = {"connecting", "key exchange", "ready", "waiting",
                                            "failed"};
    const auto dc = std::to_string(change.dc.value());
    hear(dc + " " + names[static_cast<std::size_t>(change.state)]);
    if (dc_too) dc_too(change, now);
  }
  bool claims(tl::ByteView) const override { return claims_all; }
  void on_pushed(tl::Slice body, mtproto::Time) override {
    hear("pushed " + std::to_string(tl::Reader(body).nat()));
  }
  void on_update(std::int64_t seq, tl::ByteView, mtproto::Time) override {
    hear("update " + std::to_string(seq));
  }
  void on_account_due() override { ++due; }
  void on_outcome(std::uint64_t tag, server::account::CallOutcome outcome, mtproto::Time) override {
    static constexpr const char* names[] = {"answer", "written", "lost", "unsendable",
                                            "unreachable"};
    hear(std::to_string(tag) + " " + names[outcome.index()]);
  }
  void hear(std::string line) {
    heard.push_back(std::move(line));
    if (then) then(heard.back());
  }

  Lines heard;
  std::function<void(const std::string&)> then;  // what it does about it
  std::function<void(const server::account::DcChange&, mtproto::Time)> dc_too;
  bool claims_all = false;
  std::size_t due = 0;
};

inline std::shared_ptr<server::account::Account> make_account(AccountWorld& world,
                                                              mtproto::SessionState session = {}) {
  return std::make_shared<server::account::Account>(
      world.services, shared(world.settings()),
      server::account::Authorization{std::move(session), {}, {}, {}});
}

// True: it was sent.
inline bool call(server::account::Account& account, mtproto::DcId dc, Listener& caller,
                 std::uint64_t tag) {
  std::optional<server::account::CallId> id;
  account.calls().call(dc, word(0xa), {}, caller, tag, at(0), id);
  return id.has_value();
}

}  // namespace support
