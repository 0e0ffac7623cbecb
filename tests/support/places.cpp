#include "tests/support/places.hpp"

namespace support {

std::string data_folder() { return TEST_DATA; }
std::string api_tl_file() { return API_TL_FILE; }
std::string mtproto_tl_file() { return MTPROTO_TL_FILE; }

}  // namespace support
