#include "server/store_cli/command.hpp"

#include <algorithm>

#include "server/config/environment.hpp"
#include "server/config/read_options.hpp"
#include "server/logs/terminal_text.hpp"
#include "server/store/store_look.hpp"

namespace server::store_cli {
namespace {

constexpr std::string_view notes =
    "Accounts that streamjson keeps, in one file (--store sqlite:PATH) or in a PostgreSQL "
    "(--store\n"
    "postgresql://…). What opens their sessions is sealed with the key in --store-key FILE. Both "
    "may\n"
    "also stand in the environment (STREAMJSON_STORE, STREAMJSON_STORE_KEY) or in the file of\n"
    "--config. FILE may be - for stdin or stdout; what holds keys is written to a new file of "
    "mode\n"
    "0600 otherwise.\n";

void add_help(std::span<const Command> commands, std::string& out) {
  for (const auto& command : commands) {
    std::string head = "  streamjson " + std::string(command.group) + " ";
    head.append(command.verb).append(command.operands.empty() ? "" : " ").append(command.operands);
    head.resize(std::max<std::size_t>(head.size() + 2, 42), ' ');
    out.append(head).append(command.help).append("\n");
  }
}

std::string help() {
  std::string out =
      "Usage: streamjson store|account|cluster COMMAND … --store URL [--store-key FILE]\n\n";
  add_help(store_commands(), out);
  add_help(account_commands(), out);
  add_help(cluster_commands(), out);
  return out.append("\n").append(notes);
}

config::Printed asked_wrong(const std::string& what) {
  return {
      2, "",
      "streamjson: " + logs::escaped(what) + "; `streamjson store --help` shows the commands\n"};
}

const Command* find_command(std::string_view group, std::string_view verb) {
  for (const auto commands : {store_commands(), account_commands(), cluster_commands()}) {
    for (const auto& command : commands) {
      if (command.group == group && command.verb == verb) return &command;
    }
  }
  return nullptr;
}

bool is_operand(const std::string& argument) {
  return argument == "-" || !argument.starts_with('-');
}

std::size_t operands_due(const Command& command) {
  if (command.operands.empty()) return 0;
  return static_cast<std::size_t>(std::ranges::count(command.operands, ' ')) + 1;
}

config::Printed run_found(const Command& command, std::vector<std::string> operands,
                          const Options& options) {
  const auto url = store::read_store_url(options.store);
  if (!url) return asked_wrong("--store: " + url.error().text);
  const auto done = command.run({std::move(operands), options, *url});
  if (done) return {0, *done, ""};
  const auto& error = done.error();
  return {1, "",
          "streamjson: " + logs::escaped_lines(error.text) + " (" +
              std::string(name_of(error.code)) + ")\n"};
}

}  // namespace

store::StoreResult<std::unique_ptr<store::AccountStore>> open_store(const Request& request) {
  const auto credentials = config::environment_variable("CREDENTIALS_DIRECTORY").value_or("");
  const auto file = store::find_key_file(request.url, request.options.store_key, credentials);
  if (!file) return file.error();
  return store::AccountStore::open(request.url, *file);
}

std::optional<std::string> look_at_store(const Options& options) {
  if (options.store.empty()) return std::nullopt;
  const auto url = store::read_store_url(options.store);
  if (!url) return url.error().text;
  const auto credentials = config::environment_variable("CREDENTIALS_DIRECTORY").value_or("");
  const auto file = store::find_key_file(*url, options.store_key, credentials);
  const auto seen = file ? store::look_at_store(*url, *file) : store::StoreStatus(file.error());
  if (seen) return std::nullopt;
  return logs::escaped_lines(seen.error().text);
}

bool is_command(std::span<const std::string> arguments) {
  if (arguments.empty()) return false;
  const auto& first = arguments[0];
  return first == "store" || first == "account" || first == "cluster";
}

config::Printed run_command(const config::Sources& sources) {
  const auto& arguments = sources.arguments;
  const auto words_end = std::find_if_not(arguments.begin(), arguments.end(), is_operand);
  const std::vector<std::string> words(arguments.begin(), words_end);
  const std::vector<std::string> rest(words_end, arguments.end());
  if (std::ranges::any_of(rest, [](const auto& one) { return one == "--help" || one == "-h"; })) {
    return {0, help(), ""};
  }
  if (words.size() < 2) return asked_wrong("a command is due behind `" + words[0] + "`");
  const auto* command = find_command(words[0], words[1]);
  if (command == nullptr)
    return asked_wrong("there is no command `" + words[0] + " " + words[1] + "`");
  if (words.size() - 2 != operands_due(*command)) {
    return asked_wrong(words[0] + " " + words[1] + ": " +
                       (command->operands.empty() ? "nothing more is due"
                                                  : "due is " + std::string(command->operands)) +
                       ", and options behind that");
  }
  auto reading = config::read_options({rest, sources.environment, sources.variables});
  if (!reading.options) return reading;
  if (reading.options->store.empty()) return asked_wrong("--store URL is due");
  auto out = run_found(*command, {words.begin() + 2, words.end()}, *reading.options);
  out.err = reading.err + out.err;
  return out;
}

}  // namespace server::store_cli
