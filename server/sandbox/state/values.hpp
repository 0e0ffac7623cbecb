// Reading and writing JSON for the state file: with exceptions for what is not as it should be (at
// start-up only).
#pragma once

#include <bit>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/sandbox/world/ids.hpp"
#include "server/sandbox/world/text.hpp"
#include "tl/value.hpp"

namespace server::sandbox::state {

std::int64_t number(const boost::json::object& in, std::string_view name);
std::int32_t number32(const boost::json::object& in, std::string_view name);
std::string text(const boost::json::object& in, std::string_view name);
tl::Bytes bytes(const boost::json::object& in, std::string_view name);
std::string base64(tl::ByteView bytes);

// Exact, which a decimal number through this parser is not.
inline std::int64_t exact(double value) { return std::bit_cast<std::int64_t>(value); }
inline double inexact(std::int64_t bits) { return std::bit_cast<double>(bits); }

boost::json::array peer_to_json(PeerKey peer);
PeerKey peer_from_json(const boost::json::value& in);
boost::json::array users_to_json(const std::vector<UserId>& users);
std::vector<UserId> users_from_json(const boost::json::value& in);
boost::json::array entities_to_json(const std::vector<Entity>& entities);
std::vector<Entity> entities_from_json(const boost::json::value& in);
boost::json::object formatted_to_json(const Formatted& text);
Formatted formatted_from_json(const boost::json::value& value);
// Of messages.
std::vector<std::int32_t> ids_from_json(const boost::json::value& in);

}  // namespace server::sandbox::state
