// A sign-in without a Telegram: the test plays it. What the machine wants is told as one line of
// text: `call {…}`, `move 1`, `compute`, `reply {…}`, `SigninError /path`.
#pragma once

#include <memory_resource>
#include <stdexcept>
#include <string>
#include <string_view>

#include "server/account/signin.hpp"
#include "tests/support/scripted_random.hpp"
#include "tl/json_reader.hpp"

namespace support {

class Dialogue {
 public:
  // A client's step.
  std::string step(std::string_view json) {
    return tell(signin_.begin(read(json), context, arena_));
  }
  // What a driver does on its own.
  std::string refresh() { return tell(signin_.refresh(context, arena_)); }
  // Telegram's answer.
  std::string answer(std::string_view json) { return tell(signin_.answered(read(json), arena_)); }
  std::string answer(const tl::Value& value) { return tell(signin_.answered(value, arena_)); }
  std::string error(int code, std::string_view message) {
    return answer(R"({"_cons":"rpc_error","error_code":)" + std::to_string(code) +
                  R"(,"error_message":")" + std::string(message) + "\"}");
  }
  std::string moved() { return tell(signin_.moved(arena_)); }
  // Runs the work that was asked for last.
  std::string computed() {
    work_->run();
    return tell(signin_.done(std::move(work_), arena_));
  }

  server::account::Signin& signin() { return signin_; }
  tl::Arena& arena() { return arena_; }
  // What was called last.
  const tl::Value& called() const { return called_; }
  const std::string& refusal() const { return refusal_; }

  server::account::SigninContext context{12345, "0123456789abcdef", false};

 private:
  tl::Value read(std::string_view json) {
    tl::JsonError error;
    const auto value = tl::read_json(json, arena_, &error);
    if (!value) throw std::invalid_argument(error.text + " in " + std::string(json));
    return tl::Builder(arena_).copy(*value);
  }

  std::string tell(server::account::Action action) {
    using namespace server::account;
    std::string out;
    if (auto* call = std::get_if<Call>(&action)) {
      called_ = call->message;
      out = "call ";
      tl::write_json(call->message, out);
    } else if (auto* move = std::get_if<Move>(&action)) {
      out = "move " + std::to_string(move->dc.value());
    } else if (auto* compute = std::get_if<Compute>(&action)) {
      work_ = std::move(compute->work);
      out = "compute";
    } else if (auto* reply = std::get_if<Reply>(&action)) {
      out = "reply ";
      tl::write_json(reply->signin, out);
    } else if (auto* refused = std::get_if<Refusal>(&action)) {
      refusal_ = refused->text;
      out = refused->error + (refused->path.empty() ? "" : " ") + refused->path;
    }
    return out;
  }

  std::pmr::monotonic_buffer_resource arena_;
  ScriptedRandom random_;
  server::account::Signin signin_{random_};
  std::unique_ptr<mtproto::Work> work_;
  tl::Value called_;
  std::string refusal_;
};

// Answers that many tests need.
inline constexpr std::string_view sent_code =
    R"({"_cons":"auth.sentCode","type":{"_cons":"auth.sentCodeTypeApp","length":5},)"
    R"("phone_code_hash":"abc","next_type":{"_cons":"auth.codeTypeSms"},"timeout":60})";
inline constexpr std::string_view code_reply =
    R"(reply {"state":"code","phone":"9996620001","phone_code_hash":"abc","type":"app","length":5,)"
    R"("next_type":"sms","timeout":60})";
inline constexpr std::string_view authorization =
    R"({"_cons":"auth.authorization","user":{"_cons":"user","id":7,"first_name":"Ada"}})";
inline constexpr std::string_view done_reply =
    R"(reply {"state":"done","user":{"_cons":"user","id":7,"first_name":"Ada"}})";

}  // namespace support
