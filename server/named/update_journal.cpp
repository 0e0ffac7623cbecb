#include "server/named/update_journal.hpp"

#include <algorithm>
#include <utility>

namespace server::named {

UpdateJournal::UpdateJournal(store::StoreThread& store, boost::asio::any_io_executor executor,
                             MemoryMeter& memory, std::string account, Bounds bounds)
    : store_(store),
      executor_(std::move(executor)),
      account_(std::move(account)),
      bounds_(bounds),
      share_(memory) {}

void UpdateJournal::open(std::int64_t newest, std::string state, User& user,
                         store::LeaseMark mark) {
  break_off();
  mark_ = std::move(mark);
  ++opening_;
  user_ = &user;
  writing_ = false;
  state_ = written_state_ = std::move(state);
  if (newest != newest_) {
    recent_.clear();
    recent_bytes_ = 0;
  }
  newest_ = newest;
  next_ = newest + 1;
  count();
  tell();
}

void UpdateJournal::close(std::int64_t now_ms) {
  if (user_ == nullptr) return;
  write(now_ms);
  user_ = nullptr;
}

void UpdateJournal::break_off() {
  user_ = nullptr;
  again_ = false;
  waiting_.clear();
  waiting_at_.clear();
  waiting_bytes_ = 0;
  count();
}

void UpdateJournal::forget() {
  break_off();
  ++opening_;
  recent_.clear();
  recent_bytes_ = 0;
  newest_ = 0;
  pruned_at_ = 0;
  count();
  tell();
}

bool UpdateJournal::add(tl::ByteView body, std::int64_t layer, std::int64_t at_ms) {
  if (user_ == nullptr || waiting_bytes_ + body.size() > most_waiting) return false;
  waiting_.push_back(
      std::make_shared<const JournalEntry>(next_++, layer, tl::Bytes(body.begin(), body.end())));
  waiting_at_.push_back(at_ms);
  waiting_bytes_ += body.size();
  count();
  return true;
}

void UpdateJournal::commit(std::string state, std::int64_t now_ms) {
  if (user_ == nullptr) return;
  state_ = std::move(state);
  if (writing_) {
    again_ = true;
  } else {
    write(now_ms);
  }
}

void UpdateJournal::write(std::int64_t now_ms) {
  if (waiting_.empty() && state_ == written_state_) return;
  auto what = std::make_shared<Write>();
  what->first = next_ - static_cast<std::int64_t>(waiting_.size());
  what->entries = std::exchange(waiting_, {});
  what->at = std::exchange(waiting_at_, {});
  what->state = written_state_ = state_;
  what->now = now_ms;
  waiting_bytes_ = 0;
  writing_ = true;
  post(what);
}

void UpdateJournal::post(const std::shared_ptr<const Write>& what) {
  auto work = [account = account_, what, mark = mark_](store::AccountStore& store) {
    std::vector<store::LoggedUpdate> updates;
    for (std::size_t i = 0; i < what->entries.size(); ++i) {
      const auto& entry = *what->entries[i];
      updates.push_back({what->at[i], entry.layer(), entry.body()});
    }
    return store.log().append(account, what->first, updates, what->state, what->now, mark);
  };
  auto done = [weak = weak_from_this(), what, opening = opening_](store::StoreStatus status) {
    if (const auto self = weak.lock()) self->on_written(*what, status, opening);
  };
  store_.post(executor_, std::move(work), std::move(done));
}

void UpdateJournal::on_written(const Write& what, const store::StoreStatus& status,
                               std::uint64_t opening) {
  if (opening != opening_) return;  // it was opened anew, from what the store has
  writing_ = false;
  const bool again = std::exchange(again_, false);
  if (!status) {
    auto* user = user_;
    break_off();
    if (user != nullptr) user->on_journal_broken(status.error());
    return;
  }
  keep(what);
  const auto self = shared_from_this();
  tell();
  for (const auto& entry : what.entries) entry->forget_plain();
  if (user_ != nullptr && again && !writing_) write(what.now);
  prune(what.now);
}

void UpdateJournal::keep(const Write& what) {
  newest_ = what.first + static_cast<std::int64_t>(what.entries.size()) - 1;
  for (const auto& entry : what.entries) {
    recent_bytes_ += entry->body().size();
    recent_.push_back(entry);
  }
  while (recent_bytes_ > most_recent && recent_.size() > 1) {
    recent_bytes_ -= recent_.front()->body().size();
    recent_.pop_front();
  }
  count();
}

EntryPointer UpdateJournal::recent(std::int64_t number) const {
  if (recent_.empty() || number < recent_.front()->number()) return nullptr;
  const auto place = static_cast<std::size_t>(number - recent_.front()->number());
  return place < recent_.size() ? recent_[place] : nullptr;
}

// Any of them may leave when it is told, and take others along.
void UpdateJournal::tell() {
  for (auto* reader : std::vector(readers_)) {
    if (std::ranges::find(readers_, reader) != readers_.end()) reader->on_newer();
  }
}

void UpdateJournal::prune(std::int64_t now_ms) {
  if (newest_ < pruned_at_ + prune_each) return;
  pruned_at_ = newest_;
  auto work = [account = account_, bounds = bounds_, now_ms,
               mark = mark_](store::AccountStore& store) {
    return store.log().prune(account, bounds.kept, now_ms - bounds.kept_for_ms, mark);
  };
  // Where it fails, a thousand updates later is soon enough.
  store_.post(executor_, std::move(work), [](const store::StoreResult<std::int64_t>&) {});
}

void UpdateJournal::count() { share_.resize(waiting_bytes_ + recent_bytes_); }

}  // namespace server::named
