#include "server/process/client.hpp"

#include "server/channel/json_lines.hpp"
#include "server/gateway/admission.hpp"
#include "server/gateway/gateway.hpp"
#include "server/http/http_channel.hpp"
#include "server/logs/logger.hpp"

namespace server {
namespace {

using logs::strangers_info;
using logs::StrangersLine;

// The pump is given at most so much at a time, so that it can be seen whether the peer reads.
constexpr std::size_t slice = std::size_t{256} << 10;
// Of a buffer, for the next message of the thread.
constexpr std::size_t kept_room = 512;
// What is read at a time where the process is at its bound of memory: some of it may have to wait.
constexpr std::size_t sip = std::size_t{4} << 10;
// What is larger is given back elsewhere.
constexpr std::size_t large_room = std::size_t{1} << 20;

// What a client takes that says nothing: its socket, pump, channel and session; 3.3 KiB once it has
// said something, and what the allocator loses by that.
constexpr std::size_t size_of_client = std::size_t{5} << 10;

}  // namespace

Client::Client(ThreadState& thread, upstream::Pump::Socket socket, Peer peer,
               access::ConnectionSlot place, std::uint64_t number, mtproto::Time accepted)
    : thread_(thread),
      peer_(std::move(peer)),
      place_(std::move(place)),
      number_(number),
      share_(thread.gateway.memory),
      silent_(peer_.near() && !thread.gateway.proxies.trusts(peer_)) {
  pump_ = std::make_shared<upstream::Pump>(std::move(socket), *this, thread.gateway.pool);
  share_.resize(size_of_client);
  if (thread.gateway.proxies.trusts(peer_)) header_ = std::make_unique<channel::ProxyHeader>();
  if (silent_) thread.counters.clients_silent.add();
  if (!thread.gateway.tokens()) return;
  token_by_ = accepted + (silent_ ? access::time_of_silence : access::time_to_show_token);
}

Client::~Client() {
  if (silent_) thread_.counters.clients_silent.subtract();
}

void Client::serve(ClientOwner* owner) {
  logs::debug("conn={} opened from={}", number_, shown(peer_));
  owner_ = owner;
  pump_->start(shared_from_this());
}

void Client::on_over(const boost::system::error_code& why) {
  try {
    if (channel_) channel_->close();
  } catch (...) {
    logs::error("conn={} failed", number_);
  }
  logs::debug("conn={} closed reason=\"{}\"", number_, why ? why.message() : "done");
  if (owner_ != nullptr) owner_->on_gone(shared_from_this());
}

void Client::drain() {
  if (channel_) {
    channel_->drain();
  } else {
    close_when_flushed(false);
  }
  pump_->wake();
}

void Client::leave() {
  if (channel_ && !finishing_) channel_->leave();
  pump_->wake();
}

// --- bytes in ---

void Client::receive(tl::ByteView bytes, mtproto::Time now) {
  thread_.counters.client_bytes_in.add(bytes.size());
  if (finishing_ || bytes.empty()) return;
  break_silence(now);
  if (header_) return take_header(bytes, now);
  take_sealed(bytes, now);
}

void Client::break_silence(mtproto::Time now) {
  if (!tls_ && !channel_ && !tell_by_) tell_by_ = now + time_to_tell;
  if (!std::exchange(silent_, false)) return;
  thread_.counters.clients_silent.subtract();
  if (token_by_) token_by_ = now + access::time_to_show_token;
}

void Client::take_header(tl::ByteView bytes, mtproto::Time now) {
  using State = channel::ProxyHeader::State;
  const auto state = header_->feed(bytes);
  if (state == State::more) return;
  if (state == State::wrong) return reset("its PROXY header is none");
  const auto header = std::exchange(header_, nullptr);
  if (header->source() && !identify(*header->source())) return;
  if (state == State::done) tell_by_.reset();
  if (header->rest().empty()) return;
  if (!tell_by_) tell_by_ = now + time_to_tell;
  take_sealed(header->rest(), now);
}

bool Client::identify(const boost::asio::ip::address& source) {
  peer_ = {source, false, true};
  logs::debug("conn={} from={}", number_, shown(peer_));
  return thread_.gateway.proxies.trusts(peer_) || take_place();
}

bool Client::take_place() {
  auto place = thread_.gateway.connection_limiter.enter(peer_);
  if (!place) {
    thread_.counters.refused.add();
    reset("too many connections from " + shown(peer_));
    return false;
  }
  place_ = std::move(*place);
  return true;
}

void Client::take_sealed(tl::ByteView bytes, mtproto::Time now) {
  if (!tls_ && !channel_ && channel::detect(bytes) == channel::Speech::tls && !begin_tls()) return;
  if (!tls_) return take_plain(bytes, now);
  const bool was_open = tls_->filter.state() == channel::TlsFilter::State::open;
  tls_->filter.feed(bytes, [&](tl::ByteView plain) { take_plain(plain, now); });
  update_usage();
  pump_->wake();
  switch (tls_->filter.state()) {
    case channel::TlsFilter::State::shaking:
      return;
    case channel::TlsFilter::State::open:
      if (!was_open && !channel_) tell_by_.reset();
      return;
    case channel::TlsFilter::State::ended:
      end(now);
      return;
    case channel::TlsFilter::State::failed:
      strangers_info(StrangersLine::tls_failed, "conn={} from={} TLS failed", number_,
                     shown(peer_));
      out_.clear();
      return close_when_flushed(true);
  }
}

std::size_t Client::appetite() const {
  return thread_.gateway.memory.full() ? sip : upstream::Machine::appetite();
}

bool Client::begin_tls() {
  const auto context = thread_.gateway.tls();
  if (!context) {
    reset("it speaks TLS, and no certificate is configured: --tls-cert, --tls-key");
    return false;
  }
  tls_ = std::make_unique<Tls>(*context);
  update_usage();
  return true;
}

void Client::take_plain(tl::ByteView bytes, mtproto::Time now) {
  if (finishing_) return;
  if (!channel_) {
    if (!tell_by_) tell_by_ = now + time_to_tell;
    const auto speech = channel::detect(bytes);
    if (!speech) return;
    tell_by_.reset();
    if (!begin_channel(*speech, now)) return;
  }
  channel_->receive(bytes, now);
}

// Over HTTP a proxy may speak for somebody else with each request.
bool Client::begin_channel(channel::Speech speech, mtproto::Time now) {
  const bool forwards = thread_.gateway.proxies.trusts(peer_);
  if (forwards && speech != channel::Speech::http && !take_place()) return false;
  Caller caller{peer_, number_, false, std::exchange(token_by_, std::nullopt), place_};
  auto kind = ClientKind::json_lines;
  if (speech == channel::Speech::http) {
    kind = ClientKind::http;
    channel_ = std::make_unique<http::HttpChannel>(thread_, *this, std::move(caller),
                                                   tls_ != nullptr, now);
  } else {
    const bool decided = speech == channel::Speech::json;
    channel_ = std::make_unique<channel::JsonLines>(thread_, *this, std::move(caller), decided);
  }
  entered_.emplace(thread_.counters, kind);
  // Who has to show a token is told by its name, once it is known.
  if (!thread_.gateway.tokens()) {
    strangers_info(StrangersLine::came, "conn={} from={} speaks={}", number_, shown(peer_),
                   client_kinds[static_cast<std::size_t>(kind)]);
  }
  return true;
}

void Client::become(std::unique_ptr<channel::Channel> next, tl::ByteView bytes, mtproto::Time now) {
  retired_ = std::move(channel_);
  channel_ = std::move(next);
  entered_.emplace(thread_.counters, ClientKind::websocket);
  pause(false);
  channel_->receive(bytes, now);
}

bool Client::end(mtproto::Time now) {
  if (channel_) {
    channel_->end(now);
  } else {
    close_when_flushed(false);
  }
  return true;
}

// --- time ---

void Client::tick(mtproto::Time now) {
  if (finishing_) {
    if (read_by_ && *read_by_ <= now) reset("it does not read our last words");
    return;
  }
  if (tell_by_ && *tell_by_ <= now) {
    return reset(tls_ ? "its TLS handshake took too long" : "it did not tell what it speaks");
  }
  if (!channel_ && token_by_ && *token_by_ <= now) return reset("it showed no token in time");
  if (cut_by_ && *cut_by_ <= now) {
    return reset("it does not read, and the gateway is at its bound of memory");
  }
  if (channel_) channel_->tick(now);
}

std::optional<mtproto::Time> Client::deadline() const {
  if (reset_) return {};
  if (finishing_) return read_by_;
  auto due = channel_ ? channel_->deadline() : token_by_;
  for (const auto& other : {tell_by_, cut_by_}) {
    if (other) due = std::min(due.value_or(*other), *other);
  }
  return due;
}

void Client::on_step(mtproto::Time) {
  retired_.reset();
  close_if_flushed();
}

// --- bytes out ---

void Client::flush() {
  update_usage();
  pump_->wake();
}

void Client::update_usage() {
  if (reset_) return;
  const auto waiting =
      out_.size() + unsealed() + (writing_.size() - at_) + (channel_ ? channel_->held() : 0);
  // What was written goes with its buffer.
  share_.resize(size_of_client + (tls_ ? tls_->filter.held() + tls_->sealing.size() : 0) +
                out_.memory_usage() + writing_.size() + (channel_ ? channel_->memory_usage() : 0));
  if (waiting > hard_limit) return reset("it does not read: 64 MiB wait");
  if (waiting <= high_watermark || !thread_.gateway.memory.full()) {
    cut_by_.reset();
  } else if (!cut_by_) {
    cut_by_ = upstream::boot_time() + time_to_go_on;
    pump_->wake();
  }
  // Twice, so that it does not change its mind with every object.
  const auto most = thread_.gateway.memory.full() ? high_watermark_when_full : high_watermark;
  const bool above_high_watermark = waiting > (above_high_watermark_ ? most / 2 : most);
  if (above_high_watermark == above_high_watermark_) return;
  above_high_watermark_ = above_high_watermark;
  pump_->pause(above_high_watermark_ || paused_);
  if (channel_) channel_->set_above_high_watermark(above_high_watermark);
}

void Client::pause(bool paused) {
  paused_ = paused;
  pump_->pause(above_high_watermark_ || paused_);
}

tl::ByteView Client::output() {
  if (at_ == writing_.size()) {
    at_ = 0;
    writing_.clear();
    if (tls_) {
      seal();
    } else {
      out_.take(writing_);
    }
  }
  const auto rest = tl::as_bytes(writing_).subspan(at_);
  offered_ = std::min(rest.size(), slice);
  if (rest.empty()) close_if_flushed();  // there may have been nothing to say at the end
  return rest.first(offered_);
}

// What TLS itself has to say comes first.
void Client::seal() {
  auto& [filter, sealing, sealed, shut] = *tls_;
  filter.take_output(writing_);
  while (writing_.size() < slice && filter.state() != channel::TlsFilter::State::failed) {
    if (sealed == sealing.size()) {
      sealed = 0;
      forget(sealing);
      out_.take(sealing);
    }
    const auto size = filter.seal(tl::as_bytes(sealing).subspan(sealed));
    if (size == 0) break;
    sealed += size;
    filter.take_output(writing_);
  }
  if (filter.state() == channel::TlsFilter::State::failed) {  // nothing more can be sealed
    out_.clear();
    sealing.clear();
    sealed = 0;
    finishing_ = true;
  }
  const bool all = out_.empty() && sealed == sealing.size();
  if (finishing_ && all && !std::exchange(shut, true)) {
    filter.shut();
    filter.take_output(writing_);
  }
}

void Client::written() {
  thread_.counters.client_bytes_out.add(offered_);
  at_ += offered_;
  offered_ = 0;
  if (at_ == writing_.size()) {
    forget(writing_);
    at_ = 0;
  }
  const auto now = upstream::boot_time();
  moved(now);
  update_usage();
  if (finishing_) {
    read_by_ = now + time_to_read;
  } else if (channel_) {
    const bool all = out_.empty() && writing_.empty() && unsealed() == 0;
    if (all) {
      channel_->written(now);
    } else {
      channel_->progressed(now);
    }
  }
  close_if_flushed();
}

// It reads, if slowly.
void Client::moved(mtproto::Time now) {
  if (cut_by_) cut_by_ = now + time_to_go_on;
}

// What is large is there, and counted, until the pool has given it back.
void Client::forget(std::string& text) {
  if (text.capacity() > large_room) {
    MemoryShare share(thread_.gateway.memory);
    share.resize(text.capacity());
    thread_.gateway.pool.destroy(std::pair(std::exchange(text, {}), std::move(share)));
  } else {
    tl::give_room_back(text, kept_room);
  }
}

void Client::close_when_flushed(bool linger) {
  finishing_ = true;
  read_by_ = upstream::boot_time() + time_to_read;
  linger_ = linger_ || linger;
  pump_->pause(false);  // what it still says is read and forgotten
  pump_->wake();
}

void Client::close_if_flushed() {
  if (!finishing_ || !out_.empty() || !writing_.empty()) return;
  if (tls_ && (!tls_->shut || tls_->unsealed() != 0)) return;
  pump_->close({}, linger_);
}

void Client::reset(std::string_view why) {
  if (reset_) return;
  strangers_info(StrangersLine::reset, "conn={} from={} reset reason=\"{}\"", number_, shown(peer_),
                 why);
  finishing_ = true;
  reset_ = true;
  out_.clear();
  if (channel_) channel_->close();
  pump_->close();
}

}  // namespace server
