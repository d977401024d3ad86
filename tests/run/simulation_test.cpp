// Random plans, random results, random people, crashes after any commit; all from a seed that a failure prints.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "tests/run/simulation.h"
#include "tests/run/ways_of_a_step.h"

using namespace runbook;
using namespace runbook::tests;

namespace {

constexpr std::uint64_t plays_of_a_plan = 8;

std::string text_in(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Smallest {
  std::string text;
  std::uint64_t seed = 0;
};
// Another seed may show it in a smaller plan: the order of things is another one there.
Smallest smallest_failing(const std::string& text, const std::string& wrong) {
  Smallest out{text, 0};
  const auto kind = [](const std::string& sentence) { return sentence.substr(sentence.rfind(' ') + 1); };
  const auto enough = std::chrono::steady_clock::now() + std::chrono::seconds(20);  // a large plan is never done
  out.text = shrink(text, [&](const std::string& smaller) {
    if (std::chrono::steady_clock::now() > enough) return false;
    const auto plan = try_plan(smaller);
    if (!plan) return false;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
      Dice dice(seed);
      if (const auto again = Simulation(*plan, smaller, dice).play(); again.empty() || kind(again) != kind(wrong)) continue;
      out.seed = seed;
      return true;
    }
    return false;
  });
  return out;
}

}  // namespace

TEST_CASE("a plan that shows something is shrunk to the part that shows it") {
  Dice dice(7);
  std::string text;
  do text = Author(dice).write();
  while (text.find("approve:") == std::string::npos || text.find("needs: [s") == std::string::npos);
  const auto smallest = shrink(text, [](const std::string& smaller) {
    const auto plan = try_plan(smaller);
    return plan && std::any_of(plan->steps.begin(), plan->steps.end(), [](const PlannedStep& planned) {
             return planned.step.action.kind && planned.step.action.kind->name == "approve";
           });
  });
  INFO(text);
  INFO(smallest);
  CHECK(smallest.size() < 200);
  CHECK(smallest.find("shell") == std::string::npos);
}

TEST_CASE("whatever happens, a run goes on or waits for people, comes to an end, and changes nothing twice unasked") {
  const char* const given = std::getenv("RUNBOOK_SEED");  // one seed again; RUNBOOK_SEEDS: that many
  const char* const many = std::getenv("RUNBOOK_SEEDS");
  const char* const shrunk = std::getenv("RUNBOOK_PLAN");  // a file: what a failure printed as the smallest plan
  const std::uint64_t first = given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
  const std::uint64_t last = given != nullptr ? first : many != nullptr ? std::strtoull(many, nullptr, 10) : 4000;
  std::map<std::string, int> met;
  std::set<Transition> transitions;
  std::string text;
  std::optional<Plan> plan;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    // A plan costs more than a run of it: it is played several times.
    if (const auto of = seed / plays_of_a_plan; !plan || seed % plays_of_a_plan == 0) {
      Dice author(of);
      text = shrunk != nullptr ? text_in(shrunk) : Author(author).write();
      plan = plan_of(text);
    }
    Dice dice(seed);
    Simulation simulation(*plan, text, dice);
    const std::string wrong = simulation.play();
    simulation.count_into(met);
    transitions.insert(simulation.transitions().begin(), simulation.transitions().end());
    if (wrong.empty()) continue;
    const auto smallest = smallest_failing(text, wrong);
    INFO("again: RUNBOOK_SEED=" << seed << " build/release/test-run \"whatever happens*\"");
    INFO("smallest: RUNBOOK_PLAN=FILE RUNBOOK_SEED=" << smallest.seed << ", FILE:\n" << smallest.text);
    INFO(text);
    INFO(simulation.story());
    FAIL_CHECK(wrong);
    return;
  }
  if (given != nullptr) return;
  // A simulation that meets nothing proves nothing.
  for (const auto* what : {"succeeded",
                           "failed",
                           "refused",
                           "cancelled",
                           "crash",
                           "in_doubt",
                           "answered",
                           "resumed",
                           "attempt_cancelling",
                           "step_skipped",
                           "criteria_failed",
                           "polled",
                           "polls joined",
                           "watch tripped",
                           "expanded",
                           "rescuing",
                           "rescued",
                           "run again",
                           "run_amended",
                           "amended: asked again",
                           "amended: kept",
                           "amended: set back",
                           "notified"}) {
    INFO(what);
    CHECK(met[what] > 5);
  }
  // And every way a step's state can change is gone, and no other.
  std::set<std::string> gone;
  for (const auto& [from, event, to] : transitions) {
    std::string way(name_of(from));
    way.append(" ").append(event).append(" ").append(name_of(to));
    gone.insert(way);
  }
  for (const auto& way : ways_of_a_step) {
    INFO(way);
    CHECK(gone.erase(way) == 1);
  }
  gone.erase(rare_way_of_a_step);
  for (const auto& way : gone) FAIL_CHECK("not in the table: " << way);
}
