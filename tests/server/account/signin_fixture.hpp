// A sign-in over an account with scripted upstream connections, in the scheme of today.
#pragma once

#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/account/signin_driver.hpp"
#include "tests/server/account/account_fixture.hpp"
#include "tests/server/account/dialogue.hpp"

namespace support {

struct SigninDesk final : server::account::SigninUser {
  using Driver = server::account::SigninDriver;

  AccountWorld world;
  Listener client;
  std::shared_ptr<server::account::Account> account;
  std::shared_ptr<Driver> driver = std::make_shared<Driver>(world.random, world.services.runner());
  std::vector<std::unique_ptr<std::pmr::monotonic_buffer_resource>> arenas;  // of each step
  std::vector<server::account::SigninOutcome> outcomes;
  std::vector<std::shared_ptr<server::account::Account>> left;

  SigninDesk() {
    client.dc_too = [this](const server::account::DcChange& change, mtproto::Time now) {
      if (driver) driver->on_dc(change, now);
    };
    enter(2);
  }

  static SchemaPtr schema() { return {SchemaPtr(), &api_schema()}; }
  // Another account, in that data centre.
  void enter(int dc) {
    if (account) {
      account->leave(client);
      account->close();
      left.push_back(account);
    }
    auto settings = world.settings(schema());
    settings.home = mtproto::DcId(dc);
    account = std::make_shared<server::account::Account>(
        world.services, shared(std::move(settings)), server::account::Authorization{});
    account->join(client);
  }
  static server::account::SigninContext context(bool key = false) {
    return {12345, "0123456789abcdef", key};
  }
  // Why a step can't be taken, or else it is under way.
  std::optional<server::Failure> step(std::string_view json, bool key = false,
                                      std::string_view recaptcha_token = {}) {
    auto& arena = *arenas.emplace_back(std::make_unique<std::pmr::monotonic_buffer_resource>());
    const auto value = tl::read_json(json, arena);
    auto read = driver->read(*value, context(key), false, arena);
    if (!read) return read.error();
    read->recaptcha_token = recaptcha_token;
    driver->run(std::move(*read), *account, arena, tl::Notation::classic, *this, at(0));
    return {};
  }
  ScriptedUpstream& home() { return *world.upstreams.back(); }
  // Of what was sent last, by name.
  std::string called() {
    return std::string(schema()->function_by_id(home().method(home().sent.size() - 1))->name);
  }
  void answer_bytes(tl::Bytes body) {
    home().answer(home().sent.size() - 1, std::move(body));
    home().end_turn();
  }
  void answer(std::string_view json) { answer_bytes(encoded(*schema(), json)); }
  void refuse(int code, std::string_view message) { answer_bytes(error(code, message)); }
  const server::account::SigninOutcome& last() { return outcomes.at(outcomes.size() - 1); }
  std::string failed() { return last().failure ? last().failure->error : ""; }
  bool says(std::string_view part) { return last().text.find(part) != std::string::npos; }

  void on_signin_over(server::account::SigninOutcome outcome, mtproto::Time) override {
    outcomes.push_back(std::move(outcome));
  }
  server::account::Account* on_signin_moves(mtproto::DcId dc, mtproto::Time) override {
    moves.push_back(dc.value());
    if (!moves_on) return nullptr;
    enter(dc.value());
    return account.get();
  }

  std::vector<int> moves;
  bool moves_on = true;
};

inline constexpr std::string_view user_json =
    R"({"_cons":"auth.authorization","user":{"_cons":"user","id":"7","first_name":"Ada"}})";

}  // namespace support
