#include "server/http/signin_picture.hpp"

#include <catch2/catch.hpp>

using namespace server::http;

TEST_CASE("A picture is for who names it, and not JSON", "[api]") {
  for (const auto* accept :
       {"image/svg+xml", "image/avif,image/webp , image/svg+xml;q=0.9,image/*;q=0.8,*/*;q=0.5"}) {
    CAPTURE(accept);
    CHECK(wants_picture(accept));
  }
  for (const auto* accept : {"", "*/*", "image/*", "application/json", "image/svg+xmlx",
                             "image/svg+xml, application/json", ",;,"}) {
    CAPTURE(accept);
    CHECK_FALSE(wants_picture(accept));
  }
}

TEST_CASE("A code holds 2,331 bytes, also such as are no text", "[api]") {
  CHECK(qr_svg("tg://login?token=abc"));
  CHECK(qr_svg(std::string(2331, '\0')));
  CHECK_FALSE(qr_svg(std::string(2332, 'a')));
  CHECK_FALSE(qr_svg(""));
}
