// POST /import's work: files that other programs left are handed to `signin-cli --import -`, which
// lies beside this program. No byte of them is looked at in this process: a reader that a hostile
// file breaks breaks nothing here.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/importer/child_process.hpp"
#include "server/metering/memory_meter.hpp"

namespace server::importer {

struct Answer {
  unsigned status = 200;     // of HTTP
  std::string object{};      // JSON, as signin-cli wrote it; secret. Empty: there is none,
  std::string_view error{};  // and this is why
  std::string text{};
};

class SessionImport {
 public:
  static constexpr int most_at_a_time = 2;  // in this process
  static constexpr std::chrono::seconds longest{20};
  static constexpr std::size_t longest_answer = std::size_t{64} << 10;
  using Done = std::function<void(Answer)>;

  explicit SessionImport(MemoryMeter& memory) : share_(memory) {}
  // Ends what runs; `done` is not called any more.
  ~SessionImport();
  SessionImport(const SessionImport&) = delete;
  SessionImport& operator=(const SessionImport&) = delete;

  // The next of the request's bytes. False where there is no memory for it.
  bool take(std::string_view piece);
  std::size_t size() const { return request_.size(); }
  // Behind the last: none where `done` will be called, or why not.
  std::optional<Answer> start(const boost::asio::any_io_executor&, Done done);

 private:
  MemoryShare share_;
  std::string request_;
  std::shared_ptr<Done> done_;
  std::shared_ptr<ChildProcess> child_;
};

}  // namespace server::importer
