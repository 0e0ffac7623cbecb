// Telegram Desktop's files, and what it encrypts in them.
//
//   file       "TDF$" | version, LE 4 | data | MD5( data | its length, LE 4 | version | "TDF$" ) 16
//   encrypted  msg_key 16 | AES-256-IGE( plain ), by the key derivation of MTProto 1.0 as a server
//              uses it; msg_key = SHA1( plain )[0:16]
//   plain      length LE 4, which counts itself | data | padding to 16
#pragma once

#include "mtproto/crypto/auth_key.hpp"
#include "server/session_files/found_session.hpp"

namespace server::session_files {

inline constexpr std::string_view tdf_magic = "TDF$";

// The data of a file; the error is a sentence.
Outcome<tl::ByteView> tdf_data(tl::ByteView file);

// What a block holds; none where it was encrypted by another key, or is damaged.
std::optional<mtproto::SecretBytes> decrypt_tdf(tl::ByteView encrypted, const mtproto::AuthKey&);

// The key that a passcode stands for; empty: no passcode is set.
mtproto::AuthKey passcode_key(tl::ByteView salt, tl::ByteView passcode);

}  // namespace server::session_files
