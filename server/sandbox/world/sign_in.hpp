// Which auth key is signed in as whom, and what lies between: codes that were asked for, two-step
// challenges, authorizations on their way to another data centre. core.telegram.org/api/auth
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mtproto/crypto/srp.hpp"
#include "mtproto/ids.hpp"
#include "mtproto/time.hpp"
#include "server/sandbox/world/ids.hpp"
#include "tl/bytes.hpp"
#include "tl/random.hpp"

namespace server::sandbox {

// What initConnection said.
struct AppInfo {
  std::int32_t api_id = 0;
  std::string device_model, system_version, app_version, lang_code;
};

struct Challenge {
  std::int64_t srp_id = 0;
  UserId user;
  mtproto::Time until{};
  mtproto::SrpChallenge srp;
};

struct Key {
  mtproto::AuthKeyId id;
  std::int32_t dc = 0;
  std::optional<std::int32_t> layer;
  std::optional<AppInfo> app;  // none: initConnection was never called
  std::optional<UserId> user;
  // Of the key that the authorization was brought here from: it ends with that one's.
  std::optional<mtproto::AuthKeyId> parent;
  std::optional<UserId> awaits_password;  // the code was right
  std::optional<Challenge> challenge;
  std::int64_t hash = 0;     // names the authorization to its owner
  std::int32_t created = 0;  // unix time of the sign-in
  std::int32_t active = 0;
};

struct SentCode {
  std::string hash, phone, code;
  mtproto::Time until{};
  int tries = 0;
  bool by_sms = false;
  bool by_email = false;
  bool unpaid = false;  // it was not sent yet
  bool proven = false;  // the right code was given and the number has no account yet: sign-up
};

struct Export {
  UserId user;
  mtproto::AuthKeyId from;
  std::int32_t dc = 0;
  mtproto::Time until{};
};

class SignIn {
 public:
  static constexpr auto code_lives = std::chrono::minutes{10};
  static constexpr auto challenge_lives = std::chrono::minutes{10};
  static constexpr auto export_lives = std::chrono::minutes{1};

  Key& key(mtproto::AuthKeyId id, std::int32_t dc);
  Key* find(mtproto::AuthKeyId id);
  void remove(mtproto::AuthKeyId id);
  const std::unordered_map<mtproto::AuthKeyId, Key>& keys() const { return keys_; }
  void restore(Key key);

  void sign_in(Key& key, UserId user, std::int32_t date, tl::Random& random);
  // And what was brought to other data centres from there.
  void sign_out(Key& key);
  // The keys that are signed in as that user.
  const std::vector<mtproto::AuthKeyId>& keys_of(UserId user) const;

  SentCode& send_code(std::string phone, std::string code, mtproto::Time now, tl::Random& random);
  // Null where it is unknown, of another number, or too old.
  SentCode* sent_code(std::string_view phone, std::string_view hash, mtproto::Time now);
  void forget_code(std::string_view hash);

  // Of whoever is signed in with `from`.
  tl::Bytes export_to(std::int32_t dc, const Key& from, mtproto::Time now, tl::Random& random);
  // Good once, in that data centre, for that user; the key that it was exported from.
  std::optional<mtproto::AuthKeyId> import_from(std::int32_t dc, UserId user, tl::ByteView bytes,
                                                mtproto::Time now);

 private:
  std::unordered_map<mtproto::AuthKeyId, Key> keys_;
  std::unordered_map<UserId, std::vector<mtproto::AuthKeyId>> by_user_;
  std::map<std::string, SentCode, std::less<>> codes_;
  std::deque<std::string> code_order_;
  std::map<tl::Bytes, Export> exports_;
};

}  // namespace server::sandbox
