#include "server/gateway/gateway.hpp"

#include "server/account/init_prefix.hpp"
#include "server/store/unix_ms.hpp"

namespace server {
namespace {

account::DcSettings named_settings(const Gateway& gateway, mtproto::DcId dc, std::int32_t api_id) {
  const auto server = usual_server(gateway);
  const auto schemes = gateway.schemes();
  const auto& scheme = schemes->first();
  auto app = *gateway.app;
  if (api_id != 0) app.api_id = api_id;
  if (app.api_id == 0) app.api_id = server.telegram->free_api_id;
  account::DcSettings out;
  out.telegram = server.telegram;
  out.home = dc.value() != 0 ? dc : server.dc;
  out.transport = server.transport;
  out.proxy = server.proxy;
  out.pfs = gateway.options.pfs;
  out.prefix = account::init_prefix(app, scheme.layer, app.api_id != 0);
  out.schema = scheme.schema;
  out.layer = scheme.layer;
  return out;
}

webhooks::WebhookServices webhook_services(Gateway& gateway, tl::Random& random) {
  auto schema_of = [&gateway](std::int64_t layer) -> std::shared_ptr<const tl::Schema> {
    const auto schemes = gateway.schemes();
    const auto* scheme = schemes->find(static_cast<int>(layer));
    return scheme == nullptr ? nullptr : scheme->schema;
  };
  auto post = [&gateway](webhooks::WebhookCall call, std::shared_ptr<upstream::DialStop> stop) {
    return gateway.webhook_poster.post(std::move(call), std::move(stop));
  };
  return {*gateway.store, std::move(schema_of), random, std::move(post), store::unix_ms};
}

}  // namespace

ServerChoice usual_server(const Gateway& gateway) {
  ServerChoice out;
  out.telegram = gateway.telegram;
  out.dc = mtproto::DcId(gateway.options.dc);
  out.transport.framing = gateway.options.transport;
  out.transport.obfuscated = gateway.options.obfuscated;
  out.proxy = gateway.proxy;
  return out;
}

ThreadState* thread_of_account(const Gateway& gateway, std::string_view account) {
  const auto& threads = gateway.threads;
  if (threads.empty()) return nullptr;
  return threads[named::NamedAccounts::thread_of(account, threads.size())];
}

std::string other_node_with(const Gateway& gateway, const named::NamedAccount& account) {
  const auto& url = account.owner_url();
  const bool ours = !gateway.leases || url == gateway.leases->node().url;
  return ours ? std::string() : url;
}

named::NamedServices named_services(Gateway& gateway, account::Accounts& accounts) {
  auto settings = [&gateway, &accounts](mtproto::DcId dc, std::int32_t api_id) {
    return accounts.shared_settings(named_settings(gateway, dc, api_id));
  };
  named::NamedServices out{.accounts = accounts,
                           .store = *gateway.store,
                           .settings = std::move(settings),
                           .unix_ms = store::unix_ms,
                           .rpc_timeout = gateway.options.rpc_timeout,
                           .updates_kept = gateway.options.updates_kept,
                           .updates_kept_for = std::chrono::days(gateway.options.updates_kept_days),
                           .webhooks = webhook_services(gateway, accounts.services().random),
                           .leases = gateway.leases.get()};
  return out;
}

}  // namespace server
