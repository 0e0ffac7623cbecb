#include "server/session_files/gramjs_folder.hpp"

#include "server/session_files/json_sessions.hpp"

namespace server::session_files {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view key_ending = "authKey";

}  // namespace

bool is_gramjs_key(const fs::path& file) { return file.filename().string().ends_with(key_ending); }

std::vector<fs::path> find_gramjs_keys(const Files& files, const fs::path& folder) {
  return files.list(folder, key_ending, 2);
}

Outcome<FoundSession> read_gramjs_folder(const Files& files, const fs::path& key_file) {
  const auto key = files.read(key_file, longest_small_file);
  if (!key) return key.error();
  auto name = key_file.filename().string();
  name.resize(name.size() - key_ending.size());
  const auto dc = files.read_if_there(key_file.parent_path() / (name + "dcId"), longest_small_file);
  if (!dc) return dc.error();
  auto found = read_gramjs(tl::as_text(key->bytes()), tl::as_text(dc->bytes()));
  if (!found) return key_file.string() + ": " + found.error();
  return found;
}

}  // namespace server::session_files
