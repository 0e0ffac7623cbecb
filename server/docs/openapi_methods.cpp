#include "server/docs/openapi_methods.hpp"

#include <map>
#include <set>
#include <string>

#include "server/docs/doc_text.hpp"
#include "server/docs/openapi_examples.hpp"
#include "server/protocol/only_reads.hpp"

namespace server::docs {
namespace {

using tl::Combinator;
using tl::Field;
using tl::Kind;

// "messages.sendMessage" → messages
std::string_view tag_of(std::string_view method) {
  const auto dot = method.find('.');
  return dot == method.npos ? std::string_view("wrappers") : method.substr(0, dot);
}

std::string_view first_sentence(std::string_view text) {
  const auto line = text.substr(0, text.find('\n'));
  const auto end = line.find(". ");
  return end == line.npos ? line : line.substr(0, end + 1);
}

// "400 `MSG_ID_INVALID`, `PEER_ID_INVALID`", a line a code.
std::string errors_of(const CombinatorDoc& about) {
  std::map<int, std::set<std::string_view>> by_code;
  for (const auto& error : about.errors) by_code[error.code].insert(error.name);
  std::string out;
  for (const auto& [code, names] : by_code) {
    out += "\n- " + std::to_string(code);
    std::string_view between = " ";
    for (const auto name : names) {
      out.append(between).append("`").append(name).append("`");
      between = ", ";
    }
  }
  return out;
}

std::string_view open_to(std::string_view available) {
  if (available == "user") return "\n\nNot for bots.";
  return available == "bot" ? "\n\nFor bots only." : std::string_view();
}

bool is_flat(Kind kind) {
  return kind != Kind::vector && kind != Kind::boxed && kind != Kind::bare && kind != Kind::any;
}

constexpr std::string_view every_call =
    R"("parameters":[{"$ref":"#/components/parameters/account"},)"
    R"({"$ref":"#/components/parameters/timeout"},{"$ref":"#/components/parameters/dc"}])";
constexpr std::string_view every_post =
    R"("parameters":[{"$ref":"#/components/parameters/idempotencyKey"}])";
constexpr std::string_view every_refusal = R"("429":{"$ref":"#/components/responses/TooMany"},)"
                                           R"("4XX":{"$ref":"#/components/responses/Refused"},)"
                                           R"("5XX":{"$ref":"#/components/responses/Failed"})";

}  // namespace

void OpenApiMethods::tags() {
  std::set<std::string_view> told;
  for (const auto& method : schema_.first_source()) {
    if (!method.is_function || OpenApiNames::is_hidden(method.name)) continue;
    const auto tag = tag_of(method.name);
    if (!told.insert(tag).second) continue;
    out_.open('{').key("name").text(tag);
    out_.key("description").text("Telegram's methods, `" + std::string(tag) + "`").close('}');
  }
}

void OpenApiMethods::all() {
  for (const auto& combinator : schema_.first_source()) {
    if (combinator.is_function && !OpenApiNames::is_hidden(combinator.name)) path(combinator);
  }
}

void OpenApiMethods::path(const Combinator& method) {
  const auto* about = docs_ == nullptr ? nullptr : docs_->method(method.name);
  out_.key("/api/v1/{account}/" + std::string(method.name)).open('{').raw(every_call);
  post(method, about);
  if (only_reads(method.name)) get(method, about);
  out_.close('}');
}

void OpenApiMethods::post(const Combinator& method, const CombinatorDoc* about) {
  out_.key("post").open('{').key("operationId").text(method.name);
  words(method, about);
  out_.raw(every_post).key("requestBody").open('{');
  bool wanted = false;
  for (const auto& field : method.fields) {
    wanted = wanted || !OpenApiSchemas::may_be_absent(field, true);
  }
  out_.key("required").raw(wanted ? "true" : "false");
  out_.key("content").open('{').key("application/json").open('{').key("schema");
  schemas_.arguments(method);
  out_.key("example");
  write_example(schema_, method, out_);
  out_.close('}').close('}').close('}');
  responses(method);
  out_.close('}');
}

void OpenApiMethods::get(const Combinator& method, const CombinatorDoc* about) {
  out_.key("get").open('{').key("operationId").text(std::string(method.name) + ".get");
  words(method, about);
  out_.key("parameters").open('[');
  for (const auto& field : method.fields) {
    if (!field.is_flags) parameter(field, about);
  }
  out_.close(']');
  responses(method);
  out_.close('}');
}

void OpenApiMethods::words(const Combinator& method, const CombinatorDoc* about) {
  out_.key("tags").open('[').text(tag_of(method.name)).close(']');
  const auto text = about == nullptr ? std::string() : doc_text(about->description);
  const auto summary = first_sentence(text);
  out_.key("summary").text(summary.empty() ? std::string_view(method.name) : summary);
  if (about == nullptr) return;
  auto more = text.size() > summary.size() ? text : std::string();
  more += open_to(about->available);
  if (const auto errors = errors_of(*about); !errors.empty()) more += "\n\nErrors:\n" + errors;
  more.erase(0, more.find_first_not_of('\n'));
  if (!more.empty()) out_.key("description").text(more);
}

// What is not flat stands in the query as JSON. Peers do, too, unless they are named.
void OpenApiMethods::parameter(const Field& field, const CombinatorDoc* about) {
  out_.open('{').key("name").text(field.name).key("in").text("query");
  const auto description = about == nullptr ? std::string() : doc_text(about->field(field.name));
  if (!description.empty()) out_.key("description").text(description);
  if (!OpenApiSchemas::may_be_absent(field, true)) out_.key("required").raw("true");
  if (schemas_.is_peer(field.type)) {
    out_.key("schema").raw(R"({"type":"string","description":"A name, or an object as JSON"})");
  } else if (is_flat(field.type.kind)) {
    out_.key("schema");
    schemas_.value(field.type, true);
  } else {
    out_.key("content").open('{').key("application/json").open('{').key("schema");
    schemas_.value(field.type, true);
    out_.close('}').close('}');
  }
  out_.close('}');
}

void OpenApiMethods::responses(const Combinator& method) {
  out_.key("responses").open('{').key("200").open('{');
  out_.key("description").text("What Telegram answered");
  out_.key("content").open('{').key("application/json").open('{').key("schema");
  out_.open('{').key("type").text("object").key("properties").open('{').key("ok");
  schemas_.constant("boolean", "true");
  out_.key("result");
  schemas_.value(method.result, false);
  out_.close('}').key("required").raw(R"(["ok","result"])").close('}');
  out_.close('}').close('}').close('}').raw(every_refusal).close('}');
}

}  // namespace server::docs
