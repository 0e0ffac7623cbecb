// The text of a faults file into a plan. Strict: whatever it does not know or finds out of bounds
// is a problem, told in one line that says where.
#pragma once

#include <string>
#include <string_view>

#include "server/sandbox/faults/plan.hpp"
#include "tl/result.hpp"

namespace server::sandbox {

struct PlanProblem {
  std::string text;  // "/rates/dropp: unknown; the nearest known is "drop""
};

tl::Result<FaultPlan, PlanProblem> parse_plan(std::string_view text);

// The same of a file, its name in front of what is wrong.
tl::Result<FaultPlan, PlanProblem> load_plan(const std::string& file);

}  // namespace server::sandbox
