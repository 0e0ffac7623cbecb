// TDLib's binlog, which holds its keys: `td.binlog`, in its test environment `td_test.binlog`.
//
//   event   size 4, of all, a multiple of 4 | id 8 | type 4 | flags 4 | extra 8 | data | CRC-32 4
//   first   type −3: flags 4 | salt: string | iv: string | check: string
//   all that follows is AES-256-CTR, one stream: key = PBKDF2-HMAC-SHA256( database key, salt, 2
//   rounds ), right where HMAC-SHA256( key, "cucumbers everywhere" ) = check
//
// Numbers are little-endian, strings TL's. An event of a flag 1 replaces the one of the same id; a type
// of −2 then means that it is gone.
#pragma once

#include "server/session_files/found_session.hpp"
#include "server/session_files/person.hpp"

namespace server::session_files {

bool is_binlog(tl::ByteView file);

// The error is a sentence.
Outcome<FoundSession> read_binlog(tl::ByteView file, Person&);

}  // namespace server::session_files
