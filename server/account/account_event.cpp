#include "server/account/account_event.hpp"

namespace server::account {

void EventQueue::forget(const Caller& caller, std::optional<std::uint64_t> tag) {
  for (auto& event : events_) {
    auto* over = std::get_if<CallOver>(&event);
    if (over == nullptr || over->caller != &caller) continue;
    if (!tag || over->tag == *tag) over->caller = nullptr;
  }
}

}  // namespace server::account
