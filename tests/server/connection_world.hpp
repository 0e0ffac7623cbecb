// A connection without a client's socket, a small scheme, and a data centre on loopback.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "server/channel/object_text.hpp"
#include "server/connection.hpp"
#include "server/shared_links.hpp"
#include "tests/support/api_schema.hpp"
#include "tests/support/places.hpp"
#include "tests/support/test_telegram.hpp"

namespace support {

// What the connection's client would read.
class Mailbox final : public server::Sink {
 public:
  server::LongText& begin() override { return out_; }
  void complete(bool) override { objects.push_back(std::exchange(out_, {}).copy()); }
  void wake() override { ++woken; }
  void weigh() override { ++weighed; }
  void finish() override { finished = true; }
  void abandon(std::string_view why) override { abandoned = why; }

  std::vector<std::string> objects;
  std::size_t woken = 0;
  std::size_t weighed = 0;
  bool finished = false;
  std::string abandoned;

 private:
  server::LongText out_;
};

inline constexpr std::string_view small_api = R"(
boolFalse#bc799737 = Bool;
boolTrue#997275b5 = Bool;
true#3fedd339 = True;
vector#1cb5c415 {t:Type} # [ t ] = Vector t;
inputPeerEmpty#7f3b18ea = InputPeer;
inputPeerSelf#7da07ec9 = InputPeer;
inputPeerUser#dde8a54c user_id:long access_hash:long = InputPeer;
inputPeerChannel#27bcbbfc channel_id:long access_hash:long = InputPeer;
inputUserSelf#f7c1b13f = InputUser;
inputUser#f21158c6 user_id:long access_hash:long = InputUser;
peerUser#59511722 user_id:long = Peer;
user flags:# id:long access_hash:flags.0?long = User;
contacts.resolvedPeer peer:Peer chats:Vector<User> users:Vector<User> = contacts.ResolvedPeer;
nearestDc#8e1a1775 country:string this_dc:int nearest_dc:int = NearestDc;
box text:bytes = Box;
update#aaaaaaa1 n:long = Update;
updatesTooLong#e317af7e = Updates;
chatEmpty#29562865 id:long = Chat;
message#aaaaaaa3 id:int message:string = Message;
updateNewMessage#1f2b0afd message:Message pts:int pts_count:int = Update;
updates#74ae4240 updates:Vector<Update> users:Vector<User> chats:Vector<Chat> date:int seq:int = Updates;
updates.state#a56c2a3e pts:int qts:int date:int seq:int unread_count:int = updates.State;
updates.differenceEmpty#5d75a138 date:int seq:int = updates.Difference;
updates.difference#f49ca0 new_messages:Vector<Message> new_encrypted_messages:Vector<Message> other_updates:Vector<Update> chats:Vector<Chat> users:Vector<User> state:updates.State = updates.Difference;
updates.differenceTooLong#4afe8f6d pts:int = updates.Difference;
updateLoginToken#564fe691 = Update;
updateShort#78d4dec1 update:Update date:int = Updates;
auth.authorization#2ea2c0d4 flags:# setup_password_required:flags.1?true user:User = auth.Authorization;
auth.loginToken#629f1980 expires:int token:bytes = auth.LoginToken;
auth.loginTokenSuccess#390d5c5e authorization:auth.Authorization = auth.LoginToken;
---functions---
invokeWithLayer#da9b0d0d {X:Type} layer:int query:!X = X;
initConnection#c1cd5ea9 {X:Type} flags:# api_id:int device_model:string system_version:string app_version:string system_lang_code:string lang_pack:string lang_code:string params:flags.1?long query:!X = X;
invokeAfterMsg#cb9f372d {X:Type} msg_id:long query:!X = X;
invokeAfterMsgs#3dc4b4f0 {X:Type} msg_ids:Vector<long> query:!X = X;
help.getNearestDc#1fb33026 = NearestDc;
messages.sendMessage#aaaaaaa2 peer:InputPeer message:string random_id:long = Updates;
contacts.resolveUsername#725afbbc flags:# username:string referer:flags.0?string = contacts.ResolvedPeer;
auth.exportLoginToken#b7e085fe api_id:int api_hash:string except_ids:Vector<long> = auth.LoginToken;
updates.getState#edd4882a = updates.State;
updates.getDifference#19c2f763 flags:# pts:int pts_limit:flags.1?int pts_total_limit:flags.0?int date:int qts:int qts_limit:flags.2?int = updates.Difference;
test.act n:int = Bool;
test.getBox n:int = Box;
// LAYER 100
)";

class World {
 public:
  boost::asio::io_context context{1};  // outlives the pools that post to it

  explicit World(TestTelegram::Handler handler, server::Options options = {})
      : mtproto_{"mtproto.tl", read_file(support::mtproto_tl_file())},
        schemes_(parse()),
        telegram(context, pool_, schemes_->first().schema, std::move(handler)),
        gateway(std::move(options), schemes_,
                std::make_shared<const server::upstream::Telegram>(telegram.telegram()), {}, 1),
        links(context.get_executor(), random_, pool_, gateway.live),
        thread{gateway, random_, context.get_executor(), gateway.metrics.add_thread(), links},
        mail(std::make_unique<Mailbox>()),
        connection(connect(*mail)) {}
  ~World() {
    connection->close();
    telegram.close();
    context.run_for(std::chrono::milliseconds(50));
  }

  std::shared_ptr<server::Connection> connect(Mailbox& to) {
    return std::make_shared<server::Connection>(thread, to, server::ConnectionSetup{});
  }

  void send(std::string_view json) { send(*connection, json); }
  void send(server::Connection& to, std::string_view json) {
    server::channel::ObjectText text(gateway.memory, 0);
    if (!text.add(json)) return to.refuse("-2", server::busy(gateway.memory.limit(), "no room"));
    auto object = text.finish(false);
    if (const auto* none = std::get_if<server::channel::NoObject>(&object)) {
      return to.refuse(none->id, none->failure);
    }
    to.receive(std::get<server::Incoming>(std::move(object)));
  }

  // Lets things happen until `enough`, or for ten seconds.
  template <class Enough>
  bool until(Enough enough) {
    for (int i = 0; i < 2000 && !enough(); ++i) {
      context.restart();
      context.run_one_for(std::chrono::milliseconds(5));
      const auto now = server::upstream::boot_time();
      if (const auto due = connection->deadline(); due && *due <= now) connection->tick(now);
    }
    return enough();
  }
  // The n-th object that the client read, "" where it never comes.
  std::string object(std::size_t n) {
    until([&] { return mail->objects.size() > n; });
    return mail->objects.size() > n ? mail->objects[n] : "";
  }
  // Sends, and gives the next object.
  std::string ask(std::string_view json) {
    const auto n = mail->objects.size();
    send(json);
    return object(n);
  }
  bool asked(std::size_t n) {
    return until([&] { return telegram.asked.size() >= n; });
  }

 private:
  std::shared_ptr<const server::Schemes> parse() {
    std::string older(small_api);
    older.replace(older.find("LAYER 100"), 9, "LAYER 50");
    const std::vector<tl::SchemaSource> sources{{"small.tl", std::string(small_api)},
                                                {"older.tl", std::move(older)}};
    auto parsed = server::parse_schemes(sources, mtproto_, {});
    if (!parsed) throw std::runtime_error(parsed.error());
    return *parsed;
  }

  tl::SchemaSource mtproto_;
  std::shared_ptr<const server::Schemes> schemes_;
  server::upstream::WorkPool pool_{1};
  ScriptedRandom random_{3};

 public:
  TestTelegram telegram;
  server::Gateway gateway;
  server::SharedLinks links;
  server::ThreadState thread;
  std::unique_ptr<Mailbox> mail;
  std::shared_ptr<server::Connection> connection;
};

inline std::string nearest(const tl::Value&) {
  return R"({"_cons":"nearestDc","country":"XX","this_dc":2,"nearest_dc":2})";
}

}  // namespace support
