// What named accounts need of the thread and of the process that they live in. All of it outlives
// them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "server/account/accounts.hpp"
#include "server/cluster/node_leases.hpp"
#include "server/store/store_thread.hpp"
#include "server/webhooks/webhook_sender.hpp"

namespace server::named {

struct NamedServices {
  // How the account of that data centre and api_id (0: the gateway's own) reaches Telegram.
  using Settings = std::function<std::shared_ptr<const account::DcSettings>(mtproto::DcId dc,
                                                                            std::int32_t api_id)>;

  account::Accounts& accounts;
  store::StoreThread& store;
  Settings settings;
  std::function<std::int64_t()> unix_ms;
  mtproto::Duration rpc_timeout{};        // of a step of sign-in
  std::int64_t updates_kept = 0;          // of an account, the newest
  std::chrono::hours updates_kept_for{};  // … and none that are older
  webhooks::WebhookServices webhooks;
  cluster::NodeLeases* leases = nullptr;  // none: the store is this process's alone
};

}  // namespace server::named
