// The code of a sign-in by QR, drawn: for who asks /api/v1/{account}/signin for an image, as <img>
// and viewers do.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/http/head.hpp"
#include "server/http/response.hpp"

namespace server::http {

inline constexpr std::string_view svg_type = "image/svg+xml";

// The text as a QR code (ISO/IEC 18004, level M, with its quiet zone), one <svg>; none: it is longer
// than any code holds, 2,331 bytes, or the library that draws it is not here.
std::optional<std::string> qr_svg(std::string_view text);

// Accept names image/svg+xml, and not JSON.
bool wants_picture(std::string_view accept);

// What goes out in the place of `reply`, which is {"ok":true,"result":{"state":…}}: the picture, or
// 406 where there is no code to be shown, or none can be drawn. None: it is no such request.
std::optional<Response> signin_picture(const Head&, const LongText& reply);

}  // namespace server::http
