// streamjson: reads what it was told, puts the parts together, runs. The only file that knows both
// the gateway and the sandbox.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <thread>

#include "server/access/secret_file.hpp"
#include "server/config/exposure.hpp"
#include "server/config/options.hpp"
#include "server/config/schemes.hpp"
#include "server/gateway/gateway.hpp"
#include "server/logs/journal.hpp"
#include "server/logs/logger.hpp"
#include "server/process/banner.hpp"
#include "server/process/config_check.hpp"
#include "server/process/credentials.hpp"
#include "server/process/health.hpp"
#include "server/process/kept_accounts.hpp"
#include "server/process/listeners.hpp"
#include "server/process/process.hpp"
#include "server/process/runtime.hpp"
#include "server/process/service_environment.hpp"
#include "server/process/service_manager.hpp"
#include "server/process/token_command.hpp"
#include "server/sandbox/faults/plan_file.hpp"
#include "server/sandbox/sandbox.hpp"
#include "server/store_cli/command.hpp"

namespace {

using server::Options;
using server::upstream::Telegram;

std::shared_ptr<const server::Schemes> schemes(const Options& options) {
  std::vector<std::string> warnings;
  auto loaded = server::load_schemes(options.schemes, options.layer, &warnings);
  for (const auto& warning : warnings) server::logs::warn("{}", warning);
  if (!loaded) throw std::runtime_error(loaded.error());
  return *loaded;
}

std::vector<server::sandbox::Layer> layers_of(const server::Schemes& schemes) {
  std::vector<server::sandbox::Layer> out;
  for (const auto& scheme : schemes.all()) out.push_back({scheme.layer, scheme.schema});
  return out;
}

// Beside those that were named: what the build made and scheme/add-layer brought.
server::sandbox::Shelf shelf() {
  auto files = server::layers_at_hand();
  server::sandbox::Shelf out;
  for (const auto& [number, file] : files) out.numbers.push_back(number);
  out.read = [files = std::move(files)](int number) -> std::shared_ptr<const tl::Schema> {
    auto schema = server::read_layer(files.at(number));
    if (schema) return std::move(*schema);
    server::logs::error("sandbox layer={} is left out: {}", number, schema.error());
    return nullptr;
  };
  return out;
}

Telegram sandbox_telegram(const server::sandbox::SandboxInfo& info) {
  Telegram out;
  out.kind = Telegram::Kind::sandbox;
  out.learned = std::make_shared<server::upstream::DcOptions>();
  for (const auto& [dc, host, port] : info.addresses) {
    out.data_centres[dc.value()].push_back({host, port});
  }
  out.keys = {info.key};
  for (const auto& account : info.accounts) {
    out.accounts.push_back(
        {account.phone, account.name, account.code, account.password, account.bot_token});
  }
  // It takes any, and asks nobody for one.
  out.free_api_id = 1;
  out.free_api_hash = "sandbox";
  return out;
}

Telegram custom_telegram(const Options& options) {
  auto key = mtproto::RsaPublicKey::from_pem(options.server->rsa_pem);
  if (!key) throw std::runtime_error("--rsa names no RSA public key of 2048 bits in PEM");
  Telegram out;
  out.kind = Telegram::Kind::custom;
  out.data_centres[options.dc] = {{options.server->host, options.server->port}};
  out.keys = {*key};
  return out;
}

Telegram telegram(const Options& options, const server::sandbox::Sandbox* sandbox) {
  if (sandbox != nullptr) return sandbox_telegram(sandbox->info());
  if (options.server) return custom_telegram(options);
  if (options.test_dcs) {
    return from_table(mtproto::DataCentreTable::test(), Telegram::Kind::test);
  }
  return from_table(mtproto::DataCentreTable::production(), Telegram::Kind::production);
}

// What people pass on to use the sandbox's MTProxy; empty where there is none.
std::string mtproxy_link(const Options& options, const server::sandbox::SandboxInfo& info) {
  if (info.mtproxy_port == 0) return {};
  const auto proxy =
      server::upstream::make_mtproxy("127.0.0.1", info.mtproxy_port, options.sandbox.mtproxy);
  return proxy ? server::upstream::mtproxy_link(*proxy) : std::string();
}

void check_exposure(const Options& options, const server::Listeners& listeners) {
  const bool loopback_only = listeners.loopback_only();
  if (const auto wrong = server::config::exposure_refusal(options, loopback_only)) {
    throw std::runtime_error(*wrong);
  }
  if (const auto warning = server::config::exposure_warning(options, loopback_only)) {
    server::logs::warn("{}", *warning);
  }
}

void warn_of_open_files(const server::SandboxOptions& sandbox) {
  if (!sandbox.enabled) return;
  for (const auto* file : {&sandbox.key_file, &sandbox.state_file}) {
    const auto warning = server::access::open_to_others(*file);
    if (warning) server::logs::warn("the sandbox's secrets: {}", *warning);
  }
}

std::size_t most_clients(const Options& options, std::size_t files) {
  const auto most = server::most_clients(files);
  return options.max_connections == 0 ? most : std::min<std::size_t>(most, options.max_connections);
}

server::Credentials credentials(const Options& options) {
  auto loaded = server::load_credentials(options);
  if (!loaded) throw std::runtime_error(loaded.error());
  return std::move(*loaded);
}

std::vector<std::string_view> method_names(const server::Schemes& schemes) {
  std::vector<std::string_view> out;
  for (const auto& scheme : schemes.all()) {
    for (const auto& one : scheme.schema->combinators()) {
      if (one.is_function) out.push_back(one.name);
    }
  }
  return out;
}

void use(server::Gateway& gateway, server::Credentials credentials) {
  if (credentials.tokens) {
    const auto schemes = gateway.schemes();
    for (const auto& warning : credentials.tokens->warnings(method_names(*schemes))) {
      server::logs::warn("{}", warning);
    }
  }
  gateway.set_tokens(std::move(credentials.tokens));
  gateway.set_tls(std::move(credentials.tls));
}

// What can't be read leaves everything of its kind as it was.
void reload(server::Gateway& gateway, server::sandbox::Sandbox* sandbox) {
  if (auto again = server::load_credentials(gateway.options)) {
    use(gateway, std::move(*again));
    server::logs::info("tokens and certificate were read again");
  } else {
    server::logs::error("tokens and certificate are left as they were: {}", again.error());
  }
  if (sandbox != nullptr && !gateway.options.sandbox.faults_file.empty()) {
    if (const auto wrong = sandbox->reload_faults()) {
      server::logs::error("the sandbox's faults are left as they were: {}", *wrong);
    } else {
      server::logs::info("the sandbox's faults were read again");
    }
  }
  std::vector<std::string> warnings;
  auto again = server::load_schemes(gateway.options.schemes, gateway.options.layer, &warnings);
  if (!again) {
    server::logs::error("schemes are left as they were: {}", again.error());
    return;
  }
  for (const auto& warning : warnings) server::logs::warn("{}", warning);
  gateway.set_schemes(*again);
  if (sandbox != nullptr) sandbox->set_layers(layers_of(**again), shelf());
  server::logs::info("schemes were read again, layers {}", (*again)->layers());
}

// --check-config
int check(const Options& options) {
  auto faults = server::check_config(options);
  if (const auto& file = options.sandbox.faults_file; !file.empty()) {
    const auto plan = server::sandbox::load_plan(file);
    if (!plan) faults.push_back("--sandbox-faults: " + plan.error().text);
  }
  if (const auto wrong = server::store_cli::look_at_store(options)) {
    faults.push_back("--store: " + *wrong);
  }
  for (const auto& fault : faults) server::logs::fatal(fault);
  if (faults.empty()) std::puts("The configuration is in order.");
  return faults.empty() ? 0 : 1;
}

// None: no accounts are kept.
server::KeptAccounts keep_accounts(const Options& options) {
  auto open = [options](const server::store::StoreUrl& url) {
    return server::store_cli::open_store({{}, options, url});
  };
  auto kept = server::keep_accounts(options, std::move(open));
  if (!kept) throw std::runtime_error("--store: " + kept.error().text);
  return std::move(*kept);
}

std::shared_ptr<const server::NodeIdentity> node_identity(const Options& options,
                                                          std::string token) {
  auto made = server::NodeIdentity::make(std::move(token), options.node_ca);
  if (!made) throw std::runtime_error(made.error());
  if (!options.node_url.empty() && options.tls_cert.empty()) {
    server::logs::warn(
        "--node-url: other gateways come by TLS, which this one does not speak without --tls-cert");
  }
  return *made;
}

// What the service manager passed is all that is listened on. Says then in the options where.
void listen(server::Listeners& listeners, const std::vector<server::PassedSocket>& passed,
            Options& options) {
  if (passed.empty()) {
    if (options.tcp) listeners.listen_tcp(options.host, options.port);
    if (options.unix_path) listeners.listen_unix(*options.unix_path);
    return;
  }
  listeners.adopt(passed);
  options.tcp = !listeners.tcp().empty();
  options.host = listeners.host();
  options.port = listeners.port();
  options.unix_path = listeners.path();
}

server::ServiceEnvironment service_environment() {
  auto taken = server::take_service_environment();
  if (!taken) throw std::runtime_error(taken.error());
  return std::move(*taken);
}

int run(Options options) {
  const auto service = service_environment();
  server::harden_process();
  server::give_back_large_memory();
  server::logs::set_style({options.log_json, server::logs::stderr_is_journal()});
  server::logs::set_level(options.log_level);
  if (options.print_config) {
    std::fputs(options.printed_config.c_str(), stdout);
    return 0;
  }
  if (options.check_config) return check(options);
  auto loaded = schemes(options);
  auto keys = credentials(options);
  warn_of_open_files(options.sandbox);
  auto kept = keep_accounts(options);

  const auto files = server::raise_file_limit();
  boost::asio::io_context main(1);
  server::Listeners listeners(main);
  listen(listeners, service.sockets, options);
  check_exposure(options, listeners);

  std::unique_ptr<server::sandbox::Sandbox> sandbox;
  if (options.sandbox.enabled) {
    sandbox =
        std::make_unique<server::sandbox::Sandbox>(options.sandbox, layers_of(*loaded), shelf());
  }
  const auto where = std::make_shared<const Telegram>(telegram(options, sandbox.get()));
  if (where->addresses(mtproto::DcId(options.dc)).empty()) {
    throw std::runtime_error("there is no data centre " + std::to_string(options.dc) + " there");
  }

  const auto cores = std::max(1U, std::thread::hardware_concurrency());
  auto resolved = options;
  if (resolved.threads == 0) resolved.threads = cores;
  // However many come for keys, half of the cores are left for those who have theirs.
  const auto pool_threads = std::clamp(cores / 2, 1U, 4U);
  // Whom a proxy speaks for may be anywhere.
  const bool near_only = listeners.loopback_only() && options.trust_proxy.empty();
  server::AllowedServers allowed{near_only, options.allow_server, options.allow_proxy,
                                 options.proxy.empty()};
  server::Gateway gateway(resolved, loaded, where, std::move(allowed), pool_threads);
  use(gateway, std::move(keys));
  gateway.leases = std::move(kept.leases);
  if (gateway.leases) gateway.node = node_identity(options, std::move(kept.node_token));
  gateway.store = std::move(kept.store);
  server::ServiceManager manager(main, service);
  server::Runtime runtime(gateway, listeners, manager, main, resolved.threads,
                          most_clients(options, files));

  server::BannerFacts facts;
  facts.version = STREAMJSON_VERSION;
  facts.options = &options;
  facts.port = listeners.port();
  facts.schemes = loaded.get();
  facts.telegram = where.get();
  facts.proxy = gateway.proxy.get();
  if (sandbox) facts.mtproxy = mtproxy_link(options, sandbox->info());
  std::fputs(server::banner(facts).c_str(), stdout);
  std::fflush(stdout);

  runtime.run([&] { reload(gateway, sandbox.get()); });
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto sources = server::config::own_sources(argc, argv);
    if (const auto printed = server::token_command(sources.arguments)) {
      server::config::print(*printed);
      return printed->status;
    }
    if (server::store_cli::is_command(sources.arguments)) {
      server::harden_process();
      const auto said = server::store_cli::run_command(sources);
      server::config::print(said);
      return said.status;
    }
    if (server::asks_health(sources.arguments)) {
      const auto health = server::ask_health(sources);
      server::config::print(health);
      return health.status;
    }
    int status = 0;
    const auto options = server::read_options(argc, argv, status);
    return options ? run(*options) : status;
  } catch (const std::exception& failure) {
    server::logs::fatal(failure.what());
    return 1;
  }
}
