// The graph: who waits for whom, roles, paths, and what a step gets that its author did not write.
#include <algorithm>

#include "plan/graph.h"
#include "planning.h"

namespace runbook::testing {
namespace {

using namespace std::chrono_literals;

// "a; b needs []; c needs a b; d { e; f }" as the steps of a file.
std::string steps_of(std::string_view sketch) {
  std::string out, depth = "  ";
  std::string word;
  std::vector<std::string> words;
  const auto flush_step = [&] {
    if (words.empty()) return;
    out += depth + "- id: " + words[0] + "\n";
    if (words.size() > 1) {
      out += depth + "  needs: [";
      for (std::size_t i = 2; i < words.size(); ++i) out += (i > 2 ? ", " : "") + (words[i] == "[]" ? std::string() : words[i]);
      out += "]\n";
    }
  };
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  };
  for (const char c : std::string(sketch) + ";") {
    if (c != ' ' && c != ';' && c != '{' && c != '}') {
      word += c;
      continue;
    }
    end_word();
    if (c == ' ' || words.empty()) {
      if (c == '}') depth.resize(depth.size() - 4);
      continue;
    }
    flush_step();
    out += c == '{' ? depth + "  steps:\n" : depth + "  shell: ls\n" + depth + "  changes: none\n";
    words.clear();
    if (c == '{') depth += "    ";
    if (c == '}') depth.resize(depth.size() - 4);
  }
  return "steps:\n" + out;
}

}  // namespace

TEST_CASE("a step waits for everything above it, or for what it needs") {
  struct Case {
    const char* sketch;
    std::vector<std::string> edges;
  };
  const auto c = GENERATE(values<Case>({
      {"a", {"a"}},
      {"a; b; c", {"a", "b <- a", "c <- b"}},
      {"a; b needs []; c", {"a", "b", "c <- a b"}},
      {"a; b needs []; c needs a", {"a", "b", "c <- a"}},
      {"a; b needs []; c needs a; d", {"a", "b", "c <- a", "d <- b c"}},
      {"a; b needs a; c needs a; d", {"a", "b <- a", "c <- a", "d <- b c"}},
      {"a needs c; b; c needs []", {"a <- c", "b <- a", "c"}},
      {"a needs c; b; c needs []; d", {"a <- c", "b <- a", "c", "d <- b c"}},
      {"a; g { x; y }; b", {"a", "g <- a", "g/x", "g/y <- g/x", "b <- g"}},
      {"a; g needs [] { x; y needs [] }; b needs a", {"a", "g", "g/x", "g/y", "b <- a"}},
      {"g { h { x }; y }", {"g", "g/h", "g/h/x", "g/y <- g/h"}},
  }));
  INFO(c.sketch << "\n" << steps_of(c.sketch));
  CHECK(edges(plan_of(steps_of(c.sketch))) == c.edges);
}

TEST_CASE("every edge is known at both of its ends") {
  const Plan plan = plan_of(steps_of("a; b needs []; c; g { x; y }; d needs a c"));
  for (StepIndex i = 0; i < plan.steps.size(); ++i) {
    for (const auto need : plan.at(i).needs) {
      const auto& back = plan.at(need).dependents;
      CHECK(std::count(back.begin(), back.end(), i) == 1);
    }
    for (const auto child : plan.at(i).children) CHECK(plan.at(child).parent == i);
  }
}

TEST_CASE("what ends before what") {
  const Plan plan = plan_of(steps_of("a; b needs []; c needs a; g needs c { x; y }; h needs b { z }"));
  EndOrder order(plan);
  const auto before = [&](const char* earlier, const char* later) {
    return order.ends_before(*plan.find(earlier), *plan.find(later)) == EndOrder::Answer::yes;
  };
  CHECK(before("a", "c"));
  CHECK(before("a", "g/x"));
  CHECK(before("g/x", "g/y"));
  CHECK_FALSE(before("g/y", "g/x"));
  CHECK_FALSE(before("b", "c"));
  CHECK_FALSE(before("c", "h/z"));
  CHECK(before("b", "h/z"));
  CHECK_FALSE(before("a", "a"));
}

TEST_CASE("of 10,000 steps that name steps before them, what ends before what is known at once") {
  std::string text = "steps:\n";
  for (int i = 0; i < 10'000; ++i) {
    text += "  - { id: s" + std::to_string(i) + ", shell: x, changes: none";
    if (i > 0) text += ", when: steps.s" + std::to_string(i - 1) + ".exit == 0 && steps.s0.exit == 0";
    text += " }\n";
  }
  const Plan plan = plan_of(text);
  const auto before = std::chrono::steady_clock::now();
  EndOrder order(plan);
  using Answer = EndOrder::Answer;
  for (StepIndex i = 1; i < 10'000; ++i)
    REQUIRE((order.ends_before(i - 1, i) == Answer::yes && order.ends_before(0, i) == Answer::yes));
  for (StepIndex i = 1; i < 10'000; ++i) REQUIRE(order.ends_before(i, i - 1) == Answer::no);
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::milliseconds(500));
}

TEST_CASE("everything that is evaluated or run is planned, with its role and path") {
  const Plan plan = plan_of(R"(
preconditions: [ 'true', { id: tree, shell: git status } ]
steps:
  - id: data
    steps:
      - { id: restore, shell: x, changes: y, preconditions: [ { id: space, shell: df }, 'true' ], probe: { shell: ls, expect: exit == 0 }, undo: { shell: z } }
success: [ { id: health, http: { get: "http://x" } } ]
finally: [ { id: tell, shell: x, changes: y }, { id: g, steps: [ { id: b, shell: x, changes: y } ] } ]
)");
  std::vector<std::string> all;
  for (const auto& step : plan.steps) all.push_back(std::string(role_name(step.role)) + " " + step.path);
  CHECK(all == std::vector<std::string>{"precondition preconditions:check_1", "precondition preconditions:tree", "step data",
                                        "step data/restore", "guard guard:data/restore/space", "guard guard:data/restore/check_2",
                                        "probe probe:data/restore", "criterion success:health", "finally finally:tell",
                                        "finally finally:g", "finally finally:g/b"});
  const auto& restore = at(plan, "data/restore");
  CHECK(restore.guards.size() == 2);
  CHECK(restore.probe == plan.find("probe:data/restore"));
  CHECK(restore.has_undo);
  CHECK(at(plan, "guard:data/restore/space").owner == plan.find("data/restore"));
  CHECK(at(plan, "preconditions:check_1").kind == "expect");
  CHECK(at(plan, "preconditions:check_1").description == "true");
  CHECK(at(plan, "data").kind == "group");
  for (const auto& [path, index] : plan.by_path) CHECK(plan.at(index).path == path);
}

TEST_CASE("people are asked after everything automatic") {
  const Plan plan = plan_of(
      "preconditions:\n  - { id: ask, manual: 확인, timeout: 5m }\n  - 'true'\n  - { id: also, manual: 확인, timeout: 5m }\nsteps: []\n");
  CHECK(edges(plan) == std::vector<std::string>{"preconditions:ask <- preconditions:check_2", "preconditions:check_2",
                                                "preconditions:also <- preconditions:check_2"});
}

TEST_CASE("limits: of the step, of the file, of the language") {
  const Plan plan = plan_of(R"(
defaults: { timeout: 2m, check_timeout: 7s, every: 3s }
steps:
  - { id: own, shell: x, changes: none, timeout: 9s }
  - { id: file, shell: x, changes: y, probe: { shell: x, expect: exit == 0 } }
  - { id: again, shell: x, changes: none, retry: { for: 1m } }
  - { id: held, shell: x, changes: none, hold: 30s }
success:
  - { id: plain, shell: x }
  - { id: tried, shell: x, retry: { every: 1s, for: 10s } }
  - { id: long, shell: x, hold: 5m }
  - { id: slow, shell: x, hold: 10s, timeout: 3m }
)");
  CHECK(at(plan, "own").timeout == Duration(9s));
  CHECK_FALSE(at(plan, "own").retries);
  CHECK(at(plan, "file").timeout == Duration(2min));
  CHECK(at(plan, "probe:file").timeout == Duration(7s));
  CHECK(at(plan, "again").retry == Retry{3s, Duration(1min)});
  CHECK(at(plan, "held").retry.limit == Duration(2min + 30s));
  CHECK(at(plan, "success:plain").retry == Retry{3s, Duration(1min)});
  CHECK(at(plan, "success:tried").retry == Retry{1s, Duration(10s)});
  CHECK(at(plan, "success:long").retry.limit == Duration(6min));  // a minute to become true
  CHECK(at(plan, "success:slow").retry.limit == Duration(3min + 10s));
}

TEST_CASE("what reads, and what changes something") {
  const Plan plan = plan_of(R"(
connections: { db: {} }
steps:
  - { id: quiet, shell: x }
  - { id: none, shell: x, changes: none }
  - { id: says, shell: x, changes: y }
  - { id: get, http: { get: "http://x" } }
  - { id: search, http: { post: "http://x/_search" }, changes: none }
  - { id: query, sql: { db: db, query: SELECT 1 } }
  - { id: ask, manual: x, timeout: 1m }
  - { id: reads, steps: [ { id: a, shell: x, changes: none } ] }
  - { id: changes, steps: [ { id: a, shell: x, changes: none }, { id: b, shell: x, changes: y } ] }
success: [ { id: c, shell: x } ]
)");
  std::string changing;
  for (const auto& step : plan.steps)
    if (!step.reads) changing += step.path + " ";
  CHECK(changing == "quiet says changes changes/b ");
}

TEST_CASE("locks are resolved, sorted, and each taken once") {
  Inputs inputs = inputs_of("runbook.yaml");
  inputs.environment["DB"] = "reports";
  const Plan plan = plan_of(
      "requires: { env: [DB] }\nvars: { d: { type: string, default: web } }\nlock: [\"deployment/${vars.d}\", \"database/${env.DB}\", deployment/web]\nsteps: []\n",
      inputs);
  CHECK(plan.locks == std::vector<std::string>{"database/reports", "deployment/web"});
}

TEST_CASE("a step is seen from its own list, and the lists around it, up to the file's border") {
  const Plan plan = plan_of(files_in(
      {{"runbook.yaml",
        "runbook: 1\nsteps:\n  - { id: a, shell: x, changes: none }\n  - id: g\n    steps:\n      - { id: a, shell: x, changes: none }\n      - { id: b, shell: x, changes: none }\n"
        "  - { id: u, use: part.yaml }\nfinally: [ { id: a, shell: x, changes: none } ]\n"},
       {"part.yaml", "runbook: 1\nsteps: [ { id: s, shell: x, changes: none }, { id: t, shell: x, changes: none } ]\n"}}));
  const auto seen = [&](const char* from, const char* id) {
    const auto found = visible_step(plan, *plan.find(from), id);
    return found ? plan.at(*found).path : std::string("-");
  };
  CHECK(seen("g/b", "a") == "g/a");
  CHECK(seen("g", "a") == "a");
  CHECK(seen("g/b", "u") == "u");
  CHECK(seen("u/t", "s") == "u/s");
  CHECK(seen("u/t", "a") == "-");
  CHECK(seen("finally:a", "a") == "finally:a");
  CHECK(seen("finally:a", "g") == "g");
}

}  // namespace runbook::testing
