// What a login token is to somebody who shows it as a QR code. core.telegram.org/api/qr-login
#pragma once

#include <cstdint>
#include <string>

#include "mtproto/time.hpp"
#include "tl/bytes.hpp"

namespace server::account {

// tg://login?token=…, in base64 for addresses, not padded.
std::string login_url(tl::ByteView token);

// How long to wait before the next token is asked for, so that it is there before this one runs
// out. `expires` is unix time by the data centre's clock.
mtproto::Duration next_token_in(std::int64_t expires, mtproto::UnixTime server_time);

// Whether a pushed message is updateLoginToken and nothing else: somebody scanned the code.
bool tells_of_login_token(tl::ByteView pushed);

}  // namespace server::account
