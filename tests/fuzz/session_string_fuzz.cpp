// Sessions as other libraries write them: any text, and the base64 of any bytes. What is read can
// be written for every library, and says the same then.
#include <algorithm>

#include "server/account/session_string.hpp"
#include "tests/fuzz/support.hpp"
#include "tl/base64.hpp"

namespace {

using namespace server::account;

void check(std::string_view text) {
  const auto session = read_session_string(text);
  if (!session) return;
  fuzz::promise(session->dc.value() > 0 && session->dc.value() < 1000, "its data centre is one");
  fuzz::promise(session->user_id.value_or(1) > 0, "its user is one");
  for (const auto format :
       {SessionFormat::telethon, SessionFormat::gramjs, SessionFormat::mtcute}) {
    for (const auto* host : {"149.154.167.51", "2001:67c:4e8:f004::a", "localhost"}) {
      const SessionPlace place{session->dc, host, 443, session->test.value_or(false)};
      if (!can_hold(format, place)) continue;
      const auto again =
          read_session_string(write_session_string(format, session->auth_key, place));
      fuzz::promise(again.has_value(), "what is written can be read");
      fuzz::promise(again->auth_key.id() == session->auth_key.id() && again->dc == session->dc,
                    "and is the same session");
    }
  }
}

}  // namespace

FUZZ_TARGET(session_string) {
  fuzz::Input in(bytes);
  const auto mode = in.below(3);
  const auto rest = in.rest();
  if (mode == 0) return check(tl::as_text(rest));
  std::string text = mode == 1 ? "1" : "";
  tl::append_base64(rest, text);
  check(text);
}
