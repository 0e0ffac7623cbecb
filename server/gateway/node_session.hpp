// The other side of a node's link: clients of another node whose accounts are here (node_client.hpp
// has what is said), and readers of logs (node_log.hpp). Each is carried out as if it had come here,
// with what the other node says that its token allows. Lives on the thread of the link.
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "server/gateway/thread_state.hpp"
#include "server/protocol/incoming.hpp"
#include "server/protocol/object_sink.hpp"

namespace server {

class NodeSession {
 public:
  static constexpr std::size_t most_channels = 100'000;

  NodeSession(ThreadState&, ObjectSink&);
  ~NodeSession();

  // {"to":N,…} or {"ping":N}; anything else ends the link.
  void receive(Incoming&& object);
  // A line that could not be read: its object is, where it has one, and else the link is over.
  void refuse(std::string_view id, const Failure&);
  // The other node does not read (or does again).
  void set_above_high_watermark(bool above_high_watermark);
  // Nothing more comes; what was asked is answered.
  void end();
  void close();

 private:
  class Channel;
  class Client;
  class Log;

  void open(std::uint64_t number, const tl::Value& what);
  void open_log(std::uint64_t number, const tl::Value& what);
  void take(std::uint64_t number, Channel&, Incoming&&);
  void say(std::uint64_t number, std::string_view members, const std::string* payload = nullptr);
  void retire(std::uint64_t number);
  void lose(std::uint64_t number);
  void lose_later(std::uint64_t number);
  void wrong(std::string_view what);

  ThreadState& thread_;
  ObjectSink& sink_;
  std::map<std::uint64_t, std::unique_ptr<Channel>> channels_;
  const std::shared_ptr<char> alive_ = std::make_shared<char>();
  bool above_high_watermark_ = false;
  bool ended_ = false;
};

}  // namespace server
