#include "server/account/sent_code.hpp"

#include <vector>

namespace server::account {

namespace {

// What belongs to a kind of code beside its length. core.telegram.org/type/auth.SentCodeType
constexpr std::string_view details[] = {
    "length",
    "pattern",
    "prefix",
    "url",
    "beginning",
    "email_pattern",
    "reset_available_period",
    "reset_pending_date",
};

}  // namespace

std::string code_word(std::string_view constructor) {
  constexpr std::string_view marker = "odeType";  // sentCodeType, codeType
  if (const auto at = constructor.find(marker); at != constructor.npos) {
    constructor.remove_prefix(at + marker.size());
  }
  if (constructor == "EmailCode") return "email";
  std::string out;
  for (const char c : constructor) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !out.empty()) out += '_';
    out += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

tl::Value describe_code(const tl::Value& sent_code, tl::Arena& arena) {
  const tl::Builder builder(arena);
  std::vector<tl::Member> members;
  const auto& type = sent_code["type"];
  members.push_back({"type", builder.string(code_word(type.constructor()))});
  for (const auto key : details) {
    if (const auto& value = type[key]; !value.is_null()) members.push_back({key, value});
  }
  if (const auto& next = sent_code["next_type"]; !next.is_null()) {
    members.push_back({"next_type", builder.string(code_word(next.constructor()))});
  }
  if (const auto& timeout = sent_code["timeout"]; !timeout.is_null()) {
    members.push_back({"timeout", timeout});
  }
  return builder.object(members);
}

}  // namespace server::account
