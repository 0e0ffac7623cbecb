// One reader's place in an account's log: gives every update behind it once and in order, those of
// the store first and then what comes. A reader that does not read costs nothing but its place.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <memory>
#include <optional>

#include "server/named/update_journal.hpp"

namespace server::named {

class LogCursor final : public JournalReader, public std::enable_shared_from_this<LogCursor> {
 public:
  static constexpr std::int64_t page = 100;
  static constexpr std::chrono::seconds retry_after{1};  // where the store can't be read

  class User {
   public:
    virtual ~User() = default;
    // It may close or pause the cursor.
    virtual void on_entry(const EntryPointer&) = 0;
    // Those that were to come are kept no more; `oldest` is the next.
    virtual void on_entries_gone(std::int64_t oldest) = 0;
    // All that there is was given.
    virtual void on_end_of_log() {}
  };

  // Behind number `after`; none: behind the newest. Begins with start(), in a turn of its own.
  LogCursor(std::shared_ptr<UpdateJournal>, std::optional<std::int64_t> after, User&);
  ~LogCursor() override;

  void start();
  void pause(bool paused);
  // Nothing more is given.
  void close();
  std::int64_t position() const { return position_; }

 private:
  void on_newer() override { go_on(); }
  void go_on();
  void read();
  void on_page(store::StoreResult<store::LogPage>);
  void retry();
  void be_gone(std::int64_t oldest);

  const std::shared_ptr<UpdateJournal> journal_;
  User* user_;
  std::int64_t position_;
  std::unique_ptr<boost::asio::steady_timer> retry_;
  bool going_ = false;  // on the stack
  bool reading_ = false;
  bool paused_ = false;
};

}  // namespace server::named
