// The clients of an account, and what each of them wants: few, so they are gone through. Owned by the
// account, which says what they are told.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/account/account_event.hpp"
#include "server/account/update_feed.hpp"

namespace server::account {

// A client of an account. It may leave it in any of these.
class AccountUser : public UpdateListener {
 public:
  virtual void on_dc(const DcChange&, mtproto::Time now) = 0;
  // True for what is this user's business alone, and nobody else's.
  virtual bool claims(tl::ByteView pushed) const = 0;
  virtual void on_pushed(tl::Slice body, mtproto::Time now) = 0;
  // The key opens nothing any more, for good; `reason` is for people.
  virtual void on_key_gone(const std::string& reason, mtproto::Time now) = 0;
};

// One of them, and its updates.
struct AccountMember {
  AccountUser* user;
  std::string updates;                 // while there is no feed
  std::shared_ptr<UpdateFeed> feed{};  // none: updates go out as they come
  bool paused = false;                 // it does not read
  bool wants = false;                  // to hear updates

  void stop_feed() {
    if (!feed) return;
    updates = feed->text();
    std::exchange(feed, nullptr)->stop();
  }
};

class AccountMembers {
 public:
  void add(AccountUser& user, std::string updates) { all_.push_back({&user, std::move(updates)}); }
  void remove(const AccountUser& user) {
    std::erase_if(all_, [&](const AccountMember& one) { return one.user == &user; });
  }

  bool empty() const { return all_.empty(); }
  // The one that there is; null where there are more, or none.
  AccountMember* only() { return all_.size() == 1 ? &all_.front() : nullptr; }
  AccountMember* find(const AccountUser& user) {
    const auto found = std::ranges::find(all_, &user, &AccountMember::user);
    return found == all_.end() ? nullptr : &*found;
  }
  const AccountMember* find(const AccountUser& user) const {
    return const_cast<AccountMembers*>(this)->find(user);
  }
  template <class Is>
  bool any(Is is) const {
    return std::ranges::any_of(all_, is);
  }
  bool any_beside(const AccountUser& user) const {
    return any([&](const AccountMember& one) { return one.user != &user; });
  }
  bool all_paused() const {
    return !any([](const AccountMember& one) { return !one.paused; });
  }

  // `tell` takes an AccountMember&, which may leave in it, as others may.
  template <class Tell>
  void each(Tell tell) {
    if (auto* one = only()) return tell(*one);
    std::vector<AccountUser*> users;
    for (const auto& member : all_) users.push_back(member.user);
    for (const auto* user : users) {
      if (auto* member = find(*user)) tell(*member);
    }
  }

 private:
  std::vector<AccountMember> all_;
};

}  // namespace server::account
