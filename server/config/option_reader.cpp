#include "server/config/option_reader.hpp"

#include <CLI/CLI.hpp>
#include <map>
#include <set>

#include "mtproto/crypto/rsa.hpp"
#include "server/access/secret_file.hpp"
#include "server/config/config_file.hpp"
#include "server/config/exposure.hpp"
#include "server/config/option_table.hpp"
#include "server/config/system_version.hpp"
#include "server/config/values.hpp"
#include "server/upstream/proxy/proxy.hpp"
#include "tl/nearest_name.hpp"

namespace server {

namespace {

// Where a value comes from, for messages, and the value.
struct Given {
  std::string where;  // "--port", "STREAMJSON_PORT", "FILE:3: port"
  std::string value;
};

std::string unknown(std::string_view name) {
  tl::NearestName nearest(name);
  for (const auto& group : setting_groups()) {
    for (const auto& setting : group.settings) nearest.offer(setting.name);
  }
  for (const auto* other : {"config", "check-config", "version", "help"}) nearest.offer(other);
  return "no such option" + nearest.hint();
}

bool has_secret(std::string_view proxy) {
  const auto read = upstream::read_proxy(proxy);
  return read && (read->kind == upstream::Proxy::Kind::mtproxy || !read->password.empty());
}

class OptionReader {
 public:
  explicit OptionReader(const OptionSources& sources) : sources_(sources) {}

  // Empty, or what is wrong.
  std::string read(OptionReading& reading) {
    if (auto wrong = read_arguments(); !wrong.empty()) return wrong;
    if (flags_.contains("help")) {
      reading.out = help_text();
      return "";
    }
    if (flags_.contains("version")) {
      reading.out = "streamjson " STREAMJSON_VERSION "\n";
      return "";
    }
    if (auto wrong = read_file(); !wrong.empty()) return wrong;
    for (const auto& group : setting_groups()) {
      for (const auto& setting : group.settings) {
        if (auto wrong = apply(setting); !wrong.empty()) return wrong;
      }
    }
    if (auto wrong = complete(); !wrong.empty()) return wrong;
    if (const auto warning = open_secret()) {
      reading.err = "streamjson: warning: " + *warning + "\n";
    }
    reading.options = std::move(draft_.options);
    return "";
  }

 private:
  std::string read_arguments() {
    CLI::App app("", "streamjson");
    app.set_help_flag();
    app.allow_extras();
    std::map<std::string, CLI::Option*> known;
    for (const auto& group : setting_groups()) {
      for (const auto& setting : group.settings) {
        const std::string name(setting.name);
        known[name] = setting.is_flag() ? app.add_flag("--" + name) : app.add_option("--" + name);
      }
    }
    known["config"] = app.add_option("--config");
    known["check-config"] = app.add_flag("--check-config");
    known["version"] = app.add_flag("--version");
    known["help"] = app.add_flag("--help,-h");
    for (const auto& [name, option] : known) {
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
      if (option->get_expected_max() != 0) option->expected(1)->allow_extra_args(false);
    }
    try {
      app.parse(std::vector<std::string>(sources_.arguments.rbegin(), sources_.arguments.rend()));
    } catch (const CLI::ParseError& error) {
      return error.what();
    }
    for (const auto& extra : app.remaining()) {
      if (extra == "--") continue;
      const auto name = extra.substr(0, extra.find('='));
      if (!name.starts_with("-")) return name + ": an option is due, such as --port 1543";
      return name + ": " + unknown(name.substr(std::min(name.find_first_not_of('-'), name.size())));
    }
    for (const auto& [name, option] : known) {
      for (const auto& value : option->results()) flags_[name].push_back({"--" + name, value});
    }
    return "";
  }

  std::string read_file() {
    std::string file;
    if (const auto found = flags_.find("config"); found != flags_.end()) {
      file = found->second.back().value;
    } else if (const auto value = environment("STREAMJSON_CONFIG")) {
      file = *value;
    } else {
      return "";
    }
    file_ = file;
    const auto text = read_small_file(file);
    if (!text) return text.error().text;
    auto entries = parse_config(*text, file);
    if (!entries) return entries.error().text;
    for (auto& entry : *entries) {
      const auto where = file + ":" + std::to_string(entry.line) + ": " + entry.key;
      if (find_setting(entry.key) == nullptr) return where + ": " + unknown(entry.key);
      in_file_[entry.key].push_back({where, std::move(entry.value)});
    }
    return "";
  }

  // Where others may read a secret out of the file.
  std::optional<std::string> open_secret() const {
    for (const auto& [name, given] : in_file_) {
      const bool secret = name == "api-hash" || (name == "proxy" && has_secret(given.back().value));
      if (!secret) continue;
      auto warning = access::open_to_others(file_);
      if (warning) *warning += ", because of its `" + name + "`";
      return warning;
    }
    return std::nullopt;
  }

  // An empty variable is as good as none.
  std::optional<std::string> environment(const std::string& name) const {
    auto value = sources_.environment ? sources_.environment(name) : std::nullopt;
    if (value && value->empty()) return std::nullopt;
    return value;
  }

  std::vector<Given> in_environment(const Setting& setting) const {
    auto name = environment_name(setting.name);
    auto value = environment(name);
    if (!value && setting.name.starts_with("api-")) {
      name.replace(0, std::string_view("STREAMJSON").size(), "TELEGRAM");
      value = environment(name);
    }
    std::vector<Given> given;
    if (!value) return given;
    if (!setting.list) return {{name, *value}};
    for (std::size_t at = 0; at <= value->size();) {
      const auto end = std::min(value->find(',', at), value->size());
      given.push_back({name, value->substr(at, end - at)});
      at = end + 1;
    }
    return given;
  }

  std::string apply(const Setting& setting) {
    const std::string name(setting.name);
    std::vector<Given> given;
    if (const auto found = flags_.find(name); found != flags_.end()) {
      given = found->second;
    } else if (given = in_environment(setting); !given.empty()) {
    } else if (const auto in_file = in_file_.find(name); in_file != in_file_.end()) {
      given = in_file->second;
    }
    if (given.empty()) return "";
    given_.insert(name);
    if (!setting.list) given.erase(given.begin(), given.end() - 1);
    for (const auto& one : given) {
      const auto due = setting.set(draft_, one.value);
      if (due.empty()) continue;
      if (setting.secret) return one.where + ": due is " + due;
      return one.where + ": \"" + one.value + "\": due is " + due;
    }
    return "";
  }

  // What options say together.
  std::string complete() {
    auto& options = draft_.options;
    options.check_config = flags_.contains("check-config");
    options.tcp = !options.unix_path || given_.contains("host") || given_.contains("port");
    if (options.app.app_version.empty()) options.app.app_version = STREAMJSON_VERSION;
    if (options.app.system_version.empty()) options.app.system_version = system_version();
    if (options.max_memory < options.max_line) {
      return "max-memory: less than max-line, so that no such line could be read";
    }
    if (options.tls_cert.empty() != options.tls_key.empty()) {
      return options.tls_key.empty() ? "--tls-cert: it needs --tls-key FILE, its private key"
                                     : "--tls-key: it goes with --tls-cert FILE";
    }
    if (auto wrong = access::exposure_refusal(options, !access::certainly_exposed(options))) {
      return *wrong;
    }
    if (auto wrong = complete_telegram(); !wrong.empty()) return wrong;
    for (const auto* only : {"sandbox-port", "sandbox-key", "sandbox-public-key", "sandbox-state",
                             "sandbox-faults", "sandbox-mtproxy"}) {
      if (flags_.contains(only) && !options.sandbox.enabled) {
        return "--" + std::string(only) + ": this goes with --sandbox";
      }
    }
    return "";
  }

  std::string complete_telegram() {
    auto& options = draft_.options;
    const bool custom = !draft_.server.empty();
    if (options.sandbox.enabled && (custom || options.test_dcs)) {
      return "--sandbox: it does not go with --server or --test-dcs; which Telegram is it to be?";
    }
    if (custom && options.test_dcs) return "--server: it does not go with --test-dcs";
    if (custom && draft_.rsa_file.empty()) {
      return "--server: it needs --rsa FILE, the server's public key";
    }
    if (!custom && !draft_.rsa_file.empty()) return "--rsa: it goes with --server HOST:PORT";
    if (options.obfuscated && options.transport == mtproto::Framing::full) {
      return "--obfuscated: full framing can't be obfuscated";
    }
    const int most = options.sandbox.enabled || options.test_dcs ? 3 : 5;
    if (!custom && options.dc > most) {
      return "--dc: there are data centres 1 to " + std::to_string(most);
    }
    if (options.sandbox.enabled && options.sandbox.port > 65535 - 3) {
      return "--sandbox-port: too high for data centres 1 to 3 above it";
    }
    if (!custom) return "";
    const auto pem = read_small_file(draft_.rsa_file);
    if (!pem) return "--rsa: " + pem.error().text;
    if (!mtproto::RsaPublicKey::from_pem(*pem)) {
      return "--rsa: " + draft_.rsa_file + ": no RSA public key of 2048 bits in PEM";
    }
    const auto address = parse_host_port(draft_.server);
    options.server = CustomServer{address->host, address->port, *pem};
    return "";
  }

  const OptionSources& sources_;
  std::map<std::string, std::vector<Given>, std::less<>> flags_;
  std::map<std::string, std::vector<Given>, std::less<>> in_file_;
  std::set<std::string> given_;
  std::string file_;  // of --config
  OptionDraft draft_;
};

}  // namespace

OptionReading read_option_sources(const OptionSources& sources) {
  OptionReading reading;
  if (const auto wrong = OptionReader(sources).read(reading); !wrong.empty()) {
    reading.status = 2;
    reading.err = "streamjson: " + wrong + "\n";
  }
  return reading;
}

}  // namespace server
