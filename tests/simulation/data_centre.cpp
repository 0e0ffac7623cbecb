#include "tests/simulation/data_centre.hpp"

#include <algorithm>

namespace simulation {

using namespace mtproto;
using namespace std::chrono_literals;

// One connection, as the data centre sees it.
class DataCentre::Post final : public End, public std::enable_shared_from_this<Post> {
 public:
  Post(DataCentre& house, std::shared_ptr<Wire> wire)
      : house_(house), wire_(std::move(wire)), host_(house.options_, *house.ring_, random()) {
    host_.connect(now(), house_.scene_.server_wall());
  }

  void arrived(tl::ByteView bytes) override {
    host_.receive(bytes, now());
    step();
  }
  void ended() override { house_.remove(*this); }

  void step() {
    const auto self = shared_from_this();
    for (bool moved = true; moved && !closed_;) {
      auto work = host_.take_work();
      moved = !work.empty();
      for (auto& it : work) {
        it->run();
        host_.done(std::move(it), now());
      }
      for (const auto& event : host_.take_events()) {
        moved = true;
        house_.take(*this, event);
        if (closed_) return;
      }
      Bytes bytes;
      if (host_.take_output(bytes)) {
        moved = true;
        wire_->host_wrote(bytes);
      }
      if (failed_) return house_.remove(*this);
    }
    if (!closed_) set_alarm();
  }
  void close() {
    closed_ = true;
    wire_->host_closed();
  }
  void fail() { failed_ = true; }
  void see(const SessionAddress& session) { seen_.insert(session); }
  void forget(const SessionAddress& session) { seen_.erase(session); }
  bool sees(const SessionAddress& session) const { return seen_.contains(session); }
  Host& host() { return host_; }
  std::uint64_t number() const { return wire_->number(); }
  // An API call needs the prefix once a connection.
  void check_prefix(const Call& call) {
    initialised_ |= call.wrapped;
    if (!initialised_) {
      throw Violation("call " + std::to_string(call.number) + " came without the prefix");
    }
  }

 private:
  Time now() const { return house_.scene_.now(); }
  SeededRandom& random() const { return house_.scene_.server_random; }
  void set_alarm() {
    const auto due = host_.deadline();
    if (!due || (alarm_ && *alarm_ <= *due && *alarm_ > now())) return;
    if (*due <= now() && due == last_due_) {
      throw Violation("the host's deadline stays in the past");
    }
    last_due_ = alarm_ = due;
    house_.scene_.agenda.at(*due, [post = weak_from_this(), due] {
      const auto self = post.lock();
      if (!self || self->closed_ || self->alarm_ != due) return;
      self->alarm_.reset();
      self->host_.tick(self->now());
      self->step();
    });
  }

  DataCentre& house_;
  std::shared_ptr<Wire> wire_;
  Host host_;
  std::set<SessionAddress> seen_;
  std::optional<Time> alarm_;
  std::optional<Time> last_due_;
  bool closed_ = false;
  bool failed_ = false;
  bool initialised_ = false;
};

DataCentre::DataCentre(Scene& scene, Watch& watch, Caller& caller, HostOptions options)
    : scene_(scene),
      watch_(watch),
      options_(std::move(options)),
      application_(scene, caller, [this](const auto& to, auto request, const auto& body) {
        answer(to, request, body);
      }) {
  make_ring();
}

void DataCentre::make_ring() {
  parked_.reset();
  ring_.emplace();
  for (const auto& key : keys_) {
    ring_->add(key, scene_.server_random.word(), scene_.now());
  }
  parked_ = std::make_unique<Host>(options_, *ring_, scene_.server_random);
  parked_->connect(scene_.now(), scene_.server_wall());
}

void DataCentre::add_key(const AuthKey& key, std::uint64_t salt) {
  keys_.push_back(key);
  watch_.know(key);
  watch_.salt_known(salt);
  ring_->add(key, salt, scene_.now());
}

void DataCentre::lose_keys() {
  keys_.clear();
  restart();
}

void DataCentre::restart() {
  scene_.say("server", [] { return "is restarted"; });
  while (!posts_.empty()) remove(*posts_.back());
  application_.restart();
  client_.reset();
  watch_.forgotten();
  make_ring();
}

void DataCentre::go_away(Duration how_long) {
  if (std::exchange(away_, true)) return;
  scene_.say("server", [&] { return "is away for " + seconds(how_long); });
  while (!posts_.empty()) remove(*posts_.back());
  scene_.agenda.in(how_long, [this] {
    scene_.say("server", [] { return "is back"; });
    away_ = false;
  });
}

std::shared_ptr<End> DataCentre::accept(const std::shared_ptr<Wire>& wire) {
  auto post = std::make_shared<Post>(*this, wire);
  posts_.push_back(post);
  return post;
}

void DataCentre::remove(Post& post) {
  const auto at =
      std::find_if(posts_.begin(), posts_.end(), [&](const auto& it) { return it.get() == &post; });
  if (at == posts_.end()) return;
  const auto kept = *at;
  posts_.erase(at);
  kept->close();
}

DataCentre::Post* DataCentre::post_of(const SessionAddress& address) {
  const auto at = std::find_if(posts_.rbegin(), posts_.rend(),
                               [&](const auto& it) { return it->sees(address); });
  return at == posts_.rend() ? nullptr : at->get();
}

void DataCentre::answer(const SessionAddress& to, MessageId request, const Bytes& body) {
  if (auto* post = post_of(to)) {
    post->host().answer(to, request, body, scene_.now());
    post->step();
  } else {
    parked_->answer(to, request, body, scene_.now());
  }
}

void DataCentre::push_updates(std::size_t count) {
  if (!client_) return;
  auto* post = post_of(*client_);
  for (; count > 0; --count) {
    const auto body = write_update(updates_++);
    (post != nullptr ? post->host() : *parked_).push(*client_, body, scene_.now());
  }
  if (post != nullptr) post->step();
}

void DataCentre::take(Post& post, const HostEvent& event) {
  if (const auto* request = std::get_if<Request>(&event)) {
    client_ = request->from;
    if (const auto call = read_call(request->body)) post.check_prefix(*call);
    application_.take(*request);
  } else if (const auto* seen = std::get_if<SessionSeen>(&event)) {
    scene_.say("server", [&] {
      return "sees session " + hex(seen->session.session.value()) + " on connection " +
             std::to_string(post.number());
    });
    for (auto& other : posts_) other->forget(seen->session);
    post.see(seen->session);
  } else if (const auto* gone = std::get_if<SessionGone>(&event)) {
    for (auto& other : posts_) other->forget(gone->session);
    if (client_ == gone->session) client_.reset();
    watch_.forgotten();
  } else if (const auto* made = std::get_if<KeyMade>(&event)) {
    const auto* key = ring_->find(made->key);
    if (std::count_if(keys_.begin(), keys_.end(),
                      [&](const auto& it) { return it.id() == made->key; }) != 0) {
      throw Violation("a key exchange made a key that is known");
    }
    keys_.push_back(*key);
    watch_.know(*key);
  } else if (const auto* failed = std::get_if<HostFailed>(&event)) {
    scene_.say("server", [&] {
      return "closes connection " + std::to_string(post.number()) + ": " + failed->why.message();
    });
    post.fail();
  }
}

}  // namespace simulation
