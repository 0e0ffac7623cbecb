// Carries out what the sign-in machine wants: calls, another data centre, arithmetic.
#include <memory_resource>

#include "server/account/migration.hpp"
#include "server/connection.hpp"

namespace server {

Failure Connection::refusal_failure(const account::Refusal& refusal, std::string_view state) {
  Failure failure{refusal.error, refusal.text, {}, {}, {}};
  if (refusal.error == "SigninError") {
    std::string text;
    tl::write_json_string(state, text);
    failure.more.emplace_back("state", std::move(text));
    if (!refusal.path.empty()) failure.path = "/signin" + refusal.path;
  } else {
    failure.path = "/signin" + refusal.path;
  }
  return failure;
}

std::optional<Failure> Connection::drive(Exchange& exchange, account::Action action) {
  struct Visitor {
    Connection& self;
    Exchange& exchange;

    std::optional<Failure> operator()(const account::Call& call) {
      if (call.message.constructor() == "auth.exportLoginToken") self.code_scanned_ = false;
      exchange.body.clear();
      exchange.send = {};
      exchange.attempts.initialised = false;
      tl::EncodeOptions how;
      how.random = &self.random_;
      auto encoded = tl::encode(*self.scheme().schema, call.message, how, exchange.body);
      if (!encoded) {
        self.signin_->failed();
        return Failure{"SchemeError",
                       "this layer does not know the sign-in of today: " + encoded.error().text,
                       {},
                       {},
                       {}};
      }
      exchange.encoding = std::move(*encoded);
      exchange.send.repeat = mtproto::Repeat::ask;
      self.send(exchange, Purpose::signin);
      return {};
    }
    std::optional<Failure> operator()(const account::Move& move) {
      self.drop_link("sign-in moves to another data centre");
      self.saved_ = {};
      if (self.recovery_) self.recovery_->signed_out();
      self.server_.dc = move.dc;
      if (!self.ensure_link()) {
        self.signin_->failed();
        return connection_error(
            move.dc.value(), "unknown data centre",
            "no address of data centre " + std::to_string(move.dc.value()) + " is known");
      }
      self.moving_ = true;
      self.link_->open();
      return {};
    }
    std::optional<Failure> operator()(account::Compute& compute) {
      auto done = [weak = self.weak_from_this(),
                   number = exchange.number](std::unique_ptr<mtproto::Work> result) {
        const auto connection = weak.lock();
        if (!connection || connection->closed_) return;
        auto* found = connection->find(number);
        if (found == nullptr || found->state != Exchange::State::signing) return;
        connection->drive_on(*found,
                             connection->signin_->done(std::move(result), found->arena->memory()));
      };
      self.gateway_.pool.run(std::move(compute.work), self.executor_, std::move(done));
      return {};
    }
    std::optional<Failure> operator()(const account::Reply& reply) {
      self.authorization_known_ = true;
      self.user_id_ = self.signin_->user_id();
      if (self.recovery_ && self.signin_->state() == "done") {
        self.recovery_->signed_in(upstream::boot_time());
        self.carry_out({});
      }
      const bool refused = !reply.signin["error"].is_null();
      // The code is still there, though not a fresh one: nothing to tell.
      if (exchange.own && refused && self.shows_code()) {
        self.finish(exchange, {});
        return {};
      }
      if (!exchange.own) self.plan_refresh();
      const auto text = self.signin_text(reply.signin);
      Outcome outcome;
      outcome.signin = text;
      outcome.answered = true;
      self.finish(exchange, outcome);
      return {};
    }
    std::optional<Failure> operator()(const account::Refusal& refusal) {
      return refusal_failure(refusal, self.signin_->state());
    }
  };
  return std::visit(Visitor{*this, exchange}, action);
}

void Connection::drive_on(Exchange& exchange, account::Action action) {
  if (auto failure = drive(exchange, std::move(action))) fail(exchange, std::move(*failure));
}

void Connection::signin_answered(Exchange& exchange, tl::ByteView body) {
  auto& arena = exchange.arena->memory();
  // The views in the value are of `body`: it must live as long as the step.
  const auto kept = tl::Builder(arena).bytes(body);
  const auto due = exchange.encoding.result;
  auto value = tl::decode_value(*scheme().schema, due, kept.as_bytes(), arena);
  if (!value) value = tl::decode_value(*scheme().schema, tl::any_object, kept.as_bytes(), arena);
  if (!value) {
    return signin_failed(
        exchange, Failure{"SchemeError",
                          "Telegram's answer can't be read in this layer: " + value.error().text,
                          {},
                          {},
                          {}});
  }
  const auto refusal = account::rpc_error(kept.as_bytes());
  account_gone(exchange, refusal ? &*refusal : nullptr);
  drive_on(exchange, signin_->answered(*value, arena));
}

// Telegram says that the key opens nothing (any more): whoever was signed in may sign in again.
void Connection::signed_out() {
  if (signin_ && signin_->state() != "done") return;
  if (signin_) signin_->reset();
  authorization_known_ = false;
  user_id_.reset();
}

void Connection::signin_failed(Exchange& exchange, Failure failure) {
  moving_ = false;
  signin_->failed();
  fail(exchange, std::move(failure));
}

// No answer in time: where we are, and why no further.
void Connection::signin_late(Exchange& exchange) {
  moving_ = false;
  signin_->failed();
  const auto waited = rpc_timeout(upstream::boot_time() - exchange.begun);
  auto text = std::string("{\"state\":");
  tl::write_json_string(signin_->state(), text);
  text += ",\"error\":" + waited + "}";
  Outcome outcome;
  outcome.signin = text;
  finish(exchange, outcome);
}

// TL objects in it are written in the connection's notation, the rest is JSON already.
std::string Connection::signin_text(const tl::Value& signin) const {
  std::string out = "{";
  for (const auto& [key, value] : signin.members()) {
    if (out.size() > 1) out += ',';
    tl::write_json_string(key, out);
    out += ':';
    const bool tl_object =
        (key == "user" || key == "object" || key == "terms") && !value.constructor().empty();
    tl::Bytes bytes;
    if (tl_object && tl::encode(*scheme().schema, value, {}, bytes)) {
      tl::decode_text(*scheme().schema, tl::any_object, bytes, notation(), out);
    } else {
      tl::write_json(value, out);
    }
  }
  return out + '}';
}

}  // namespace server
