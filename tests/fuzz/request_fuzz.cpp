// JSON text of a client: the reader, what its attributes ask for, the session that it pastes, and
// the call in `message` by the scheme of the API.
#include <memory_resource>

#include "server/account/session_line.hpp"
#include "server/protocol/protocol.hpp"
#include "tests/fuzz/support.hpp"
#include "tests/support/api_schema.hpp"
#include "tests/support/scripted_random.hpp"
#include "tl/codec.hpp"
#include "tl/json_reader.hpp"
#include "tl/numbers.hpp"

namespace {

using namespace server;
using tl::Notation;
using tl::Value;

std::string text_of(const Value& value) {
  std::string out;
  tl::write_json(value, out);
  return out;
}

bool is_json(std::string_view text) {
  std::pmr::monotonic_buffer_resource arena;
  return tl::read_json(text, arena).has_value();
}

struct ReadText {
  std::pmr::monotonic_buffer_resource arena;
  std::optional<Value> value;
  std::size_t position = 0;

  ReadText(tl::ByteView bytes, std::size_t piece) {
    tl::JsonReader reader(arena);
    bool good = true;
    fuzz::in_pieces(bytes, piece,
                    [&](auto part) { good = good && reader.feed(tl::as_text(part)); });
    if (good) value = reader.finish();
    if (!value) position = reader.error().position;
    fuzz::promise(position <= bytes.size(), "the error stands in the text");
  }
};

void check_failure(const Failure& failure, std::string_view id, std::string extra) {
  Reply reply;
  reply.id = id;
  reply.extra = &extra;
  reply.failure = &failure;
  reply.with_traceback = true;
  LongText out;
  write_reply(reply, out);
  fuzz::promise(is_json(out.copy()), "a refusal is JSON");
}

void check_session(const Value& value) {
  const auto session = account::read_session(value);
  if (!session) return;
  for (const auto notation : {Notation::classic, Notation::plain, Notation::automatic}) {
    std::string once, twice;
    account::write_session(*session, notation, once);
    std::pmr::monotonic_buffer_resource arena;
    const auto json = tl::read_json(once, arena);
    fuzz::promise(json.has_value(), "a session is JSON");
    if (!session->auth_key) continue;
    const auto again = account::read_session(*json);
    fuzz::promise(again.has_value(), "a session that was given can be pasted back");
    account::write_session(*again, notation, twice);
    fuzz::promise(once == twice, "a session comes back as it was");
  }
}

// An integer by its value is the double that is written there.
void check_numbers(const Value& value) {
  for (const auto& item : value.items()) check_numbers(item);
  for (const auto& member : value.members()) check_numbers(member.value);
  if (value.kind() != Value::Kind::number) return;
  const auto read = tl::read_integral(value.text());
  if (read.kind != tl::Integral::Kind::whole) return;
  fuzz::promise(value.as_double() == static_cast<double>(read.value), "a number is its value");
  fuzz::promise(value.as_int64() == read.value, "an integer is read as it is");
}

struct Book final : tl::PeerBook {
  std::optional<tl::Peer> find(std::string_view name) const override {
    if (name != "known") return {};
    return tl::Peer{tl::Peer::Kind::channel, 5, -7};
  }
};

void check_call(const Value& message, bool ignore_unknown) {
  const auto& schema = support::api_schema();
  support::ScriptedRandom random;
  const Book book;
  tl::EncodeOptions options;
  options.ignore_unknown = ignore_unknown;
  options.random = &random;
  options.peers = &book;
  tl::Bytes once{1, 2, 3, 4};
  const auto encoding = tl::encode(schema, message, options, once);
  if (!encoding) {
    fuzz::promise(once.size() == 4, "a refused call leaves nothing");
    return check_failure(problem_failure(encoding.error(), "/message"), "1", "");
  }
  if (!encoding->lacking.empty()) return;
  once.erase(once.begin(), once.begin() + 4);
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::decode_value(schema, tl::any_object, once, arena, true);
  fuzz::promise(value.has_value(), "what was encoded can be decoded");
  if (!value->is_object()) return;
  tl::Bytes twice;
  fuzz::promise(tl::encode(schema, *value, {}, twice).has_value() && once == twice,
                "a call comes back as it was");
}

}  // namespace

FUZZ_TARGET(request) {
  fuzz::Input in(bytes);
  const std::size_t piece = 1 + in.below(16);
  const bool ignore_unknown = in.flag();
  const auto body = in.rest();
  const ReadText whole(body, 0);
  const ReadText cut(body, piece);
  fuzz::promise(whole.value.has_value() == cut.value.has_value(), "JSON is JSON however it is cut");
  if (!whole.value) return;
  const auto text = text_of(*whole.value);
  fuzz::promise(text == text_of(*cut.value), "a value is the same however it is cut");
  const ReadText again(tl::as_bytes(text), 0);
  fuzz::promise(again.value && text_of(*again.value) == text, "a value comes back as it was");

  check_numbers(*whole.value);
  const auto request = read_request(*whole.value);
  if (!request) {
    return check_failure(request.error().failure, request.error().id, *request.error().extra);
  }
  fuzz::promise(is_json(request->id), "an id comes back as JSON");
  fuzz::promise(request->extra.empty() || is_json(request->extra), "@extra comes back as JSON");
  if (request->session) check_session(*request->session);
  if (request->message) check_call(*request->message, ignore_unknown);
}
