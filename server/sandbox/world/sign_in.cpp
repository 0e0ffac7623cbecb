#include "server/sandbox/world/sign_in.hpp"

#include <algorithm>

#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using mtproto::AuthKeyId;

Key& SignIn::key(AuthKeyId id, std::int32_t dc) {
  if (const auto found = keys_.find(id); found != keys_.end()) return found->second;
  if (keys_.size() >= limits::keys) {
    // Nobody is signed in with most of so many: forget one of those.
    for (auto it = keys_.begin(); it != keys_.end(); ++it) {
      if (!it->second.user && !it->second.awaits_password) {
        keys_.erase(it);
        break;
      }
    }
  }
  auto& made = keys_[id];
  made.id = id;
  made.dc = dc;
  return made;
}

Key* SignIn::find(AuthKeyId id) {
  const auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : &found->second;
}

void SignIn::remove(AuthKeyId id) {
  const auto found = keys_.find(id);
  if (found == keys_.end()) return;
  sign_out(found->second);
  keys_.erase(found);
}

void SignIn::restore(Key key) {
  if (key.user) by_user_[*key.user].push_back(key.id);
  const auto id = key.id;
  keys_[id] = std::move(key);
}

void SignIn::sign_in(Key& key, UserId user, std::int32_t date, tl::Random& random) {
  sign_out(key);
  key.user = user;
  key.created = key.active = date;
  key.hash = static_cast<std::int64_t>(random.word() >> 1 | 1);
  by_user_[user].push_back(key.id);
}

void SignIn::sign_out(Key& key) {
  key.awaits_password.reset();
  key.challenge.reset();
  if (!key.user) return;
  auto& keys = by_user_[*key.user];
  std::erase(keys, key.id);
  key.user.reset();
  key.parent.reset();
  const auto others = keys;
  for (const auto id : others) {
    if (auto* other = find(id); other != nullptr && other->parent == key.id) sign_out(*other);
  }
}

const std::vector<AuthKeyId>& SignIn::keys_of(UserId user) const {
  static const std::vector<AuthKeyId> none;
  const auto found = by_user_.find(user);
  return found == by_user_.end() ? none : found->second;
}

SentCode& SignIn::send_code(std::string phone, std::string code, mtproto::Time now,
                            tl::Random& random) {
  while (code_order_.size() >= limits::codes) {
    codes_.erase(code_order_.front());
    code_order_.pop_front();
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hash;
  for (auto word = random.word(); hash.size() < 16; word >>= 4) hash += digits[word & 15];
  code_order_.push_back(hash);
  auto& sent = codes_[hash];
  sent = {};
  sent.hash = hash;
  sent.phone = std::move(phone);
  sent.code = std::move(code);
  sent.until = now + code_lives;
  return sent;
}

SentCode* SignIn::sent_code(std::string_view phone, std::string_view hash, mtproto::Time now) {
  const auto found = codes_.find(hash);
  if (found == codes_.end() || found->second.phone != phone) return nullptr;
  if (now >= found->second.until) {
    codes_.erase(found);
    return nullptr;
  }
  return &found->second;
}

void SignIn::forget_code(std::string_view hash) {
  const auto found = codes_.find(hash);
  if (found != codes_.end()) codes_.erase(found);
}

tl::Bytes SignIn::export_to(std::int32_t dc, const Key& from, mtproto::Time now,
                            tl::Random& random) {
  std::erase_if(exports_, [&](const auto& one) { return now >= one.second.until; });
  if (exports_.size() >= limits::codes) exports_.erase(exports_.begin());
  tl::Bytes bytes(32);
  random.fill(bytes);
  exports_[bytes] = {from.user.value_or(UserId{}), from.id, dc, now + export_lives};
  return bytes;
}

std::optional<AuthKeyId> SignIn::import_from(std::int32_t dc, UserId user, tl::ByteView bytes,
                                             mtproto::Time now) {
  const auto found = exports_.find(tl::Bytes(bytes.begin(), bytes.end()));
  if (found == exports_.end()) return {};
  const auto one = found->second;
  if (one.dc != dc || one.user != user || now >= one.until) return {};
  exports_.erase(found);
  // Signed out in the meantime: there is nothing left to bring.
  const auto* from = find(one.from);
  if (from == nullptr || from->user != user) return {};
  return one.from;
}

}  // namespace server::sandbox
