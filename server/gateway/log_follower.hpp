// The log of a named account for a reader in another thread than the account's: updates are posted
// to it as texts that were made once for all, and no more than it has room for.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/gateway/thread_state.hpp"
#include "server/protocol/failure.hpp"
#include "server/protocol/update_types.hpp"

namespace server {

// An update of the log.
struct LogItem {
  std::int64_t number = 0;                  // `update_seq`
  std::shared_ptr<const std::string> text;  // its members, as write_logged_update() has them
};

// Who reads; told in its own thread, until it closes the follower.
class LogReader {
 public:
  virtual ~LogReader() = default;
  // The account is there. `newest`: the last number of its log.
  virtual void on_log(std::int64_t newest) = 0;
  virtual void on_no_log(const Failure&) = 0;
  // `position`: all up to that number was told or is not wanted. Then go_on() is due.
  virtual void on_items(std::vector<LogItem>, std::int64_t position) = 0;
  // What was to come is kept no more; `oldest` is the next.
  virtual void on_items_gone(std::int64_t oldest) = 0;
  // "connection", "signin": what became of the account meanwhile, as JSON.
  virtual void on_log_event(std::string_view name, const std::string& data) = 0;
};

struct LogWish {
  std::string account;
  std::optional<std::int64_t> after;  // none: what comes from here on
  std::string types;                  // as UpdateTypes::read() takes them; empty: all
  std::shared_ptr<const TokenScope> scope{};
  bool forwarded = false;  // another node's reader: it is led no further
};

class LogFollower {
 public:
  // Bytes that are on their way to a reader.
  static constexpr std::size_t most_ahead = std::size_t{256} << 10;

  // All of this in the reader's thread.
  LogFollower(ThreadState& from, LogWish wish, LogReader& reader);
  ~LogFollower();

  // What was told is taken: there is room for more.
  void go_on();

 private:
  class Inner;

  ThreadState& home_;
  std::shared_ptr<Inner> inner_;
};

}  // namespace server
