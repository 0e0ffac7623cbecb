// JSON lines on a connection: one object a line, both ways.
#pragma once

#include "server/channel/admission_gate.hpp"
#include "server/channel/channel.hpp"
#include "server/channel/line_channel.hpp"

namespace server::channel {

class JsonLines final : public Channel, public ObjectSink, public ObjectTaker {
 public:
  // `decided`: the first byte was that of an object. Else it is refused after its first line, or
  // after a while.
  JsonLines(ThreadState&, ByteSink&, Caller caller, bool decided);

  void receive(tl::ByteView bytes, mtproto::Time now) override;
  void end(mtproto::Time now) override;
  void tick(mtproto::Time now) override;
  std::optional<mtproto::Time> deadline() const override;
  void set_above_high_watermark(bool above_high_watermark) override;
  void drain() override;
  void close() override;
  std::size_t held() const override { return gate_.held(); }

 private:
  LongText& begin() override;
  void complete(ObjectNote note) override;
  void update_usage() override { byte_sink_.update_usage(); }
  void wake() override { byte_sink_.wake(); }
  void finish() override;
  void reset(std::string_view why) override { byte_sink_.reset(why); }

  void on_object(Incoming&&) override;
  void on_failure(std::string_view id, const Failure&, std::size_t bytes) override;
  void on_end() override { gate_.end(); }
  void on_busy(bool busy) override { byte_sink_.pause(busy); }
  void on_wrong_start() override { stop(); }
  void stop();

  static constexpr mtproto::Duration time_to_tell = std::chrono::seconds(10);

  ByteSink& byte_sink_;
  AdmissionGate gate_;
  LineChannel lines_;
  bool decided_;
  std::optional<mtproto::Time> tell_by_;
  std::size_t begun_ = 0;  // where in the sink the object begins that is being written
  bool finishing_ = false;
  bool linger_ = false;  // it may still be talking when we close
};

}  // namespace server::channel
