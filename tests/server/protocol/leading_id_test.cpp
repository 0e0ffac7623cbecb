#include "server/protocol/leading_id.hpp"

#include <catch2/catch.hpp>

using server::leading_id;

TEST_CASE("a text that begins with an id is that request's") {
  CHECK(leading_id(R"({"id":5,"mess)") == "5");
  CHECK(leading_id(" {\t\"id\" :\r\n -7 ,") == "-7");
  CHECK(leading_id(R"({"id":"a\"b","message":{]})") == R"("a\"b")");
  CHECK(leading_id(R"({"id":5})") == "5");
  CHECK(leading_id(R"({"id":5.0,"mess)") == "5");
  CHECK(leading_id(R"({"id":1E+2,)") == "100");
  CHECK(leading_id("\xEF\xBB\xBF{\"id\":5 x") == "5");
  CHECK(leading_id(R"({"id":9223372036854775807,)") == "9223372036854775807");
  CHECK(leading_id("{\"id\":\"" + std::string(256, 'x') + "\",") ==
        "\"" + std::string(256, 'x') + "\"");
}

TEST_CASE("an id that is not there whole, or none, is nobody's") {
  for (const auto* text : {"",
                           "{",
                           "[{\"id\":5,",
                           "{\"id\"",
                           "{\"id\":",
                           "{\"id\":5",
                           "{\"id\":\"5",
                           "{\"id\":\"5\\",
                           "{\"id\":0,",
                           "{\"id\":1.5,",
                           "{\"id\":1e-3,",
                           "{\"id\":1e,",
                           "{\"id\":null,",
                           "{\"id\":true,",
                           "{\"id\":{},",
                           "{\"id\":[1],",
                           "{\"id\":05,",
                           "{\"id\":-2,",
                           "{\"id\":-3,",
                           "{\"id\":99999999999999999999,",
                           "{\"a\":1,\"id\":5,",
                           "{\"ID\":5,",
                           "{'id':5,",
                           "{\"id\":\"\xFF\",",
                           "id:5,"}) {
    CAPTURE(text);
    CHECK_FALSE(leading_id(text));
  }
  CHECK_FALSE(leading_id("{\"id\":\"" + std::string(257, 'x') + "\","));
}
