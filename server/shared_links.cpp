#include "server/shared_links.hpp"

#include <algorithm>
#include <vector>

#include "server/shared_link.hpp"

namespace server {

using upstream::LinkUser;

SharedLinks::SharedLinks(boost::asio::any_io_executor executor, tl::Random& random,
                         upstream::WorkPool& pool, LiveSessions& live)
    : executor_(std::move(executor)), random_(random), pool_(pool), live_(live) {}

SharedLinks::~SharedLinks() { close(); }

std::shared_ptr<upstream::LinkPort> SharedLinks::join(upstream::LinkSettings settings,
                                                      const mtproto::SessionState& state,
                                                      tl::Bytes prefix, LinkUser& user) {
  for (const auto& shared : links_) {
    if (shared->is(settings, *state.key, prefix, false))
      return std::make_shared<Port>(shared, user);
  }
  auto shared = std::make_shared<Shared>(*this, std::move(settings), state, std::move(prefix));
  links_.push_back(shared);
  return std::make_shared<Port>(std::move(shared), user);
}

std::shared_ptr<upstream::LinkPort> SharedLinks::join_beside(Beside beside,
                                                             const mtproto::SessionState& home,
                                                             tl::Bytes prefix, LinkUser& user) {
  for (const auto& shared : links_) {
    if (!shared->is(beside.there, *home.key, prefix, true)) continue;
    return std::make_shared<Port>(shared, user);
  }
  auto shared = std::make_shared<Shared>(*this, std::move(beside), home, std::move(prefix));
  links_.push_back(shared);
  return std::make_shared<Port>(std::move(shared), user);
}

void SharedLinks::forget_beside(const mtproto::AuthKey& key) {
  std::vector<std::shared_ptr<Shared>> gone;
  for (const auto& shared : links_) {
    if (shared->is_beside(key)) gone.push_back(shared);
  }
  for (const auto& shared : gone) {
    forget(*shared);
    shared->end("the account was signed out");
  }
}

void SharedLinks::forget(const Shared& gone) {
  std::erase_if(links_, [&](const auto& shared) { return shared.get() == &gone; });
}

// The longest unused one first: it was joined first, or nearly.
void SharedLinks::limit_idle() {
  const auto idle =
      std::ranges::count_if(links_, [](const auto& shared) { return shared->idle(); });
  if (static_cast<std::size_t>(idle) <= most_idle) return;
  const auto oldest =
      std::ranges::find_if(links_, [](const auto& shared) { return shared->idle(); });
  const auto gone = *oldest;
  gone->close();
  links_.erase(oldest);
}

void SharedLinks::close() {
  const auto links = std::exchange(links_, {});
  for (const auto& shared : links) shared->close();
}

}  // namespace server
