#include "server/site/scheme_pages.hpp"

#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "tests/server/docs/small_schemes.hpp"

using server::site::SchemePages;
using Kind = SchemePages::Kind;

TEST_CASE("a page of a scheme is made once, when it is first asked for") {
  server::MemoryMeter memory(1 << 20);
  const SchemePages pages(support::small_schemes(), memory);
  CHECK(!pages.ready(Kind::json, 7));
  const auto made = pages.make(Kind::json, 7);
  REQUIRE(made.has_value());
  REQUIRE(pages.ready(Kind::json, 7));
  CHECK(pages.ready(Kind::json, 7)->body == made->body);
  CHECK(pages.make(Kind::json, 7)->body == made->body);
  CHECK(!pages.ready(Kind::json, 6));
  CHECK(!pages.ready(Kind::types, 7));
}

TEST_CASE("each kind of page has its content and type") {
  server::MemoryMeter memory(1 << 20);
  const SchemePages pages(support::small_schemes(), memory,
                          support::parsed_docs(support::small_docs));
  const auto json = pages.make(Kind::json, 6);
  CHECK(json->type == "application/json; charset=utf-8");
  CHECK(json->body->starts_with("{\"layer\":6,"));
  CHECK(json->body->find("Its id") != std::string::npos);
  const auto tl = pages.make(Kind::tl, 7);
  CHECK(tl->type == "text/plain; charset=utf-8");
  CHECK(*tl->body == support::small_layer);
  const auto types = pages.make(Kind::types, 7);
  CHECK(types->type == "text/plain; charset=utf-8");
  CHECK(types->body->find("layer 7") != std::string::npos);
  const auto openapi = pages.make(Kind::openapi, 7);
  CHECK(openapi->type == "application/json; charset=utf-8");
  CHECK(openapi->body->starts_with("{\"openapi\":\"3.1.0\""));
  CHECK(pages.make(Kind::openapi_twin, 7)->body->starts_with("{\"openapi\":\"3.0.3\""));
}

TEST_CASE("a layer that is not loaded has no pages") {
  server::MemoryMeter memory(1 << 20);
  const SchemePages pages(support::small_schemes(), memory);
  CHECK(pages.first_layer() == 7);
  CHECK(pages.has(6));
  CHECK(!pages.has(8));
  CHECK(pages.make(Kind::types, 8).error() == server::site::NoPage::unknown_layer);
  CHECK(!pages.ready(Kind::tl, 8));
}

TEST_CASE("threads that ask at once get the same page") {
  server::MemoryMeter memory(1 << 20);
  const SchemePages pages(support::small_schemes(), memory);
  std::vector<std::optional<server::site::Page>> got(8);
  std::vector<std::thread> threads;
  for (auto& one : got) threads.emplace_back([&] { one = *pages.make(Kind::types, 7); });
  for (auto& thread : threads) thread.join();
  for (const auto& one : got) {
    REQUIRE(one);
    CHECK(one->body == got.front()->body);
  }
}

TEST_CASE("pages that are kept are on the memory meter until they are gone") {
  server::MemoryMeter memory(1 << 20);
  {
    const SchemePages pages(support::small_schemes(), memory,
                            support::parsed_docs(support::small_docs));
    const auto docs = memory.used();
    CHECK(docs >= support::small_docs.size());
    const auto made = pages.make(Kind::json, 7);
    CHECK(memory.used() - docs >= made->body->size());
    const auto used = memory.used();
    pages.make(Kind::json, 7);
    CHECK(memory.used() == used);
  }
  CHECK(memory.used() == 0);
}

TEST_CASE("a page is not made where there is no memory to make it in") {
  server::MemoryMeter memory(100);
  const SchemePages pages(support::small_schemes(), memory);
  CHECK(pages.make(Kind::json, 7).error() == server::site::NoPage::no_room);
  CHECK(memory.used() == 0);
}

TEST_CASE("a page is kept compressed, too, under a tag of its own") {
  server::MemoryMeter memory(1 << 20);
  const SchemePages pages(support::small_schemes(), memory);
  const auto made = pages.make(Kind::json, 7);
  REQUIRE(made->gzip);
  CHECK(made->gzip->size() < made->body->size());
  CHECK(made->gzip_etag() != made->etag);
  CHECK(memory.used() >= made->body->size() + made->gzip->size());
}
