// This node's links to others, each kept for all clients of a thread whose accounts are there: lines
// of JSON over TLS, each with the number of a channel.
//
//   → {"node":{"version":1,"id":"…","token":"…"}}            ← {"node":{"version":1}}
//   → {"to":7,…}                                             ← {"of":7,"size":N,…} and N bytes
//   → {"ping":3}                                             ← {"pong":3}
//
// What is behind the number says who opens a channel: a client (node_client.hpp), a reader of a log
// (node_log.hpp); the other side is a NodeSession. Lives on one thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "tl/value.hpp"

namespace server {

struct ThreadState;
class NodeLink;

// Told in the link's thread, until the channel goes. It may let go of the channel in either.
class NodeChannelUser {
 public:
  virtual ~NodeChannelUser() = default;
  // `header`: for as long as the call lasts.
  virtual void on_frame(const tl::Value& header, std::string&& payload) = 0;
  // Nothing more comes. `reached`: what was said may have been carried out.
  virtual void on_link_lost(bool reached) = 0;
};

class NodeLinks {
 public:
  // Of the objects of a link's clients, what the other node has not taken; one alone is no longer.
  static constexpr std::size_t most_waiting = std::size_t{64} << 20;
  // A line may be so much longer than the object in it.
  static constexpr std::size_t around_object = 128;

  explicit NodeLinks(ThreadState& thread) : thread_(thread) {}
  ~NodeLinks();

  // Begins to dial, where there is none to that URL (https://HOST:PORT).
  std::shared_ptr<NodeLink> to(const std::string& url);
  void close();

 private:
  friend NodeLink;
  static constexpr std::size_t most_told = 1000;

  void tell_end(const std::string& url, const std::string& why);

  ThreadState& thread_;
  std::map<std::string, std::shared_ptr<NodeLink>> links_;
  std::map<std::string, std::string> told_;  // why the last one to a URL ended, as the log has it
};

class NodeChannel {
 public:
  NodeChannel(NodeLinks&, const std::string& url, NodeChannelUser&);
  ~NodeChannel();
  NodeChannel(const NodeChannel&) = delete;
  NodeChannel& operator=(const NodeChannel&) = delete;

  // `members`: of an object, behind {"to":N,
  void say(std::string_view members);
  // The same with a client's object, the how manieth of this channel. False: too much waits already,
  // and nothing is said.
  bool ask(std::uint64_t object, std::string_view text);

 private:
  const std::shared_ptr<NodeLink> link_;
  const std::uint64_t number_;
};

}  // namespace server
