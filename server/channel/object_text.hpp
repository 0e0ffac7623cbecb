// The text of one object, as far as it came: read up to a length, kept as it is from there on. One
// that came whole at once is looked through, and its `message` left as text where that will do.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "server/metering/memory_meter.hpp"
#include "server/protocol/envelope.hpp"
#include "server/protocol/failure.hpp"
#include "server/protocol/incoming.hpp"
#include "server/protocol/leading_id.hpp"
#include "server/protocol/message_text.hpp"
#include "tl/json_reader.hpp"
#include "tl/spare_block.hpp"

namespace server::channel {

// What a text was instead of a request.
struct NoObject {
  std::string id;  // to answer under
  Failure failure;
  bool json = false;       // but no object
  bool no_memory = false;  // it may have been one
};

class ObjectText {
 public:
  // Of a text, what is read while others wait.
  static constexpr std::size_t read_at_once = std::size_t{64} << 10;

  // `blank`: so many bytes of white space stood before it. `room`: a string whose room is used.
  // `envelope`: what its object is put into; none: it is a request as it stands.
  ObjectText(MemoryMeter& meter, std::size_t blank, std::string room = {},
             std::shared_ptr<const Envelope> envelope = {});

  static void* operator new(std::size_t size) { return spare().take(size); }
  static void operator delete(void* at, std::size_t size) { spare().give_back(at, size); }

  // False: there is no memory for it, and it can't be read any more.
  bool add(std::string_view piece);
  // Of what is not added any more: there may be the id in it.
  void show(std::string_view piece);
  std::size_t size() const { return size_; }
  std::string take_room() { return std::move(start_); }
  // Some of it is yet to be read: finish() takes long.
  bool unread() const { return !rest_.empty(); }
  // It is no JSON, and long enough to be quoted.
  bool rejected();

  // Under which id to say that it can't be read: its own, where it begins with one.
  std::string id() const;

  // Reads what is unread. `strict`: JSON that is no object counts as no JSON. Once, on any thread.
  std::variant<Incoming, NoObject> finish(bool strict);

 private:
  // Enough of a text to quote 200 bytes of it, and to know where its 200th character ends.
  static constexpr std::size_t quoted = 204;
  static_assert(start_with_id > quoted);

  static tl::SpareBlock& spare() {
    thread_local tl::SpareBlock block;
    return block;
  }
  tl::JsonReader& reader();
  bool hold(std::string_view piece);
  bool feed(std::string_view piece);
  bool feed_held();
  bool keep(std::string_view piece);
  void read_rest();
  NoObject no_json(bool json, const tl::JsonError&) const;
  NoObject no_memory(std::string_view why) const;
  std::variant<Incoming, NoObject> read(const tl::Value& object, bool large);
  Incoming with_message(const PlainRequest&);

  MemoryMeter* meter_;
  std::unique_ptr<RequestArena> arena_;
  std::optional<tl::JsonReader> reader_;
  std::size_t blank_;
  std::size_t size_;
  std::string start_;              // the first bytes, as they came
  std::string_view held_;          // the first piece, while nothing of it was read
  std::vector<std::string> rest_;  // in parts, so that growing moves nothing
  MemoryShare rest_share_;
  bool bad_ = false;
  std::shared_ptr<const Envelope> envelope_;
};

}  // namespace server::channel
