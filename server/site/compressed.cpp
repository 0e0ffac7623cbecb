#include "server/site/compressed.hpp"

#include <algorithm>

#include "mtproto/message/gzip.hpp"

namespace server::site {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto from = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(from);
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

// What stands before `mark`, which is taken away with it.
std::string_view cut(std::string_view& rest, char mark) {
  const auto end = std::min(rest.find(mark), rest.size());
  const auto part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trimmed(part);
}

bool same(std::string_view a, std::string_view lower) {
  return std::ranges::equal(a, lower, [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
  });
}

// "q=0", "q=0.0": not wanted.
bool is_refused(std::string_view weight) {
  if (weight.size() < 3 || !same(weight.substr(0, 2), "q=")) return false;
  return weight.find_first_not_of("0.", 2) == weight.npos;
}

}  // namespace

bool takes_gzip(std::string_view accepted) {
  bool any = false;
  while (!accepted.empty()) {
    auto rest = cut(accepted, ',');
    const auto name = cut(rest, ';');
    const bool wanted = !is_refused(trimmed(rest));
    if (same(name, "gzip") || same(name, "x-gzip")) return wanted;
    if (name == "*") any = wanted;
  }
  return any;
}

std::shared_ptr<const std::string> gzip_of(std::string_view body) {
  const auto packed = mtproto::gzip(tl::as_bytes(body));
  if (!packed) return nullptr;
  return std::make_shared<const std::string>(packed->begin(), packed->end());
}

}  // namespace server::site
