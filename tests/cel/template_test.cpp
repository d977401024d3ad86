#include "cel/template.h"

#include <catch2/catch.hpp>

#include "tests/cel/show.h"

using namespace runbook;
using namespace runbook::cel;
using namespace runbook::cel::tests;

namespace {

const char* const world =
    R"({"vars": {"name": "collector", "n": 3, "on": true, "list": [1, 2], "none": null, "map": {"a": 1}, "half": 0.5}})";

Template template_of(const std::string& text) {
  auto parsed = Template::parse(text);
  INFO(text);
  if (!parsed) FAIL(parsed.error()[0].text.en);
  return *parsed;
}
std::string expanded(const std::string& text) {
  const auto value = expand(template_of(text), scope_of(world));
  return value ? to_json(*value) : "error: " + value.error();
}

}  // namespace

TEST_CASE("a text that is exactly one expression keeps the type, others become text") {
  struct Case {
    const char* text;
    const char* result;
  };
  const auto c = GENERATE(values<Case>({
      {"", "\"\""},
      {"plain", "\"plain\""},
      {"${vars.n}", "3"},
      {"${ vars.n }", "3"},
      {"${vars.list}", "[1,2]"},
      {"${vars.none}", "null"},
      {"${vars.on}", "true"},
      {" ${vars.n}", "\" 3\""},
      {"${vars.n}${vars.n}", "\"33\""},
      {"deploy/${vars.name}: ${vars.n + 1}", "\"deploy/collector: 4\""},
      {"${vars.half} ${vars.on} ${1u}", "\"0.5 true 1\""},
      {"${duration('90m')} left", "\"1h30m left\""},
      {"$${vars.n}", "\"${vars.n}\""},
      {"$$${vars.n}", "\"$${vars.n}\""},
      {"costs $5, $ and {}", "\"costs $5, $ and {}\""},
      {"${ {'a}': 1}['a}'] }", "1"},
      {"${'}'}x", "\"}x\""},
      {"${size({'a': {'b': 1}})}", "1"},
      {"${\"${\"}", "\"${\""},
      {"한국어 ${vars.name} 끝", "\"한국어 collector 끝\""},
  }));
  INFO(c.text);
  CHECK(expanded(c.text) == c.result);
}

TEST_CASE("what cannot stand in a text is an error that names the expression") {
  struct Case {
    const char* text;
    const char* error;
  };
  const auto c = GENERATE(values<Case>({
      {"x ${vars.none}", "error: ${vars.none}: null cannot stand in a text"},
      {"x ${vars.list}", "error: ${vars.list}: a list cannot stand in a text"},
      {"x ${vars.map}", "error: ${vars.map}: a map cannot stand in a text"},
      {"x ${vars.missing}", "error: ${vars.missing}: no such key: missing"},
      {"${vars.missing}", "error: ${vars.missing}: no such key: missing"},
      {"a ${vars.n} ${vars.n / 0}", "error: ${vars.n / 0}: division by zero: 3 / 0"},
  }));
  CHECK(expanded(c.text) == c.error);
}

TEST_CASE("what is wrong in a template is told at its place in the whole text, all at once") {
  struct Case {
    const char* text;
    std::vector<std::string> complaints;
  };
  const auto c = GENERATE(values<Case>({
      {"abc ${vars.n", {"RB315 at 4"}},
      {"abc ${'open}", {"RB302 at 6"}},
      {"${", {"RB315 at 0"}},
      {"${}", {"RB314 at 2"}},
      {"a ${1 +} b ${2 +} c", {"RB301 at 6", "RB301 at 15"}},
      {"${vars.n # comment}", {"RB306 at 9"}},
      {"한 ${a b}", {"RB301 at 8"}},
  }));
  INFO(c.text);
  const auto result = Template::parse(c.text);
  REQUIRE_FALSE(result);
  std::vector<std::string> complaints;
  for (const Complaint& each : result.error()) complaints.push_back(each.code + " at " + std::to_string(each.offset));
  CHECK(complaints == c.complaints);
}

TEST_CASE("the references of a template count in its text") {
  const std::string text = "$${x} ${vars.a} and ${steps.b.c + vars.d}";
  std::vector<std::string> found;
  for (const Reference& each : template_of(text).references()) found.push_back(text.substr(each.offset, each.length));
  CHECK(found == std::vector<std::string>{"vars.a", "steps.b.c", "vars.d"});
  CHECK(template_of("$${x}").is_literal());
  CHECK_FALSE(template_of("${x}").is_literal());
  CHECK(Template::literal("${x}").is_literal());
  CHECK(expand(Template::literal("${x}"), {}).value() == Value("${x}"));
}

TEST_CASE("a preview shows what is known and leaves the rest as written") {
  CHECK(preview(template_of("to ${vars.name} at ${steps.now.revision}"), scope_of(world)) ==
        "to collector at ${steps.now.revision}");
  CHECK(preview(template_of("${steps.now.revision}"), scope_of(world)) == "${steps.now.revision}");
  CHECK(preview(template_of("${vars.n}"), scope_of(world)) == "3");
  CHECK(preview(template_of("x ${vars.list}"), scope_of(world)) == "x ${vars.list}");
}

TEST_CASE("the check of a template places its complaints, and knows what cannot be text") {
  const auto number = std::make_shared<const Names>(Names{Names::Kind::open, "int", {}});
  const auto list = std::make_shared<const Names>(Names{Names::Kind::open, "list", {}});
  const auto vars = std::make_shared<const Names>(Names{Names::Kind::closed, "map", {{"n", number}, {"all", list}}});
  const Names names{Names::Kind::closed, "dyn", {{"vars", vars}}};
  const auto codes = [&](const std::string& text) {
    std::vector<std::string> all;
    for (const Complaint& each : check(template_of(text), names)) all.push_back(each.code + " at " + std::to_string(each.offset));
    return all;
  };
  CHECK(codes("a ${vars.n} ${vars.m} ${vras.n}") == std::vector<std::string>{"RB321 at 19", "RB320 at 24"});
  CHECK(codes("a ${vars.all}") == std::vector<std::string>{"RB333 at 4"});
  CHECK(codes("a ${null}") == std::vector<std::string>{"RB333 at 4"});
  CHECK(codes("${vars.all}").empty());
}
