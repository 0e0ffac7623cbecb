// A scheme's names as TypeScript's: `messages.Dialogs` lives in a namespace `messages`, what is a
// word of the language gets an underscore, and a reference means what it says although a namespace
// may hold a type of the same name as one outside.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tl/schema.hpp"

namespace server::docs {

struct TypeName {
  std::string space;  // "" for what is outside
  std::string own;
};

class TypeNames {
 public:
  // Those of the first source of `schema`; `taken` are names outside that mean something else.
  TypeNames(const tl::Schema& schema, std::set<std::string> taken);

  // None where the first source has no such type or constructor.
  const TypeName* type(std::uint32_t place) const;
  const TypeName* constructor(std::uint32_t place) const;

  // How `name` is written inside the namespace `from`. Asks for an alias where it needs one.
  std::string refer(const TypeName& name, std::string_view from);
  // The aliases that were asked for: {"$User", "User"}.
  const std::map<std::string, std::string>& aliases() const { return aliases_; }

  static std::string space_of(std::string_view name);

 private:
  TypeName enter(std::string_view name);

  std::map<std::string, std::set<std::string>, std::less<>> used_;  // by namespace
  std::map<std::uint32_t, TypeName> types_;
  std::map<std::uint32_t, TypeName> constructors_;
  std::map<std::string, std::string> aliases_;
};

}  // namespace server::docs
