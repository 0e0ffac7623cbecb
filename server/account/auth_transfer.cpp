#include "server/account/auth_transfer.hpp"

#include <memory_resource>
#include <optional>

#include "server/account/migration.hpp"
#include "tl/codec.hpp"

namespace server::account {
namespace {

using Arena = std::pmr::monotonic_buffer_resource;
using tl::Value;

// None where the scheme does not know the call.
std::optional<tl::Bytes> encoded(const tl::Schema& schema, const Value& call) {
  tl::Bytes body;
  if (!tl::encode(schema, call, {}, body)) return {};
  return body;
}

std::optional<tl::Bytes> export_call(const tl::Schema& schema, mtproto::DcId to) {
  Arena arena;
  const tl::Builder make(arena);
  return encoded(schema,
                 make.object("auth.exportAuthorization", {{"dc_id", Value::integer(to.value())}}));
}

std::optional<tl::Bytes> import_call(const tl::Schema& schema, tl::ByteView exported) {
  Arena arena;
  const tl::Builder make(arena);
  const auto value = tl::decode_value(schema, tl::any_object, exported, arena);
  if (!value || value->constructor() != "auth.exportedAuthorization") return {};
  return encoded(schema, make.object("auth.importAuthorization",
                                     {{"id", (*value)["id"]}, {"bytes", (*value)["bytes"]}}));
}

}  // namespace

AuthTransfer::Step AuthTransfer::begin(bool key_at_home) {
  again_ = false;
  auto call = key_at_home ? export_call(*schema_, to_) : std::nullopt;
  if (!call) return opened();
  state_ = State::exporting;
  return AskHome{std::move(*call)};
}

AuthTransfer::Step AuthTransfer::home_answered(tl::ByteView answer) {
  if (const auto error = rpc_error(answer)) {
    return signed_out(*error) ? opened() : refused(answer);
  }
  auto call = import_call(*schema_, answer);
  if (!call) return opened();
  state_ = State::importing;
  return AskThere{std::move(*call)};
}

AuthTransfer::Step AuthTransfer::there_answered(tl::ByteView answer) {
  const auto error = rpc_error(answer);
  if (!error) return opened();
  // What was exported is good for a short time and once: what became of it may be unknown.
  const bool stale = error->message == "AUTH_BYTES_INVALID" || wants_init(*error);
  return stale && !again_ ? export_once_more(answer) : refused(answer);
}

AuthTransfer::Step AuthTransfer::export_once_more(tl::ByteView refusal) {
  auto call = export_call(*schema_, to_);
  if (!call) return refused(refusal);
  again_ = true;
  state_ = State::exporting;
  return AskHome{std::move(*call)};
}

AuthTransfer::Step AuthTransfer::refused(tl::ByteView answer) {
  state_ = State::closed;
  return Refused{tl::Bytes(answer.begin(), answer.end())};
}

AuthTransfer::Step AuthTransfer::opened() {
  state_ = State::open;
  return Opened{};
}

}  // namespace server::account
