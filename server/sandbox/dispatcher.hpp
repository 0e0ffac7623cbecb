// From the bytes of a request to the bytes of its answer and of the updates that it causes:
// wrappers off, decoded in the client's layer, carried out, encoded in the client's layer. It
// knows no sockets: the listener brings requests and takes the pushes away.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <memory_resource>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "mtproto/host/host.hpp"
#include "mtproto/time.hpp"
#include "server/sandbox/faults/faults.hpp"
#include "server/sandbox/layers.hpp"
#include "server/sandbox/methods/call.hpp"
#include "server/sandbox/sessions.hpp"
#include "server/sandbox/world/world.hpp"
#include "server/sandbox/wrappers.hpp"

namespace server::sandbox {

class Dispatcher {
 public:
  Dispatcher(World& world, LayerBook layers, std::vector<DataCentre> data_centres);

  void set_layers(LayerBook layers) { layers_ = std::move(layers); }
  // It outlives the dispatcher, or is none.
  void set_faults(Faults* faults) { faults_ = faults; }
  void set_data_centres(std::vector<DataCentre> data_centres) {
    data_centres_ = std::move(data_centres);
  }

  // What a request came to, for the log.
  struct Told {
    std::string method;
    std::optional<RpcError> error;
    CallFate fate;  // what is to happen to the answer
    // The client's layer is not loaded, and which one it is answered in; told once of each.
    std::optional<std::pair<std::int32_t, std::int32_t>> stand_in;
  };
  // The boxed answer, or rpc_error. `ring` knows which keys are temporary; without it none is.
  tl::Bytes call(const mtproto::SessionAddress& from, mtproto::MessageId message, tl::ByteView body,
                 std::int32_t dc, mtproto::Time now, mtproto::UnixTime wall,
                 mtproto::KeyRing* ring = nullptr);
  const Told& told() const { return told_; }

  // What bots do in the meantime.
  void tick(mtproto::Time now, mtproto::UnixTime wall);
  std::optional<mtproto::Time> deadline() const { return world_.deadline(); }

  struct Push {
    mtproto::SessionAddress to;
    mtproto::AuthKeyId owner;
    std::shared_ptr<const tl::Bytes> body;
  };
  std::vector<Push> take_pushes() { return std::exchange(pushes_, {}); }

  // A push did not find its session on any connection. Its key ring keeps the first hundred for
  // it; after that it is told to ask for the difference when it is seen again.
  void missed(const mtproto::SessionAddress& session);
  // What to say to a session that is back, if anything.
  std::optional<tl::Bytes> seen(const mtproto::SessionAddress& session);
  void session_gone(const mtproto::SessionAddress& session) { sessions_.forget(session); }
  // Its client goes on under another temporary key.
  void session_moved(const mtproto::SessionAddress& from, const mtproto::SessionAddress& to) {
    sessions_.move(from, to);
  }
  void key_gone(mtproto::AuthKeyId key);

 private:
  using Arena = std::pmr::monotonic_buffer_resource;

  Outcome<void> answer(const Origin& origin, tl::ByteView body, std::int32_t dc, tl::Bytes& out);
  Outcome<void> wait_for(const Origin& origin, std::span<const mtproto::MessageId> others) const;
  Outcome<void> run(const Origin& origin, Key& key, const Unwrapped& request, const Layer& layer,
                    tl::Bytes& out);
  void publish(std::vector<Notice> notices, const mtproto::SessionAddress* caller,
               std::optional<UserId> caller_user);
  void publish_to(UserId user, std::span<const Notice> notices,
                  const mtproto::SessionAddress* caller, std::optional<UserId> caller_user);

  bool wants_updates(const mtproto::SessionAddress& from, const Key& key) const;
  void tell_scanned(const Caller& who);

  World& world_;
  LayerBook layers_;
  std::vector<DataCentre> data_centres_;
  Sessions sessions_;
  std::vector<std::byte> scratch_;
  Told told_;
  std::deque<std::pair<mtproto::SessionAddress, mtproto::MessageId>> failed_;  // the last calls
  std::set<std::int32_t> not_loaded_;                                          // layers, told of
  Faults* faults_ = nullptr;
  std::vector<Push> pushes_;
};

}  // namespace server::sandbox
