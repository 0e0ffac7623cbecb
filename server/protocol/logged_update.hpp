// An update of a named account's log, as those that read it get it, whatever way it takes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "tl/bytes.hpp"
#include "tl/schema.hpp"

namespace server {

inline constexpr std::size_t longest_logged_update = std::size_t{4} << 20;  // bytes of `message`

// Appends its members in notation plain, without braces: "update_seq":8,"message":{…}. What can't be
// told has an error in the place of `message`: "SchemeError" without a `schema` (its layer is not
// loaded), "AnswerTooLong".
void write_logged_update(std::int64_t number, std::int64_t layer, const tl::Schema* schema,
                         tl::ByteView body, std::string& out);

}  // namespace server
