// What the clients of one thread share, beside what the whole process does.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "server/connection/client_attributes.hpp"
#include "server/connection/connection_services.hpp"
#include "server/metering/metrics.hpp"
#include "tl/random.hpp"

namespace server {

class Gateway;
class KeyedCalls;
class NodeLinks;

struct ThreadState {
  // `named`: none where no accounts are kept.
  ThreadState(Gateway&, tl::Random&, boost::asio::any_io_executor, Counters&, account::Accounts&,
              named::NamedAccounts* named = nullptr);
  ~ThreadState();

  Gateway& gateway;
  tl::Random& random;
  const boost::asio::any_io_executor executor;
  Counters& counters;
  const ConnectionServices services;
  const SharedServer usual_server;
  // As the last connection began: most begin alike.
  SharedOptions first_options{ConnectionOptions()};
  const std::optional<NamedPlaces> named;
  const std::unique_ptr<KeyedCalls> keyed;
  const std::unique_ptr<NodeLinks> nodes;
};

}  // namespace server
