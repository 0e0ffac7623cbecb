// Writes down the objects that a channel reads: values as JSON, failures as "ID ERROR more".
#pragma once

#include <string>
#include <vector>

#include "server/channel/object_reader.hpp"

namespace support {

struct Recorder final : server::channel::ObjectTaker {
  std::vector<std::string> seen;

  void on_value(std::unique_ptr<server::RequestArena>, const tl::Value& value) override {
    std::string text;
    tl::write_json(value, text);
    seen.push_back(text);
  }
  void on_failure(std::string_view id, const server::Failure& failure, std::size_t) override {
    auto text = std::string(id) + " " + failure.error;
    for (const auto& [key, json] : failure.more) text += " " + key + "=" + json;
    seen.push_back(text);
  }
};

}  // namespace support
