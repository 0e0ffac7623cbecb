// What a GET answers with: a body that is made once and shared by whoever is being sent it, and
// its strong ETag. RFC 9110 §8.8.3.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace server::site {

struct Page {
  std::string_view type;  // Content-Type; of a table that lives as long as the program
  std::shared_ptr<const std::string> body;
  std::string etag;                                   // with its quotes
  std::shared_ptr<const std::string> gzip = nullptr;  // the body compressed; null: never
  // The ETag of `gzip`: other bytes, another strong tag.
  std::string gzip_etag() const { return etag.substr(0, etag.size() - 1) + "-gzip\""; }
};

Page make_page(std::string_view type, std::string body);
// Compressed, too.
Page make_long_page(std::string_view type, std::string body);

}  // namespace server::site
