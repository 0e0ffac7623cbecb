#include "server/process/kept_accounts.hpp"

#include <array>

#include "mtproto/crypto/system_random.hpp"
#include "server/gateway/node_identity.hpp"
#include "server/logs/logger.hpp"
#include "server/store/store_lock.hpp"
#include "tl/hex.hpp"

namespace server {
namespace {

using store::StoreResult;
using store::StoreThread;

// A connection to a store that others share must not keep them waiting for long.
StoreThread::Open opener(const Options& options, const store::StoreUrl& url, OpenStore open) {
  if (url.engine != store::StoreUrl::Engine::postgres) {
    return [url, open = std::move(open)] { return open(url); };
  }
  return [url, open = std::move(open),
          most = options.lease_ttl]() -> StoreResult<std::unique_ptr<store::AccountStore>> {
    auto opened = open(url);
    if (!opened) return opened;
    const auto limited = (*opened)->leases().limit_open_transactions(most);
    if (!limited) return limited.error();
    return opened;
  };
}

std::unique_ptr<cluster::NodeLeases> make_leases(const Options& options, StoreThread::Open open) {
  mtproto::SystemRandom random;
  std::array<std::uint8_t, 8> id{};
  random.fill(id);
  store::LeaseNode node{tl::to_hex(id), options.node_url};
  logs::info("node {} has accounts by leases of {} ms", node.id, options.lease_ttl.count());
  return std::make_unique<cluster::NodeLeases>(std::move(node), options.lease_ttl, std::move(open));
}

}  // namespace

StoreResult<KeptAccounts> keep_accounts(const Options& options, OpenStore how) {
  KeptAccounts out;
  if (options.store.empty()) return out;
  const auto url = store::read_store_url(options.store);
  if (!url) return url.error();
  if (options.check_config) return out;
  auto lock = store::StoreLock::take(*url);
  if (!lock) return lock.error();
  const auto open = opener(options, *url, std::move(how));
  auto opened = open();
  if (!opened) return opened.error();
  const auto accounts = (*opened)->accounts().list();
  if (!accounts) return accounts.error();
  logs::info("store {} is in order, accounts={}", url->shown, accounts->size());
  if (url->engine == store::StoreUrl::Engine::postgres) {
    if (const auto swept = (*opened)->leases().sweep(); !swept) return swept.error();
    if (const auto swept = (*opened)->nodes().sweep(); !swept) return swept.error();
    out.node_token = node_token((*opened)->key().bytes());
    out.leases = make_leases(options, open);
  }
  const auto held = std::make_shared<const store::StoreLock>(std::move(*lock));
  auto again = [open, held] { return open(); };
  out.store = std::make_unique<StoreThread>(std::move(*opened), std::move(again));
  return out;
}

}  // namespace server
