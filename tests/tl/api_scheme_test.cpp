// The scheme that the build made, and the service scheme beside it.
#include <catch2/catch.hpp>

#include <algorithm>
#include <memory_resource>

#include "tests/support/api_schema.hpp"
#include "tests/support/places.hpp"
#include "tl/combinator_text.hpp"

namespace {

struct Read {
  std::shared_ptr<const tl::Schema> schema;
  std::vector<tl::SchemaProblem> warnings;
};

Read read(const std::string& file) {
  Read out;
  const std::vector<tl::SchemaSource> sources{{file, support::read_file(file)}};
  auto schema = tl::Schema::parse(sources, &out.warnings);
  if (!schema) FAIL(schema.error().line << ": " << schema.error().text);
  out.schema = *schema;
  return out;
}

}  // namespace

TEST_CASE("api.tl is layer 228 whole, without a warning") {
  const auto api = read(support::api_tl_file());
  CHECK(api.warnings.empty());  // so each stated id is the CRC-32 of its text
  CHECK(api.schema->layer() == 228);
  CHECK(api.schema->combinators().size() == 2446);
}

TEST_CASE("every id of api.tl is stated and is the CRC-32 of its text") {
  const tl::SchemaSource source{"api.tl", support::read_file(support::api_tl_file())};
  std::pmr::monotonic_buffer_resource arena;
  std::size_t checked = 0;
  const auto read = tl::read_schema_text(source, arena, [&](const tl::Statement& statement) {
    const auto combinator = tl::read_combinator(statement, arena);
    REQUIRE(combinator.has_value());
    REQUIRE(combinator->id.has_value());
    INFO(combinator->name);
    CHECK(combinator->computed_id == *combinator->id);
    ++checked;
    return true;
  });
  CHECK(read.has_value());
  CHECK(checked == 2446);
}

TEST_CASE("api.tl has the known parts") {
  const auto api = read(support::api_tl_file());
  const auto& schema = *api.schema;
  CHECK(schema.function_by_name("invokeWithLayer")->id == 0xda9b0d0d);
  CHECK(schema.function_by_id(0xc1cd5ea9)->name == "initConnection");
  CHECK(schema.function_by_name("updates.getDifference")->id == 0x19c2f763);
  CHECK(schema.describe(schema.function_by_name("users.getUsers")->result) == "Vector<User>");
  const auto generic = std::count_if(schema.combinators().begin(), schema.combinators().end(),
                                     [](const auto& combinator) { return combinator.generic; });
  CHECK(generic == 11);
  const auto& import_bot = *schema.function_by_name("auth.importBotAuthorization");
  CHECK(import_bot.fields[0].name == "flags");
  CHECK_FALSE(import_bot.fields[0].is_flags);
  for (const auto* left_out :
       {"mtcute.customMethod", "inputPeerPhotoFileLocationLegacy", "inputStickerSetThumbLegacy"}) {
    CHECK(schema.function_by_name(left_out) == nullptr);
    CHECK(schema.constructor_by_name(left_out) == nullptr);
  }
}

TEST_CASE("mtproto.tl states the ids that its texts give, envelopes too") {
  const auto service = read(support::mtproto_tl_file());
  for (const auto& warning : service.warnings) {
    CHECK(warning.text == "");
  }
  CHECK(service.schema->combinators().size() >= 45);
  for (const auto id :
       {0x60469778U, 0xbe7e8ef1U, 0x05162463U, 0x83c95aecU, 0xa9f55f95U, 0x3c6a84d4U, 0x56fddf88U,
        0xd712e4beU, 0x79cb045dU, 0xd0e8075cU, 0xb5890dbaU, 0x6643b654U, 0xf5045f1fU, 0x3bcbf734U,
        0x46dc1fb9U, 0xa69dae02U, 0x75a3f765U, 0xd1435160U, 0xf660e1d4U, 0x0a9f2259U, 0xea109b13U,
        0xf35c6d01U, 0x2144ca19U, 0x58e4a740U, 0x5e2ad36eU, 0xcd78e586U, 0xa43ad8b7U, 0xb921bd04U,
        0x0949d9dcU, 0xae500895U, 0x7abe77ecU, 0xf3427b8cU, 0x347773c5U, 0xe7512126U, 0xe22045fcU,
        0x62d350c9U, 0x9ec20908U, 0x73f1f8dcU, 0xe06046b2U, 0x3072cfa1U, 0x62d6b459U, 0xa7eff811U,
        0xedab447bU, 0xda69fb52U, 0x04deb57dU, 0x8cc0d131U, 0x276d3ec6U, 0x809db6dfU, 0x7d861a08U,
        0x8610baebU, 0x9299359fU}) {
    CAPTURE(id);
    CHECK((service.schema->constructor_by_id(id) != nullptr ||
           service.schema->function_by_id(id) != nullptr));
  }
}

TEST_CASE("both schemes together: the API's names win, containers keep their own message") {
  const auto& schema = support::api_schema();
  CHECK(schema.layer() == 228);
  CHECK(schema.constructor_by_name("message")->result_name == "Message");
  CHECK(schema.constructor_by_name("message")->fields.size() > 10);
  const auto& container = *schema.constructor_by_name("msg_container");
  const auto item = schema.element(container.fields[0].type.index);
  CHECK(schema.combinator(item.index).fields.front().name == "msg_id");
}
