#include "tl/unknown_text.hpp"

#include <cstdio>

#include "tl/value.hpp"

namespace tl {

void append_before_unknown(const DecodeFailure& failure, ByteView bytes, std::string& out) {
  out += R"({"_cons":"_unknown")";
  if (failure.unknown || bytes.size() >= 4) {
    char id[32];
    std::snprintf(id, sizeof id, R"(,"_id":"0x%08x")",
                  failure.unknown ? *failure.unknown : Reader(bytes).nat());
    out += id;
  }
  out += R"(,"_path":)";
  write_json_string(failure.path, out);
  out += R"(,"_bytes":")";
}

void append_behind_unknown(const DecodeFailure& failure, std::string& out) {
  out += '"';
  if (!failure.unknown) {
    out += R"(,"_reason":)";
    write_json_string(failure.text, out);
  }
  out += '}';
}

}  // namespace tl
