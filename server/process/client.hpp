// A client's socket: for whom it speaks, where a trusted proxy says so; what its first byte says it
// speaks; TLS around it where that is; and the channel that takes it from there. Driven by a pump
// like any machine.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/access/peer.hpp"
#include "server/channel/channel.hpp"
#include "server/channel/first_byte.hpp"
#include "server/channel/proxy_header.hpp"
#include "server/channel/tls_filter.hpp"
#include "server/gateway/gateway.hpp"
#include "server/gateway/thread_state.hpp"
#include "server/upstream/pump.hpp"
#include "tl/spare_room.hpp"

namespace server {

class Client;

// Whoever has clients.
class ClientOwner {
 public:
  virtual ~ClientOwner() = default;
  virtual void on_gone(const std::shared_ptr<Client>&) = 0;
};

class Client final : public upstream::Machine,
                     public channel::ByteSink,
                     public std::enable_shared_from_this<Client> {
 public:
  // Above the first the data centre and the client are not read (above the other, where the process
  // is at its bound of memory); above the last the client is reset.
  static constexpr std::size_t high_watermark = std::size_t{1} << 20;
  static constexpr std::size_t high_watermark_when_full = std::size_t{16} << 10;
  static constexpr std::size_t hard_limit = std::size_t{64} << 20;
  // Once a byte came, to tell what it speaks; and to shake hands.
  static constexpr mtproto::Duration time_to_tell = std::chrono::seconds(10);
  // At the end, for each piece of what is left.
  static constexpr mtproto::Duration time_to_read = std::chrono::seconds(30);
  // For who has much to read while the process is at its bound of memory, to take some more of it.
  static constexpr mtproto::Duration time_to_go_on = std::chrono::seconds(5);

  // `place`: among those of its address; a trusted proxy's is found later.
  Client(ThreadState&, upstream::Pump::Socket, Peer, access::ConnectionSlot place,
         std::uint64_t number, mtproto::Time accepted);
  ~Client() override;

  // Until the client is gone, which its owner, if any, is told.
  void serve(ClientOwner* owner = nullptr);

  // The process ends: nothing more is read; what was asked is answered.
  void drain();
  // The time for that is over: goodbye, where the channel has a word for it.
  void leave();
  void cut() { pump_->close(); }
  std::uint64_t number() const { return number_; }

  void receive(tl::ByteView bytes, mtproto::Time now) override;
  std::size_t appetite() const override;
  void tick(mtproto::Time now) override;
  std::optional<mtproto::Time> deadline() const override;
  tl::ByteView output() override;
  void written() override;
  void moved(mtproto::Time now) override;
  bool end(mtproto::Time now) override;
  void on_step(mtproto::Time now) override;
  void on_over(const boost::system::error_code& why) override;

  LongText& out() override {
    tl::lend_room(out_.end());
    return out_;
  }
  void flush() override;
  void update_usage() override;
  void wake() override { pump_->wake(); }
  void pause(bool paused) override;
  void close_when_flushed(bool linger) override;
  void reset(std::string_view why) override;
  void become(std::unique_ptr<channel::Channel> next, tl::ByteView bytes,
              mtproto::Time now) override;

 private:
  struct Tls {
    explicit Tls(SSL_CTX& context) : filter(context) {}
    std::size_t unsealed() const { return sealing.size() - sealed; }

    channel::TlsFilter filter;
    std::string sealing;  // what is being sealed, from `sealed` on
    std::size_t sealed = 0;
    bool shut = false;  // it has said goodbye
  };

  void break_silence(mtproto::Time now);
  void take_header(tl::ByteView bytes, mtproto::Time now);
  bool identify(const boost::asio::ip::address& source);
  bool take_place();
  void take_sealed(tl::ByteView bytes, mtproto::Time now);
  void take_plain(tl::ByteView bytes, mtproto::Time now);
  bool begin_tls();
  bool begin_channel(channel::Speech speech, mtproto::Time now);
  void seal();
  void forget(std::string& text);
  void close_if_flushed();
  std::size_t unsealed() const { return tls_ ? tls_->unsealed() : 0; }

  ThreadState& thread_;
  ClientOwner* owner_ = nullptr;
  Peer peer_;
  access::ConnectionSlot place_;
  const std::uint64_t number_;
  std::shared_ptr<upstream::Pump> pump_;
  std::unique_ptr<channel::ProxyHeader> header_;  // may come: a trusted proxy is there
  std::unique_ptr<Tls> tls_;                      // most clients speak none, or are behind a proxy
  std::unique_ptr<channel::Channel> channel_;
  std::unique_ptr<channel::Channel> retired_;  // it may be on the stack still
  std::optional<ScopedGauge> entered_;         // counts it among its kind
  std::optional<mtproto::Time> tell_by_;       // it said something, but not what it speaks
  std::optional<mtproto::Time> token_by_;      // it has shown none; then its channel sees to that
  std::optional<mtproto::Time> read_by_;       // the end has come, and something is left to say
  LongText out_;                               // waits, in the clear
  std::string writing_;                        // what the pump writes, from `at_` on
  std::size_t at_ = 0;
  std::size_t offered_ = 0;  // to the pump, of `writing_`
  MemoryShare share_;
  bool silent_;                          // it is of this machine, no proxy, and has not said a byte
  std::optional<mtproto::Time> cut_by_;  // it has much to read, and there is no memory
  bool above_high_watermark_ = false;
  bool paused_ = false;  // by the channel
  bool finishing_ = false;
  bool reset_ = false;
  bool linger_ = false;
};

}  // namespace server
