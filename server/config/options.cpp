#include "server/config/options.hpp"

#include "server/config/read_options.hpp"

namespace server {

std::optional<Options> read_options(int argc, const char* const* argv, int& status) {
  auto reading = config::read_options(config::own_sources(argc, argv));
  config::print(reading);
  status = reading.status;
  return std::move(reading.options);
}

}  // namespace server
