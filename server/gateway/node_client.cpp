#include "server/gateway/node_client.hpp"

#include "server/gateway/node_scope.hpp"

namespace server {
namespace {

std::string opening(const std::string& account, const ConnectionSetup& setup) {
  std::string out = R"("open":{"account":)";
  tl::write_json_string(account, out);
  out.append(",\"shape\":\"").append(setup.shape == ReplyShape::api ? "api" : "object");
  out.append("\",\"json\":\"").append(tl::name_of(setup.json)).append("\",");
  if (setup.stateless) out += "\"stateless\":true,";
  write_scope(setup.scope.get(), out);
  if (setup.choices) {
    out += ",\"options\":";
    write_options_to_be_read(setup.choices->options, out);
  }
  return out + "}";
}

ObjectNote note_of(const tl::Value& header) {
  ObjectNote out;
  out.secret = header["secret"].as_bool();
  out.log_position = header["position"].as_int64();
  const auto status = header["status"].items();
  if (status.empty()) return out;
  out.status.code = static_cast<unsigned>(status[0].as_uint64().value_or(0));
  if (status.size() > 1) out.status.retry_after = status[1].as_int64();
  return out;
}

Failure failure_of(const tl::Value& header) {
  const auto text = [&header](std::string_view name) {
    return header[name].is_string() ? std::string(header[name].text()) : std::string();
  };
  Failure out{text("error"), text("msg"), text("path"), {}, {}};
  for (const auto& member : header.members()) {
    if (member.key == "of" || member.key == "refused") continue;
    if (member.key == "error" || member.key == "msg" || member.key == "path") continue;
    out.more.emplace_back(member.key, std::string());
    tl::write_json(member.value, out.more.back().second);
  }
  return out;
}

}  // namespace

NodeClient::NodeClient(NodeLinks& links, const std::string& url, const std::string& account,
                       const ConnectionSetup& setup, NodeClientUser& user)
    : user_(user), channel_(links, url, *this) {
  channel_.say(opening(account, setup));
}

bool NodeClient::send(std::uint64_t number, std::string_view object) {
  return channel_.ask(number, object);
}

void NodeClient::limit(const TokenScope* scope) {
  std::string members;
  write_scope(scope, members);
  channel_.say(members);
}

void NodeClient::pause(bool paused) {
  channel_.say(paused ? R"("pause":true)" : R"("pause":false)");
}

void NodeClient::end() { channel_.say(R"("end":true)"); }

void NodeClient::on_frame(const tl::Value& header, std::string&& payload) {
  if (header.find("lost") != nullptr) return user_.on_node_lost(false);
  if (header.find("finished") != nullptr) return user_.on_node_finished();
  if (const auto object = header["refused"].as_uint64()) {
    return user_.on_node_refused(*object, failure_of(header));
  }
  if (header.find("size") == nullptr) return;  // of a later version
  LongText object;
  object.attach(std::move(payload));
  const auto held = header["held"].as_uint64().value_or(0);
  user_.on_node_reply(std::move(object), note_of(header), held);
}

std::string refused_members(std::uint64_t object, const Failure& failure) {
  std::string out = "\"refused\":" + std::to_string(object);
  write_failure(failure, false, out);
  return out;
}

std::string text_for_node(const tl::Value& object) {
  std::string out;
  char before = '{';
  for (const auto& member : object.members()) {
    if (member.key == "token") continue;
    out += before;
    tl::write_json_string(member.key, out);
    out += ':';
    tl::write_json(member.value, out);
    before = ',';
  }
  return before == '{' ? "{}" : out + "}";
}

}  // namespace server
