// The log of an account of another node, for a reader here: it is read there, and comes over the
// link as the texts that were made there.
//
//   {"to":7,"open_log":{"account":"ada","after":12,"types":"","scope":null}}   {"to":7,"go_on":true}
//   {"of":7,"log":20}   {"of":7,"items":[[13,80],…],"position":20,"size":N} and the texts
//   {"of":7,"gone":15}   {"of":7,"event":"signin","size":N} and its data
//   {"of":7,"no_log":true,"error":…,"msg":…}   {"of":7,"lost":true}
#pragma once

#include "server/gateway/log_follower.hpp"
#include "server/gateway/node_link.hpp"

namespace server {

class NodeLog final : private NodeChannelUser {
 public:
  // `reader` is told in the link's thread, as LogReader has it.
  NodeLog(NodeLinks&, const std::string& url, const LogWish&, LogReader& reader);

  void go_on() { channel_.say("\"go_on\":true"); }

 private:
  void on_frame(const tl::Value& header, std::string&& payload) override;
  void on_link_lost(bool reached) override;
  void on_items(const tl::Value& header, std::string_view payload);

  LogReader& reader_;
  NodeChannel channel_;
};

// What the other side says: behind {"of":N,
std::string log_members(std::int64_t newest);
std::string no_log_members(const Failure&);
// `payload`: what is to follow it.
std::string items_members(const std::vector<LogItem>&, std::int64_t position, std::string& payload);
// False: they are none.
bool read_log_wish(const tl::Value& opening, LogWish& to);

}  // namespace server
