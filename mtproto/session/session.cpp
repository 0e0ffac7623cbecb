#include "mtproto/session/session.hpp"

#include "mtproto/session/state.hpp"

namespace mtproto {
namespace {

// Acknowledgements wait for company, but not so long that the server sends again.
constexpr std::size_t many_acks = 16;
constexpr Duration ack_patience = std::chrono::seconds{20};

}  // namespace

Session::State::State(std::shared_ptr<const SessionOptions> options_in, SessionState saved_in,
                      tl::Random& random_in)
    : options(std::move(options_in)),
      max_unpacked(options->max_unpacked),
      saved(options->pfs ? SessionState{} : saved_in),
      temporary(options->pfs ? std::make_unique<TemporaryBinding>(
                                   std::move(saved_in), options->temporary_lifetime, random_in)
                             : nullptr),
      random(random_in),
      sequence(saved.last_seqno),
      salts(saved.server_salt),
      acks(many_acks, ack_patience),
      silence({options->keep_alive, options->dead_after, options->dead_after_write}) {
  // Without its sequence numbers an old session only earns errors.
  if (!saved.key || saved.session.value() == 0 || saved.last_seqno == 0) {
    fresh_session();
  } else {
    confirmed = true;
  }
}

void Session::State::tell(Event event) {
  tl::lend_room(events);
  events.push_back(std::move(event));
}

void Session::State::fail(boost::system::error_code why, std::int32_t transport_code) {
  if (!link || link->failed) return;
  link->failed = true;
  tell(Failed{why, transport_code});
}

const AuthKey* Session::State::key() const {
  if (temporary) return temporary->key();
  return saved.key ? &*saved.key : nullptr;
}

void Session::State::publish() {
  saved.last_seqno = sequence.last();
  saved.server_salt = salts.at(server_time());
}

Session::Session(SessionOptions options, SessionState state, tl::Random& random)
    : Session(std::make_shared<const SessionOptions>(std::move(options)), std::move(state),
              random) {}

Session::Session(std::shared_ptr<const SessionOptions> options, SessionState state,
                 tl::Random& random)
    : state_(std::make_unique<State>(std::move(options), std::move(state), random)) {}

Session::~Session() = default;

void Session::connect(Transport transport, Time now, UnixTime wall) {
  state_->now = now;
  state_->connect(std::move(transport), wall);
}

void Session::disconnect(Time now) {
  state_->now = now;
  state_->link.reset();
}

bool Session::connected() const { return state_->link.has_value(); }

bool Session::ready() const { return state_->link && state_->link->open(); }

void Session::set_prefix(tl::SharedBytes prefix) {
  state_->prefix = std::move(prefix);
  if (state_->link) state_->link->prefix_answered = false;
}

RequestId Session::send(tl::SharedBytes body, SendOptions options, Time now) {
  state_->now = now;
  const RequestId request(++state_->last_request);
  if (body.size() > max_body) {
    state_->tell(Refused{request, errc::body_too_long});
  } else if (body.size() < 4 || body.size() % 4 != 0) {
    state_->tell(Refused{request, errc::malformed_message});
  } else {
    state_->pending.add(request, std::move(body), std::move(options));
  }
  return request;
}

void Session::forget(RequestId request) { state_->forget(request); }

std::size_t Session::in_flight() const { return state_->pending.size(); }

void Session::receive(ByteView bytes, Time now) {
  state_->now = now;
  state_->receive(bytes);
}

void Session::set_max_unpacked(std::size_t bytes) {
  state_->max_unpacked = bytes;
  if (state_->link) state_->link->opener.set_max_unpacked(bytes);
}

std::size_t Session::held_input() const {
  const auto& link = state_->link;
  return link ? link->transport.buffered() + link->opener.held() : 0;
}

void Session::pause(bool paused, Time now) {
  state_->now = now;
  state_->pause(paused);
}

void Session::tick(Time now) {
  state_->now = now;
  state_->tick();
}

std::optional<Time> Session::deadline() const { return state_->deadline(); }

bool Session::take_output(Bytes& out) {
  out.clear();
  if (!state_->link) return false;
  state_->write_out();
  std::swap(out, state_->link->out);
  state_->silence.wrote(out.size(), state_->now);
  return !out.empty();
}

void Session::moved(Time now) {
  state_->now = now;
  if (state_->link) state_->silence.moved(now);
}

std::vector<Event> Session::take_events() { return std::exchange(state_->events, {}); }

void Session::take_events(std::vector<Event>& out) {
  out.clear();
  std::swap(out, state_->events);
}

WorkList Session::take_work() { return state_->take_work(); }

void Session::done(std::unique_ptr<Work> work, Time now) {
  state_->now = now;
  state_->done(std::move(work));
}

const SessionState& Session::state() const {
  if (state_->temporary) return state_->temporary->permanent();
  state_->publish();
  return state_->saved;
}

UnixTime Session::server_time(Time now) const { return state_->clock.at(now); }

}  // namespace mtproto
