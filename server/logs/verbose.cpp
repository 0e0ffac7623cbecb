#include "server/logs/verbose.hpp"

#include <algorithm>
#include <cstdio>
#include <memory_resource>
#include <mutex>
#include <string>

#include "server/logs/blanked.hpp"
#include "server/logs/json_prefix.hpp"
#include "tl/json_reader.hpp"

namespace server::logs {
namespace {

void print(std::uint64_t connection, Direction direction, std::string_view text) {
  std::string line = std::to_string(connection);
  line += ' ';
  line += static_cast<char>(direction);
  line += ' ';
  line += text;
  line += '\n';
  static std::mutex mutex;
  std::lock_guard lock(mutex);
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

// No more of it than is looked at.
std::string beginning(const LongText& text, std::size_t from, std::size_t most) {
  std::string out;
  text.each_part([&](std::string_view part) {
    const auto skipped = std::min(from, part.size());
    from -= skipped;
    out += part.substr(skipped, most - out.size());
    return out.size() < most;
  });
  return out;
}

}  // namespace

void copy_object(std::uint64_t connection, Direction direction, const tl::Value& value) {
  auto [text, cut] = blanked(value);
  if (cut) text += " (cut)";
  print(connection, direction, text);
}

void copy_text(std::uint64_t connection, Direction direction, const LongText& text,
               std::size_t from) {
  const auto size = text.size() - from;
  auto shown = beginning(text, from, longest_copy);
  const bool whole = shown.size() == size;
  if (!whole) shown = closed_prefix(shown);
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::read_json(shown, arena);
  if (!value) return copy_length(connection, direction, size);
  auto [copy, cut] = blanked(*value);
  if (!whole) {
    copy += " (cut, " + std::to_string(size) + " bytes in all)";
  } else if (cut) {
    copy += " (cut)";
  }
  print(connection, direction, copy);
}

void copy_length(std::uint64_t connection, Direction direction, std::size_t bytes) {
  print(connection, direction, "(" + std::to_string(bytes) + " bytes that are no JSON)");
}

}  // namespace server::logs
