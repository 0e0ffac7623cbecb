#include "server/gateway/node_session.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "server/gateway/account_connection.hpp"
#include "server/gateway/gateway.hpp"
#include "server/gateway/log_follower.hpp"
#include "server/gateway/node_client.hpp"
#include "server/gateway/node_frames.hpp"
#include "server/gateway/node_log.hpp"
#include "server/gateway/node_news.hpp"
#include "server/gateway/node_scope.hpp"
#include "server/gateway/remote_connection.hpp"

namespace server {
namespace {

void write_status(const ApiStatus& status, std::string& out) {
  if (status.code == 0) return;
  out += ",\"status\":[" + std::to_string(status.code);
  if (status.retry_after) out += "," + std::to_string(*status.retry_after);
  out += "]";
}

}  // namespace

class NodeSession::Channel {
 public:
  virtual ~Channel() = default;
  // False: it is nothing that it knows.
  virtual bool take(Incoming&& object) = 0;
  virtual void pause(bool) {}
  virtual void end() {}
  // Nothing more is said of it, though something may be on its way.
  void retire() { retired_ = true; }

 protected:
  bool retired_ = false;
};

// --- a client ---

class NodeSession::Client final : public Channel, private RemoteUser {
 public:
  Client(NodeSession& owner, std::uint64_t number, ThreadState& home, ConnectionSetup setup,
         std::string account)
      : owner_(owner),
        number_(number),
        remote_(owner.thread_, home, static_cast<RemoteUser&>(*this), std::move(setup),
                std::move(account)) {}

  bool take(Incoming&& object) override {
    const auto& said = object.value;
    if (const auto* asked = said.find("object")) {
      auto request = read_request(*asked);
      Incoming inner{std::move(object.arena), *asked, std::move(request),
                     MemoryShare(owner_.thread_.gateway.memory), object.large};
      remote_.receive(std::move(inner));
    } else if (const auto* words = said.find("scope")) {
      std::shared_ptr<const TokenScope> scope;
      if (!read_scope(*words, scope)) return false;
      remote_.limit(std::move(scope));
    } else if (const auto* paused = said.find("pause")) {
      paused_ = paused->as_bool();
      remote_.set_above_high_watermark(paused_ || owner_.above_high_watermark_);
    } else if (said.find("end") != nullptr) {
      remote_.end();
    } else {
      return false;
    }
    return true;
  }
  void pause(bool paused) override { remote_.set_above_high_watermark(paused || paused_); }
  void end() override { remote_.end(); }

 private:
  void on_reply(LongText object, ObjectNote note, std::size_t held) override {
    if (retired_) return;
    auto& out = owner_.sink_.begin();
    auto& header = out.end();
    header += "{\"of\":" + std::to_string(number_) + ",\"held\":" + std::to_string(held);
    if (note.log_position) header += ",\"position\":" + std::to_string(*note.log_position);
    write_status(note.status, header);
    if (note.secret) header += ",\"secret\":true";
    header += ",\"size\":" + std::to_string(object.size()) + "}\n";
    out.attach(std::move(object));
    owner_.sink_.complete({note.secret});
  }
  void on_finished() override {
    if (retired_) return;
    owner_.say(number_, "\"finished\":true");
    owner_.retire(number_);
  }
  void on_reset(std::string) override {
    if (!retired_) owner_.lose(number_);
  }

  NodeSession& owner_;
  const std::uint64_t number_;
  bool paused_ = false;
  RemoteConnection remote_;
};

// --- a reader of a log ---

class NodeSession::Log final : public Channel, private LogReader {
 public:
  Log(NodeSession& owner, std::uint64_t number, LogWish wish)
      : owner_(owner),
        number_(number),
        follower_(owner.thread_, std::move(wish), static_cast<LogReader&>(*this)) {}

  bool take(Incoming&& object) override {
    if (object.value.find("go_on") == nullptr) return false;
    follower_.go_on();
    return true;
  }
  void end() override { owner_.lose_later(number_); }

 private:
  void on_log(std::int64_t newest) override { say(log_members(newest)); }
  void on_no_log(const Failure& failure) override { say(no_log_members(failure)); }
  void on_items(std::vector<LogItem> items, std::int64_t position) override {
    std::string payload;
    const auto members = items_members(items, position, payload);
    say(members, &payload);
  }
  void on_items_gone(std::int64_t oldest) override { say("\"gone\":" + std::to_string(oldest)); }
  void on_log_event(std::string_view name, const std::string& data) override {
    say("\"event\":\"" + std::string(name) + "\"", &data);
  }
  void say(std::string_view members, const std::string* payload = nullptr) {
    if (!retired_) owner_.say(number_, members, payload);
  }

  NodeSession& owner_;
  const std::uint64_t number_;
  LogFollower follower_;
};

// --- the session ---

NodeSession::NodeSession(ThreadState& thread, ObjectSink& sink) : thread_(thread), sink_(sink) {
  sink_.begin() += R"({"node":{"version":1}})";
  sink_.complete();
}

NodeSession::~NodeSession() = default;

void NodeSession::receive(Incoming&& object) {
  const auto& said = object.value;
  if (said.find("ping") != nullptr) {
    sink_.begin() += R"({"pong":1})";
    return sink_.complete();
  }
  const auto number = said["to"].as_uint64();
  if (!number) return wrong("its frame has no channel");
  if (const auto* told = said.find("news")) {
    auto news = read_news(*told);
    if (!news) return wrong("its news are none");
    if (thread_.gateway.store) take_account_news(thread_.gateway, std::move(*news));
    return;
  }
  const auto found = channels_.find(*number);
  const auto *opening = said.find("open"), *log = said.find("open_log");
  if (opening != nullptr || log != nullptr) {
    if (found != channels_.end()) return wrong("it opened a channel twice");
    return opening != nullptr ? open(*number, *opening) : open_log(*number, *log);
  }
  if (found == channels_.end()) return;  // it was lost meanwhile
  if (said.find("close") != nullptr) return retire(*number);
  if (!found->second->take(std::move(object))) wrong("its frame says nothing that is known");
}

void NodeSession::refuse(std::string_view id, const Failure& failure) {
  const auto object = read_object_number(id);
  if (!object) return wrong("a node said what is no frame");
  if (channels_.contains(object->channel)) {
    say(object->channel, refused_members(object->object, failure));
  }
}

void NodeSession::open(std::uint64_t number, const tl::Value& what) {
  auto& gateway = thread_.gateway;
  const auto& account = what["account"];
  ConnectionSetup setup;
  setup.forwarded = true;
  setup.number = gateway.last_connection.fetch_add(1) + 1;
  if (what["shape"].is_string() && what["shape"].text() == "api") setup.shape = ReplyShape::api;
  setup.stateless = what["stateless"].as_bool();
  const auto json = what["json"].is_string() ? tl::notation_of(what["json"].text()) : std::nullopt;
  if (!account.is_string() || !json || !read_scope(what["scope"], setup.scope)) {
    return wrong("it opened a channel in words that are not known");
  }
  setup.json = *json;
  auto* const home = gateway.store ? thread_of_account(gateway, account.text()) : nullptr;
  if (home == nullptr || ended_ || channels_.size() >= most_channels) return lose(number);
  if (const auto* options = what.find("options")) {
    const auto schemes = gateway.schemes();
    ConnectionOptions first;
    first.layer = schemes->first().layer;
    auto read = read_options_attribute(*options, first, *schemes, true);
    if (!read) return lose(number);  // another version, another layer
    read->shape = setup.shape;
    setup.choices = std::make_shared<const ConnectionChoices>(
        ConnectionChoices{std::move(*read), *home->usual_server});
  }
  auto& channel = channels_[number];
  channel =
      std::make_unique<Client>(*this, number, *home, std::move(setup), std::string(account.text()));
  if (above_high_watermark_) channel->pause(true);
}

void NodeSession::open_log(std::uint64_t number, const tl::Value& what) {
  LogWish wish;
  if (!read_log_wish(what, wish)) return wrong("it opened a log in words that are not known");
  if (!thread_.gateway.store || ended_ || channels_.size() >= most_channels) return lose(number);
  channels_[number] = std::make_unique<Log>(*this, number, std::move(wish));
}

void NodeSession::say(std::uint64_t number, std::string_view members, const std::string* payload) {
  auto& text = sink_.begin();
  auto& out = text.end();
  out += "{\"of\":" + std::to_string(number) + ",";
  out += members;
  if (payload != nullptr) out += ",\"size\":" + std::to_string(payload->size());
  out += '}';
  if (payload != nullptr) {
    out += '\n';
    text.attach(std::string(*payload));
  }
  sink_.complete();
}

// It may be on the stack.
void NodeSession::retire(std::uint64_t number) {
  const auto found = channels_.find(number);
  if (found == channels_.end()) return;
  auto channel = std::shared_ptr<Channel>(std::move(found->second));
  channels_.erase(found);
  channel->retire();
  boost::asio::post(thread_.executor, [channel] {});
  if (ended_ && channels_.empty()) sink_.finish();
}

void NodeSession::lose(std::uint64_t number) {
  say(number, "\"lost\":true");
  retire(number);
}

// All of them are gone through.
void NodeSession::lose_later(std::uint64_t number) {
  boost::asio::post(thread_.executor, [this, number, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) lose(number);
  });
}

void NodeSession::wrong(std::string_view what) { sink_.reset(what); }

void NodeSession::set_above_high_watermark(bool above_high_watermark) {
  above_high_watermark_ = above_high_watermark;
  for (const auto& [number, channel] : channels_) channel->pause(above_high_watermark);
}

void NodeSession::end() {
  if (std::exchange(ended_, true)) return;
  if (channels_.empty()) return sink_.finish();
  for (const auto& [number, channel] : channels_) channel->end();
}

void NodeSession::close() { channels_.clear(); }

}  // namespace server
