#include "server/account/signin_step.hpp"

#include <algorithm>
#include <array>

#include "tl/base64.hpp"
#include "tl/json_pointer.hpp"
#include "tl/last_members.hpp"
#include "tl/nearest_name.hpp"
#include "tl/pasted_text.hpp"

namespace server::account {

namespace {

// Telegram wants no more than so many.
constexpr std::size_t most_logout_tokens = 20;
constexpr std::size_t longest_logout_token = 1024;

enum class Shape : std::uint8_t { text, flag, tokens, number };

struct Attribute {
  std::string_view name;
  Shape shape;
  Step::Kind kind;  // the step that it makes
};

using enum Step::Kind;
using tl::Stray;

constexpr std::array attributes{
    Attribute{"phone", Shape::text, phone},
    Attribute{"phone_code_hash", Shape::text, phone},
    Attribute{"logout_tokens", Shape::tokens, phone},
    Attribute{"code", Shape::text, code},
    Attribute{"password", Shape::text, password},
    Attribute{"first_name", Shape::text, sign_up},
    Attribute{"last_name", Shape::text, sign_up},
    Attribute{"email", Shape::text, email},
    Attribute{"email_code", Shape::text, email_code},
    Attribute{"resend", Shape::flag, resend},
    Attribute{"cancel", Shape::flag, cancel},
    Attribute{"recover", Shape::flag, recover},
    Attribute{"recovery_code", Shape::text, recovery_code},
    Attribute{"qr", Shape::flag, qr},
    Attribute{"bot_token", Shape::text, bot_token},
    Attribute{"sign_out", Shape::flag, sign_out},
    Attribute{"reset_email", Shape::flag, reset_email},
    Attribute{"reset_password", Shape::flag, reset_password},
    Attribute{"form_id", Shape::number, paid},
};

constexpr auto names = [] {
  std::array<std::string_view, attributes.size()> out;
  std::ranges::transform(attributes, out.begin(), &Attribute::name);
  return out;
}();

StepProblem problem(std::string_view name, std::string text) {
  std::string path = "/";
  tl::append_pointer_token(name, path);
  return {std::move(text), std::move(path)};
}

bool is_logout_token(const tl::Value& value) {
  tl::Bytes bytes;
  return value.is_string() && !value.text().empty() &&
         value.text().size() <= tl::base64_size(longest_logout_token) &&
         tl::decode_base64(value.text(), bytes);
}

bool is_true(const tl::Value& value) { return value.as_bool() || value.constructor() == "true"; }

bool is_false(const tl::Value& value) {
  return value.kind() == tl::Value::Kind::boolean && !value.as_bool();
}

// Steps that go on with a code which was asked for before.
bool continues(Step::Kind kind) {
  return kind == code || kind == sign_up || kind == email || kind == email_code || kind == resend ||
         kind == cancel || kind == reset_email || kind == paid;
}

// As people write numbers: +999 66 2-0001, (999) 66.20001, tel:+99966.
std::string plain_phone(std::string_view text) {
  auto out = tl::without(text, Stray::blanks | Stray::marks | Stray::quotes | Stray::dashes);
  std::erase_if(out,
                [](char c) { return std::string_view("().").find(c) != std::string_view::npos; });
  if (out.starts_with("tel:")) out.erase(0, 4);
  return out;
}

// Codes are mostly digits, "222-22"; some are words with blanks between them.
std::string plain_code(std::string_view text) {
  const auto out = tl::without(text, Stray::blanks | Stray::marks | Stray::quotes | Stray::dashes);
  const bool digits = std::ranges::all_of(out, [](char c) { return c >= '0' && c <= '9'; });
  if (digits) return out;
  return tl::without(tl::trimmed_of(text, Stray::blanks | Stray::marks | Stray::quotes),
                     Stray::marks);
}

// No character of a token is one of these.
std::string plain_token(std::string_view text) {
  return tl::without(text, Stray::blanks | Stray::marks | Stray::quotes);
}

class StepReader {
 public:
  tl::Result<Step, StepProblem> read(const tl::Value& signin) {
    if (!signin.is_object()) return StepProblem{"an object is due", ""};
    for (const auto& member : tl::last_members(signin, names)) {
      if (auto wrong = take(member); !wrong.text.empty()) return wrong;
    }
    if (auto wrong = check(); !wrong.text.empty()) return wrong;
    return std::move(step_);
  }

 private:
  StepProblem take(const tl::Member& member) {
    const auto* found = std::ranges::find(attributes, member.key, &Attribute::name);
    if (found == attributes.end()) {
      tl::NearestName nearest(member.key);
      for (const auto& known : attributes) nearest.offer(known.name);
      return problem(member.key, "signin has no such attribute" + nearest.hint());
    }
    if (found->shape == Shape::text && !member.value.is_string()) {
      return problem(member.key, "a string is due");
    }
    if (found->shape == Shape::flag) {
      if (is_false(member.value)) return {};
      if (!is_true(member.value)) return problem(member.key, "true is due");
    }
    if (found->shape == Shape::tokens) return put_tokens(member.value);
    if (found->shape == Shape::number) {
      const auto number = member.value.as_int64();
      if (!number) return problem(member.key, "a payment form's id is due, an integer of 64 bits");
      step_.form_id = *number;
    }
    return put(*found, member.value.text());
  }

  StepProblem put_tokens(const tl::Value& list) {
    constexpr std::string_view name = "logout_tokens";
    if (!list.is_array() || list.items().size() > most_logout_tokens) {
      return problem(name, "an array of at most 20 future_auth_tokens is due");
    }
    const auto items = list.items();
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (is_logout_token(items[i])) continue;
      return {"a future_auth_token is due, as Telegram gave it: base64 of at most 1024 bytes",
              "/logout_tokens/" + std::to_string(i)};
    }
    step_.logout_tokens = items;
    has_tokens_ = true;
    return {};
  }

  StepProblem put(const Attribute& attribute, std::string_view text) {
    if (attribute.name == "phone") {
      step_.phone = plain_phone(text);
      has_phone_ = true;
      return {};
    }
    if (attribute.name == "phone_code_hash") {
      step_.phone_code_hash = text;
      has_hash_ = true;
      return {};
    }
    if (step_.kind != where && step_.kind != attribute.kind) {
      return problem(attribute.name,
                     "one step at a time: this does not go with \"" + std::string(made_by_) + "\"");
    }
    step_.kind = attribute.kind;
    made_by_ = attribute.name;
    if (attribute.name == "first_name") {
      step_.first_name = text;
      has_first_name_ = true;
    } else if (attribute.name == "last_name") {
      step_.last_name = text;
    } else if (attribute.kind == bot_token) {
      step_.typed = plain_token(text);
    } else if (attribute.kind == code || attribute.kind == email_code ||
               attribute.kind == recovery_code) {
      step_.typed = plain_code(text);
    } else {
      step_.text = text;
    }
    return {};
  }

  StepProblem check() {
    if (step_.kind == sign_up && !has_first_name_) {
      return problem("first_name", "a string is due: who signs up has a first name");
    }
    if (has_tokens_ && (!has_phone_ || has_hash_ || step_.kind != where)) {
      return problem("logout_tokens", "it goes with a \"phone\" that asks for a code");
    }
    if (!has_phone_ && !has_hash_) return {};
    if (step_.kind != where && !continues(step_.kind)) {
      return problem(has_phone_ ? "phone" : "phone_code_hash",
                     "this does not go with \"" + std::string(made_by_) + "\"");
    }
    if (has_phone_ && !has_hash_ && step_.kind == where) {
      step_.kind = phone;
      return {};
    }
    if (!has_phone_ || !has_hash_ || step_.phone_code_hash.empty()) {
      return problem(has_phone_ ? "phone_code_hash" : "phone",
                     "phone and phone_code_hash go together");
    }
    if (step_.kind == where) {
      return problem("phone_code_hash", "it goes with a step that uses it, such as \"code\"");
    }
    return {};
  }

  Step step_;
  std::string_view made_by_;  // the attribute that made the step what it is
  bool has_phone_ = false;
  bool has_hash_ = false;
  bool has_first_name_ = false;
  bool has_tokens_ = false;
};

}  // namespace

tl::Result<Step, StepProblem> read_step(const tl::Value& signin) {
  return StepReader().read(signin);
}

}  // namespace server::account
