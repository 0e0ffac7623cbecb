// What lies in Telegram Desktop's files once it is decrypted. Numbers are big-endian.
//
//   key_datas  salt, key encrypted by the passcode, accounts encrypted by that key: arrays
//   accounts   count 4 | index 4 … | active 4
//   NAMEs      75: 4 | array( all ones 8 | user_id 8 | home 4 | keys | keys to be destroyed )
//              keys: count 4 | ( dc 4 | key 256 ) …; older ones: user_id 4 | home 4 | keys | …
//   configs    array( version 4 | 1 in the test environment 4 | … )
#pragma once

#include "server/session_files/found_session.hpp"

namespace server::session_files {

// Their numbers, from 0; at least one.
std::optional<std::vector<std::size_t>> read_account_list(tl::ByteView);

struct Authorization {
  std::int64_t user_id = 0;  // 0: nobody is signed in
  mtproto::DcId home;
  std::optional<mtproto::AuthKey> home_key;
};
std::optional<Authorization> read_authorization(tl::ByteView);

// Whether it is the test environment; none where it is in a form that is not known.
std::optional<bool> read_environment(tl::ByteView configs);

}  // namespace server::session_files
