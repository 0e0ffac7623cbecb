// Where tests find their files. Functions, not macros, so that only one object file depends on
// where the tree lies and a compiler cache serves every other checkout, too.
#pragma once

#include <string>

namespace support {

std::string data_folder();      // tests/data
std::string api_tl_file();      // the API's scheme of the pinned layer
std::string mtproto_tl_file();  // scheme/mtproto.tl

}  // namespace support
