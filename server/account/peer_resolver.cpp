#include "server/account/peer_resolver.hpp"

#include <memory_resource>
#include <utility>

#include "server/account/call_failure.hpp"
#include "server/account/migration.hpp"
#include "tl/json_text.hpp"

namespace server::account {
namespace {

constexpr std::string_view unknown_name =
    R"({"_cons":"rpc_error","error_code":400,"error_message":"USERNAME_NOT_OCCUPIED",)"
    R"("_name":"USERNAME_NOT_OCCUPIED"})";

}  // namespace

std::optional<Failure> PeerResolver::resolve(Account& account, std::string name, std::uint64_t tag,
                                             Done done, mtproto::Time now) {
  if (account_ != &account) leave();
  account_ = &account;
  Question question{std::move(name), std::move(done), {}};
  if (auto failure = ask(question, tag, now)) return failure;
  questions_.put(tag, std::move(question));
  return {};
}

std::optional<Failure> PeerResolver::ask(Question& question, std::uint64_t tag, mtproto::Time now) {
  std::pmr::monotonic_buffer_resource arena;
  tl::Bytes body;
  const auto encoded =
      tl::encode(*account_->settings().schema, PeerNames::question(question.name, arena), {}, body);
  if (!encoded) {
    return scheme_error("/message", "this layer can't resolve names: " + encoded.error().text);
  }
  mtproto::SendOptions options;
  options.repeat = mtproto::Repeat::freely;
  const auto reach = account_->calls().call(home_dc, std::move(body), std::move(options), *this,
                                            tag, now, question.call);
  if (reach != CallTable::Reach::there) return no_way_to(account_->connections(), home_dc, reach);
  return {};
}

void PeerResolver::on_outcome(std::uint64_t tag, CallOutcome outcome, mtproto::Time now) {
  const auto found = questions_.find(tag);
  if (found == questions_.end()) return;
  auto& question = found->second;
  Result result;
  if (const auto* body = std::get_if<tl::Slice>(&outcome)) {
    const auto error = rpc_error(*body);
    if (error && wants_init(*error) && !std::exchange(question.initialised, true)) {
      account_->initialise(home_dc);
      result.failure = ask(question, tag, now);
      if (!result.failure) return;
    } else {
      result = learn(question, *body, now);
    }
  } else {
    result.failure = call_failure(account_->connections(), home_dc, outcome);
  }
  const auto done = std::move(question.done);
  questions_.erase(found);
  done(std::move(result), now);
}

PeerResolver::Result PeerResolver::learn(const Question& question, tl::ByteView answer,
                                         mtproto::Time now) {
  std::pmr::monotonic_buffer_resource arena;
  Result out;
  const auto value = tl::decode_value(*account_->settings().schema, tl::any_object, answer, arena);
  if (value && rpc_error(*value)) {
    tl::write_json(named_error(*value, arena), out.refusal);
  } else if (!value || !account_->names().learn(question.name, *value, now)) {
    out.refusal = unknown_name;
  }
  return out;
}

bool PeerResolver::cancel(std::uint64_t tag) {
  const auto found = questions_.find(tag);
  if (found == questions_.end()) return false;
  const bool interrupted = account_->calls().interrupted(*found->second.call);
  account_->calls().forget(*this, tag);
  questions_.erase(found);
  return interrupted;
}

void PeerResolver::leave() {
  if (account_ != nullptr && !questions_.empty()) account_->calls().forget(*this);
  questions_.clear();
  account_ = nullptr;
}

}  // namespace server::account
