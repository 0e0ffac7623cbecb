#include "server/sandbox/world/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {
namespace {

using Kind = Entity::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 19> names{{
    {"messageEntityMention", Kind::mention},
    {"messageEntityHashtag", Kind::hashtag},
    {"messageEntityBotCommand", Kind::bot_command},
    {"messageEntityUrl", Kind::url},
    {"messageEntityEmail", Kind::email},
    {"messageEntityBold", Kind::bold},
    {"messageEntityItalic", Kind::italic},
    {"messageEntityCode", Kind::code},
    {"messageEntityPre", Kind::pre},
    {"messageEntityTextUrl", Kind::text_url},
    {"messageEntityMentionName", Kind::mention_name},
    {"messageEntityPhone", Kind::phone},
    {"messageEntityCashtag", Kind::cashtag},
    {"messageEntityUnderline", Kind::underline},
    {"messageEntityStrike", Kind::strike},
    {"messageEntityBlockquote", Kind::blockquote},
    {"messageEntityBankCard", Kind::bank_card},
    {"messageEntitySpoiler", Kind::spoiler},
    {"messageEntityCustomEmoji", Kind::custom_emoji},
}};

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || is_upper(c) || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
// The first byte of punctuation, arrows and emoji, U+2000 to U+2FFF and from U+10000 on.
bool is_symbol(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0xe2 || byte >= 0xf0;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Where the bot's command that starts at `from` with its slash ends; `from` where it is none, as in a
// path, a tag such as </b>, or a word of letters that commands have not.
std::size_t end_of_command(std::string_view text, std::size_t from) {
  constexpr std::size_t longest_command = 64;
  constexpr std::size_t shortest_name = 3;
  constexpr std::size_t longest_name = 32;
  const auto of_command = [](char c) { return is_word(c) && static_cast<unsigned char>(c) < 0x80; };
  const auto run = [&](std::size_t at) {
    while (at < text.size() && of_command(text[at])) ++at;
    return at;
  };
  const auto of_path_or_tag = [](char c) { return c == '/' || c == '<' || c == '>'; };
  if (from > 0 && of_path_or_tag(text[from - 1])) return from;
  auto end = run(from + 1);
  if (end == from + 1 || end - from - 1 > longest_command) return from;
  if (end < text.size() && text[end] == '@') {
    const auto name = end + 1;
    end = run(name);
    if (end - name < shortest_name || end - name > longest_name) return from;
  }
  if (end == text.size() || is_symbol(text[end])) return end;
  return is_word(text[end]) || of_path_or_tag(text[end]) ? from : end;
}

// The kind of the word that starts at `from`, and where it ends; nothing where it is a plain one.
std::optional<std::pair<Kind, std::size_t>> recognise(std::string_view text, std::size_t from) {
  auto run = [&](std::size_t at, auto&& good) {
    while (at < text.size() && good(text[at])) ++at;
    return at;
  };
  const char first = text[from];
  if (first == '@' || first == '#' || first == '/') {
    const auto end = run(from + 1, is_word);
    const auto length = end - from - 1;
    if (length == 0) return std::nullopt;
    if (first == '@') {
      if (length < 3) return std::nullopt;
      return std::pair{Kind::mention, end};
    }
    if (first == '#') {
      if (std::all_of(text.begin() + static_cast<std::ptrdiff_t>(from) + 1,
                      text.begin() + static_cast<std::ptrdiff_t>(end), is_digit)) {
        return std::nullopt;
      }
      return std::pair{Kind::hashtag, end};
    }
    const auto command_end = end_of_command(text, from);
    if (command_end == from) return std::nullopt;
    return std::pair{Kind::bot_command, command_end};
  }
  if (first == '$') {
    const auto end = run(from + 1, is_upper);
    if (end - from - 1 < 3 || end - from - 1 > 8) return std::nullopt;
    return std::pair{Kind::cashtag, end};
  }
  const auto word = text.substr(from);
  if (word.starts_with("http://") || word.starts_with("https://")) {
    auto end = run(from, [](char c) { return !is_space(c); });
    while (end > from && std::string_view(".,;:!?)'\"").find(text[end - 1]) != text.npos) --end;
    if (end - from <= word.find("//") + 2) return std::nullopt;
    return std::pair{Kind::url, end};
  }
  const auto local =
      run(from, [](char c) { return is_word(c) || c == '.' || c == '-' || c == '+'; });
  if (local > from && local < text.size() && text[local] == '@') {
    auto end = run(local + 1, [](char c) { return is_word(c) || c == '.' || c == '-'; });
    while (end > local && text[end - 1] == '.') --end;
    if (text.substr(local + 1, end - local - 1).find('.') != text.npos) {
      return std::pair{Kind::email, end};
    }
  }
  return std::nullopt;
}

void detect(std::string_view text, std::vector<Entity>& entities) {
  const auto given = entities.size();
  std::int32_t units = 0;  // UTF-16 units in front of `at`
  std::size_t at = 0;
  bool boundary = true;
  while (at < text.size() && entities.size() < limits::entities) {
    if (boundary && !is_space(text[at])) {
      if (const auto found = recognise(text, at)) {
        const auto length =
            static_cast<std::int32_t>(utf16_length(text.substr(at, found->second - at)));
        const bool taken = std::any_of(
            entities.begin(), entities.begin() + static_cast<std::ptrdiff_t>(given),
            [&](const Entity& entity) {
              return entity.offset < units + length && units < entity.offset + entity.length;
            });
        if (!taken) entities.push_back({found->first, units, length, {}, 0, false});
        units += length;
        at = found->second;
        boundary = false;
        continue;
      }
    }
    const auto byte = static_cast<unsigned char>(text[at]);
    boundary = !is_word(text[at]) && text[at] != '@' && text[at] != '/' && text[at] != '.';
    if ((byte & 0xc0) != 0x80) units += byte >= 0xf0 ? 2 : 1;
    ++at;
  }
}

}  // namespace

std::string_view entity_name(Kind kind) {
  for (const auto& [name, of] : names) {
    if (of == kind) return name;
  }
  return {};
}

std::optional<Kind> entity_kind(std::string_view name) {
  for (const auto& [known, kind] : names) {
    if (known == name) return kind;
  }
  if (name == "inputMessageEntityMentionName") return Kind::mention_name;
  return std::nullopt;
}

bool is_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto first = static_cast<unsigned char>(text[at]);
    std::size_t more = 0;
    std::uint32_t value = first;
    if (first < 0x80) {
      ++at;
      continue;
    }
    if (first >= 0xc2 && first <= 0xdf) {
      more = 1;
      value = first & 0x1fU;
    } else if (first >= 0xe0 && first <= 0xef) {
      more = 2;
      value = first & 0x0fU;
    } else if (first >= 0xf0 && first <= 0xf4) {
      more = 3;
      value = first & 0x07U;
    } else {
      return false;
    }
    if (text.size() - at <= more) return false;
    for (std::size_t i = 1; i <= more; ++i) {
      const auto next = static_cast<unsigned char>(text[at + i]);
      if ((next & 0xc0) != 0x80) return false;
      value = value << 6 | (next & 0x3fU);
    }
    if (more == 2 && (value < 0x800 || (value >= 0xd800 && value <= 0xdfff))) return false;
    if (more == 3 && (value < 0x10000 || value > 0x10ffff)) return false;
    at += more + 1;
  }
  return true;
}

std::size_t utf16_length(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) != 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

Formatted tidy(std::string_view text, std::vector<Entity> entities) {
  std::int32_t cut = 0;
  while (!text.empty() && is_space(text.front())) {
    text.remove_prefix(1);
    ++cut;
  }
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  const auto end = static_cast<std::int64_t>(utf16_length(text));
  Formatted out{std::string(text), {}};
  for (auto& entity : entities) {
    const auto from = std::max<std::int64_t>(std::int64_t{entity.offset} - cut, 0);
    const auto to = std::min<std::int64_t>(std::int64_t{entity.offset} - cut + entity.length, end);
    if (entity.length <= 0 || from >= to) continue;
    entity.offset = static_cast<std::int32_t>(from);
    entity.length = static_cast<std::int32_t>(to - from);
    out.entities.push_back(std::move(entity));
    if (out.entities.size() == limits::entities) break;
  }
  detect(out.text, out.entities);
  std::stable_sort(
      out.entities.begin(), out.entities.end(),
      [](const Entity& one, const Entity& other) { return one.offset < other.offset; });
  return out;
}

}  // namespace server::sandbox
