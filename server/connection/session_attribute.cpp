#include "server/connection/session_attribute.hpp"

#include <utility>

namespace server {

using upstream::Telegram;

std::optional<Failure> SessionAttribute::check_format(const account::SessionLine& line) const {
  const auto kept = line.empty() ? server_.dc : usual_dc_;
  if (!line.as || account::can_hold(*line.as, place(line.dc.value_or(kept)))) return {};
  return Failure{"SessionError",
                 "this format can't hold the address of the data centre: Telethon wants an IP "
                 "address",
                 "/session/as",
                 {},
                 {}};
}

std::optional<Failure> SessionAttribute::check(const account::SessionLine& line) const {
  if (server_.telegram->addresses(dc_of(line)).empty()) {
    return Failure{"SessionError", "there is no such data centre here", "/session/dc", {}, {}};
  }
  const auto kind = server_.telegram->kind;
  const bool told_apart = kind == Telegram::Kind::test || kind == Telegram::Kind::production;
  if (!line.test || !told_apart || *line.test == (kind == Telegram::Kind::test)) return {};
  const auto text = *line.test ? "this is a session of Telegram's test environment (--test)"
                               : "this is no session of Telegram's test environment";
  return Failure{"SessionError", text, "/session/string", {}, {}};
}

bool SessionAttribute::names(const account::SessionLine& line,
                             const mtproto::SessionState& used) const {
  return line.auth_key && used.key && line.auth_key->id() == used.key->id() &&
         line.session_id == used.session.value() && dc_of(line) == server_.dc;
}

mtproto::SessionState SessionAttribute::state_of(const account::SessionLine& line) {
  mtproto::SessionState out;
  out.key = line.auth_key;
  out.session = mtproto::SessionId(line.session_id.value_or(0));
  out.last_seqno = line.last_seqno.value_or(0);
  out.server_salt = line.server_salt.value_or(0);
  return out;
}

std::string SessionAttribute::write(const mtproto::SessionState& state, account::SessionLine about,
                                    std::optional<account::SessionFormat> as,
                                    tl::Notation notation) const {
  about.auth_key = state.key;
  about.session_id = state.session.value();
  about.last_seqno = state.last_seqno;
  about.dc = server_.dc;
  about.server_salt = state.server_salt;
  std::string string;
  if (as && about.auth_key) {
    const auto at = place(server_.dc);
    if (account::can_hold(*as, at)) {
      string = account::write_session_string(*as, *about.auth_key, at);
    }
  }
  std::string out;
  account::write_session(about, notation, out, string);
  return out;
}

account::SessionPlace SessionAttribute::place(mtproto::DcId dc) const {
  account::SessionPlace out;
  out.dc = dc;
  out.test = server_.telegram->kind == Telegram::Kind::test;
  if (const auto addresses = server_.telegram->addresses(dc); !addresses.empty()) {
    out.host = addresses.front().host;
    out.port = addresses.front().port;
  }
  return out;
}

}  // namespace server
