// A connection of a thread's clients, with what the gateway was started with.
#pragma once

#include <memory>

#include "server/connection/connection.hpp"
#include "server/gateway/thread_state.hpp"

namespace server {

// How a connection begins.
struct ConnectionSetup {
  // What a client chose before its connection came to be where it is; none: nothing.
  std::shared_ptr<const ConnectionChoices> choices{};
  unsigned moves = 0;        // how often it went on in another thread
  std::uint64_t number = 0;  // in logs
  tl::Notation json = tl::Notation::classic;
  ReplyShape shape = ReplyShape::object;
  // Its client is a plain HTTP request: it hears no updates, and shares the account of those that
  // name the same key.
  bool stateless = false;
  // Another node's client: what concerns an account that this node does not have goes no further.
  bool forwarded = false;
  // The account that its client names was looked for among all nodes, and this one is to answer.
  bool at_home = false;
  std::shared_ptr<const TokenScope> scope{};  // of what its client may call; none: everything
};

std::shared_ptr<Connection> make_connection(ThreadState&, ObjectSink&, const ConnectionSetup&);

}  // namespace server
