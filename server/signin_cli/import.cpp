#include "server/signin_cli/import.hpp"

#include <memory_resource>

#include "server/account/session_line.hpp"
#include "server/session_files/disk_files.hpp"
#include "server/session_files/session_file.hpp"
#include "server/session_files/wiping_memory.hpp"
#include "server/signin_cli/texts.hpp"
#include "tl/json_reader.hpp"

namespace server {

namespace {

using session_files::FoundSession;

class Asked final : public session_files::Person {
 public:
  explicit Asked(Console& console) : console_(console) {}

  std::optional<mtproto::SecretBytes> secret(const std::string& prompt) override {
    auto line = console_.ask(prompt, true);
    if (!line) return std::nullopt;
    mtproto::SecretBytes out(tl::as_bytes(*line));
    wipe_text(*line);
    return out;
  }

  std::optional<std::size_t> choice(const std::string& question,
                                    const std::vector<std::string>& of) override {
    for (std::size_t i = 0; i < of.size(); ++i) {
      console_.say("  " + std::to_string(i + 1) + ": " + of[i]);
    }
    for (;;) {
      const auto line =
          console_.ask(question + " (1 to " + std::to_string(of.size()) + "): ", false);
      if (!line) return std::nullopt;
      const auto number = tl::Value::string(*line).as_int64().value_or(0);
      if (number >= 1 && static_cast<std::size_t>(number) <= of.size()) {
        return static_cast<std::size_t>(number - 1);
      }
      console_.say("a number from 1 to " + std::to_string(of.size()) + " is due");
    }
  }

  void say(const std::string& sentence) override { console_.say(sentence); }

 private:
  Console& console_;
};

std::string line_of(const FoundSession& found, std::optional<tl::Notation> json) {
  auto compact = session_object(found, json.value_or(tl::Notation::classic));
  session_files::WipingMemory memory;
  std::pmr::monotonic_buffer_resource arena(&memory);
  std::string out;
  out.reserve(1024);
  out += line_before_session(json);
  write_spaced_json(*tl::read_json(compact, arena), out);
  wipe_text(compact);
  return out += "}";
}

void say_what_it_is(const FoundSession& found, Console& console) {
  std::string what = "A session of " + found.library + ", at home in data centre " +
                     std::to_string(found.dc.value());
  if (found.user_id) what += ", user " + std::to_string(*found.user_id);
  console.say(what + ".");
  for (const auto& note : notes_of(found)) console.say(note);
}

}  // namespace

void wipe_text(std::string& text) {
  mtproto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
}

std::string session_object(const FoundSession& found, tl::Notation notation) {
  account::SessionLine line;
  line.auth_key = found.auth_key;
  line.dc = found.dc;
  line.api_id = found.api_id;
  line.user_id = found.user_id;
  std::string out;
  out.reserve(1024);  // so that no piece of the key is left behind
  account::write_session(line, notation, out);
  return out;
}

std::vector<std::string> notes_of(const FoundSession& found) {
  auto notes = found.notes;
  if (found.test.value_or(false)) {
    notes.emplace_back("It is of Telegram's test environment: streamjson --test-dcs.");
  }
  if (!found.user_id) {
    notes.emplace_back("Whether somebody is signed in by it the file does not say.");
  }
  notes.emplace_back("Use it in one program at a time: Telegram ends a key that two use at once.");
  return notes;
}

CliOutcome import_session(const std::string& path, Console& console,
                          std::optional<tl::Notation> json) {
  Asked person(console);
  auto found = session_files::read_session_file(session_files::DiskFiles(), path, person);
  if (!found) return {"", found.error()};
  say_what_it_is(*found, console);
  return {line_of(*found, json), ""};
}

}  // namespace server
