#include "server/site/page.hpp"

#include <catch2/catch.hpp>

using server::site::make_page;

TEST_CASE("an ETag is a quoted hash of the body: SHA-256, its first half") {
  // echo -n abc | sha256sum
  CHECK(make_page("text/plain", "abc").etag == "\"ba7816bf8f01cfea414140de5dae2223\"");
}

TEST_CASE("an ETag changes with the body and with nothing else") {
  const auto page = make_page("text/plain", std::string("a\0b", 3));
  CHECK(page.etag == make_page("text/html", std::string("a\0b", 3)).etag);
  CHECK(page.etag != make_page("text/plain", std::string("a\0c", 3)).etag);
  CHECK(page.body->size() == 3);
}
