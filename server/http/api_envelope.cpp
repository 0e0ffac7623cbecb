#include "server/http/api_envelope.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "mtproto/crypto/sha.hpp"
#include "tl/shortened.hpp"

namespace server::http {
namespace {

// As the codec takes them.
constexpr std::array<std::string_view, 3> names_of_constructor{"_cons", "_", "@type"};

bool names_constructor(std::string_view key) {
  return std::ranges::find(names_of_constructor, key) != names_of_constructor.end();
}

// The path has said which method it is.
std::optional<Failure> check_constructor(const tl::Value& arguments, std::string_view method) {
  for (const auto& [key, value] : arguments.members()) {
    if (!names_constructor(key) || (value.is_string() && value.text() == method)) continue;
    return scheme_error("/message/" + std::string(key),
                        "the path names " + std::string(method) + ", and the body another");
  }
  return {};
}

// An array in `arena`, to be filled.
template <class T>
std::span<T> room(tl::Arena& arena, std::size_t count) {
  std::pmr::polymorphic_allocator<T> allocator(&arena);
  auto* const first = allocator.allocate(count);
  std::uninitialized_default_construct_n(first, count);
  return {first, count};
}

std::int64_t not_zero(std::int64_t number) { return number != 0 ? number : 1; }

}  // namespace

ApiEnvelope::ApiEnvelope(ApiTarget target) : target_(std::move(target)) {
  if (target_.key.empty() || target_.method == nullptr) return;
  for (const auto& field : target_.method->fields) {
    if (field.absent == tl::Absent::random && !field.conditional()) drawn_ = &field;
  }
  if (drawn_ != nullptr) random_id_ = random_id(target_);
}

std::int64_t ApiEnvelope::random_id(const ApiTarget& target) {
  const auto line = tl::as_bytes("\n");
  const auto digest = mtproto::sha256({tl::as_bytes(target.key), line, tl::as_bytes(target.account),
                                       line, tl::as_bytes(target.method->name)});
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < sizeof number; ++i) number = number << 8 | digest[i];
  return not_zero(static_cast<std::int64_t>(number));
}

tl::Result<tl::Value, Failure> ApiEnvelope::around(const tl::Value& arguments,
                                                   tl::Arena& arena) const {
  if (arguments.members().size() > most_arguments) {
    return scheme_error("/message", "more than 4096 arguments");
  }
  const bool signs_in = target_.method == nullptr && !target_.names_account;
  if (target_.method != nullptr) {
    auto failure = check_constructor(arguments, target_.method->name);
    if (failure) return std::move(*failure);
  }
  const tl::Builder builder(arena);
  auto members = room<tl::Member>(arena, 4);
  std::size_t count = 0;
  members[count++] = {"account", builder.string(target_.account)};
  if (signs_in) members[count++] = {"signin", arguments};
  if (target_.method != nullptr) members[count++] = {"message", message(arguments, arena)};
  if (target_.timeout) members[count++] = {"timeout", builder.string(*target_.timeout)};
  if (target_.dc) members[count++] = {"dc", builder.string(*target_.dc)};
  return tl::Value::object(members.first(count));
}

// Only the list of the arguments is made anew, not what they hold.
tl::Value ApiEnvelope::message(const tl::Value& arguments, tl::Arena& arena) const {
  const auto given = arguments.members();
  auto members = room<tl::Member>(arena, given.size() + 2);
  std::size_t count = 0;
  members[count++] = {"_cons", tl::Builder(arena).string(target_.method->name)};
  for (const auto& member : given) {
    if (!names_constructor(member.key)) members[count++] = member;
  }
  if (drawn_ != nullptr && arguments[drawn_->name].is_null()) {
    members[count++] = {"random_id", random_ids(*drawn_, arguments, arena)};
  }
  return tl::Value::object(members.first(count));
}

// A vector has as many as `id`, one behind the other.
tl::Value ApiEnvelope::random_ids(const tl::Field& field, const tl::Value& arguments,
                                  tl::Arena& arena) const {
  if (field.type.kind == tl::Kind::int32) {
    return tl::Value::integer(not_zero(static_cast<std::int32_t>(random_id_)));
  }
  if (field.type.kind != tl::Kind::vector) return tl::Value::integer(random_id_);
  const auto items = room<tl::Value>(arena, arguments["id"].items().size());
  auto next = static_cast<std::uint64_t>(random_id_);
  for (auto& item : items) {
    item = tl::Value::integer(not_zero(static_cast<std::int64_t>(next)));
    ++next;
  }
  return tl::Value::array(items);
}

}  // namespace server::http
