// What one line of the log says, taken apart: the fields that its format names (`conn={}`,
// `reason="{}"`), and in words the rest. It goes by the format, which is ours: whatever a value
// holds stays in its field.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/logs/logger.hpp"

namespace server::logs {

struct Field {
  std::string_view name;  // of the format, which lives as long
  std::string value;
  bool number = false;
};

struct Event {
  std::vector<Field> fields;  // in the order of the line, each name once
  std::string message;
};

// As many `{}` are there as values.
Event event_of(std::string_view format, Values values);

// Its members are "time" (of "2026-01-31T23:59:59.999Z"), "level", the fields, and "message" where
// there is one. Of any bytes a line of JSON, without its end: what is no UTF-8 is U+FFFD, and what
// would move a terminal's cursor is escaped.
std::string json_text(std::string_view time, std::string_view level, const Event& event);

}  // namespace server::logs
