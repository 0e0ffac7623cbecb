// Parts of the state file: files, posts, boxes; and reading JSON with exceptions for what is not
// as it should be (at start-up only).
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "server/sandbox/world/files.hpp"
#include "server/sandbox/world/user_inbox.hpp"

namespace server::sandbox::state {

std::int64_t number(const boost::json::object& in, std::string_view name);
std::int32_t number32(const boost::json::object& in, std::string_view name);
std::string text(const boost::json::object& in, std::string_view name);
tl::Bytes bytes(const boost::json::object& in, std::string_view name);
std::string base64(tl::ByteView bytes);

boost::json::object file_to_json(const File& file);
File file_from_json(const boost::json::object& in);

boost::json::object post_to_json(const Post& post);
PostPtr post_from_json(const boost::json::object& in, const Files& files);

boost::json::object box_to_json(UserId owner, const UserInbox& box,
                                const std::unordered_map<const Post*, std::int64_t>& places);
// Its messages' copies are added to the posts.
void box_from_json(const boost::json::object& in, UserId owner, UserInbox& box,
                   const std::vector<PostPtr>& posts);

}  // namespace server::sandbox::state
