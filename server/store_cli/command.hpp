// `streamjson store …`, `streamjson account …` and `streamjson cluster …`: what is done with a store by hand, also while a
// gateway uses it.
#pragma once

#include <chrono>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "server/config/options.hpp"
#include "server/config/program.hpp"
#include "server/store/account_store.hpp"

namespace server::store_cli {

struct Request {
  std::vector<std::string> operands;  // behind the command's two words
  const Options& options;
  const store::StoreUrl& url;
};

// What came of it: a text for stdout, or an error for stderr.
using Outcome = tl::Result<std::string, store::StoreError>;

struct Command {
  std::string_view group, verb;
  std::string_view operands;  // "NAME FILE"
  std::string_view help;
  Outcome (*run)(const Request&);
};

std::span<const Command> store_commands();
std::span<const Command> account_commands();
std::span<const Command> cluster_commands();

// What --store and --store-key name, opened.
store::StoreResult<std::unique_ptr<store::AccountStore>> open_store(const Request&);

// Why it could not be opened; none: it could, or there is none to be.
std::optional<std::string> look_at_store(const Options&);

// Whether the first argument is a command's.
bool is_command(std::span<const std::string> arguments);
// What is said, and the exit status: 0, 1 where it did not work, 2 where it was asked wrong.
config::Printed run_command(const config::Sources&);

}  // namespace server::store_cli
