// Polls and dice. core.telegram.org/api/poll, core.telegram.org/api/dice
#include "server/sandbox/methods/polls.hpp"
#include "server/sandbox/world/limits.hpp"

namespace server::sandbox {

using tl::Value;

namespace {

// Text with entities, which up to layer 176 at least was the text alone.
Outcome<Formatted> formatted(const Call& call, const Value& given, std::size_t longest) {
  const auto text = given.is_object() ? given["text"].text() : given.text();
  if (!is_utf8(text)) return bad_request("INPUT_FETCH_ERROR");
  auto entities = call.entities(given["entities"]);
  if (!entities) return entities.error();
  auto out = tidy(text, std::move(*entities));
  if (out.text.empty() || utf16_length(out.text) > longest) return RpcError{400, ""};
  return out;
}

Outcome<std::vector<Poll::Choice>> choices_of(const Call& call, const Value& list) {
  std::vector<Poll::Choice> out;
  if (list.items().size() < 2 || list.items().size() > limits::poll_choices) {
    return bad_request("POLL_ANSWERS_INVALID");
  }
  for (const auto& item : list.items()) {
    auto text = formatted(call, item["text"], limits::poll_choice);
    if (!text) return bad_request("POLL_ANSWER_INVALID");
    Poll::Choice choice{std::move(*text), {}};
    const auto option = item["option"].as_bytes();
    if (item["option"].is_null()) {
      choice.option = {static_cast<std::uint8_t>('0' + out.size())};
    } else if (option.empty() || option.size() > 100) {
      return bad_request("POLL_OPTION_INVALID");
    } else {
      choice.option.assign(option.begin(), option.end());
    }
    for (const auto& other : out) {
      if (other.option == choice.option) return bad_request("POLL_OPTION_DUPLICATE");
    }
    out.push_back(std::move(choice));
  }
  return out;
}

std::optional<std::size_t> place_of(const Poll& poll, const Value& option) {
  // Since layer 224 at least the right answer is told by its place.
  if (const auto place = option.as_int64()) {
    const bool there = *place >= 0 && static_cast<std::size_t>(*place) < poll.choices.size();
    return there ? std::optional(static_cast<std::size_t>(*place)) : std::nullopt;
  }
  const auto bytes = option.as_bytes();
  for (std::size_t i = 0; i < poll.choices.size(); ++i) {
    const auto& known = poll.choices[i].option;
    if (std::equal(bytes.begin(), bytes.end(), known.begin(), known.end())) return i;
  }
  return std::nullopt;
}

Outcome<void> read_quiz(const Call& call, const Value& input, Poll& poll) {
  const auto correct = input["correct_answers"].items();
  if (!poll.quiz) return {};
  if (correct.empty()) return bad_request("QUIZ_CORRECT_ANSWERS_EMPTY");
  if (correct.size() > 1) return bad_request("QUIZ_CORRECT_ANSWERS_TOO_MUCH");
  const auto place = place_of(poll, correct[0]);
  if (!place) return bad_request("QUIZ_CORRECT_ANSWER_INVALID");
  if (poll.multiple) return bad_request("QUIZ_MULTIPLE_INVALID");
  poll.correct = *place;
  auto entities = call.entities(input["solution_entities"]);
  if (!entities) return entities.error();
  poll.solution = tidy(input["solution"].text(), std::move(*entities));
  if (!is_utf8(poll.solution.text) || utf16_length(poll.solution.text) > limits::poll_solution) {
    return bad_request("MESSAGE_TOO_LONG");
  }
  return {};
}

}  // namespace

Outcome<Media> poll_of(Call& call, const Value& input) {
  const auto& given = input["poll"];
  auto poll = std::make_shared<Poll>();
  auto question = formatted(call, given["question"], limits::poll_question);
  if (!question) return bad_request("POLL_QUESTION_INVALID");
  poll->question = std::move(*question);
  auto choices = choices_of(call, given["answers"]);
  if (!choices) return choices.error();
  poll->choices = std::move(*choices);
  poll->public_voters = given["public_voters"].as_bool();
  poll->multiple = given["multiple_choice"].as_bool();
  poll->quiz = given["quiz"].as_bool();
  poll->closed = given["closed"].as_bool();
  if (const auto quiz = read_quiz(call, input, *poll); !quiz) return quiz.error();
  poll->close_period = static_cast<std::int32_t>(given["close_period"].as_int64().value_or(0));
  poll->close_date = static_cast<std::int32_t>(given["close_date"].as_int64().value_or(0));
  if (poll->close_period < 0 || poll->close_period > 2'628'000) {
    return bad_request("POLL_CLOSE_PERIOD_INVALID");
  }
  if (poll->close_period != 0) poll->close_date = call.world.date() + poll->close_period;
  poll->id = static_cast<std::int64_t>(call.world.random().word() >> 1U);
  return Media(PollMedia{std::move(poll)});
}

Outcome<Media> dice_of(Call& call, const Value& input) {
  const auto emoticon = input["emoticon"].text();
  const auto values = dice_values(emoticon);
  if (values == 0) return bad_request("EMOTICON_INVALID");
  const auto fallen = call.world.random().word() % static_cast<std::uint64_t>(values);
  return Media(Dice{std::string(emoticon), static_cast<std::int32_t>(fallen) + 1});
}

namespace {

Outcome<const BoxMessage*> poll_message(Call& call, std::string_view id) {
  const auto peer = call.peer(call.args["peer"]);
  if (!peer) return peer.error();
  auto message = call.message(*peer, call.number32(id));
  if (message && !std::holds_alternative<PollMedia>((*message)->post->media)) {
    return bad_request("MESSAGE_ID_INVALID");
  }
  return message;
}

PollPtr poll_in(const BoxMessage& message) { return std::get<PollMedia>(message.post->media).poll; }

Answer send_vote(Call& call) {
  const auto message = poll_message(call, "msg_id");
  if (!message) return message.error();
  const auto poll = poll_in(**message);
  if (poll->over(call.world.date())) return bad_request("MESSAGE_POLL_CLOSED");
  const auto voted = poll->votes.contains(call.user());
  if (voted && poll->quiz) return bad_request("REVOTE_NOT_ALLOWED");
  if (!voted && poll->votes.size() >= limits::poll_votes) return bad_request("OPTIONS_TOO_MUCH");
  const auto options = call.args["options"].items();
  if (options.size() > (poll->multiple ? poll->choices.size() : 1)) {
    return bad_request("OPTIONS_TOO_MUCH");
  }
  std::vector<std::size_t> choices;
  for (const auto& option : options) {
    const auto place = place_of(*poll, option);
    if (!place) return bad_request("OPTION_INVALID");
    if (std::find(choices.begin(), choices.end(), *place) == choices.end()) {
      choices.push_back(*place);
    }
  }
  if (choices.empty() && !voted) return bad_request("OPTION_INVALID");
  call.world.vote(call.user(), **message, std::move(choices));
  return call.answer_updates();
}

Answer get_poll_results(Call& call) {
  const auto message = poll_message(call, "msg_id");
  if (!message) return message.error();
  const Logged events[] = {{0, 0, PollChanged{poll_in(**message)}}};
  return call.renderer().updates(events);
}

Answer get_poll_votes(Call& call) {
  const auto message = poll_message(call, "id");
  if (!message) return message.error();
  const auto poll = poll_in(**message);
  if (!poll->public_voters) return bad_request("POLL_VOTE_REQUIRED");
  const auto wanted = call.has("option") ? place_of(*poll, call.args["option"]) : std::nullopt;
  if (call.has("option") && !wanted) return bad_request("OPTION_INVALID");
  auto render = call.renderer();
  std::vector<Value> votes;
  for (const auto& [user, vote] : poll->votes) {
    const auto& choices = vote.choices;
    const bool fits =
        !wanted || std::find(choices.begin(), choices.end(), *wanted) != choices.end();
    if (!fits || votes.size() == limits::page) continue;
    votes.push_back(call.make.object(
        "messagePeerVote",
        {{"peer", render.peer(PeerKey::of(user))},
         {"option", call.make.bytes(poll->choices[wanted.value_or(choices.front())].option)},
         {"date", Value::integer(vote.date)}}));
  }
  return call.make.object("messages.votesList",
                          {{"count", Value::integer(static_cast<std::int64_t>(votes.size()))},
                           {"votes", call.make.array(votes)},
                           {"chats", render.chats()},
                           {"users", render.users()}});
}

}  // namespace

std::span<const Method> poll_methods() {
  static constexpr Method methods[] = {
      {"messages.sendVote", Needs::somebody, send_vote},
      {"messages.getPollResults", Needs::somebody, get_poll_results},
      {"messages.getPollVotes", Needs::somebody, get_poll_votes},
  };
  return methods;
}

}  // namespace server::sandbox
