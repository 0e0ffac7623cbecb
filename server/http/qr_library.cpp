#include "server/http/qr_library.hpp"

#include <dlfcn.h>

namespace server::http {
namespace {

template <class Function>
bool find(void* library, const char* name, Function& to) {
  to = reinterpret_cast<Function>(::dlsym(library, name));
  return to != nullptr;
}

QrLibrary load() {
  QrLibrary out{};
  void* library = ::dlopen("libqrencode.so.4", RTLD_NOW | RTLD_LOCAL);
  const bool whole = library != nullptr &&
                     find(library, "QRcode_encodeData", out.QRcode_encodeData) &&
                     find(library, "QRcode_free", out.QRcode_free);
  return whole ? out : QrLibrary{};
}

}  // namespace

const QrLibrary* qr_library() {
  static const QrLibrary library = load();
  return library.QRcode_free != nullptr ? &library : nullptr;
}

}  // namespace server::http
