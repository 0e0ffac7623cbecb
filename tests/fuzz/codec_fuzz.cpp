// JSON text to TL by both ways: what the quick one takes, the thorough one takes, and both come to
// the same. And what stays text of a request is what its values would be.
#include "server/protocol/message_text.hpp"
#include "tests/fuzz/support.hpp"
#include "tests/support/api_schema.hpp"
#include "tests/tl/two_ways.hpp"

namespace {

using namespace tl;

void check_message(std::string_view object) {
  std::pmr::monotonic_buffer_resource arena;
  const auto plain = server::read_plain(object, arena);
  if (!plain) return;
  const auto message = read_json(plain->text, arena);
  fuzz::promise(message && message->is_object(), "a message that stays text is an object");
  fuzz::promise(message->constructor() == server::message_name(server::unread_message(plain->text)),
                "its name is that of its constructor");
  fuzz::promise(message->find("_seqno") == nullptr, "nothing beside its fields is asked for in it");
  const auto whole = read_json(object, arena);
  fuzz::promise(whole.has_value(), "what is read around a message is JSON");
  plain->members[plain->message].value = *message;
  std::string from_whole, from_parts;
  write_json(*whole, from_whole);
  write_json(plain->value(), from_parts);
  fuzz::promise(from_whole == from_parts, "its parts are what it is as a whole");
  for (std::size_t i = 0; i < plain->members.size(); ++i) {
    fuzz::promise(plain->members[i].value.kind() == whole->members()[i].value.kind(),
                  "and are of the same kinds");
  }
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
  std::pmr::monotonic_buffer_resource arena;
  if (const auto plain = server::read_plain(text, arena)) {
    const auto inner = codec_test::two_ways(support::api_schema(), plain->text, options, draws);
    fuzz::promise(inner.difference.empty(), "both ways encode a message alike");
  }
}
