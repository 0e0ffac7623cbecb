// A stream in memory, with what Beast asks of a socket: the WebSocket protocol is Beast's, while the
// socket (and TLS around it) stays with whoever drives the channel.
#pragma once

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/system/error_code.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "tl/bytes.hpp"

namespace server::channel {

class MemoryStream {
 public:
  using executor_type = boost::asio::any_io_executor;
  using error_code = boost::system::error_code;

  // `write` is given what is written, at once. False: that is enough, nothing more is written until
  // write_on().
  MemoryStream(executor_type executor, std::function<bool(std::string_view)> write)
      : executor_(std::move(executor)), write_(std::move(write)) {}
  MemoryStream(const MemoryStream&) = delete;
  MemoryStream& operator=(const MemoryStream&) = delete;

  executor_type get_executor() const { return executor_; }

  // What came from the peer; kept until it is read.
  void feed(tl::ByteView bytes) {
    if (ended_) return;
    in_.append(tl::as_text(bytes));
    serve();
  }
  // Called whenever all was read and more is waited for.
  void on_hungry(std::function<void()> hungry) { hungry_ = std::move(hungry); }
  bool hungry() const { return reader_ && unread() == 0; }
  std::size_t unread() const { return in_.size() - taken_; }
  // What it takes to keep that.
  std::size_t held() const { return in_.empty() ? 0 : in_.capacity(); }
  // There is room again for what is written.
  void write_on() {
    if (!writer_) return;
    const auto writer = std::move(writer_);
    writer->complete(executor_,
                     ended_ ? error_code(boost::asio::error::broken_pipe) : error_code());
  }
  // Nothing more comes, and nothing more is written.
  void end() {
    ended_ = true;
    serve();
    write_on();
  }

  template <class Buffers, class Handler>
  auto async_read_some(const Buffers& buffers, Handler&& handler) {
    return boost::asio::async_initiate<Handler, void(error_code, std::size_t)>(
        [this](auto&& taker, const Buffers& to) {
          using Taker = std::decay_t<decltype(taker)>;
          reader_ = std::make_unique<ReaderOf<Buffers, Taker>>(to, std::move(taker));
          serve();
        },
        handler, buffers);
  }

  template <class Buffers, class Handler>
  auto async_write_some(const Buffers& buffers, Handler&& handler) {
    return boost::asio::async_initiate<Handler, void(error_code, std::size_t)>(
        [this](auto&& taker, const Buffers& from) {
          using Taker = std::decay_t<decltype(taker)>;
          std::size_t size = 0;
          bool more = true;
          if (!ended_) {
            for (auto at = boost::asio::buffer_sequence_begin(from);
                 at != boost::asio::buffer_sequence_end(from); ++at) {
              const boost::asio::const_buffer part(*at);
              more = write_({static_cast<const char*>(part.data()), part.size()});
              size += part.size();
            }
          }
          if (!more) {
            writer_ = std::make_unique<WriterOf<Taker>>(size, std::move(taker));
            return;
          }
          const auto why = ended_ ? error_code(boost::asio::error::broken_pipe) : error_code();
          boost::asio::post(executor_,
                            boost::beast::bind_front_handler(std::move(taker), why, size));
        },
        handler, buffers);
  }

  friend void beast_close_socket(MemoryStream& stream) { stream.end(); }
  template <class Handler>
  friend void async_teardown(boost::beast::role_type, MemoryStream& stream, Handler&& handler) {
    boost::asio::post(stream.executor_, boost::beast::bind_front_handler(
                                            std::forward<Handler>(handler), error_code()));
  }
  friend void teardown(boost::beast::role_type, MemoryStream&, error_code& why) { why = {}; }

 private:
  struct Reader {
    virtual ~Reader() = default;
    virtual std::size_t take(std::string_view from) = 0;
    virtual void complete(const executor_type&, error_code, std::size_t size) = 0;
  };
  template <class Buffers, class Handler>
  struct ReaderOf final : Reader {
    ReaderOf(Buffers to_in, Handler handler_in)
        : to(std::move(to_in)), handler(std::move(handler_in)) {}
    std::size_t take(std::string_view from) override {
      return boost::asio::buffer_copy(to, boost::asio::buffer(from));
    }
    void complete(const executor_type& executor, error_code why, std::size_t size) override {
      boost::asio::post(executor, boost::beast::bind_front_handler(std::move(handler), why, size));
    }
    Buffers to;
    Handler handler;
  };

  // One that was carried out, and is told so once there is room for the next.
  struct Writer {
    virtual ~Writer() = default;
    virtual void complete(const executor_type&, error_code) = 0;
  };
  template <class Handler>
  struct WriterOf final : Writer {
    WriterOf(std::size_t size_in, Handler handler_in)
        : size(size_in), handler(std::move(handler_in)) {}
    void complete(const executor_type& executor, error_code why) override {
      boost::asio::post(executor, boost::beast::bind_front_handler(std::move(handler), why, size));
    }
    std::size_t size;
    Handler handler;
  };

  void serve() {
    if (!reader_) return;
    if (in_.size() == taken_ && !ended_) {
      if (hungry_) hungry_();
      return;
    }
    const auto size = reader_->take(std::string_view(in_).substr(taken_));
    const bool over = in_.size() == taken_;
    taken_ += size;
    if (taken_ == in_.size()) {
      tl::release(in_);
      taken_ = 0;
    } else if (taken_ > in_.size() / 2) {  // it may never come to its end
      in_.erase(0, std::exchange(taken_, 0));
    }
    const auto reader = std::move(reader_);
    reader->complete(executor_, over ? error_code(boost::asio::error::eof) : error_code(), size);
  }

  executor_type executor_;
  std::function<bool(std::string_view)> write_;
  std::function<void()> hungry_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<Writer> writer_;  // waits for room
  std::string in_;
  std::size_t taken_ = 0;  // of in_
  bool ended_ = false;
};

}  // namespace server::channel
