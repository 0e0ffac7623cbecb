// Objects that follow each other without lines between them: the body of a plain HTTP request, in
// which curl may have taken the line ends out. An object ends where its braces do.
#pragma once

#include "server/channel/object_reader.hpp"

namespace server::channel {

class BodyObjects {
 public:
  explicit BodyObjects(ObjectReader& reader) : reader_(reader) {}

  void feed(std::string_view text);
  // The end of the body.
  void end() {
    reader_.finish();
    reader_.end();
  }

 private:
  ObjectReader& reader_;
  std::size_t depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
  bool lost_ = false;  // something that is no object: the rest belongs to it
};

}  // namespace server::channel
