// Who there is: users and bots, found by id, phone number and name.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mtproto/crypto/srp.hpp"
#include "server/sandbox/world/files.hpp"
#include "server/sandbox/world/folders.hpp"
#include "server/sandbox/world/ids.hpp"
#include "server/sandbox/world/privacy.hpp"

namespace server::sandbox {

struct Contact {
  std::string first_name, last_name, phone;
};

// A two-step password. The verifier costs 60 ms, so it is made when it is first asked for.
struct TwoStep {
  std::string password, hint;
  mtproto::SrpAlgorithm algorithm;
  std::optional<mtproto::DhNumber> verifier;
};

// What one waits for before something is taken off an account; unix times, 0: nothing is.
struct Resets {
  std::int32_t email_date = 0;      // when the e-mail address for sign-in may go
  std::int32_t password_date = 0;   // when the two-step password may go
  std::int32_t password_retry = 0;  // when that may be asked for again, after it was taken back
};

struct BotCommand {
  std::string command, description;
};

struct User {
  UserId id;
  std::int64_t access_hash = 0;
  std::int32_t home_dc = 2;
  std::string first_name, last_name, username, phone, about;
  bool bot = false;
  bool support = false;  // the service account
  std::string bot_token;
  // By scope and language; that of everybody in any language is "".
  std::map<std::string, std::vector<BotCommand>> commands;
  std::optional<TwoStep> two_step;
  std::string login_email;  // where codes for sign-in go; empty: they do not
  std::string new_email;    // a code was sent there, to show that it is theirs
  Resets resets;
  std::int32_t online_until = 0;  // unix time
  std::int32_t was_online = 0;
  std::map<UserId, Contact> contacts;
  std::map<UserId, std::int32_t> blocked;  // since when, unix time
  Privacy privacy;
  FilePtr photo;  // none: without one
  std::vector<Folder> folders;
};

inline constexpr UserId service_user{777000};
inline constexpr UserId echo_bot{1000001};
inline constexpr UserId button_bot{1000002};
inline constexpr std::string_view button_bot_token = "1000002:sandbox-buttonbot";
inline constexpr std::int32_t stats_centre = 3;  // which keeps the statistics of all
inline constexpr std::string_view echo_bot_token = "1000001:sandbox-echobot";

// Digits of a phone number, without `+` and what people put between.
std::string phone_digits(std::string_view phone);
// X of 99966XYYYY, 1 to 3; none where it is no number of this world.
std::optional<std::int32_t> phone_home(std::string_view digits);
// The code of that data centre's numbers: its digit five times.
std::string phone_code(std::int32_t dc);

// The code that goes by e-mail: that digit six times.
std::string email_code(std::int32_t dc);
// "ada@example.org" → "a*a@example.org"
std::string email_pattern(std::string_view address);
// Something on either side of one @, 3 to 254 visible characters.
bool is_email(std::string_view address);

// 5 to 32 letters, digits and underscores, a letter first.
bool is_username(std::string_view name);

class Accounts {
 public:
  // Takes a user in; id and access hash are the caller's.
  User& add(User user);
  // The next free id for a person.
  UserId next_id();

  User* find(UserId id);
  const User* find(UserId id) const;
  User* by_phone(std::string_view digits);
  User* by_username(std::string_view name);  // any case
  User* by_bot_token(std::string_view token);
  void rename(User& user, std::string username);
  // Whether `user` wants to hear nothing of `other`.
  bool blocks(UserId user, UserId other) const;

  // Whose username begins with `query` or has it in the name; at most `limit`, by id.
  std::vector<UserId> search(std::string_view query, std::size_t limit) const;
  const std::map<UserId, User>& all() const { return users_; }

 private:
  std::map<UserId, User> users_;
  std::unordered_map<std::string, UserId> phones_;
  std::map<std::string, UserId, std::less<>> usernames_;  // lower case
  std::int64_t next_id_ = 1000101;
};

// ASCII only: what it is for (usernames, search) needs no more.
std::string lower(std::string_view text);

}  // namespace server::sandbox
