#include "server/sandbox/world/accounts.hpp"

#include <algorithm>

namespace server::sandbox {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string phone_digits(std::string_view phone) {
  std::string out;
  for (const char c : phone.substr(0, 32)) {
    if (is_digit(c)) {
      out += c;
    } else if (c != '+' && c != ' ' && c != '-' && c != '(' && c != ')') {
      return {};
    }
  }
  return out;
}

std::optional<std::int32_t> phone_home(std::string_view digits) {
  if (digits.size() != 10 || !digits.starts_with("99966")) return std::nullopt;
  if (!std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  const auto dc = digits[5] - '0';
  if (dc < 1 || dc > 3) return std::nullopt;
  return dc;
}

std::string phone_code(std::int32_t dc) { return std::string(5, static_cast<char>('0' + dc)); }

std::string email_code(std::int32_t dc) { return std::string(6, static_cast<char>('0' + dc)); }

std::string email_pattern(std::string_view address) {
  const auto at = address.find('@');
  if (at == 0 || at == address.npos) return {};
  std::string out(1, address[0]);
  if (at > 2) out.append(at - 2, '*');
  if (at > 1) out += address[at - 1];
  return out.append(address.substr(at));
}

bool is_email(std::string_view address) {
  const auto at = address.find('@');
  return address.size() <= 254 && at != address.npos && at > 0 && at + 1 < address.size() &&
         address.find('@', at + 1) == address.npos &&
         std::all_of(address.begin(), address.end(), [](char c) { return c > ' ' && c < 127; });
}

bool is_username(std::string_view name) {
  if (name.size() < 5 || name.size() > 32 || !is_letter(name[0])) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

User& Accounts::add(User user) {
  const auto id = user.id;
  auto& kept = users_[id] = std::move(user);
  if (!kept.phone.empty()) phones_[kept.phone] = id;
  if (!kept.username.empty()) usernames_[lower(kept.username)] = id;
  if (id != service_user && id.value() >= next_id_) next_id_ = id.value() + 1;
  return kept;
}

UserId Accounts::next_id() { return UserId(next_id_++); }

User* Accounts::find(UserId id) {
  const auto found = users_.find(id);
  return found == users_.end() ? nullptr : &found->second;
}

const User* Accounts::find(UserId id) const {
  const auto found = users_.find(id);
  return found == users_.end() ? nullptr : &found->second;
}

User* Accounts::by_phone(std::string_view digits) {
  const auto found = phones_.find(std::string(digits));
  return found == phones_.end() ? nullptr : find(found->second);
}

User* Accounts::by_username(std::string_view name) {
  const auto found = usernames_.find(lower(name));
  return found == usernames_.end() ? nullptr : find(found->second);
}

User* Accounts::by_bot_token(std::string_view token) {
  if (token.empty()) return nullptr;
  for (auto& [id, user] : users_) {
    if (user.bot && user.bot_token == token) return &user;
  }
  return nullptr;
}

void Accounts::rename(User& user, std::string username) {
  usernames_.erase(lower(user.username));
  user.username = std::move(username);
  if (!user.username.empty()) usernames_[lower(user.username)] = user.id;
}

bool Accounts::blocks(UserId user, UserId other) const {
  const auto* who = find(user);
  return who != nullptr && who->blocked.contains(other);
}

std::vector<UserId> Accounts::search(std::string_view query, std::size_t limit) const {
  std::vector<UserId> out;
  const auto wanted = lower(query.starts_with('@') ? query.substr(1) : query);
  if (wanted.empty()) return out;
  for (const auto& [id, user] : users_) {
    if (out.size() >= limit) break;
    const auto name = lower(user.first_name + " " + user.last_name);
    if (lower(user.username).starts_with(wanted) || name.starts_with(wanted) ||
        name.find(" " + wanted) != name.npos) {
      out.push_back(id);
    }
  }
  return out;
}

}  // namespace server::sandbox
