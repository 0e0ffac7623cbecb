#include "server/gateway/make_connection.hpp"

#include "server/gateway/gateway.hpp"

namespace server {
namespace {

ConnectionOptions first_options(const Gateway& gateway, const Schemes& schemes,
                                const ConnectionSetup& setup) {
  ConnectionOptions out;
  out.layer = schemes.first().layer;
  out.ignore_unknown = gateway.options.ignore_unknown;
  out.app = SharedApp(gateway.app);
  out.pfs = gateway.options.pfs;
  out.json = setup.json;
  out.shape = setup.shape;
  if (setup.stateless) out.updates = Updates::none;
  return out;
}

}  // namespace

std::shared_ptr<Connection> make_connection(ThreadState& thread, ObjectSink& sink,
                                            const ConnectionSetup& setup) {
  const auto& gateway = thread.gateway;
  auto schemes = gateway.schemes();
  thread.first_options.change(
      [&](ConnectionOptions& last) { last = first_options(gateway, *schemes, setup); });
  AttributeLimits limits{std::move(schemes),
                         gateway.telegram,
                         gateway.allowed,
                         mtproto::DcId(gateway.options.dc),
                         setup.stateless,
                         setup.scope,
                         thread.named ? &*thread.named : nullptr};
  auto options = setup.choices ? SharedOptions(setup.choices->options) : thread.first_options;
  auto server = setup.choices ? SharedServer(setup.choices->server) : thread.usual_server;
  return std::make_shared<Connection>(thread.services, std::move(limits), std::move(options),
                                      std::move(server), sink, setup.number);
}

}  // namespace server
