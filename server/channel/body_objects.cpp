#include "server/channel/body_objects.hpp"

#include <string_view>
#include <utility>

#include "tl/byte_order_mark.hpp"

namespace server::channel {

void BodyObjects::feed(std::string_view text) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size() && !lost_; ++i) {
    if (whole_ && !goes_on(text[i])) {
      reader_.feed(text.substr(begin, i - begin));
      pause();
      begin = i;
    }
    take(text[i]);
  }
  reader_.feed(text.substr(begin));
}

void BodyObjects::pause() {
  if (std::exchange(whole_, false)) reader_.finish();
}

// Whether `c`, behind an object, still belongs to its text.
bool BodyObjects::goes_on(char c) {
  return c != '{' && c != '[' && c != '\r' && c != '\n' && c != tl::byte_order_mark.front();
}

void BodyObjects::take(char c) {
  if (in_string_) {
    if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      in_string_ = false;
    }
  } else if (c == '{' || c == '[') {
    ++depth_;
  } else if (depth_ == 0) {
    const bool mark = tl::byte_order_mark.find(c) != std::string_view::npos;
    lost_ = !mark && c != ' ' && c != '\t' && c != '\r' && c != '\n';
    whole_ = whole_ && !lost_;
  } else if (c == '"') {
    in_string_ = true;
  } else if (c == '}' || c == ']') {
    whole_ = --depth_ == 0;
  }
}

}  // namespace server::channel
