// A small scheme, in two layers: 100, which comes first, and 50.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "server/config/schemes.hpp"
#include "tests/support/api_schema.hpp"

namespace support {

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

// `more`: lines that follow those of the small scheme, written like it.
inline std::shared_ptr<const server::Schemes> two_layers(std::string_view more = "") {
  const auto end = small_api.find("// LAYER");
  const auto with = std::string(small_api.substr(0, end)) + std::string(more);
  const std::vector<tl::SchemaSource> sources{{"small.tl", with + "// LAYER 100\n"},
                                              {"older.tl", with + "// LAYER 50\n"}};
  auto parsed = server::parse_schemes(sources, {"mtproto.tl", read_file(mtproto_tl_file())}, {});
  if (!parsed) throw std::runtime_error(parsed.error());
  return *parsed;
}

}  // namespace support
