// The text of a message and its entities, whose offsets count UTF-16 units.
// core.telegram.org/api/entities
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace server::sandbox {

struct Entity {
  enum class Kind : std::uint8_t {
    mention,
    hashtag,
    bot_command,
    url,
    email,
    bold,
    italic,
    code,
    pre,
    text_url,
    mention_name,
    phone,
    cashtag,
    underline,
    strike,
    blockquote,
    bank_card,
    spoiler,
    custom_emoji,
  };
  Kind kind = Kind::bold;
  std::int32_t offset = 0;
  std::int32_t length = 0;
  std::string text;        // a url, or the language of `pre`
  std::int64_t id = 0;     // a user, or a document
  bool collapsed = false;  // of a blockquote
  bool operator==(const Entity&) const = default;
};

// "messageEntityBold" ⇄ Kind.
std::string_view entity_name(Entity::Kind kind);
std::optional<Entity::Kind> entity_kind(std::string_view name);

bool is_utf8(std::string_view text);
// Of valid UTF-8.
std::size_t utf16_length(std::string_view text);

struct Formatted {
  std::string text;
  std::vector<Entity> entities;
};

// What Telegram makes of a text: white space at both ends goes (entities move along), entities
// outside the text go, and links, mentions, hashtags, cashtags, bot commands and addresses that
// stand in it get entities of their own where the sender put none.
Formatted tidy(std::string_view text, std::vector<Entity> entities);

}  // namespace server::sandbox
