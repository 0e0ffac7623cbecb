// Content-Type by the ending of a file's name: what a console consists of, nothing else.
#pragma once

#include <array>
#include <string_view>

namespace server::site {

namespace type {
constexpr std::string_view html = "text/html; charset=utf-8";
constexpr std::string_view javascript = "text/javascript; charset=utf-8";
constexpr std::string_view css = "text/css; charset=utf-8";
constexpr std::string_view json = "application/json; charset=utf-8";
constexpr std::string_view text = "text/plain; charset=utf-8";
constexpr std::string_view svg = "image/svg+xml; charset=utf-8";
constexpr std::string_view png = "image/png";
}  // namespace type

// "" where there is none.
constexpr std::string_view file_type(std::string_view path) {
  struct Ending {
    std::string_view text;
    std::string_view type;
  };
  constexpr std::array endings{
      Ending{".html", type::html}, Ending{".js", type::javascript}, Ending{".css", type::css},
      Ending{".json", type::json}, Ending{".d.ts", type::text},     Ending{".svg", type::svg},
      Ending{".png", type::png},
  };
  for (const auto& ending : endings) {
    if (path.ends_with(ending.text)) return ending.type;
  }
  return {};
}

}  // namespace server::site
