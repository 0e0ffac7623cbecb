// Which kinds of updates somebody wants: names of constructors of TL's type Update, without order.
// None named: all.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "server/protocol/failure.hpp"
#include "tl/bytes.hpp"
#include "tl/result.hpp"
#include "tl/schema.hpp"
#include "tl/value.hpp"

namespace server {

class UpdateTypes {
 public:
  static constexpr std::size_t most = 256;

  UpdateTypes() = default;

  // "updateNewMessage,updateUserStatus": names of this scheme, blanks around them passed over. A
  // name that it lacks is a SchemeError that tells the nearest; its place is `path`.
  static tl::Result<UpdateTypes, Failure> read(const tl::Schema&, std::string_view list,
                                               std::string_view path);
  // Such a string, or an array of names, each with its own place below `path`. Null: all.
  static tl::Result<UpdateTypes, Failure> read(const tl::Schema&, const tl::Value&,
                                               std::string_view path);
  // What text() gave once: names are taken as they are, since schemes come and go.
  static UpdateTypes kept(std::string_view list);

  bool all() const { return names_.empty(); }
  // In the order of their letters, with commas between.
  std::string text() const;
  const std::vector<std::string>& names() const { return names_; }

  // Whether what is in `updates`, of TL's type Updates, is wanted: at least one of those in it. The
  // short forms of a message count as updateNewMessage. What can't be told counts as wanted: bytes
  // that the scheme can't read, and updatesTooLong.
  bool match(const tl::Schema&, tl::ByteView updates) const;

 private:
  std::string add(const tl::Schema&, std::string_view name);
  void sort();

  std::vector<std::string> names_;  // sorted, each once
};

}  // namespace server
