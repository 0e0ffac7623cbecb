// What streamjson was told, checked: each option alone and all of them together.
#pragma once

#include "server/config/options.hpp"
#include "server/config/program.hpp"

namespace server::config {

Reading<Options> read_options(const Sources&);

}  // namespace server::config
