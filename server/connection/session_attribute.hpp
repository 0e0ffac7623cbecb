// The attribute `session`: whether what a client sets fits where it is to be used, what state of a
// session it makes, and how the session is told back. Pure: a view of where the client's Telegram
// is; the lines themselves are account::SessionLine's.
#pragma once

#include <optional>
#include <string>

#include "mtproto/ids.hpp"
#include "mtproto/session/session.hpp"
#include "server/account/session_line.hpp"
#include "server/connection/server_attribute.hpp"
#include "server/protocol/failure.hpp"
#include "tl/codec.hpp"

namespace server {

class SessionAttribute {
 public:
  // `usual_dc`: of a line that names none. `server` must outlive it.
  SessionAttribute(const ServerChoice& server, mtproto::DcId usual_dc)
      : server_(server), usual_dc_(usual_dc) {}

  mtproto::DcId dc_of(const account::SessionLine& line) const {
    return line.dc.value_or(usual_dc_);
  }
  // Whether the session that there will be can be written as it is asked for.
  std::optional<Failure> check_format(const account::SessionLine&) const;
  // Whether the session can be used there.
  std::optional<Failure> check(const account::SessionLine&) const;
  // Whether it is the session that is used already, whose numbers are newer than the line's.
  bool names(const account::SessionLine&, const mtproto::SessionState& used) const;

  // What a line says of the session itself; 0 for what it leaves to be drawn.
  static mtproto::SessionState state_of(const account::SessionLine&);
  // `about`: what is known beside the state.
  std::string write(const mtproto::SessionState&, account::SessionLine about,
                    std::optional<account::SessionFormat> as, tl::Notation) const;

 private:
  account::SessionPlace place(mtproto::DcId) const;

  const ServerChoice& server_;
  mtproto::DcId usual_dc_;
};

}  // namespace server
