// The events of a TDLib binlog, once it is decrypted: what its key-value tables hold at the end.
#pragma once

#include <map>

#include "server/session_files/found_session.hpp"

namespace server::session_files {

struct BinlogValues {
  std::map<std::string, mtproto::SecretBytes, std::less<>> common;  // of type 0x4327: keys, who
  std::map<std::string, mtproto::SecretBytes, std::less<>> config;  // of type 0x1f18: options

  // Empty where there is none.
  std::string_view text(std::string_view name) const;
};

// From an event's start on; `offset` is where in the file that is, for the error. An event that was
// not written to its end is not there. Kept are the values that tell of a session.
Outcome<BinlogValues> replay_binlog(tl::ByteView events, std::size_t offset);

// The session of the home data centre; the error is a sentence.
Outcome<FoundSession> session_of_values(const BinlogValues&);

// Where its checksum is right, the event at the beginning: its type and its data.
struct BinlogEvent {
  std::size_t size = 0;
  std::uint64_t id = 0;
  std::int32_t type = 0;
  std::int32_t flags = 0;
  tl::ByteView data;
};
enum class EventState : std::uint8_t { whole, cut_off, damaged };
EventState read_event(tl::ByteView bytes, BinlogEvent& out);

}  // namespace server::session_files
