// Objects that follow each other without lines between them: the body of a plain HTTP request, in
// which curl may have taken the line ends out. An object ends where its braces do, and is handed on
// once a line's end, the next object or a pause follows: a comma there spoils it, so that of
// {"id":1},{"id":2} nothing is carried out, rather than the first alone.
#pragma once

#include "server/channel/object_reader.hpp"

namespace server::channel {

class BodyObjects {
 public:
  explicit BodyObjects(ObjectReader& reader) : reader_(reader) {}

  void feed(std::string_view text);
  // What the client wanted to be seen together has come: it may wait for replies now.
  void pause();
  // The end of the body.
  void end() {
    reader_.finish();
    reader_.end();
  }

 private:
  static bool goes_on(char c);
  void take(char c);

  ObjectReader& reader_;
  std::size_t depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
  bool whole_ = false;  // an object, which waits for what follows it
  bool lost_ = false;   // something that is no object: the rest belongs to it
};

}  // namespace server::channel
