#include "server/sandbox/faults/plan_reader.hpp"

#include <cmath>

#include "tl/nearest_name.hpp"

namespace server::sandbox {
namespace {

namespace json = boost::json;

std::string between(std::int64_t least, std::int64_t most) {
  return std::to_string(least) + " to " + std::to_string(most);
}

}  // namespace

PlanReader::PlanReader(const json::value& value, std::string path, std::string& problem)
    : object_(value.if_object()), path_(std::move(path)), problem_(problem) {
  if (object_ == nullptr) wrong("", "an object is due");
}

const json::value* PlanReader::find(std::string_view name) const {
  return object_ == nullptr ? nullptr : object_->if_contains(name);
}

std::string PlanReader::path(std::string_view name) const {
  return name.empty() ? path_ : path_ + "/" + std::string(name);
}

void PlanReader::wrong(std::string_view name, std::string_view what) {
  if (!problem_.empty()) return;
  const auto where = path(name);
  problem_ = (where.empty() ? "/" : where) + ": " + std::string(what);
}

void PlanReader::only(std::initializer_list<std::string_view> known) {
  if (object_ == nullptr) return;
  for (const auto& field : *object_) {
    const std::string_view name(field.key().data(), field.key().size());
    tl::NearestName nearest(name);
    bool found = false;
    for (const auto it : known) {
      found = found || it == name;
      nearest.offer(it);
    }
    if (!found) wrong(name, "unknown" + nearest.hint());
  }
}

double PlanReader::number(std::string_view name, double least, double most, double absent) {
  const auto* value = find(name);
  if (value == nullptr) return absent;
  json::error_code failed;
  const auto out = value->is_number() ? value->to_number<double>(failed) : NAN;
  if (out >= least && out <= most) return out;
  wrong(name, "a number is due, " + std::to_string(least) + " to " + std::to_string(most));
  return absent;
}

std::optional<std::int64_t> PlanReader::whole_of(const json::value& value, std::int64_t least,
                                                 std::int64_t most) const {
  json::error_code failed;
  if (!value.is_int64() && !value.is_uint64()) return {};
  const auto out = value.to_number<std::int64_t>(failed);
  if (failed || out < least || out > most) return {};
  return out;
}

std::int64_t PlanReader::whole(std::string_view name, std::int64_t least, std::int64_t most,
                               std::int64_t absent) {
  const auto* value = find(name);
  if (value == nullptr) return absent;
  if (const auto out = whole_of(*value, least, most)) return *out;
  wrong(name, "a whole number is due, " + between(least, most));
  return absent;
}

std::vector<std::int64_t> PlanReader::wholes(std::string_view name, std::int64_t least,
                                             std::int64_t most) {
  constexpr std::size_t longest = 1000;
  std::vector<std::int64_t> out;
  const auto* value = find(name);
  if (value == nullptr) return out;
  const auto* list = value->if_array();
  if (list == nullptr) return {whole(name, least, most, least)};
  for (const auto& item : *list) {
    const auto number = whole_of(item, least, most);
    if (!number || out.size() == longest) {
      wrong(name, "at most 1000 whole numbers are due, " + between(least, most));
      break;
    }
    out.push_back(*number);
  }
  if (list->empty()) wrong(name, "a whole number or a list of some is due");
  return out;
}

std::string PlanReader::text(std::string_view name, std::size_t longest) {
  const auto* value = find(name);
  if (value == nullptr) return {};
  const auto* out = value->if_string();
  if (out != nullptr && !out->empty() && out->size() <= longest) return {out->data(), out->size()};
  wrong(name, "a string is due, of 1 to " + std::to_string(longest) + " bytes");
  return {};
}

Range PlanReader::range(std::string_view name, std::int64_t most, Range absent) {
  const auto* value = find(name);
  if (value == nullptr) return absent;
  const auto* list = value->if_array();
  if (list == nullptr) {
    const auto only = whole(name, 0, most);
    return {only, only};
  }
  if (list->size() == 2) {
    const auto first = whole_of((*list)[0], 0, most);
    const auto second = whole_of((*list)[1], 0, most);
    if (first && second && *first <= *second) return {*first, *second};
  }
  wrong(name, "a whole number or [least, most] is due, " + between(0, most));
  return absent;
}

mtproto::Duration PlanReader::seconds(std::string_view name, double least, double most) {
  return std::chrono::duration_cast<mtproto::Duration>(
      std::chrono::duration<double>(number(name, least, most)));
}

bool PlanReader::truth(std::string_view name) {
  const auto* value = find(name);
  if (value == nullptr) return false;
  if (!value->is_bool() || !value->get_bool()) wrong(name, "only true may stand here");
  return true;
}

const json::array* PlanReader::array(std::string_view name, std::size_t longest) {
  const auto* value = find(name);
  if (value == nullptr) return nullptr;
  const auto* out = value->if_array();
  if (out != nullptr && out->size() <= longest) return out;
  wrong(name, "a list is due, of at most " + std::to_string(longest));
  return nullptr;
}

}  // namespace server::sandbox
