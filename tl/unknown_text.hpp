// What stands for an object that is not as the scheme says. Never a half answer that looks whole:
// all of its bytes instead, in base64 between these two.
#pragma once

#include <string>

#include "tl/decoder.hpp"

namespace tl {

void append_before_unknown(const DecodeFailure&, ByteView bytes, std::string& out);
void append_behind_unknown(const DecodeFailure&, std::string& out);

}  // namespace tl
