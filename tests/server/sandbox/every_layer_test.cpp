// What clients call by themselves, in every layer that the build brought: a client that gets no
// answer to one of these asks again for ever, or shows its user an error.
#include <catch2/catch.hpp>

#include <filesystem>
#include <set>

#include "fixture.hpp"
#include "server/sandbox/nothing.hpp"

using namespace fixture;

namespace {

// By TDLib 1.8.65 and Telegram Desktop 4.6.5, as they were seen to, besides what was played before.
constexpr std::string_view called_at_start[] = {
    "account.getAutoSaveSettings",
    "account.getChannelDefaultEmojiStatuses",
    "account.getChannelRestrictedStatusEmojis",
    "account.getChatThemes",
    "account.getCollectibleEmojiStatuses",
    "account.getDefaultBackgroundEmojis",
    "account.getDefaultEmojiStatuses",
    "account.getDefaultGroupPhotoEmojis",
    "account.getDefaultProfilePhotoEmojis",
    "account.getReactionsNotifySettings",
    "account.getRecentEmojiStatuses",
    "account.getSavedMusicIds",
    "account.getSavedRingtones",
    "account.getWebBrowserSettings",
    "aicompose.getTones",
    "auth.dropTempAuthKeys",
    "channels.getAdminedPublicChannels",
    "contacts.getBirthdays",
    "help.getAppConfig",
    "help.getPremiumPromo",
    "messages.getAllStickers",
    "messages.getAttachMenuBots",
    "messages.getAvailableEffects",
    "messages.getAvailableReactions",
    "messages.getCustomEmojiDocuments",
    "messages.getDefaultTagReactions",
    "messages.getEmojiGroups",
    "messages.getEmojiKeywordsLanguages",
    "messages.getEmojiStickers",
    "messages.getFavedStickers",
    "messages.getFeaturedEmojiStickers",
    "messages.getFeaturedStickers",
    "messages.getMaskStickers",
    "messages.getPaidReactionPrivacy",
    "messages.getQuickReplies",
    "messages.getRecentReactions",
    "messages.getRecentStickers",
    "messages.getSavedGifs",
    "messages.getStickers",
    "messages.getTopReactions",
    "messages.getWebPagePreview",
    "payments.getStarsTransactions",
    "stories.getAllReadPeerStories",
    "stories.getAllStories",
};

// Those that want somebody or something that is there: played, if not for the asking alone.
constexpr std::string_view called_with_something[] = {
    "messages.getSavedHistory",  "messages.getScheduledHistory", "messages.getSearchCounters",
    "messages.getStickerSet",    "messages.markDialogUnread",    "messages.updatePinnedMessage",
    "photos.uploadProfilePhoto",
};

std::vector<Layer> layers_at_hand() {
  std::vector<Layer> out{{228, newest()}};
  std::error_code none;
  const auto folder = std::filesystem::path(support::api_tl_file()).parent_path() / "layers";
  for (const auto& file : std::filesystem::directory_iterator(folder, none)) {
    auto schema = support::parse_schema({{file.path(), support::read_file(file.path())}});
    out.push_back({schema->layer().value(), std::move(schema)});
  }
  return out;
}

// Somebody who is signed in, in each of the layers.
class EveryLayer {
 public:
  EveryLayer() : layers_(layers_at_hand()), fixture_(layers_), ada_(fixture_) {
    ada_.sign_in("9996620001", "22222");
  }

  template <class Visit>
  void visit(const Visit& visit) {
    for (const auto& layer : layers_) {
      Client client(fixture_, 2, ada_.address().key);
      client.schema = layer.schema;
      client.layer = layer.number;
      visit(client, layer);
    }
  }

 private:
  std::vector<Layer> layers_;
  Fixture fixture_;
  Client ada_;
};

// With the least that can be said in each of its arguments.
Value least(Client& client, const tl::Combinator& function) {
  const tl::Builder make(client.arena());
  std::vector<tl::Member> members{{"_cons", Value::string(function.name)}};
  for (const auto& field : function.fields) {
    if (field.conditional() || field.is_flags) continue;
    members.push_back({field.name, nothing_of(*client.schema, field.type, make).value()});
  }
  return make.object(members);
}

}  // namespace

TEST_CASE("what applications ask for at their start is answered in every layer") {
  std::set<std::string_view> seen;
  EveryLayer().visit([&](Client& client, const Layer& layer) {
    for (const auto name : called_at_start) {
      const auto* function = client.schema->function_by_name(name);
      if (function == nullptr) continue;
      INFO(layer.number << " " << name);
      const auto answer = client.call(least(client, *function));  // throws where it can't be read
      CHECK(answer.constructor() != "rpc_error");
      seen.insert(name);
    }
  });
  CHECK(seen.size() == std::size(called_at_start));
}

TEST_CASE("what applications call with something of their own is played") {
  for (const auto name : called_with_something) {
    INFO(name);
    CHECK(find_method(name) != nullptr);
  }
}

TEST_CASE("no method of the table lacks words for its answer in a layer that has it") {
  const std::set<std::string_view> ends = {"auth.logOut", "auth.resetAuthorizations",
                                           "auth.importBotAuthorization"};
  EveryLayer().visit([&](Client& client, const Layer& layer) {
    for (const auto name : method_names()) {
      const auto* function = client.schema->function_by_name(name);
      if (function == nullptr || ends.contains(name)) continue;
      INFO(layer.number << " " << name);
      const auto answer = client.call(least(client, *function));
      CHECK(answer["error_message"].text() != "METHOD_NOT_PLAYED");
    }
  });
}

TEST_CASE("nothing of a type is its empty answer, never that nothing has changed") {
  std::pmr::monotonic_buffer_resource arena;
  const tl::Builder make(arena);
  const auto of = [&](std::string_view type) {
    return json(nothing_of(*newest(), newest()->find_type(type).value(), make).value());
  };
  CHECK(of("messages.AllStickers") == R"({"_cons":"messages.allStickers","hash":0,"sets":[]})");
  CHECK(of("Bool") == "false");
  CHECK(of("Vector<int>") == "[]");
  CHECK(of("payments.StarsStatus") ==
        R"({"_cons":"payments.starsStatus","balance":{"_cons":"starsAmount","amount":0,"nanos":0},)"
        R"("chats":[],"users":[]})");
  CHECK(of("InputDialogPeer") ==
        R"({"_cons":"inputDialogPeer","peer":{"_cons":"inputPeerEmpty"}})");
}
