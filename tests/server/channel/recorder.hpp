// Writes down the objects that a channel reads: values as JSON, failures as "ID ERROR more".
#pragma once

#include <boost/asio/io_context.hpp>
#include <string>
#include <vector>

#include "server/channel/object_reader.hpp"

namespace support {

struct Recorder final : server::channel::ObjectTaker {
  std::vector<std::string> seen;

  std::vector<bool> busy;
  bool ended = false;
  bool wrong_start = false;

  void on_object(server::Incoming&& object) override {
    std::string text;
    tl::write_json(object.value, text);
    seen.push_back(text);
  }
  void on_failure(std::string_view id, const server::Failure& failure, std::size_t) override {
    auto text = std::string(id) + " " + failure.error;
    for (const auto& [key, json] : failure.more) text += " " + key + "=" + json;
    seen.push_back(text);
  }
  void on_end() override { ended = true; }
  void on_busy(bool is_busy) override { busy.push_back(is_busy); }
  void on_wrong_start() override { wrong_start = true; }
};

// A pool whose work is done at once, and a loop in which its results come back.
class Errands {
 public:
  const server::upstream::WorkRunner& runner() const { return runner_; }
  void bring_back() {
    context_.restart();
    context_.poll();
  }

 private:
  boost::asio::io_context context_;
  server::upstream::WorkPool pool_{0};
  const server::upstream::WorkRunner runner_{pool_, context_.get_executor()};
};

}  // namespace support
