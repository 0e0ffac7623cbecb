// What a file of another program says of a session.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mtproto/crypto/auth_key.hpp"
#include "mtproto/ids.hpp"
#include "tl/result.hpp"

namespace server::session_files {

struct FoundSession {
  std::string library;  // "Telethon"
  mtproto::AuthKey auth_key;
  mtproto::DcId dc;  // the account's home
  std::optional<std::int64_t> user_id{};
  std::optional<std::int32_t> api_id{};
  std::optional<bool> test{};        // of the test environment; most files do not say
  std::vector<std::string> notes{};  // what else a person should know: sentences
};

// The error is a sentence for people; where it is wrong stands in it, the file's name does not.
template <class T>
using Outcome = tl::Result<T, std::string>;

// None where these are not 256 bytes, or all of them are zero.
std::optional<mtproto::AuthKey> auth_key_of(tl::ByteView);

// None where it is no data centre's number.
std::optional<mtproto::DcId> dc_of(std::optional<std::int64_t> number);

// Words that several libraries need.
std::string no_key_yet(const std::string& library);
std::string nobody_signed_in(const std::string& library);
std::string default_dc_note(const std::string& library, mtproto::DcId);

}  // namespace server::session_files
