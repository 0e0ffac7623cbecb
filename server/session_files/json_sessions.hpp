// Libraries that keep their sessions as JSON.
//
//   @mtproto/core  one object, each value JSON text within a string:
//                  {"2authKey":"[174,225,…]","2serverSalt":"[…]","defaultDcId":"2"}
//   GramJS         StoreSession: a folder, a file a value: …dcId holds 2, …authKey
//                  {"type":"Buffer","data":[86,173,…]}
#pragma once

#include <string_view>

#include "server/session_files/found_session.hpp"
#include "tl/value.hpp"

namespace server::session_files {

Outcome<FoundSession> read_mtproto_core(std::string_view file);

// Of the two files; empty: it is not there.
Outcome<FoundSession> read_gramjs(std::string_view auth_key, std::string_view dc_id);

// An array of 256 numbers from 0 to 255; none where it is none.
std::optional<mtproto::AuthKey> auth_key_of_numbers(const tl::Value&);

}  // namespace server::session_files
