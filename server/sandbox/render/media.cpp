// Renderer: what messages hold beside their text.
#include "server/sandbox/render/fields.hpp"
#include "server/sandbox/render/overloaded.hpp"
#include "server/sandbox/render/renderer.hpp"

namespace server::sandbox {

using tl::Value;

Value Renderer::entities(std::span<const Entity> entities) const {
  std::vector<Value> out;
  out.reserve(entities.size());
  for (const auto& entity : entities) {
    Fields one(make_, entity_name(entity.kind));
    one.flag("collapsed", entity.kind == Entity::Kind::blockquote && entity.collapsed)
        .number("offset", entity.offset)
        .number("length", entity.length);
    switch (entity.kind) {
      case Entity::Kind::pre:
        one.text("language", entity.text);
        break;
      case Entity::Kind::text_url:
        one.text("url", entity.text);
        break;
      case Entity::Kind::mention_name:
        one.number("user_id", entity.id);
        break;
      case Entity::Kind::custom_emoji:
        one.number("document_id", entity.id);
        break;
      default:
        break;
    }
    out.push_back(one.done());
  }
  return make_.array(out);
}

Value Renderer::photo(const File& file) const { return photo_of_sizes(file, {"x"}); }

Value Renderer::profile_photo(const File& file) const {
  return photo_of_sizes(file, {"a", "b", "c"});
}

Value Renderer::photo_of_sizes(const File& file,
                               std::initializer_list<std::string_view> types) const {
  std::vector<Value> sizes;
  for (const auto type : types) {
    sizes.push_back(make_.object(
        "photoSize", {{"type", Value::string(type)},
                      {"w", Value::integer(file.w)},
                      {"h", Value::integer(file.h)},
                      {"size", Value::integer(static_cast<std::int64_t>(file.bytes.size()))}}));
  }
  return make_.object("photo", {{"id", Value::integer(file.id)},
                                {"access_hash", Value::integer(file.access_hash)},
                                {"file_reference", make_.bytes(file.reference)},
                                {"date", Value::integer(file.date)},
                                {"sizes", make_.array(sizes)},
                                {"dc_id", Value::integer(file.dc)}});
}

Value Renderer::attributes(const File& file) const {
  std::vector<Value> out;
  for (const auto& attribute : file.attributes) {
    switch (attribute.kind) {
      case Attribute::Kind::image_size:
        out.push_back(
            make_.object("documentAttributeImageSize",
                         {{"w", Value::integer(attribute.w)}, {"h", Value::integer(attribute.h)}}));
        break;
      case Attribute::Kind::animated:
        out.push_back(make_.object("documentAttributeAnimated", {}));
        break;
      case Attribute::Kind::video: {
        Fields one(make_, "documentAttributeVideo");
        one.flag("round_message", attribute.round)
            .flag("supports_streaming", attribute.streaming)
            .set("duration", Value::real(attribute.duration))
            .number("w", attribute.w)
            .number("h", attribute.h);
        out.push_back(one.done());
        break;
      }
      case Attribute::Kind::audio: {
        Fields one(make_, "documentAttributeAudio");
        one.flag("voice", attribute.voice)
            .number("duration", static_cast<std::int64_t>(attribute.duration));
        if (!attribute.title.empty()) one.text("title", attribute.title);
        if (!attribute.performer.empty()) one.text("performer", attribute.performer);
        if (!attribute.waveform.empty()) one.set("waveform", make_.bytes(attribute.waveform));
        out.push_back(one.done());
        break;
      }
      case Attribute::Kind::sticker: {
        const auto set = make_.object("inputStickerSetID",
                                      {{"id", Value::integer(attribute.set)},
                                       {"access_hash", Value::integer(attribute.set_hash)}});
        out.push_back(make_.object("documentAttributeSticker",
                                   {{"alt", make_.string(attribute.title)}, {"stickerset", set}}));
        break;
      }
      case Attribute::Kind::filename:
        out.push_back(make_.object("documentAttributeFilename",
                                   {{"file_name", make_.string(attribute.title)}}));
        break;
    }
  }
  return make_.array(out);
}

Value Renderer::document(const File& file) const {
  return make_.object("document",
                      {{"id", Value::integer(file.id)},
                       {"access_hash", Value::integer(file.access_hash)},
                       {"file_reference", make_.bytes(file.reference)},
                       {"date", Value::integer(file.date)},
                       {"mime_type", make_.string(file.mime_type)},
                       {"size", Value::integer(static_cast<std::int64_t>(file.bytes.size()))},
                       {"dc_id", Value::integer(file.dc)},
                       {"attributes", attributes(file)}});
}

Value Renderer::media(const Media& media) {
  return std::visit(
      Overloaded{
          [&](std::monostate) { return make_.object("messageMediaEmpty", {}); },
          [&](const FileMedia& one) {
            const bool photo_due = one.file->photo;
            Fields out(make_, photo_due ? "messageMediaPhoto" : "messageMediaDocument");
            out.flag("spoiler", one.spoiler);
            if (photo_due) {
              out.set("photo", photo(*one.file));
            } else {
              for (const auto& attribute : one.file->attributes) {
                if (attribute.kind == Attribute::Kind::video) {
                  out.flag("video").flag("round", attribute.round);
                }
                if (attribute.kind == Attribute::Kind::audio) out.flag("voice", attribute.voice);
              }
              out.set("document", document(*one.file));
            }
            return out.done();
          },
          [&](const ContactCard& card) {
            if (card.user != UserId{}) need(card.user);
            return make_.object("messageMediaContact",
                                {{"phone_number", make_.string(card.phone)},
                                 {"first_name", make_.string(card.first_name)},
                                 {"last_name", make_.string(card.last_name)},
                                 {"vcard", make_.string(card.vcard)},
                                 {"user_id", Value::integer(card.user.value())}});
          },
          [&](const PollMedia& one) {
            return make_.object("messageMediaPoll",
                                {{"poll", poll(*one.poll)}, {"results", poll_results(*one.poll)}});
          },
          [&](const Dice& dice) {
            return make_.object("messageMediaDice", {{"value", Value::integer(dice.value)},
                                                     {"emoticon", make_.string(dice.emoticon)}});
          },
          [&](const Place& place) {
            const auto point = make_.object("geoPoint", {{"long", Value::real(place.longitude)},
                                                         {"lat", Value::real(place.latitude)},
                                                         {"access_hash", Value::integer(0)}});
            return make_.object("messageMediaGeo", {{"geo", point}});
          }},
      media);
}

}  // namespace server::sandbox
