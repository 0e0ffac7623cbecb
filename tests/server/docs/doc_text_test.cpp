#include "server/docs/doc_text.hpp"

#include <catch2/catch.hpp>

using server::docs::doc_comment;
using server::docs::doc_text;

TEST_CASE("a description is read as text") {
  CHECK(doc_text("a <a href=\"https://core.telegram.org/x\">link »</a>, <code>code</code>") ==
        "a link », code");
  CHECK(doc_text("one<br>two<br />three") == "one\ntwo\nthree");
  CHECK(
      doc_text("see {@link RawChannelFull} and {@link messages.RawSendBotRequestedPeerRequest}") ==
      "see channelFull and messages.sendBotRequestedPeer");
  CHECK(doc_text("a &amp; b &lt;c&gt; &#39;d&#x27; &raquo;") == "a & b <c> 'd' »");
  CHECK(doc_text("  around  ").size() == 6);
}

TEST_CASE("what only looks like markup stays") {
  CHECK(doc_text("1 < 2 && 3 > 2") == "1 < 2 && 3 > 2");
  CHECK(doc_text("a <unfinished") == "a <unfinished");
  CHECK(doc_text("&nothing; &; & &#0; &#xD800; &#x110000; &#99999999999;") ==
        "&nothing; &; & &#0; &#xD800; &#x110000; &#99999999999;");
  CHECK(doc_text("{@link } {@link RawUser") == "{@link } {@link RawUser");
  CHECK(doc_text("<") == "<");
  CHECK(doc_text("&") == "&");
  CHECK(doc_text("{") == "{");
}

TEST_CASE("what was read is not read again") {
  CHECK(doc_text("&amp;lt;b&amp;gt;") == "&lt;b&gt;");
  CHECK(doc_text("&lt;b&gt;") == "<b>");
}

TEST_CASE("a comment is as long as its text") {
  CHECK(doc_comment("", "  ").empty());
  CHECK(doc_comment("<br>", "  ").empty());
  CHECK(doc_comment("words", "  ") == "  /** words */\n");
  CHECK(doc_comment("one<br><br>two", "  ") == "  /**\n   * one\n   * two\n   */\n");
}

TEST_CASE("nothing in a text ends its comment") {
  for (const auto* text :
       {"a */ b", "a *&#47; b", "a *<b>/</b> b", "a **/*/ b", "*/", "a<br>*/b"}) {
    const auto comment = doc_comment(text, "");
    INFO(comment);
    CHECK(comment.find("*/") == comment.size() - 3);
  }
}
