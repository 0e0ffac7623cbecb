// What a client hears of its connections to Telegram, and what the operator hears of failures.
#include "server/connection/connection_event.hpp"

#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdio>
#include <memory>

#include "server/connection/failure_log.hpp"

using namespace std::chrono_literals;
using server::account::DcChange;

namespace {

std::string text(DcChange::State state) {
  std::string out;
  server::write_connection_event(4, {mtproto::DcId(4), state, nullptr}, out);
  return out;
}

std::string text(server::upstream::UpstreamFailure failure) {
  std::string out;
  const auto state = failure.final ? DcChange::State::failed : DcChange::State::waiting;
  const auto kept = std::make_shared<const server::upstream::UpstreamFailure>(std::move(failure));
  server::write_connection_event(4, {mtproto::DcId(4), state, kept}, out);
  return out;
}

// What is written to stderr meanwhile.
template <class Write>
std::string said(Write write) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
  std::fflush(stderr);
  const int kept = ::dup(STDERR_FILENO);
  ::dup2(::fileno(file.get()), STDERR_FILENO);
  write();
  std::fflush(stderr);
  ::dup2(kept, STDERR_FILENO);
  ::close(kept);
  std::rewind(file.get());
  std::array<char, 1024> bytes{};
  return {bytes.data(), std::fread(bytes.data(), 1, bytes.size(), file.get())};
}

}  // namespace

TEST_CASE("An event names the data centre and the state of its connection", "[event]") {
  CHECK(text(DcChange::State::connecting) ==
        R"({"id":0,"connection":{"dc":4,"state":"connecting"}})");
  CHECK(text(DcChange::State::key_exchange) ==
        R"({"id":0,"connection":{"dc":4,"state":"key_exchange"}})");
  CHECK(text(DcChange::State::ready) == R"({"id":0,"connection":{"dc":4,"state":"ready"}})");
}

TEST_CASE("An event of a failure says why and when it is tried again, if it is", "[event]") {
  server::upstream::UpstreamFailure failure;
  failure.reason = "\"no\"";
  failure.retry_in = 12'005ms;
  CHECK(text(failure) == R"({"id":0,"connection":{"dc":4,"state":"waiting","retry_in":12.005,)"
                         R"("reason":"\"no\""}})");
  failure.retry_in.reset();
  failure.final = true;
  CHECK(text(failure) == R"({"id":0,"connection":{"dc":4,"state":"failed","reason":"\"no\""}})");
}

TEST_CASE("A failure is printed with its traceback where that was asked for, and safely",
          "[event]") {
  server::Failure failure{"TypeError", "a number is due\033[2J", "/message/n", {}, {"serving"}};
  const server::FailureLog printing(7, true), silent(7, false);
  const auto printed = said([&] { printing.note(failure); });
  CHECK(printed.find("conn=7\n  serving\n  TypeError at /message/n: ") != std::string::npos);
  CHECK(printed.find('\033') == std::string::npos);
  CHECK(said([&] { silent.note(failure); }).find("serving") == std::string::npos);
}
