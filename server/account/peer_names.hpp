// Peers by name: what contacts.resolveUsername said of "@name", kept for ten minutes.
// core.telegram.org/method/contacts.resolveUsername
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "mtproto/time.hpp"
#include "server/account/rare_map.hpp"
#include "tl/codec.hpp"
#include "tl/value.hpp"

namespace server::account {

class PeerNames final : public tl::PeerBook {
 public:
  static constexpr mtproto::Duration max_age = std::chrono::minutes{10};
  static constexpr std::size_t max_names = 256;

  // The names that were known at the last expire() or learn().
  std::optional<tl::Peer> find(std::string_view name) const override;

  // Forgets what is too old. To be called before a request is encoded.
  void expire(mtproto::Time now);
  // Learns from a contacts.resolvedPeer. False where it names nobody.
  bool learn(std::string_view name, const tl::Value& resolved, mtproto::Time now);
  // Another session was set: access hashes are worth nothing there.
  void clear() { names_.clear(); }
  std::size_t size() const { return names_.size(); }

  // contacts.resolveUsername for `name`, with or without its @.
  static tl::Value question(std::string_view name, tl::Arena& arena);

 private:
  struct Entry {
    tl::Peer peer;
    mtproto::Time learned;
  };
  RareMap<std::string, Entry, std::less<>> names_;
};

}  // namespace server::account
