// libqrencode, which draws the codes of sign-ins: found when the first one is drawn, so that a machine
// without it lacks nothing else.
#pragma once

#include <qrencode.h>

namespace server::http {

// Functions of the library, by their own names. fukuchi.org/works/qrencode
struct QrLibrary {
  decltype(&::QRcode_encodeData) QRcode_encodeData;
  decltype(&::QRcode_free) QRcode_free;
};

inline constexpr const char* no_qr_library =
    "libqrencode.so.4, which draws codes, is not here; on Debian it is in the package libqrencode4";

// Null where it is not on this machine.
const QrLibrary* qr_library();

}  // namespace server::http
