#include <catch2/catch.hpp>
#include <chrono>

#include "cel/parser.h"
#include "tests/cel/show.h"

using namespace runbook;
using namespace runbook::cel;
using namespace runbook::cel::tests;

namespace {

std::string repeated(const std::string& part, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += part;
  return all;
}
std::string code_of(const std::string& text) {
  const auto parsed = Expression::parse(text);
  return parsed ? "parsed" : parsed.error()[0].code;
}

}  // namespace

TEST_CASE("an expression is at most 200 levels deep, however the depth is made") {
  struct Case {
    const char* open;
    const char* inner;
    const char* close;
  };
  const auto c = GENERATE(values<Case>({
      {"(", "1", ")"},
      {"[", "1", "]"},
      {"!", "true", ""},
      {"-", "a", ""},
      {"f(", "1", ")"},
      {"{1: ", "1", "}"},
      {"a[", "1", "]"},
      {"true ? 1 : ", "2", ""},
      {"[1].map(x, ", "1", ")"},
      {"(1 + ", "1", ")"},
      {"", "a", ".b"},
      {"", "a", "[0]"},
      {"", "a", "()"},
      {"", "a", ".size()"},
      {"", "1", " + 1"},
      {"", "1", " < 1"},
      {"", "1", " * 1"},
      {"has(", "a", ".b)"},
  }));
  const auto nested = [&c](std::size_t depth) { return repeated(c.open, depth) + c.inner + repeated(c.close, depth); };
  INFO(nested(3));
  const std::string shallow = code_of(nested(60));
  CHECK((shallow == "parsed" || shallow == "RB312" || shallow == "RB301"));
  const std::string deep = code_of(nested(3000));
  CHECK((deep == "RB308" || deep == "RB301" || deep == "RB312"));
  if (shallow == "parsed") CHECK(deep == "RB308");
}

TEST_CASE("a long chain is not deep: one node however many operands") {
  const auto op = GENERATE(as<std::string>{}, " && ", " || ");
  const std::string text = "true" + repeated(op + "true", 5000);
  CHECK(result_of(text) == "true");
  CHECK(evaluate(parsed(text), {}).explained.operands.size() == 5001);
}

TEST_CASE("an expression has at most 64 KiB") {
  CHECK(code_of("1" + std::string(longest_expression - 1, ' ')) == "parsed");
  CHECK(code_of("1" + std::string(longest_expression, ' ')) == "RB309");
  CHECK(code_of("'" + std::string(longest_expression - 2, 'x') + "'") == "parsed");
}

TEST_CASE("what would take for ever or all memory is stopped with a reason") {
  const std::string thousand = "[" + repeated("1,", 1000) + "]";
  const std::string text = GENERATE_COPY(
      as<std::string>{}, thousand + ".all(a, " + thousand + ".all(b, " + thousand + ".all(c, true)))",
      "[[1,1,1,1,1,1,1,1]]" + repeated(".map(x, [x,x,x,x,x,x,x,x])", 12),
      "['" + std::string(1000, 'x') + "']" + repeated(".map(x, x + x)", 30) + ".size() == 1",
      "'" + std::string(10'000, 'x') + "'" + repeated(".replace('x', 'xxxxxxxxxx')", 8) + " == ''",
      "'" + std::string(10'000, 'a') + "'.split('').map(x, '" + std::string(20'000, 'y') + "'.contains(x)).size() == 1");
  const auto before = std::chrono::steady_clock::now();
  const Evaluation result = evaluate(parsed(text), {});
  INFO(text.substr(0, 80));
  CHECK(result.verdict == Verdict::no_data);
  CHECK(result.error == "the evaluation takes too long: stopped after 10 million steps");
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(60));
}

TEST_CASE("a pattern that would backtrack for ever elsewhere is linear here") {
  CHECK(result_of("'" + std::string(30'000, 'a') + "b'.matches('^(a+)+$')") == "false");
  CHECK_THAT(result_of("'a'.matches('(?=a)')"), Catch::StartsWith("error: invalid regular expression"));
  CHECK_THAT(result_of("'a'.matches('(((a{100}){100}){100}){100}')"), Catch::StartsWith("error: invalid regular expression"));
}

TEST_CASE("any bytes are parsed, or refused, and never more") {
  std::uint64_t seed = 42;
  const auto random = [&seed](std::size_t below) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(seed >> 33U) % below;
  };
  const std::vector<std::string> pieces{"a",  ".b", "[0]", "(",   ")",    "'x'",     "\"",    "'",    "&&",   "||",
                                        "!",  "-",  "1",   "1u",  "0x",   "1.5",     "in",    " ",    "\n",   "?",
                                        ":",  "{",  "}",   ",",   "has(", ".all(x,", ".map(", "true", "null", "\xff",
                                        "롤", "//", "r'",  "b\"", "\\",   "`",       "${",    "=="};
  int parsed_count = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::size_t n = random(12); n > 0; --n) text += pieces[random(pieces.size())];
    const auto expression = Expression::parse(text);
    if (!expression) {
      INFO(text);
      REQUIRE(expression.error()[0].offset <= text.size());
      continue;
    }
    ++parsed_count;
    const Evaluation result = evaluate(*expression, scope_of(R"({"a": {"b": [1, {"b": 2}]}})"));
    static_cast<void>(explain_lines(result.explained));
    const auto value = compute(*expression, scope_of(R"({"a": {"b": [1, {"b": 2}]}})"));
    INFO(text);
    REQUIRE(value.has_value() == result.value.has_value());  // explained or not, it is the same
  }
  CHECK(parsed_count > 500);
}
