#include "server/gateway/node_link.hpp"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "mtproto/crypto/secret.hpp"
#include "server/config/values.hpp"
#include "server/gateway/gateway.hpp"
#include "server/gateway/node_frames.hpp"
#include "server/gateway/node_identity.hpp"
#include "server/logs/logger.hpp"
#include "server/upstream/event_loop_turn.hpp"
#include "server/upstream/token.hpp"

namespace server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using upstream::token;
using Clock = std::chrono::steady_clock;

// What nodes say themselves is little, and has room when objects have none.
constexpr std::size_t most_said = NodeLinks::most_waiting + (std::size_t{16} << 20);
constexpr std::chrono::seconds time_to_connect{5};
constexpr std::chrono::seconds kept_unused{60};

std::string host_of(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  if (url.starts_with(scheme)) url.remove_prefix(scheme.size());
  return std::string(url);
}

std::string in_words(const error_code& why) {
  return why == asio::ssl::error::stream_truncated || why == asio::error::eof
             ? std::string("it was closed there")
             : why.message();
}

}  // namespace

class NodeLink final : public std::enable_shared_from_this<NodeLink> {
 public:
  NodeLink(NodeLinks& owner, std::string url)
      : owner_(&owner),
        gateway_(owner.thread_.gateway),
        executor_(owner.thread_.executor),
        url_(std::move(url)),
        writing_share_(gateway_.memory),
        reading_(gateway_.memory),
        stream_(executor_, gateway_.node->tls()),
        timer_(executor_) {}

  void start() {
    asio::co_spawn(executor_, run(shared_from_this()), asio::detached);
    asio::co_spawn(executor_, watch(shared_from_this()), asio::detached);
  }

  std::uint64_t open(NodeChannelUser& user) {
    users_.emplace(++numbers_, &user);
    if (over_) tell_lost_later();
    return numbers_;
  }

  void close_channel(std::uint64_t number) {
    if (users_.erase(number) != 0 && !over_) say(number, R"("close":true)");
    if (users_.empty()) unused_since_ = Clock::now();
  }

  void say(std::uint64_t number, std::string_view members) {
    if (over_) return;
    out_ += "{\"to\":" + std::to_string(number) + ",";
    out_.append(members).append("}\n");
    writing_share_.resize(out_.size());
    if (out_.size() > most_said) return fail("it does not read: 80 MiB wait");
    flush();
  }

  // The number is first: it is read even where the rest is not.
  bool ask(ObjectNumber number, std::string_view text) {
    if (over_) return true;  // it is told that the link is lost
    if (!out_.empty() && out_.size() + text.size() > NodeLinks::most_waiting) return false;
    out_ += "{\"id\":" + text_of(number) + ",\"to\":" + std::to_string(number.channel);
    out_.append(",\"object\":").append(text).append("}\n");
    writing_share_.resize(out_.size());
    flush();
    return true;
  }

  // Nobody hears of it any more.
  void close() {
    owner_ = nullptr;
    users_.clear();
    fail({});
  }

 private:
  void flush() {
    if (!up_ || over_ || std::exchange(writing_, true)) return;
    asio::post(executor_, [self = shared_from_this()] {
      asio::co_spawn(self->executor_, write_all(self), asio::detached);
    });
  }

  static asio::awaitable<void> write_all(std::shared_ptr<NodeLink> self) {
    while (!self->over_ && !self->out_.empty()) {
      const auto text = std::exchange(self->out_, {});
      self->writing_share_.resize(text.size());
      const auto [failed, size] =
          co_await asio::async_write(self->stream_, asio::buffer(text), token);
      if (failed) co_return self->fail(in_words(failed));
    }
    self->writing_share_.resize(self->out_.size());
    self->writing_ = false;
  }

  static asio::awaitable<void> run(std::shared_ptr<NodeLink> self) {
    auto why = co_await self->connect();
    if (why.empty()) why = co_await self->read_all();
    self->fail(why);
  }

  asio::awaitable<std::string> connect() {
    const auto where = config::parse_host_port(host_of(url_));
    if (!where) co_return "no address";
    tcp::resolver resolver(executor_);
    const auto [unknown, found] =
        co_await resolver.async_resolve(where->host, std::to_string(where->port), token);
    if (unknown) co_return in_words(unknown);
    const auto [unreached, at] = co_await asio::async_connect(stream_.next_layer(), found, token);
    if (unreached) co_return in_words(unreached);
    error_code ignored;
    stream_.next_layer().set_option(tcp::no_delay(true), ignored);
    ::SSL_ctrl(stream_.native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(where->host.c_str()));
    stream_.set_verify_callback(asio::ssl::host_name_verification(where->host), ignored);
    const auto [untrusted] =
        co_await stream_.async_handshake(asio::ssl::stream_base::client, token);
    if (untrusted) co_return not_trusted(untrusted);
    auto hello = R"({"node":{"version":1,"id":")" + gateway_.leases->node().id + R"(","token":")" +
                 gateway_.node->token() + "\"}}\n";
    const auto [unsent, size] = co_await asio::async_write(stream_, asio::buffer(hello), token);
    mtproto::wipe({reinterpret_cast<std::uint8_t*>(hello.data()), hello.size()});
    co_return unsent ? in_words(unsent) : std::string();
  }

  std::string not_trusted(const error_code& why) {
    const auto verified = ::SSL_get_verify_result(stream_.native_handle());
    if (verified == X509_V_OK) return "TLS failed: " + why.message();
    return std::string("its certificate is not trusted: ") +
           ::X509_verify_cert_error_string(verified);
  }

  // One frame after another; why there are no more.
  asio::awaitable<std::string> read_all() {
    std::array<char, 16384> piece{};
    for (;;) {
      while (auto frame = frames_.next()) {
        auto problem = take(frame->header, std::move(frame->payload));
        if (over_ || !problem.empty()) co_return problem;
      }
      if (frames_.broken()) co_return "it said what is no frame";
      const auto [failed, size] = co_await stream_.async_read_some(asio::buffer(piece), token);
      if (failed) co_return in_words(failed);
      frames_.feed({piece.data(), size});
      reading_.resize(frames_.held());
      heard_at_ = Clock::now();
    }
  }

  // What is wrong with it.
  std::string take(const tl::Value& header, std::string&& payload) {
    if (!up_) {
      if (const auto* error = header.find("msg"); error != nullptr && error->is_string()) {
        return "it refused: " + std::string(error->text());
      }
      if (header.find("node") == nullptr) return "no node is there";
      up_ = true;
      logs::info("node link to {} is open", url_);
      if (owner_ != nullptr) owner_->told_.erase(url_);
      flush();
      return {};
    }
    if (header.find("pong") != nullptr) return {};
    const auto number = header["of"].as_uint64();
    if (!number) return "it said what is no frame";
    const auto found = users_.find(*number);
    if (found == users_.end()) return {};  // it was closed meanwhile
    const upstream::EventLoopTurn turn;
    found->second->on_frame(header, std::move(payload));
    return {};
  }

  // Whether the other node is there. One that was stopped says nothing, and its connection stays.
  static asio::awaitable<void> watch(std::shared_ptr<NodeLink> self) {
    const auto began = Clock::now();
    const auto ttl = self->gateway_.leases->ttl();
    while (!self->over_) {
      self->timer_.expires_after(ttl / 4);
      co_await self->timer_.async_wait(token);
      if (self->over_) co_return;
      const auto now = Clock::now();
      if (!self->up_) {
        if (now - began >= time_to_connect) co_return self->fail("it does not answer");
        continue;
      }
      if (now - self->heard_at_ >= ttl * 3 / 4) co_return self->fail("it says nothing any more");
      if (self->users_.empty() && now - self->unused_since_ >= kept_unused) {
        co_return self->fail({});
      }
      self->out_ += "{\"ping\":1}\n";
      self->flush();
    }
  }

  void fail(const std::string& why) {
    if (std::exchange(over_, true)) return;
    const auto self = shared_from_this();
    if (!why.empty() && owner_ != nullptr) owner_->tell_end(url_, why);
    timer_.cancel();
    error_code ignored;
    stream_.next_layer().close(ignored);
    if (owner_ != nullptr) {
      const auto found = owner_->links_.find(url_);
      if (found != owner_->links_.end() && found->second == self) owner_->links_.erase(found);
    }
    tell_lost_later();
  }

  // Whoever has a channel may be on the stack.
  void tell_lost_later() {
    asio::post(executor_, [self = shared_from_this()] {
      const upstream::EventLoopTurn turn;
      while (!self->users_.empty()) {
        auto* const user = self->users_.begin()->second;
        self->users_.erase(self->users_.begin());
        user->on_link_lost(self->up_);
      }
    });
  }

  NodeLinks* owner_;  // none: it has closed
  Gateway& gateway_;
  const asio::any_io_executor executor_;
  const std::string url_;
  MemoryShare writing_share_, reading_;  // of what waits to be written; to be whole
  asio::ssl::stream<tcp::socket> stream_;
  asio::steady_timer timer_;
  std::map<std::uint64_t, NodeChannelUser*> users_;
  std::uint64_t numbers_ = 0;
  std::string out_;
  NodeFrames frames_;
  bool up_ = false;  // the other node has said that it knows us
  bool writing_ = false;
  bool over_ = false;
  Clock::time_point heard_at_ = Clock::now();
  Clock::time_point unused_since_ = Clock::now();
};

NodeLinks::~NodeLinks() { close(); }

std::shared_ptr<NodeLink> NodeLinks::to(const std::string& url) {
  auto& link = links_[url];
  if (!link) {
    link = std::make_shared<NodeLink>(*this, url);
    link->start();
  }
  return link;
}

// Those who wait for an account dial again and again.
void NodeLinks::tell_end(const std::string& url, const std::string& why) {
  if (told_.size() >= most_told) told_.clear();
  if (std::exchange(told_[url], why) == why) return;
  logs::info("node link to {} ended: {}", url, why);
}

void NodeLinks::close() {
  for (const auto& [url, link] : std::exchange(links_, {})) link->close();
}

NodeChannel::NodeChannel(NodeLinks& links, const std::string& url, NodeChannelUser& user)
    : link_(links.to(url)), number_(link_->open(user)) {}

NodeChannel::~NodeChannel() { link_->close_channel(number_); }

void NodeChannel::say(std::string_view members) { link_->say(number_, members); }

bool NodeChannel::ask(std::uint64_t object, std::string_view text) {
  return link_->ask({number_, object}, text);
}

}  // namespace server
