// Parts of the state file: messages that wait for their time.
#include "server/sandbox/state/parts.hpp"

#include <stdexcept>

namespace server::sandbox::state {

namespace json = boost::json;

namespace {

constexpr std::int32_t greatest_id = 1 << 30;

}  // namespace

json::array scheduled_to_json(const Schedule& scheduled, const Places& places) {
  json::array out;
  for (const auto& [where, list] : scheduled.all()) {
    for (const auto& [id, one] : list) {
      out.push_back(json::object{{"by", one.by.value()},
                                 {"peer", peer_to_json(one.message.peer)},
                                 {"id", id},
                                 {"reply_to", one.message.reply_to},
                                 {"post", places.at(one.message.post.get())}});
    }
  }
  return out;
}

void scheduled_from_json(const json::array& in, const std::vector<PostPtr>& posts, World& world) {
  for (const auto& item : in) {
    const auto& from = item.as_object();
    ScheduledMessage one;
    one.by = UserId(number(from, "by"));
    one.message.peer = peer_from_json(from.at("peer"));
    one.message.id = number32(from, "id");
    one.message.reply_to = number32(from, "reply_to");
    one.message.out = true;
    one.message.post = posts.at(static_cast<std::size_t>(number(from, "post")));
    if (one.message.id <= 0 || one.message.id > greatest_id ||
        world.scheduled.find(one.by, one.message.peer, one.message.id) != nullptr) {
      throw std::runtime_error("a scheduled message has no id of its own");
    }
    if (world.accounts.find(one.by) == nullptr) {
      throw std::runtime_error("a scheduled message is nobody's");
    }
    world.scheduled.add(std::move(one));
  }
}

}  // namespace server::sandbox::state
