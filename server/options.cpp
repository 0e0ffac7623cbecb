#include "server/options.hpp"

#include <cstdio>
#include <cstdlib>

#include "server/option_reader.hpp"
#include "server/schemes.hpp"

namespace server {

namespace {

// Nothing is started, so this is the time for what only a start would tell.
int check(const Options& options) {
  const auto schemes = load_schemes(options.schemes, options.layer);
  if (!schemes) {
    std::fprintf(stderr, "streamjson: %s\n", schemes.error().c_str());
    return 2;
  }
  std::puts("ok");
  return 0;
}

}  // namespace

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
  if (!reading.options) return std::nullopt;
  if (reading.options->check_config) {
    status = check(*reading.options);
    return std::nullopt;
  }
  return std::move(reading.options);
}

}  // namespace server
