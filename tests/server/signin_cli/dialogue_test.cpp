// signin-cli against a gateway and a person that are both written down.
#include <catch2/catch.hpp>
#include <deque>

#include "server/signin_cli/dialogue.hpp"

using namespace server;

namespace {

class Gateway final : public LineServer {
 public:
  explicit Gateway(std::deque<std::string> replies) : replies_(std::move(replies)) {}

  bool send(const std::string& line) override {
    sent.push_back(line);
    return true;
  }
  std::optional<std::string> receive() override {
    if (replies_.empty()) return std::nullopt;
    auto line = replies_.front();
    replies_.pop_front();
    return line;
  }

  std::vector<std::string> sent;

 private:
  std::deque<std::string> replies_;
};

class Person final : public Console {
 public:
  explicit Person(std::deque<std::string> answers) : answers_(std::move(answers)) {}

  void say(const std::string& text) override { heard += text + "\n"; }
  std::optional<std::string> ask(const std::string& prompt, bool hidden) override {
    asked.push_back(prompt);
    if (hidden) hidden_prompts.push_back(prompt);
    if (answers_.empty()) return std::nullopt;
    auto line = answers_.front();
    answers_.pop_front();
    return line;
  }

  std::string heard;
  std::vector<std::string> asked;
  std::vector<std::string> hidden_prompts;

 private:
  std::deque<std::string> answers_;
};

std::string state(std::string_view text) {
  return R"({"id":1,"options":{"api_id":0},"session":{},"signin":{)" + std::string(text) + "}}";
}

std::string with_error(std::string_view text, std::string_view message) {
  return state(std::string(text) + R"(,"error":{"_cons":"rpc_error","error_code":400,)" +
               R"("error_message":")" + std::string(message) + R"(","_name":")" +
               std::string(message) + "\"}");
}

const std::string code =
    R"("state":"code","phone":"9996620001","phone_code_hash":"h","type":"app","length":5)";
const std::string password = R"("state":"password","hint":"the obvious one","has_recovery":false)";
const std::string done =
    R"({"id":1,"session":{"session_id":18446744073709551615,"auth_key":"AAAA","dc":2},)"
    R"("signin":{"state":"done","user":{"_cons":"user","id":7}}})";
const std::string session_line =
    R"({"id": 1, "session": {"session_id": 18446744073709551615, "auth_key": "AAAA", "dc": 2}})";

CliOptions somebody() {
  CliOptions options;
  options.phone = "9996620001";
  options.app.device_model = "signin-cli";
  options.app.system_version = "Linux";
  options.app.app_version = "0.1.0";
  return options;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a phone number and a code give a session line") {
  Gateway gateway({state(code), done});
  Person person({"22222"});
  const auto outcome = sign_in(somebody(), person, gateway);
  CHECK(outcome.session_line == session_line);
  CHECK(outcome.error.empty());
  CHECK(gateway.sent ==
        std::vector<std::string>{
            R"({"id":1,"options":{"device_model":"signin-cli","system_version":"Linux",)"
            R"("app_version":"0.1.0","lang_code":"en"},"signin":{"phone":"9996620001"}})",
            R"({"id":1,"signin":{"code":"22222"}})"});
  CHECK(person.asked == std::vector<std::string>{"Code: "});
  CHECK(person.hidden_prompts.empty());
  CHECK(person.heard == "The code was sent to your other Telegram apps (5 digits).\n");
}

TEST_CASE("a notation is asked for, and the line asks for it") {
  auto options = somebody();
  options.json = tl::Notation::plain;
  Gateway gateway({state(code), done});
  Person person({"22222"});
  const auto line = sign_in(options, person, gateway).session_line;
  CHECK(line.starts_with(R"({"id": 1, "options": {"json": "plain"}, "session": {"session_id": )"));
  CHECK(has(gateway.sent[0], R"("lang_code":"en","json":"plain"},"signin":)"));
  CHECK_FALSE(has(gateway.sent[1], "json"));
}

TEST_CASE("a token goes along in the first object, and only there") {
  auto options = somebody();
  options.token = mtproto::SecretBytes(tl::as_bytes("a \"quoted\" token"));
  Gateway gateway({state(code), done});
  Person person({"22222"});
  CHECK(sign_in(options, person, gateway).session_line == session_line);
  CHECK(gateway.sent[0] ==
        R"({"id":1,"token":"a \"quoted\" token","options":{"device_model":"signin-cli",)"
        R"("system_version":"Linux","app_version":"0.1.0","lang_code":"en"},)"
        R"("signin":{"phone":"9996620001"}})");
  CHECK(gateway.sent[1] == R"({"id":1,"signin":{"code":"22222"}})");
}

TEST_CASE("who lacks a token is told how to give one") {
  Gateway gateway({R"({"id":1,"error":"Unauthorized","msg":"no token was presented"})"});
  Person person({});
  const auto outcome = sign_in(somebody(), person, gateway);
  CHECK(outcome.session_line.empty());
  CHECK(has(outcome.error, "no token was presented"));
  CHECK(has(outcome.error, "--token-file"));
}

TEST_CASE("a phone number that was not given is asked for") {
  auto options = somebody();
  options.phone.reset();
  Gateway gateway({state(code), done});
  Person person({"", "  9996620001 ", "22222"});
  CHECK(sign_in(options, person, gateway).session_line == session_line);
  CHECK(has(gateway.sent[0], R"("signin":{"phone":"9996620001"})"));
  CHECK(person.asked == std::vector<std::string>{"Phone number: ", "Phone number: ", "Code: "});
}

TEST_CASE("api_id and api_hash go along where they were given") {
  auto options = somebody();
  options.app.api_id = 5;
  options.app.api_hash = "abc";
  Gateway gateway({state(code), done});
  Person person({"22222"});
  sign_in(options, person, gateway);
  CHECK(has(gateway.sent[0], R"("lang_code":"en","api_id":5,"api_hash":"abc"},"signin":)"));
}

TEST_CASE("api_id and api_hash are asked for where the gateway has none") {
  Gateway gateway({R"({"id":1,"error":"SigninError","msg":"no api_id and api_hash are known",)"
                   R"("path":"/signin/api_id","state":"start"})",
                   state(code), done});
  Person person({"x", "5", "abc", "22222"});
  CHECK(sign_in(somebody(), person, gateway).session_line == session_line);
  CHECK(person.asked == std::vector<std::string>{"api_id: ", "api_id: ", "api_hash: ", "Code: "});
  CHECK(person.hidden_prompts == std::vector<std::string>{"api_hash: "});
  CHECK(has(gateway.sent[1], R"("api_id":5,"api_hash":"abc"},"signin":{"phone":"9996620001"}})"));
  CHECK_FALSE(has(person.heard, "abc"));
}

TEST_CASE("a wrong code may be entered three times") {
  Gateway gateway({state(code), with_error(code, "PHONE_CODE_INVALID"),
                   with_error(code, "PHONE_CODE_INVALID"), done});
  Person person({"1", "2", "22222"});
  CHECK(sign_in(somebody(), person, gateway).session_line == session_line);
  CHECK(person.asked.size() == 3);
  CHECK(has(person.heard, "not the code"));

  Gateway strict({state(code), with_error(code, "PHONE_CODE_INVALID"),
                  with_error(code, "PHONE_CODE_INVALID"), with_error(code, "PHONE_CODE_INVALID")});
  Person hopeless({"1", "2", "3", "4"});
  const auto outcome = sign_in(somebody(), hopeless, strict);
  CHECK(outcome.session_line.empty());
  CHECK(has(outcome.error, "not the code"));
  CHECK(hopeless.asked.size() == 3);
}

TEST_CASE("an r has the code sent again") {
  Gateway gateway({state(code + R"(,"next_type":"sms")"),
                   state(R"("state":"code","type":"sms","length":5)"), done});
  Person person({"r", "22222"});
  CHECK(sign_in(somebody(), person, gateway).session_line == session_line);
  CHECK(gateway.sent[1] == R"({"id":1,"signin":{"resend":true}})");
  CHECK(has(person.heard, "sent again: sms"));
  CHECK(has(person.heard, "by SMS"));
}

TEST_CASE("a password is asked for out of sight, with its hint, and again when it was wrong") {
  Gateway gateway(
      {state(code), state(password), with_error(password, "PASSWORD_HASH_INVALID"), done});
  Person person({"22222", "wrong", " sand box "});
  CHECK(sign_in(somebody(), person, gateway).session_line == session_line);
  CHECK(person.hidden_prompts == std::vector<std::string>(2, "Password (hint: the obvious one): "));
  CHECK(gateway.sent[3] == R"({"id":1,"signin":{"password":" sand box "}})");
  CHECK(has(person.heard, "not the password"));
  CHECK_FALSE(has(person.heard, "sand box"));
}

TEST_CASE("a password among the arguments is tried first, then one is asked for") {
  auto options = somebody();
  options.password = "wrong";
  Gateway gateway(
      {state(code), state(password), with_error(password, "PASSWORD_HASH_INVALID"), done});
  Person person({"22222", "sandbox"});
  CHECK(sign_in(options, person, gateway).session_line == session_line);
  CHECK(gateway.sent[2] == R"({"id":1,"signin":{"password":"wrong"}})");
  CHECK(gateway.sent[3] == R"({"id":1,"signin":{"password":"sandbox"}})");
}

TEST_CASE("a wrong password ends after three tries") {
  Gateway gateway({state(code), state(password), with_error(password, "PASSWORD_HASH_INVALID"),
                   with_error(password, "PASSWORD_HASH_INVALID"),
                   with_error(password, "PASSWORD_HASH_INVALID")});
  Person person({"22222", "a", "b", "c", "d"});
  CHECK(has(sign_in(somebody(), person, gateway).error, "not the password"));
  CHECK(person.hidden_prompts.size() == 3);
}

TEST_CASE("a number without an account signs up") {
  Gateway gateway({state(code), state(R"("state":"sign_up","terms":{"text":"Be kind."})"), done});
  Person person({"22222", "Mary", ""});
  CHECK(sign_in(somebody(), person, gateway).session_line == session_line);
  CHECK(gateway.sent[2] == R"({"id":1,"signin":{"first_name":"Mary","last_name":""}})");
  CHECK(has(person.heard, "Be kind."));
}

TEST_CASE("an e-mail address is asked for where Telegram wants one") {
  Gateway gateway({state(R"("state":"email","reason":"set_up_required")"),
                   state(R"("state":"code","type":"email","email_pattern":"a*b","length":6)"),
                   state(code), done});
  Person person({"ada@example.org", "123456", "22222"});
  CHECK(sign_in(somebody(), person, gateway).session_line == session_line);
  CHECK(gateway.sent[1] == R"({"id":1,"signin":{"email":"ada@example.org"}})");
  CHECK(has(person.heard, "a*b"));
}

TEST_CASE("a wrong phone number may be mended, others that Telegram refuses end it") {
  Gateway gateway({with_error(R"("state":"start")", "PHONE_NUMBER_INVALID"), state(code), done});
  Person person({"9996620001", "22222"});
  CHECK(sign_in(somebody(), person, gateway).session_line == session_line);

  Gateway banned({with_error(R"("state":"start")", "PHONE_NUMBER_BANNED")});
  Person nobody({});
  CHECK(has(sign_in(somebody(), nobody, banned).error, "PHONE_NUMBER_BANNED"));

  Gateway late({state(code), with_error(R"("state":"start")", "PHONE_CODE_EXPIRED")});
  Person slow({"22222"});
  CHECK(has(sign_in(somebody(), slow, late).error, "expired"));
}

TEST_CASE("a reCAPTCHA is told with its key, and its token asked for") {
  const auto wants =
      state(R"("state":"start","error":{"_cons":"rpc_error","error_code":403,)"
            R"("error_message":"RECAPTCHA_CHECK_signup__6L-_x","_name":"RECAPTCHA_CHECK",)"
            R"("recaptcha":{"action":"signup","key":"6L-_x"}})");
  Gateway gateway({wants, state(code), done});
  Person person({"03AF", "22222"});
  CHECK(sign_in(somebody(), person, gateway).session_line == session_line);
  CHECK(person.heard.find("site key 6L-_x, action signup") != std::string::npos);
  CHECK(gateway.sent[0].find("recaptcha_token") == std::string::npos);
  CHECK(
      gateway.sent[1].ends_with(R"(},"recaptcha_token":"03AF","signin":{"phone":"9996620001"}})"));
  CHECK(gateway.sent[2].find("recaptcha_token") == std::string::npos);
}

TEST_CASE("an e gives up the e-mail address that the code went to") {
  const std::string by_email =
      R"("state":"code","phone":"9996620001","phone_code_hash":"h","type":"email","length":6,)"
      R"("email_pattern":"a*a@example.org",)";
  Gateway gateway({state(by_email + R"("reset_available_period":604800)"),
                   state(by_email + R"("reset_pending_date":1800604800)"), state(code), done});
  Person person({"e", "E", "22222"});
  CHECK(sign_in(somebody(), person, gateway).session_line == session_line);
  CHECK(person.heard.find("gives the e-mail address up, in 7 days") != std::string::npos);
  CHECK(person.heard.find("about to be given up") != std::string::npos);
  CHECK(gateway.sent[1] == R"({"id":1,"signin":{"reset_email":true}})");
  CHECK(gateway.sent[2] == gateway.sent[1]);
}

TEST_CASE("a code that costs is told, and a password that Telegram wants") {
  Gateway dear({state(R"("state":"payment","phone_code_hash":"h",)"
                      R"("support_email_address":"login@example.org")")});
  Person person({});
  CHECK(sign_in(somebody(), person, dear).error.find("login@example.org") != std::string::npos);
  auto urged = done;
  urged.insert(urged.size() - 2, R"(,"setup_password_required":true,"otherwise_relogin_days":7)");
  Gateway gateway({state(code), urged});
  Person other({"22222"});
  CHECK(sign_in(somebody(), other, gateway).session_line == session_line);
  CHECK(other.heard.find("only after 7 days") != std::string::npos);
}

TEST_CASE("no more input is no session") {
  Gateway gateway({state(code), with_error(code, "PHONE_CODE_INVALID")});
  Person person({"11111"});
  const auto outcome = sign_in(somebody(), person, gateway);
  CHECK(outcome.session_line.empty());
  CHECK_FALSE(outcome.error.empty());
}

TEST_CASE("errors of the gateway are told") {
  Person person({});
  Gateway refuses({R"({"id":1,"error":"ConnectionError","msg":"no route","reason":"x"})"});
  CHECK(sign_in(somebody(), person, refuses).error == "ConnectionError: no route");
  Gateway gone({});
  CHECK(has(sign_in(somebody(), person, gone).error, "closed"));
  Gateway web({"HTTP/1.1 400 Bad Request"});
  CHECK(has(sign_in(somebody(), person, web).error, "not streamjson"));
  Gateway odd({state(R"("state":"other","object":{"_cons":"auth.sentCodePaymentRequired"})")});
  CHECK(has(sign_in(somebody(), person, odd).error, "auth.sentCodePaymentRequired"));
  Gateway keyless({R"({"id":1,"session":{},"signin":{"state":"done"}})"});
  CHECK(has(sign_in(somebody(), person, keyless).error, "no session"));
}

TEST_CASE("updates between the replies are passed over") {
  Gateway gateway({R"({"id":0,"message":{"_cons":"updateShort"}})", state(code),
                   R"({"id":0,"message":{"_cons":"updateLoginToken"}})", done});
  Person person({"22222"});
  CHECK(sign_in(somebody(), person, gateway).session_line == session_line);
}

TEST_CASE("what a person types is sent as JSON, whatever it holds") {
  Gateway gateway({state(code), state(password), done});
  Person person({"22222", "a\"b\\c"});
  sign_in(somebody(), person, gateway);
  CHECK(gateway.sent[2] == R"({"id":1,"signin":{"password":"a\"b\\c"}})");
}
