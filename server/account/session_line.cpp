#include "server/account/session_line.hpp"

#include <algorithm>
#include <limits>

#include "tl/base64.hpp"

namespace server::account {

namespace {

// One attribute after another; the first that is wrong is kept.
class Fields {
 public:
  explicit Fields(const tl::Value& object) : object_(object) {}

  template <class Number>
  std::optional<Number> number(std::string_view key, Number least, Number most) {
    const auto& value = object_[key];
    if (problem_ || value.is_null()) return std::nullopt;
    if (!integral(value)) {
      complain("TypeError", key, "an integer is due, as a number or as decimal digits in a string");
      return std::nullopt;
    }
    const auto read = wide<Number>(value);
    if (!read || *read < least || *read > most) {
      complain("SessionError", key,
               "out of range: " + std::to_string(least) + " to " + std::to_string(most));
      return std::nullopt;
    }
    return *read;
  }

  // A long as people write it, signed or unsigned.
  std::optional<std::uint64_t> bits64(std::string_view key) {
    const auto& value = object_[key];
    if (!problem_ && !value.as_uint64() && value.as_int64()) {
      return static_cast<std::uint64_t>(*value.as_int64());
    }
    return number<std::uint64_t>(key, 0, std::numeric_limits<std::uint64_t>::max());
  }

  std::optional<mtproto::AuthKey> key(std::string_view name) {
    const auto& value = object_[name];
    if (problem_ || value.is_null()) return std::nullopt;
    if (!value.is_string()) {
      complain("TypeError", name, "a string is due: 256 bytes in base64");
      return std::nullopt;
    }
    constexpr auto size = mtproto::AuthKey::size;
    tl::Bytes bytes;
    // 256 bytes are 344 characters with their padding.
    const bool read = value.text().size() <= 400 && tl::decode_base64(value.text(), bytes);
    std::optional<mtproto::AuthKey> made;
    if (read && bytes.size() == size) made.emplace(std::span<const std::uint8_t, size>(bytes));
    if (!made) complain("SessionError", name, "256 bytes in base64 are due");
    mtproto::wipe(bytes);
    return made;
  }

  const std::optional<SessionProblem>& problem() const { return problem_; }

 private:
  static bool integral(const tl::Value& value) {
    if (value.kind() == tl::Value::Kind::integer) return true;
    auto text = value.text();
    if (text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  }

  template <class Number>
  static auto wide(const tl::Value& value) {
    if constexpr (std::is_unsigned_v<Number>) {
      return value.as_uint64();
    } else {
      return value.as_int64();
    }
  }

  void complain(std::string_view error, std::string_view key, std::string_view text) {
    problem_ = SessionProblem{std::string(error), "/" + std::string(key), std::string(text)};
  }

  const tl::Value& object_;
  std::optional<SessionProblem> problem_;
};

// Writes members with commas between them.
class Members {
 public:
  Members(tl::Notation notation, std::string& out) : notation_(notation), out_(out) { out_ += '{'; }

  template <class Number>
  void number(std::string_view key, Number value) {
    name(key);
    out_ += std::to_string(value);
  }
  template <class Number>
  void wide(std::string_view key, Number value) {
    name(key);
    const bool quoted = notation_ == tl::Notation::plain;
    if (quoted) out_ += '"';
    out_ += std::to_string(value);
    if (quoted) out_ += '"';
  }
  void name(std::string_view key) {
    if (!first_) out_ += ',';
    first_ = false;
    out_.append("\"").append(key).append("\":");
  }

 private:
  tl::Notation notation_;
  std::string& out_;
  bool first_ = true;
};

}  // namespace

bool SessionLine::empty() const {
  return !auth_key && !session_id && !last_seqno && !dc && !server_salt && !api_id &&
         updates.empty();
}

tl::Result<SessionLine, SessionProblem> read_session(const tl::Value& session) {
  if (!session.is_object()) return SessionProblem{"TypeError", "", "an object is due"};
  constexpr auto int_max = std::numeric_limits<std::int32_t>::max();
  Fields fields(session);
  SessionLine line;
  line.auth_key = fields.key("auth_key");
  line.session_id =
      fields.number<std::uint64_t>("session_id", 0, std::numeric_limits<std::uint64_t>::max());
  if (auto seqno = fields.number<std::int64_t>("last_seqno", 0, int_max)) {
    line.last_seqno = static_cast<std::uint32_t>(*seqno);
  }
  if (auto dc = fields.number<std::int64_t>("dc", 1, 999)) {
    line.dc = mtproto::DcId(static_cast<std::int32_t>(*dc));
  }
  line.server_salt = fields.bits64("server_salt");
  if (auto api_id = fields.number<std::int64_t>("api_id", 0, int_max)) {
    line.api_id = static_cast<std::int32_t>(*api_id);
  }
  line.user_id =
      fields.number<std::int64_t>("user_id", 1, std::numeric_limits<std::int64_t>::max());
  if (fields.problem()) return *fields.problem();
  if (const auto& updates = session["updates"]; !updates.is_null()) {
    tl::write_json(updates, line.updates);
  }
  return line;
}

void write_session(const SessionLine& line, tl::Notation notation, std::string& out) {
  if (!line.auth_key) {
    out += R"({"error_message":"there is no key yet: the first message or signin makes one"})";
    return;
  }
  Members members(notation, out);
  if (line.session_id) members.wide("session_id", *line.session_id);
  members.name("auth_key");
  out += '"';
  tl::append_base64(line.auth_key->bytes(), out);
  out += '"';
  if (line.last_seqno) members.number("last_seqno", std::uint64_t{*line.last_seqno});
  if (line.dc) members.number("dc", std::int64_t{line.dc->value()});
  if (line.server_salt) members.wide("server_salt", *line.server_salt);
  if (line.api_id) members.number("api_id", std::int64_t{*line.api_id});
  if (line.user_id) members.wide("user_id", *line.user_id);
  if (!line.updates.empty()) {
    members.name("updates");
    out += line.updates;
  }
  out += '}';
}

}  // namespace server::account
