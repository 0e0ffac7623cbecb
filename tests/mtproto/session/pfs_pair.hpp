// A Session with perfect forward secrecy and a Host whose keys have to be bound, as Telegram's.
#pragma once

#include "mtproto/message/bind_message.hpp"
#include "pair.hpp"

namespace support {

struct PfsPair : Pair {
  static constexpr std::uint32_t bool_true = 0x997275b5;

  explicit PfsPair(mtproto::SessionState state = with_key(), mtproto::Duration lifetime = 24h)
      : Pair(std::move(state), {}, options_with(lifetime)) {
    answering = [this](const mtproto::Request& request) { return serve_bound(request); };
  }

  static mtproto::SessionOptions options_with(mtproto::Duration lifetime) {
    auto out = options();
    out.pfs = true;
    out.temporary_lifetime = lifetime;
    return out;
  }

  tl::Bytes serve_bound(const mtproto::Request& request) {
    if (tl::Reader(request.body).peek() == mtproto::BindTempAuthKey::id) {
      ++binds;
      if (!refusals.empty()) {
        const auto refusal = refusals.front();
        refusals.erase(refusals.begin());
        return rpc_error(400, refusal);
      }
      const auto refused = ring.bind(request.from, request.message, request.body, now, wall);
      if (!refused.empty()) return rpc_error(400, refused);
      return words({bool_true});
    }
    if (disowned > 0) {
      --disowned;
      return rpc_error(401, "AUTH_KEY_PERM_EMPTY");
    }
    const auto owner = ring.owner(request.from.key);
    if (!owner) return rpc_error(401, "AUTH_KEY_PERM_EMPTY");
    owners.push_back(*owner);
    used.push_back(request.from.key);
    return answer_to(request.body);
  }
  // Sends a call and has it answered.
  std::vector<mtproto::Answer> call(std::uint32_t word,
                                    mtproto::Repeat repeat = mtproto::Repeat::ask) {
    send(words({0xaaaa0000, word}), repeat);
    carry();
    return take<mtproto::Answer>();
  }
  // The exchanges for a temporary key since the last time.
  std::size_t temporary_keys() {
    std::size_t out = 0;
    for (const auto& it : take<mtproto::KeyCreated>()) out += it.temporary ? 1 : 0;
    return out;
  }
  mtproto::AuthKeyId permanent() const { return session.state().key->id(); }

  int binds = 0;
  int disowned = 0;                        // so many calls find their key not bound
  std::vector<std::string> refusals;       // of the next bindings
  std::vector<mtproto::AuthKeyId> owners;  // for whom calls were made,
  std::vector<mtproto::AuthKeyId> used;    // and under which keys
};

}  // namespace support
