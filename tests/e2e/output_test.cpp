// What steps print, what is kept of it, what never leaves the engine, and what other programs read.
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "base/json.h"
#include "tests/e2e/shown_run.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

TEST_CASE("`logs` holds all that a step wrote to both streams, also into /dev/stderr and /dev/stdout") {
  const Workplace w;
  REQUIRE(run(w, R"(
steps:
  - id: one
    shell: |
      for i in $(seq 1 2000); do echo "line $i"; done
      echo to stderr >&2
      echo by name > /dev/stderr
      echo more > /dev/stdout
    changes: nothing really
  - { id: two, shell: echo second, changes: log }
)")
              .code == 0);
  const auto logs = w.runbook({"logs", "@last", "one"});
  CHECK(logs.code == 0);
  CHECK(count(logs.out, "line ") == 2000);
  CHECK_THAT(logs.out,
             Contains("line 1\n") && Contains("line 2000\nmore\n") && Contains("to stderr\nby name\n") && !Contains("second"));
  CHECK_THAT(w.runbook({"logs", "@last"}).out, Contains("second"));
  CHECK(w.runbook({"logs", "@last", "three"}).code == 2);
}

TEST_CASE("output beyond the cap keeps head and tail, and no expression takes it for the whole") {
  const Workplace w;
  const auto ran = run(w, R"(
steps:
  - id: one
    shell: 'echo FIRST; head -c 20000000 /dev/zero | tr "\0" x; echo; echo LAST'
    changes: log
    on_fail: continue
    expect: '!stdout.contains("ERROR")'
)");
  INFO(ran.err);
  const ShownRun shown(w);
  CHECK(shown.status_of("one") == "failed");
  CHECK_THAT(shown.why("one"), Contains("capped"));
  const auto logs = w.runbook({"logs", "@last", "one"}).out;
  CHECK(logs.size() < 9'000'000);
  CHECK_THAT(logs.substr(0, 200), Contains("FIRST"));
  CHECK_THAT(logs.substr(logs.size() - 200), Contains("LAST"));
  const auto gap = logs.find("\n[... 11611404 of its 20000012 bytes were not kept ...]\n");
  REQUIRE(gap != std::string::npos);
  CHECK(gap - logs.find("FIRST") == 4U << 20U);
}

TEST_CASE("the value of a secret leaves the engine nowhere") {
  const Workplace w;
  const std::string secret = "hunter2-correct-horse";
  Workplace& mine = const_cast<Workplace&>(w);
  mine.environment["APP_PASSWORD"] = secret;
  const auto ran = run(w, R"(
secrets: { password: { env: APP_PASSWORD } }
steps:
  - { id: use, shell: 'printf %s "$P" | wc -c; echo "it is $P"; echo "again $P" >&2', env: { P: "${secrets.password}" }, changes: log, outputs: { all: stdout } }
  - { id: look, shell: 'echo "read $P"', env: { P: "${secrets.password}" }, changes: none, expect: stdout == "other", on_fail: continue }
  - { id: fails, shell: 'echo "failing with $P"; exit 3', env: { P: "${secrets.password}" }, changes: log }
)",
                       {"--progress", "json"});
  CHECK(ran.code == 5);
  CHECK_THAT(w.runbook({"logs", "@last"}).out, Contains("it is ") && !Contains(secret));
  CHECK_THAT(ran.out, Contains("21") && !Contains(secret));
  CHECK_THAT(ran.err, !Contains(secret));
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"show", "@last"}, {"show", "@last", "--output", "json"}, {"report", "@last"}, {"runs"}})
    CHECK_THAT(w.runbook(words).out, !Contains(secret));
  const auto resumed = w.runbook({"resume", "@last", "--answer", "fails=again"});
  CHECK_THAT(resumed.err, Contains("failing with") && !Contains(secret));
  CHECK(w.shell("grep -aq '" + secret + "' state/state.db*").code == 1);
  SECTION("where it cannot be masked, the logs are not shown") {
    mine.environment.erase("APP_PASSWORD");
    const auto logs = w.runbook({"logs", "@last"});
    CHECK(logs.code == 1);
    CHECK_THAT(logs.out, !Contains(secret));
  }
}

TEST_CASE("output that is no UTF-8 breaks nothing") {
  const Workplace w;
  const auto ran = run(w, R"(
steps:
  - { id: one, shell: 'printf "a\xff\xfeb\n"; printf "\033[31mred\033[0m\n"', changes: log, outputs: { said: stdout } }
  - { id: bad, shell: 'printf "\xc3\x28 broken\n"; exit 3', changes: none }
)",
                       {"--progress", "json"});
  CHECK(ran.code == 5);
  std::istringstream lines(ran.out);
  for (std::string line; std::getline(lines, line);) CHECK(parse_json(line));
  CHECK(parse_json(ShownRun(w).json()));
  CHECK_THAT(w.runbook({"show", "@last"}).out, !Contains("\x1b"));
  CHECK(count(w.runbook({"logs", "@last", "one"}).out, "\xff\xfe") == 1);  // to a file: as it is
  CHECK(w.runbook({"report", "@last"}).code == 0);
}

TEST_CASE("`--progress json`: a line each event, and nothing else on stdout") {
  const Workplace w;
  const auto ran = run(w, R"(
steps:
  - { id: one, shell: echo one, changes: log }
  - { id: two, shell: echo two, changes: none }
success:
  - { id: good, expect: steps.one.state == "succeeded" }
)",
                       {"--progress", "json"});
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  std::istringstream lines(ran.out);
  std::int64_t last = 0;
  std::string type;
  for (std::string line; std::getline(lines, line);) {
    const auto event = parse_json(line);
    REQUIRE(event);
    const auto* seq = event->find("seq");
    REQUIRE((seq != nullptr && seq->integer() != nullptr));
    CHECK(*seq->integer() == (last == 0 ? *seq->integer() : last + 1));
    last = *seq->integer();
    type = member(*event, "type");
    CHECK_THAT(member(*event, "at"), Contains("T") && Catch::EndsWith("Z"));
    CHECK(member(*event, "run") == w.run_id());
  }
  CHECK(type == "run_finished");
  CHECK(ran.err.empty());
}

TEST_CASE("`runs` and `show` as JSON") {
  const Workplace w;
  CHECK(w.runbook({"runs", "--output", "json"}).out == "[]\n");
  REQUIRE(run(w, "steps:\n  - { id: one, shell: echo one, changes: log }\n", {"--reason", "why not", "--ticket", "T-1"}).code ==
          0);
  REQUIRE(run(w, "steps:\n  - { id: one, shell: exit 1, changes: none }\n").code == 5);
  const auto listed = parse_json(w.runbook({"runs", "--output", "json"}).out);
  REQUIRE((listed && listed->list() != nullptr && listed->list()->size() == 2));
  CHECK(member(listed->list()->front(), "status") == "failed");  // the newest first
  CHECK(member(listed->list()->front(), "open") == "true");
  CHECK(member(listed->list()->back(), "status") == "succeeded");
  const ShownRun first(w, member(listed->list()->back(), "run"));
  CHECK(first.status() == "succeeded");
  CHECK_THAT(first.json(), Contains("\"why not\"") && Contains("\"T-1\""));
  CHECK(member(first.step("one"), "started").ends_with("Z"));
  CHECK(first.events("run_created").size() == 1);
}

TEST_CASE("the exit codes of the manual") {
  const Workplace w;
  const auto file = [&](const char* name, const std::string& text) { w.write(name, runbook_of(text)); };
  file("good.yaml", "steps:\n  - { id: one, shell: \"true\", changes: none }\n");
  file("invalid.yaml", "steps:\n  - { id: one, shell: \"true\", needs: [two] }\n");
  file("refused.yaml",
       "preconditions:\n  - { id: no, shell: \"false\" }\nsteps:\n  - { id: one, shell: touch touched, changes: touched }\n");
  file("missing.yaml",
       "requires: { commands: [no-such-command-here] }\nsteps:\n  - { id: one, shell: touch touched, changes: touched }\n");
  file("failed.yaml", "steps:\n  - { id: one, shell: \"false\", changes: none }\n");
  file(
      "criteria.yaml",
      "steps:\n  - { id: one, shell: \"true\", changes: none }\nsuccess:\n  - { id: no, expect: \"1 == 2\", retry: { every: 10ms, for: 10ms } }\n");
  file(
      "no_data.yaml",
      "steps:\n  - { id: one, shell: \"true\", changes: none }\nsuccess:\n  - { id: no, shell: echo text, expect: json.n == 1, retry: { every: 10ms, for: 10ms } }\n");
  file("waiting.yaml", "lock: thing\nsteps:\n  - { id: one, manual: Look, timeout: 1h }\n");
  file("locked.yaml", "lock: thing\nsteps:\n  - { id: one, shell: \"true\", changes: none }\n");
  struct Case {
    std::vector<std::string> words;
    int code;
  };
  const std::vector<Case> cases{
      {{"run", "good.yaml"}, 0},
      {{"version"}, 0},
      {{"--help"}, 0},
      {{"runs"}, 0},
      {{"lint", "good.yaml"}, 0},
      {{"run", "good.yaml", "--plan"}, 0},
      {{"run", "good.yaml", "--state-dir", "/proc/nowhere"}, 1},
      {{}, 2},
      {{"rnu", "good.yaml"}, 2},
      {{"run"}, 2},
      {{"run", "good.yaml", "--no-such-flag"}, 2},
      {{"run", "good.yaml", "--var", "x"}, 2},
      {{"run", "good.yaml", "--parallel", "0"}, 2},
      {{"show", "nowhere"}, 2},
      {{"watch", "nowhere"}, 2},
      {{"run", "invalid.yaml"}, 3},
      {{"lint", "invalid.yaml"}, 3},
      {{"run", "invalid.yaml", "--plan"}, 3},
      {{"run", "nowhere.yaml"}, 3},
      {{"run", "refused.yaml"}, 4},
      {{"run", "missing.yaml"}, 4},
      {{"check", "refused.yaml"}, 4},
      {{"run", "refused.yaml", "--plan"}, 4},
      {{"run", "failed.yaml"}, 5},
      {{"run", "criteria.yaml"}, 6},
      {{"run", "no_data.yaml"}, 6},
      {{"run", "waiting.yaml"}, 7},
      {{"run", "locked.yaml"}, 9},
  };
  for (const auto& c : cases) {
    CAPTURE(c.words);
    const auto got = w.runbook(c.words);
    INFO(got.err);
    CHECK(got.code == c.code);
    if (c.code != 0) CHECK_FALSE((got.out + got.err).empty());  // it says why
  }
  CHECK_FALSE(w.has("touched"));
}

TEST_CASE("polling is counted, not written down look by look, and what the value was before is shown") {
  const Workplace w;
  const auto ran = run(w, R"(
steps:
  - id: ready
    shell: |
      echo x >> looks; n=$(wc -l < looks)  # a line more, and no file made anew: the end of `for` may kill it anywhere
      if [ $n -le 2 ]; then echo 0; elif [ $n -le 3 ]; then echo 1; else echo 2; fi
    changes: none
    retry: { every: 100ms, for: 3s }
    expect: int(stdout.trim()) == 4
)");
  INFO(ran.err);
  CHECK(ran.code == 5);
  CHECK_THAT(ran.err, Contains("2 == 4     was: 0 (2x) 1 2 (") && Contains("not true within 3s: checked "));
  const ShownRun shown(w);
  CHECK(shown.events("attempt_finished").size() <= 4);  // the last may be cut short by the end of `for`
  CHECK(shown.events("polled").size() <= 3);
  CHECK(shown.events("attempt_starting").size() <= 5);
  const auto tries = shown.step("ready").find("tries");
  REQUIRE(tries);
  CHECK(*tries->integer() > 10);
  const std::string looks = w.read("looks");
  CHECK(std::abs(std::count(looks.begin(), looks.end(), '\n') - *tries->integer()) <= 1);
  CHECK_THAT(w.runbook({"show", "@last"}).out, Contains("was: 0 (2x) 1 2 ("));
  CHECK_THAT(w.runbook({"report", "@last"}).out, Contains("was: 0 (2x) 1 2 (") && Contains("checked "));
}

TEST_CASE("`logs` keeps the end of what a step that only reads printed, and says when that is not all") {
  const Workplace w;
  REQUIRE(run(w, R"(
steps:
  - { id: short, shell: 'echo one; echo two >&2', changes: none }
  - { id: long, shell: seq 1 5000, changes: none }
)")
              .code == 0);
  const auto brief = w.runbook({"logs", "@last", "short"}).out;
  CHECK_THAT(brief, Contains("attempt 1 stdout\none\n") && Contains("attempt 1 stderr\ntwo\n") && !Contains("only the last"));
  const auto long_one = w.runbook({"logs", "@last", "long"}).out;
  CHECK_THAT(long_one,
             Contains("(only the last 4095 of its 23893 bytes were kept)") && Contains("\n5000\n") && !Contains("\n1\n"));
  CHECK_THAT(w.runbook({"logs", "@last", "short", "--attempt", "2"}).err, Contains("no output was kept"));
}
