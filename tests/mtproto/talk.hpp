// What the tests of both halves say to each other, and how they look through what they hear.
#pragma once

#include <string_view>
#include <vector>

#include "mtproto/message/service_rpc.hpp"
#include "tests/support/peer.hpp"

namespace support {

// A call and its answer, where any would do.
inline const tl::Bytes ask = words({0xaaaa0001, 1});
inline const tl::Bytes reply = words({0xbbbb0001, 2});

inline tl::Bytes rpc_error(std::int32_t code, std::string_view text) {
  const auto bytes = tl::as_bytes(text);
  return mtproto::write_service(mtproto::RpcError{code, {bytes.begin(), bytes.end()}});
}

// All that a Session or a Host wrote to this peer.
template <class Machine>
std::vector<Heard> hear_all(Machine& machine, Peer& peer) {
  tl::Bytes out;
  std::vector<Heard> all;
  while (machine.take_output(out)) {
    auto some = peer.hear(out);
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

// Those of the messages that begin with this constructor.
inline std::vector<Heard> those(const std::vector<Heard>& all, std::uint32_t constructor) {
  std::vector<Heard> out;
  for (const auto& it : all) {
    if (it.constructor() == constructor) out.push_back(it);
  }
  return out;
}

}  // namespace support
