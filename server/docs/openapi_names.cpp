#include "server/docs/openapi_names.hpp"

#include <algorithm>
#include <array>

namespace server::docs {
namespace {

// Schemas that are not of the scheme.
constexpr std::array<std::string_view, 12> own_names{
    "Long",    "AtName",    "PeerName",     "AnyPeerOrName", "AnyUserOrName", "AnyChannelOrName",
    "AnyCall", "AnyObject", "GatewayError", "KeptAccount",   "SigninState",   "KeptWebhook"};

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// What is left of a name once its signs and capitals are gone.
std::string bare(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (is_letter_or_digit(c)) out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return out;
}

// "messages.Dialogs" → messages.AnyDialogs
std::string any_of(std::string_view name) {
  const auto dot = name.rfind('.');
  return std::string(name).insert(dot == name.npos ? 0 : dot + 1, "Any");
}

}  // namespace

OpenApiNames::OpenApiNames(const tl::Schema& schema) {
  for (const auto name : own_names) used_.insert(bare(name));
  const auto all = schema.first_source();
  std::map<std::uint32_t, std::uint32_t> counts;
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    if (all[i].is_function || is_hidden(all[i].name)) continue;
    constructors_.emplace(i, enter(std::string(all[i].name)));
    only_[all[i].result.index] = i;
    ++counts[all[i].result.index];
  }
  for (const auto& [type, count] : counts) {
    if (count == 1) continue;
    only_.erase(type);
    types_.emplace(type, enter(any_of(schema.type(type).name)));
  }
}

// A schema's name holds letters, digits, dots, lines and hyphens.
std::string OpenApiNames::enter(std::string name) {
  std::ranges::replace_if(
      name, [](char c) { return !is_letter_or_digit(c) && c != '.' && c != '_'; }, '_');
  auto key = bare(name);
  for (int again = 2; !used_.insert(key).second; ++again) {
    const auto number = std::to_string(again);
    key = bare(name) + number;
    if (!used_.contains(key)) name += "_" + number;
  }
  return name;
}

const std::string* OpenApiNames::constructor(std::uint32_t place) const {
  const auto found = constructors_.find(place);
  return found == constructors_.end() ? nullptr : &found->second;
}

const std::string* OpenApiNames::type(std::uint32_t place) const {
  const auto found = types_.find(place);
  return found == types_.end() ? nullptr : &found->second;
}

const std::uint32_t* OpenApiNames::only(std::uint32_t type) const {
  const auto found = only_.find(type);
  return found == only_.end() ? nullptr : &found->second;
}

}  // namespace server::docs
