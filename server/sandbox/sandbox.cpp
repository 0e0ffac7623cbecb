#include "server/sandbox/sandbox.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "mtproto/crypto/system_random.hpp"
#include "server/logs/logger.hpp"
#include "server/sandbox/dispatcher.hpp"
#include "server/sandbox/faults/plan_file.hpp"
#include "server/sandbox/listener.hpp"
#include "server/sandbox/mtproxy.hpp"
#include "server/sandbox/private_file.hpp"
#include "server/sandbox/state_json.hpp"
#include "server/sandbox/switchboard.hpp"
#include "server/sandbox/world/seed_data.hpp"
#include "server/upstream/pump.hpp"
#include "server/upstream/work_pool.hpp"

namespace server::sandbox {

namespace asio = boost::asio;
using upstream::boot_time;

namespace {

constexpr std::int32_t data_centres = 3;
constexpr auto save_every = std::chrono::seconds(3);
// A large world is saved less often: saving may take one part in so many of the time.
constexpr int save_share = 20;

mtproto::RsaPrivateKey private_key(const std::string& file) {
  if (file.empty()) return mtproto::RsaPrivateKey::generate();
  if (const auto pem = read_private_file(file)) {
    auto key = mtproto::RsaPrivateKey::from_pem(*pem);
    if (!key) throw std::runtime_error(file + " holds no RSA private key of 2048 bits");
    return *key;
  }
  auto key = mtproto::RsaPrivateKey::generate();
  write_private_file(file, key.to_pem());
  return key;
}

FaultPlan fault_plan(const std::string& file) {
  auto plan = load_plan(file);
  if (!plan) throw std::runtime_error("--sandbox-faults: " + plan.error().text);
  return std::move(*plan);
}

}  // namespace

struct Sandbox::State {
  State(const SandboxOptions& options_given, std::vector<Layer> layers, Shelf shelf)
      : options(options_given),
        key(private_key(options.key_file)),
        world(random),
        dispatcher(world, LayerBook(std::move(layers), std::move(shelf)), {}),
        information{{}, key.public_key(), accounts_to_sign_in(), 0} {
    house.after_step = [this] { deliver(); };
    house.keys_changed = [this] { world.changed(); };
    if (!options.faults_file.empty()) {
      faults.emplace(fault_plan(options.faults_file), boot_time());
      house.faults = &*faults;
      dispatcher.set_faults(&*faults);
    }
    if (options.strict_sessions) dispatcher.set_home_sessions(&home_sessions);
    world.set_time(boot_time(), house.wall());
    make_listeners();
    if (!options.mtproxy.empty()) make_mtproxy();
    make_world();
    if (!options.public_key_file.empty()) {
      write_private_file(options.public_key_file, key.public_key().to_pem(), 0644);
    }
  }

  void make_listeners() {
    std::vector<DataCentre> addresses;
    for (std::int32_t dc = 1; dc <= data_centres; ++dc) {
      mtproto::HostOptions host;
      host.keys = {key};
      host.dc = dc;
      host.test = std::nullopt;  // it is as much of the test environment as a client believes
      const auto port = options.port == 0 ? 0 : options.port + dc;
      if (port > 65535) throw std::runtime_error("--sandbox-port is too high");
      listeners.push_back(std::make_unique<Listener>(context(), house, std::move(host),
                                                     static_cast<std::uint16_t>(port)));
      information.addresses.push_back({mtproto::DcId(dc), "127.0.0.1", listeners.back()->port()});
      addresses.push_back({dc, "127.0.0.1", listeners.back()->port()});
    }
    dispatcher.set_data_centres(std::move(addresses));
  }

  // On the port before the data centres'.
  void make_mtproxy() {
    auto secret = mtproto::parse_proxy_secret(options.mtproxy);
    if (!secret) throw std::runtime_error("--sandbox-mtproxy: " + secret.error().message());
    std::map<std::int32_t, std::uint16_t> ports;
    for (const auto& listener : listeners) ports[listener->dc()] = listener->port();
    mtproxy.emplace(context(), std::move(*secret), random, std::move(ports), options.port);
    information.mtproxy_port = mtproxy->port();
  }

  void make_world() {
    const auto text =
        options.state_file.empty() ? std::nullopt : read_private_file(options.state_file);
    if (!text) {
      seed_world(world);
      return;
    }
    try {
      for (const auto& stored : world_from_json(boost::json::parse(*text), world)) {
        if (stored.dc < 1 || stored.dc > data_centres) continue;
        const mtproto::AuthKey auth_key(std::span<const std::uint8_t, 256>(stored.auth_key));
        listeners[static_cast<std::size_t>(stored.dc - 1)]->ring().add(
            auth_key, random.word(), boot_time(), std::nullopt, stored.test);
      }
    } catch (const std::exception& why) {
      throw std::runtime_error(options.state_file +
                               " is no state of a sandbox (it was left as it is): " + why.what());
    }
    saved = world.changes();
  }

  void start() {
    for (auto& listener : listeners) listener->start();
    if (mtproxy) mtproxy->start();
    if (!options.state_file.empty()) save_later(save_every);
    deliver();  // sets the clock: what was scheduled in an earlier life may be due
    thread = std::thread([this] { context().run(); });
  }

  ~State() {
    if (thread.joinable()) {
      context().stop();
      thread.join();
    }
    if (!options.state_file.empty()) save();
    pool.reset();
    for (auto& listener : listeners) listener->shut();
    if (mtproxy) mtproxy->shut();
    clock.reset();
    saver.reset();
    io.reset();
  }

  asio::io_context& context() { return *io; }

  // Brings updates to their sessions, and the clock to the next thing that bots do.
  void deliver() {
    const auto now = boot_time();
    for (const auto& late : dispatcher.take_answers()) {
      auto* connection = switchboard.find(late.to);
      if (connection == nullptr) continue;  // it will ask again
      connection->host.answer(late.to, late.request, late.body, now);
      connection->pump->wake();
    }
    for (const auto& push : dispatcher.take_pushes()) {
      if (faults && faults->skips_update()) continue;
      auto* connection = switchboard.find(push.to);
      if (connection != nullptr && connection->host.push(push.to, *push.body, now)) {
        connection->pump->wake();
      } else {
        if (connection == nullptr) park(push, now);
        dispatcher.missed(push.to);
      }
    }
    const auto due = dispatcher.deadline();
    if (!due || due == clock_due) return;
    clock_due = due;
    clock->expires_after(std::max(*due - now, mtproto::Duration::zero()));
    clock->async_wait([this](boost::system::error_code stopped) {
      if (stopped) return;
      clock_due.reset();
      dispatcher.tick(boot_time(), house.wall());
      deliver();
    });
  }

  void set_faults(FaultPlan plan) {
    faults->set(std::move(plan), boot_time());
    for (auto& listener : listeners) listener->faults_changed();
  }

  void park(const Dispatcher::Push& push, mtproto::Time now) {
    const auto* known = world.sign_in.find(push.owner);
    if (known == nullptr || known->dc < 1 || known->dc > data_centres) return;
    auto& listener = *listeners[static_cast<std::size_t>(known->dc - 1)];
    // A temporary key that has expired is not coming back.
    if (listener.ring().find(push.to.key) == nullptr) return dispatcher.session_gone(push.to);
    listener.park(push.to, *push.body, now);
  }

  void save_later(std::chrono::steady_clock::duration after) {
    saver->expires_after(after);
    saver->async_wait([this](boost::system::error_code stopped) {
      if (stopped) return;
      const auto before = std::chrono::steady_clock::now();
      save();
      const auto took = std::chrono::steady_clock::now() - before;
      save_later(std::max<std::chrono::steady_clock::duration>(save_every, took * save_share));
    });
  }

  void save() {
    if (saved == world.changes()) return;
    try {
      std::vector<StoredKey> keys;
      for (const auto& listener : listeners) {
        for (const auto& one : listener->ring().keys()) {
          keys.push_back({listener->dc(),
                          {one.bytes().begin(), one.bytes().end()},
                          listener->ring().test(one.id())});
        }
      }
      const auto changes = world.changes();
      write_private_file(options.state_file, boost::json::serialize(world_to_json(world, keys)));
      saved = changes;
    } catch (const std::exception& why) {
      logs::error("sandbox state=unsaved reason=\"{}\"", why.what());
    }
  }

  SandboxOptions options;
  mtproto::SystemRandom random;
  mtproto::RsaPrivateKey key;
  World world;
  Dispatcher dispatcher;
  SandboxInfo information;
  Switchboard switchboard;
  HomeSessions home_sessions{
      [this](const auto& session) { return switchboard.find(session) != nullptr; }};
  std::unique_ptr<asio::io_context> io = std::make_unique<asio::io_context>(1);
  std::optional<upstream::WorkPool> pool{std::in_place, 1U};
  std::optional<Faults> faults;
  House house{dispatcher, switchboard, *pool, random, {}, {}};
  std::vector<std::unique_ptr<Listener>> listeners;
  std::optional<Mtproxy> mtproxy;
  std::optional<asio::steady_timer> clock{std::in_place, *io};
  std::optional<mtproto::Time> clock_due;
  std::optional<asio::steady_timer> saver{std::in_place, *io};
  std::uint64_t saved = ~std::uint64_t{0};
  std::thread thread;
};

Sandbox::Sandbox(const SandboxOptions& options, std::vector<Layer> layers, Shelf shelf)
    : state_(std::make_unique<State>(options, std::move(layers), std::move(shelf))) {
  state_->start();
}

Sandbox::~Sandbox() = default;

const SandboxInfo& Sandbox::info() const { return state_->information; }

void Sandbox::set_layers(std::vector<Layer> layers, Shelf shelf) {
  LayerBook book(std::move(layers), std::move(shelf));
  asio::post(state_->context(), [state = state_.get(), book = std::move(book)]() mutable {
    state->dispatcher.set_layers(std::move(book));
  });
}

std::optional<std::string> Sandbox::reload_faults() {
  if (!state_->faults) return {};
  auto plan = load_plan(state_->options.faults_file);
  if (!plan) return plan.error().text;
  asio::post(state_->context(), [state = state_.get(), plan = std::move(*plan)]() mutable {
    state->set_faults(std::move(plan));
  });
  return {};
}

}  // namespace server::sandbox
