#include "tests/simulation/driver.hpp"

#include "mtproto/message/service_session.hpp"

namespace simulation {
namespace {

using namespace mtproto;
using namespace std::chrono_literals;
using boost::system::error_code;

constexpr Duration shortest_pause = 1s;
constexpr std::size_t most_ticks_a_second = 40;
constexpr std::size_t largest_output = std::size_t{8} << 20;

bool is_final(const error_code& why) {
  if (why.category() != error_category()) return false;
  const auto code = static_cast<errc>(why.value());
  return code == errc::auth_key_not_found || code == errc::wrong_data_centre ||
         (code >= errc::exchange_malformed && code <= errc::exchange_refused);
}

}  // namespace

Driver::Driver(Scene& scene, Watch& watch, Caller& caller, DataCentre& data_centre,
               SessionOptions options, SessionState state)
    : scene_(scene),
      watch_(watch),
      caller_(caller),
      data_centre_(data_centre),
      session_(std::move(options), std::move(state), scene.client_random) {
  session_.set_prefix(prefix());
}

void Driver::open() { connect(); }

// --- connections ---

void Driver::connect() {
  if (final_ || dialling_ || wire_) return;
  dialling_ = true;
  next_try_.reset();
  tried_ = scene_.now();
  const auto takes = scene_.dice.between(10ms, 150ms);
  scene_.agenda.in(takes, [self = shared_from_this()] { self->connected(); });
}

void Driver::connected() {
  dialling_ = false;
  if (final_) return;
  if (held()) {
    dialling_ = true;
    scene_.agenda.at(stopped_until_, [self = shared_from_this()] { self->connected(); });
    return;
  }
  if (data_centre_.away()) {
    scene_.say("client", [] { return "can't connect"; });
    return plan_next();
  }
  auto& dice = scene_.dice;
  ClientTransport transport;
  transport.framing = static_cast<Framing>(dice.below(4));
  transport.obfuscated = dice.chance(0.2);
  wire_ = std::make_shared<Wire>(scene_, watch_, past_down_, transport, ++connections_);
  host_ = data_centre_.accept(wire_);
  wire_->join(weak_from_this(), host_);
  inbox_.clear();
  inbox_ended_ = false;
  scene_.say("client", [&] { return "connection " + std::to_string(connections_); });
  session_.connect(Transport::client(transport, scene_.client_random), now(), scene_.wall());
  step();
}

// As UpstreamConnection::next_pause.
void Driver::plan_next() {
  const auto longest = shortest_pause * (1U << std::min(failures_, 6U));
  ++failures_;
  const auto pause = longest / 2 + scene_.dice.between(Duration{}, longest / 2);
  next_try_ = scene_.now() + pause;
  scene_.agenda.at(*next_try_, [self = shared_from_this()] {
    if (self->next_try_ && *self->next_try_ <= self->scene_.now()) self->connect();
  });
}

void Driver::close(error_code why) {
  if (!wire_) return;
  scene_.say("client", [&] {
    return "leaves connection " + std::to_string(wire_->number()) + ": " + why.message();
  });
  std::exchange(wire_, nullptr)->client_closed();
  host_.reset();
  inbox_.clear();
  session_.disconnect(now());
  alarm_.reset();
  if (greeting_) session_.forget(*std::exchange(greeting_, std::nullopt));
  if (is_final(why)) {
    final_ = why;
    return caller_.broken_off();
  }
  plan_next();
}

void Driver::cut() {
  if (wire_) wire_->cut();
}

void Driver::fall_silent() {
  if (wire_) wire_->fall_silent();
}

void Driver::arrived(tl::ByteView bytes) {
  inbox_.emplace_back(bytes.begin(), bytes.end());
  read_inbox();
}

void Driver::ended() {
  inbox_ended_ = true;
  read_inbox();
}

void Driver::read_inbox() {
  while (wire_ && !paused_ && !held() && !inbox_.empty()) {
    const auto bytes = std::move(inbox_.front());
    inbox_.pop_front();
    session_.receive(bytes, now());
    step();
  }
  if (wire_ && inbox_ended_ && !paused_ && !held() && inbox_.empty()) {
    close(boost::system::errc::make_error_code(boost::system::errc::connection_reset));
  }
}

// --- the machine ---

void Driver::step() {
  if (held()) return;
  for (bool moved = true; moved;) {
    work();
    auto events = session_.take_events();
    moved = !events.empty();
    if (const auto session = session_.state().session; session != known_session_) {
      known_session_ = session;
      watch_.forgotten();
    }
    for (auto& event : events) take(event);
    Bytes bytes;
    if (!session_.take_output(bytes)) continue;
    if (bytes.size() > largest_output) throw Violation("the client writes without bound");
    moved = true;
    if (wire_) wire_->client_wrote(bytes);
  }
  set_alarm();
}

// At once, or when somebody has had the time.
void Driver::work() {
  if (in_work_) return;
  for (auto& it : session_.take_work()) {
    if (scene_.dice.chance(0.5)) {
      it->run();
      session_.done(std::move(it), now());
      continue;
    }
    auto shared = std::make_shared<std::unique_ptr<Work>>(std::move(it));
    in_work_ = true;
    scene_.agenda.in(scene_.dice.between(1ms, 80ms), [self = shared_from_this(), shared] {
      (*shared)->run();
      self->in_work_ = false;
      self->session_.done(std::move(*shared), self->now());
      self->step();
    });
  }
}

void Driver::take(Event& event) {
  if (auto* answer = std::get_if<Answer>(&event)) {
    used_ = true;
    failures_ = 0;
    if (greeting_ == answer->request) {
      greeting_.reset();
    } else {
      caller_.answered(answer->request, answer->body);
    }
  } else if (const auto* pushed = std::get_if<Pushed>(&event)) {
    caller_.pushed(pushed->body);
  } else if (const auto* lost = std::get_if<Lost>(&event)) {
    caller_.lost(lost->request);
  } else if (const auto* refused = std::get_if<Refused>(&event)) {
    caller_.refused(refused->request);
  } else if (const auto* written = std::get_if<Written>(&event)) {
    caller_.written(written->request);
  } else if (const auto* created = std::get_if<SessionCreated>(&event)) {
    // Told of the same session again: older updates than it remembers came, and were left out.
    if (std::exchange(unique_id_, created->unique_id) == created->unique_id) caller_.missed();
  } else if (std::holds_alternative<Ready>(event)) {
    greet();
  } else if (std::holds_alternative<KeyCreated>(event)) {
    watch_.salt_known(session_.state().server_salt);
  } else if (const auto* failed = std::get_if<Failed>(&event)) {
    close(failed->why);
  }
}

void Driver::greet() {
  if (!used_ || greeting_) return;
  SendOptions options;
  options.api = false;
  options.repeat = Repeat::freely;
  greeting_ = session_.send(write_service(Ping{~std::uint64_t{0}}), std::move(options), now());
}

void Driver::ask() {
  if (final_) return;
  caller_.ask([&](Bytes body, SendOptions options) {
    return session_.send(std::move(body), std::move(options), now());
  });
  if (wire_) return step();
  if (next_try_ && tried_ + shortest_pause < *next_try_) {  // somebody waits now
    next_try_ = std::max(scene_.now(), tried_ + shortest_pause);
    scene_.agenda.at(*next_try_, [self = shared_from_this()] {
      if (self->next_try_ && *self->next_try_ <= self->scene_.now()) self->connect();
    });
  }
  step();
}

void Driver::forget_impatient() {
  if (held()) return;
  const auto gone = caller_.impatient();
  for (const auto request : gone) session_.forget(request);
  if (!gone.empty()) step();
}

void Driver::pause(bool paused) {
  if (paused == paused_) return;
  if (held()) {
    scene_.agenda.at(stopped_until_, [self = shared_from_this(), paused] { self->pause(paused); });
    return;
  }
  scene_.say("client", [&] { return paused ? "stops reading" : "reads again"; });
  paused_ = paused;
  session_.pause(paused, now());
  step();
  read_inbox();
}

void Driver::stop(Duration how_long, bool frozen) {
  if (held()) return;
  scene_.say("client", [&] {
    return std::string(frozen ? "is frozen for " : "is stopped for ") + seconds(how_long);
  });
  if (frozen) frozen_at_ = now();
  stopped_until_ = scene_.now() + how_long;
  scene_.agenda.at(stopped_until_, [self = shared_from_this(), how_long, frozen] {
    if (frozen) self->behind_ += how_long;
    self->frozen_at_.reset();
    self->alarm_.reset();
    // Which of the two a process notices first is chance.
    if (self->scene_.dice.chance(0.5)) {
      self->read_inbox();
      self->set_alarm();
    } else {
      self->set_alarm();
      self->scene_.agenda.in(Duration{}, [self] { self->read_inbox(); });
    }
    self->step();
  });
}

// --- time ---

void Driver::set_alarm() {
  if (held()) return;
  const auto due = session_.deadline();
  if (!due) return alarm_.reset();
  if (alarm_ == due) return;
  alarm_ = due;
  scene_.agenda.at(*due + behind_, [self = shared_from_this(), due] { self->tick(*due); });
}

void Driver::tick(Time due) {
  if (alarm_ != due || held() || now() < due) return;
  alarm_.reset();
  if (scene_.now() >= second_ + 1s) {
    second_ = scene_.now();
    ticks_in_second_ = 0;
  }
  if (++ticks_in_second_ > most_ticks_a_second) {
    throw Violation("the session's deadline keeps the process busy");
  }
  session_.tick(now());
  step();
}

void Driver::check() const {
  if (final_) return;
  const auto known = caller_.open() + (greeting_ ? 1 : 0);
  if (session_.in_flight() > known) {
    throw Violation("the session holds " + std::to_string(session_.in_flight()) +
                    " requests of which " + std::to_string(known) + " are not over");
  }
}

}  // namespace simulation
