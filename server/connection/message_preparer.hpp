// A client's message until it can be sent: into bytes, here or, where it is large, on the pool; and
// with the names in it asked for, one by one. While that takes time the request is the barrier of
// the queue. Calls the encoder, the pool and PeerResolver; its connection is told when it is done.
#pragma once

#include <memory>
#include <optional>

#include "server/account/peer_resolver.hpp"
#include "server/connection/client_attributes.hpp"
#include "server/connection/outcome.hpp"
#include "server/connection/request_encoder.hpp"
#include "server/connection/request_queue.hpp"

namespace server {

class MessagePreparer : public std::enable_shared_from_this<MessagePreparer> {
 public:
  static constexpr unsigned most_names = 64;

  class User {
   public:
    virtual ~User() = default;
    // Encoded on the pool, and nothing of it applied yet: it is to be begun anew.
    virtual void on_encoded(ClientRequest&, mtproto::Time now) = 0;
    // Its body can be sent.
    virtual void on_prepared(ClientRequest&, mtproto::Time now) = 0;
    virtual void on_request_over(ClientRequest&, const Outcome&, mtproto::Time now) = 0;
    virtual void on_request_failed(ClientRequest&, Failure, mtproto::Time now) = 0;
    virtual void on_due() = 0;  // the queue's deadline may be sooner
  };

  MessagePreparer(RequestQueue& queue, ClientAttributes& attributes, MemoryMeter& memory,
                  tl::Random& random, const upstream::WorkRunner& runner, User& user)
      : queue_(queue),
        attributes_(attributes),
        memory_(memory),
        random_(random),
        runner_(runner),
        user_(user) {}

  // With what the request's attributes say, which are not applied yet. Where it goes to the pool
  // its state is `encoding`, and on_encoded() follows.
  std::optional<Failure> encode(ClientRequest&, const AttributePlan&, mtproto::Time now);
  // Asks for the names that it lacks, if any.
  void prepare(ClientRequest&, mtproto::Time now);
  // It got no answer in time. True: its question was written, and the connection lost since.
  bool cancel(const ClientRequest&);
  void on_account_leaving() { names_.cancel_all(); }
  // Nobody waits for anything any more.
  void close();

 private:
  std::optional<Failure> encode(ClientRequest&, const ConnectionOptions&,
                                const account::PeerNames&);
  std::optional<Failure> encode_apart(ClientRequest&, const ConnectionOptions&,
                                      const account::PeerNames&);
  void encoded_apart(std::uint64_t number, EncodeWork&, mtproto::Time now);
  std::optional<Failure> take(ClientRequest&, const ConnectionOptions&, EncodedMessage);
  void resolve(ClientRequest&, mtproto::Time now);
  void named(std::uint64_t number, account::PeerResolver::Result, mtproto::Time now);

  RequestQueue& queue_;
  ClientAttributes& attributes_;
  MemoryMeter& memory_;
  tl::Random& random_;
  const upstream::WorkRunner& runner_;
  User& user_;
  account::PeerResolver names_;
  bool closed_ = false;
};

// The kernel takes milliseconds to get megabytes back.
void drop_arena(std::unique_ptr<RequestArena> arena, upstream::WorkPool& pool);

}  // namespace server
