// What a client asked of another node and is not answered yet: kept so that it can be asked again where
// that node is lost.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "server/metering/memory_meter.hpp"
#include "server/protocol/object_sink.hpp"
#include "server/protocol/protocol.hpp"

namespace server {

struct AskedRequest {
  std::string id, extra;
  bool reads = false;     // it changes nothing, however often it is carried out
  bool attaches = false;  // it names the account
  std::string text;       // empty: it was too long to be kept

  std::size_t size() const { return sizeof *this + id.size() + extra.size() + text.size(); }
};

class AskedElsewhere {
 public:
  // Of a text, in bytes.
  static constexpr std::size_t longest_kept = std::size_t{256} << 10;

  // `shape`: of the replies.
  AskedElsewhere(MemoryMeter& meter, ReplyShape shape)
      : meter_(meter), share_(meter), shape_(shape) {}

  // In the order in which they go there.
  void add(const Request&, std::string text);
  // `start`: the first bytes of an object that came back, start_with_id of them or all. What it is the
  // reply to, which is forgotten; none: it was pushed.
  std::optional<AskedRequest> answered(std::string_view start, const ObjectNote&);
  // All of them, which are forgotten.
  std::deque<AskedRequest> take();
  bool empty() const { return all_.empty(); }

 private:
  MemoryMeter& meter_;
  MemoryShare share_;
  const ReplyShape shape_;
  std::deque<AskedRequest> all_;
};

}  // namespace server
