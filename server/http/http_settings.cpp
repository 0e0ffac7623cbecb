// What is set over HTTP, by a short body: PATCH /api/v1/{account}, PUT …/webhooks/{name}.
#include <memory_resource>

#include "server/connection/account_attribute.hpp"
#include "server/gateway/account_news.hpp"
#include "server/gateway/gateway.hpp"
#include "server/http/api_target.hpp"
#include "server/http/http_channel.hpp"
#include "server/store/unix_ms.hpp"
#include "tl/json_pointer.hpp"
#include "tl/json_reader.hpp"

namespace server::http {
namespace {

constexpr std::size_t longest_body = std::size_t{64} << 10;

// {"keep":"always"}
tl::Result<store::Keep, Failure> read_settings(std::string_view body) {
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::read_json(body, arena);
  if (!value || !value->is_object()) {
    return type_error("", R"(an object is due, {"keep":"always"})");
  }
  for (const auto& member : value->members()) {
    if (member.key == "keep") continue;
    std::string path = "/";
    tl::append_pointer_token(member.key, path);
    return type_error(std::move(path), "there is no such setting; there is keep");
  }
  const auto keep = (*value)["keep"];
  for (const auto known : {store::Keep::attached, store::Keep::always}) {
    if (keep.is_string() && keep.text() == name_of(known)) return known;
  }
  return type_error("/keep", "attached or always is due");
}

}  // namespace

// Says so where not.
bool HttpChannel::may_administer(std::string_view what) {
  if (!scope_ || scope_->administers()) return true;
  refuse_call(
      scope_lacks("admin", "the token that was shown does not allow to " + std::string(what), {}));
  return false;
}

void HttpChannel::begin_short_body() {
  short_body_.emplace();
  state_ = State::body;
  go_on_with_body();
}

void HttpChannel::feed_short_body(std::string_view body) {
  if (short_body_->size() + body.size() <= longest_body) {
    short_body_->append(body);
    return;
  }
  short_body_.reset();
  refuse_call({"LineTooLong", "a setting has at most 64 KiB", {}, {}, {}});
}

void HttpChannel::end_short_body() {
  const auto body = *std::exchange(short_body_, {});
  reader_->head().method == "PATCH" ? patch_account(body) : put_webhook(body);
}

void HttpChannel::begin_patch(const ApiTarget& target) {
  AccountAttribute named;
  named.name = target.account;
  if (auto refused = forbidden_account(named, scope_.get())) return refuse_call(*refused);
  if (!thread_.gateway.store) return refuse_call(no_accounts_kept());
  if (may_administer("change accounts")) begin_short_body();
}

void HttpChannel::patch_account(const std::string& body) {
  auto& gateway = thread_.gateway;
  const auto target = read_account_target(reader_->head(), gateway.schemes());
  const auto keep = read_settings(body);
  if (!keep) return refuse_call(keep.error());
  const auto now = store::unix_ms();
  auto work = [name = target->account, keep = *keep, now](store::AccountStore& store) {
    return store.accounts().set_keep(name, keep, now);
  };
  auto done = [self = self_, name = target->account, keep = *keep,
               &gateway](const store::StoreStatus& status) {
    if (status) {
      tell_account(gateway, {name, AccountNews::What::keep, std::string(name_of(keep))});
    }
    auto* channel = *self;
    if (channel == nullptr) return;
    if (!status) return channel->refuse_late(store_failure(status.error()));
    channel->answer_late(R"({"keep":")" + std::string(name_of(keep)) + "\"}");
  };
  gateway.store->post(thread_.executor, std::move(work), std::move(done));
}

}  // namespace server::http
