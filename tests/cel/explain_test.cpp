#include <catch2/catch.hpp>

#include "tests/cel/show.h"

using namespace runbook;
using namespace runbook::cel;
using namespace runbook::cel::tests;

namespace {

const char* const world = R"({"json": {"a": 4, "b": 5, "status": "ok", "items": [
  {"name": "web-1", "ok": true}, {"name": "web-2", "ok": false}, {"name": "web-3", "ok": false}]},
  "exit": 0, "stdout": "v5.3.0\n", "text": "a \u001b[31mred\u001b[0m"})";

Operand explained(const std::string& text, const std::string& scope = world) {
  return evaluate(parsed(text), scope_of(scope)).explained;
}

std::string lines_of(const std::string& text, const std::string& scope = world) {
  std::string all;
  for (const std::string& line : explain_lines(explained(text, scope))) all += (all.empty() ? "" : "\n") + line;
  return all;
}

// "(text = value operands...)"
std::string shape_of(const Operand& operand) {
  std::string all = "(" + operand.text;
  if (operand.value) all += " = " + to_json(*operand.value);
  else if (!operand.error.empty()) all += " ! " + operand.error;
  else all += " -";
  for (const Operand& each : operand.operands) all += " " + shape_of(each);
  return all + ")";
}

}  // namespace

TEST_CASE("every operand is kept with its text and what it was") {
  struct Case {
    const char* text;
    const char* shape;
  };
  const auto c = GENERATE(values<Case>({
      {"json.a == json.b", "(json.a == json.b = false (json.a = 4) (json.b = 5))"},
      {"exit == 0 && json.c",
       "(exit == 0 && json.c ! no such key: c (exit == 0 = true (exit = 0) (0 = 0)) (json.c ! no such key: c))"},
      {"exit == 1 && json.c", "(exit == 1 && json.c = false (exit == 1 = false (exit = 0) (1 = 1)) (json.c -))"},
      {"!(exit == 0)", "(!(exit == 0) = false (exit == 0 = true (exit = 0) (0 = 0)))"},
      {"stdout.trim().startsWith('v5')",
       "(stdout.trim().startsWith('v5') = true (stdout.trim() = \"v5.3.0\" (stdout = \"v5.3.0\\n\")) ('v5' = \"v5\"))"},
      {"json.items.all(i, i.ok)",
       "(json.items.all(i, i.ok) = false (json.items = [{\"name\":\"web-1\",\"ok\":true},{\"name\":\"web-2\",\"ok\":false},{\"name\":\"web-3\",\"ok\":false}])"
       " (i = json.items[1] = {\"name\":\"web-2\",\"ok\":false} (i.ok = false)))"},
      {"exit == 0 ? json.a == 4 : json.b == 4",
       "(exit == 0 ? json.a == 4 : json.b == 4 = true (exit == 0 = true (exit = 0) (0 = 0)) (json.a == 4 = true (json.a = 4) (4 = 4)) (json.b == 4 -))"},
  }));
  INFO(c.text);
  CHECK(shape_of(explained(c.text)) == c.shape);
}

TEST_CASE("an operand of && that is no bool is shown with its value and why it does not count") {
  const Operand tree = explained("json.a && true");
  CHECK(*tree.operands[0].value == Value(4));
  CHECK(tree.operands[0].error == "`&&` takes a bool, `json.a` is an int");
  CHECK(lines_of("json.a && true") == "? json.a      `&&` takes a bool, `json.a` is an int\n✓ true");
}

TEST_CASE("an explanation reads as lines with marks and aligned values") {
  struct Case {
    const char* text;
    const char* lines;
  };
  const auto c = GENERATE(values<Case>({
      {"json.a == json.b", "✗ json.a == json.b      4 == 5"},
      {"json.a == 4 && json.status == 'bad' && exit == 0",
       "✓ json.a == 4               4 == 4\n"
       "✗ json.status == 'bad'      \"ok\" == \"bad\"\n"
       "- exit == 0                 not evaluated"},
      {"json.c == 1 || exit == 1",
       "? json.c == 1      no such key: c\n"
       "✗ exit == 1        0 == 1"},
      {"(exit == 1 || json.a == 4) && json.b == 5",
       "✓ exit == 1 || json.a == 4\n"
       "  ✗ exit == 1        0 == 1\n"
       "  ✓ json.a == 4      4 == 4\n"
       "✓ json.b == 5        5 == 5"},
      {"json.items.all(i, i.ok)", "✗ json.items.all(i, i.ok)      i = json.items[1]\n  ✗ i.ok"},
      {"json.items.exists(i, i.name == 'web-9')", "✗ json.items.exists(i, i.name == 'web-9')      3 elements"},
      {"!(exit == 0)", "✗ !(exit == 0)      0 == 0"},
      {"!json.items[1].ok", "✓ !json.items[1].ok"},
      {"stdout.contains('v5.4')", "✗ stdout.contains('v5.4')      stdout: \"v5.3.0\\n\""},
      {"exit", "? exit      0"},
      {"exit == 0 ? json.a == 5 : json.b == 4",
       "✗ exit == 0 ? json.a == 5 : json.b == 4\n"
       "  ✓ exit == 0        0 == 0\n"
       "  ✗ json.a == 5      4 == 5"},
      {"json.a\n   ==  json.b", "✗ json.a == json.b      4 == 5"},
      {"'red' in [text]", "✗ 'red' in [text]      \"red\" in [\"a \\u001b[31mred\\u001b[0m\"]"},
  }));
  INFO(c.text);
  CHECK(lines_of(c.text) == c.lines);
}

TEST_CASE("the values line up by the width on the screen, whatever the script") {
  CHECK(lines_of("json.`a-b` == '한국' && '롤백' == '롤백 완료'", R"({"json": {"a-b": 1}})") ==
        "✗ json.`a-b` == '한국'       1 == \"한국\"\n"
        "- '롤백' == '롤백 완료'      not evaluated");
}

TEST_CASE("long values are cut, in the tree and on the line") {
  Value::List numbers;
  for (int i = 0; i < 1000; ++i) numbers.emplace_back(i);
  const Value list = numbers;
  const Value text = std::string(100'000, 'x');
  const Scope scope = [&](std::string_view root) -> std::optional<Value> { return root == "list" ? list : text; };
  const Operand tree = evaluate(parsed("list == [] || text == ''"), scope).explained;
  CHECK(tree.operands[0].operands[0].value->list()->size() < 100);
  CHECK(*tree.operands[0].operands[0].value->list()->back().string() == "... 937 more");
  CHECK(tree.operands[1].operands[0].value->string()->size() < 1100);
  CHECK_THAT(*tree.operands[1].operands[0].value->string(), Catch::EndsWith("... 100000 bytes"));
  for (const std::string& line : explain_lines(tree)) CHECK(line.size() < 150);
}

TEST_CASE("an explanation comes back from the store as it was") {
  const auto text = GENERATE("json.a == json.b", "json.items.all(i, i.ok) || json.c", "exit == 0 ? json.a == 4 : json.b == 4",
                             "exit", "stdout.trim().matches('v.*') && json.none == null");
  const Operand tree = explained(text);
  CHECK(operand_from(to_value(tree)) == tree);
  CHECK(operand_from(unpack(pack(to_value(tree)))) == tree);
  CHECK(operand_from(Value()) == Operand());
  CHECK(operand_from(Value(Value::Map{{Value("text"), Value(1)}, {Value("operands"), Value("no list")}})) == Operand());
}

TEST_CASE("behind a comparison whose values changed between looks stand the earlier ones") {
  const auto look = [](int a, int b, std::int64_t times) {
    return Earlier{explained("json.a == 4 && json.b == json.a",
                             R"({"json": {"a": )" + std::to_string(a) + R"(, "b": )" + std::to_string(b) + "}}"),
                   times};
  };
  const auto lines = [](const std::vector<Earlier>& history) {
    std::string all;
    for (const auto& line : explain_lines(history.back().explained, history)) all += line + "\n";
    return all;
  };
  CHECK(lines({look(0, 0, 2), look(1, 0, 1), look(2, 0, 3)}) ==
        "✗ json.a == 4           2 == 4     was: 0 0 1 2 2 2\n"
        "- json.b == json.a      not evaluated\n");
  CHECK(lines({look(0, 0, 20), look(1, 0, 1), look(2, 0, 17)}) ==
        "✗ json.a == 4           2 == 4     was: 0 (20x) 1 2 (17x)\n"
        "- json.b == json.a      not evaluated\n");
  CHECK(lines({look(4, 1, 1), look(4, 2, 1)}) ==
        "✓ json.a == 4           4 == 4\n"
        "✗ json.b == json.a      2 == 4     was: 1 2\n");
  CHECK(lines({look(3, 3, 1), look(4, 2, 1)}) ==
        "✓ json.a == 4           4 == 4     was: 3 4\n"
        "✗ json.b == json.a      2 == 4     was: ? 2\n");
  CHECK(lines({look(0, 0, 5)}) == lines({look(0, 0, 1)}));
}
