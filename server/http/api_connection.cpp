#include "server/http/api_connection.hpp"

#include <utility>

namespace server::http {

void ApiConnection::call(Place place, const ConnectionSetup& setup, Incoming&& object,
                         RemoteUser& user) {
  user_ = &user;
  if (!remote_ || place != place_) {
    place_ = std::move(place);
    remote_ = std::make_unique<RemoteConnection>(
        thread_, *place_.home, static_cast<RemoteUser&>(*this), setup, place_.account);
  }
  remote_->receive(std::move(object));
}

// What it would be answered must not be taken for the next one's answer.
void ApiConnection::give_up() {
  if (std::exchange(user_, nullptr) != nullptr) remote_.reset();
}

void ApiConnection::close() {
  user_ = nullptr;
  remote_.reset();
}

// What is pushed is for others.
void ApiConnection::on_reply(LongText object, ObjectNote note, std::size_t held) {
  if (note.status.code == 0 || user_ == nullptr) return;
  std::exchange(user_, nullptr)->on_reply(std::move(object), note, held);
}

void ApiConnection::on_reset(std::string why) {
  remote_.reset();
  if (user_ != nullptr) std::exchange(user_, nullptr)->on_reset(std::move(why));
}

}  // namespace server::http
