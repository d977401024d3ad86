#include <catch2/catch.hpp>

#include "tests/cel/show.h"

using namespace runbook;
using namespace runbook::cel;
using namespace runbook::cel::tests;

namespace {

std::shared_ptr<const Names> leaf(const char* type) {
  Names names;
  names.kind = Names::Kind::open;
  names.type = type;
  return std::make_shared<const Names>(names);
}
std::shared_ptr<const Names> one_of(std::vector<std::string> values, const char* type = "string") {
  Names names = *leaf(type);
  names.values = std::move(values);
  return std::make_shared<const Names>(names);
}
std::shared_ptr<const Names> list_of(std::shared_ptr<const Names> element) {
  Names names = *leaf("list");
  names.element = std::move(element);
  return std::make_shared<const Names>(names);
}
std::shared_ptr<const Names> tree(decltype(Names::members) members) {
  return std::make_shared<const Names>(Names{Names::Kind::closed, "map", std::move(members)});
}

// What a step's condition sees, more or less.
const Names& scope() {
  static const Names names{
      Names::Kind::closed,
      "dyn",
      {
          {"vars", tree({{"deployment", leaf("string")},
                         {"replicas", leaf("int")},
                         {"ratio", leaf("double")},
                         {"force", leaf("bool")},
                         {"tags", leaf("list")},
                         {"wait", leaf("google.protobuf.Duration")},
                         {"mode", one_of({"full", "code", "prod-eu", "prod-us"})},
                         {"anything", leaf("dyn")}})},
          {"steps",
           tree({{"backup", tree({{"state", leaf("string")}, {"file", leaf("string")}, {"duration", leaf("duration")}})},
                 {"restore",
                  tree({{"state", one_of({"succeeded", "failed", "skipped"})},
                        {"answer", one_of({"yes", "later"}, "dyn")},
                        {"items", list_of(tree({{"state", one_of({"succeeded", "failed"})}, {"key", leaf("dyn")}}))}})}})},
          {"run", tree({{"started", leaf("timestamp")}, {"id", leaf("string")}})},
          {"json", leaf("dyn")},
          {"stdout", leaf("string")},
          {"headers", leaf("map")},
          {"exit", leaf("int")},
      }};
  return names;
}

// "RB320 at `x`: sentence (help)", one a line.
std::string complaints_of(const std::string& text, std::string_view wanted = "") {
  std::string all;
  for (const Complaint& each : check(parsed(text), scope(), wanted)) {
    CHECK_FALSE(each.text.ko.empty());
    all += (all.empty() ? "" : "\n") + each.code + " `" + text.substr(each.offset, each.length) + "`: " + each.text.en;
    if (!each.help.empty()) all += " (" + each.help.en + ")";
  }
  return all;
}

}  // namespace

TEST_CASE("what can work passes the check") {
  const auto text = GENERATE(
      "vars.force && exit == 0", "json.status == 'ok'", "json.a.b[0]['c'] > 1", "vars.replicas > 1.5", "vars.replicas == 2u",
      "vars['deployment'] == 'x'", "vars.tags.all(t, t.startsWith('v'))", "vars.tags[0] == 1",
      "steps.backup.state == 'succeeded'", "steps.backup.duration < duration('5m')",
      "run.started + vars.wait > timestamp('2026-01-01T00:00:00Z')", "int(stdout.trim()) == 3", "vars.anything + 1 == 2",
      "vars.anything ? true : false", "has(json.x) ? json.x : true", "type(exit) == int", "'a' in vars.tags", "'a' in {'a': 1}",
      "json == null", "stdout == null", "size(stdout) > 0 && stdout.size() > 0", "[1, 'a', null][0] == 1",
      "json.items.filter(i, i.ok).map(i, i.name).join(',') == ''", "google.protobuf.Duration == type(vars.wait)",
      "-vars.ratio < 0.0", "run.started.getHours('Asia/Seoul') == 3", "stdout.matches(r'^v\\d+$')", "dyn(stdout) == 1");
  INFO(text);
  CHECK(complaints_of(text, "bool") == "");
}

TEST_CASE("what cannot work is told with the place, the reason and what was meant") {
  struct Case {
    const char* text;
    const char* says;
  };
  const auto c = GENERATE(values<Case>({
      {"vras.deployment == ''", "RB320 `vras`: unknown name `vras` (did you mean `vars`?)"},
      {"deployment == ''", "RB320 `deployment`: unknown name `deployment` (did you mean `vars.deployment`?)"},
      {"nothing_alike", "RB320 `nothing_alike`: unknown name `nothing_alike`"},
      {"vars.deploymnet == ''", "RB321 `deploymnet`: `vars` has no `deploymnet` (did you mean `deployment`?)"},
      {"vars['deploymnet'] == ''", "RB321 `'deploymnet'`: `vars` has no `deploymnet` (did you mean `deployment`?)"},
      {"steps.backup.fiel == ''", "RB321 `fiel`: `steps.backup` has no `fiel` (did you mean `file`?)"},
      {"has(vars.nothing)", "RB321 `nothing`: `vars` has no `nothing` (did you mean `anything`?)"},
      {"vars.a == 1 && vars.b == 2", "RB321 `a`: `vars` has no `a`\nRB321 `b`: `vars` has no `b`"},
      {"stdout.x == 1", "RB331 `x`: a string has no fields"},
      {"exit[0] == 1", "RB332 `exit`: an int has no elements"},
      {"headers['Content-Type'] == ''",
       "RB321 `'Content-Type'`: `headers` has no `Content-Type` (names of headers are in lower case: headers[\"content-type\"])"},
      {"headers['content-type'] == '' || json.headers['Content-Type'] == ''", ""},
      {"vars.tags['a'] == 1", "RB334 `'a'`: a string cannot be a key"},
      {"{1.5: 1} == {}", "RB334 `1.5`: a double cannot be a key"},
      {"stdout.contain('x')", "RB322 `contain`: unknown function `contain` (did you mean `contains`?)"},
      {"exists('/tmp/x')", "RB322 `exists`: unknown function `exists` (write x.exists(i, ...) of a list x)"},
      {"len(stdout) == 1", "RB322 `len`: unknown function `len` (write size(x))"},
      {"contains(stdout, 'x')", "RB330 `contains`: contains() is called as x.contains()"},
      {"stdout.int() == 1", "RB330 `int`: int() is called as int(x)"},
      {"stdout.contains()", "RB323 `contains`: contains() takes 1 argument, not 0"},
      {"stdout.substring(1, 2, 3) == ''", "RB323 `substring`: substring() takes 1..2 arguments, not 3"},
      {"size(stdout, 1) == 1", "RB323 `size`: size() takes 1 argument, not 2"},
      {"stdout.contains(1)", "RB324 `1`: contains() takes a string here, not an int"},
      {"size(exit) == 1", "RB324 `exit`: size() takes a string, bytes, a list or a map here, not an int"},
      {"stdout + 1 == ''", "RB325 `stdout + 1`: `+` does not work on a string and an int (write string(1))"},
      {"1 + stdout == ''", "RB325 `1 + stdout`: `+` does not work on an int and a string (write string(1))"},
      {"stdout * 2 == 1", "RB325 `stdout * 2`: `*` does not work on a string and an int (write int(stdout.trim()))"},
      {"vars.replicas * 1.5 > 1",
       "RB325 `vars.replicas * 1.5`: `*` does not work on an int and a double (write double(vars.replicas))"},
      {"1.5 * vars.replicas > 1",
       "RB325 `1.5 * vars.replicas`: `*` does not work on a double and an int (write double(vars.replicas))"},
      {"1 + 1u == 2", "RB325 `1 + 1u`: `+` does not work on an int and a uint (write int(1u))"},
      {"1.5 % 2.0 == 1", "RB325 `1.5 % 2.0`: `%` does not work on a double and a double"},
      {"stdout > 3", "RB325 `stdout > 3`: `>` does not work on a string and an int (write int(stdout.trim()))"},
      {"vars.force < true", ""},
      {"[1] < [2]", "RB325 `[1] < [2]`: `<` does not work on a list and a list"},
      {"stdout == 3", "RB327 `stdout == 3`: a string never equals an int (write int(stdout.trim()))"},
      {"stdout != 1.5", "RB327 `stdout != 1.5`: a string never equals a double (write double(stdout.trim()))"},
      {"vars.tags == 'a'", "RB327 `vars.tags == 'a'`: a list never equals a string"},
      {"!exit", "RB326 `exit`: `!` does not work on an int"},
      {"exit && vars.force", "RB326 `exit`: `&&` does not work on an int"},
      {"exit ? true : false", "RB326 `exit`: `? :` does not work on an int"},
      {"-stdout == 1", "RB326 `-stdout`: `-` does not work on a string"},
      {"'a' in stdout",
       "RB326 `stdout`: `in` does not work on a string (a part of a text is asked for with stdout.contains(...))"},
      {"stdout.all(x, true)", "RB326 `stdout`: `all` does not work on a string"},
      {"vars.tags.all(x, 1)", "RB326 `1`: `all` does not work on an int"},
      {"vars.tags.filter(x, x.size()).size() == 0", "RB326 `x.size()`: `filter` does not work on an int"},
      {"stdout.matches('(')", "RB329 `'('`: invalid regular expression: missing ): ("},
      {"exit", "RB328 `exit`: the expression must give a bool, it gives an int"},
      {"exit + 1", "RB328 `exit + 1`: the expression must give a bool, it gives an int"},
      {"vars.force ? 1 : 'a'", "RB328 `vars.force ? 1 : 'a'`: the expression must give a bool, it gives an int or a string"},
      {"vars.tags.map(t, t)", "RB328 `vars.tags.map(t, t)`: the expression must give a bool, it gives a list"},
  }));
  INFO(c.text);
  CHECK(complaints_of(c.text, "bool") == c.says);
}

TEST_CASE("what a name never is it is not compared with") {
  struct Case {
    const char* text;
    const char* says;
  };
  const auto c = GENERATE(values<Case>({
      {"steps.restore.state == 'failed' || vars.mode != 'code'", ""},
      {"'full' == vars.mode && vars['mode'] in ['full', 'code']", ""},
      {"'failed' in [steps.restore.state, steps.backup.state]", ""},
      {"steps.restore.state == steps.backup.state || vars.mode == stdout", ""},
      {"vars.mode == null || vars.mode < 'a' || vars.mode.startsWith('f')", ""},
      {"(vars.force ? vars.mode : 'none') == 'none'", ""},
      {"steps.restore.answer == 'yes' || steps.restore.answer == false", ""},
      {"steps.restore.items.all(i, i.state == 'failed') || steps.restore.items[0].state == 'succeeded'", ""},
      {"['a'].all(i, i == 'fail') && steps.restore.items.all(i, i.key == 'fail')", ""},
      {"steps.restore.items.all(i, true) && vars.tags.all(i, i.state == 'fail')", ""},
      {"1 in [1.0, 2u] && exit in [0, null] && json.x in ['a', 1]", ""},
      {"steps.restore.state == 'faild'", "RB335 `'faild'`: `steps.restore.state` is never `faild` (did you mean `failed`?)"},
      {"steps.restore.state == 'fail'", "RB335 `'fail'`: `steps.restore.state` is never `fail` (did you mean `failed`?)"},
      {"'success' != steps.restore.state",
       "RB335 `'success'`: `steps.restore.state` is never `success` (did you mean `succeeded`?)"},
      {"vars['mode'] == 'ful'", "RB335 `'ful'`: `vars.mode` is never `ful` (did you mean `full`?)"},
      {"vars.mode == 'prod'", "RB335 `'prod'`: `vars.mode` is never `prod` (it can be: full, code, prod-eu, prod-us)"},
      {"vars.mode == ''", "RB335 `''`: `vars.mode` is never `` (it can be: full, code, prod-eu, prod-us)"},
      {"steps.restore.answer == 'no'", "RB335 `'no'`: `steps.restore.answer` is never `no` (it can be: yes, later)"},
      {"steps.restore.state in ['failed', 'ok', 'done']",
       "RB335 `'ok'`: `steps.restore.state` is never `ok` (it can be: succeeded, failed, skipped)\n"
       "RB335 `'done'`: `steps.restore.state` is never `done` (it can be: succeeded, failed, skipped)"},
      {"'fail' in [steps.restore.state]", "RB335 `'fail'`: `steps.restore.state` is never `fail` (did you mean `failed`?)"},
      {"steps.restore.items.exists(i, i.state == 'fail')", "RB335 `'fail'`: `i.state` is never `fail` (did you mean `failed`?)"},
      {"steps.restore.items[0].state == 'fail'",
       "RB335 `'fail'`: `steps.restore.items[0].state` is never `fail` (did you mean `failed`?)"},
      {"steps.restore.items.exists(i, i.stat == 'failed')", "RB321 `stat`: `i` has no `stat` (did you mean `state`?)"},
      {"exit in ['0', 1]", "RB327 `'0'`: an int never equals a string"},
  }));
  INFO(c.text);
  CHECK(complaints_of(c.text, "bool") == c.says);
}

TEST_CASE("a macro's name hides the scope's, and only within the macro") {
  CHECK(complaints_of("vars.tags.all(json, json.anything)") == "");
  CHECK(complaints_of("vars.tags.all(exit, exit.x == 1)") == "");
  CHECK(complaints_of("vars.tags.all(t, t == 1) && t == 1") == "RB320 `t`: unknown name `t`");
}

TEST_CASE("an open scope knows no unknown names") {
  Names open;
  open.kind = Names::Kind::open;
  CHECK(check(parsed("whatever.it.may.be == 1"), open, "bool").empty());
}
