#include "server/account/news_for_others.hpp"

#include <algorithm>
#include <memory_resource>
#include <optional>

#include "server/account/answer_decoder.hpp"
#include "server/account/answer_news.hpp"
#include "server/account/sent_messages.hpp"
#include "tl/codec.hpp"
#include "tl/reader.hpp"

namespace server::account {

using tl::Value;

namespace {

// Found by the types of the scheme, not by a list.
bool wraps_updates(const tl::Schema& schema, const tl::Combinator& answer) {
  return std::ranges::any_of(answer.fields, [&](const auto& field) {
    return field.type.kind == tl::Kind::boxed && schema.type(field.type.index).name == "Updates";
  });
}

// Who has that channel asks for its difference.
std::optional<tl::Bytes> channel_moved(const tl::Schema& schema, std::int64_t channel,
                                       const Value& pts) {
  std::pmr::monotonic_buffer_resource arena;
  const tl::Builder make(arena);
  const auto nothing = make.array(std::initializer_list<Value>{});
  const auto update =
      make.object("updateChannelTooLong", {{"channel_id", Value::integer(channel)}, {"pts", pts}});
  const auto updates = make.object("updates", {{"updates", make.array({update})},
                                               {"users", nothing},
                                               {"chats", nothing},
                                               {"date", Value::integer(0)},
                                               {"seq", Value::integer(0)}});
  tl::Bytes out;
  if (!tl::encode(schema, updates, {}, out)) return std::nullopt;
  return out;
}

std::vector<tl::Slice> unwrapped(const tl::Schema& schema, const Value& answer) {
  std::vector<tl::Slice> out;
  for (const auto& updates : find_news(schema, answer).updates) {
    tl::Bytes body;
    if (!tl::encode(schema, updates, {}, body)) body = updates_too_long();
    out.emplace_back(std::move(body));
  }
  return out;
}

}  // namespace

std::vector<tl::Slice> news_for_others(const tl::Schema& schema, const tl::Slice& answer,
                                       tl::ByteView query) {
  const auto* combinator = schema.constructor_by_id(tl::Reader(answer).peek());
  if (combinator == nullptr) return {};
  if (combinator->result_name == "Updates") return {answer};
  const bool counts = counts_for_request(*combinator);
  if (!counts && !wraps_updates(schema, *combinator)) return {};

  const auto channel = counts ? channel_asked(schema, query) : 0;
  if (counts && channel == 0) return {answer};
  if (AnswerDecoder::is_large(answer)) return {updates_too_long()};
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::decode_value(schema, tl::any_object, answer, arena);
  if (!value) return {updates_too_long()};
  if (!counts) return unwrapped(schema, *value);
  if ((*value)["pts_count"].as_int64() == 0) return {};
  auto moved = channel_moved(schema, channel, (*value)["pts"]);
  return {moved ? std::move(*moved) : updates_too_long()};
}

}  // namespace server::account
