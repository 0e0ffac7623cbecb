#include "server/account/update_state.hpp"

#include <limits>
#include <memory_resource>

#include "tl/json_reader.hpp"
#include "tl/numbers.hpp"

namespace server::account {

namespace {

template <class Number>
std::optional<Number> at_least(const tl::Value& value, Number least) {
  const auto read = value.as_int64();
  if (!read || *read < least || *read > std::numeric_limits<Number>::max()) return {};
  return static_cast<Number>(*read);
}

// What some languages make of an empty object.
bool is_nothing(const tl::Value& value) {
  return (value.is_array() && value.items().empty()) || (value.is_string() && value.text().empty());
}

void read_channels(const tl::Value& list, UpdateState& state) {
  for (const auto& one : list.items()) {
    const auto parts = one.items();
    if (parts.size() < 2 || state.channels.size() == UpdateState::most_channels) continue;
    const auto id = at_least<std::int64_t>(parts[0], 1);
    const auto pts = at_least<std::int32_t>(parts[1], 1);
    if (!id || !pts) continue;
    state.channels.push_back(
        {*id, *pts, parts.size() > 2 ? parts[2].as_int64() : std::optional<std::int64_t>()});
  }
}

}  // namespace

std::optional<UpdateState> read_update_state(std::string_view json) {
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::read_json(json, arena);
  return value ? read_update_state(*value) : std::nullopt;
}

std::optional<UpdateState> read_update_state(const tl::Value& value) {
  UpdateState state;
  if (is_nothing(value)) return state;
  if (!value.is_object()) return {};
  if (const auto& number = value["update_seq"]; !number.is_null()) {
    const auto read = at_least<std::int64_t>(number, 0);
    if (!read || !tl::is_exact_in_double(*read)) return {};
    state.update_seq = *read;
  }
  if (value["pts"].is_null()) return state;
  const auto counter = [&](std::string_view key, std::int32_t least) {
    const auto& number = value[key];
    return number.is_null() ? std::optional(std::int32_t{0}) : at_least(number, least);
  };
  const auto pts = counter("pts", 1), qts = counter("qts", 0);
  const auto date = counter("date", 0), seq = counter("seq", 0);
  if (!pts || !qts || !date || !seq) return {};
  state.known = true;
  state.pts = *pts;
  state.qts = *qts;
  state.date = *date;
  state.seq = *seq;
  read_channels(value["channels"], state);
  return state;
}

// 64 bits as strings in either notation: the object is the gateway's, and nobody counts with them.
void write_update_state(const UpdateState& state, std::string& out) {
  out += '{';
  if (state.known) {
    out += "\"pts\":" + std::to_string(state.pts) + ",\"qts\":" + std::to_string(state.qts) +
           ",\"date\":" + std::to_string(state.date) + ",\"seq\":" + std::to_string(state.seq) +
           ",";
  }
  out += "\"update_seq\":" + std::to_string(state.update_seq);
  if (state.known && !state.channels.empty()) {
    out += ",\"channels\":[";
    for (const auto& channel : state.channels) {
      if (out.back() != '[') out += ',';
      out += "[\"" + std::to_string(channel.id) + "\"," + std::to_string(channel.pts);
      if (channel.access_hash) out += ",\"" + std::to_string(*channel.access_hash) + '"';
      out += ']';
    }
    out += ']';
  }
  out += '}';
}

}  // namespace server::account
