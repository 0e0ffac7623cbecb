// What answers to a client's requests tell of updates, for every function of the layer.
#include "server/account/answer_news.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <set>

#include "tests/server/account/account_fixture.hpp"

using namespace server::account;
using namespace support;

namespace {

const std::string common_update =
    R"({"_cons":"updateDeleteMessages","messages":[1],"pts":6,"pts_count":1})";
const std::string common_updates = R"({"_cons":"updates","updates":[)" + common_update +
                                   R"(],"users":[],"chats":[],"date":0,"seq":0})";
const std::string known =
    R"({"pts":5,"qts":0,"date":1,"seq":0,"update_seq":0,"channels":[["7",30,"77"]]})";

// Values of the layer, as small as they can be, that hold what a test asks for.
class Sample {
 public:
  using Makes = std::function<std::optional<std::string>(const tl::Combinator&)>;

  // `makes`: the constructors that a sample is to hold, and how they are written.
  explicit Sample(Makes makes) : makes_(std::move(makes)) {
    for (bool more = true; more;) {
      more = false;
      for (const auto& one : api_schema().combinators()) more = visit(one) || more;
    }
  }
  bool reaches(tl::TypeRef type) const {
    if (type.kind == tl::Kind::vector) return reaches(api_schema().element(type.index));
    return type.kind == tl::Kind::boxed && way_.contains(type.index);
  }
  std::string with(tl::TypeRef type) const {
    if (type.kind == tl::Kind::vector) return "[" + with(api_schema().element(type.index)) + "]";
    return object(*way_.at(type.index), true);
  }
  std::string call(const tl::Combinator& function) const { return object(function, false); }

 private:
  bool visit(const tl::Combinator& one) {
    const auto& fields = one.fields;
    if (!one.is_function && one.result.kind == tl::Kind::boxed) {
      const auto place = one.result.index;
      const bool leads = makes_(one) || std::ranges::any_of(fields, [&](const auto& field) {
                           return reaches(field.type);
                         });
      if (leads && way_.emplace(place, &one).second) return true;
    }
    int height = 0;
    for (const auto& field : fields) {
      if (!field.conditional()) height = std::max(height, height_of(field.type));
    }
    auto& mine = heights_.try_emplace(&one, deep).first->second;
    if (height + 1 >= mine) return false;
    mine = height + 1;
    return true;
  }
  int height_of(tl::TypeRef type) const {
    return type.kind == tl::Kind::boxed ? height_of(smallest(type)) : 0;
  }
  int height_of(const tl::Combinator* one) const {
    const auto found = heights_.find(one);
    return found == heights_.end() ? deep : found->second;
  }
  const tl::Combinator* smallest(tl::TypeRef type) const {
    const tl::Combinator* out = nullptr;
    for (const auto place : api_schema().type(type.index).constructors) {
      const auto* one = &api_schema().combinator(place);
      if (out == nullptr || height_of(one) < height_of(out)) out = one;
    }
    return out;
  }
  std::string object(const tl::Combinator& one, bool leading) const {
    if (leading) {
      if (const auto made = makes_(one)) return *made;
    }
    std::string out = R"({"_cons":")" + std::string(one.name) + '"';
    for (const auto& field : one.fields) {
      const bool way = leading && reaches(field.type);
      if (field.is_flags || (field.conditional() && !way)) continue;
      out += ",\"" + std::string(field.name) + "\":" + (way ? with(field.type) : value(field.type));
      leading = leading && !way;
    }
    return out + '}';
  }
  std::string value(tl::TypeRef type) const {
    switch (type.kind) {
      case tl::Kind::string:
      case tl::Kind::bytes:
        return "\"\"";
      case tl::Kind::int128:
        return R"("AAAAAAAAAAAAAAAAAAAAAA==")";
      case tl::Kind::int256:
        return R"("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")";
      case tl::Kind::boolean:
        return "false";
      case tl::Kind::vector:
        return "[]";
      case tl::Kind::boxed:
        return object(*smallest(type), false);
      case tl::Kind::any:
        return R"({"_cons":"help.getConfig"})";
      default:
        return "0";
    }
  }

  static constexpr int deep = 1000;
  Makes makes_;
  std::map<std::uint32_t, const tl::Combinator*>
      way_;  // of a type: the constructor that leads there
  std::map<const tl::Combinator*, int> heights_;
};

bool has(const tl::Combinator& one, std::string_view name) {
  return std::ranges::any_of(one.fields, [&](const auto& field) { return field.name == name; });
}

// A feed that speaks the layer.
struct Layered final : UpdateListener {
  AccountWorld world;
  SchemaPtr schema{SchemaPtr(), &api_schema()};
  std::shared_ptr<Account> account = std::make_shared<Account>(
      world.services, shared(world.settings(schema)), Authorization{session_of(1, 11), {}, {}, {}});
  std::shared_ptr<UpdateFeed> feed = std::make_shared<UpdateFeed>(
      world.services, const_cast<DcConnections&>(account->connections()), account->calls(), *this,
      known);
  std::size_t heard = 0;

  void on_update(std::int64_t, tl::ByteView, mtproto::Time) override { ++heard; }
  void on_updates_due() override {}

  void answered(const tl::Combinator& function, const tl::Bytes& query, std::string_view json) {
    feed->client_answered(bytes(function.result, json), &function, query, at(0));
  }
  tl::Bytes bytes(tl::TypeRef due, std::string_view json) {
    std::pmr::monotonic_buffer_resource arena;
    const auto value = tl::read_json(json, arena);
    REQUIRE(value.has_value());
    tl::Bytes out;
    const auto done = tl::encode_as(*schema, due, *value, {}, out);
    INFO((done ? "" : done.error().path + " " + done.error().text));
    REQUIRE(done.has_value());
    return out;
  }
  void push(std::string_view json) { feed->pushed(encoded(*schema, json), at(0)); }
};

const Sample& updates_sample() {
  static const Sample sample([](const tl::Combinator& one) -> std::optional<std::string> {
    if (one.result_name != "Updates") return {};
    return common_updates;
  });
  return sample;
}

// `messages.affected…`, and whatever counts like it.
const Sample& counted_sample() {
  static const Sample sample([](const tl::Combinator& one) -> std::optional<std::string> {
    const bool is = !one.is_function && one.result_name != "Update" &&
                    one.result_name != "Updates" && has(one, "pts") && has(one, "pts_count");
    if (!is) return {};
    std::string out = R"({"_cons":")" + std::string(one.name) + R"(","pts":6,"pts_count":1)";
    if (has(one, "offset")) out += R"(,"offset":0)";
    if (has(one, "messages")) out += R"(,"messages":[])";
    return out + '}';
  });
  return sample;
}

std::vector<const tl::Combinator*> functions(
    const std::function<bool(const tl::Combinator&)>& fit) {
  std::vector<const tl::Combinator*> out;
  for (const auto& one : api_schema().first_source()) {
    if (one.is_function && !one.generic && fit(one)) out.push_back(&one);
  }
  return out;
}

const tl::Combinator& function(std::string_view name) {
  return *api_schema().function_by_name(name);
}

const std::string channel_peer = R"({"_cons":"inputPeerChannel","channel_id":7,"access_hash":77})";

}  // namespace

TEST_CASE("Updates in the answer of any function of the layer are counted and told once") {
  const auto& sample = updates_sample();
  std::set<std::string> wrapped;
  const auto all = functions([&](const auto& one) { return sample.reaches(one.result); });
  CHECK(all.size() > 100);
  for (const auto* one : all) {
    CAPTURE(one->name);
    if (one->result_name != "Updates") wrapped.emplace(one->result_name);
    Layered layered;
    layered.answered(*one, encoded(api_schema(), sample.call(*one)), sample.with(one->result));
    CHECK(layered.feed->text().starts_with(R"({"pts":6,)"));
    layered.push(common_updates);
    CHECK(layered.heard == 0);
  }
  // Those of the layer of which this was written; there may be more.
  for (const auto* name :
       {"messages.InvitedUsers", "payments.PaymentResult", "messages.ChatInviteJoinResult"}) {
    CAPTURE(name);
    CHECK((wrapped.contains(name) || api_schema().type_by_name(name) == nullptr));
  }
  CHECK_FALSE(wrapped.empty());
}

TEST_CASE("A pts with its count in the answer of any function of the layer moves a counter") {
  const auto& sample = counted_sample();
  const auto all = functions([&](const auto& one) { return sample.reaches(one.result); });
  CHECK(all.size() > 10);
  for (const auto* one : all) {
    CAPTURE(one->name);
    Layered layered;
    layered.answered(*one, encoded(api_schema(), sample.call(*one)), sample.with(one->result));
    CHECK(layered.feed->text().starts_with(R"({"pts":6,)"));
    layered.push(common_updates);
    CHECK(layered.heard == 0);
  }
}

TEST_CASE("A pts without a count, in any answer of the layer, moves no counter that is known") {
  const Sample sample([](const tl::Combinator& one) -> std::optional<std::string> {
    const bool is = !one.is_function && one.result_name != "Update" && has(one, "pts") &&
                    !has(one, "pts_count");
    if (!is) return {};
    std::string out;
    static const Sample plain([](const auto&) { return std::nullopt; });
    out = plain.call(one);
    const auto at = out.find("\"pts\":0");
    if (at == out.npos) return {};
    return out.replace(at, 7, "\"pts\":9");
  });
  const auto all = functions([&](const auto& one) { return sample.reaches(one.result); });
  CHECK(all.size() > 10);
  for (const auto* one : all) {
    CAPTURE(one->name);
    Layered layered;
    layered.answered(*one, encoded(api_schema(), sample.call(*one)), sample.with(one->result));
    CHECK(layered.feed->text() == known);
  }
}

TEST_CASE("The chats of any answer of the layer teach the access hashes of channels") {
  const Sample sample([](const tl::Combinator& one) -> std::optional<std::string> {
    if (one.result_name != "Chat") return {};
    return R"({"_cons":"channel","id":8,"access_hash":88,"title":"c","photo":)"
           R"({"_cons":"chatPhotoEmpty"},"date":0})";
  });
  const std::string first =
      R"({"_cons":"updateDeleteChannelMessages","channel_id":8,"messages":[1],)";
  const auto all = functions([&](const auto& one) { return sample.reaches(one.result); });
  CHECK(all.size() > 200);
  for (const auto* one : all) {
    if (one->name.starts_with("auth.")) continue;
    CAPTURE(one->name);
    Layered layered;
    layered.answered(*one, encoded(api_schema(), sample.call(*one)), sample.with(one->result));
    layered.push(R"({"_cons":"updateShort","update":)" + first +
                 R"("pts":40,"pts_count":1},"date":0})");
    CHECK(layered.feed->text().find(R"(["8",40,"88"])") != std::string::npos);
  }
}

TEST_CASE("What is affected belongs to the channel that was asked about") {
  const auto moved = [](std::string_view name, const std::string& query) {
    Layered layered;
    const auto& asked = function(name);
    const auto json = R"({"_cons":")" + std::string(name) + "\"," + query + "}";
    const auto& sample = counted_sample();
    auto answer = sample.with(asked.result);
    answer.replace(answer.find("\"pts\":6"), 7, "\"pts\":31");
    layered.answered(asked, encoded(api_schema(), json), answer);
    return layered.feed->text().find(R"(["7",31,"77"])") != std::string::npos;
  };
  const auto self = std::string(R"({"_cons":"inputPeerSelf"})");
  CHECK(moved("channels.deleteMessages",
              R"("channel":{"_cons":"inputChannel","channel_id":7,"access_hash":77},"id":[1])"));
  CHECK(moved("messages.unpinAllMessages", "\"peer\":" + channel_peer));
  CHECK_FALSE(moved("messages.deleteMessages", "\"id\":[1]"));
  CHECK_FALSE(moved("messages.deleteHistory", "\"peer\":" + self + ",\"max_id\":1"));
  // In saved messages the peer is whose messages were saved: only the parent counts.
  CHECK(moved("messages.deleteSavedHistory",
              "\"parent_peer\":" + channel_peer + ",\"peer\":" + self + ",\"max_id\":1"));
  CHECK_FALSE(moved("messages.deleteSavedHistory", "\"peer\":" + channel_peer + ",\"max_id\":1"));
}

TEST_CASE("A message sent to a channel may be answered with that channel's pts") {
  Layered layered;
  const auto query = encoded(api_schema(), R"({"_cons":"messages.sendMessage","peer":)" +
                                               channel_peer + R"(,"message":"x","random_id":1})");
  layered.answered(function("messages.sendMessage"), query,
                   R"({"_cons":"updateShortSentMessage","id":9,"pts":31,"pts_count":1,"date":1})");
  CHECK(layered.feed->text().find(R"(["7",31,"77"])") != std::string::npos);
  CHECK(layered.feed->text().starts_with(R"({"pts":5,)"));
}

TEST_CASE("A large answer is counted as well") {
  Layered layered;
  const std::string text(AnswerDecoder::apart_above, 'x');
  const auto updates =
      R"({"_cons":"updates","updates":[)" + common_update +
      R"(,{"_cons":"updateServiceNotification","type":"","message":")" + text +
      R"(","media":{"_cons":"messageMediaEmpty"},"entities":[]}],"users":[],"chats":[],"date":0,)"
      R"("seq":0})";
  layered.answered(function("messages.getAllDrafts"), word(1), updates);
  layered.push(common_updates);
  for (int i = 0; i < 2; ++i) layered.world.turn();
  CHECK(layered.feed->text().starts_with(R"({"pts":6,)"));
  CHECK(layered.heard == 0);
}

TEST_CASE("Answers that can't hold news are not looked into") {
  const auto may = [](std::string_view name) {
    return may_hold_news(api_schema(), function(name).result);
  };
  CHECK_FALSE(may("upload.getFile"));
  CHECK_FALSE(may("upload.saveFilePart"));
  CHECK_FALSE(may("contacts.getStatuses"));
  CHECK(may("messages.getHistory"));
}
