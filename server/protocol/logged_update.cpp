#include "server/protocol/logged_update.hpp"

#include "server/protocol/failure.hpp"
#include "tl/codec.hpp"

namespace server {
namespace {

class Room final : public tl::TextRoom {
 public:
  bool take(std::size_t bytes) override { return bytes <= longest_logged_update; }
};

Failure too_long() {
  const auto limit = std::to_string(longest_logged_update);
  return {"AnswerTooLong",
          "the update's text is longer than " + limit + " bytes",
          {},
          {{"limit", limit}},
          {}};
}

}  // namespace

void write_logged_update(std::int64_t number, std::int64_t layer, const tl::Schema* schema,
                         tl::ByteView body, std::string& out) {
  out += "\"update_seq\":" + std::to_string(number);
  if (schema == nullptr) {
    return write_failure(scheme_error({}, "layer " + std::to_string(layer) +
                                              ", in which this update came, is not loaded"),
                         false, out);
  }
  const auto begin = out.size();
  out += ",\"message\":";
  Room room;
  const auto decoded =
      decode_text_within(room, *schema, tl::any_object, body, tl::Notation::plain, out);
  if (decoded != tl::Decoded::too_long) return;
  out.resize(begin);
  write_failure(too_long(), false, out);
}

}  // namespace server
