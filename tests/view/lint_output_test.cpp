// Lint's findings for other programs: JSON, SARIF, GitHub's annotations.
#include "view/lint_output.h"

#include "base/json.h"
#include "golden.h"
#include "view/source_region.h"

namespace runbook::testing {
namespace {

constexpr Explanation explained{"RB212", "Two with one id.", "id 가 같습니다.", "- a\n- a", "- a\n- b"};

const Explanation* explain(std::string_view code) { return code == "RB212" ? &explained : nullptr; }

std::vector<LintedFile> findings() {
  const Sources sources{{"books/롤백 계획.yaml", "/b/롤백 계획.yaml", "runbook: 1\n제목: 😀 롤백\nid: a\n"},
                        {"/etc/used.yaml", "/etc/used.yaml", "runbook: 1\nid: b\n"}};
  Diagnostic duplicate{"RB212", Severity::error, {1, 2, 5, 1}, {"twice `b`: 100%, 가", "두 번 `b`"}, {}, {}, {}};
  duplicate.notes.push_back({{0, 3, 5, 1}, {"it is here already", "이미 있습니다"}});
  duplicate.help = {"choose another", "다른 것을"};
  const Diagnostic wide{"RB999", Severity::warning, {0, 2, 14, 6}, {"behind an emoji", "이모지 뒤"}, {}, {}, {}};
  const Diagnostic nowhere{"RB262", Severity::error, {0, 0, 0, 1}, {"no variable", "변수 없음"}, {}, {}, {}};
  return {{"롤백 계획.yaml", sources, {duplicate, wide}}, {"other.yaml", sources, {nowhere, wide}}};
}

}  // namespace

TEST_CASE("a place in UTF-16 units, whatever stands before it") {
  const auto sources = findings()[0].sources;
  const auto region = source_region({0, 2, 14, 6}, sources);  // behind `제목: 😀 `: 6 + 2 + 4 + 1 bytes
  CHECK(region.line == 2);
  CHECK(region.column == 8);  // two syllables, `: `, a pair of units, a blank
  CHECK(region.end_column == 10);
  CHECK(source_region({0, 2, 999, 5}, sources).end_column == source_region({0, 2, 999, 5}, sources).column + 1);
  CHECK(source_region({0, 0, 0, 1}, sources).line == 0);
  CHECK(source_uri({0, 1, 1, 1}, sources) == "books/%EB%A1%A4%EB%B0%B1%20%EA%B3%84%ED%9A%8D.yaml");
  CHECK(source_uri({1, 1, 1, 1}, sources) == "file:///etc/used.yaml");
  CHECK(source_uri({0, 1, 1, 1}, {{"../a.yaml", "", ""}}) == "../a.yaml");
}

TEST_CASE("findings as SARIF, as GitHub's commands, as JSON") {
  check_golden("lint.sarif", lint_sarif(findings(), explain));
  check_golden("lint.github.txt", lint_github(findings(), Language::english) + lint_github(findings(), Language::korean));
  check_golden("lint.json", lint_json(findings()));
}

TEST_CASE("no findings are a run without results") {
  const auto sarif = parse_json(lint_sarif({}, explain));
  REQUIRE(sarif);
  CHECK((*sarif->find("runs")->list())[0].find("results")->list()->empty());
  CHECK(lint_github({}, Language::english).empty());
  CHECK(lint_json({}) == "[]\n");
}

}  // namespace runbook::testing
