#include "server/named/log_cursor.hpp"

#include <boost/asio/post.hpp>
#include <utility>

namespace server::named {

LogCursor::LogCursor(std::shared_ptr<UpdateJournal> journal, std::optional<std::int64_t> after,
                     User& user)
    : journal_(std::move(journal)), user_(&user), position_(after.value_or(journal_->newest())) {
  journal_->follow(*this);
}

LogCursor::~LogCursor() { close(); }

void LogCursor::start() {
  boost::asio::post(journal_->executor(), [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->go_on();
  });
}

void LogCursor::pause(bool paused) {
  if (std::exchange(paused_, paused) == paused || paused) return;
  start();
}

void LogCursor::close() {
  if (std::exchange(user_, nullptr) == nullptr) return;
  journal_->unfollow(*this);
  retry_.reset();
}

void LogCursor::go_on() {
  const auto self = weak_from_this().lock();
  if (user_ == nullptr || reading_ || std::exchange(going_, true)) return;
  if (position_ > journal_->newest()) be_gone(journal_->newest() + 1);  // of another log
  while (user_ != nullptr && !paused_ && !reading_ && position_ < journal_->newest()) {
    const auto entry = journal_->recent(position_ + 1);
    if (!entry) {
      read();
      break;
    }
    position_ = entry->number();
    user_->on_entry(entry);
  }
  going_ = false;
  if (user_ != nullptr && !paused_ && !reading_) user_->on_end_of_log();
}

void LogCursor::be_gone(std::int64_t oldest) {
  position_ = oldest - 1;
  user_->on_entries_gone(oldest);
}

void LogCursor::read() {
  reading_ = true;
  auto work = [account = journal_->account(), after = position_](store::AccountStore& store) {
    return store.log().after(account, after, page);
  };
  auto done = [weak = weak_from_this()](store::StoreResult<store::LogPage> result) {
    if (const auto self = weak.lock()) self->on_page(std::move(result));
  };
  journal_->store().post(journal_->executor(), std::move(work), std::move(done));
}

void LogCursor::on_page(store::StoreResult<store::LogPage> result) {
  if (user_ == nullptr) return;
  if (!result) return retry();
  const auto before = position_;
  if (!result->range.has_all_after(position_)) be_gone(result->range.oldest);
  for (auto& entry : result->entries) {
    if (user_ == nullptr || paused_) break;
    if (entry.number != position_ + 1) continue;
    position_ = entry.number;
    user_->on_entry(
        std::make_shared<const JournalEntry>(entry.number, entry.layer, std::move(entry.body)));
  }
  // The store has less than it had: others see to that, and it is not asked without end meanwhile.
  if (user_ != nullptr && !paused_ && position_ == before) return retry();
  reading_ = false;
  go_on();
}

void LogCursor::retry() {
  retry_ = std::make_unique<boost::asio::steady_timer>(journal_->executor(), retry_after);
  retry_->async_wait([weak = weak_from_this()](boost::system::error_code stopped) {
    const auto self = weak.lock();
    if (stopped || !self) return;
    self->reading_ = false;
    self->go_on();
  });
}

}  // namespace server::named
