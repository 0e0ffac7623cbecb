// JSON text to TL in one pass: codec.hpp's encode() of what is as it should be, in a third of the
// time that reading it and encoding it take.
#pragma once

#include <optional>
#include <string_view>

#include "tl/codec.hpp"

namespace tl {

// Appends a boxed function or object, as read_json() and encode() would. Nothing, and `out` is as it
// was, where anything in the text is out of the ordinary: they say then what it is, at the price of
// one more pass. Numbers may have been drawn all the same.
std::optional<Encoding> encode_quickly(const Schema&, std::string_view text, const EncodeOptions&,
                                       Bytes& out);

}  // namespace tl
