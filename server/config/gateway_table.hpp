// Every option of streamjson.
#pragma once

#include <string>

#include "server/config/options.hpp"
#include "server/config/program.hpp"
#include "server/config/setting.hpp"

namespace server::config {

// Options on the way, with what is only half of one.
struct OptionDraft {
  Options options;
  std::string server;    // HOST:PORT
  std::string rsa_file;  // whose text goes with it
};

extern const Program gateway_program;

// What sets `draft`, which must outlive it.
SettingTable gateway_table(OptionDraft& draft);

}  // namespace server::config
