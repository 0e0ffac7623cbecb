#include "server/config/credential_files.hpp"

#include <filesystem>

#include "server/config/config_file.hpp"

namespace server::config {

namespace {

struct Credential {
  const char* file;
  const char* option;
  bool holds_value;  // else it is the file that the option names
};

constexpr Credential known_credentials[] = {
    {"api-id", "api-id", true},      {"api-hash", "api-hash", true},  {"proxy", "proxy", true},
    {"tokens", "token-file", false}, {"tls-cert", "tls-cert", false}, {"tls-key", "tls-key", false},
};

// An editor ends what it writes with a line's end.
std::string without_line_end(std::string text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return text;
}

}  // namespace

tl::Result<std::vector<Entry>, std::string> read_credential_files(const Environment& environment) {
  std::vector<Entry> out;
  const auto folder = environment("CREDENTIALS_DIRECTORY").value_or("");
  if (folder.empty()) return out;
  for (const auto& [file, option, holds_value] : known_credentials) {
    const auto path = folder + "/" + file;
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) continue;
    Entry entry{option, "credential " + std::string(file), path};
    if (holds_value) {
      auto text = read_small_file(path);
      if (!text) return text.error().text;
      entry.value = without_line_end(std::move(*text));
    }
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace server::config
