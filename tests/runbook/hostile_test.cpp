// Files by authors who mean no good, or know no better: whatever they write, there is an answer, and soon.
#include <algorithm>
#include <chrono>
#include <random>
#include <set>

#include "plan/plan.h"
#include "reading.h"
#include "runbook/keys.h"
#include "runbook/messages.h"

namespace runbook::testing {
namespace {

// Read, and planned where it can be: neither may crash.
Diagnostics all_said(const MemoryFiles& files, const Inputs& inputs = inputs_of("runbook.yaml")) {
  auto reading = read_runbook(inputs, files, all_kinds());
  CHECK(reading.runbook.has_value() != has_errors(reading.diagnostics));
  Diagnostics said = std::move(reading.diagnostics);
  if (reading.runbook) {
    auto planning = make_plan(std::move(*reading.runbook), {});
    said.insert(said.end(), planning.diagnostics.begin(), planning.diagnostics.end());
  }
  for (std::size_t i = 0; i < std::min<std::size_t>(said.size(), 200); ++i)
    CHECK_FALSE(render(said[i], reading.sources, {}).empty());
  return said;
}
Diagnostics all_said(const std::string& text) { return all_said(files_in({{"runbook.yaml", text}})); }

bool says(const Diagnostics& all, std::string_view code) {
  return std::any_of(all.begin(), all.end(), [&](const Diagnostic& d) { return d.code == code; });
}

// A file in which `line` stands in a map of this sort, between what such a map needs besides.
std::string file_with(Where where, std::string_view key, const std::string& line) {
  const auto unless = [&](std::string_view own, const std::string& other) { return own == key ? std::string() : other; };
  const std::string step =
      "  - " + unless("id", "id: a\n    ") + unless("shell", "shell: ls\n    ") + unless("changes", "changes: none\n    ");
  const std::string check = "  - " + unless("id", "id: a\n    ") + unless("shell", "shell: ls\n    ");
  const auto in_step = [&](const std::string& part, const std::string& before) {
    return "runbook: 1\nsteps:\n  - id: a\n    shell: ls\n    changes: x\n    " + part + ":\n" + before + "      " + line + "\n";
  };
  switch (where) {
    case Where::top:
      return unless("runbook", "runbook: 1\n") + line + "\n" + unless("steps", "steps: [{ id: a, shell: ls, changes: none }]\n");
    case Where::variable: return "runbook: 1\nvars:\n  v:\n    " + unless("type", "type: string\n    ") + line + "\nsteps: []\n";
    case Where::secret:
      return "runbook: 1\nsecrets:\n  s:\n    " + unless("env", key == "late" ? "env: A\n    " : "") + line + "\nsteps: []\n";
    case Where::requirements: return "runbook: 1\nrequires:\n  " + line + "\nsteps: []\n";
    case Where::defaults: return "runbook: 1\ndefaults:\n  " + line + "\nsteps: []\n";
    case Where::source: return "runbook: 1\nsource:\n  " + line + "\nsteps: []\n";
    case Where::step: return "runbook: 1\nsteps:\n" + step + line + "\n";
    case Where::group:
      return "runbook: 1\nsteps:\n  - " + unless("id", "id: g\n    ") +
             (key == "steps" || key == "use" ? "" : "steps: [{ id: a, shell: ls, changes: none }]\n    ") + line + "\n";
    case Where::precondition: return "runbook: 1\npreconditions:\n" + check + line + "\nsteps: []\n";
    case Where::criterion: return "runbook: 1\nsuccess:\n" + check + line + "\nsteps: []\n";
    case Where::baseline: return "runbook: 1\nbaseline:\n" + check + line + "\nsteps: []\n";
    case Where::watch: return "runbook: 1\nwatch:\n" + check + line + "\nsteps: []\n";
    case Where::guard: return in_step("preconditions", "      - " + unless("id", "id: g\n        ") + "shell: ls\n  ");
    case Where::probe: return in_step("probe", "      shell: ls\n" + unless("expect", "      expect: exit == 0\n"));
    case Where::undo: return in_step("undo", "      shell: ls\n");
    case Where::retry:
      return "runbook: 1\nsteps:\n  - id: a\n    shell: ls\n    changes: none\n    retry:\n" + unless("for", "      for: 1m\n") +
             "      " + line + "\n";
    case Where::use:
      return "runbook: 1\nsteps:\n  - id: a\n    use:\n" + unless("file", "      file: part.yaml\n") + "      " + line + "\n";
    case Where::spliced: return "runbook: 1\nsuccess:\n  - " + line + "\nsteps: []\n";
    case Where::follow_up: return "runbook: 1\nafter:\n  - " + unless("title", "title: x\n    ") + line + "\nsteps: []\n";
    case Where::channel: return "runbook: 1\nnotify:\n  - " + unless("url", "url: http://x\n    ") + line + "\nsteps: []\n";
    case Where::candidates: return "runbook: 1\nvars:\n  v:\n    type: string\n    choices:\n      " + line + "\nsteps: []\n";
  }
  return {};
}

std::string name_of(Where where) { return where_name(where).en; }

}  // namespace

TEST_CASE("no key takes a value of the wrong kind in silence") {
  // Of each type of value, the wrong ones that are accepted on purpose.
  const auto accepted = [](const Key& key, std::string_view value) {
    using T = ValueType;
    switch (key.type) {
      case T::text:
      case T::text_or_texts:
      case T::literal:
      case T::regex: return value == "7" || value == "''" || value == "[]";
      case T::value: return value == "7" || value == "''";  // texts of a string variable
      case T::headers:
      case T::texts_by_name:
      case T::expressions_by_name:
      case T::variables:
      case T::secrets:
      case T::connections:
      case T::requirements:
      case T::defaults:
      case T::source:
      case T::values_by_name: return value == "{}";  // nothing declared
      case T::literals:
      case T::texts:
      case T::names:
      case T::step_list:
      case T::precondition_list:
      case T::criterion_list:
      case T::guard_list:
      case T::baseline_list:
      case T::watch_list:
      case T::channels:
      case T::follow_ups: return value == "[]";
      case T::list_or_expression: return value.starts_with("[");  // elements may be anything
      default: return false;
    }
  };
  for (const Key& key : all_keys()) {
    for (unsigned bit = 1; bit <= static_cast<unsigned>(Where::candidates); bit <<= 1U) {
      const auto where = static_cast<Where>(bit);
      if (!key.in(where)) continue;
      for (const char* value :
           {"", "[]", "{}", "[[]]", "[{}]", "{ a: { b: [] } }", "7", "''", "\"\\u0001\"", "[null, 1, [2], { a: b }]"}) {
        MemoryFiles files = files_in(
            {{"runbook.yaml", file_with(where, key.name, std::string(key.name) + ": " + value)},
             {"part.yaml", "runbook: 1\nsteps: [{ id: s, shell: ls, changes: none }]\nsuccess: ['true']\nafter: [a]\n"}});
        INFO("`" << key.name << ": " << value << "` in " << name_of(where) << "\n" << *files.read("/books/runbook.yaml"));
        const Diagnostics said = all_said(files);
        const bool has_said =
            std::any_of(said.begin(), said.end(), [](const Diagnostic& d) { return d.code != "RB452" && d.code != "RB243"; });
        if (!accepted(key, value)) CHECK(has_said);
      }
    }
  }
}

TEST_CASE("no key of an action takes a value of the wrong kind in silence") {
  for (const auto* kind : all_kinds()) {
    for (const auto& row : kind->keys) {
      for (const char* value : {"", "{ a: { b: [] } }", "[[]]", "[[], {}]"}) {
        const std::string text =
            "runbook: 1\nconnections: { db: {} }\nsteps:\n  - id: a\n    changes: none\n    timeout: 5m\n    " +
            std::string(kind->name) + ": { " + std::string(row.name) + ": " + value + " }\n";
        INFO(text);
        CHECK_FALSE(all_said(text).empty());
      }
    }
  }
}

TEST_CASE("maps and lists that are empty everywhere") {
  for (const char* text : {"{}\n", "[]\n", "runbook:\n", "runbook: 1\n", "runbook: []\n", "runbook: {}\n",
                           "runbook: 1\nsteps:\n  -\n", "runbook: 1\nsteps: [{}, {}, []]\n",
                           "runbook: 1\nsuccess: [{}, '', null]\n", "runbook: 1\nsteps: [{ id: {} }, { id: [] }]\n",
                           "runbook: 1\nvars: { v: {} }\nsecrets: { s: {} }\nconnections: { c: {} }\n",
                           "runbook: 1\nsteps: [{ steps: [{ steps: [] }] }]\n", "runbook: 1\nafter: [{}, { items: [] }]\n", "~\n",
                           "null\n", "''\n", "runbook: 1\n'': 2\n"}) {
    INFO(text);
    all_said(text);
  }
}

TEST_CASE("nesting has an end") {
  std::string deep = "runbook: 1\nsteps:\n";
  for (std::size_t depth = 0; depth < 100; ++depth)
    deep += std::string(depth * 2 + 2, ' ') + "- id: g\n" + std::string(depth * 2 + 4, ' ') + "steps:\n";
  CHECK(says(all_said(deep), "RB119"));
  std::string expression(100'000, '(');
  CHECK(has_errors(all_said("runbook: 1\nsteps: [{ id: a, shell: ls, changes: none, when: \"" + expression + "\" }]\n")));
}

TEST_CASE("files that use two files that use two files") {
  MemoryFiles files;
  for (int i = 0; i < 40; ++i) {
    const std::string next = std::to_string(i + 1) + ".yaml";
    files.add(i == 0 ? "runbook.yaml" : std::to_string(i) + ".yaml",
              "runbook: 1\nsteps: [{ id: a, use: " + next + " }, { id: b, use: " + next + " }]\n");
  }
  files.add("40.yaml", "runbook: 1\nsteps: [{ id: s, shell: ls, changes: none }]\n");
  CHECK(says(all_said(files), "RB272"));
}

TEST_CASE("a long chain of files") {
  MemoryFiles files;
  for (int i = 0; i < 100; ++i)
    files.add(i == 0 ? "runbook.yaml" : std::to_string(i) + ".yaml",
              "runbook: 1\nsteps: [{ id: a, use: " + std::to_string(i + 1) + ".yaml }]\n");
  CHECK(says(all_said(files), "RB272"));
}

TEST_CASE("a big file that is used often") {
  std::string big = "runbook: 1\nsuccess:\n";
  for (int i = 0; i < 20'000; ++i) big += "- { id: c" + std::to_string(i) + ", expect: 'true' }\n";
  std::string main = "runbook: 1\nsteps: []\nsuccess:\n";
  for (int i = 0; i < 50; ++i) main += "- use: big.yaml\n";
  const Diagnostics said = all_said(files_in({{"runbook.yaml", main}, {"big.yaml", big}}));
  CHECK(says(said, "RB275"));
}

TEST_CASE("the longest runbooks are read and planned soon") {
  using clock = std::chrono::steady_clock;
  std::string chain = "runbook: 1\nowner: a\ncontact: b\nvars: { v: { type: string, default: x } }\nsteps:\n";
  std::string named = chain, wide = chain, groups = chain;
  for (int i = 0; i < 10'000; ++i) {
    const std::string id = "s" + std::to_string(i);
    chain += "- { id: " + id + ", shell: ls, changes: none }\n";
    named += "- { id: " + id + ", shell: ls, changes: none" +
             (i > 0 ? ", needs: [s" + std::to_string(i - 1) + "], when: steps.s" + std::to_string(i / 2) + ".exit == 0" : "") +
             " }\n";
    wide += "- { id: " + id + ", shell: ls, changes: none, needs: [] }\n";
    if (i % 5 == 0)
      groups +=
          "- { id: " + id +
          ", steps: [{ id: a, shell: ls, changes: none }, { id: b, shell: ls, changes: none, when: steps.s0.a.exit == 0 || steps.a.exit == 0 }] }\n";
  }
  wide += "- { id: last, shell: ls, changes: none }\n";
  for (const auto& text : {chain, named, wide, groups}) {
    const auto begin = clock::now();
    const MemoryFiles files = files_in({{"runbook.yaml", text}});
    auto reading = read_runbook(inputs_of("runbook.yaml"), files, all_kinds());
    REQUIRE(reading.runbook.has_value());
    const auto planning = make_plan(std::move(*reading.runbook), {});
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - begin);
    INFO(rendered(planning.diagnostics, reading.sources).substr(0, 2000));
    REQUIRE(planning.plan.has_value());
    INFO(planning.plan->steps.size() << " steps: " << took.count() << " ms");
    CHECK(took < std::chrono::seconds(60));
  }
}

TEST_CASE("ten thousand mistakes are told soon") {
  std::string text = "runbook: 1\nsteps:\n";
  for (int i = 0; i < 10'000; ++i)
    text += "- { id: s" + std::to_string(i) + ", shell: ls, changes: 없음, needs: [t" + std::to_string(i) +
            "], when: steps.nowhere.exit == 0 }\n";
  CHECK(all_said(text).size() == 10'000);
  std::string needs = "runbook: 1\nsteps:\n";
  for (int i = 0; i < 10'000; ++i)
    needs += "- { id: s" + std::to_string(i) + ", shell: ls, changes: none, needs: [t" + std::to_string(i) + "] }\n";
  CHECK(has_errors(all_said(needs)));
  std::string names = "runbook: 1\nsteps:\n";
  for (int i = 0; i < 10'000; ++i)
    names += "- { id: s" + std::to_string(i) + ", shell: ls, changes: none, when: steps.t" + std::to_string(i) + ".exit == 0 }\n";
  CHECK(has_errors(all_said(names)));
}

TEST_CASE("mangled files are answered, never a crash") {
  const std::string whole = R"(runbook: 1
id: mangled
title: "롤백 ${vars.tag}"
lock: "deployment/${vars.tag}"
vars: { tag: { type: string, default: v1, pattern: "v.*" }, hosts: { type: list, default: [a] } }
secrets: { s: { env: S } }
connections: { db: { dbname: x } }
preconditions: [ 'vars.tag != ""', { id: p, shell: df, expect: exit == 0 } ]
steps:
  - { id: a, shell: ls, changes: none, outputs: { n: size(lines) }, retry: { every: 1s, for: 1m } }
  - id: g
    steps: [ { id: b, sql: { db: db, query: SELECT 1 }, when: steps.a.n > 0 } ]
  - { id: c, shell: x, changes: y, undo: { shell: z }, probe: { shell: ls, expect: exit == 0 }, env: { P: "${secrets.s}" } }
success: [ { id: ok, expect: 'steps.g.b.state == "succeeded"' } ]
finally: [ { id: f, shell: ls, changes: none } ]
after: [ 끝, { title: 후속, items: [a] } ]
)";
  CHECK_FALSE(has_errors(all_said(whole)));
  std::mt19937 random(20261124);
  const std::string pieces[] = {"null", "[]", "{}",  "''", ": ",   "- ",      "\n",
                                "  ",   "${", "}",   "\"", "id: ", "steps: ", "use: runbook.yaml",
                                "7",    "%",  "&a ", "*a", "한"};
  for (int round = 0; round < 3000; ++round) {
    std::string text = whole;
    for (int changes = 1 + static_cast<int>(random() % 3); changes > 0; --changes) {
      const std::size_t at = random() % text.size(), length = std::min<std::size_t>(random() % 12, text.size() - at);
      text.replace(at, length, random() % 3 == 0 ? "" : pieces[random() % std::size(pieces)]);
    }
    INFO("seed 20261124, round " << round << "\n" << text);
    all_said(text);
  }
}

}  // namespace runbook::testing
