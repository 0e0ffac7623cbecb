#include "tests/bench/load/client.hpp"

#include <array>
#include <charconv>
#include <stdexcept>

namespace bench {
namespace {

constexpr std::uint64_t most_slots = 4096;  // an id tells the slot that it has

[[noreturn]] void wrong(const char* what, std::string_view reply) {
  throw std::runtime_error(std::string(what) + ": " + std::string(reply.substr(0, 300)));
}

// Every reply begins with its id.
std::uint64_t id_of(std::string_view reply) {
  constexpr std::string_view start = "{\"id\":";
  std::uint64_t id{};
  if (!reply.starts_with(start)) wrong("no reply", reply);
  const char* digits = reply.data() + start.size();
  if (std::from_chars(digits, reply.data() + reply.size(), id).ec != std::errc()) {
    wrong("a reply without its id", reply);
  }
  return id;
}

bool is_good(std::string_view reply) {
  for (const std::string_view bad : {"\"error\":", "\"_cons\":\"rpc_", "\"error_message\":"}) {
    if (reply.substr(0, 400).find(bad) != reply.npos) return false;
  }
  return true;
}

}  // namespace

Client::Client(std::uint16_t port, SSL_CTX* tls, Framing framing, const std::string& path,
               const std::string& first, const Answered& answered)
    : stream_(port, tls),
      framing_(framing),
      path_(path),
      answered_(answered),
      ready_(first.empty()),
      out_(greeting(framing)) {
  greeted_ = out_.empty();
  if (!first.empty()) put(framing_, out_, first, path_);
  flush();
}

void Client::ask(std::string_view message, Clock::time_point due) {
  if (free_.empty()) {
    free_.push_back(slots_.size());
    slots_.emplace_back();
  }
  const std::size_t slot = free_.back();
  free_.pop_back();
  const std::uint64_t id = ++last_ * most_slots + slot;
  slots_[slot] = {id, due};
  ++in_flight_;
  if (framing_ == Framing::posts) return put(framing_, out_, message, path_);
  put(framing_, out_,
      "{\"id\":" + std::to_string(id) + ",\"message\":" + std::string(message) + "}");
}

void Client::flush() {
  while (!out_.empty()) {
    const std::size_t written = stream_.write(out_);
    if (written == 0) return;
    out_.erase(0, written);
  }
}

void Client::receive() {
  static std::array<char, 65536> buffer;
  for (;;) {
    const std::size_t size = stream_.read(buffer);
    if (size == 0) break;
    in_.append(buffer.data(), size);
    if (size < buffer.size() && !stream_.is_tls()) break;  // a read less
  }
  take_objects();
}

void Client::take_objects() {
  std::size_t done = 0;
  if (!greeted_) {
    done = greeted(framing_, in_);
    greeted_ = done > 0;
  }
  while (greeted_) {
    const auto taken = take(framing_, std::string_view(in_).substr(done));
    if (!taken) break;
    done += taken->size;
    framing_ == Framing::posts ? take_response(taken->object) : take_reply(taken->object);
  }
  in_.erase(0, done);
  if (in_.empty() && in_.capacity() > 65536) in_.shrink_to_fit();
}

void Client::take_reply(std::string_view reply) {
  const std::uint64_t id = id_of(reply);
  if (id == 0) {
    ++updates_;
    return;
  }
  if (!is_good(reply)) wrong("an error", reply);
  if (!ready_) {
    ready_ = true;
    return;
  }
  const std::size_t slot = id % most_slots;
  if (slot >= slots_.size() || slots_[slot].first != id) wrong("an answer to nothing", reply);
  answered(slot);
}

// Nothing in it says which: it is the one that was asked.
void Client::take_response(std::string_view body) {
  if (!is_good(body)) wrong("an error", body);
  if (!ready_) {
    ready_ = true;
    return;
  }
  if (in_flight_ != 1) wrong("a response to nothing", body);
  answered(0);
}

void Client::answered(std::size_t slot) {
  const auto due = slots_[slot].second;
  slots_[slot].first = 0;
  free_.push_back(slot);
  --in_flight_;
  answered_(*this, due);
}

}  // namespace bench
