// What a gateway keeps accounts in: its store, opened at the start so that what is wrong with it is
// said before anybody comes, and its leases where other gateways share that.
#pragma once

#include <functional>
#include <memory>

#include "server/cluster/node_leases.hpp"
#include "server/config/options.hpp"
#include "server/store/store_thread.hpp"
#include "server/store/store_url.hpp"

namespace server {

struct KeptAccounts {
  std::unique_ptr<cluster::NodeLeases> leases;  // none: no other process may have them
  std::string node_token;                     // where there are leases: what nodes show each other
  std::unique_ptr<store::StoreThread> store;  // none: no accounts are kept
};

using OpenStore =
    std::function<store::StoreResult<std::unique_ptr<store::AccountStore>>(const store::StoreUrl&)>;

// With --check-config the URL is read, and nothing opened.
store::StoreResult<KeptAccounts> keep_accounts(const Options&, OpenStore open);

}  // namespace server
