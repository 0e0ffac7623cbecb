// The files of web/ as the build compiled them in (embed.cmake writes the .cpp).
#pragma once

#include <span>
#include <string_view>

namespace server::site {

struct EmbeddedFile {
  std::string_view path;  // "/signin/view.js"
  std::string_view bytes;
};

std::span<const EmbeddedFile> embedded_files();

}  // namespace server::site
