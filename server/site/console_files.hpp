// The console's files by their path: those that are compiled in, or, for who works on them, those of
// a folder, read anew at each request.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>

#include "server/site/page.hpp"

namespace server::site {

class ConsoleFiles {
 public:
  static constexpr std::size_t max_size = 16 << 20;  // of a file in a folder
  static constexpr std::size_t max_path = 1024;

  ConsoleFiles();
  explicit ConsoleFiles(std::filesystem::path folder);

  // `path` is a request's, without its query, percent-decoded: "/signin/view.js"; "/" is
  // "/index.html". From a folder come only regular files that are in it, symbolic links followed,
  // that have one of our types, and of whose path no part begins with a dot.
  std::optional<Page> find(std::string_view path) const;

 private:
  // Made when it is asked for first: most gateways never show the console, and need neither hash
  // nor copy all of it.
  struct Embedded {
    std::string_view bytes;
    std::once_flag once;
    Page page;
  };
  std::optional<Page> read(std::string_view path, std::string_view type) const;

  mutable std::map<std::string_view, Embedded> embedded_;
  std::filesystem::path folder_;  // empty: the embedded ones
};

}  // namespace server::site
