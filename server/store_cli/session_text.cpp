#include "server/store_cli/session_text.hpp"

#include "server/account/session_line.hpp"

namespace server::store_cli {

tl::Result<store::StoredAccount, std::string> read_session_text(std::string_view text) {
  const tl::Member members[] = {{"string", tl::Value::string(text)}};
  auto line = account::read_session(tl::Value::object(members));
  if (!line) return line.error().text;
  if (!line->dc) return std::string("it does not say in which data centre it is at home (`dc`)");
  store::StoredAccount out;
  out.auth_key = mtproto::SecretBytes(tl::ByteView(line->auth_key->bytes()));
  out.dc = line->dc->value();
  out.user_id = line->user_id;
  out.api_id = line->api_id.value_or(0);
  out.update_state = std::move(line->updates);
  return out;
}

std::string session_text(const store::StoredAccount& account) {
  constexpr auto size = mtproto::AuthKey::size;
  account::SessionLine line;
  if (account.auth_key.size() == size)
    line.auth_key.emplace(account.auth_key.bytes().first<size>());
  line.dc = mtproto::DcId(static_cast<std::int32_t>(account.dc));
  if (account.api_id != 0) line.api_id = static_cast<std::int32_t>(account.api_id);
  line.user_id = account.user_id;
  line.updates = account.update_state;
  std::string out;
  out.reserve(1024 + account.update_state.size());  // so that no piece of the key is left behind
  out += R"({"id":1,"session":)";
  account::write_session(line, tl::Notation::classic, out);
  return out += "}\n";
}

void wipe_text(std::string& text) {
  mtproto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  text.clear();
}

}  // namespace server::store_cli
