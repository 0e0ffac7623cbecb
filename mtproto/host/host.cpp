#include "mtproto/host/host.hpp"

#include "mtproto/host/state.hpp"

namespace mtproto {

Host::State::State(HostOptions options_in, KeyRing::State& ring_in, tl::Random& random_in,
                   ByteView proxy)
    : options(std::move(options_in)),
      ring(ring_in),
      random(random_in),
      transport(Transport::server(random_in, proxy)),
      opener(Side::client, options.max_unpacked) {}

void Host::State::fail(boost::system::error_code why) {
  if (failed) return;
  failed = true;
  events.push_back(HostFailed{why});
}

Host::Host(HostOptions options, KeyRing& ring, tl::Random& random, ByteView proxy_secret)
    : state_(std::make_unique<State>(std::move(options), *ring.state_, random, proxy_secret)) {}

Host::~Host() = default;

void Host::connect(Time now, UnixTime wall) {
  state_->now = now;
  state_->clock.correct(now, wall);
}

void Host::come_to_test() { state_->options.test = true; }

void Host::receive(ByteView bytes, Time now) {
  state_->now = now;
  state_->receive(bytes);
}

void Host::tick(Time now) {
  state_->now = now;
  if (state_->close_at && now >= *state_->close_at) {
    state_->fail(boost::system::errc::make_error_code(boost::system::errc::timed_out));
  }
}

std::optional<Time> Host::deadline() const { return state_->deadline(); }

bool Host::take_output(Bytes& out) {
  state_->write_out();
  out = std::exchange(state_->out, {});
  return !out.empty();
}

std::vector<HostEvent> Host::take_events() { return std::exchange(state_->events, {}); }

WorkList Host::take_work() {
  WorkList out;
  if (state_->failed) return out;
  if (state_->exchange) out = state_->exchange->take_work();
  if (auto work = state_->opener.take_work()) out.push_back(std::move(work));
  return out;
}

void Host::done(std::unique_ptr<Work> work, Time now) {
  state_->now = now;
  state_->done(std::move(work));
}

bool Host::answer(const SessionAddress& to, MessageId request, ByteView result, Time now) {
  state_->now = now;
  return state_->answer(to, request, result);
}

bool Host::push(const SessionAddress& to, ByteView body, Time now) {
  state_->now = now;
  if (state_->ring.find(to, now) == nullptr) return false;
  state_->queue(to, MessageKind::from_server, true, Bytes(body.begin(), body.end()));
  return state_->seen.contains(to);
}

std::optional<Framing> Host::framing() const { return state_->transport.framing(); }

bool Host::obfuscated() const { return state_->transport.obfuscated(); }

}  // namespace mtproto
