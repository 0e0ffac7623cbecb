// A channel that keeps the objects which a client would read.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/protocol/object_sink.hpp"

namespace support {

class RecordingSink final : public server::ObjectSink {
 public:
  server::LongText& begin() override { return out_; }
  void complete(server::ObjectNote note) override {
    notes.push_back(note);
    objects.push_back(std::exchange(out_, {}).copy());
  }
  void wake() override { ++woken; }
  void update_usage() override { ++usage_updates; }
  void finish() override { finished = true; }
  void reset(std::string_view why) override { reset_reason = why; }

  std::vector<std::string> objects;
  std::vector<server::ObjectNote> notes;  // of each
  std::size_t woken = 0;
  std::size_t usage_updates = 0;
  bool finished = false;
  std::string reset_reason;

 private:
  server::LongText out_;
};

}  // namespace support
