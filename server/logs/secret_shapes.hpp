// Secrets that are known by their looks, wherever somebody puts them.
#pragma once

#include <string_view>

#include "tl/value.hpp"

namespace server::logs {

// Whether there is in `text`
//   - what is as long as a key: half a thousand bits and more in base64 or hex, in one piece, in
//     lines, or as a list of numbers. So look the session strings of Telethon, Pyrogram, GramJS and
//     mtcute, and an auth_key by itself
//   - a bot's token
//   - a private key
//   - a link with a password in it: tg://login?token=…, tg://proxy?…&secret=…, socks5://me:pass@…
bool looks_secret(std::string_view text);

// A key as its bytes: [174,225,…]
bool looks_secret(std::span<const tl::Value> items);

}  // namespace server::logs
