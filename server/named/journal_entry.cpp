#include "server/named/journal_entry.hpp"

#include "server/protocol/logged_update.hpp"

namespace server::named {

std::shared_ptr<const std::string> JournalEntry::plain(const tl::Schema* schema) const {
  if (plain_) return plain_;
  std::string text;
  write_logged_update(number_, layer_, schema, body_, text);
  plain_ = std::make_shared<const std::string>(std::move(text));
  return plain_;
}

}  // namespace server::named
