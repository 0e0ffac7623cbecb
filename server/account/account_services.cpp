#include "server/account/account_services.hpp"

namespace server::account {

std::shared_ptr<upstream::LinkPort> AccountServices::link(upstream::LinkSettings settings,
                                                          mtproto::SessionState state,
                                                          upstream::LinkUser& user) const {
  if (make_link) return make_link(std::move(settings), std::move(state), user);
  return std::make_shared<upstream::Link>(executor, std::move(settings), std::move(state), random,
                                          pool, user);
}

}  // namespace server::account
