#include "server/gateway/node_news.hpp"

#include <algorithm>
#include <array>

namespace server {
namespace {

constexpr std::array<std::string_view, 3> names{"keep", "webhook_put", "webhook_removed"};

}  // namespace

std::string news_members(const AccountNews& news) {
  std::string out = R"("news":{"account":)";
  tl::write_json_string(news.account, out);
  out.append(",\"what\":\"").append(names[static_cast<std::size_t>(news.what)]);
  out += "\",\"text\":";
  tl::write_json_string(news.text, out);
  return out + "}";
}

std::optional<AccountNews> read_news(const tl::Value& value) {
  const auto &account = value["account"], &what = value["what"], &text = value["text"];
  if (!account.is_string() || !what.is_string() || !text.is_string()) return {};
  const auto found = std::ranges::find(names, what.text());
  if (found == names.end()) return {};
  return AccountNews{std::string(account.text()),
                     static_cast<AccountNews::What>(found - names.begin()),
                     std::string(text.text())};
}

}  // namespace server
