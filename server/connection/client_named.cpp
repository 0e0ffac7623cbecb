// A client's hold on an account that the gateway keeps.
#include "server/connection/client_attributes.hpp"

#include <utility>

namespace server {

using named::NamedAccount;

namespace {

Failure lives_elsewhere() {
  return {"SessionError",
          "an account is named while nothing else is asked, or in the first object of a connection",
          "/account",
          {},
          {}};
}

}  // namespace

// --- reading ---

std::optional<Failure> ClientAttributes::read_named(const Request& asked, SessionFormat& as,
                                                    AttributePlan& plan) const {
  if (!asked.account) {
    const bool own = asked.session || asked.server;
    if (!named_ || !own) return {};
    return type_error(asked.session ? "/session" : "/server",
                      "this connection speaks as a named account, which has its own; "
                      R"({"account":null} lets go of it)");
  }
  auto read = read_account_attribute(*asked.account);
  if (!read) return read.error();
  if (auto failure = forbidden_account(*read, limits_.scope.get())) return failure;
  if (!read->lets_go && limits_.named == nullptr) return no_accounts_kept();
  if (read->as) as = read->as;
  plan.account = *read;
  return {};
}

// It could not be had, or was taken from this gateway and is not back yet.
std::optional<Failure> ClientAttributes::not_to_be_used(const NamedAccount* account) const {
  if (account == nullptr) return {};
  const auto state = account->state();
  if (state != NamedAccount::State::failed && state != NamedAccount::State::away) return {};
  return store_failure(account->error(), limits_.scope.get());
}

// Loading it may take a while: whoever reads looks whether it is there.
std::optional<Failure> ClientAttributes::open_named(const Request& asked,
                                                    AttributePlan& plan) const {
  if (!plan.account) {
    plan.named = named_;
    return not_to_be_used(named_.get());
  }
  if (plan.account->lets_go) {
    plan.other_account = named_ != nullptr;
    return {};
  }
  if (!limits_.named->has(plan.account->name)) return lives_elsewhere();
  plan.named = limits_.named->accounts.open(plan.account->name);
  if (auto failure = not_to_be_used(plan.named.get())) return failure;
  const auto state = plan.named->state();
  // One that is not there can't be signed out.
  const bool makes = asked.signin && (plan.named->signing_in() || !asked.signin->find("sign_out"));
  // Who asks by path is told so each time, though its connection was kept from call to call.
  const bool knows = plan.named == named_ && !stateless();
  if (state == NamedAccount::State::absent && !makes && !knows) {
    return no_such_account(plan.account->name);
  }
  return {};
}

// --- applying ---

void ClientAttributes::apply_named(AttributePlan& plan, mtproto::Time now) {
  if (plan.named != named_) {
    leave(plan.named ? "an account was named" : "the account was let go of", now);
    // That nobody uses the one may close another that nobody uses yet.
    if (plan.named) plan.named->attach(*this);
    if (const auto before = std::exchange(named_, plan.named)) before->detach(*this);
    if (named_) {
      server_ = limits_.named->server;
      enter_named(now);
    } else {
      set_dc(limits_.usual_dc);
      enter({}, true, now);
    }
    return user_.on_named(plan.account->updates_after);
  }
  if (plan.account->updates_after) user_.on_named(plan.account->updates_after);
}

void ClientAttributes::enter_named(mtproto::Time now) {
  set_dc(named_->dc());
  settings_ = dc_settings();
  handle_ = named_->join(account_user_);
  user_.on_account_changed(true, now);
}

void ClientAttributes::on_leaving(const char* why, mtproto::Time now) { leave(why, now); }

void ClientAttributes::close() {
  handle_->leave();
  if (const auto before = std::exchange(named_, nullptr)) before->detach(*this);
}

std::string ClientAttributes::account_text() const {
  if (!named_) return "null";
  std::string out;
  named_->write(options_->json, out);
  return out;
}

}  // namespace server
