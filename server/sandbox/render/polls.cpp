// Renderer: polls, and how they stand for whoever looks.
#include <algorithm>

#include "server/sandbox/render/fields.hpp"
#include "server/sandbox/render/renderer.hpp"

namespace server::sandbox {

using tl::Value;

Value Renderer::with_entities(const Formatted& text) const {
  return make_.object("textWithEntities",
                      {{"text", make_.string(text.text)}, {"entities", entities(text.entities)}});
}

Value Renderer::poll(const Poll& poll) const {
  std::vector<Value> answers;
  for (const auto& choice : poll.choices) {
    answers.push_back(make_.object("pollAnswer", {{"text", with_entities(choice.text)},
                                                  {"option", make_.bytes(choice.option)}}));
  }
  Fields out(make_, "poll");
  out.number("id", poll.id)
      .flag("closed", poll.over(world_.date()))
      .flag("public_voters", poll.public_voters)
      .flag("multiple_choice", poll.multiple)
      .flag("quiz", poll.quiz)
      .set("question", with_entities(poll.question))
      .set("answers", make_.array(answers));
  if (poll.close_period != 0) out.number("close_period", poll.close_period);
  if (poll.close_date != 0) out.number("close_date", poll.close_date);
  return out.number("hash", 0).done();
}

// The counts are for those who have voted, and for everybody once it is over.
Value Renderer::poll_results(const Poll& poll) const {
  const auto mine = poll.votes.find(viewer_);
  const bool voted = mine != poll.votes.end();
  Fields out(make_, "pollResults");
  out.number("total_voters", static_cast<std::int64_t>(poll.votes.size()));
  if (!voted && !poll.over(world_.date())) return out.done();
  std::vector<std::int64_t> counts(poll.choices.size());
  for (const auto& [user, vote] : poll.votes) {
    for (const auto place : vote.choices) ++counts[place];
  }
  std::vector<Value> results;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const bool chosen = voted && std::find(mine->second.choices.begin(), mine->second.choices.end(),
                                           i) != mine->second.choices.end();
    Fields one(make_, "pollAnswerVoters");
    results.push_back(one.flag("chosen", chosen)
                          .flag("correct", poll.quiz && i == poll.correct)
                          .set("option", make_.bytes(poll.choices[i].option))
                          .number("voters", counts[i])
                          .set("recent_voters", make_.array(std::span<const Value>{}))
                          .done());
  }
  out.set("results", make_.array(results));
  if (poll.quiz && !poll.solution.text.empty()) {
    out.text("solution", poll.solution.text)
        .set("solution_entities", entities(poll.solution.entities));
  }
  return out.done();
}

}  // namespace server::sandbox
