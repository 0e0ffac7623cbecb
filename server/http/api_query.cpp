#include "server/http/api_query.hpp"

#include <algorithm>

#include "server/http/head.hpp"
#include "tl/json_pointer.hpp"
#include "tl/json_reader.hpp"
#include "tl/nearest_name.hpp"
#include "tl/shortened.hpp"

namespace server::http {
namespace {

std::optional<std::string> form_decoded(std::string_view text) {
  std::string spaced(text);
  std::ranges::replace(spaced, '+', ' ');
  return percent_decoded(spaced);
}

// A method's arguments, as they are collected.
class Arguments {
 public:
  Arguments(const tl::Schema& schema, const tl::Combinator& method, tl::Arena& arena)
      : schema_(schema), method_(method), builder_(arena), values_(method.fields.size()) {}

  std::optional<Failure> add(const Parameter& parameter) {
    const auto found = std::ranges::find_if(method_.fields, [&](const tl::Field& field) {
      return !field.is_flags && field.name == parameter.name;
    });
    if (found == method_.fields.end()) return unknown(parameter.name);
    auto& values = values_[static_cast<std::size_t>(found - method_.fields.begin())];
    const auto type = found->type;
    const bool item = type.kind == tl::Kind::vector && !parameter.value.starts_with('[');
    if (!values.empty() && (!item || values.front().is_array())) {
      return type_error(place(found->name), "it is there twice");
    }
    auto value = read(item ? schema_.element(type.index) : type, parameter.value, found->name);
    if (!value) return value.error();
    values.push_back(*value);
    return {};
  }

  tl::Value object() const {
    std::vector<tl::Member> members;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (values_[i].empty()) continue;
      const auto& field = method_.fields[i];
      const bool items = field.type.kind == tl::Kind::vector && !values_[i].front().is_array();
      members.push_back({field.name, items ? builder_.array(values_[i]) : values_[i].front()});
    }
    return builder_.object(members);
  }

 private:
  static std::string place(std::string_view name) {
    std::string out = "/message/";
    tl::append_pointer_token(name, out);
    return out;
  }

  Failure unknown(std::string_view name) const {
    tl::NearestName nearest(name);
    for (const auto& field : method_.fields) {
      if (!field.is_flags) nearest.offer(field.name);
    }
    std::string text = std::string(method_.name) + " has no field ";
    tl::write_json_string(tl::shortened(name), text);
    return scheme_error(place(name), text + nearest.hint());
  }

  tl::Result<tl::Value, Failure> read(tl::TypeRef type, const std::string& text,
                                      std::string_view name) const {
    if (type.kind == tl::Kind::string) return builder_.string(text);
    if (type.kind == tl::Kind::boolean || type.kind == tl::Kind::true_bit) {
      return read_bool(type, text, name);
    }
    const bool json = text.starts_with('{') || text.starts_with('[');
    if (!json && type.kind != tl::Kind::float64) return builder_.string(text);
    tl::JsonError error;
    const auto value = tl::read_json(text, builder_.arena(), &error);
    if (value) return *value;
    if (!json) return builder_.string(text);
    return type_error(place(name), "JSON is due: " + error.text + " at byte " +
                                       std::to_string(error.position) + " of it");
  }

  static tl::Result<tl::Value, Failure> read_bool(tl::TypeRef type, std::string_view text,
                                                  std::string_view name) {
    const bool flag = type.kind == tl::Kind::true_bit && text.empty();
    if (text == "true" || text == "1" || flag) return tl::Value::boolean(true);
    if (text == "false" || text == "0") return tl::Value::boolean(false);
    return type_error(place(name), "true or false is due");
  }

  const tl::Schema& schema_;
  const tl::Combinator& method_;
  const tl::Builder builder_;
  std::vector<std::vector<tl::Value>> values_;  // as the fields; of most one
};

}  // namespace

std::vector<std::optional<Parameter>> parameters_of(std::string_view query) {
  std::vector<std::optional<Parameter>> out;
  while (!query.empty()) {
    const auto end = std::min(query.find('&'), query.size());
    const auto part = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (part.empty()) continue;
    const auto equals = std::min(part.find('='), part.size());
    auto name = form_decoded(part.substr(0, equals));
    auto value = form_decoded(part.substr(std::min(equals + 1, part.size())));
    if (name && value) {
      out.emplace_back(Parameter{std::move(*name), std::move(*value)});
    } else {
      out.emplace_back();
    }
  }
  return out;
}

tl::Result<tl::Value, Failure> read_query(std::string_view query, const tl::Schema& schema,
                                          const tl::Combinator& method, tl::Arena& arena) {
  Arguments arguments(schema, method, arena);
  for (const auto& parameter : parameters_of(query)) {
    if (!parameter || parameter->name == "timeout" || parameter->name == "dc") continue;
    if (auto failure = arguments.add(*parameter)) return std::move(*failure);
  }
  return arguments.object();
}

}  // namespace server::http
