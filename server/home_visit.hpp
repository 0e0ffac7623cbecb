// Calls made in the client's own data centre on a link that others use too: joined for one call at
// a time, and left again.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>

#include "server/secondary_link.hpp"

namespace server {

class HomeVisit final : public HomeCaller, private upstream::LinkUser {
 public:
  using Join = std::function<std::shared_ptr<upstream::LinkPort>(LinkUser&)>;

  explicit HomeVisit(Join join) : join_(std::move(join)) {}
  ~HomeVisit() override { leave(); }

  bool has_key() const override { return true; }  // it is found by its key
  void call_home(tl::Bytes body, Done done) override;

 private:
  void on_connecting() override {}
  void on_ready() override {}
  void on_answer(mtproto::RequestId, tl::Slice body) override { tell(std::move(body)); }
  void on_written(mtproto::RequestId) override {}
  void on_lost(mtproto::RequestId) override;
  void on_refused(mtproto::RequestId, boost::system::error_code why) override;
  void on_pushed(tl::Slice) override {}
  void on_down(const upstream::LinkFailure&) override;
  void on_changed() override {}

  void tell(Answer answer);
  void leave();

  Join join_;
  std::shared_ptr<upstream::LinkPort> port_;
  Done done_;
};

}  // namespace server
