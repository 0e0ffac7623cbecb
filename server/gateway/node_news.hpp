// {"to":0,"news":{"account":"ada","what":"webhook_put","text":"ops"}}: account_news.hpp between nodes.
#pragma once

#include <optional>
#include <string>

#include "server/gateway/account_news.hpp"
#include "tl/value.hpp"

namespace server {

std::string news_members(const AccountNews&);
std::optional<AccountNews> read_news(const tl::Value&);

}  // namespace server
