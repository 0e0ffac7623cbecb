#include "server/webhooks/webhook_batch.hpp"

#include "tests/server/webhooks/webhook_updates.hpp"

using namespace server::webhooks;
using namespace server::store;
using namespace webhook_test;

namespace {

WebhookRow webhook(std::string types = "") {
  WebhookRow out;
  out.account = "ada";
  out.name = "ops";
  out.types = std::move(types);
  out.created = 1;
  return out;
}

LogPage page_of(std::vector<LoggedUpdate> updates, std::int64_t first = 1) {
  LogPage out;
  out.range = {first, first + static_cast<std::int64_t>(updates.size()) - 1};
  for (auto& update : updates) {
    out.entries.push_back({std::move(update), first++});
  }
  return out;
}

WebhookBatch batch_of(const WebhookRow& row, const LogPage& page) {
  return make_batch(row, page, schema_of);
}

bool is_json(const std::string& text) {
  std::pmr::monotonic_buffer_resource arena;
  return tl::read_json(text, arena).has_value();
}

const std::string hello =
    R"({"_cons":"updateShortMessage","id":1,"user_id":"5","message":"hello","pts":1,"pts_count":1,"date":1})";

}  // namespace

TEST_CASE("a batch has the entries of the log in their order, in the plain notation") {
  const auto batch = batch_of(webhook(), page_of({message("hello"), message("hello")}));
  CHECK(batch.body == R"({"account":"ada","webhook":"ops","updates":[{"update_seq":1,"message":)" +
                          hello + R"(},{"update_seq":2,"message":)" + hello + "}]}");
  CHECK(batch.last == 2);
  CHECK(batch.id.starts_with("msg_"));
}

TEST_CASE("what a webhook does not want is passed over, and nothing is sent where that is all") {
  const auto page = page_of({status(), message("hello"), status()});
  const auto batch = batch_of(webhook("updateNewMessage"), page);
  CHECK(batch.body == R"({"account":"ada","webhook":"ops","updates":[{"update_seq":2,"message":)" +
                          hello + "}]}");
  CHECK(batch.last == 3);
  const auto none = batch_of(webhook("updateUserTyping"), page);
  CHECK(none.body.empty());
  CHECK(none.last == 3);
  auto row = webhook();
  row.progress.delivered = 3;
  LogPage empty;
  empty.range = {1, 3};
  CHECK(batch_of(row, empty).body.empty());
  CHECK(batch_of(row, empty).last == 3);
}

TEST_CASE("a batch ends before it is longer than 1 MiB, but for its first entry") {
  const std::string long_text(400'000, 'x');
  const auto page = page_of({message(long_text), message(long_text), message(long_text)});
  const auto batch = batch_of(webhook(), page);
  CHECK(batch.last == 2);
  CHECK(batch.body.size() < WebhookBatch::most_bytes);
  const auto alone = batch_of(webhook(), page_of({message(std::string(1'500'000, 'x')), status()}));
  CHECK(alone.last == 1);
  CHECK(alone.body.size() > WebhookBatch::most_bytes);
}

TEST_CASE("an entry that can't be said has an error in its place, and the others follow") {
  auto foreign = message("x");
  foreign.layer = 99;
  auto broken = message("x");
  broken.body.resize(broken.body.size() - 4);
  const auto endless = message(std::string(5'000'000, 'x'));
  const auto batch =
      batch_of(webhook("updateNewMessage"), page_of({foreign, broken, endless, message("hello")}));
  INFO(batch.body.substr(0, 2000));
  CHECK(is_json(batch.body));
  CHECK(batch.last == 4);
  CHECK(batch.body.find(R"({"update_seq":1,"error":"SchemeError","msg":"layer 99)") !=
        std::string::npos);
  CHECK(batch.body.find(R"({"update_seq":2,"message":{"_cons":"_unknown")") != std::string::npos);
  CHECK(batch.body.find(R"({"update_seq":3,"error":"AnswerTooLong")") != std::string::npos);
  CHECK(batch.body.ends_with(R"({"update_seq":4,"message":)" + hello + "}]}"));
}

TEST_CASE("the same batch has the same id, and any other another one") {
  const auto page = page_of({message("a"), message("b"), status()});
  const auto id = batch_of(webhook(), page).id;
  CHECK(batch_of(webhook(), page).id == id);
  auto other = webhook();
  SECTION("another account") { other.account = "bob"; }
  SECTION("another name") { other.name = "op"; }
  SECTION("made anew") { other.created = 2; }
  SECTION("fewer updates") { other.types = "updateNewMessage"; }
  CHECK(batch_of(other, page).id != id);
  CHECK(batch_of(webhook(), page_of({message("a"), message("b"), status()}, 2)).id != id);
  auto longer = page_of({message("a"), message("b"), status(), status()});
  CHECK(batch_of(webhook(), longer).id != id);
}

TEST_CASE("updates that were pruned before they went out are told as gone") {
  auto row = webhook("updateNewMessage");
  row.progress.delivered = 3;
  const auto batch = batch_of(row, page_of({message("hello")}, 8));
  CHECK(
      batch.body ==
      R"({"account":"ada","webhook":"ops","error":"UpdatesGone","oldest":8,"updates":[{"update_seq":8,"message":)" +
          hello + "}]}");
  CHECK(batch.last == 8);
  LogPage all_gone;
  all_gone.range = {8, 7};
  const auto empty = batch_of(row, all_gone);
  CHECK(empty.body ==
        R"({"account":"ada","webhook":"ops","error":"UpdatesGone","oldest":8,"updates":[]})");
  CHECK(empty.last == 7);
}
