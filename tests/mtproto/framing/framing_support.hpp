// What the tests of the framings share.
#pragma once

#include <catch2/catch.hpp>
#include <set>
#include <vector>

#include "mtproto/framing/transport.hpp"
#include "tests/support/print_result.hpp"
#include "tests/support/scripted_random.hpp"
#include "tests/support/vectors.hpp"

namespace framing_test {

using namespace mtproto;
using support::hex;
using support::operator+;
using support::ScriptedRandom;
using support::sequence;
using support::unhex;

inline Bytes written(Transport& transport, ByteView payload) {
  Bytes out;
  transport.write(payload, out);
  return out;
}

// All packets there are; fails the test at an error.
inline std::vector<Packet> packets(Transport& transport) {
  std::vector<Packet> out;
  while (true) {
    auto next = transport.next();
    REQUIRE(next);
    if (!*next) return out;
    out.push_back(std::move(**next));
  }
}

inline std::vector<Packet> packets(Transport& transport, ByteView bytes) {
  transport.feed(bytes);
  return packets(transport);
}

// What a server of its own makes of `bytes` as the first of a connection.
inline boost::system::error_code server_error(ByteView bytes, ByteView secret = {}) {
  ScriptedRandom random;
  auto server = Transport::server(random, secret);
  server.feed(bytes);
  while (true) {
    auto next = server.next();
    if (!next) return next.error();
    if (!*next) return {};
  }
}

inline boost::system::error_code client_error(Framing framing, ByteView bytes) {
  ScriptedRandom random;
  auto client = Transport::client({framing}, random);
  client.feed(bytes);
  while (true) {
    auto next = client.next();
    if (!next) return next.error();
    if (!*next) return {};
  }
}

}  // namespace framing_test
