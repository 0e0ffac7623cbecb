#include "server/docs/doc_text.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

namespace server::docs {
namespace {

constexpr std::size_t longest_name = 200;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// What was read of the text, and what it stands for.
struct Piece {
  std::size_t size = 0;
  std::string text;
};

// "{@link messages.RawSendMessageRequest}" → messages.sendMessage
std::optional<Piece> link(std::string_view at) {
  constexpr std::string_view open = "{@link ";
  if (!at.starts_with(open)) return {};
  const auto end = at.substr(0, longest_name).find('}');
  if (end == at.npos) return {};
  auto name = at.substr(open.size(), end - open.size());
  const auto dot = name.rfind('.');
  std::string out(dot == name.npos ? "" : name.substr(0, dot + 1));
  if (dot != name.npos) name.remove_prefix(dot + 1);
  if (name.starts_with("Raw")) name.remove_prefix(3);
  if (name.ends_with("Request") && name.size() > 7) name.remove_suffix(7);
  if (name.empty()) return {};
  out += lower(name.front());
  out += name.substr(1);
  return Piece{end + 1, std::move(out)};
}

std::optional<Piece> tag(std::string_view at) {
  const std::size_t name = at.starts_with("</") ? 2 : 1;
  if (at.size() <= name || at.front() != '<' || !is_letter(at[name])) return {};
  const auto end = at.find('>');
  if (end == at.npos) return {};
  const bool line = at.starts_with("<br") || at.starts_with("</p");
  return Piece{end + 1, line ? "\n" : ""};
}

void append_utf8(std::uint32_t code, std::string& out) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

// "#39" or "#x27"
std::optional<std::string> numbered(std::string_view name) {
  name.remove_prefix(1);
  const bool hex = name.starts_with('x') || name.starts_with('X');
  if (hex) name.remove_prefix(1);
  std::uint32_t code = 0;
  const auto* end = name.data() + name.size();
  const auto read = std::from_chars(name.data(), end, code, hex ? 16 : 10);
  if (read.ec != std::errc{} || read.ptr != end) return {};
  if (code < 0x20 || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return {};
  std::string out;
  append_utf8(code, out);
  return out;
}

std::optional<Piece> entity(std::string_view at) {
  struct Named {
    std::string_view name;
    std::string_view text;
  };
  constexpr std::array known{Named{"amp", "&"},   Named{"lt", "<"},    Named{"gt", ">"},
                             Named{"quot", "\""}, Named{"apos", "'"},  Named{"nbsp", " "},
                             Named{"raquo", "»"}, Named{"laquo", "«"}, Named{"mdash", "—"},
                             Named{"ndash", "–"}, Named{"hellip", "…"}};
  const auto end = at.substr(0, 12).find(';');
  if (!at.starts_with('&') || end == at.npos || end < 2) return {};
  const auto name = at.substr(1, end - 1);
  for (const auto& one : known) {
    if (one.name == name) return Piece{end + 1, std::string(one.text)};
  }
  if (name.front() != '#') return {};
  auto text = numbered(name);
  if (!text) return {};
  return Piece{end + 1, std::move(*text)};
}

std::optional<Piece> special(std::string_view at) {
  switch (at.front()) {
    case '{':
      return link(at);
    case '<':
      return tag(at);
    case '&':
      return entity(at);
    default:
      return {};
  }
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto begin = text.find_first_not_of(space);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

}  // namespace

std::string doc_text(std::string_view html) {
  std::string out;
  while (!html.empty()) {
    if (const auto piece = special(html)) {
      out += piece->text;
      html.remove_prefix(piece->size);
    } else {
      out += html.front();
      html.remove_prefix(1);
    }
  }
  return std::string(trim(out));
}

std::string doc_comment(std::string_view html, std::string_view indent) {
  auto text = doc_text(html);
  if (text.empty()) return {};
  for (auto at = text.find("*/"); at != text.npos; at = text.find("*/", at))
    text.insert(at + 1, "\\");
  std::string out(indent);
  if (text.find('\n') == text.npos) return out + "/** " + text + " */\n";
  out += "/**\n";
  for (std::string_view rest = text; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (const auto words = trim(line); !words.empty())
      out.append(indent).append(" * ").append(words) += '\n';
  }
  return out.append(indent).append(" */\n");
}

}  // namespace server::docs
