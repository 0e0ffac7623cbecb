#include "server/site/compressed.hpp"

#include <libdeflate.h>

#include <catch2/catch.hpp>
#include <memory>

using server::site::gzip_of;
using server::site::takes_gzip;

TEST_CASE("gzip is taken where Accept-Encoding names it, or anything, without refusing it") {
  for (const auto* yes : {"gzip", "br, gzip", "deflate,\tGZIP ;q=0.5", "x-gzip", "*",
                          "br;q=1, *;q=0.1", "*;q=0, gzip"}) {
    CAPTURE(yes);
    CHECK(takes_gzip(yes));
  }
  for (const auto* no :
       {"", "br", "gzip;q=0", "gzip; q=0.000", "gzip;q=0, *", "*;q=0", "gzipped", ",;,"}) {
    CAPTURE(no);
    CHECK(!takes_gzip(no));
  }
}

TEST_CASE("what is compressed comes back as it was, and what would grow stays as it is") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "messages.sendMessage ";
  const auto packed = gzip_of(text);
  REQUIRE(packed);
  CHECK(packed->size() < text.size() / 10);
  std::string out(text.size(), '\0');
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> reader(
      libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  std::size_t size = 0;
  CHECK(libdeflate_gzip_decompress(reader.get(), packed->data(), packed->size(), out.data(),
                                   out.size(), &size) == LIBDEFLATE_SUCCESS);
  CHECK(out.substr(0, size) == text);
  CHECK(!gzip_of("short"));
}
