#include "server/sandbox/methods/media.hpp"

#include <cmath>

#include "server/sandbox/methods/polls.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

constexpr std::size_t longest_name = 255;
constexpr std::size_t most_attributes = 16;

Outcome<tl::Bytes> uploaded(Call& call, const Value& file) {
  const auto kind = file.constructor();
  if (kind != "inputFile" && kind != "inputFileBig") return bad_request("FILE_PARTS_INVALID");
  return call.world.files.assemble(call.user(), file["id"].as_int64().value_or(0),
                                   static_cast<std::int32_t>(file["parts"].as_int64().value_or(0)),
                                   file["md5_checksum"].text());
}

std::string short_text(const Value& value) {
  const auto text = value.text().substr(0, longest_name);
  return is_utf8(text) ? std::string(text) : std::string();
}

std::int32_t side(const Value& value) {
  return static_cast<std::int32_t>(
      std::clamp<std::int64_t>(value.as_int64().value_or(0), 0, 65535));
}

std::vector<Attribute> attributes_of(const Value& list, const Value& file) {
  std::vector<Attribute> out;
  bool named = false;
  for (const auto& item : list.items()) {
    if (out.size() == most_attributes) break;
    const auto kind = item.constructor();
    Attribute one;
    if (kind == "documentAttributeFilename") {
      one.kind = Attribute::Kind::filename;
      one.title = short_text(item["file_name"]);
      named = true;
    } else if (kind == "documentAttributeImageSize") {
      one.kind = Attribute::Kind::image_size;
      one.w = side(item["w"]);
      one.h = side(item["h"]);
    } else if (kind == "documentAttributeAnimated") {
      one.kind = Attribute::Kind::animated;
    } else if (kind == "documentAttributeVideo") {
      one.kind = Attribute::Kind::video;
      one.w = side(item["w"]);
      one.h = side(item["h"]);
      one.duration = item["duration"].as_double().value_or(0);
      if (!std::isfinite(one.duration)) one.duration = 0;
      one.round = item["round_message"].as_bool();
      one.streaming = item["supports_streaming"].as_bool();
    } else if (kind == "documentAttributeAudio") {
      one.kind = Attribute::Kind::audio;
      one.duration = side(item["duration"]);
      one.voice = item["voice"].as_bool();
      one.title = short_text(item["title"]);
      one.performer = short_text(item["performer"]);
      const auto waveform = item["waveform"].as_bytes();
      if (waveform.size() <= 256) one.waveform.assign(waveform.begin(), waveform.end());
    } else {
      continue;
    }
    out.push_back(std::move(one));
  }
  if (!named && !file["name"].text().empty()) {
    Attribute name;
    name.title = short_text(file["name"]);
    out.push_back(std::move(name));
  }
  return out;
}

Outcome<Media> keep(Call& call, File file, const Value& input) {
  file.dc = call.self().home_dc;
  file.date = call.world.date();
  auto kept = call.world.files.keep(std::move(file), call.world.random());
  if (!kept) return kept.error();
  call.world.changed();
  return Media(FileMedia{*kept, input["spoiler"].as_bool()});
}

Outcome<Media> uploaded_photo(Call& call, const Value& input) {
  auto bytes = uploaded(call, input["file"]);
  if (!bytes) return bytes.error();
  const auto image = look_at_image(*bytes);
  if (!image) return bad_request("IMAGE_PROCESS_FAILED");
  if (image->w <= 0 || image->h <= 0 || image->w + image->h > 10000) {
    return bad_request("PHOTO_INVALID_DIMENSIONS");
  }
  File file;
  file.photo = true;
  file.mime_type = image->mime_type;
  file.w = image->w;
  file.h = image->h;
  file.bytes = std::move(*bytes);
  return keep(call, std::move(file), input);
}

Outcome<Media> uploaded_document(Call& call, const Value& input) {
  auto bytes = uploaded(call, input["file"]);
  if (!bytes) return bytes.error();
  File file;
  file.mime_type = short_text(input["mime_type"]);
  if (file.mime_type.empty()) file.mime_type = "application/octet-stream";
  file.attributes = attributes_of(input["attributes"], input["file"]);
  file.bytes = std::move(*bytes);
  return keep(call, std::move(file), input);
}

Outcome<Media> contact_card(Call& call, const Value& input) {
  ContactCard card;
  card.phone = short_text(input["phone_number"]);
  card.first_name = short_text(input["first_name"]);
  card.last_name = short_text(input["last_name"]);
  card.vcard = short_text(input["vcard"]);
  if (card.phone.empty() || card.first_name.empty()) return bad_request("MEDIA_INVALID");
  if (const auto* user = call.world.accounts.by_phone(phone_digits(card.phone))) {
    card.user = user->id;
  }
  return Media(std::move(card));
}

Outcome<Media> place(const Value& input) {
  const auto& point = input["geo_point"];
  const auto latitude = point["lat"].as_double();
  const auto longitude = point["long"].as_double();
  if (!latitude || !longitude || !(std::abs(*latitude) <= 90) || !(std::abs(*longitude) <= 180)) {
    return bad_request("GEO_POINT_INVALID");
  }
  return Media(Place{*latitude, *longitude});
}

}  // namespace

Outcome<FilePtr> file_of(const Call& call, const Value& input, bool photo) {
  auto file = call.world.files.find(input["id"].as_int64().value_or(0));
  if (!file || file->photo != photo ||
      file->access_hash != input["access_hash"].as_int64().value_or(0)) {
    return bad_request(photo ? "PHOTO_INVALID" : "FILE_ID_INVALID");
  }
  const auto reference = input["file_reference"].as_bytes();
  if (reference.empty()) return bad_request("FILE_REFERENCE_EMPTY");
  if (!std::equal(reference.begin(), reference.end(), file->reference.begin(),
                  file->reference.end())) {
    return bad_request("FILE_REFERENCE_INVALID");
  }
  return file;
}

Outcome<Media> media_of(Call& call, const Value& input) {
  const auto kind = input.constructor();
  if (kind == "inputMediaEmpty") return bad_request("MEDIA_EMPTY");
  if (kind == "inputMediaUploadedPhoto") return uploaded_photo(call, input);
  if (kind == "inputMediaUploadedDocument") return uploaded_document(call, input);
  if (kind == "inputMediaContact") return contact_card(call, input);
  if (kind == "inputMediaGeoPoint") return place(input);
  if (kind == "inputMediaPoll") return poll_of(call, input);
  if (kind == "inputMediaDice") return dice_of(call, input);
  if (kind == "inputMediaPhoto" || kind == "inputMediaDocument") {
    auto file = file_of(call, input["id"], kind == "inputMediaPhoto");
    if (!file) return file.error();
    return Media(FileMedia{std::move(*file), input["spoiler"].as_bool()});
  }
  return bad_request("MEDIA_INVALID");
}

}  // namespace server::sandbox
