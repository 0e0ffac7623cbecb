// An account's connections: one to its own data centre, and up to eight to others, each made when
// it is first needed. Owns them; calls upstream connections and secondary connections; told of by
// CallTable, which is who asks for them. core.telegram.org/api/datacenter
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "server/account/account_event.hpp"
#include "server/account/account_services.hpp"
#include "server/account/rare_map.hpp"
#include "server/account/secondary_connection.hpp"

namespace server::account {

// Where an account is, and how it is spoken to.
struct DcSettings {
  std::shared_ptr<const upstream::Telegram> telegram;
  mtproto::DcId home{2};
  mtproto::ClientTransport transport;
  std::shared_ptr<const upstream::Proxy> proxy;  // none: the direct way
  bool pfs = false;
  tl::SharedBytes prefix;                    // init_prefix()
  std::shared_ptr<const tl::Schema> schema;  // of the gateway's own calls
  int layer = 0;                             // of that scheme
  // The connection home, for those that are reached alike; none: made for each account.
  std::shared_ptr<const upstream::UpstreamSettings> upstream{};
};

// How data centre `dc` is connected to.
std::shared_ptr<const upstream::UpstreamSettings> upstream_settings(const AccountServices&,
                                                                    const DcSettings&,
                                                                    mtproto::DcId dc);

// Who is told what comes, by the data centre that it comes from (home_dc for the account's own).
class DcUser {
 public:
  virtual ~DcUser() = default;
  virtual void on_connecting(mtproto::DcId) = 0;
  virtual void on_key_exchange(mtproto::DcId) = 0;
  // `again`: it was said already of this connection.
  virtual void on_ready(mtproto::DcId, bool again) = 0;
  virtual void on_answer(mtproto::DcId, mtproto::RequestId, tl::Slice body) = 0;
  virtual void on_written(mtproto::DcId, mtproto::RequestId) = 0;
  virtual void on_lost(mtproto::DcId, mtproto::RequestId) = 0;
  virtual void on_refused(mtproto::DcId, mtproto::RequestId, boost::system::error_code why) = 0;
  virtual void on_down(mtproto::DcId, const upstream::UpstreamFailure&) = 0;
  virtual void on_pushed(tl::Slice body) = 0;
  virtual void on_renewed() = 0;
  virtual void on_changed() = 0;  // after any of these
};

class DcConnections {
 public:
  static constexpr std::size_t most_secondary = 8;

  enum class Reach : std::uint8_t { there, unknown_dc, too_many };

  DcConnections(const AccountServices&, std::shared_ptr<const DcSettings>, mtproto::SessionState,
                HomeCaller&, DcUser&);
  ~DcConnections();

  const DcSettings& settings() const { return *settings_; }
  // Of the account's own session, which outlives its connections.
  const mtproto::SessionState& state() const;
  mtproto::UnixTime server_time() const;
  // The number that messages about it have.
  int number(mtproto::DcId dc) const {
    return dc == home_dc ? settings_->home.value() : dc.value();
  }

  // Makes a connection where there is none; it dials when something is sent. One that `in_use` says
  // no of gives way to a ninth.
  Reach reach(mtproto::DcId, const std::function<bool(mtproto::DcId)>& in_use);
  // None: there is no connection.
  upstream::UpstreamHandle* port(mtproto::DcId) const;
  bool ready(mtproto::DcId dc) const { return port(dc) != nullptr && port(dc)->ready(); }
  const upstream::UpstreamFailure* last_failure(mtproto::DcId) const;
  // Of the connection there, among all that were made: each numbers its requests from the
  // beginning.
  std::uint32_t serial(mtproto::DcId) const;

  // Those of the same place: with another prefix or schema.
  void set_settings(std::shared_ptr<const DcSettings>);
  // The next answer is to come with who we are said again.
  void initialise(mtproto::DcId);
  // Nothing more is read from Telegram.
  void pause(bool paused);
  // What was told as final: the next call makes another connection.
  void drop(mtproto::DcId, const upstream::UpstreamFailure&);
  void close_secondary();
  void close();

 private:
  class Connection;

  Connection* find(mtproto::DcId) const;
  bool make_room(const std::function<bool(mtproto::DcId)>& in_use);
  void save();
  void open_home(Connection&);
  void open_secondary(Connection&, mtproto::DcId);

  const AccountServices& services_;
  std::shared_ptr<const DcSettings> settings_;    // many accounts have the same
  std::unique_ptr<mtproto::SessionState> saved_;  // while there is no connection home
  HomeCaller& home_caller_;
  DcUser& user_;
  std::unique_ptr<Connection> home_;
  RareMap<mtproto::DcId, std::unique_ptr<Connection>> secondary_;
  std::uint64_t uses_ = 0;
  std::uint32_t made_ = 0;
  bool paused_ = false;
  bool closed_ = false;
};

}  // namespace server::account
