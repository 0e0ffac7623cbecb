// An answer's bytes as JSON text, where there is room for it.
#pragma once

#include <optional>
#include <string>

#include "server/metering/memory_meter.hpp"
#include "server/protocol/failure.hpp"
#include "tl/codec.hpp"

namespace server {

// Appends the text. A Failure: there is no room for it, and nothing was appended. `given`: as
// tl::decode_text_within() has it.
std::optional<Failure> append_text(MemoryMeter&, const tl::Schema&, tl::TypeRef due,
                                   tl::ByteView body, tl::Notation, std::string& out,
                                   tl::GivenLongs* given = nullptr);

}  // namespace server
