// The plan of an undo: what was started, last first, one at a time, with what the steps left behind.
#include "planning.h"

namespace runbook::testing {
namespace {

const MemoryFiles files = files_in({
    {"runbook.yaml", R"(runbook: 1
lock: web
success: ['true']
outputs: { n: steps.now.exit }
steps:
  - { id: now, shell: x, changes: none, outputs: { image: stdout } }
  - { id: image, title: 이미지, shell: x, changes: y, undo: { shell: back, env: { I: "${steps.now.image}" }, preconditions: ['steps.now.image != ""'] } }
  - id: data
    steps:
      - { id: before, shell: x, changes: none, outputs: { rows: stdout } }
      - { id: restore, shell: x, changes: y, undo: { title: 되돌림, shell: back, env: { A: "${steps.before.rows}", B: "${steps.now.image}" } } }
  - { id: plain, shell: x, changes: y }
  - { id: used, use: part.yaml }
)"},
    {"part.yaml", R"(runbook: 1
vars: { v: { type: string, default: x } }
steps:
  - { id: now, shell: x, changes: none, outputs: { image: stdout } }
  - { id: deep, shell: x, changes: y, undo: { shell: back, env: { I: "${steps.now.image}", V: "${vars.v}" } } }
)"},
});

Planning undo_of(const std::vector<std::string>& started) {
  const auto left = [](const char* name, const char* value) { return Value(Value::Map{{"state", "succeeded"}, {name, value}}); };
  return make_undo_plan(read_book(files, inputs_of("runbook.yaml")), {}, started,
                        {{"now", left("image", "web:1")},
                         {"image", left("state", "failed")},
                         {"data/before", left("rows", "7")},
                         {"used/now", left("image", "part:1")}});
}

}  // namespace

TEST_CASE("what was started is undone in reverse order, one at a time") {
  const auto planning = undo_of({"now", "image", "data/restore", "plain", "used/deep"});
  INFO(rendered(planning.diagnostics, {}));
  REQUIRE(planning.plan.has_value());
  const Plan& plan = *planning.plan;
  CHECK(plan.is_undo);
  CHECK(edges(plan) == std::vector<std::string>{"undo:used/deep", "undo:data/restore <- undo:used/deep",
                                                "undo:image <- undo:data/restore", "guard:undo:image/check_1"});
  CHECK(plan.locks == std::vector<std::string>{"web"});
  CHECK(at(plan, "undo:image").step.title.text.text() == "이미지");
  CHECK(at(plan, "undo:data/restore").step.title.text.text() == "되돌림");
  CHECK(plan.unit_of(*plan.find("undo:used/deep")).file == 1);
  CHECK_FALSE(plan.digest.empty());
}

TEST_CASE("an undo sees what the steps of its list and those around it left behind, up to the file's border") {
  const auto planning = undo_of({"image", "data/restore", "used/deep"});
  REQUIRE(planning.plan.has_value());
  const Plan& plan = *planning.plan;
  const auto seen = [&](const char* from, const char* id, const char* name) {
    const auto* step = recorded_step(plan, *plan.find(from), id);
    const auto* value = step != nullptr ? step->find(name) : nullptr;
    return value != nullptr ? to_text(*value) : std::string("-");
  };
  CHECK(seen("undo:image", "now", "image") == "web:1");
  CHECK(seen("guard:undo:image/check_1", "now", "image") == "web:1");
  CHECK(seen("undo:data/restore", "before", "rows") == "7");
  CHECK(seen("undo:data/restore", "now", "image") == "web:1");
  CHECK(seen("undo:used/deep", "now", "image") == "part:1");
  CHECK(seen("undo:used/deep", "image", "state") == "-");
  CHECK(seen("undo:image", "before", "rows") == "-");
}

TEST_CASE("steps that were not started, or have no undo, are not undone") {
  const auto planning = undo_of({"now", "plain", "nowhere"});
  REQUIRE(planning.plan.has_value());
  CHECK(planning.plan->steps.empty());
}

TEST_CASE("another order of start is another undo, with another digest") {
  const auto one = undo_of({"image", "data/restore"}), other = undo_of({"data/restore", "image"}), less = undo_of({"image"});
  CHECK(one.plan->digest != other.plan->digest);
  CHECK(one.plan->digest != less.plan->digest);
  CHECK(one.plan->digest == undo_of({"image", "data/restore"}).plan->digest);
}

}  // namespace runbook::testing
