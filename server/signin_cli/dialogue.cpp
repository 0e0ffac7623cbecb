#include "server/signin_cli/dialogue.hpp"

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory_resource>
#include <utility>

#include "mtproto/crypto/secret.hpp"
#include "server/signin_cli/texts.hpp"
#include "tl/json_reader.hpp"
#include "tl/value.hpp"

namespace server {

namespace {

constexpr int max_tries = 3;

void wipe(std::string& text) {
  mtproto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  text.clear();
}

std::string trim(const std::string& text) {
  const auto begin = text.find_first_not_of(" \t\r");
  if (begin == text.npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

using Texts = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// An object of strings, in a buffer that does not move while it is filled: a password leaves no
// copies about.
std::string object(std::string_view before, Texts members, std::string_view after) {
  std::size_t size = before.size() + after.size() + 2;
  for (const auto& [key, value] : members) size += key.size() + 6 * value.size() + 8;
  std::string out;
  out.reserve(size);
  out.append(before).append("{");
  bool first = true;
  for (const auto& [key, value] : members) {
    if (!first) out += ',';
    first = false;
    tl::write_json_string(key, out);
    out += ':';
    tl::write_json_string(value, out);
  }
  return out.append("}").append(after);
}

class Dialogue {
 public:
  Dialogue(const CliOptions& options, Console& console, LineServer& server)
      : app_(options.app),
        token_(options.token),
        phone_(options.phone),
        password_(options.password),
        json_(options.json),
        console_(console),
        server_(server) {}

  CliOutcome run() {
    ask_for_code();
    while (error_.empty() && session_line_.empty()) take(reply_);
    if (password_) wipe(*password_);
    return {session_line_, error_};
  }

 private:
  // --- asking the person ---

  std::string ask(const std::string& prompt, bool hidden = false) {
    for (;;) {
      auto line = console_.ask(prompt, hidden);
      if (!line) {
        error_ = "no answer, so nobody is signed in";
        return "";
      }
      if (hidden && !line->empty()) return *line;
      if (auto text = trim(*line); !text.empty()) return text;
    }
  }

  void fail(std::string text) { error_ = std::move(text); }

  // Says why Telegram refused; fails where that happened too often.
  void refused(const tl::Value& why) {
    const auto words = refusal_in_words(why);
    if (++tries_ >= max_tries) {
      fail(words);
    } else {
      console_.say(words);
    }
  }

  // --- telling the gateway ---

  // Presented once, in the first object.
  void add_token(std::string& request) {
    constexpr std::string_view begin = R"({"id":1,)";
    std::string out;
    out.reserve(request.size() + 6 * token_.size() + 16);
    out.append(begin).append(R"("token":)");
    tl::write_json_string(tl::as_text(token_.bytes()), out);
    out.append(",").append(request, begin.size());
    wipe(request);
    request = std::move(out);
    token_ = {};
  }

  void tell(std::string request) {
    if (token_.size() > 0) add_token(request);
    const bool sent = server_.send(request);
    wipe(request);
    arena_.release();
    reply_ = {};
    if (!sent) return fail("streamjson closed the connection");
    for (;;) {
      const auto line = server_.receive();
      if (!line) return fail("streamjson closed the connection");
      const auto value = tl::read_json(*line, arena_);
      if (!value || !value->is_object()) return fail("what answers there is not streamjson");
      if ((*value)["id"].as_int64() != 1 && (*value)["error"].is_null()) continue;
      reply_ = tl::Builder(arena_).copy(*value);
      return;
    }
  }

  void step(Texts members) { tell(object(R"({"id":1,"signin":)", members, "}")); }

  void ask_for_code() {
    if (!phone_) phone_ = ask("Phone number: ");
    if (!error_.empty()) return;
    auto request = object(R"({"id":1,"options":)",
                          {{"device_model", app_.device_model},
                           {"system_version", app_.system_version},
                           {"app_version", app_.app_version},
                           {"lang_code", app_.lang_code}},
                          "");
    request.pop_back();
    if (json_) request.append(",\"json\":\"").append(tl::name_of(*json_)).append("\"");
    if (app_.api_id > 0) request += ",\"api_id\":" + std::to_string(app_.api_id);
    if (!app_.api_hash.empty()) {
      request += ",\"api_hash\":";
      tl::write_json_string(app_.api_hash, request);
    }
    request += '}';
    if (!recaptcha_token_.empty()) {
      request += ",\"recaptcha_token\":";
      tl::write_json_string(recaptcha_token_, request);
      recaptcha_token_.clear();
    }
    tell(object(request + R"(,"signin":)", {{"phone", *phone_}}, "}"));
  }

  // --- what it answers ---

  void take(const tl::Value& reply) {
    if (!reply["error"].is_null()) return take_error(reply);
    const auto& signin = reply["signin"];
    const auto state = signin["state"].text();
    const bool fresh = state != state_;
    if (fresh) tries_ = 0;
    state_ = state;
    if (state == "start") return take_start(signin);
    if (state == "code") return take_code(signin, fresh);
    if (state == "payment") return take_payment(signin);
    if (state == "password") return take_password(signin);
    if (state == "email") return take_email(signin);
    if (state == "sign_up") return take_sign_up(signin, fresh);
    if (state == "done") {
      if (const auto days = signin["otherwise_relogin_days"].as_int64()) {
        console_.say(
            "Telegram wants this account to have a two-step password; without one it may "
            "be signed in by SMS again only after " +
            std::to_string(*days) + " days.");
      }
      return take_session(reply["session"]);
    }
    fail("Telegram answers what signin-cli has no word for: " +
         std::string(signin["object"].constructor()));
  }

  void take_error(const tl::Value& reply) {
    const auto text = reply["msg"].text();
    if (reply["error"].text() == "Unauthorized") {
      return fail("streamjson asks for a token: " + std::string(text) +
                  ". --token-file FILE names a file with one");
    }
    const bool wants_app = reply["path"].text() == "/signin/api_id" && !asked_app_;
    if (!wants_app) return fail(std::string(reply["error"].text()) + ": " + std::string(text));
    asked_app_ = true;
    console_.say(
        "streamjson has no api_id and api_hash; get yours at https://my.telegram.org/apps");
    while (error_.empty() && app_.api_id <= 0) {
      const auto id = ask("api_id: ");
      const auto number = tl::Value::string(id).as_int64().value_or(0);
      if (number > 0 && number <= std::numeric_limits<std::int32_t>::max()) {
        app_.api_id = static_cast<std::int32_t>(number);
      } else if (error_.empty()) {
        console_.say("a number is due");
      }
    }
    if (error_.empty() && app_.api_hash.empty()) app_.api_hash = ask("api_hash: ", true);
    if (error_.empty()) ask_for_code();
  }

  void take_start(const tl::Value& signin) {
    const auto& why = signin["error"];
    if (!why["recaptcha"].is_null()) return take_recaptcha(why);
    if (why["error_message"].text() != "PHONE_NUMBER_INVALID") {
      return fail(why.is_null() ? "streamjson asked for no code" : refusal_in_words(why));
    }
    refused(why);
    if (!error_.empty()) return;
    phone_ = ask("Phone number: ");
    if (error_.empty()) step({{"phone", *phone_}});
  }

  // Its keys are for Telegram's own apps; some people have a way all the same.
  void take_recaptcha(const tl::Value& why) {
    refused(why);
    if (!error_.empty()) return;
    const auto& wanted = why["recaptcha"];
    console_.say("site key " + std::string(wanted["key"].text()) + ", action " +
                 std::string(wanted["action"].text()) +
                 ". Who can't solve it may sign in by scanning a QR code, on the web page.");
    recaptcha_token_ = ask("Token: ");
    if (error_.empty()) ask_for_code();
  }

  void take_code(const tl::Value& signin, bool fresh) {
    if (const auto& why = signin["error"]; !why.is_null()) {
      refused(why);
    } else if (fresh || resent_) {
      console_.say(where_code_went(signin));
      if (const auto next = signin["next_type"].text(); !next.empty()) {
        console_.say("An r instead of the code has it sent again: " + std::string(next) + ".");
      }
      if (const auto words = reset_in_words(signin); !words.empty()) console_.say(words);
    }
    resent_ = false;
    if (!error_.empty()) return;
    const auto code = ask("Code: ");
    if (!error_.empty()) return;
    if (code == "r" || code == "R") {
      resent_ = true;
      return tell(R"({"id":1,"signin":{"resend":true}})");
    }
    if ((code == "e" || code == "E") && signin["type"].text() == "email") {
      resent_ = true;
      return tell(R"({"id":1,"signin":{"reset_email":true}})");
    }
    step({{"code", code}});
  }

  void take_payment(const tl::Value& signin) {
    fail(
        "Telegram wants to be paid before it sends a code to this number, through one of its own "
        "apps; " +
        std::string(signin["support_email_address"].text()) + " knows more");
  }

  void take_password(const tl::Value& signin) {
    if (const auto& why = signin["error"]; !why.is_null()) refused(why);
    if (!error_.empty()) return;
    if (!password_) {
      const auto hint = signin["hint"].text();
      password_ =
          ask(hint.empty() ? "Password: " : "Password (hint: " + std::string(hint) + "): ", true);
    }
    if (error_.empty()) step({{"password", *password_}});
    wipe(*password_);
    password_.reset();
  }

  void take_email(const tl::Value& signin) {
    if (const auto& why = signin["error"]; !why.is_null()) {
      refused(why);
    } else {
      console_.say("Telegram wants to have an e-mail address for this account.");
    }
    if (!error_.empty()) return;
    const auto address = ask("E-mail address: ");
    if (error_.empty()) step({{"email", address}});
  }

  void take_sign_up(const tl::Value& signin, bool fresh) {
    if (const auto& why = signin["error"]; !why.is_null()) {
      refused(why);
    } else if (fresh) {
      console_.say("There is no account with this number yet. Signing up.");
      if (const auto terms = signin["terms"]["text"].text(); !terms.empty()) {
        console_.say("Who signs up agrees to Telegram's terms:\n" + std::string(terms));
      }
    }
    if (!error_.empty()) return;
    const auto first = ask("First name: ");
    if (!error_.empty()) return;
    const auto last = console_.ask("Last name (may be empty): ", false);
    step({{"first_name", first}, {"last_name", trim(last.value_or(""))}});
  }

  void take_session(const tl::Value& session) {
    if (!session["auth_key"].is_string()) return fail("streamjson gave no session");
    auto line = line_before_session(json_);
    write_spaced_json(session, line);
    session_line_ = line + "}";
  }

  AppIdentity app_;
  mtproto::SecretBytes token_;
  std::optional<std::string> phone_;
  std::optional<std::string> password_;
  std::optional<tl::Notation> json_;
  Console& console_;
  LineServer& server_;
  std::pmr::monotonic_buffer_resource arena_;
  tl::Value reply_;  // in the arena
  std::string state_;
  int tries_ = 0;  // refused in this state
  bool resent_ = false;
  bool asked_app_ = false;
  std::string recaptcha_token_;  // for the next request of a code
  std::string session_line_;
  std::string error_;
};

}  // namespace

CliOutcome sign_in(const CliOptions& options, Console& console, LineServer& server) {
  return Dialogue(options, console, server).run();
}

}  // namespace server
