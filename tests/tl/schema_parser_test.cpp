#include <catch2/catch.hpp>

#include "tests/support/api_schema.hpp"
#include "tl/crc32.hpp"

using support::parse_schema;
using support::small_schema;
using tl::Kind;

namespace {

// "LINE: TEXT" of a scheme that must not parse.
std::string problem_of(const std::string& text) {
  const std::vector<tl::SchemaSource> sources{{"wrong.tl", text}};
  const auto schema = tl::Schema::parse(sources);
  if (schema) return "parsed";
  CHECK(schema.error().file == "wrong.tl");
  return std::to_string(schema.error().line) + ": " + schema.error().text;
}

std::uint32_t id_of(const std::string& line) {
  // The types that the lines name; a field of each kind the rule knows.
  const auto schema = small_schema(
      line +
      ";\n---types---\nx1 = InputClientProxy; x2 = JSONValue; x3 = InputChannel;"
      "x4 = ChannelMessagesFilter; x5 = MessageEntity; x6 = ReplyMarkup; x7 = InputPeer;"
      "x8 = CodeSettings; x9 = InputUser; x10 = User; x11 = updates.ChannelDifference;"
      "x12 = account.Takeout; x13 = messages.Dialogs; x14 = auth.SentCode;"
      "x15 = auth.ExportedAuthorization;");
  return schema->combinators().front().id;
}

}  // namespace

TEST_CASE("CRC-32 is zlib's") {
  CHECK(tl::crc32("") == 0);
  CHECK(tl::crc32("123456789") == 0xCBF43926);
  CHECK(tl::crc32("auth.exportAuthorization dc_id:int = auth.ExportedAuthorization") == 0xe5bfffcd);
}

TEST_CASE("an id that is not stated is the CRC-32 of the text") {
  CHECK(id_of("---functions---\nauth.exportAuthorization dc_id:int = auth.ExportedAuthorization") ==
        0xe5bfffcd);
  CHECK(id_of("---functions---\ninvokeAfterMsg {X:Type} msg_id:long query:!X = X") == 0xcb9f372d);
  CHECK(id_of("---functions---\ninvokeWithLayer {X:Type} layer:int query:!X = X") == 0xda9b0d0d);
  CHECK(id_of("---functions---\ninitConnection {X:Type} flags:# api_id:int device_model:string "
              "system_version:string app_version:string system_lang_code:string lang_pack:string "
              "lang_code:string proxy:flags.0?InputClientProxy params:flags.1?JSONValue query:!X "
              "= X") == 0xc1cd5ea9);
  CHECK(id_of("---functions---\nupdates.getChannelDifference flags:# force:flags.0?true "
              "channel:InputChannel filter:ChannelMessagesFilter pts:int limit:int "
              "= updates.ChannelDifference") == 0x03173d78);
  CHECK(id_of("inputBotInlineMessageText flags:# no_webpage:flags.0?true "
              "invert_media:flags.3?true message:string entities:flags.1?Vector<MessageEntity> "
              "reply_markup:flags.2?ReplyMarkup = InputBotInlineMessage") == 0x3dcd7a87);
  CHECK(id_of("---functions---\naccount.initTakeoutSession flags:# contacts:flags.0?true "
              "file_max_size:flags.5?long = account.Takeout") == 0x8ef3eab0);
  CHECK(id_of("---functions---\nmessages.getDialogs flags:# exclude_pinned:flags.0?true "
              "folder_id:flags.1?int offset_date:int offset_id:int offset_peer:InputPeer limit:int "
              "hash:long = messages.Dialogs") == 0xa0f4cb4f);
  CHECK(id_of("dcOption flags:# ipv6:flags.0?true id:int ip_address:string port:int "
              "secret:flags.10?bytes = DcOption") == 0x18b7a10d);
  CHECK(id_of("---functions---\nauth.sendCode phone_number:string api_id:int api_hash:string "
              "settings:CodeSettings = auth.SentCode") == 0xa677244f);
  CHECK(id_of("codeSettings flags:# allow_flashcall:flags.0?true "
              "logout_tokens:flags.6?Vector<bytes> token:flags.8?string "
              "app_sandbox:flags.8?Bool = CodeSettings") == 0xad253d78);
  CHECK(id_of("---functions---\nusers.getUsers id:Vector<InputUser> = Vector<User>") == 0x0d91a548);
  CHECK(id_of("msgs_ack msg_ids:Vector long = MsgsAck") == 0x62d6b459);
  CHECK(id_of("rpc_answer_dropped msg_id:long seq_no:int bytes:int = RpcDropAnswer") == 0xa43ad8b7);
  CHECK(id_of("---functions---\nauth.logOut = Bool") == 0x5717da40);
}

TEST_CASE("a stated id wins, and is a warning where it is not the text's") {
  std::vector<tl::SchemaProblem> warnings;
  const std::vector<tl::SchemaSource> sources{{"odd.tl", "\nfoo#12ab a:int = Foo;\nbar = Bar;\n"}};
  const auto schema = tl::Schema::parse(sources, &warnings);
  REQUIRE(schema.has_value());
  REQUIRE((*schema)->constructor_by_id(0x12ab) != nullptr);
  CHECK((*schema)->constructor_by_name("foo")->id == 0x12ab);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].file == "odd.tl");
  CHECK(warnings[0].line == 2);
  CHECK(warnings[0].text.find("000012ab") != std::string::npos);
}

TEST_CASE("what scheme files in the wild hold is read") {
  const auto schema = small_schema(
      "\xEF\xBB\xBF// LAYER 177\r\n"
      "int ? = Int;\r\nlong ? = Long;\ndouble ? = Double;\nstring ? = String;\n"
      "bytes = Bytes;\nvector {t:Type} # [ t ] = Vector t;\n"
      "vector#1cb5c415 {t:Type} # [ t ] = Vector t;\n"
      "int128 4*[ int ] = Int128;\nint256 8*[ int ] = Int256;\n"
      "true#3fedd339 = True;\nboolFalse#bc799737 = Bool;\nboolTrue#997275b5 = Bool;\n"
      "/* a block\n   of words; with = signs */\n"
      "leaf#1 = Leaf; // and a comment; behind\n"
      "---functions---\n\n---types---\n"
      "many#2 flags:# flags2:# a:flags.0?true b:flags2.31?Vector<Vector<int>> c:vector<%Leaf>\n"
      "    d:Vector< leaf > e:%Vector<Leaf> f:flags2.0?Bool = Many;\n"
      "===8===\n"
      "noend#3 a:leaf = NoEnd\n"
      "below#7 a:int\n= Below;\n"
      "---functions---\n"
      "ask#4 {X:Type} query:!X = X;\n"
      "list#5=Vector<long>;\n"
      "old#6 ids:Vector long = Vector Leaf;");
  CHECK(schema->layer() == 177);
  const auto* many = schema->constructor_by_name("many");
  REQUIRE(many != nullptr);
  REQUIRE(many->fields.size() == 8);
  CHECK(many->fields[0].is_flags);
  CHECK(many->fields[1].is_flags);
  CHECK(many->fields[2].type.kind == Kind::true_bit);
  CHECK(many->fields[2].flags_field == 0);
  CHECK(many->fields[3].flags_field == 1);
  CHECK(many->fields[3].bit == 31);
  CHECK(schema->describe(many->fields[3].type) == "Vector<Vector<int>>");
  CHECK(schema->describe(many->fields[4].type) == "vector<%leaf>");
  CHECK(schema->describe(many->fields[5].type) == "Vector<%leaf>");
  CHECK(schema->describe(many->fields[6].type) == "vector<Leaf>");
  CHECK(many->fields[7].type.kind == Kind::boolean);
  CHECK(schema->constructor_by_name("noend")->fields[0].type.kind == Kind::bare);
  CHECK(schema->constructor_by_name("below")->result_name == "Below");
  const auto* ask = schema->function_by_name("ask");
  REQUIRE(ask != nullptr);
  CHECK(ask->generic);
  CHECK(ask->fields[0].type.kind == Kind::any);
  CHECK(schema->describe(schema->function_by_name("list")->result) == "Vector<long>");
  CHECK(schema->describe(schema->function_by_name("old")->result) == "Vector<Leaf>");
  CHECK(schema->function_by_name("leaf") == nullptr);
  CHECK(schema->constructor_by_name("ask") == nullptr);
  CHECK(schema->constructor_by_name("bytes") != nullptr);
}

TEST_CASE("the layer is the first source's, from any place in it") {
  CHECK(small_schema("a = A;\n// LAYER 5")->layer() == 5);
  CHECK(small_schema("//LAYER 6\na = A;")->layer() == 6);
  CHECK(small_schema("// Layer 201\r\na = A;")->layer() == 201);
  CHECK(small_schema("// Layer:  202\na = A;")->layer() == 202);
  CHECK_FALSE(small_schema("// Layer cons 7\n// layer: N\na = A;")->layer());
  CHECK_FALSE(small_schema("// LAYERS 5\n// LAYER\n// a LAYER 7\na = A;")->layer());
  CHECK_FALSE(parse_schema({{"1.tl", "a = A;"}, {"2.tl", "// LAYER 9\nb = B;"}})->layer());
}

TEST_CASE("a `#` that no condition names is an ordinary number") {
  const auto schema = small_schema("a#1 n:# flags:int = A;");
  CHECK(schema->combinators()[0].fields[0].type.kind == Kind::nat);
  CHECK_FALSE(schema->combinators()[0].fields[0].is_flags);
  CHECK(schema->combinators()[0].fields[1].type.kind == Kind::int32);
}

TEST_CASE("a wrong line is reported with its file, its line and the reason") {
  CHECK(problem_of("a = A;\nb x:int y = B;") == "2: `y` is a field without a type");
  CHECK(problem_of("a = A;\n\nb x:Aa = B;") ==
        "3: `b`, field `x`: the type `Aa` is defined nowhere; the nearest known is \"A\"");
  CHECK(problem_of("a#xyz = A;") == "1: `a#xyz` has an id that is not 1 to 8 hexadecimal digits");
  CHECK(problem_of("a#123456789 = A;").find("hexadecimal") != std::string::npos);
  CHECK(problem_of("a x:int;").find("1: a combinator without a result type") == 0);
  CHECK(problem_of("a x:int = ;") == "1: `=` is not followed by a result type");
  CHECK(problem_of("a = A B;") == "1: `B` stands after the result type");
  CHECK(problem_of("\na flags:# x:flags.32?int = A;").find("2: `x:flags.32?int` has a condition") ==
        0);
  CHECK(problem_of("a x:flags.1?int = A;") ==
        "1: `a`, field `x`: no field `flags:#` stands before it");
  CHECK(problem_of("a x:flags.1?int flags:# = A;").find("no field") != std::string::npos);
  CHECK(problem_of("a x:int x:long = A;") == "1: `a` has two fields `x`");
  CHECK(problem_of("a x:Vector<int = A;").find("opens a bracket") != std::string::npos);
  CHECK(problem_of("1a = A;") == "1: `1a` is no name of a combinator");
  CHECK(problem_of("a {X:Foo} = A;") == "1: `{X:Foo}` is no {X:Type}");
  CHECK(problem_of("a = A;\n---methods---\n").find("2: `---methods---`") == 0);
  CHECK(problem_of("/* no end\na = A;").find("no end") != std::string::npos);
  CHECK(problem_of("a {X:Type} = X;").find("can't be of the type `X`") != std::string::npos);
  CHECK(problem_of("a x:%B = A; b = B; c = B;").find("exactly one constructor") !=
        std::string::npos);
  CHECK(problem_of("---functions---\na = Nowhere;").find("2: `a`: the type `Nowhere`") == 0);
  CHECK(problem_of("a x:Vector<" + std::string(1, 'V') + "> = A;").find("`V`") !=
        std::string::npos);
  CHECK(problem_of("a = A") == "parsed");
  CHECK(problem_of("") == "parsed");
}

TEST_CASE("a scheme that is out of bounds is refused, not followed") {
  std::string deep = "int";
  for (int i = 0; i < 2000; ++i) deep.insert(0, "Vector<");
  deep += std::string(2000, '>');
  CHECK(problem_of("a x:" + deep + " = A;").find("too deep") != std::string::npos);
  std::string words = "a";
  for (int i = 0; i < 20; ++i) {
    const auto name = "f" + std::to_string(i);
    words += " " + name + ":# x" + name + ":" + name + ".0?int";
  }
  CHECK(problem_of(words + " = A;").find("too many") != std::string::npos);
}

TEST_CASE("where a name or an id stands in several sources the first wins") {
  const auto schema = parse_schema(
      {{"1.tl", "a#1 x:int = A;\nb#2 = B;"}, {"2.tl", "a#3 y:long = A;\nc#2 = B;\nd#4 a:a = D;"}});
  CHECK(schema->constructor_by_name("a")->id == 1);
  CHECK(schema->constructor_by_id(3) == nullptr);
  CHECK(schema->constructor_by_id(2)->name == "b");
  CHECK(schema->type_by_name("A")->constructors.size() == 1);
}

TEST_CASE("the first source's combinators are told from the others'") {
  const auto schema =
      parse_schema({{"a", "x = A; y = A;\n---functions---\nf = A;"}, {"b", "x = B; z = B;"}});
  const auto own = schema->first_source();
  REQUIRE(own.size() == 3);
  CHECK(own[0].name == "x");
  CHECK(own[1].name == "y");
  CHECK(own[2].name == "f");
  CHECK(schema->combinators().size() == 5);
}

TEST_CASE("a bare reference means the constructor of its own file") {
  const auto schema = parse_schema(
      {{"1.tl", "message#1 x:int = Message; empty#5 = Message;"},
       {"2.tl", "message#3 y:long = Message;\nbox#4 a:vector<message> b:%Message = Box;"}});
  const auto& box = *schema->constructor_by_name("box");
  CHECK(schema->combinator(schema->element(box.fields[0].type.index).index).id == 3);
  CHECK(schema->combinator(box.fields[1].type.index).id == 3);
  CHECK(schema->constructor_by_name("message")->id == 1);
}

TEST_CASE("a name that stands twice in one file is taken once, with a warning") {
  std::vector<tl::SchemaProblem> warnings;
  const std::vector<tl::SchemaSource> sources{{"twice.tl", "a#1 = A;\na#2 = A;\nb#1 = A;"}};
  const auto schema = tl::Schema::parse(sources, &warnings);
  REQUIRE(schema.has_value());
  CHECK((*schema)->combinators().size() == 2);
  CHECK(warnings.size() == 4);  // each id is not its text's, and one stands twice
}

TEST_CASE("whatever shares an id is kept by its name, and the id is read as the first") {
  const auto schema = small_schema(
      "a#1 = A;\nb#1 n:int = B;\nbox#2 a:A b:B = Box;\n---functions---\n"
      "wrapPrefix#7 n:int = A;\nwrap#7 {X:Type} n:int query:!X = X;\nf#8 = A;\ng#8 = B;");
  for (const auto* name : {"wrapPrefix", "wrap", "f", "g"}) {
    CAPTURE(name);
    CHECK(schema->function_by_name(name) != nullptr);
  }
  CHECK(schema->constructor_by_id(1)->name == "a");
  CHECK(schema->constructor_by_name("b")->id == 1);
  CHECK(schema->function_by_id(8)->name == "f");
  CHECK(schema->function_by_id(7)->name == "wrap");  // what follows the prefix is read, too
}

TEST_CASE("a section's line may hold blanks and be written large, and a ruler is none") {
  const auto schema =
      small_schema("a = A;\n---\n--- functions ---\nf = A;\n  --- Types\nb = B; // ---x---");
  CHECK(schema->function_by_name("f") != nullptr);
  CHECK(schema->constructor_by_name("b") != nullptr);
  CHECK(problem_of("a = A;\n--- my methods ---\n").find("2: `--- my` is neither") == 0);
}

TEST_CASE("an argument may stand in parentheses, and counts for the id as without") {
  const auto schema = small_schema(
      "resPQ nonce:int128 server_nonce:int128 pq:string "
      "server_public_key_fingerprints:(Vector long) = ResPQ;\n"
      "b = B;\n"
      "c flags:# x:(vector  ( Vector  %B ) ) y:flags.0?(Vector int) z:%(Vector int) w:( B ) = C;\n"
      "---functions---\nf = (Vector (Vector int));\n");
  CHECK(schema->constructor_by_name("resPQ")->id == 0x05162463);
  const auto& fields = schema->constructor_by_name("c")->fields;
  CHECK(schema->describe(fields[1].type) == "vector<Vector<%b>>");
  CHECK(schema->describe(fields[2].type) == "Vector<int>");
  CHECK(schema->describe(fields[3].type) == "vector<int>");
  CHECK(schema->describe(fields[4].type) == "B");
  CHECK(schema->describe(schema->function_by_name("f")->result) == "Vector<Vector<int>>");
  for (const auto* broken : {"a x:(Vector int = A;", "a x:(> = A;", "a x:( = A;", "a x:) = A;",
                             "a x:() = A;", "a x:(()) = A;", "a x:(Vector int long) = A;"}) {
    CAPTURE(broken);
    CHECK(problem_of(broken).find("1: `") == 0);
  }
}

TEST_CASE("older files define the plain types in words, and leave out {X:Type}") {
  const auto schema = small_schema(
      "int ?= Int;\nbytes string = Bytes;\nint128 long long = Int128;\nint256 8*[ int ] = Int256;\n"
      "a x:bytes y:int128 = A;\n---functions---\ninvokeAfterMsg#cb9f372d msg_id:long query:!X = "
      "X;");
  CHECK(schema->combinators().size() == 2);
  CHECK(schema->constructor_by_name("a")->fields[0].type.kind == Kind::bytes);
  CHECK(schema->function_by_name("invokeAfterMsg")->generic);
}

TEST_CASE("a type's name in small letters is its one constructor, bare") {
  const auto schema = small_schema(
      "future_salt#0949d9dc salt:long = FutureSalt;\nton.id#1 n:int = ton.Id;\n"
      "future_salts#ae500895 salts:vector<futureSalt> id:ton.id = FutureSalts;");
  const auto& fields = schema->constructor_by_name("future_salts")->fields;
  CHECK(schema->describe(fields[0].type) == "vector<%future_salt>");
  CHECK(schema->describe(fields[1].type) == "%ton.id");
  CHECK(problem_of("a = A; b = A; c x:%A = C; d x:a y:bB = D;").find("`c`, field `x`") !=
        std::string::npos);
}

TEST_CASE("numbers may have other names, unless the scheme has a type of that name") {
  const auto schema = small_schema("a x:ulong y:int53 z:uint w:Vector<int64> v:int32 = A;");
  const auto& fields = schema->constructor_by_name("a")->fields;
  CHECK(fields[0].type.kind == Kind::int64);
  CHECK(fields[1].type.kind == Kind::int64);
  CHECK(fields[2].type.kind == Kind::nat);
  CHECK(schema->describe(fields[3].type) == "Vector<long>");
  CHECK(fields[4].type.kind == Kind::int32);
  const auto own = small_schema("ulong#5 low:int high:int = Ulong; a x:ulong = A;");
  CHECK(own->constructor_by_name("a")->fields[0].type.kind == Kind::bare);
}

TEST_CASE("a flags word may be an int") {
  const auto schema = small_schema("a#1 flags:int x:flags.0?true y:flags.1?int = A;");
  const auto& fields = schema->constructor_by_name("a")->fields;
  CHECK(fields[0].is_flags);
  CHECK(fields[0].type.kind == Kind::nat);
  CHECK(fields[2].flags_field == 0);
}

TEST_CASE("a line that is crossed out with # is left out, with a warning") {
  std::vector<tl::SchemaProblem> warnings;
  const std::vector<tl::SchemaSource> sources{
      {"old.tl", "#contest.save#9a5f6e95 id:int = Bool;\na = A;"}};
  const auto schema = tl::Schema::parse(sources, &warnings);
  REQUIRE(schema.has_value());
  CHECK((*schema)->combinators().size() == 1);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].text == "`#contest.save#9a5f6e95` begins with #; it is left out");
}

TEST_CASE("types are found by name") {
  const auto schema = small_schema("a x:Vector<long> y:Vector<Vector<A>> = A; b = B; c = B;");
  for (const auto* name :
       {"int", "#", "Bool", "A", "Vector<long>", "Vector<Vector<A>>", "Object"}) {
    CAPTURE(name);
    const auto type = schema->find_type(name);
    REQUIRE(type.has_value());
    CHECK(schema->describe(*type) == name);
  }
  CHECK(schema->find_type("%A")->kind == Kind::bare);
  CHECK(schema->find_type("a")->kind == Kind::bare);
  CHECK_FALSE(schema->find_type("%B"));
  CHECK_FALSE(schema->find_type("C"));
  CHECK_FALSE(schema->find_type("Vector<C>"));
  CHECK_FALSE(schema->find_type(""));
}
