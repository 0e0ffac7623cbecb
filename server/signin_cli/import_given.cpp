#include "server/signin_cli/import_given.hpp"

#include <memory_resource>

#include "server/session_files/given_files.hpp"
#include "server/session_files/session_file.hpp"
#include "server/session_files/wiping_memory.hpp"
#include "server/signin_cli/import.hpp"
#include "tl/base64.hpp"
#include "tl/json_reader.hpp"

namespace server {
namespace {

using session_files::FoundSession;
using session_files::GivenFiles;

// Answers what was said beforehand, and notes what else is wanted.
class Foresaid final : public session_files::Person {
 public:
  explicit Foresaid(const tl::Value& request)
      : passcode_(request["passcode"]), choice_(request["choice"]) {}

  std::optional<mtproto::SecretBytes> secret(const std::string&) override {
    wants_passcode = true;
    if (asked_ || !passcode_.is_string()) return std::nullopt;
    asked_ = true;
    return mtproto::SecretBytes(tl::as_bytes(passcode_.text()));
  }
  std::optional<std::size_t> choice(const std::string&,
                                    const std::vector<std::string>& of) override {
    choices = of;
    const auto number = choice_.as_int64().value_or(0);
    if (number < 1 || static_cast<std::size_t>(number) > of.size()) return std::nullopt;
    return static_cast<std::size_t>(number - 1);
  }
  void say(const std::string& sentence) override { said = sentence; }

  bool wants_passcode = false;
  std::vector<std::string> choices;
  std::string said;  // last

 private:
  const tl::Value& passcode_;
  const tl::Value& choice_;
  bool asked_ = false;
};

void write_list(const std::vector<std::string>& sentences, std::string& out) {
  char before = '[';
  for (const auto& sentence : sentences) {
    out += before;
    tl::write_json_string(sentence, out);
    before = ',';
  }
  out += sentences.empty() ? "[]" : "]";
}

GivenAnswer failure(const std::string& text, const Foresaid* person = nullptr) {
  GivenAnswer out{R"({"error":"SessionFileError","msg":)", false};
  tl::write_json_string(text, out.object);
  if (person != nullptr && !person->choices.empty()) {
    out.object += R"(,"choices":)";
    write_list(person->choices, out.object);
  } else if (person != nullptr && person->wants_passcode) {
    out.object += R"(,"wants":"passcode")";
  }
  out.object += '}';
  return out;
}

GivenAnswer success(const FoundSession& found) {
  GivenAnswer out{"", true};
  out.object.reserve(8192);  // so that no piece of the key is left behind
  out.object = R"({"session":)";
  auto session = session_object(found);
  out.object += session;
  wipe_text(session);
  out.object += R"(,"library":)";
  tl::write_json_string(found.library, out.object);
  if (found.user_id) out.object += R"(,"user_id":)" + std::to_string(*found.user_id);
  if (found.test) out.object += *found.test ? R"(,"test":true)" : R"(,"test":false)";
  out.object += R"(,"notes":)";
  write_list(notes_of(found), out.object);
  out.object += '}';
  return out;
}

// Empty, or why not.
std::string take_file(const tl::Member& file, GivenFiles& files) {
  const auto text = file.value.is_string() ? file.value.text() : std::string_view("?");
  const auto size = tl::base64_decoded_size(text);
  if (size > GivenFiles::most_bytes) return "at most 64 MiB of files are taken";
  tl::Bytes bytes;
  bytes.reserve(size);
  const bool decoded = tl::decode_base64(text, bytes);
  auto why = decoded ? files.add(file.key, mtproto::SecretBytes(bytes))
                     : "files: the bytes of each are due in base64, as a string";
  mtproto::wipe(bytes);
  return why;
}

// Where the files lie in no folder, a sentence about that folder begins with no name.
std::string without_empty_name(std::string text) {
  return text.starts_with(": ") ? text.substr(2) : text;
}

}  // namespace

GivenAnswer import_given(std::string_view request) {
  session_files::WipingMemory memory;
  std::pmr::monotonic_buffer_resource arena(&memory);
  tl::JsonError problem;
  const auto value = tl::read_json(request, arena, &problem);
  if (!value) {
    return failure("this is no JSON from byte " + std::to_string(problem.position) +
                   " on: " + problem.text);
  }
  const auto& given = (*value)["files"];
  if (!given.is_object() || given.members().empty()) {
    return failure(R"({"files":{"NAME":"base64",…}} is due, with at least one file)");
  }
  GivenFiles files;
  for (const auto& file : given.members()) {
    if (const auto why = take_file(file, files); !why.empty()) return failure(why);
  }
  Foresaid person(*value);
  const auto found = session_files::read_session_file(files, files.root(), person);
  if (found) return success(*found);
  if (!person.said.empty() && person.wants_passcode) return failure(person.said, &person);
  return failure(without_empty_name(found.error()), &person);
}

GivenAnswer too_much_given() { return failure("more than 96 MiB were given"); }

}  // namespace server
