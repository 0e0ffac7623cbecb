// Parts of the state file: polls and what else a message holds.
#include "server/sandbox/state/parts.hpp"

#include <boost/json/array.hpp>
#include <stdexcept>

#include "tl/base64.hpp"

namespace server::sandbox::state {

namespace json = boost::json;

namespace {

json::object poll_to_json(const Poll& poll) {
  json::array choices, votes;
  for (const auto& one : poll.choices) {
    choices.push_back(json::array{formatted_to_json(one.text), base64(one.option)});
  }
  for (const auto& [user, vote] : poll.votes) {
    votes.push_back(json::array{user.value(), vote.date,
                                json::array(vote.choices.begin(), vote.choices.end())});
  }
  return {{"poll", poll.id},
          {"question", formatted_to_json(poll.question)},
          {"choices", std::move(choices)},
          {"public_voters", poll.public_voters},
          {"multiple", poll.multiple},
          {"quiz", poll.quiz},
          {"correct", poll.correct},
          {"solution", formatted_to_json(poll.solution)},
          {"closed", poll.closed},
          {"close_period", poll.close_period},
          {"close_date", poll.close_date},
          {"votes", std::move(votes)}};
}

PollPtr poll_from_json(const json::object& in) {
  auto poll = std::make_shared<Poll>();
  poll->id = number(in, "poll");
  poll->question = formatted_from_json(in.at("question"));
  for (const auto& item : in.at("choices").as_array()) {
    Poll::Choice choice{formatted_from_json(item.as_array().at(0)), {}};
    const auto& option = item.as_array().at(1).as_string();
    if (!tl::decode_base64({option.data(), option.size()}, choice.option)) {
      throw std::runtime_error("a poll has an option that is no base64");
    }
    poll->choices.push_back(std::move(choice));
  }
  const auto place = [&](const json::value& value) {
    const auto at = value.to_number<std::size_t>();
    if (at >= poll->choices.size()) throw std::runtime_error("a poll has no such choice");
    return at;
  };
  poll->public_voters = in.at("public_voters").as_bool();
  poll->multiple = in.at("multiple").as_bool();
  poll->quiz = in.at("quiz").as_bool();
  poll->correct = place(in.at("correct"));
  poll->solution = formatted_from_json(in.at("solution"));
  poll->closed = in.at("closed").as_bool();
  poll->close_period = number32(in, "close_period");
  poll->close_date = number32(in, "close_date");
  for (const auto& item : in.at("votes").as_array()) {
    const auto& from = item.as_array();
    auto& vote = poll->votes[UserId(from.at(0).as_int64())];
    vote.date = static_cast<std::int32_t>(from.at(1).as_int64());
    for (const auto& choice : from.at(2).as_array()) vote.choices.push_back(place(choice));
    if (vote.choices.empty()) throw std::runtime_error("a poll has an empty vote");
  }
  return poll;
}

}  // namespace

json::value media_to_json(const Media& media) {
  if (const auto* file = std::get_if<FileMedia>(&media)) {
    return json::object{{"file", file->file->id}, {"spoiler", file->spoiler}};
  }
  if (const auto* card = std::get_if<ContactCard>(&media)) {
    return json::object{{"phone", card->phone},
                        {"first_name", card->first_name},
                        {"last_name", card->last_name},
                        {"vcard", card->vcard},
                        {"user", card->user.value()}};
  }
  if (const auto* dice = std::get_if<Dice>(&media)) {
    return json::object{{"dice", dice->emoticon}, {"value", dice->value}};
  }
  if (const auto* poll = std::get_if<PollMedia>(&media)) return poll_to_json(*poll->poll);
  if (const auto* place = std::get_if<Place>(&media)) {
    return json::object{{"latitude", exact(place->latitude)},
                        {"longitude", exact(place->longitude)}};
  }
  return nullptr;
}

Media media_from_json(const json::value& value, const Files& files) {
  if (value.is_null()) return {};
  const auto& in = value.as_object();
  if (in.contains("file")) {
    auto file = files.find(number(in, "file"));
    if (!file) throw std::runtime_error("a message holds a file that is not there");
    return FileMedia{std::move(file), in.at("spoiler").as_bool()};
  }
  if (in.contains("dice")) return Dice{text(in, "dice"), number32(in, "value")};
  if (in.contains("poll")) return PollMedia{poll_from_json(in)};
  if (in.contains("latitude")) {
    return Place{inexact(number(in, "latitude")), inexact(number(in, "longitude"))};
  }
  return ContactCard{text(in, "phone"), text(in, "first_name"), text(in, "last_name"),
                     text(in, "vcard"), UserId(number(in, "user"))};
}

}  // namespace server::sandbox::state
