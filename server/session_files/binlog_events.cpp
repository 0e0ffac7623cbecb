#include "server/session_files/binlog_events.hpp"

#include <libdeflate.h>

#include <algorithm>

#include "tl/reader.hpp"

namespace server::session_files {
namespace {

constexpr std::size_t event_head = 28;
constexpr std::size_t event_crc = 4;
constexpr std::size_t longest_event = std::size_t{1} << 25;

constexpr std::int32_t type_common = 0x4327;
constexpr std::int32_t type_config = 0x1f18;
constexpr std::int32_t type_encryption = -3;
constexpr std::int32_t flag_rewrite = 1;

bool is_wanted(std::string_view name) {
  if (name == "auth" || name == "main_dc_id" || name == "my_id" || name == "test_mode") return true;
  constexpr std::string_view key = "auth";
  if (!name.starts_with(key) || name.size() > key.size() + 3) return false;
  name.remove_prefix(key.size());
  return std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

class Replay {
 public:
  void take(const BinlogEvent& event) {
    if ((event.flags & flag_rewrite) != 0) forget(event.id);
    if (event.type != type_common && event.type != type_config) return;
    tl::Reader in(event.data);
    const auto name = tl::as_text(in.bytes());
    const auto value = in.bytes();
    if (!in || !is_wanted(name)) return;
    auto& table = event.type == type_common ? values.common : values.config;
    table.insert_or_assign(std::string(name), mtproto::SecretBytes(value));
    owners_[{event.type, std::string(name)}] = event.id;
  }

  BinlogValues values;

 private:
  // Of few names, so that few are looked at.
  void forget(std::uint64_t id) {
    for (auto at = owners_.begin(); at != owners_.end();) {
      if (at->second != id) {
        ++at;
        continue;
      }
      auto& table = at->first.first == type_common ? values.common : values.config;
      table.erase(at->first.second);
      at = owners_.erase(at);
    }
  }

  std::map<std::pair<std::int32_t, std::string>, std::uint64_t> owners_;
};

}  // namespace

std::string_view BinlogValues::text(std::string_view name) const {
  const auto found = common.find(name);
  return found == common.end() ? std::string_view() : tl::as_text(found->second.bytes());
}

EventState read_event(tl::ByteView bytes, BinlogEvent& out) {
  tl::Reader in(bytes);
  out.size = in.nat();
  if (!in) return EventState::cut_off;
  if (out.size < event_head + event_crc || out.size % 4 != 0 || out.size > longest_event) {
    return EventState::damaged;
  }
  if (out.size > bytes.size()) return EventState::cut_off;
  const auto covered = bytes.first(out.size - event_crc);
  const auto crc = tl::Reader(bytes.subspan(covered.size())).nat();
  if (libdeflate_crc32(0, covered.data(), covered.size()) != crc) return EventState::damaged;
  out.id = static_cast<std::uint64_t>(in.int64());
  out.type = in.int32();
  out.flags = in.int32();
  out.data = covered.subspan(event_head);
  return EventState::whole;
}

Outcome<BinlogValues> replay_binlog(tl::ByteView events, std::size_t offset) {
  Replay replay;
  std::size_t at = 0;
  while (at < events.size()) {
    BinlogEvent event;
    const auto state = read_event(events.subspan(at), event);
    if (state == EventState::cut_off) break;
    if (state == EventState::damaged || event.type == type_encryption) {
      return "TDLib's event at byte " + std::to_string(offset + at) + " is damaged";
    }
    replay.take(event);
    at += event.size;
  }
  return std::move(replay.values);
}

}  // namespace server::session_files
