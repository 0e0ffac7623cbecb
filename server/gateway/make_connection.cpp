#include "server/gateway/make_connection.hpp"

#include "server/gateway/gateway.hpp"

namespace server {
namespace {

AttributeDefaults attribute_defaults(const Gateway& gateway, const ConnectionSetup& setup) {
  AttributeDefaults out{gateway.schemes(),
                        {},
                        {},
                        gateway.telegram,
                        gateway.allowed,
                        mtproto::DcId(gateway.options.dc),
                        setup.stateless};
  out.options.layer = out.schemes->first().layer;
  out.options.ignore_unknown = gateway.options.ignore_unknown;
  out.options.app = gateway.options.app;
  out.options.pfs = gateway.options.pfs;
  out.options.json = setup.json;
  if (setup.stateless) out.options.updates = Updates::none;
  out.server.telegram = gateway.telegram;
  out.server.dc = out.usual_dc;
  out.server.transport.framing = gateway.options.transport;
  out.server.transport.obfuscated = gateway.options.obfuscated;
  out.server.proxy = gateway.proxy;
  return out;
}

}  // namespace

std::shared_ptr<Connection> make_connection(ThreadState& thread, Sink& sink,
                                            const ConnectionSetup& setup) {
  auto& gateway = thread.gateway;
  ConnectionServices services{thread.accounts,
                              gateway.memory,
                              thread.counters,
                              thread.random,
                              work_of(thread),
                              gateway.options.rpc_timeout,
                              gateway.options.send_tracebacks,
                              gateway.options.print_tracebacks};
  return std::make_shared<Connection>(std::move(services), attribute_defaults(gateway, setup), sink,
                                      setup.number);
}

}  // namespace server
