// What the plan says about what is wrong, and what an experienced colleague would say.
#include "golden_cases.h"
#include "plan/lint.h"
#include "plan/messages.h"
#include "planning.h"

namespace runbook::testing {

TEST_CASE("every complaint of the plan names the place, and the remedy where there is one") {
  const auto said = check_golden_cases("plan", [](const GoldenCase& one) {
    auto reading = read_runbook(one.inputs(), one.memory(), all_kinds());
    Said out{reading.sources, std::move(reading.diagnostics)};
    if (!reading.runbook) return out;
    auto environment = declared_environment(*reading.runbook, one.inputs());
    auto planning = make_plan(std::move(*reading.runbook), std::move(environment));
    CHECK(planning.plan.has_value() != has_errors(planning.diagnostics));
    out.diagnostics.insert(out.diagnostics.end(), planning.diagnostics.begin(), planning.diagnostics.end());
    if (planning.plan && one.title.starts_with("production: ")) lint(*planning.plan, Profile::production, out.diagnostics);
    in_order(out.diagnostics);
    return out;
  });
  for (const auto* message : messages::all_of_plan) {
    INFO(message->code << " is said by no case: " << message->en);
    CHECK(said.contains(std::string(message->code)));
  }
}

}  // namespace runbook::testing
