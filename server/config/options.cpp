#include "server/config/options.hpp"

#include <cstdio>
#include <cstdlib>

#include "server/config/option_reader.hpp"

namespace server {

std::optional<Options> read_options(int argc, const char* const* argv, int& status) {
  OptionSources sources;
  if (argc > 1) sources.arguments.assign(argv + 1, argv + argc);
  sources.environment = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
  auto reading = read_option_sources(sources);
  std::fputs(reading.out.c_str(), stdout);
  std::fputs(reading.err.c_str(), stderr);
  status = reading.status;
  return std::move(reading.options);
}

}  // namespace server
