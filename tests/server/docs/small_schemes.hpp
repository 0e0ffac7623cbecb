// A few lines of scheme with words to them, as the pages of a scheme are made of.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "server/config/schemes.hpp"
#include "server/docs/scheme_docs.hpp"

namespace support {

constexpr std::string_view small_layer = R"(// LAYER 7
---types---
inputPeerEmpty#00000001 = InputPeer;
inputUser#00000002 user_id:long = InputUser;
inputChannel#00000003 = InputChannel;
codeSettings#00000004 = CodeSettings;
user#00000005 flags:# self:flags.0?true id:long name:flags.1?string = User;
userEmpty#00000006 = User;
inputMedia#00000007 flags:# random_id:long spoiler:flags.3?true peer:InputPeer key:int256 = InputMedia;
auth.user#00000008 user:User peers:Vector<InputPeer> = auth.User;
---functions---
invoke#00000010 {X:Type} layer:int query:!X = X;
users.get#00000011 id:Vector<InputUser> limit:int = Vector<User>;
auth.signIn#00000012 flags:# settings:CodeSettings media:flags.1?Vector<Vector<InputMedia>> channel:InputChannel key:bytes much:double = auth.User;
ping#00000013 = Bool;
)";

constexpr std::string_view small_docs = R"({"layer":6,
"types":{"User":"Some <b>user</b>","Nothing":"that is here"},
"constructors":{"user":{"description":"A \"user\" */ evil(); /*","fields":{"id":"Its id"}}},
"methods":{"users.get":{"description":"Gives <a href=\"x\">users</a>","fields":{"id":"Who","none":"?"},
"errors":[{"code":400,"name":"USER_INVALID","description":"no such user"},
{"code":420,"name":"FLOOD_WAIT_%d","description":"wait"},
{"code":420,"name":"FLOOD_WAIT_%d","description":"wait"},
{"code":400,"name":"FILE_%d_GONE","description":"gone"},
{"code":406,"name":"WAIT_%dMIN","description":"minutes"}],"available":"bot"},
"gone.away":{"description":"","fields":{},"errors":[{"code":400,"name":"ELSEWHERE","description":""}]}}})";

inline std::shared_ptr<const server::Schemes> small_schemes() {
  std::string second(small_layer);
  second.replace(second.find("LAYER 7"), 7, "LAYER 6");
  second.resize(second.find("ping#"));
  auto parsed = server::parse_schemes(
      {{"seven.tl", std::string(small_layer)}, {"six.tl", second}},
      {"mtproto.tl", "pong#00000020 = Pong;\n---functions---\nservice#00000021 = Pong;\n"}, {});
  if (!parsed) throw std::runtime_error(parsed.error());
  return *parsed;
}

inline std::shared_ptr<const server::docs::SchemeDocs> parsed_docs(std::string_view text) {
  auto parsed = server::docs::SchemeDocs::parse(text);
  if (!parsed) throw std::runtime_error(parsed.error());
  return *parsed;
}

}  // namespace support
