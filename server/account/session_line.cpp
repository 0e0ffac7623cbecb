#include "server/account/session_line.hpp"

#include <algorithm>
#include <limits>
#include <memory_resource>

#include "server/account/update_state.hpp"
#include "tl/base64.hpp"
#include "tl/json_reader.hpp"
#include "tl/numbers.hpp"
#include "tl/pasted_text.hpp"
#include "tl/rounded.hpp"

namespace server::account {

namespace {

// One attribute after another; the first that is wrong is kept.
class Fields {
 public:
  explicit Fields(const tl::Value& object) : object_(object) {}

  std::optional<std::int64_t> number(std::string_view key, std::int64_t least, std::int64_t most) {
    const auto& value = object_[key];
    if (problem_ || value.is_null()) return std::nullopt;
    if (!integral(value)) {
      complain("TypeError", key, "an integer is due, as a number or as decimal digits in a string");
      return std::nullopt;
    }
    const auto read = value.as_int64();
    if (!read || *read < least || *read > most) {
      complain("SessionError", key,
               "out of range: " + std::to_string(least) + " to " + std::to_string(most));
      return std::nullopt;
    }
    return *read;
  }

  // A number that came home as it was given, at most `most`. Many JSON libraries hold less than 64
  // bits: what was rounded, wrapped, written with a point or an exponent, or is no number at all is
  // not known, and then intact() says no.
  std::optional<std::uint64_t> memory(std::string_view key, std::uint64_t most) {
    const auto& value = object_[key];
    if (problem_ || value.is_null()) return std::nullopt;
    const auto read = as_given(value);
    intact_ = intact_ && read && *read <= most;
    return read;
  }
  bool intact() const { return intact_; }

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
    if (value.as_int64() || value.as_uint64()) return true;
    auto text = value.text();
    if (text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  }

  static std::optional<std::uint64_t> as_given(const tl::Value& value) {
    if (value.kind() == tl::Value::Kind::integer || value.kind() == tl::Value::Kind::string) {
      const auto read = value.as_uint64();
      return read && !value.is_string() && tl::looks_rounded(*read) ? std::nullopt : read;
    }
    const auto read = tl::parse_uint64(value.text());
    return read && tl::looks_rounded(*read) ? std::nullopt : read;
  }

  void complain(std::string_view error, std::string_view key, std::string_view text) {
    problem_ = SessionProblem{std::string(error), "/" + std::string(key), std::string(text)};
  }

  const tl::Value& object_;
  bool intact_ = true;
  std::optional<SessionProblem> problem_;
};

// Writes members with commas between them.
class Members {
 public:
  Members(tl::Notation notation, std::string& out) : notation_(notation), out_(out) { out_ += '{'; }

  void number(std::string_view key, std::int64_t value) {
    name(key);
    out_ += std::to_string(value);
  }
  // No number that a JSON library could lose.
  void wide(std::string_view key, std::uint64_t value) {
    constexpr auto exact = static_cast<std::uint64_t>(tl::largest_exact);
    const bool quoted = notation_ == tl::Notation::plain || value > exact;
    quoted ? text(key, std::to_string(value)) : number(key, static_cast<std::int64_t>(value));
  }
  // Which needs no escaping.
  void text(std::string_view key, std::string_view value) {
    name(key);
    out_.append("\"").append(value).append("\"");
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

tl::Result<SessionLine, SessionProblem> read_members(const tl::Value& session) {
  constexpr auto int_max = std::numeric_limits<std::int32_t>::max();
  Fields fields(session);
  SessionLine line;
  line.auth_key = fields.key("auth_key");
  constexpr auto long_max = std::numeric_limits<std::int64_t>::max();
  constexpr auto all_bits = std::numeric_limits<std::uint64_t>::max();
  line.session_id = fields.memory("session_id", all_bits);
  const auto seqno = fields.memory("last_seqno", int_max);
  if (seqno) line.last_seqno = static_cast<std::uint32_t>(*seqno);
  line.server_salt = fields.memory("server_salt", all_bits);
  if (!fields.intact()) line.forget_numbers();
  if (auto dc = fields.number("dc", 1, 999)) {
    line.dc = mtproto::DcId(static_cast<std::int32_t>(*dc));
  }
  if (auto api_id = fields.number("api_id", 0, int_max)) {
    line.api_id = static_cast<std::int32_t>(*api_id);
  }
  line.user_id = fields.number("user_id", 1, long_max);
  if (fields.problem()) return *fields.problem();
  if (const auto& updates = session["updates"]; !updates.is_null()) {
    if (!read_update_state(updates)) {
      return SessionProblem{"TypeError", "/updates", "`updates` of an earlier session is due"};
    }
    tl::write_json(updates, line.updates);
  }
  return line;
}

// This line as text, alone or as the reply or the request that holds it.
std::optional<tl::Result<SessionLine, SessionProblem>> read_text(std::string_view pasted) {
  constexpr std::size_t longest_text = std::size_t{1} << 20;
  const auto text = tl::trimmed_of(pasted, tl::Stray::blanks | tl::Stray::marks);
  if (!text.starts_with('{') || text.size() > longest_text) return {};
  std::pmr::monotonic_buffer_resource arena;
  const auto value = tl::read_json(text, arena);
  if (!value) return {};
  const auto& inner = (*value)["session"];
  return read_members(inner.is_object() ? inner : *value);
}

SessionLine line_of(StringSession&& session) {
  SessionLine line;
  line.auth_key = std::move(session.auth_key);
  line.dc = session.dc;
  line.user_id = session.user_id;
  line.api_id = session.api_id;
  line.test = session.test;
  return line;
}

// The string says which session it is; what stands beside it may only add to that. A whole line
// that was asked for with a string comes back with both.
tl::Result<SessionLine, SessionProblem> with_string(SessionLine line, const tl::Value& string) {
  if (!string.is_string()) return SessionProblem{"TypeError", "/string", "a string is due"};
  const auto error = [](std::string text) {
    return SessionProblem{"SessionError", "/string", std::move(text)};
  };
  SessionLine out;
  if (auto own = read_text(string.text())) {
    if (!*own) return error((*own).error().text);
    out = std::move(**own);
  } else if (auto other = read_session_string(string.text())) {
    out = line_of(std::move(*other));
  }
  if (!out.auth_key) {
    return error("this is no session of Telethon, Pyrogram, GramJS, mtcute or ours: " +
                 session_string_problem(string.text()));
  }
  if (line.auth_key) {
    if (line.auth_key->id() != out.auth_key->id())
      return error("it is not the session of auth_key");
    return line;
  }
  if (line.dc && line.dc != out.dc) return error("it is not the session of that dc");
  if (line.server_salt) out.server_salt = line.server_salt;
  if (line.api_id) out.api_id = line.api_id;
  if (!line.updates.empty()) out.updates = std::move(line.updates);
  out.as = line.as;
  return out;
}

}  // namespace

// One of them was damaged on its way, so that the others may be, too: a session of its own is begun.
void SessionLine::forget_numbers() {
  session_id.reset();
  last_seqno.reset();
  server_salt.reset();
}

bool SessionLine::empty() const {
  return !auth_key && !session_id && !last_seqno && !dc && !server_salt && !api_id &&
         updates.empty();
}

tl::Result<SessionLine, SessionProblem> read_session(const tl::Value& session) {
  if (!session.is_object()) return SessionProblem{"TypeError", "", "an object is due"};
  auto line = read_members(session);
  if (!line) return line;
  if (const auto& as = session["as"]; !as.is_null()) {
    line->as = session_format(as.text());
    if (!line->as) {
      return SessionProblem{"SessionError", "/as",
                            "a session can be had as " + std::string(session_format_names)};
    }
  }
  if (session["string"].is_null()) return line;
  return with_string(std::move(*line), session["string"]);
}

void write_session(const SessionLine& line, tl::Notation notation, std::string& out,
                   std::string_view string) {
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
  if (line.last_seqno) members.number("last_seqno", *line.last_seqno);
  if (line.dc) members.number("dc", line.dc->value());
  if (line.server_salt) members.text("server_salt", std::to_string(*line.server_salt));
  if (line.api_id) members.number("api_id", *line.api_id);
  if (line.user_id) members.wide("user_id", static_cast<std::uint64_t>(*line.user_id));
  if (!line.updates.empty()) {
    members.name("updates");
    out += line.updates;
  }
  if (!string.empty()) {
    members.name("string");
    tl::write_json_string(string, out);
  }
  out += '}';
}

}  // namespace server::account
