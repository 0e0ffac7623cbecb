#include "server/sandbox/wrappers.hpp"

#include <string>
#include <utility>

#include "mtproto/message/gzip.hpp"
#include "server/sandbox/world/text.hpp"
#include "tl/reader.hpp"

namespace server::sandbox {
namespace {

constexpr int most_wrappers = 16;
constexpr int deepest_json = 16;
constexpr std::size_t longest_text = 128;
constexpr std::size_t most_unpacked = std::size_t{16} << 20;

// Steps over a JSONValue.
void skip_json(tl::Reader& in, int depth) {
  if (depth > deepest_json) return in.fail();
  switch (in.nat()) {
    case 0x3f6d7b68:  // jsonNull
      return;
    case 0xc7345e6a:  // jsonBool
      in.boolean();
      return;
    case 0x2be0dfa4:  // jsonNumber
      in.float64();
      return;
    case 0xb71e767a:  // jsonString
      in.bytes();
      return;
    case 0xf7444763:  // jsonArray
      for (auto left = in.count(); left > 0 && in; --left) skip_json(in, depth + 1);
      return;
    case 0x99c1d49d:  // jsonObject
      for (auto left = in.count(); left > 0 && in; --left) {
        in.expect(0xc0de1bd9);
        in.bytes();
        skip_json(in, depth + 1);
      }
      return;
    default:
      in.fail();
  }
}

std::string short_text(tl::Reader& in) {
  const auto text = tl::as_text(in.bytes()).substr(0, longest_text);
  return is_utf8(text) ? std::string(text) : std::string();
}

// What the ids of initConnection have in common and where they differ, newest first.
AppInfo read_app(tl::Reader& in, std::uint32_t id) {
  const bool has_flags = id == 0xc1cd5ea9 || id == 0x785188b8;
  const bool has_lang_pack = id != 0x69796de9;
  const auto flags = has_flags ? in.nat() : 0;
  AppInfo app;
  app.api_id = in.int32();
  app.device_model = short_text(in);
  app.system_version = short_text(in);
  app.app_version = short_text(in);
  if (has_lang_pack) {
    in.bytes();  // system_lang_code
    in.bytes();  // lang_pack
  }
  app.lang_code = short_text(in);
  if ((flags & 1) != 0) {
    in.expect(0x75588b3f);  // inputClientProxy
    in.bytes();
    in.int32();
  }
  if ((flags & 2) != 0 && id == 0xc1cd5ea9) skip_json(in, 0);
  return app;
}

}  // namespace

Outcome<Unwrapped> unwrap(tl::ByteView body) {
  Unwrapped out;
  out.query = body;
  for (int i = 0; i < most_wrappers; ++i) {
    tl::Reader in(out.query);
    const auto id = in.nat();
    switch (id) {
      case 0xda9b0d0d:  // invokeWithLayer
        out.layer = in.int32();
        if (in && *out.layer <= 0) return bad_request("CONNECTION_LAYER_INVALID");
        break;
      case 0xc1cd5ea9:
      case 0x785188b8:
      case 0xc7481da6:
      case 0x69796de9:
        out.app = read_app(in, id);
        break;
      case 0xcb9f372d:  // invokeAfterMsg
        out.after.emplace_back(static_cast<std::uint64_t>(in.int64()));
        break;
      case 0x3dc4b4f0:  // invokeAfterMsgs
        for (auto left = in.count(true, 8); left > 0; --left) {
          out.after.emplace_back(static_cast<std::uint64_t>(in.int64()));
        }
        break;
      case 0xbf9459b7:  // invokeWithoutUpdates
        out.without_updates = true;
        break;
      case 0x365275f2:          // invokeWithMessagesRange
        in.expect(0x0ae30253);  // messageRange
        in.int32();
        in.int32();
        break;
      case 0xaca9fd2e:  // invokeWithTakeout
        in.int64();
        break;
      case 0xdd289f8e:  // invokeWithBusinessConnection
        in.bytes();
        break;
      case 0xadbb0f94:  // invokeWithReCaptcha
        out.recaptcha = !in.bytes().empty();
        break;
      case 0x1df92984:  // invokeWithGooglePlayIntegrity
      case 0x0dae54f8:  // invokeWithApnsSecret
        in.bytes();
        in.bytes();
        break;
      case mtproto::gzip_packed_id: {
        if (!out.unpacked.empty()) return bad_request("INPUT_FETCH_ERROR");
        auto unpacked = mtproto::unpack_gzip(out.query, most_unpacked);
        if (!unpacked) return bad_request("INPUT_FETCH_ERROR");
        out.unpacked = std::move(*unpacked);
        out.query = out.unpacked;
        continue;
      }
      default:
        if (!in) return bad_request("INPUT_FETCH_ERROR");
        return out;
    }
    if (!in) return bad_request("INPUT_FETCH_ERROR");
    out.query = in.rest();
  }
  return bad_request("INPUT_LAYER_INVALID");
}

}  // namespace server::sandbox
