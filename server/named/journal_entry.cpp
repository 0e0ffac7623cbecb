#include "server/named/journal_entry.hpp"

#include "tl/codec.hpp"

namespace server::named {

std::shared_ptr<const std::string> JournalEntry::plain(const tl::Schema& schema) const {
  if (std::exchange(read_, true)) return plain_;
  std::string text;
  if (tl::decode_text(schema, tl::any_object, body_, tl::Notation::plain, text)) {
    plain_ = std::make_shared<const std::string>(std::move(text));
  }
  return plain_;
}

}  // namespace server::named
