// What one call carries: entries of the log in their order, those that the webhook wants.
//
//   {"account":"ada","webhook":"ops","updates":[{"update_seq":7,"message":{"_cons":"updates",…}}]}
//
// What can't be said has an error in its place: {"update_seq":8,"error":"SchemeError","msg":"…"}.
// Where the log lost some before they went out, "error":"UpdatesGone","oldest":N stands before them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/store/update_log.hpp"
#include "server/store/webhook_table.hpp"
#include "tl/schema.hpp"

namespace server::webhooks {

// The scheme of a layer that is loaded; none: it is not.
using SchemaOfLayer = std::function<std::shared_ptr<const tl::Schema>(std::int64_t layer)>;

struct WebhookBatch {
  static constexpr std::int64_t most_entries = 100;
  static constexpr std::size_t most_bytes = std::size_t{1} << 20;  // of the body, but for its first

  // The same for the same entries of the same webhook, also after a crash: who was called twice
  // sees by it that it was.
  std::string id;
  std::string body;       // empty: nothing of it is wanted
  std::int64_t last = 0;  // the log's number up to which all is in it or was passed over
};

// Of a page of what comes behind webhook.progress.delivered or, where that is kept no more, of the
// oldest that is. An empty page gives an empty batch.
WebhookBatch make_batch(const store::WebhookRow& webhook, const store::LogPage& page,
                        const SchemaOfLayer& schema_of);

}  // namespace server::webhooks
