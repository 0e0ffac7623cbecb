#include "tests/bench/pieces/dialogs.hpp"

#include <array>
#include <random>
#include <string_view>

#include "tl/base64.hpp"
#include "tl/bytes.hpp"

namespace bench {
namespace {

constexpr std::array<std::string_view, 12> words{"meeting", "tomorrow", "привет", "the",
                                                 "сделаем", "photo",    "of",     "железо",
                                                 "weekend", "coffee",   "😀",      "\\\"quoted\\\""};
constexpr std::array<std::string_view, 8> names{"Ada",    "Alan", "Grace", "Мария",
                                                "Edsger", "Иван", "Mary",  "Leslie"};

// The members of an object as text, in the order in which they are added.
class Text {
 public:
  Text& open(std::string_view constructor) {
    out_ += first_ ? "" : ",";
    out_ += R"({"_cons":")";
    out_ += constructor;
    out_ += '"';
    first_ = false;
    return *this;
  }
  Text& close() {
    out_ += '}';
    first_ = false;
    return *this;
  }
  Text& begin(std::string_view name) {  // of an array
    key(name);
    out_ += '[';
    first_ = true;
    return *this;
  }
  Text& end() {
    out_ += ']';
    first_ = false;
    return *this;
  }
  Text& key(std::string_view name) {
    out_ += ",\"";
    out_ += name;
    out_ += "\":";
    first_ = true;
    return *this;
  }
  Text& number(std::string_view name, std::int64_t value) {
    key(name);
    out_ += std::to_string(value);
    return *this;
  }
  Text& string(std::string_view name, std::string_view value) {
    key(name);
    out_ += '"';
    out_ += value;
    out_ += '"';
    return *this;
  }
  Text& flag(std::string_view name) {
    key(name);
    out_ += R"({"_cons":"true"})";
    return *this;
  }
  Text& peer(std::string_view name, std::int64_t user) {
    return key(name).open("peerUser").number("user_id", user).close();
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  bool first_ = true;
};

class Maker {
 public:
  std::string of(int count) {
    text_.open("messages.dialogs").begin("dialogs");
    for (int i = 0; i < count; ++i) dialog(i);
    text_.end().begin("messages");
    for (int i = 0; i < count; ++i) message(i);
    text_.end().begin("chats").end().begin("users");
    for (int i = 0; i < count; ++i) user(i);
    text_.end().close();
    return text_.take();
  }

 private:
  static std::int64_t user_id(int i) { return 777000000 + 7919 * i; }
  std::int64_t below(std::int64_t limit) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(limit));
  }
  std::int64_t number64() { return static_cast<std::int64_t>(random_()); }
  bool one_in(int count) { return below(count) == 0; }

  std::string sentence(std::int64_t length) {
    std::string out;
    for (std::int64_t i = 0; i < length; ++i) {
      if (i > 0) out += i % 9 == 8 ? "\\n" : " ";
      out += words[static_cast<std::size_t>(below(words.size()))];
    }
    return out;
  }
  std::string base64(std::size_t size) {
    tl::Bytes bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random_());
    std::string out;
    tl::append_base64(bytes, out);
    return out;
  }

  void dialog(int i) {
    text_.open("dialog");
    if (i < 3) text_.flag("pinned");
    text_.peer("peer", user_id(i)).number("top_message", 100000 + i);
    text_.number("read_inbox_max_id", 99990 + i).number("read_outbox_max_id", 99980 + i);
    text_.number("unread_count", below(30)).number("unread_mentions_count", 0);
    text_.number("unread_reactions_count", 0).number("unread_poll_votes_count", 0);
    text_.key("notify_settings").open("peerNotifySettings");
    if (one_in(3)) text_.number("mute_until", 2147483647);
    text_.close().close();
  }

  void message(int i) {
    text_.open("message");
    if (one_in(2)) text_.flag("out");
    text_.number("id", 100000 + i).peer("from_id", user_id(i)).peer("peer_id", user_id(i));
    if (one_in(3)) {
      text_.key("reply_to").open("messageReplyHeader").number("reply_to_msg_id", 99000 + i).close();
    }
    text_.number("date", 1700000000 + 61 * i).string("message", sentence(4 + below(40)));
    if (one_in(4)) web_page();
    if (one_in(3)) {
      text_.begin("entities");
      text_.open("messageEntityBold").number("offset", 0).number("length", 7).close();
      text_.open("messageEntityUrl").number("offset", 8).number("length", 12).close().end();
    }
    if (one_in(5)) text_.number("edit_date", 1700000000 + 67 * i);
    text_.close();
  }

  void web_page() {
    text_.key("media").open("messageMediaWebPage").key("webpage").open("webPage");
    text_.number("id", number64()).string("url", "https://example.org/news/2023/11/a-longer-path");
    text_.string("display_url", "example.org/news").number("hash", below(1 << 30));
    text_.string("type", "article").string("site_name", "Example").string("title", sentence(6));
    text_.string("description", sentence(25)).close().close();
  }

  void user(int i) {
    const auto name = [&] { return names[static_cast<std::size_t>(below(names.size()))]; };
    text_.open("user");
    if (one_in(3)) text_.flag("contact").flag("mutual_contact");
    if (one_in(10)) text_.flag("premium");
    text_.number("id", user_id(i)).number("access_hash", number64());
    text_.string("first_name", name()).string("last_name", name());
    text_.string("username", "somebody_" + std::to_string(i));
    if (one_in(3)) text_.string("phone", "99966" + std::to_string(20000 + i));
    if (!one_in(5)) {
      text_.key("photo").open("userProfilePhoto").number("photo_id", number64());
      text_.string("stripped_thumb", base64(130)).number("dc_id", 1 + below(5)).close();
    }
    text_.key("status").open("userStatusOffline").number("was_online", 1699990000 + 31 * i).close();
    text_.close();
  }

  Text text_;
  std::mt19937_64 random_{2023};
};

}  // namespace

std::string dialogs(int count) { return Maker().of(count); }

}  // namespace bench
