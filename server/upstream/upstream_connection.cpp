#include "server/upstream/upstream_connection.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <utility>

#include "server/upstream/proxy/dial_through.hpp"
#include "server/upstream/proxy/proxy_errc.hpp"
#include "server/upstream/token.hpp"
#include "tl/spare_room.hpp"
#include "tl/writer.hpp"

namespace server::upstream {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using mtproto::errc;

constexpr auto shortest_pause = std::chrono::seconds(1);
// After Telegram said that there are too many connections (−429).
constexpr auto flood_pause = std::chrono::seconds(8);

// What an upstream connection takes while it is idle, its session with it (2.2 KiB), and what the
// allocator loses by that.
constexpr std::size_t own_size = std::size_t{4} << 10;
// Such a part of a packet is held even where there is no memory left.
constexpr std::size_t small_input = std::size_t{4} << 10;
constexpr std::size_t least_unpacked = std::size_t{64} << 10;
constexpr std::size_t most_unpacked = std::size_t{64} << 20;
constexpr auto look_for_memory = std::chrono::milliseconds(50);
constexpr auto longest_starved = std::chrono::seconds(10);

bool is_final(const error_code& why) {
  if (why.category() != mtproto::error_category()) return false;
  switch (static_cast<errc>(why.value())) {
    case errc::auth_key_not_found:
    case errc::wrong_data_centre:
    case errc::exchange_malformed:
    case errc::exchange_unexpected:
    case errc::wrong_nonce:
    case errc::wrong_server_nonce:
    case errc::unknown_fingerprint:
    case errc::bad_pq:
    case errc::bad_answer_hash:
    case errc::bad_answer_padding:
    case errc::bad_prime:
    case errc::bad_generator:
    case errc::bad_g_a:
    case errc::bad_g_b:
    case errc::bad_new_nonce_hash:
    case errc::bad_rsa_pad:
    case errc::bad_inner_data:
    case errc::params_refused:
    case errc::exchange_refused:
    case errc::binding_refused:
    case errc::permanent_key_refused:
    case errc::bad_key:
      return true;
    default:
      return false;
  }
}

// How a connection ends whose other end did not understand us, nor we it.
bool is_noise(const error_code& why) {
  if (why.category() == mtproto::error_category()) {
    return why.value() <= static_cast<int>(errc::framing_unknown) || why == errc::bad_tls_record;
  }
  return why == asio::error::eof || why == asio::error::connection_reset ||
         why == asio::error::broken_pipe;
}

}  // namespace

mtproto::SessionOptions UpstreamSettings::session_options() const {
  mtproto::SessionOptions out;
  out.keys = telegram->keys;
  out.dc = telegram->inner_dc(dc);
  out.pfs = pfs;
  return out;
}

UpstreamConnection::UpstreamConnection(asio::any_io_executor executor,
                                       std::shared_ptr<const UpstreamSettings> settings,
                                       mtproto::SessionState state, tl::Random& random,
                                       WorkPool& pool, UpstreamCallbacks& user)
    : executor_(std::move(executor)),
      settings_(std::move(settings)),
      random_(random),
      pool_(pool),
      user_(&user),
      session_(settings_->session
                   ? settings_->session
                   : std::make_shared<const mtproto::SessionOptions>(settings_->session_options()),
               std::move(state), random),
      machine_(*this) {
  if (settings_->memory != nullptr) input_.emplace(*settings_->memory);
  update_usage();
}

UpstreamConnection::~UpstreamConnection() {
  if (settings_->network != nullptr) settings_->network->leave(*this);
}

void UpstreamConnection::open() {
  if (closed_ || running_) return;
  running_ = true;
  go_on(std::nullopt);
}

// No coroutine waits while there is a connection: its frames would be a part of each that is idle.
void UpstreamConnection::go_on(std::optional<UpstreamFailure> lost) {
  auto over = [self = shared_from_this()](const std::exception_ptr& failure) {
    self->running_ = self->pump_ != nullptr;
    if (failure) self->give_up();
  };
  asio::co_spawn(executor_, run(std::move(lost)), std::move(over));
}

void UpstreamConnection::give_up() {
  running_ = false;
  if (const auto pump = std::exchange(pump_, nullptr)) pump->close();
  if (closed_) return;
  UpstreamFailure out;
  out.reason = "out of memory";
  out.final = true;
  user_->on_down(out);
}

void UpstreamConnection::close() {
  if (closed_) return;
  closed_ = true;
  if (timer_) timer_->cancel();
  starved_.reset();
  if (dialling_) dialling_->stop();
  if (pump_) pump_->close();
}

mtproto::RequestId UpstreamConnection::send(tl::SharedBytes body, mtproto::SendOptions options) {
  const auto id = session_.send(std::move(body), std::move(options), boot_time());
  if (pump_) pump_->wake();
  if (running_ && !pump_ && !dialling_) hurry({});  // between two attempts: somebody waits now
  open();
  return id;
}

void UpstreamConnection::forget(mtproto::RequestId id) {
  session_.forget(id);
  if (pump_) pump_->wake();
}

void UpstreamConnection::pause(bool paused) {
  if (paused_ == paused) return;
  paused_ = paused;
  update_pause();
}

void UpstreamConnection::update_pause() {
  const bool paused = paused_ || starved_;
  session_.pause(paused, boot_time());
  if (!pump_) return;
  pump_->pause(paused);
  pump_->wake();
}

// --- memory ---

std::size_t UpstreamConnection::appetite() const {
  const bool full = settings_->memory != nullptr && settings_->memory->full();
  return full ? small_input : machine_.Machine::appetite();
}

// A few bytes of gzip may stand for megabytes.
void UpstreamConnection::bound_input() {
  if (settings_->memory == nullptr) return;
  session_.set_max_unpacked(
      std::clamp(settings_->memory->left_for_each(), least_unpacked, most_unpacked));
}

void UpstreamConnection::update_usage() {
  if (!input_) return;
  const auto held = session_.held_input();
  input_->resize(own_size + held);
  if (held > small_input && settings_->memory->full()) starve();
}

// The rest of a large packet waits in the socket until there is room for it.
void UpstreamConnection::starve() {
  if (starved_ || !pump_) return;
  starved_ = std::make_unique<asio::steady_timer>(executor_);
  starved_since_ = boot_time();
  update_pause();
  wait_for_memory();
}

void UpstreamConnection::wait_for_memory() {
  starved_->expires_after(look_for_memory);
  starved_->async_wait([weak = weak_from_this()](error_code stopped) {
    const auto self = weak.lock();
    if (stopped || !self || self->closed_ || !self->starved_) return;
    const bool full = self->settings_->memory->full();
    // It may be what all such upstream connections hold that the others wait for.
    if (full && boot_time() - self->starved_since_ > longest_starved && self->pump_) {
      self->pump_->close(asio::error::no_memory);
    } else if (full) {
      return self->wait_for_memory();
    }
    self->starved_.reset();
    self->update_pause();
  });
}

// Until there is a connection, or trying is of no use. `failure`: what became of the last one.
asio::awaitable<void> UpstreamConnection::run(std::optional<UpstreamFailure> failure) {
  const auto self = shared_from_this();
  while (!closed_) {
    if (!failure) failure = co_await connect();
    if (closed_ || !failure) co_return;
    auto pause = next_pause();
    if (failed_ && failed_->why == errc::transport_flood) pause = pause + flood_pause;
    if (!failure->final) failure->retry_in = pause;
    if (settings_->traffic != nullptr) settings_->traffic->failures.add();
    user_->on_down(*failure);
    if (closed_ || failure->final) co_return;
    if (!used_ && session_.in_flight() == 0) co_return;
    failure.reset();
    co_await wait(pause);
  }
}

// Why there is no connection; none: there is.
asio::awaitable<std::optional<UpstreamFailure>> UpstreamConnection::connect() {
  UpstreamFailure out;
  tried_ = boot_time();
  failed_.reset();
  user_->on_connecting();
  if (closed_) co_return out;

  dialling_ = std::make_shared<DialStop>();
  const bool obfuscated = settings_->transport.obfuscated;
  auto addresses = settings_->telegram->addresses(settings_->dc, obfuscated);
  auto dialled = co_await dial_through(settings_->proxy, std::move(addresses),
                                       settings_->connect_timeout, random_, dialling_);
  dialling_.reset();
  out.where = dialled.where;
  out.reason = dialled.why.message();
  if (settings_->proxy && dialled.why.category() != proxy_category()) {
    out.reason = "the proxy can't be reached: " + out.reason;
  }
  if (closed_ || dialled.why) co_return out;
  begin(std::move(dialled.socket), std::move(dialled.where));
  co_return std::nullopt;
}

void UpstreamConnection::begin(Pump::Socket socket, std::string where) {
  where_ = std::move(where);
  const auto now = boot_time();
  session_.connect(mtproto::Transport::client(transport(), random_), now, wall_time());
  pump_ = std::make_shared<Pump>(std::move(socket), machine_, pool_);
  pump_->pause(paused_ || starved_);
  pump_->wake();
  step();
  if (settings_->traffic != nullptr) {
    pump_->count(settings_->traffic->bytes_in, settings_->traffic->bytes_out);
  }
  if (by_mtproxy()) watch_proxy(tried_ + settings_->connect_timeout);
  pump_->start(shared_from_this());
}

void UpstreamConnection::on_over(const error_code& why) {
  if (!pump_) return;  // it was given up
  try {
    end(why);
  } catch (...) {
    give_up();
  }
}

void UpstreamConnection::end(const error_code& why) {
  timer_.reset();
  const bool heard = pump_->heard();
  pump_.reset();
  if (std::exchange(starved_, nullptr)) update_pause();
  count_down();
  running_ = !closed_;
  if (closed_) return;

  session_.disconnect(boot_time());
  if (greeting_) session_.forget(*std::exchange(greeting_, std::nullopt));
  step();
  UpstreamFailure out;
  out.where = std::exchange(where_, {});
  out.was_up = true;
  const auto reason = failed_ ? failed_->why : why;
  out.final = failed_ && is_final(reason);
  out.reason =
      reason == asio::error::eof ? "the data centre closed the connection" : reason.message();
  if (by_mtproxy() && (!heard || (!proxy_good_ && is_noise(reason)))) blame_proxy(out, reason);
  go_on(std::move(out));
}

bool UpstreamConnection::by_mtproxy() const {
  return settings_->proxy && settings_->proxy->kind == Proxy::Kind::mtproxy;
}

mtproto::ClientTransport UpstreamConnection::transport() const {
  if (!settings_->proxy) return settings_->transport;
  return through(*settings_->proxy, settings_->transport,
                 settings_->telegram->inner_dc(settings_->dc));
}

// An MTProxy that does not know the secret of what it is sent takes everything and says nothing.
void UpstreamConnection::watch_proxy(mtproto::Time until) {
  timer_ = std::make_unique<asio::steady_timer>(
      executor_, std::max(until - boot_time(), mtproto::Duration(shortest_pause)));
  auto late = [self = shared_from_this(), pump = pump_](error_code stopped) {
    if (!stopped && !self->paused_ && !pump->heard()) pump->close(proxy_errc::secret_unanswered);
  };
  timer_->async_wait(std::move(late));
}

// Nothing of use came through it in this connection. What it did before, it may do again.
void UpstreamConnection::blame_proxy(UpstreamFailure& failure, const error_code& why) {
  const bool closed = is_noise(why);
  // It has shown in its TLS that it knows the secret.
  const bool knows = settings_->proxy->secret.tls();
  auto said = closed ? proxy_errc::secret_refused : proxy_errc::secret_unanswered;
  if (knows) said = closed ? proxy_errc::closed : proxy_errc::silent;
  failure.reason = make_error_code(said).message();
  failure.was_up = false;
  failure.final = !proxy_good_;
}

asio::awaitable<void> UpstreamConnection::wait(mtproto::Duration pause) {
  next_ = boot_time() + pause;
  if (settings_->network != nullptr) settings_->network->join(*this);
  timer_ = std::make_unique<asio::steady_timer>(executor_);
  while (!closed_ && boot_time() < next_) {
    timer_->expires_after(next_ - boot_time());
    co_await timer_->async_wait(token);
  }
  timer_.reset();
  if (settings_->network != nullptr) settings_->network->leave(*this);
}

// The next attempt comes after this pause if not before, but not at once after the last.
void UpstreamConnection::hurry(mtproto::Duration pause) {
  next_ = std::min(next_, std::max(boot_time() + pause, tried_ + shortest_pause));
  if (timer_) timer_->cancel();
}

// A crowd that was cut off together does not come back in one moment.
void UpstreamConnection::on_network() {
  failures_ = 0;
  hurry(mtproto::Duration(std::chrono::milliseconds(random_.word() % 500)));
}

// 1, 2, 4, … 64 s, each shortened by up to a half, so that a crowd does not come back at once.
mtproto::Duration UpstreamConnection::next_pause() {
  const auto longest = shortest_pause * (1U << std::min(failures_, 6U));
  ++failures_;
  const auto half = mtproto::Duration(longest) / 2;
  return half + mtproto::Duration(static_cast<std::int64_t>(
                    random_.word() % static_cast<std::uint64_t>(half.count())));
}

void UpstreamConnection::step() {
  constexpr std::size_t few = 4;
  std::vector<mtproto::Event> events;
  session_.take_events(events);
  for (auto& event : events) {
    if (closed_) return;
    take(event);
  }
  tl::give_room_back(events, few);
  update_usage();
  if (!closed_) user_->on_changed();
}

// On a new connection a data centre sends nothing to a session that it has not heard of there; and
// an MTProxy has to show that it knows its secret.
void UpstreamConnection::greet() {
  constexpr std::uint32_t ping_id = 0x7abe77ec;
  if ((!used_ && !by_mtproxy()) || greeting_) return;
  tl::Bytes body;
  tl::Writer(body).nat(ping_id).int64(static_cast<std::int64_t>(random_.word()));
  mtproto::SendOptions options;
  options.api = false;
  options.repeat = mtproto::Repeat::freely;
  greeting_ = session_.send(std::move(body), std::move(options), boot_time());
  if (pump_) pump_->wake();
}

void UpstreamConnection::count_up() {
  auto* traffic = settings_->traffic;
  if (traffic == nullptr || counted_) return;
  counted_ = true;
  traffic->connections.add();
  traffic->open.add();
  if (std::exchange(was_ready_, true)) traffic->reconnects.add();
}

void UpstreamConnection::count_down() {
  if (std::exchange(counted_, false)) settings_->traffic->open.subtract();
}

void UpstreamConnection::take(mtproto::Event& event) {
  struct Visitor {
    UpstreamConnection& upstream;
    void operator()(mtproto::KeyExchangeBegun&) { upstream.user_->on_key_exchange(); }
    void operator()(mtproto::KeyCreated&) {
      upstream.proxy_good_ = true;
      if (upstream.settings_->traffic != nullptr) upstream.settings_->traffic->key_exchanges.add();
    }
    void operator()(mtproto::Ready&) {
      upstream.count_up();
      upstream.user_->on_ready();
      if (!upstream.closed_) upstream.greet();
    }
    void operator()(mtproto::Answer& answer) {
      upstream.used_ = true;
      upstream.proxy_good_ = true;
      upstream.failures_ = 0;
      if (upstream.greeting_ == answer.request) {
        upstream.greeting_.reset();
        return;
      }
      upstream.user_->on_answer(answer.request, std::move(answer.body));
    }
    void operator()(mtproto::Written& written) { upstream.user_->on_written(written.request); }
    void operator()(mtproto::Pushed& pushed) { upstream.user_->on_pushed(std::move(pushed.body)); }
    void operator()(mtproto::SessionCreated&) { upstream.user_->on_renewed(); }
    void operator()(mtproto::Refused& refused) {
      upstream.user_->on_refused(refused.request, refused.why);
    }
    void operator()(mtproto::Lost& lost) { upstream.user_->on_lost(lost.request); }
    void operator()(mtproto::Failed& failed) {
      upstream.failed_ = std::make_unique<mtproto::Failed>(failed);
      if (upstream.pump_) upstream.pump_->close(failed.why);
    }
  };
  std::visit(Visitor{*this}, event);
}

}  // namespace server::upstream
