// signin-cli --import -: files in, session out, each as one JSON object. The gateway runs it for
// POST /import, so that no byte of a stranger's file is read in the gateway's own process.
//
//   {"files":{"tdata/key_datas":"base64",…},"passcode":"…","choice":1}
//   {"session":{…},"library":"Telethon","user_id":N,"test":true,"notes":["…"]}
//   {"error":"SessionFileError","msg":"…","wants":"passcode"}, or "choices":["user 1, …",…]
#pragma once

#include <string>
#include <string_view>

namespace server {

// In bytes: as many as all files may have, in base64, and their names.
inline constexpr std::size_t longest_given = std::size_t{96} << 20;

struct GivenAnswer {
  std::string object;  // secret where a session was found
  bool found = false;
};

GivenAnswer import_given(std::string_view request);
GivenAnswer too_much_given();

}  // namespace server
