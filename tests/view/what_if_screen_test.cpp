#include "view/what_if_screen.h"

#include <algorithm>

#include "base/text_width.h"
#include "golden.h"
#include "rollback_run.h"

using namespace runbook;
using namespace runbook::testing;

namespace {

// As cli/exit_code.cpp has them.
int exit_number(RunStatus status) {
  switch (status) {
    case RunStatus::succeeded: return 0;
    case RunStatus::refused: return 4;
    case RunStatus::failed: return 5;
    case RunStatus::criteria_failed: return 6;
    case RunStatus::waiting: return 7;
    default: return 8;
  }
}

std::string screen(const Plan& plan, const Style& style) { return what_if_screen(plan, what_if(plan, {}), exit_number, style); }

const std::string everything = R"(runbook: 1
id: everything
title: Everything
connections:
  orders: { host: db }
vars:
  fast: { type: bool, default: false }
steps:
  - { id: look, shell: ./look.sh, changes: none, outputs: { n: json.n } }
  - { id: drain, shell: ./drain.sh, changes: traffic, undo: { shell: ./fill.sh }, probe: { shell: ./drained.sh, expect: exit == 0 } }
  - { id: mark, sql: { db: orders, query: "UPDATE t SET x = 1" }, changes: rows, undo: { sql: { db: orders, query: "UPDATE t SET x = 0" } } }
  - { id: tell, http: { post: "http://api/tell" }, changes: a message, rerun: safe, retry: { every: 5s, for: 10m } }
  - { id: there, ssh: { host: web1, script: ./act.sh }, changes: web1 }
  - { id: sure, manual: "Is it well?", timeout: 10m }
  - { id: shortcut, when: vars.fast, shell: ./short.sh, changes: none }
  - { id: nodes, when: steps.look.n > 3, for_each: "steps.look.n > 3 ? ['a', 'b'] : ['a']", shell: ./node.sh, changes: a node, max_failures: 1 }
  - id: both
    steps:
      - { id: left, needs: [], shell: ./left.sh, changes: left, expected: 1m }
      - { id: right, needs: [], shell: ./right.sh, changes: right }
    rescue:
      - { id: repair, shell: ./repair.sh, changes: both, rerun: safe }
  - { id: rest, shell: ./rest.sh, changes: none, on_fail: continue }
finally:
  - { id: fill, title: traffic back, shell: ./fill.sh, changes: none }
)";

}  // namespace

TEST_CASE("what follows if a step of the full rollback does not go well") {
  const auto plan = rollback_plan();
  check_golden("what-if-full-rollback.ko.txt", screen(plan, korean));
  check_golden("what-if-full-rollback.en.txt", screen(plan, english));
}

TEST_CASE("what if says for each kind of step what its mishaps leave behind") {
  const auto plan = plan_of_text(everything);
  check_golden("what-if-everything.en.txt", screen(plan, english));
  check_golden("what-if-everything.ko.txt", screen(plan, korean));
  const auto narrow = screen(plan, {Language::korean, false, true, 60});
  for (std::size_t at = 0; at < narrow.size();) {
    const auto end = narrow.find('\n', at);
    CHECK(display_width(narrow.substr(at, end - at)) <= 60);
    at = end + 1;
  }
}

TEST_CASE("of many steps what if tells the numbers") {
  std::string text = "runbook: 1\nid: long\ntitle: Long\nsteps:\n";
  for (int n = 1; n <= 200; ++n)
    text += "  - { id: s" + std::to_string(n) +
            ", shell: ./act.sh, changes: it, rerun: safe, retry: { every: 1s, for: 10m }, on_fail: continue }\n";
  const auto plan = plan_of_text(text);
  const auto shown = screen(plan, english);
  CHECK(shown.find("changed by then   steps 1-198; perhaps this step") != std::string::npos);
}

TEST_CASE("for programs what if has an entry for each step and mishap") {
  const auto plan = plan_of_text(everything);
  const auto value = what_if_value(plan, what_if(plan, {}), exit_number);
  CHECK(*value.find("point_of_no_return") == Value("there"));
  const auto& entries = *value.find("consequences")->list();
  const auto drain = std::find_if(entries.begin(), entries.end(), [](const Value& entry) {
    return *entry.find("step") == Value("drain") && *entry.find("if") == Value("machine_dies");
  });
  REQUIRE(drain != entries.end());
  CHECK(*drain->find("probed") == Value(true));
  CHECK(*drain->find("resume") == Value("asks_in_doubt"));
  CHECK(*drain->find("exit") == Value(7));
  CHECK(*drain->find("undo") == Value(Value::List{Value("drain")}));
  CHECK(*drain->find("finally") == Value(Value::List{Value("finally:fill")}));
}
