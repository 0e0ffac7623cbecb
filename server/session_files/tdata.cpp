#include "server/session_files/tdata.hpp"

#include "mtproto/crypto/sha.hpp"
#include "server/session_files/qt_reader.hpp"
#include "server/session_files/tdata_blocks.hpp"
#include "server/session_files/tdf.hpp"

namespace server::session_files {
namespace {

namespace fs = std::filesystem;

constexpr const char* desktop_name = "Telegram Desktop";

// A file and its data, which lies in it.
struct Tdf {
  mtproto::SecretBytes file;
  tl::ByteView data;
};

Outcome<Tdf> open_tdf(const Files& files, const fs::path& path) {
  auto file = files.read(path, longest_small_file);
  if (!file) return file.error();
  Tdf out{std::move(*file), {}};
  const auto data = tdf_data(out.file.bytes());
  if (!data) return path.string() + ": " + data.error();
  out.data = *data;
  return out;
}

// The array that a file is, decrypted.
Outcome<mtproto::SecretBytes> open_encrypted(const Files& files, const fs::path& path,
                                             const mtproto::AuthKey& key) {
  const auto tdf = open_tdf(files, path);
  if (!tdf) return tdf.error();
  auto plain = decrypt_tdf(QtReader(tdf->data).array(), key);
  if (!plain) return path.string() + ": it is not encrypted by the key in key_datas";
  return std::move(*plain);
}

std::optional<mtproto::AuthKey> local_key(tl::ByteView encrypted, const mtproto::AuthKey& by) {
  const auto plain = decrypt_tdf(encrypted, by);
  return plain ? auth_key_of(plain->bytes()) : std::nullopt;
}

// Opened without a passcode, or with one that the person knows; the error is a sentence.
Outcome<mtproto::AuthKey> ask_for_local_key(tl::ByteView salt, tl::ByteView encrypted,
                                            Person& person) {
  if (auto key = local_key(encrypted, passcode_key(salt, {}))) return std::move(*key);
  for (int tries = 0; tries < most_passcodes; ++tries) {
    const auto passcode = person.secret("Passcode of Telegram Desktop: ");
    if (!passcode) break;
    if (auto key = local_key(encrypted, passcode_key(salt, passcode->bytes()))) {
      return std::move(*key);
    }
    person.say("That is not the passcode.");
  }
  return std::string("it has a passcode, without which it can't be read");
}

struct Opened {
  mtproto::AuthKey key;
  std::vector<std::size_t> accounts;  // from 0
};

Outcome<Opened> open_key_data(const Files& files, const fs::path& path, Person& person) {
  const auto tdf = open_tdf(files, path);
  if (!tdf) return tdf.error();
  const auto with_path = [&](const std::string& text) { return path.string() + ": " + text; };
  QtReader in(tdf->data);
  const auto salt = in.array();
  const auto key_encrypted = in.array();
  const auto info_encrypted = in.array();
  if (!in || salt.size() != 32) return with_path("not of a version that is known");
  auto key = ask_for_local_key(salt, key_encrypted, person);
  if (!key) return with_path(key.error());
  const auto info = decrypt_tdf(info_encrypted, *key);
  if (!info) return with_path("its list of accounts is damaged");
  auto accounts = read_account_list(info->bytes());
  if (!accounts) return with_path("its list of accounts is damaged");
  return Opened{std::move(*key), std::move(*accounts)};
}

Outcome<Authorization> open_account(const Files& files, const fs::path& path,
                                    const mtproto::AuthKey& key) {
  const auto plain = open_encrypted(files, path, key);
  if (!plain) return plain.error();
  auto out = read_authorization(plain->bytes());
  if (!out) return path.string() + ": its authorization is in a form that is not known";
  return std::move(*out);
}

// None where no file says it.
std::optional<bool> is_test_account(const Files& files, const fs::path& configs,
                                    const mtproto::AuthKey& key) {
  const auto plain = open_encrypted(files, configs, key);
  return plain ? read_environment(plain->bytes()) : std::nullopt;
}

struct Account {
  std::string name;
  Authorization authorization;
};

Outcome<std::vector<Account>> signed_in_accounts(const Files& files, const fs::path& folder,
                                                 const Opened& opened) {
  std::vector<Account> out;
  for (const auto index : opened.accounts) {
    const auto name = tdata_account_name(index);
    auto authorization = open_account(files, folder / (name + "s"), opened.key);
    if (!authorization) return authorization.error();
    if (authorization->user_id > 0) out.push_back({name, std::move(*authorization)});
  }
  return out;
}

std::optional<std::size_t> choose_account(const std::vector<Account>& accounts, Person& person) {
  if (accounts.size() == 1) return 0;
  std::vector<std::string> shown;
  for (const auto& [name, authorization] : accounts) {
    shown.push_back("user " + std::to_string(authorization.user_id) + ", data centre " +
                    std::to_string(authorization.home.value()));
  }
  return person.choice("Which account", shown);
}

}  // namespace

std::string tdata_account_name(std::size_t index) {
  const auto text = index == 0 ? "data" : "data#" + std::to_string(index + 1);
  const auto sum = mtproto::md5({tl::as_bytes(text)});
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    constexpr const char* digits = "0123456789ABCDEF";
    out += digits[sum[i] & 15];
    out += digits[sum[i] >> 4];
  }
  return out;
}

Outcome<FoundSession> read_tdata(const Files& files, const fs::path& folder, Person& person) {
  if (auto why = files.in_use(folder); !why.empty()) return why;
  const auto opened = open_key_data(files, folder / "key_datas", person);
  if (!opened) return opened.error();
  auto accounts = signed_in_accounts(files, folder, *opened);
  if (!accounts) return accounts.error();
  if (accounts->empty()) return folder.string() + ": " + nobody_signed_in(desktop_name);
  const auto chosen = choose_account(*accounts, person);
  if (!chosen || *chosen >= accounts->size()) {
    return folder.string() + ": several accounts are signed in, and none was chosen";
  }
  auto& [name, authorization] = (*accounts)[*chosen];
  const auto dc = dc_of(authorization.home.value());
  if (!dc || !authorization.home_key) {
    return (folder / (name + "s")).string() + ": there is no key of its home data centre";
  }
  FoundSession out{desktop_name, std::move(*authorization.home_key), *dc, authorization.user_id};
  out.test = is_test_account(files, folder / name / "configs", opened->key);
  return out;
}

}  // namespace server::session_files
