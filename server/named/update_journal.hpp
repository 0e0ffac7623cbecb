// The log of one account's updates on its way into the store: what came in a turn is written together
// with the state that it led to, and only what is written is told. One write at a time; what comes
// meanwhile goes with the next. Keeps the newest updates in memory for those who follow. Lives on
// one thread; owned by the named account, shared with those who read.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "server/metering/memory_meter.hpp"
#include "server/named/journal_entry.hpp"
#include "server/store/store_thread.hpp"

namespace server::named {

// Who follows the log.
class JournalReader {
 public:
  virtual ~JournalReader() = default;
  virtual void on_newer() = 0;
};

class UpdateJournal : public std::enable_shared_from_this<UpdateJournal> {
 public:
  // Bytes of updates that may wait for the store; that are kept of those that it has.
  static constexpr std::size_t most_waiting = std::size_t{16} << 20;
  static constexpr std::size_t most_recent = std::size_t{256} << 10;
  static constexpr std::int64_t prune_each = 1'000;

  class User {
   public:
    virtual ~User() = default;
    // What was added and is not in the store is forgotten: it has to come again, from the state in
    // the store on. open() begins anew.
    virtual void on_journal_broken(const store::StoreError&) = 0;
  };

  struct Bounds {
    std::int64_t kept;
    std::int64_t kept_for_ms;
  };

  UpdateJournal(store::StoreThread&, boost::asio::any_io_executor, MemoryMeter&,
                std::string account, Bounds bounds);

  // What the store has. Nothing is added before. `mark`: what writes name.
  void open(std::int64_t newest, std::string state, User&, store::LeaseMark mark = {});
  // The user is gone. What was added is written still.
  void close(std::int64_t now_ms);
  // What was added and is not on its way is forgotten; open() begins anew.
  void break_off();
  // There is no such log any more.
  void forget();

  // False: too many wait, or it is not open; nothing was added.
  bool add(tl::ByteView body, std::int64_t layer, std::int64_t at_ms);
  // A turn is over: what was added is to be written, and the state that it led to, if it is another.
  void commit(std::string state, std::int64_t now_ms);

  const std::string& account() const { return account_; }
  store::StoreThread& store() { return store_; }
  const boost::asio::any_io_executor& executor() const { return executor_; }
  // Of those that the store has.
  std::int64_t newest() const { return newest_; }
  // None: it is there in the store alone.
  EntryPointer recent(std::int64_t number) const;

  void follow(JournalReader& reader) { readers_.push_back(&reader); }
  void unfollow(JournalReader& reader) { std::erase(readers_, &reader); }
  std::size_t followers() const { return readers_.size(); }

 private:
  struct Write {
    std::int64_t first = 0;
    std::vector<EntryPointer> entries;
    std::vector<std::int64_t> at;
    std::string state;
    std::int64_t now = 0;
  };

  void write(std::int64_t now_ms);
  void post(const std::shared_ptr<const Write>&);
  void on_written(const Write&, const store::StoreStatus&, std::uint64_t opening);
  void keep(const Write&);
  void tell();
  void prune(std::int64_t now_ms);
  void count();

  store::StoreThread& store_;
  const boost::asio::any_io_executor executor_;
  const std::string account_;
  const Bounds bounds_;
  User* user_ = nullptr;  // none: it is not open
  store::LeaseMark mark_;
  std::uint64_t opening_ = 0;  // how often it was opened
  std::int64_t newest_ = 0;    // in the store
  std::int64_t next_ = 1;      // number of the one that will be added
  std::string state_;          // of all that was added, as the store is to keep it
  std::string written_state_;  // in the store, or on its way
  std::vector<EntryPointer> waiting_;
  std::vector<std::int64_t> waiting_at_;
  std::size_t waiting_bytes_ = 0;
  bool writing_ = false;
  bool again_ = false;          // commit() was called meanwhile
  std::int64_t pruned_at_ = 0;  // number of the newest then
  std::deque<EntryPointer> recent_;
  std::size_t recent_bytes_ = 0;
  std::vector<JournalReader*> readers_;
  MemoryShare share_;
};

}  // namespace server::named
