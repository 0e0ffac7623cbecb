// A client's connection to an account of another node: what it asks goes there as it came, over the
// link that is kept to that node, and what is answered comes back as it was written there.
//
//   {"to":7,"open":{"account":"ada","shape":"api","json":"plain","stateless":true,"scope":["read-only"],
//                   "options":{…}}}
//   {"id":"7.3","to":7,"object":{…}}   {"to":7,"scope":[…]}   {"to":7,"pause":true}   {"to":7,"end":true}
//   {"to":7,"close":true}
//   {"of":7,"held":0,"position":12,"status":[200],"secret":true,"size":N} and the reply
//   {"of":7,"refused":3,"error":"Busy","msg":…,"limit":N}
//   {"of":7,"finished":true}   {"of":7,"lost":true}
#pragma once

#include <string>

#include "server/gateway/make_connection.hpp"
#include "server/gateway/node_link.hpp"
#include "server/protocol/object_sink.hpp"

namespace server {

// Told in the thread of the link, until the NodeClient goes. It may let go of it in any of these.
class NodeClientUser {
 public:
  virtual ~NodeClientUser() = default;
  virtual void on_node_reply(LongText object, ObjectNote note, std::size_t held) = 0;
  // That object could not be read there; the others go on.
  virtual void on_node_refused(std::uint64_t object, Failure failure) = 0;
  // All was answered, behind end().
  virtual void on_node_finished() = 0;
  // That node does not have the account any more, or can't be reached. `reached`: what was not
  // answered may have been carried out; else it was not.
  virtual void on_node_lost(bool reached) = 0;
};

class NodeClient final : private NodeChannelUser {
 public:
  NodeClient(NodeLinks&, const std::string& url, const std::string& account, const ConnectionSetup&,
             NodeClientUser&);

  // JSON text of an object, and its number. False: too much is on its way there already.
  bool send(std::uint64_t number, std::string_view object);
  void limit(const TokenScope* scope);
  void pause(bool paused);
  void end();

 private:
  void on_frame(const tl::Value& header, std::string&& payload) override;
  void on_link_lost(bool reached) override { user_.on_node_lost(reached); }

  NodeClientUser& user_;
  NodeChannel channel_;
};

// Why an object could not be read, behind {"of":N,
std::string refused_members(std::uint64_t object, const Failure&);

// The text of an object for another node: without the token that was shown with it.
std::string text_for_node(const tl::Value& object);

}  // namespace server
