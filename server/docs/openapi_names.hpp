// What the schemas of an OpenAPI document are called: a constructor by its own name, a type of
// several constructors with "Any" before the last part (`messages.AnyDialogs`). Programs that make
// types of the document drop dots and capitalize, so no two names differ only in that.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "tl/schema.hpp"

namespace server::docs {

class OpenApiNames {
 public:
  // Those of the first source of `schema`.
  explicit OpenApiNames(const tl::Schema& schema);

  // Null where the first source has no such constructor, or no type of several.
  const std::string* constructor(std::uint32_t place) const;
  const std::string* type(std::uint32_t place) const;
  // Of a type that has one constructor there: its place.
  const std::uint32_t* only(std::uint32_t type) const;

  // What other people's tools put into a scheme for themselves.
  static bool is_hidden(std::string_view name) { return name.starts_with("mtcute."); }

 private:
  std::string enter(std::string name);

  std::set<std::string> used_;
  std::map<std::uint32_t, std::string> constructors_;
  std::map<std::uint32_t, std::string> types_;
  std::map<std::uint32_t, std::uint32_t> only_;
};

}  // namespace server::docs
