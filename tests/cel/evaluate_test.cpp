#include <catch2/catch.hpp>

#include "tests/cel/show.h"

using namespace runbook;
using namespace runbook::cel;
using namespace runbook::cel::tests;

namespace {

const char* const world = R"({
  "json": {"status": "ok", "items": [{"name": "a", "ok": true, "ms": 12}, {"name": "b", "ok": false, "ms": 7.5}], "nothing": null, "n": 3, "with-dash": 1},
  "stdout": "3\n", "exit": 0, "lines": ["one", "two"]
})";

// "met", "not met" or "no data: why".
std::string verdict_of(const std::string& text, const std::string& scope = world) {
  const Evaluation result = evaluate(parsed(text), scope_of(scope));
  switch (result.verdict) {
    case Verdict::met: CHECK(result.error.empty()); return "met";
    case Verdict::not_met: CHECK(result.error.empty()); return "not met";
    case Verdict::no_data: return "no data: " + result.error;
  }
  return {};
}

}  // namespace

TEST_CASE("a condition is met, not met, or there is no data and a reason") {
  struct Case {
    const char* text;
    const char* verdict;
  };
  const auto c = GENERATE(values<Case>({
      {"json.status == 'ok'", "met"},
      {"json.status == 'bad'", "not met"},
      {"exit == 0 && json.items.exists(i, i.name == 'b')", "met"},
      {"json.items.all(i, i.ok)", "not met"},
      {"json.n > 2.5 && json.items[1].ms < 8", "met"},
      {"json.nothing == null", "met"},
      {"json['with-dash'] == 1 && json.`with-dash` == 1", "met"},
      {"json.missing == 1", "no data: no such key: missing"},
      {"json.items[5].ok", "no data: index 5 out of range: the list has 2 elements"},
      {"json.items[-1].ok", "no data: index -1 out of range: the list has 2 elements"},
      {"json.status.code == 1", "no data: `json.status` is a string and has no field `code`"},
      {"json.nothing.x == 1", "no data: `json.nothing` is null and has no field `x`"},
      {"nowhere == 1", "no data: unknown name: nowhere"},
      {"int(stdout) == 3", "no data: int(\"3\\n\"): the text is no whole number; write .trim() before"},
      {"int(stdout.trim()) == 3", "met"},
      {"stdout > 3", "no data: cannot compare string with int: stdout is \"3\\n\"; write int(stdout.trim())"},
      {"3 < stdout", "no data: cannot compare int with string: stdout is \"3\\n\"; write int(stdout.trim())"},
      {"json.items < json.items", "no data: a list has no order: `<` does not work on it"},
      {"json.n", "no data: a condition gives a bool, this gives an int"},
      {"json.status", "no data: a condition gives a bool, this gives a string"},
      {"!json.n", "no data: `!` takes a bool, `json.n` is an int"},
      {"json.n ? true : false", "no data: `? :` takes a bool, `json.n` is an int"},
      {"'x' in stdout", "no data: `in` looks into a list or a map, `stdout` is a string"},
      {"json.n.all(x, true)", "no data: all() runs over a list or a map, `json.n` is an int"},
      {"json.items.all(i, i.ms)", "no data: all() takes a bool, `i.ms` is an int"},
      {"stdout.matches('(')", "no data: invalid regular expression: missing ): ("},
      {"has(json.items.x)", "no data: has() asks a map, `json.items` is a list"},
      {"has(json.missing)", "not met"},
      {"has(json.missing.deeper)", "no data: no such key: missing"},
      {"stdout.contains(1)", "no data: contains() takes a string, `1` is an int"},
      {"unheard_of(1)", "no data: unknown function: unheard_of"},
  }));
  INFO(c.text);
  CHECK(verdict_of(c.text) == c.verdict);
}

TEST_CASE("&& and || absorb an error where the other side decides, from both sides") {
  struct Case {
    const char* text;
    const char* verdict;
  };
  const auto c = GENERATE(values<Case>({
      {"json.missing && false", "not met"},
      {"false && json.missing", "not met"},
      {"json.missing || true", "met"},
      {"true || json.missing", "met"},
      {"json.missing && true", "no data: no such key: missing"},
      {"true && json.missing", "no data: no such key: missing"},
      {"json.missing || false", "no data: no such key: missing"},
      {"json.first || json.second", "no data: no such key: first"},
      {"1 || true", "met"},
      {"1 && false", "not met"},
      {"1 || false", "no data: `||` takes a bool, `1` is an int"},
      {"json.missing && json.gone && false && true", "not met"},
      {"!(json.missing && false)", "met"},
      {"[1, 'a', 3].exists(x, x > 2)", "met"},
      {"[1, 'a', 3].all(x, x > 2)", "not met"},
      {"[3, 'a', 4].all(x, x > 2)", "no data: cannot compare string with int: x is \"a\"; write int(x)"},
      {"[1, 'a', 1].exists(x, x > 2)", "no data: cannot compare string with int: x is \"a\"; write int(x)"},
      {"[1, 'a', 3].exists_one(x, x > 2)", "no data: cannot compare string with int: x is \"a\"; write int(x)"},
      {"json.missing ? true : true", "no data: no such key: missing"},
      {"true ? true : json.missing", "met"},
      {"false ? json.missing : true", "met"},
      {"[].all(x, json.missing)", "met"},
      {"[].exists(x, json.missing)", "not met"},
  }));
  INFO(c.text);
  CHECK(verdict_of(c.text) == c.verdict);
}

TEST_CASE("NaN in a comparison is no data, unless it decided nothing") {
  const std::string nan = "(0.0 / 0.0)";
  const char* const why = "no data: a comparison met NaN, which is no number";
  struct Case {
    std::string text;
    const char* verdict;
  };
  const auto c = GENERATE_COPY(values<Case>({
      {nan + " < 1.0", why},
      {nan + " > 1", why},
      {nan + " == 1.0", why},
      {nan + " != 1.0", why},
      {"!(" + nan + " == " + nan + ")", why},
      {"[1.0, " + nan + "] == [1.0, 2.0]", why},
      {"{'a': " + nan + "} == {'a': 1.0}", why},
      {"1.0 in [" + nan + "]", why},
      {nan + " < 1.0 || true", "met"},
      {nan + " < 1.0 && false", "not met"},
      {"true && " + nan + " != 1.0", why},
      {nan + " != 1.0 || false", why},
      {"[1.0, " + nan + ", 3.0].exists(x, x > 2.0)", "met"},
      {"[1.0, " + nan + "].exists(x, x > 2.0)", why},
      {"[" + nan + "].all(x, x != 1.0)", why},
      {"[" + nan + ", 1.0].all(x, x > 2.0)", "not met"},
      {"double('NaN') < 1.0", why},
      {"(1.0 / 0.0) > 1000", "met"},
      {nan + " == 'a'", "not met"},
      {"(" + nan + " < 1.0) ? true : true", why},
      {"size([" + nan + "]) == 1", "met"},
  }));
  INFO(c.text);
  CHECK(verdict_of(c.text) == c.verdict);
}

TEST_CASE("arithmetic keeps kinds apart, and what does not fit is an error") {
  struct Case {
    const char* text;
    const char* result;
  };
  const auto c = GENERATE(values<Case>({
      {"1 + 2 * 3", "7"},
      {"7 / 2", "3"},
      {"-7 / 2", "-3"},
      {"-7 % 3", "-1"},
      {"7.0 / 2.0", "double 3.5"},
      {"7u / 2u", "3u"},
      {"1 / 0", "error: division by zero: 1 / 0"},
      {"1 % 0", "error: division by zero: 1 % 0"},
      {"1u / 0u", "error: division by zero: 1u / 0"},
      {"1.0 / 0.0", "double inf"},
      {"9223372036854775807 + 1", "error: overflow: 9223372036854775807 + 1"},
      {"-9223372036854775808 - 1", "error: overflow: -9223372036854775808 - 1"},
      {"9223372036854775807 * 2", "error: overflow: 9223372036854775807 * 2"},
      {"-9223372036854775808 / -1", "error: overflow: -9223372036854775808 / -1"},
      {"-9223372036854775808 % -1", "error: overflow: -9223372036854775808 % -1"},
      {"-(-9223372036854775808)", "error: overflow: -(-9223372036854775808)"},
      {"1u - 2u", "error: overflow: 1u - 2u"},
      {"18446744073709551615u + 1u", "error: overflow: 18446744073709551615u + 1u"},
      {"-1u", "error: `-` does not work on a uint"},
      {"1 + 1.0", "error: `+` does not work on an int and a double"},
      {"1 + 1u", "error: `+` does not work on an int and a uint"},
      {"'a' + 1", "error: `+` does not work on a string and an int"},
      {"1.0 % 2.0", "error: `%` does not work on a double and a double"},
      {"'a' + 'b'", "\"ab\""},
      {"[1] + [2]", "[1,2]"},
      {"b'a' + b'b'", "bytes ab"},
      {"duration('1h') + duration('90s')", "duration 1h1m30s"},
      {"duration('1h') - duration('2h')", "duration -1h"},
      {"timestamp('2026-03-01T00:00:00Z') - duration('1s')", "timestamp 2026-02-28T23:59:59.000000Z"},
      {"timestamp('2026-03-01T00:00:00Z') - timestamp('2026-02-28T00:00:00Z') == duration('24h')", "true"},
      {"timestamp('9999-12-31T23:59:59Z') + duration('1s')",
       "error: overflow: timestamp(\"9999-12-31T23:59:59Z\") + duration(\"1s\")"},
      {"timestamp('9999-01-01T00:00:00Z') - timestamp('0001-01-01T00:00:00Z')",
       "error: overflow: timestamp(\"9999-01-01T00:00:00Z\") - timestamp(\"0001-01-01T00:00:00Z\")"},
      {"duration('9223372036s') + duration('9223372036s')",
       "error: overflow: duration(\"9223372036s\") + duration(\"9223372036s\")"},
  }));
  INFO(c.text);
  CHECK(result_of(c.text) == c.result);
}

TEST_CASE("numbers of all kinds lie on one line, other kinds are never equal") {
  struct Case {
    const char* text;
    const char* result;
  };
  const auto c = GENERATE(values<Case>({
      {"1 == 1u && 1u == 1.0 && 1.0 == 1", "true"},
      {"-1 < 0u && 18446744073709551615u > 9223372036854775807", "true"},
      {"-1 == 18446744073709551615u", "false"},
      {"1 == '1'", "false"},
      {"true == 1", "false"},
      {"null == false", "false"},
      {"[1, 2u] == [1.0, 2]", "true"},
      {"[1] == [1, 2]", "false"},
      {"{'a': 1, 'b': 2} == {'b': 2.0, 'a': 1u}", "true"},
      {"{1: 'a'} == {1u: 'a'}", "true"},
      {"{1: 'a'}[1.0]", "\"a\""},
      {"{1: 'a'}[1.5]", "error: no such key: 1.5"},
      {"1.0 in {1: 2}", "true"},
      {"'abc' < 'abd' && 'Z' < 'a'", "true"},
      {"false < true", "true"},
      {"b'a' < b'b'", "true"},
      {"timestamp('2026-01-01T00:00:00+09:00') < timestamp('2026-01-01T00:00:00Z')", "true"},
      {"duration('60s') == duration('1m')", "true"},
      {"type(1) == int && type(1u) == uint && type('') == string && type(type(1)) == type", "true"},
      {"type([]) == list && type({}) == map && type(null) == null_type", "true"},
      {"{'a': 1, 'a': 2}", "error: the key \"a\" stands twice"},
      {"{1: 1, 1u: 2}", "error: the key 1u stands twice"},
      {"{[1]: 1}", "error: a list cannot be a key"},
  }));
  INFO(c.text);
  CHECK(result_of(c.text) == c.result);
}

TEST_CASE("conversions are explicit, exact, and say why they fail") {
  struct Case {
    const char* text;
    const char* result;
  };
  const auto c = GENERATE(values<Case>({
      {"int('42')", "42"},
      {"int('-42')", "-42"},
      {"int('+42')", "42"},
      {"int('+-42')", "error: int(\"+-42\"): the text is no whole number"},
      {"int('4.2')", "error: int(\"4.2\"): the text is no whole number"},
      {"int('')", "error: int(\"\"): the text is no whole number"},
      {"int(' 4')", "error: int(\" 4\"): the text is no whole number; write .trim() before"},
      {"int('9223372036854775808')", "error: int(\"9223372036854775808\"): out of range"},
      {"int(3.99)", "3"},
      {"int(-3.99)", "-3"},
      {"int(1e19)", "error: int(1e+19): out of range"},
      {"int(0.0 / 0.0)", "error: int(NaN): out of range"},
      {"int(18446744073709551615u)", "error: int(18446744073709551615u): out of range"},
      {"uint(-1)", "error: uint(-1): out of range"},
      {"uint('7')", "7u"},
      {"double('1.5')", "double 1.5"},
      {"double('1.5x')", "error: double(\"1.5x\"): the text is no number"},
      {"double(3)", "double 3"},
      {"string(0.0 / 0.0)", "\"NaN\""},
      {"string(-1.0 / 0.0)", "\"-Inf\""},
      {"double(string(0.0 / 0.0)) == 1.0", "false"},
      {"string(1.5) + string(2) + string(true) + string(3u)", "\"1.52true3\""},
      {"bool('true') && !bool('false')", "true"},
      {"bool('yes')", "error: bool(\"yes\"): the text is neither true nor false"},
      {"bytes('é') == b'\\xc3\\xa9'", "true"},
      {"string(b'\\xff')", "error: string(b\"\uFFFD\"): the bytes are not valid UTF-8"},
      {"duration('1h30m') == duration('90m')", "true"},
      {"duration('1 hour')", "error: duration(\"1 hour\"): no duration, write it like \"1h30m\" or \"1.5s\", up to 292 years"},
      {"string(duration('90m'))", "\"5400s\""},
      {"timestamp('2026-11-24T12:00:00.5+09:00')", "timestamp 2026-11-24T03:00:00.500000Z"},
      {"timestamp('2026-02-29T00:00:00Z')",
       "error: timestamp(\"2026-02-29T00:00:00Z\"): no point of time, write it like \"2026-11-24T12:00:00Z\""},
      {"timestamp(0) == timestamp('1970-01-01T00:00:00Z')", "true"},
      {"int(timestamp('2026-01-01T00:00:00Z'))", "1767225600"},
      {"timestamp('2026-11-24T03:00:00Z').getHours('Asia/Seoul')", "12"},
      {"timestamp('2026-11-24T03:00:00Z').getHours('+09:00')", "12"},
      {"timestamp('2026-11-24T03:00:00Z').getHours('Mars/Base')", "error: unknown time zone: \"Mars/Base\""},
      {"timestamp('2026-11-24T03:00:00Z').getDayOfWeek()", "2"},
      {"duration('1h1m1.5s').getMinutes()", "61"},
  }));
  INFO(c.text);
  CHECK(result_of(c.text) == c.result);
}

TEST_CASE("texts are counted in characters") {
  struct Case {
    const char* text;
    const char* result;
  };
  const auto c = GENERATE(values<Case>({
      {"size('롤백') ", "2"},
      {"'롤백 완료'.substring(3)", "\"완료\""},
      {"'롤백'.substring(0, 1)", "\"롤\""},
      {"'ab'.substring(3)", "error: index 3 out of range: the text has 2 characters"},
      {"'ab'.substring(2, 1)", "error: substring() begins at 2, behind its end 1"},
      {"'가나다'.indexOf('다')", "2"},
      {"'abab'.lastIndexOf('ab')", "2"},
      {"'x'.indexOf('y')", "-1"},
      {"'a,b,,c'.split(',')", "[\"a\",\"b\",\"\",\"c\"]"},
      {"'a,b,c'.split(',', 2)", "[\"a\",\"b,c\"]"},
      {"'가나'.split('')", "[\"가\",\"나\"]"},
      {"['a', 'b'].join('-')", "\"a-b\""},
      {"['a', 1].join('-')", "error: join() takes a list of strings, not one with an int"},
      {"'  a b\\u3000'.trim()", "\"a b\""},
      {"'aXbX'.replace('X', '')", "\"ab\""},
      {"'aXbX'.replace('X', '-', 1)", "\"a-bX\""},
      {"'ÄB'.lowerAscii()", "\"Äb\""},
      {"'v5.3.0'.matches('^v[0-9]+(\\\\.[0-9]+){2}$')", "true"},
      {"'가나'.charAt(1)", "\"나\""},
  }));
  INFO(c.text);
  CHECK(result_of(c.text) == c.result);
}

TEST_CASE("macros run over lists and over the keys of maps") {
  struct Case {
    const char* text;
    const char* result;
  };
  const auto c = GENERATE(values<Case>({
      {"[1, 2, 3].map(x, x * x)", "[1,4,9]"},
      {"[1, 2, 3].map(x, x > 1, x * 10)", "[20,30]"},
      {"[1, 2, 3].filter(x, x % 2 == 1)", "[1,3]"},
      {"{'b': 1, 'a': 2}.map(k, k)", "[\"a\",\"b\"]"},
      {"{'a': 1}.all(k, k == 'a')", "true"},
      {"[1, 2, 2].exists_one(x, x == 2)", "false"},
      {"[1, 2].map(x, [10, 20].map(y, x * y))", "[[10,20],[20,40]]"},
      {"[1].map(x, [2].map(x, x))", "[[2]]"},
      {"[[1, 2], [3]].map(x, x.map(y, y + size(x)))", "[[3,4],[4]]"},
      {"[1, 2].map(x, x)[1]", "2"},
      {"['a'].map(x, x + 'b').filter(x, x == 'ab')[0]", "\"ab\""},
  }));
  INFO(c.text);
  CHECK(result_of(c.text) == c.result);
}

TEST_CASE("a root of the scope is asked for once, and only when it is needed") {
  int asked = 0;
  const Scope scope = [&asked](std::string_view root) -> std::optional<Value> {
    ++asked;
    return root == "a" ? std::optional<Value>(Value(1)) : std::nullopt;
  };
  CHECK(evaluate(parsed("a == 1 && a + a == 2 && [1, 2].exists(x, x == a)"), scope).verdict == Verdict::met);
  CHECK(asked == 1);
  CHECK(evaluate(parsed("true || b"), scope).verdict == Verdict::met);
  CHECK(asked == 1);
}
