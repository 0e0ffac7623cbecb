#include "server/site/page.hpp"

#include <utility>

#include "mtproto/crypto/sha.hpp"
#include "server/site/compressed.hpp"
#include "tl/hex.hpp"

namespace server::site {
namespace {

constexpr std::size_t etag_bytes = 16;  // of the hash; enough to tell versions apart

std::string etag_of(std::string_view body) {
  const auto hash = mtproto::sha256({tl::as_bytes(body)});
  return '"' + tl::to_hex(tl::ByteView(hash).first(etag_bytes)) + '"';
}

}  // namespace

Page make_page(std::string_view type, std::string body) {
  auto etag = etag_of(body);
  return {type, std::make_shared<const std::string>(std::move(body)), std::move(etag)};
}

Page make_long_page(std::string_view type, std::string body) {
  auto page = make_page(type, std::move(body));
  page.gzip = gzip_of(*page.body);
  return page;
}

}  // namespace server::site
