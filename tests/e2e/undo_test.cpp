// `undo`: what a run has done is taken back, once, and honestly where that is not certain.
#include <signal.h>

#include <catch2/catch.hpp>

#include "tests/e2e/shown_run.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

TEST_CASE("`undo` takes back what was started, last first, with what it left behind") {
  const Workplace w;
  const std::string text = R"(
lock: thing
steps:
  - { id: before, shell: echo 41, changes: none, outputs: { n: stdout.trim() } }
  - { id: one, shell: echo one >> log, changes: log, undo: { shell: 'echo "undo one $n" >> log', env: { n: "${steps.before.n}" } } }
  - { id: plain, shell: echo plain >> log, changes: log }
  - { id: two, shell: 'echo two >> log; echo 7', changes: log, outputs: { m: stdout.trim() }, undo: { shell: 'echo "undo two $m" >> log', env: { m: "${steps.two.m}" } } }
  - { id: three, shell: 'echo three >> log; exit 1', changes: log, undo: { shell: echo undo three >> log } }
  - { id: four, shell: echo four >> log, changes: log, undo: { shell: echo undo four >> log } }
finally:
  - { id: tell, shell: echo closed >> log, changes: none }
)";
  REQUIRE(run(w, text).code == 5);
  const std::string first = w.run_id();
  CHECK_THAT(w.runbook({"show", "@last"}).out, Contains("next              runbook resume " + first) &&
                                                   Contains("runbook undo " + first) && !Contains("runbook show"));
  const auto asked = w.runbook({"undo", "@last"});
  CHECK(asked.code == 7);
  CHECK_THAT(asked.err, Contains("--with three") && Contains("--without three"));
  CHECK(ShownRun(w, first).is_open());
  const auto undone = w.runbook({"undo", "@last", "--with", "three"});
  INFO(undone.err);
  CHECK(undone.code == 0);
  CHECK_THAT(undone.err, Contains("plain cannot be undone"));
  // What went wrong with the run that is undone was told when it ended.
  CHECK_THAT(undone.err, !Contains("FAILED") && !Contains("runbook undo"));
  CHECK(w.read("log") == "one\nplain\ntwo\nthree\nclosed\nundo three\nundo two 7\nundo one 41\n");
  CHECK_FALSE(ShownRun(w, first).is_open());
  CHECK(w.run_id() != first);
  CHECK_THAT(w.runbook({"show", first}).out, Contains("undone      run " + w.run_id() + ", succeeded\n"));
  SECTION("once") {
    const auto again = w.runbook({"undo", first, "--with", "three"});
    CHECK(again.code == 2);
    CHECK(count(w.read("log"), "undo one") == 1);
  }
}

TEST_CASE("`undo` asks about every step that may have changed something, also where it was then left out") {
  const Workplace w;
  REQUIRE(run(w, R"(
steps:
  - { id: one, shell: 'echo one >> log; exit 1', changes: log, undo: { shell: echo undo one >> log } }
  - { id: two, shell: 'echo two >> log; exit 1', changes: log, undo: { shell: echo undo two >> log }, on_fail: continue }
)")
              .code == 5);
  REQUIRE(w.runbook({"resume", "@last", "--answer", "one=skip"}).code == 0);
  const std::string first = w.run_id();
  const auto asked = w.runbook({"undo", first});
  CHECK(asked.code == 7);
  CHECK_THAT(asked.err, Contains("one (skipped) was started") && Contains("two (failed) was started") &&
                            Contains("--with one --with two or --without one --without two"));
  CHECK(w.runbook({"undo", first, "--with", "one", "--without", "two"}).code == 0);
  CHECK(w.read("log") == "one\ntwo\nundo one\n");
}

TEST_CASE("an undo whose engine died in the `finally` of the run that it undoes goes on with that first") {
  const Workplace w;
  REQUIRE(run(w, R"(
lock: here
steps:
  - { id: one, shell: echo one >> log, changes: log, undo: { shell: echo undo one >> log } }
  - { id: two, shell: exit 1, changes: none }
finally:
  - { id: tell, shell: 'echo begun >> log; until [ -e go ]; do sleep 0.02; done; echo closed >> log', changes: log }
)")
              .code == 5);
  const std::string first = w.run_id();
  auto engine = w.start({"undo", first});
  wait_until([&] { return w.read("log") == "one\nbegun\n"; }, "`finally` to begin");
  engine.signal(SIGKILL);
  engine.wait();
  const std::string undo = w.run_id();
  REQUIRE(undo != first);
  auto resumed = w.start({"resume", undo});
  wait_until(
      [&] {
        return w.runbook({"show", first}).out.find("none is running") == std::string::npos;
      },
      "an engine of the first run");
  CHECK(w.read("log") == "one\nbegun\n");
  w.write("go", "");
  CHECK(resumed.wait().code == 0);
  CHECK(w.read("log") == "one\nbegun\nclosed\nundo one\n");
  CHECK_FALSE(ShownRun(w, first).is_open());
}

TEST_CASE("an undo sees what the steps inside a group left behind") {
  const Workplace w;
  REQUIRE(run(w, R"(
steps:
  - id: data
    steps:
      - { id: rows, shell: echo 41, changes: none, outputs: { n: stdout.trim() } }
  - { id: one, shell: echo one >> log, changes: log, undo: { shell: 'echo "undo $n" >> log', env: { n: "${steps.data.rows.n}" } } }
)")
              .code == 0);
  const auto undone = w.runbook({"undo", "@last"});
  INFO(undone.err);
  CHECK(undone.code == 0);
  CHECK(w.read("log") == "one\nundo 41\n");
}

TEST_CASE("the undo of one element sees what this element left behind, and the list of all") {
  const Workplace w;
  REQUIRE(run(w, R"(
steps:
  - id: image
    for_each: ["a b", "c"]
    shell: 'echo "made $i"'
    env: { i: "${item}" }
    changes: an image
    outputs: { made: stdout.trim() }
    undo: { shell: 'echo "undo $m of $all" >> log', env: { m: "${steps.image.made}", all: "${size(steps.image.items)}" } }
)")
              .code == 0);
  const auto undone = w.runbook({"undo", "@last"});
  INFO(undone.err);
  CHECK(undone.code == 0);
  CHECK(w.read("log") == "undo made c of 2\nundo made a b of 2\n");
}

TEST_CASE("an undo that fails stops there, stays open with its locks, and goes on when it is resumed") {
  const Workplace w;
  const std::string text = R"(
lock: here
steps:
  - { id: one, shell: echo one >> log, changes: log, undo: { shell: echo undo one >> log } }
  - { id: two, shell: echo two >> log, changes: log, undo: { shell: 'test -e mended; echo undo two >> log' } }
  - { id: three, shell: echo three >> log, changes: log, undo: { shell: echo undo three >> log } }
)";
  REQUIRE(run(w, text).code == 0);
  const std::string undone = w.run_id();
  const auto failed = w.runbook({"undo", undone});
  INFO(failed.err);
  CHECK(failed.code == 5);
  CHECK(w.read("log") == "one\ntwo\nthree\nundo three\n");
  CHECK_THAT(failed.err, Contains("next              runbook resume " + w.run_id()));
  CHECK(run(w, text).code == 9);  // half undone is no place to begin anew
  const auto twice = w.runbook({"undo", undone});
  CHECK(twice.code == 2);
  CHECK_THAT(twice.err, Contains("runbook resume " + w.run_id()));
  const std::string again = "undo:two=again";
  SECTION("what was in its way is mended") {
    w.write("mended", "");
    CHECK(w.runbook({"resume", "@last", "--answer", again}).code == 0);
    CHECK(w.read("log") == "one\ntwo\nthree\nundo three\nundo two\nundo one\n");
  }
  SECTION("the undo itself is mended") {
    std::string corrected = text;
    corrected.replace(corrected.find("test -e mended; "), std::string("test -e mended; ").size(), "");
    w.write("corrected.yaml", runbook_of(corrected));
    const auto amended = w.runbook({"resume", "@last", "--amend", "corrected.yaml", "--yes", "--answer", again});
    INFO(amended.err);
    CHECK(amended.code == 0);
    CHECK(w.read("log") == "one\ntwo\nthree\nundo three\nundo two\nundo one\n");
  }
  SECTION("it was done by hand") {
    CHECK(w.runbook({"resolve", "@last", "undo:two", "--as", "done", "--reason", "by hand"}).code == 0);
    CHECK(w.runbook({"resume", "@last"}).code == 0);
    CHECK(w.read("log") == "one\ntwo\nthree\nundo three\nundo one\n");
  }
  SECTION("nobody goes on with it: what it began is not done once more unasked") {
    CHECK(w.runbook({"stop", "@last"}).code == 0);
    const auto unasked = w.runbook({"undo", undone});
    CHECK(unasked.code == 7);
    CHECK_THAT(unasked.err, Contains("began to undo two") && Contains("--with two or --without two"));
    w.write("mended", "");
    CHECK(w.runbook({"undo", undone, "--with", "two"}).code == 0);
    CHECK(w.read("log") == "one\ntwo\nthree\nundo three\nundo two\nundo one\n");
  }
  SECTION("nobody goes on with it: what is left can still be undone") {
    CHECK(w.runbook({"resolve", "@last", "undo:two", "--as", "done", "--reason", "by hand"}).code == 0);
    CHECK(w.runbook({"stop", "@last"}).code == 0);
    CHECK(w.runbook({"undo", undone}).code == 0);
    CHECK(w.read("log") == "one\ntwo\nthree\nundo three\nundo one\n");
  }
}
