#include "server/channel/line_channel.hpp"

namespace server::channel {

bool LineChannel::feed(tl::ByteView bytes) {
  auto text = tl::as_text(bytes);
  while (!text.empty() && !stopped_) {
    const auto end = text.find('\n');
    reader_.feed(text.substr(0, end));
    if (first_ && reader_.rejected()) finish();
    if (end == text.npos || stopped_) break;
    finish();
    text.remove_prefix(end + 1);
  }
  return !stopped_;
}

bool LineChannel::end() {
  if (!stopped_) finish();
  if (!stopped_) reader_.end();
  return !stopped_;
}

void LineChannel::finish() {
  switch (reader_.finish(first_)) {
    case ObjectReader::Outcome::nothing:
      return;
    case ObjectReader::Outcome::no_json:
    case ObjectReader::Outcome::no_object:
      if (first_) stopped_ = true;
      return;
    case ObjectReader::Outcome::taken:
    case ObjectReader::Outcome::later:
    case ObjectReader::Outcome::too_much:
      first_ = false;
  }
}

}  // namespace server::channel
