#include <catch2/catch.hpp>
#include <cmath>

#include "cel/expression.h"
#include "tests/cel/show.h"

using namespace runbook;
using namespace runbook::cel;
using namespace runbook::cel::tests;

namespace {

Complaint complaint_of(const std::string& text) {
  const auto parsed = Expression::parse(text);
  INFO(text);
  REQUIRE_FALSE(parsed);
  REQUIRE(parsed.error().size() == 1);
  return parsed.error()[0];
}

std::vector<std::string> references_of(const std::string& text) {
  const auto parsed = Expression::parse(text);
  INFO(text);
  REQUIRE(parsed);
  std::vector<std::string> all;
  for (const Reference& each : parsed->references()) {
    std::string path;
    for (const std::string& part : each.path) path += (path.empty() ? "" : "/") + part;
    all.push_back((each.only_has ? "has " : "") + path + " = " + text.substr(each.offset, each.length));
  }
  return all;
}

}  // namespace

TEST_CASE("what is no expression is refused with code, place, reason and remedy") {
  struct Case {
    const char* text;
    const char* code;
    const char* marked;
    const char* says;
    const char* help;
  };
  const auto c = GENERATE(values<Case>({
      {"", "RB314", "", "the expression is empty", ""},
      {"  // only a comment", "RB314", " ", "the expression is empty", ""},
      {"a b", "RB301", "b", "expected an operator or the end, found `b`", ""},
      {"a and b", "RB301", "and", "expected an operator or the end, found `and`", "\"and\" is written `&&`"},
      {"a or b", "RB301", "or", "expected an operator or the end, found `or`", "\"or\" is written `||`"},
      {"not a", "RB301", "a", "expected an operator or the end, found `a`", "\"not\" is written `!`"},
      {"state is 'ok'", "RB301", "is", "expected an operator or the end, found `is`", "equality is written `==`"},
      {"a = 1", "RB306", "=", "`=` means nothing here", "equality is written `==`"},
      {"a & b", "RB306", "&", "`&` means nothing here", "\"and\" is written `&&`"},
      {"a | b", "RB306", "|", "`|` means nothing here", "\"or\" is written `||`"},
      {"a == ${vars.b}", "RB306", "$", "`$` means nothing here", "expressions stand here without `${ }`: write the name alone"},
      {"1 + 상태", "RB306", "상", "`상` means nothing here", ""},
      {"a == 1 #", "RB306", "#", "`#` means nothing here", ""},
      {"a ==", "RB301", "=", "expected a value or a name, found the end", ""},
      {"a == ==", "RB301", "==", "expected a value or a name, found `==`", ""},
      {"(a", "RB301", "a", "expected `)`, found the end", ""},
      {"a)", "RB301", ")", "expected an operator or the end, found `)`", ""},
      {"f(a b)", "RB301", "b", "expected `,` or `)`, found `b`", ""},
      {"[1, 2", "RB301", "2", "expected `,` or `]`, found the end", ""},
      {"{'a' 1}", "RB301", "1", "expected `:` and the key's value, found `1`", ""},
      {"{'a': 1", "RB301", "1", "expected `,` or `}`, found the end", ""},
      {"a[1", "RB301", "1", "expected `]`, found the end", ""},
      {"a ? b", "RB301", "b", "expected `:` of `? :`, found the end", ""},
      {"a.", "RB301", ".", "expected a field's name, found the end", ""},
      {"1.", "RB301", ".", "expected a field's name, found the end", ""},
      {"a.1", "RB301", ".1", "expected an operator or the end, found `.1`", ""},
      {"'open", "RB302", "'", "the text that begins here has no closing '", ""},
      {"a == \"open", "RB302", "\"", "the text that begins here has no closing \"", ""},
      {"'''open''", "RB302", "'", "the text that begins here has no closing '''", ""},
      {"'two\nlines'", "RB302", "'", "the text that begins here has no closing '", ""},
      {"a.`open", "RB302", "`", "the text that begins here has no closing `", ""},
      {R"(s.matches("\d+"))", "RB303", "\\d", "`\\d` is no escape sequence here",
       "write a backslash as `\\\\`, or the whole text raw: r\"...\""},
      {R"('\ud800')", "RB303", "\\ud800", "`\\ud800` is no escape sequence here",
       "write a backslash as `\\\\`, or the whole text raw: r\"...\""},
      {R"(b'\u00e9')", "RB303", "\\u00e9", "`\\u00e9` is no escape sequence here",
       "write a backslash as `\\\\`, or the whole text raw: r\"...\""},
      {R"('\x4')", "RB303", "\\x", "`\\x` is no escape sequence here",
       "write a backslash as `\\\\`, or the whole text raw: r\"...\""},
      {"duration < 5m", "RB304", "5m", "`5m` is no number", "a length of time is written duration(\"5m\")"},
      {"1abc", "RB304", "1abc", "`1abc` is no number", "a length of time is written duration(\"1abc\")"},
      {"9223372036854775808", "RB305", "9223372036854775808", "9223372036854775808 does not fit into 64 bits", ""},
      {"18446744073709551616u", "RB305", "18446744073709551616u", "18446744073709551616u does not fit into 64 bits", ""},
      {"0x10000000000000000", "RB305", "0x10000000000000000", "0x10000000000000000 does not fit into 64 bits", ""},
      {"for == 1", "RB307", "for", "`for` is a reserved word and cannot be a name", ""},
      {"a.all(var, true)", "RB307", "var", "`var` is a reserved word and cannot be a name", ""},
      {"a.all(x.y, true)", "RB311", "x", "the first argument of all() is a new name for the element", ""},
      {"a.map(1, true)", "RB311", "1", "the first argument of map() is a new name for the element", ""},
      {"a.exists(x)", "RB311", "x", "the first argument of exists() is a new name for the element", ""},
      {"has(a)", "RB312", "a", "has() asks for a field: has(a.b)", ""},
      {"has(a['b'])", "RB312", "a['b']", "has() asks for a field: has(a.b)", ""},
      {"a.?b", "RB313", "?", "optional fields are not part of this language", ""},
      {"[?a]", "RB313", "?", "optional elements are not part of this language", ""},
      {"{?'a': b}", "RB313", "?", "optional entries are not part of this language", ""},
      {"Point{x: 1}", "RB313", "{", "messages are not part of this language", ""},
      {"a \xff b", "RB310", "a", "the expression is not valid UTF-8", ""},
  }));
  const Complaint complaint = complaint_of(c.text);
  INFO(c.text);
  CHECK(complaint.code == c.code);
  CHECK(std::string(c.text).substr(complaint.offset, complaint.length) == c.marked);
  CHECK(complaint.text.en == c.says);
  CHECK(complaint.help.en == c.help);
  CHECK_FALSE(complaint.text.ko.empty());
}

TEST_CASE("operators bind as CEL says") {
  struct Case {
    const char* text;
    const char* tree;
  };
  const auto c = GENERATE(values<Case>({
      {"a || b && c", "(|| a (&& b c))"},
      {"a && b || c && d", "(|| (&& a b) (&& c d))"},
      {"(a || b) && c", "(&& (|| a b) c)"},
      {"a || b || c", "(|| a b c)"},
      {"a == b && c", "(&& (== a b) c)"},
      {"a < b == c", "(== (< a b) c)"},
      {"a + b * c", "(+ a (* b c))"},
      {"a - b - c", "(- (- a b) c)"},
      {"a / b % c", "(% (/ a b) c)"},
      {"a + b in c", "(in (+ a b) c)"},
      {"!a.b", "(! (.b a))"},
      {"!!a", "(! (! a))"},
      {"-a.b", "(- (.b a))"},
      {"-a[0]", "(- ([] a 0))"},
      {"- 1", "-1"},
      {"-9223372036854775808", "-9223372036854775808"},
      {"1-1", "(- 1 1)"},
      {"1 - -1", "(- 1 -1)"},
      {"a ? b : c ? d : e", "(?: a b (?: c d e))"},
      {"a ? b || c : d", "(?: a (|| b c) d)"},
      {"a.b.c(d)[e].f", "(.f ([] (.c() (.b a) d) e))"},
      {"f(a, b)", "(f() a b)"},
      {"has(a.b.c)", "(has.c (.b a))"},
      {"a.all(x, x > b)", "(all x a (> x b))"},
      {"a.map(x, x.y, x.z)", "(map x a (.y x) (.z x))"},
      {"[a, b,]", "([..] a b)"},
      {"{a: b, c: d,}", "({..} a b c d)"},
      {"a.`b-c/d.e`", "(.b-c/d.e a)"},
      {".a.b", "(.b a)"},
      {"a // the rest is a comment\n && b", "(&& a b)"},
      {"a.in", "error"},
  }));
  INFO(c.text);
  const auto parsed = Expression::parse(c.text);
  CHECK((parsed ? tree_of(*parsed->root()) : "error") == c.tree);
}

TEST_CASE("literals become values of their kind") {
  using namespace std::string_literals;
  struct Case {
    const char* text;
    Value value;
  };
  const auto c = GENERATE(values<Case>({
      {"0x1F", Value(31)},
      {"-0x8000000000000000", Value(INT64_MIN)},
      {"18446744073709551615u", Value(UINT64_MAX)},
      {".5", Value(0.5)},
      {"1e3", Value(1000.0)},
      {"1.5E-3", Value(0.0015)},
      {"1e400", Value(HUGE_VAL)},
      {"-0.0", Value(-0.0)},
      {"true", Value(true)},
      {"null", Value()},
      {"'a\"b'", Value("a\"b")},
      {R"("\x41\u00e9\U0001F600\101\n")", Value("Aé😀A\n")},
      {R"(r"\d")", Value("\\d")},
      {"'''a'b\nc'''", Value("a'b\nc")},
      {R"(b"\xff\377é")", Value(Value::Bytes{"\xff\xff\xc3\xa9"})},
      {R"(br'\x')", Value(Value::Bytes{"\\x"})},
      {"'한국어'", Value("한국어")},
  }));
  INFO(c.text);
  const auto parsed = Expression::parse(c.text);
  REQUIRE(parsed);
  CHECK(compute(*parsed, {}).value() == c.value);
}

TEST_CASE("a node's place is that of its text, without the parentheses around it") {
  const std::string text = " ( a.b ) == f( 1,2 ) ";
  const auto parsed = Expression::parse(text);
  REQUIRE(parsed);
  const Node& root = *parsed->root();
  CHECK(text.substr(root.children[0]->offset, root.children[0]->length) == "a.b");
  CHECK(text.substr(root.children[1]->offset, root.children[1]->length) == "f( 1,2 )");
  CHECK(root.offset + root.length == text.find_last_of(')') + 1);
}

TEST_CASE("the paths that an expression reads are known, and those only asked for by has()") {
  struct Case {
    const char* text;
    std::vector<std::string> references;
  };
  const auto c = GENERATE(values<Case>({
      {"1 + 2", {}},
      {"vars.a + steps.b.c", {"vars/a = vars.a", "steps/b/c = steps.b.c"}},
      {"vars['a'][\"b\"].c", {"vars/a/b/c = vars['a'][\"b\"].c"}},
      {"json.items[0].name", {"json/items = json.items"}},
      {"json[vars.key]", {"json = json", "vars/key = vars.key"}},
      {"json.items.all(p, p.ok && p.zone == vars.zone)", {"json/items = json.items", "vars/zone = vars.zone"}},
      {"steps.a.stdout.trim() == 'x'", {"steps/a/stdout = steps.a.stdout"}},
      {"has(steps.a.b)", {"has steps/a/b = steps.a.b"}},
      {"has(steps.a.b) && steps.a.b == 1", {"steps/a/b = steps.a.b", "steps/a/b = steps.a.b"}},
      {"x.map(json, json.y) == json.z", {"x = x", "json/z = json.z"}},
      {"type(vars.a) == int", {"vars/a = vars.a"}},
      {"x.all(y, y.exists(x, x == 1))", {"x = x"}},
      {"x.all(y, .y == y)", {"x = x", "y = .y"}},
  }));
  CHECK(references_of(c.text) == c.references);
}
