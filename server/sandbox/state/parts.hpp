// Parts of the state file, a file each. What is read is checked (state/values.hpp).
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "server/sandbox/state/values.hpp"
#include "server/sandbox/world/world.hpp"

namespace server::sandbox::state {

boost::json::object file_to_json(const File& file);
File file_from_json(const boost::json::object& in);

boost::json::value media_to_json(const Media& media);
Media media_from_json(const boost::json::value& value, const Files& files);

boost::json::object post_to_json(const Post& post);
PostPtr post_from_json(const boost::json::object& in, const Files& files);

// Where each post stands in the file's list.
using Places = std::unordered_map<const Post*, std::int64_t>;

boost::json::object box_to_json(UserId owner, const UserInbox& box, const Places& places);
// Its messages' copies are added to the posts.
void box_from_json(const boost::json::object& in, UserId owner, UserInbox& box,
                   const std::vector<PostPtr>& posts);

boost::json::array scheduled_to_json(const Schedule& scheduled, const Places& places);
// Of the accounts that are there.
void scheduled_from_json(const boost::json::array& in, const std::vector<PostPtr>& posts,
                         World& world);

boost::json::object folder_to_json(const Folder& folder);
Folder folder_from_json(const boost::json::object& in);

boost::json::object user_to_json(const User& user);
User user_from_json(const boost::json::object& in, const Files& files);

boost::json::object chat_to_json(const Chat& chat);
Chat chat_from_json(const boost::json::object& in, const Files& files);

boost::json::object channel_to_json(const Channel& channel, const Places& places);
Channel channel_from_json(const boost::json::object& in, const std::vector<PostPtr>& posts,
                          const Files& files);

boost::json::array invites_to_json(const Invites& invites);
// Those into groups and channels that are there.
void invites_from_json(const boost::json::array& in, World& world);

boost::json::array stickers_to_json(const std::vector<StickerSet>& sets);
std::vector<StickerSet> stickers_from_json(const boost::json::array& in, const Files& files);

boost::json::array future_tokens_to_json(const FutureTokens& tokens);
void future_tokens_from_json(const boost::json::array& in, FutureTokens& tokens);

boost::json::object key_to_json(const Key& key);
Key key_from_json(const boost::json::object& in);

}  // namespace server::sandbox::state
