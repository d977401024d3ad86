#include "view/plan_screen.h"

#include <algorithm>

#include "golden.h"
#include "rollback_run.h"

using namespace runbook;
using namespace runbook::testing;

namespace {

std::ptrdiff_t lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

PlanFacts facts() {
  PlanFacts out;
  out.secrets = {{"db_password", true}};
  out.file_hash = "0123456789abcdef";
  out.how_to_run = "runbook run full-rollback.yaml --var tag=v5.3.0 --var restore_data=true";
  return out;
}

}  // namespace

TEST_CASE("the plan of the full rollback fits on one screen") {
  const auto plan = rollback_plan();
  const auto text = plan_screen(plan, nullptr, facts(), korean);
  check_golden("plan-full-rollback.ko.txt", text);
  CHECK(lines(text) <= 66);
}

TEST_CASE("a plan without answers says what is missing and has no digest") {
  const auto plan = plan_of("rollback", "full-rollback.yaml");
  check_golden("plan-unanswered.en.txt", plan_screen(plan, nullptr, {}, english));
}
