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
    auto& book = reading.runbook ? reading.runbook : reading.readable;
    if (!book) return out;
    auto environment = declared_environment(*book, one.inputs());
    auto planning = make_plan(std::move(*book), std::move(environment));
    out.diagnostics.insert(out.diagnostics.end(), planning.diagnostics.begin(), planning.diagnostics.end());
    CHECK(planning.plan.has_value() != has_errors(out.diagnostics));
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
