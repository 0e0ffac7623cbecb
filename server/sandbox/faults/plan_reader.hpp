// Reads an object of a faults file field by field, under bounds. Sticky: the first problem is kept
// with its place, and who reads asks once, at the end.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/sandbox/faults/plan.hpp"

namespace server::sandbox {

class PlanReader {
 public:
  PlanReader(const boost::json::value& value, std::string path, std::string& problem);

  // Names every field that may stand here; any other is a problem.
  void only(std::initializer_list<std::string_view> known);
  bool has(std::string_view name) const { return find(name) != nullptr; }
  const boost::json::value* find(std::string_view name) const;
  std::string path(std::string_view name) const;
  void wrong(std::string_view name, std::string_view what);

  // Absent: `absent`.
  double number(std::string_view name, double least, double most, double absent = 0);
  std::int64_t whole(std::string_view name, std::int64_t least, std::int64_t most,
                     std::int64_t absent = 0);
  std::vector<std::int64_t> wholes(std::string_view name, std::int64_t least, std::int64_t most);
  std::string text(std::string_view name, std::size_t longest);
  // A number or two, the smaller first.
  Range range(std::string_view name, std::int64_t most, Range absent = {});
  mtproto::Duration seconds(std::string_view name, double least, double most);
  // A field that may only be true.
  bool truth(std::string_view name);
  const boost::json::array* array(std::string_view name, std::size_t longest);

 private:
  std::optional<std::int64_t> whole_of(const boost::json::value& value, std::int64_t least,
                                       std::int64_t most) const;

  const boost::json::object* object_;
  std::string path_;
  std::string& problem_;
};

}  // namespace server::sandbox
