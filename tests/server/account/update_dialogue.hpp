// A recovery without a Telegram: the test plays it. What it wants is told as lines of text:
// `1 {…}` (delivered, with its number), `1 as it came`, `ask {…}`, `forget`.
#pragma once

#include <deque>
#include <memory_resource>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "server/account/update_recovery.hpp"
#include "tests/support/api_schema.hpp"
#include "tl/json_reader.hpp"

namespace support {

class UpdateDialogue {
 public:
  using Lines = std::vector<std::string>;

  explicit UpdateDialogue(std::string_view state = R"({"pts":10,"qts":0,"date":1,"seq":0})")
      : recovery(server::account::read_update_state(state)) {}

  // Connected, with nothing missed.
  Lines begin() {
    recovery.connected(now);
    tell();
    return answer(R"({"_cons":"updates.differenceEmpty","date":1,"seq":0})");
  }
  Lines connect() {
    recovery.connected(now);
    return tell();
  }
  Lines push(std::string_view json) {
    recovery.pushed(read(json), now);
    return tell();
  }
  Lines client_answered(std::string_view json, std::int64_t channel = 0) {
    auto news = server::account::find_news(api_schema(), read(json));
    news.channel = channel;
    recovery.client_answered(news, now);
    return tell();
  }
  // The oldest question.
  Lines answer(std::string_view json) {
    const auto call = asked_.front();
    asked_.pop_front();
    recovery.answered(call, read(json), now);
    return tell();
  }
  Lines refuse(int code, std::string_view text) {
    return answer(R"({"_cons":"rpc_error","error_code":)" + std::to_string(code) +
                  R"(,"error_message":")" + std::string(text) + "\"}");
  }
  Lines pass(mtproto::Duration time) {
    now += time;
    recovery.tick(now);
    return tell();
  }
  std::string state() const {
    std::string out;
    server::account::write_update_state(recovery.state(), out);
    return out;
  }
  bool asks() const { return !asked_.empty(); }
  Lines tell() {
    Lines out;
    for (const auto& action : recovery.take_actions()) out.push_back(tell(action));
    return out;
  }

  mtproto::Time now{std::chrono::hours(1)};
  server::account::UpdateRecovery recovery;

 private:
  tl::Value read(std::string_view json) {
    tl::JsonError error;
    const auto value = tl::read_json(json, arena_, &error);
    if (!value) throw std::invalid_argument(error.text + " in " + std::string(json));
    return tl::Builder(arena_).copy(*value);
  }

  std::string tell(const server::account::UpdateAction& action) {
    using namespace server::account;
    std::string out;
    if (const auto* told = std::get_if<DeliverUpdate>(&action)) {
      out = std::to_string(told->number) + " ";
      if (!told->object) return out + "as it came";
      tl::write_json(told->object->value, out);
    } else if (const auto* asked = std::get_if<AskUpdates>(&action)) {
      asked_.push_back(asked->call);
      out = "ask ";
      tl::write_json(asked->function->value, out);
    } else {
      std::erase(asked_, std::get<ForgetUpdates>(action).call);
      out = "forget";
    }
    return out;
  }

  std::pmr::monotonic_buffer_resource arena_;
  std::deque<std::uint64_t> asked_;
};

// An update that counts for the account.
inline std::string counted(int pts, int count = 1) {
  return R"({"_cons":"updateNewMessage","message":{"_cons":"message","id":)" + std::to_string(pts) +
         R"(},"pts":)" + std::to_string(pts) + R"(,"pts_count":)" + std::to_string(count) + "}";
}
inline std::string of_channel(int pts, int id = 5) {
  return R"({"_cons":"updateNewChannelMessage","message":{"_cons":"message","id":)" +
         std::to_string(pts) + R"(,"peer_id":{"_cons":"peerChannel","channel_id":)" +
         std::to_string(id) + R"(}},"pts":)" + std::to_string(pts) + R"(,"pts_count":1})";
}
inline std::string updates(std::string_view list, int seq = 0, std::string_view chats = "") {
  return R"({"_cons":"updates","updates":[)" + std::string(list) + R"(],"users":[],"chats":[)" +
         std::string(chats) + R"(],"date":7,"seq":)" + std::to_string(seq) + "}";
}
inline std::string difference(std::string_view kind, std::string_view messages,
                              std::string_view others, int pts, int date = 9) {
  return R"({"_cons":"updates.)" + std::string(kind) + R"(","new_messages":[)" +
         std::string(messages) + R"(],"new_encrypted_messages":[],"other_updates":[)" +
         std::string(others) + R"(],"chats":[],"users":[],")" +
         (kind == "difference" ? "state" : "intermediate_state") +
         R"(":{"_cons":"updates.state","pts":)" + std::to_string(pts) + R"(,"qts":0,"date":)" +
         std::to_string(date) + R"(,"seq":0,"unread_count":0}})";
}
inline std::string channel_difference(std::string_view messages, int pts, bool final = true) {
  return R"({"_cons":"updates.channelDifference",)" + std::string(final ? R"("final":true,)" : "") +
         R"("pts":)" + std::to_string(pts) + R"(,"new_messages":[)" + std::string(messages) +
         R"(],"other_updates":[],"chats":[],"users":[]})";
}
inline constexpr std::string_view channel_five =
    R"({"_cons":"channel","id":5,"access_hash":55,"title":"c"})";

}  // namespace support
