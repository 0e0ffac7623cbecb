#include "server/home_visit.hpp"

#include <utility>

namespace server {

using upstream::LinkFailure;

void HomeVisit::call_home(tl::Bytes body, Done done) {
  leave();
  done_ = std::move(done);
  port_ = join_(*this);
  mtproto::SendOptions options;
  options.repeat = mtproto::Repeat::freely;
  port_->send(std::move(body), std::move(options));
}

void HomeVisit::on_lost(mtproto::RequestId) {
  LinkFailure failure;
  failure.reason = "the connection was lost";
  failure.dc = port_->dc();
  tell(std::move(failure));
}

void HomeVisit::on_refused(mtproto::RequestId, boost::system::error_code why) {
  LinkFailure failure;
  failure.reason = why.message();
  failure.dc = port_->dc();
  tell(std::move(failure));
}

void HomeVisit::on_down(const LinkFailure& failure) {
  auto out = failure;
  out.dc = port_->dc();
  tell(std::move(out));
}

void HomeVisit::tell(Answer answer) {
  const auto done = std::exchange(done_, {});
  leave();
  if (done) done(std::move(answer));
}

void HomeVisit::leave() {
  if (const auto port = std::exchange(port_, {})) port->close();
}

}  // namespace server
