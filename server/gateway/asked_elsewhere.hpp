// What a client asked of another node and is not answered yet: kept so that it can be asked again where
// that node is lost.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "server/metering/memory_meter.hpp"
#include "server/protocol/object_sink.hpp"
#include "server/protocol/protocol.hpp"

namespace server {

struct AskedRequest {
  std::uint64_t number = 0;
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

  // In the order in which they go there. The number of what is asked next, from 1 on.
  std::uint64_t next() const { return last_ + 1; }
  // That was asked.
  void add(const Request&, std::string text);
  // `start`: the first bytes of an object that came back, start_with_id of them or all. What it is the
  // reply to, which is forgotten; none: it was pushed.
  std::optional<AskedRequest> answered(std::string_view start, const ObjectNote&);
  // The one of that number, which is forgotten, where it is not answered.
  std::optional<AskedRequest> refused(std::uint64_t number);
  // All of them, which are forgotten.
  std::deque<AskedRequest> take();
  bool empty() const { return all_.empty(); }

 private:
  std::optional<AskedRequest> take(std::deque<AskedRequest>::iterator);

  MemoryMeter& meter_;
  MemoryShare share_;
  const ReplyShape shape_;
  std::deque<AskedRequest> all_;
  std::uint64_t last_ = 0;
};

}  // namespace server
