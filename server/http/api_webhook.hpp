// A webhook as /api/v1/{account}/webhooks/{name} takes and shows it.
//
//   {"url":"https://example.org/hook","types":["updateNewMessage"],"secret":"whsec_…"}
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/protocol/failure.hpp"
#include "server/store/webhook_table.hpp"
#include "tl/random.hpp"
#include "tl/result.hpp"
#include "tl/schema.hpp"

namespace server::http {

struct WebhookPath {
  std::string_view account, name;  // an empty name: all of them
};

// None: it is another path.
std::optional<WebhookPath> split_webhook_path(std::string_view path);

struct WebhookPut {
  store::StoredWebhook webhook;
  bool made_secret = false;  // none was given
};

// `body`: what was put. A secret is made where none is given.
tl::Result<WebhookPut, Failure> read_webhook(const WebhookPath&, std::string_view body,
                                             const tl::Schema&, tl::Random&);
// Appends the object; `secret`: shown this once, or null.
void write_webhook(const store::WebhookRow&, const mtproto::SecretBytes* secret, std::string& out);

}  // namespace server::http
