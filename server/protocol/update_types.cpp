#include "server/protocol/update_types.hpp"

#include <algorithm>
#include <functional>

#include "tl/decoder.hpp"
#include "tl/nearest_name.hpp"

namespace server {
namespace {

using Wanted = std::function<bool(std::string_view)>;

// Looks at the outermost object and at those right below it, and at nothing else.
class UpdateWatch {
 public:
  struct Place {};
  struct Mark {};

  explicit UpdateWatch(const Wanted& wanted) : wanted_(wanted) {}

  bool found() const { return found_; }

  Mark mark() const { return {}; }
  Place nat(std::uint32_t, Place) { return {}; }
  Place int32(std::int32_t, Place) { return {}; }
  Place int64(std::int64_t, Place) { return {}; }
  Place float64(double, Place) { return {}; }
  Place string(std::string_view, std::size_t, Place) { return {}; }
  Place bytes(tl::ByteView, Place) { return {}; }
  Place boolean(bool, Place) { return {}; }
  Place true_bit(Place) { return {}; }
  Place begin_object(const tl::Combinator& combinator, Place) {
    if (depth_++ <= 1 && !found_) look(combinator);
    return {};
  }
  Place field(const tl::Step&, Place) { return {}; }
  Place end_object(Mark, Place) {
    --depth_;
    return {};
  }
  Place begin_array(Place) { return {}; }
  Place item(std::uint32_t, Place) { return {}; }
  Place end_array(Mark, Place) { return {}; }
  Place begin_answer_vector(Place) { return {}; }
  Place end_answer_vector(Place) { return {}; }
  static std::string_view answer_vector_path() { return ""; }

 private:
  void look(const tl::Combinator& combinator) {
    const std::string_view name = combinator.name;
    if (combinator.result_name == "Update") {
      found_ = wanted_(name);
    } else if (name == "updateShortMessage" || name == "updateShortChatMessage" ||
               name == "updateShortSentMessage") {
      found_ = wanted_("updateNewMessage");
    } else if (name == "updatesTooLong") {
      found_ = true;
    }
  }

  const Wanted& wanted_;
  int depth_ = 0;
  bool found_ = false;
};

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Each piece between commas; a text of blanks has none.
template <class Take>
std::string each_name(std::string_view list, Take take) {
  if (trimmed(list).empty()) return {};
  for (;;) {
    const auto comma = list.find(',');
    if (auto wrong = take(trimmed(list.substr(0, comma))); !wrong.empty()) return wrong;
    if (comma == list.npos) return {};
    list.remove_prefix(comma + 1);
  }
}

std::string unknown(const tl::Schema& schema, std::string_view name) {
  tl::NearestName nearest(name);
  if (const auto* type = schema.type_by_name("Update")) {
    for (const auto place : type->constructors) nearest.offer(schema.combinator(place).name);
  }
  return "there is no such update" + nearest.hint();
}

}  // namespace

std::string UpdateTypes::add(const tl::Schema& schema, std::string_view name) {
  if (names_.size() == most) return "more than " + std::to_string(most) + " names";
  const auto* found = schema.constructor_by_name(name);
  if (found == nullptr || found->result_name != "Update") return unknown(schema, name);
  names_.emplace_back(name);
  return {};
}

void UpdateTypes::sort() {
  std::ranges::sort(names_);
  names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
}

tl::Result<UpdateTypes, Failure> UpdateTypes::read(const tl::Schema& schema, std::string_view list,
                                                   std::string_view path) {
  UpdateTypes out;
  auto wrong = each_name(list, [&](std::string_view name) { return out.add(schema, name); });
  if (!wrong.empty()) return scheme_error(std::string(path), std::move(wrong));
  out.sort();
  return out;
}

tl::Result<UpdateTypes, Failure> UpdateTypes::read(const tl::Schema& schema, const tl::Value& value,
                                                   std::string_view path) {
  UpdateTypes out;
  if (value.is_null()) return out;
  if (value.is_string()) return read(schema, value.text(), path);
  if (!value.is_array()) {
    return type_error(std::string(path), "an array of names of updates is due");
  }
  std::size_t place = 0;
  for (const auto& item : value.items()) {
    auto at = std::string(path) + "/" + std::to_string(place++);
    if (!item.is_string()) return type_error(std::move(at), "the name of an update is due");
    auto wrong = out.add(schema, item.text());
    if (!wrong.empty()) return scheme_error(std::move(at), std::move(wrong));
  }
  out.sort();
  return out;
}

UpdateTypes UpdateTypes::kept(std::string_view list) {
  UpdateTypes out;
  each_name(list, [&](std::string_view name) {
    out.names_.emplace_back(name);
    return std::string();
  });
  out.sort();
  return out;
}

std::string UpdateTypes::text() const {
  std::string out;
  for (const auto& name : names_) {
    if (!out.empty()) out += ',';
    out += name;
  }
  return out;
}

bool UpdateTypes::match(const tl::Schema& schema, tl::ByteView updates) const {
  if (all()) return true;
  const Wanted wanted = [this](std::string_view name) {
    return std::binary_search(names_.begin(), names_.end(), name);
  };
  tl::Decoder decoder(schema, updates, UpdateWatch(wanted), false);
  UpdateWatch::Place to;
  return !decoder.run(tl::TypeRef{tl::Kind::any, false, 0}, to) || decoder.sink().found();
}

}  // namespace server
