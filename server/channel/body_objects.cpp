#include "server/channel/body_objects.hpp"

namespace server::channel {

void BodyObjects::feed(std::string_view text) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size() && !lost_; ++i) {
    const char c = text[i];
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
      lost_ = c != ' ' && c != '\t' && c != '\r' && c != '\n';
    } else if (c == '"') {
      in_string_ = true;
    } else if ((c == '}' || c == ']') && --depth_ == 0) {
      reader_.feed(text.substr(begin, i + 1 - begin));
      reader_.finish();
      begin = i + 1;
    }
  }
  reader_.feed(text.substr(begin));
}

}  // namespace server::channel
