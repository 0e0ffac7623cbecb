#include "server/account/session_string.hpp"
#include "tests/support/places.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <fstream>
#include <numeric>
#include <sstream>
#include <vector>

using namespace server::account;

namespace {

// A line of tests/data/session_strings.txt.
struct Sample {
  std::string format, dc, user_id, api_id, test, host, port, string;
};

std::vector<Sample> samples() {
  std::ifstream file(support::data_folder() + "/session_strings.txt");
  std::vector<Sample> out;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    Sample it;
    std::istringstream(line) >> it.format >> it.dc >> it.user_id >> it.api_id >> it.test >>
        it.host >> it.port >> it.string;
    out.push_back(it);
  }
  REQUIRE(out.size() >= 13);
  return out;
}

mtproto::AuthKey counting_key() {
  std::array<std::uint8_t, 256> bytes{};
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  return mtproto::AuthKey(bytes);
}

template <class T>
std::string shown(const std::optional<T>& value) {
  if (!value) return "-";
  if constexpr (std::is_same_v<T, bool>) return *value ? "true" : "false";
  return std::to_string(*value);
}

SessionPlace place_of(const Sample& sample) {
  return {mtproto::DcId(std::stoi(sample.dc)), sample.host,
          static_cast<std::uint16_t>(std::stoi(sample.port)), sample.test == "true"};
}

}  // namespace

TEST_CASE("session strings that other libraries made are read") {
  const auto key = counting_key();
  for (const auto& sample : samples()) {
    INFO(sample.format << " dc " << sample.dc);
    const auto read = read_session_string(sample.string);
    REQUIRE(read);
    CHECK(std::ranges::equal(read->auth_key.bytes(), key.bytes()));
    CHECK(std::to_string(read->dc.value()) == sample.dc);
    CHECK(shown(read->user_id) == sample.user_id);
    CHECK(shown(read->api_id) == sample.api_id);
    CHECK(shown(read->test) == sample.test);
  }
}

TEST_CASE("session strings are written as Telethon and GramJS write them") {
  int compared = 0;
  for (const auto& sample : samples()) {
    if (sample.format != "telethon" && sample.format != "gramjs") continue;
    const auto format = *session_format(sample.format);
    REQUIRE(can_hold(format, place_of(sample)));
    CHECK(write_session_string(format, counting_key(), place_of(sample)) == sample.string);
    ++compared;
  }
  CHECK(compared == 6);
}

TEST_CASE("a session string written for mtcute holds what its own holds") {
  for (const auto& sample : samples()) {
    if (sample.format != "mtcute") continue;
    const auto text = write_session_string(SessionFormat::mtcute, counting_key(), place_of(sample));
    const auto read = read_session_string(text);
    REQUIRE(read);
    CHECK(std::to_string(read->dc.value()) == sample.dc);
    CHECK(shown(read->test) == sample.test);
    CHECK(!read->user_id);
    // The data centre stands as mtcute writes it: length, 2, dc, flags, address, port.
    CHECK(text.size() < sample.string.size());
    CHECK(text.substr(8, 20) == sample.string.substr(8, 20));
  }
}

TEST_CASE("a session string that is cut or longer is none") {
  for (const auto& sample : samples()) {
    INFO(sample.format);
    // From 351 characters on the rest may be as long as a whole one of another format.
    for (std::size_t size = 0; size < 351; ++size) {
      CHECK(!read_session_string(sample.string.substr(0, size)));
    }
    CHECK(!read_session_string(sample.string + "AAAA"));
  }
  CHECK(!read_session_string(std::string(100'000, 'A')));
  CHECK(!read_session_string("hello"));
}

TEST_CASE("a session string without a data centre is none") {
  auto read = read_session_string(
      write_session_string(SessionFormat::gramjs, counting_key(), {mtproto::DcId(0), "127.0.0.1"}));
  CHECK(!read);
}

TEST_CASE("Telethon's string holds no host names") {
  const SessionPlace named{mtproto::DcId(2), "localhost"};
  CHECK(!can_hold(SessionFormat::telethon, named));
  CHECK(can_hold(SessionFormat::gramjs, named));
  CHECK(!can_hold(SessionFormat::gramjs, {mtproto::DcId(300), "localhost"}));
  CHECK(!can_hold(SessionFormat::mtcute, {mtproto::DcId(2), ""}));
}

TEST_CASE("line breaks, blanks, quotes and marks in a session string do not count") {
  for (const auto& sample : samples()) {
    INFO(sample.format << " dc " << sample.dc);
    auto text = sample.string;
    text.insert(100, "\r\n");
    text.insert(50, "\u200B ");
    CHECK(read_session_string("\uFEFF'" + text + "\u201D\n"));
  }
}

TEST_CASE("what is wrong with a session string is said by its length, alphabet and looks") {
  const auto of = [](const std::string& text) {
    CHECK_FALSE(read_session_string(text));
    return session_string_problem(text);
  };
  CHECK(of("") == "it is empty");
  CHECK(of(" \n\"\"") == "it is empty");
  CHECK(of(std::string(3000, 'A')) == "it has 3000 characters, and none of them more than 2048");
  CHECK(of("1Ab*d") == "its character 4 can't be in one: they have letters, digits, and - _ + / =");
  CHECK(of("123456789:AAabcdefghijklmnopqrstuvwxyz_-01234").find("it looks like a bot's token") ==
        0);
  CHECK(of(std::string(512, 'a')).find("it looks like an auth_key in hex") == 0);
  CHECK(of(std::string(342, 'z') + "==").find("it looks like an auth_key alone") == 0);
  CHECK(of("{\"auth_key\":1").find("it begins like JSON") == 0);
  CHECK(of("hello").find("it begins like none of them, and has 5 characters") == 0);
  for (const auto& sample : samples()) {
    INFO(sample.format << " dc " << sample.dc);
    const auto name = sample.format.starts_with("telethon")   ? "Telethon"
                      : sample.format.starts_with("gramjs")   ? "GramJS"
                      : sample.format.starts_with("pyrogram") ? "Pyrogram"
                                                              : "mtcute";
    const auto cut = sample.string.substr(0, sample.string.size() - 10);
    const auto problem = of(cut);
    CHECK(problem.find("it begins like one of ") == 0);
    CHECK(problem.find(name) != std::string::npos);
    CHECK(problem.find("it has " + std::to_string(cut.size()) + " characters") !=
          std::string::npos);
  }
}
