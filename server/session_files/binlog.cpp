#include "server/session_files/binlog.hpp"

#include <openssl/evp.h>

#include <new>

#include "mtproto/crypto/aes.hpp"
#include "mtproto/crypto/hmac.hpp"
#include "server/session_files/binlog_events.hpp"
#include "tl/base64.hpp"
#include "tl/reader.hpp"

namespace server::session_files {
namespace {

constexpr std::int32_t encryption_event = -3;
constexpr int key_rounds = 2;
constexpr std::string_view no_database_key = "cucumber";
constexpr std::string_view check_text = "cucumbers everywhere";

struct Encryption {
  std::size_t size = 0;  // of the event
  tl::ByteView salt, iv, check;
};

std::optional<Encryption> read_encryption(tl::ByteView file) {
  BinlogEvent event;
  if (read_event(file, event) != EventState::whole || event.type != encryption_event) return {};
  tl::Reader in(event.data);
  in.int32();
  Encryption out{event.size, in.bytes(), in.bytes(), in.bytes()};
  if (!in || out.salt.size() != 32 || out.iv.size() != 16 || out.check.size() != 32) return {};
  return out;
}

// None where it is not the database's key.
std::optional<mtproto::AesKey> binlog_key(const Encryption& encryption, tl::ByteView database_key) {
  mtproto::AesKey key;
  const int made = PKCS5_PBKDF2_HMAC(
      reinterpret_cast<const char*>(database_key.data()), static_cast<int>(database_key.size()),
      encryption.salt.data(), static_cast<int>(encryption.salt.size()), key_rounds, EVP_sha256(),
      static_cast<int>(key.bytes().size()), key.bytes().data());
  if (made != 1) throw std::bad_alloc();
  const auto check = mtproto::hmac_sha256(key.bytes(), {tl::as_bytes(check_text)});
  if (!mtproto::same_secret(check, encryption.check)) return {};
  return key;
}

// A key of any bytes is told in base64, as TDLib's JSON interface takes it.
std::optional<mtproto::AesKey> typed_key(const Encryption& encryption,
                                         const mtproto::SecretBytes& typed) {
  if (auto key = binlog_key(encryption, typed.bytes())) return key;
  tl::Bytes decoded;
  decoded.reserve(typed.size());
  std::optional<mtproto::AesKey> key;
  if (tl::decode_base64(tl::as_text(typed.bytes()), decoded)) key = binlog_key(encryption, decoded);
  mtproto::wipe(decoded);
  return key;
}

Outcome<mtproto::AesKey> ask_for_binlog_key(const Encryption& encryption, Person& person) {
  if (auto key = binlog_key(encryption, tl::as_bytes(no_database_key))) return *key;
  for (int tries = 0; tries < most_passcodes; ++tries) {
    const auto typed = person.secret("TDLib's database_encryption_key, as text or in base64: ");
    if (!typed) break;
    if (auto key = typed_key(encryption, *typed)) return *key;
    person.say("That is not its key.");
  }
  return std::string("it has a database_encryption_key, without which it can't be read");
}

}  // namespace

bool is_binlog(tl::ByteView file) { return read_encryption(file).has_value(); }

Outcome<FoundSession> read_binlog(tl::ByteView file, Person& person) {
  const auto encryption = read_encryption(file);
  if (!encryption) return std::string("no binlog of TDLib");
  const auto key = ask_for_binlog_key(*encryption, person);
  if (!key) return key.error();
  mtproto::SecretBytes events(file.subspan(encryption->size));
  const auto iv = encryption->iv.first<16>();
  mtproto::CtrStream(*key, iv).apply(events.bytes());
  const auto values = replay_binlog(events.bytes(), encryption->size);
  if (!values) return values.error();
  return session_of_values(*values);
}

}  // namespace server::session_files
