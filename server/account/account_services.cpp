#include "server/account/account_services.hpp"

namespace server::account {

std::shared_ptr<upstream::UpstreamHandle> AccountServices::connect(
    std::shared_ptr<const upstream::UpstreamSettings> settings, mtproto::SessionState state,
    upstream::UpstreamCallbacks& user) const {
  if (make_upstream) return make_upstream(std::move(settings), std::move(state), user);
  return std::make_shared<upstream::UpstreamConnection>(executor, std::move(settings),
                                                        std::move(state), random, pool, user);
}

}  // namespace server::account
