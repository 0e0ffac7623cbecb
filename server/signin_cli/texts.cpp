#include "server/signin_cli/texts.hpp"

namespace server {

std::string line_before_session(std::optional<tl::Notation> json) {
  std::string line = R"({"id": 1, )";
  if (json) line.append(R"("options": {"json": ")").append(tl::name_of(*json)).append("\"}, ");
  return line + R"("session": )";
}

std::string where_code_went(const tl::Value& signin) {
  const auto type = signin["type"].text();
  const auto text = [&](std::string_view key) { return std::string(signin[key].text()); };
  const auto length = signin["length"].as_int64();
  const std::string digits = length ? " (" + std::to_string(*length) + " digits)" : "";
  if (type == "app") return "The code was sent to your other Telegram apps" + digits + ".";
  if (type == "sms" || type == "firebase_sms") return "The code was sent by SMS" + digits + ".";
  if (type == "call") return "A phone call will tell you the code" + digits + ".";
  if (type == "flash_call" || type == "missed_call") {
    const auto last = length ? "last " + std::to_string(*length) + " digits" : "last digits";
    return "You will be called; the code is the " + last + " of the caller's number.";
  }
  if (type == "email") {
    return "The code was sent by e-mail to " + text("email_pattern") + digits + ".";
  }
  if (type == "fragment_sms") return "The code was sent to " + text("url") + digits + ".";
  if (type == "sms_word") {
    return "A word was sent by SMS; it begins with \"" + text("beginning") + "\".";
  }
  if (type == "sms_phrase") {
    return "A phrase was sent by SMS; it begins with \"" + text("beginning") + "\".";
  }
  return "The code was sent: " + std::string(type) + digits + ".";
}

std::string reset_in_words(const tl::Value& signin) {
  if (const auto seconds = signin["reset_available_period"].as_int64()) {
    constexpr std::int64_t day = 86'400;
    const auto days = (*seconds + day - 1) / day;
    return "An e instead of the code gives the e-mail address up" +
           (days > 0 ? ", in " + std::to_string(days) + " days." : std::string("."));
  }
  if (!signin["reset_pending_date"].is_null()) {
    return "The e-mail address is about to be given up; an e instead of the code asks whether it "
           "is time.";
  }
  return "";
}

std::string refusal_in_words(const tl::Value& error) {
  const std::string message(error["error_message"].text());
  const auto name = error["_name"].text();
  const auto value = error["_value"].as_int64();
  const auto words = [&]() -> std::string {
    if (name == "PHONE_CODE_INVALID" || name == "PHONE_CODE_EMPTY") return "that is not the code";
    if (name == "PASSWORD_HASH_INVALID") return "that is not the password";
    if (name == "PHONE_CODE_EXPIRED") return "the code has expired";
    if (name == "PHONE_NUMBER_INVALID") return "that is no phone number";
    if (name == "PHONE_NUMBER_BANNED") return "the number is banned";
    if (name == "API_ID_INVALID") return "api_id and api_hash do not fit";
    if (name == "TASK_ALREADY_EXISTS") return "the e-mail address is given up later";
    if (name == "RECAPTCHA_CHECK") return "it wants a reCAPTCHA to be solved first";
    if (name == "FLOOD_WAIT" && value) return "wait " + std::to_string(*value) + " seconds";
    return "";
  }();
  if (words.empty()) return "Telegram refuses: " + message;
  return "Telegram refuses: " + words + " (" + message + ")";
}

void write_spaced_json(const tl::Value& value, std::string& out) {
  bool first = true;
  const auto separate = [&] {
    if (!first) out += ", ";
    first = false;
  };
  if (value.is_object()) {
    out += '{';
    for (const auto& member : value.members()) {
      separate();
      tl::write_json_string(member.key, out);
      out += ": ";
      write_spaced_json(member.value, out);
    }
    out += '}';
  } else if (value.is_array()) {
    out += '[';
    for (const auto& item : value.items()) {
      separate();
      write_spaced_json(item, out);
    }
    out += ']';
  } else {
    tl::write_json(value, out);
  }
}

}  // namespace server
