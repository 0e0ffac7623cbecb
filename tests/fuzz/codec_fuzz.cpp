// JSON text to TL by both ways: what the quick one takes, the thorough one takes, and both come to
// the same. And what stays text of a request is what its values would be.
#include "server/protocol/message_text.hpp"
#include "tests/fuzz/support.hpp"
#include "tests/support/api_schema.hpp"
#include "tests/tl/two_ways.hpp"

namespace {

using namespace tl;

void check_message(std::string_view object) {
  const auto text = server::find_message(object);
  if (!text) return;
  std::pmr::monotonic_buffer_resource arena;
  const auto message = read_json(*text, arena);
  fuzz::promise(message && message->is_object(), "a message that stays text is an object");
  fuzz::promise(message->constructor() == server::message_name(server::unread_message(*text)),
                "its name is that of its constructor");
  fuzz::promise(message->find("_seqno") == nullptr, "nothing beside its fields is asked for in it");
  const auto whole = read_json(object, arena);
  if (!whole) return;
  std::string from_whole, from_text;
  write_json((*whole)["message"], from_whole);
  write_json(*message, from_text);
  fuzz::promise(from_whole == from_text, "it is the message of its request");
}

}  // namespace

FUZZ_TARGET(codec) {
  fuzz::Input in(bytes);
  const auto choice = in.byte();
  EncodeOptions options;
  options.ignore_unknown = (choice & 1) != 0;
  options.defaults = (choice & 2) == 0;
  if ((choice & 4) != 0) options.longest = 64;
  const bool draws = (choice & 8) != 0;
  const auto text = as_text(in.rest());
  const auto both = codec_test::two_ways(support::api_schema(), text, options, draws);
  fuzz::promise(both.difference.empty(), "both ways encode alike");
  check_message(text);
  if (const auto message = server::find_message(text)) {
    const auto inner = codec_test::two_ways(support::api_schema(), *message, options, draws);
    fuzz::promise(inner.difference.empty(), "both ways encode a message alike");
  }
}
