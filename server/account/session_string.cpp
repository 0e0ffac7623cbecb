#include "server/account/session_string.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "mtproto/crypto/secret.hpp"
#include "tl/base64.hpp"
#include "tl/pasted_text.hpp"
#include "tl/reader.hpp"
#include "tl/writer.hpp"

namespace server::account {
namespace {

using Key = mtproto::AuthKey;

constexpr std::size_t longest_string = 2048;
constexpr std::size_t longest_address = 45;  // an IPv6 address that ends in an IPv4 one

// Bytes that are wiped in the end: there is a key among them.
struct Secret {
  ~Secret() { mtproto::wipe(bytes); }
  tl::Bytes bytes;
};

// A text without what can't belong to it, wiped in the end.
class PlainString {
 public:
  explicit PlainString(std::string_view pasted)
      : text_(tl::without(pasted, tl::Stray::blanks | tl::Stray::marks | tl::Stray::quotes)) {}
  PlainString(const PlainString&) = delete;
  PlainString& operator=(const PlainString&) = delete;
  ~PlainString() { mtproto::wipe({reinterpret_cast<std::uint8_t*>(text_.data()), text_.size()}); }
  std::string_view text() const { return text_; }

 private:
  std::string text_;
};

// Reads big-endian numbers; past the end everything is 0 and `good` is false.
class BigEndian {
 public:
  explicit BigEndian(tl::ByteView bytes) : bytes_(bytes) {}

  std::uint64_t number(std::size_t size) {
    std::uint64_t out = 0;
    for (const auto byte : view(size)) out = out << 8 | byte;
    return out;
  }
  tl::ByteView view(std::size_t size) {
    if (size > bytes_.size()) {
      good = false;
      return {};
    }
    const auto out = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return out;
  }
  std::optional<Key> key() {
    const auto bytes = view(Key::size);
    if (!good) return {};
    return Key(std::span<const std::uint8_t, Key::size>(bytes));
  }
  bool whole() const { return good && bytes_.empty(); }

  bool good = true;

 private:
  tl::ByteView bytes_;
};

void append_big_endian(std::uint64_t number, std::size_t size, tl::Bytes& out) {
  for (auto shift = size; shift-- > 0;)
    out.push_back(static_cast<std::uint8_t>(number >> 8 * shift));
}

bool is_dc(std::uint64_t number) { return number >= 1 && number < 1000; }

std::optional<StringSession> session_of(std::uint64_t dc, std::optional<Key> key) {
  if (!key || !is_dc(dc)) return {};
  return StringSession{std::move(*key), mtproto::DcId(static_cast<std::int32_t>(dc)), {}, {}, {}};
}

bool is_address(std::string_view text) {
  return !text.empty() && text.size() <= longest_address && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == ':' || c == '-';
  });
}

std::optional<StringSession> read_gramjs(tl::ByteView bytes) {
  BigEndian in(bytes);
  const auto dc = in.number(1);
  const auto address = in.view(in.number(2));
  in.number(2);  // the port
  auto key = in.key();
  if (!in.whole() || !is_address(tl::as_text(address))) return {};
  return session_of(dc, std::move(key));
}

std::optional<StringSession> read_telethon(tl::ByteView bytes) {
  constexpr std::size_t with_ipv4 = 1 + 4 + 2 + Key::size;
  constexpr std::size_t with_ipv6 = 1 + 16 + 2 + Key::size;
  if (bytes.size() != with_ipv4 && bytes.size() != with_ipv6) return {};
  BigEndian in(bytes);
  const auto dc = in.number(1);
  in.view(bytes.size() - 1 - Key::size);
  return session_of(dc, in.key());
}

std::optional<StringSession> read_pyrogram(tl::ByteView bytes) {
  constexpr std::size_t now = 1 + 4 + 1 + Key::size + 8 + 1;
  constexpr std::size_t before = 1 + 1 + Key::size + 8 + 1;
  constexpr std::size_t long_ago = 1 + 1 + Key::size + 4 + 1;
  const auto size = bytes.size();
  if (size != now && size != before && size != long_ago) return {};
  BigEndian in(bytes);
  const auto dc = in.number(1);
  const auto api_id = size == now ? in.number(4) : 0;
  const auto test = in.number(1);
  auto key = in.key();
  const auto user_id = in.number(size == long_ago ? 4 : 8);
  const auto bot = in.number(1);
  if (test > 1 || bot > 1 || user_id >> 63 != 0 || api_id >> 31 != 0) return {};
  auto out = session_of(dc, std::move(key));
  if (!out) return {};
  out->test = test == 1;
  if (user_id != 0) out->user_id = static_cast<std::int64_t>(user_id);
  if (api_id != 0) out->api_id = static_cast<std::int32_t>(api_id);
  return out;
}

constexpr std::uint8_t mtcute_version = 3;
namespace mtcute_flags {
constexpr std::uint32_t self = 1;
constexpr std::uint32_t test = 2;  // of old ones
constexpr std::uint32_t media = 4;
constexpr std::uint8_t dc_ipv6 = 1;
constexpr std::uint8_t dc_test = 4;
}  // namespace mtcute_flags

std::optional<StringSession> read_mtcute(tl::ByteView bytes) {
  if (bytes.empty() || bytes[0] != mtcute_version) return {};
  tl::Reader in(bytes.subspan(1));
  const auto flags = in.nat();
  const auto dc = in.bytes();
  if ((flags & mtcute_flags::media) != 0) in.bytes();
  std::int64_t user_id = 0;
  if ((flags & mtcute_flags::self) != 0) {
    user_id = in.int64();
    in.boolean();
  }
  const auto key = in.bytes();
  if (!in || in.left() != 0 || key.size() != Key::size || dc.size() < 3) return {};
  const auto version = dc[0];
  if (version != 1 && version != 2) return {};
  auto out = session_of(dc[1], Key(std::span<const std::uint8_t, Key::size>(key)));
  if (!out) return {};
  out->test =
      (flags & mtcute_flags::test) != 0 || (version == 2 && (dc[2] & mtcute_flags::dc_test) != 0);
  if (user_id > 0) out->user_id = user_id;
  return out;
}

// The address in network order; empty: it is no IP address.
tl::Bytes packed_address(const std::string& host) {
  tl::Bytes out(16);
  if (::inet_pton(AF_INET6, host.c_str(), out.data()) == 1) return out;
  out.resize(4);
  if (::inet_pton(AF_INET, host.c_str(), out.data()) == 1) return out;
  return {};
}

std::string base64url(tl::ByteView bytes, bool padded) {
  std::string out;
  tl::append_base64(bytes, out);
  std::ranges::replace(out, '+', '-');
  std::ranges::replace(out, '/', '_');
  while (!padded && out.ends_with('=')) out.pop_back();
  return out;
}

}  // namespace

std::optional<StringSession> read_session_string(std::string_view pasted) {
  if (pasted.size() > longest_string) return {};
  const PlainString plain(pasted);
  const auto text = plain.text();
  Secret secret;
  // Base64 of a data centre's number never begins with 1, which is a version.
  const bool versioned = text.starts_with('1');
  if (!tl::decode_base64(versioned ? text.substr(1) : text, secret.bytes)) return {};
  const auto read = [&](auto first, auto second) {
    auto out = first(secret.bytes);
    return out ? out : second(secret.bytes);
  };
  return versioned ? read(read_gramjs, read_telethon) : read(read_pyrogram, read_mtcute);
}

namespace {

bool is_all(std::string_view text, std::string_view more, bool letters) {
  return std::ranges::all_of(text, [&](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return (c >= '0' && c <= '9') || (letters && letter) || more.find(c) != more.npos;
  });
}

std::string characters(std::size_t size) { return std::to_string(size) + " characters"; }

// What else it may be, by its looks.
std::string other_thing(std::string_view text) {
  constexpr std::size_t hex_key = 2 * Key::size;
  const auto colon = text.find(':');
  if (colon != text.npos && colon > 0 && is_all(text.substr(0, colon), "", false) &&
      is_all(text.substr(colon + 1), "_-", true)) {
    return "it looks like a bot's token, which is for {\"signin\":{\"bot_token\":…}}";
  }
  if (text.size() == hex_key && is_all(text, "abcdefABCDEF", false)) {
    return "it looks like an auth_key in hex; that goes under auth_key in base64, with its dc";
  }
  if (text.starts_with('{')) return "it begins like JSON, but is no session of ours";
  return {};
}

// By how it begins: whose it is, and how long those are.
std::string whose(std::string_view text, tl::ByteView bytes) {
  const auto has = "; it has " + characters(text.size());
  if (text.starts_with('1')) {
    return "it begins like one of Telethon (353 characters, or 369 with IPv6) or GramJS (about "
           "370)" +
           has;
  }
  if (bytes.size() == Key::size) {
    return "it looks like an auth_key alone; that goes under auth_key, with its dc";
  }
  const bool mtcute = bytes.size() > 4 && bytes[0] == mtcute_version && bytes[1] < 8 &&
                      bytes[2] == 0 && bytes[3] == 0 && bytes[4] == 0;
  if (mtcute) return "it begins like one of mtcute (about 400 characters)" + has;
  if (!bytes.empty() && bytes[0] >= 1 && bytes[0] <= 5) {
    return "it begins like one of Pyrogram (362 characters; old ones 356 or 351)" + has;
  }
  return "it begins like none of them, and has " + characters(text.size());
}

}  // namespace

std::string session_string_problem(std::string_view pasted) {
  if (pasted.size() > longest_string) {
    return "it has " + characters(pasted.size()) + ", and none of them more than 2048";
  }
  const PlainString plain(pasted);
  auto text = plain.text();
  if (text.empty()) return "it is empty";
  if (auto other = other_thing(text); !other.empty()) return other;
  const auto wrong =
      text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=");
  if (wrong != text.npos) {
    return "its character " + std::to_string(wrong + 1) +
           " can't be in one: they have letters, digits, and - _ + / =";
  }
  // As far as it is there: what was cut off leaves up to three characters that are no byte.
  const auto whole = text.starts_with('1') ? text.substr(1) : text;
  const auto digits = whole.substr(0, whole.find('='));
  Secret secret;
  if (!tl::decode_base64(whole, secret.bytes) &&
      !tl::decode_base64(digits.substr(0, digits.size() / 4 * 4), secret.bytes)) {
    return "it is no base64, and has " + characters(text.size());
  }
  return whose(text, secret.bytes);
}

std::optional<SessionFormat> session_format(std::string_view name) {
  if (name == "telethon") return SessionFormat::telethon;
  if (name == "gramjs") return SessionFormat::gramjs;
  if (name == "mtcute") return SessionFormat::mtcute;
  return {};
}

bool can_hold(SessionFormat format, const SessionPlace& place) {
  if (place.dc.value() < 1 || place.dc.value() > 255 || place.host.empty()) return false;
  return format != SessionFormat::telethon || !packed_address(place.host).empty();
}

std::string write_session_string(SessionFormat format, const mtproto::AuthKey& key,
                                 const SessionPlace& place) {
  const auto address = packed_address(place.host);
  Secret secret;
  auto& out = secret.bytes;
  out.reserve(512);  // so that no piece of the key is left behind
  const auto dc = static_cast<std::uint8_t>(place.dc.value());
  std::string text;
  switch (format) {
    case SessionFormat::telethon:
      out.push_back(dc);
      tl::append(out, address);
      append_big_endian(place.port, 2, out);
      tl::append(out, key.bytes());
      return "1" + base64url(out, true);
    case SessionFormat::gramjs:
      out.push_back(dc);
      append_big_endian(place.host.size(), 2, out);
      tl::append(out, tl::as_bytes(place.host));
      append_big_endian(place.port, 2, out);
      tl::append(out, key.bytes());
      text = "1";
      tl::append_base64(out, text);
      return text;
    case SessionFormat::mtcute:
      break;
  }
  tl::Bytes option{2, dc, 0};
  if (address.size() == 16) option[2] |= mtcute_flags::dc_ipv6;
  if (place.test) option[2] |= mtcute_flags::dc_test;
  tl::Writer(option).bytes(place.host).int32(place.port);
  out.push_back(mtcute_version);
  tl::Writer(out).nat(0).bytes(option).bytes(key.bytes());
  return base64url(out, false);
}

}  // namespace server::account
