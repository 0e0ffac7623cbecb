#include "server/sandbox/world/seed_data.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "mtproto/crypto/dh.hpp"

namespace server::sandbox {
namespace {

constexpr UserId ada{1000101}, grace{1000102}, alan{1000103};

// Puts a text together from pieces, each with its entity.
class Wording {
 public:
  Wording& plain(std::string_view text) {
    draft_.text += text;
    return *this;
  }
  Wording& as(Entity::Kind kind, std::string_view text, std::string extra = {},
              std::int64_t id = 0) {
    const auto from = static_cast<std::int32_t>(utf16_length(draft_.text));
    draft_.text += text;
    const auto to = static_cast<std::int32_t>(utf16_length(draft_.text));
    draft_.entities.push_back({kind, from, to - from, std::move(extra), id, false});
    return *this;
  }
  Draft done() { return std::move(draft_); }

 private:
  Draft draft_;
};

Draft say(std::string_view text) { return Wording().plain(text).done(); }

// One of every kind. The 🙂 in front moves every offset by two: they count UTF-16 units.
Draft every_entity() {
  using Kind = Entity::Kind;
  return Wording()
      .plain("🙂 ")
      .as(Kind::bold, "bold")
      .plain(" ")
      .as(Kind::italic, "italic")
      .plain(" ")
      .as(Kind::underline, "underlined")
      .plain(" ")
      .as(Kind::strike, "struck out")
      .plain(" ")
      .as(Kind::spoiler, "the butler")
      .plain("\n")
      .as(Kind::code, "1 + 1")
      .plain("\n")
      .as(Kind::pre, "print('hello')", "python")
      .plain("\n")
      .as(Kind::blockquote, "Quoted, and worth it.")
      .plain("\nSee ")
      .as(Kind::url, "https://example.org")
      .plain(" or ")
      .as(Kind::text_url, "here", "https://example.org/here")
      .plain(", ask ")
      .as(Kind::mention, "@echobot")
      .plain(" or ")
      .as(Kind::mention_name, "Alan", {}, alan.value())
      .plain(", ")
      .as(Kind::hashtag, "#sandbox")
      .plain(" ")
      .as(Kind::cashtag, "$USD")
      .plain(" ")
      .as(Kind::bot_command, "/start")
      .plain("\nWrite to ")
      .as(Kind::email, "ada@example.org")
      .plain(", call ")
      .as(Kind::phone, "+9996620001")
      .plain(", pay with ")
      .as(Kind::bank_card, "4242 4242 4242 4242")
      .plain(" ")
      .as(Kind::custom_emoji, "👍", {}, 5368324170671202286)
      .done();
}

void people(World& world) {
  User service;
  service.id = service_user;
  service.first_name = "Telegram";
  service.phone = "42777";
  service.support = true;
  world.make_user(std::move(service));

  const auto bot = [&](UserId id, std::string name, std::string username, std::string about,
                       std::string_view token) -> User& {
    User user;
    user.id = id;
    user.first_name = std::move(name);
    user.username = std::move(username);
    user.about = std::move(about);
    user.bot = true;
    user.bot_token = token;
    return world.make_user(std::move(user));
  };
  bot(echo_bot, "Echo", "echobot", "Says what it is told, a second later.", echo_bot_token);
  bot(button_bot, "Buttons", "buttonbot", "Shows buttons and answers when they are pressed.",
      button_bot_token)
      .commands[""] = {{"start", "Show the buttons"}};

  const auto person = [&](UserId id, std::string phone, std::string first, std::string last,
                          std::string username) -> User& {
    User user;
    user.id = id;
    user.home_dc = phone_home(phone).value_or(2);
    user.phone = std::move(phone);
    user.first_name = std::move(first);
    user.last_name = std::move(last);
    user.username = std::move(username);
    return world.make_user(std::move(user));
  };
  person(ada, "9996620001", "Ada", "Lovelace", "ada_lovelace");
  auto& second = person(grace, "9996620002", "Grace", "Hopper", "grace_hopper");
  person(alan, "9996610003", "Alan", "Turing", "alan_turing");

  TwoStep two_step;
  two_step.password = "sandbox";
  two_step.hint = "the obvious one";
  two_step.algorithm.salt1.resize(40);
  two_step.algorithm.salt2.resize(16);
  world.random().fill(two_step.algorithm.salt1);
  world.random().fill(two_step.algorithm.salt2);
  two_step.algorithm.g = 3;
  two_step.algorithm.p.assign(mtproto::known_prime().begin(), mtproto::known_prime().end());
  second.two_step = std::move(two_step);

  for (const auto one : {ada, grace, alan}) {
    for (const auto other : {ada, grace, alan}) {
      if (one == other) continue;
      const auto& known = *world.accounts.find(other);
      world.accounts.find(one)->contacts[other] = {known.first_name, known.last_name, known.phone};
    }
  }
}

File sticker(const World& world, const StickerSet& set, std::string_view emoji,
             std::uint8_t shade) {
  File file;
  file.dc = 2;
  file.date = world.date();
  file.mime_type = set.reactions ? "application/x-tgsticker" : "image/webp";
  file.bytes = set.reactions ? plain_tgs(255, shade, 0) : plain_webp(512, 512, 255, shade, 0);
  Attribute size, stands_for, name;
  size.kind = Attribute::Kind::image_size;
  size.w = size.h = 512;
  stands_for.kind = Attribute::Kind::sticker;
  stands_for.title = emoji;
  stands_for.set = set.id;
  stands_for.set_hash = set.access_hash;
  name.title = set.reactions ? "AnimatedSticker.tgs" : "sticker.webp";
  file.attributes = {size, stands_for, name};
  return file;
}

// A sticker for each emoji that may be reacted with.
void stickers(World& world, StickerSet set) {
  set.access_hash = static_cast<std::int64_t>(world.random().word());
  std::uint8_t shade = 0;
  for (const auto emoji : faces) {
    shade = static_cast<std::uint8_t>(shade + 12);
    if (auto kept = world.files.keep(sticker(world, set, emoji, shade), world.random())) {
      set.stickers.push_back(std::move(*kept));
    }
  }
  world.sticker_sets.push_back(std::move(set));
}

// A channel and a supergroup with public names, so that a newcomer finds them.
void rooms(World& world) {
  auto& news = world.create_channel(ada, "Sandbox news", "What is new in the sandbox.", true);
  world.rename(news, "sandbox_news");
  const UserId readers[] = {grace, alan};
  world.join(news, ada, readers);
  world.send(ada, PeerKey::of(news.id),
             say("This is a channel: its administrators write, and whoever likes may read."));

  auto& hall = world.create_channel(grace, "Sandbox hall", "A supergroup. Come in.", false);
  world.rename(hall, "sandbox_hall");
  const UserId guests[] = {ada, alan, echo_bot};
  world.join(hall, grace, guests);
  world.send(grace, PeerKey::of(hall.id),
             say("Whoever joins may speak here. @echobot answers when it is mentioned."));
  // No difference tells of what was there from the beginning.
  news.changed = hall.changed = 0;
}

}  // namespace

void seed_world(World& world) {
  people(world);
  stickers(world, {7001, 0, "Faces of the sandbox", "sandbox_faces", {}, false});
  stickers(world, {7002, 0, "Reactions of the sandbox", "sandbox_reactions", {}, true});
  for (const auto one : {ada, grace, alan}) {
    world.send(service_user, PeerKey::of(one),
               say("Welcome. This is a sandbox: nobody outside can read what is said here."));
    world.send(echo_bot, PeerKey::of(one), say("Write to me and I will say the same."));
  }
  world.send(ada, PeerKey::of(grace), say("Grace, does the compiler understand English yet?"));
  world.send(grace, PeerKey::of(ada), say("It understands business. That is nearly as hard."));
  const auto& long_one = world.send(ada, PeerKey::of(grace), every_entity());
  Draft reply = say("You have tried every button again.");
  reply.reply_to = long_one.post->id_in(grace);
  world.send(grace, PeerKey::of(ada), std::move(reply));
  world.send(alan, PeerKey::of(ada), say("Is the machine thinking, or is it the one who asks?"));

  const UserId others[] = {grace, alan, echo_bot};
  const auto& chat = world.create_chat(ada, "Sandbox", others);
  const auto group = PeerKey::of(chat.id);
  world.send(ada, group, say("Everybody is here. @echobot answers when it is mentioned."));
  world.send(alan, group, every_entity());
  world.send(grace, group, say("I found a bug in it. A real one, with wings."));

  for (const auto one : {ada, grace, alan}) {
    for (const auto other : {ada, grace, alan}) world.read(one, PeerKey::of(other), 0);
  }
  rooms(world);
  // All that was before anybody listened.
  world.forget_due();
  world.take_notices();
}

std::vector<Account> accounts_to_sign_in() {
  return {{"9996620001", "Ada Lovelace", phone_code(2), "", ""},
          {"9996620002", "Grace Hopper", phone_code(2), "sandbox", ""},
          {"9996610003", "Alan Turing", phone_code(1), "", ""},
          {"", "Echo", "", "", std::string(echo_bot_token)},
          {"", "Buttons", "", "", std::string(button_bot_token)}};
}

}  // namespace server::sandbox
