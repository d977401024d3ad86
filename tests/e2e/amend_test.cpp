// `resume --amend`: a run goes on by a corrected runbook, or stays as it was.
#include <signal.h>

#include <catch2/catch.hpp>

#include "base/json.h"
#include "tests/e2e/shown_run.h"
#include "tests/support/pty.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

namespace {

const std::string broken = R"(
steps:
  - { id: one, shell: echo one >> log, changes: log }
  - { id: two, shell: echo tried >> log; nothing_like_this, changes: log, rerun: safe }
  - { id: last, shell: echo last >> log, changes: log }
)";
const std::string mended = R"(
steps:
  - { id: one, shell: echo uno >> log, changes: log }
  - { id: before, shell: echo before >> log, changes: log }
  - { id: two, shell: echo two >> log, changes: log, rerun: safe }
  - { id: last, shell: echo last >> log, changes: log }
)";

std::string digest_of(const ShownRun& run) {
  const auto value = parse_json(run.json());
  return value ? member(*value, "digest") : "";
}

// A run of `broken` that has failed, and `mended` beside it.
void fail_a_run(const Workplace& w) {
  w.write("a.yaml", runbook_of(broken));
  w.write("b.yaml", runbook_of(mended));
  REQUIRE(w.runbook({"run", "a.yaml"}).code == 5);
}

}  // namespace

TEST_CASE("a list that was read stays, and the review says so; so it does of a step that is to run again", "[amend]") {
  const Workplace w;
  const std::string text = R"(
steps:
  - { id: one, shell: echo one >> log, changes: log }
  - id: each
    for_each: ["x", "y"]
    shell: 'echo "$i" >> log; test -e mended'
    env: { i: "${item}" }
    changes: log
    rerun: safe
)";
  w.write("a.yaml", runbook_of(text));
  REQUIRE(w.runbook({"run", "a.yaml"}).code == 5);
  REQUIRE(w.runbook({"rerun", "@last", "one", "--reason", "once more"}).code == 0);
  std::string corrected = text;
  corrected.replace(corrected.find("\"y\"]"), 3, "\"y\", \"new\"");
  corrected.replace(corrected.find("echo one"), 8, "echo uno");
  w.write("b.yaml", runbook_of(corrected));
  w.write("mended", "");
  const auto resumed = w.runbook({"resume", "@last", "--amend", "b.yaml", "--yes"});
  INFO(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(w.read("log") == "one\nx\nuno\nx\ny\n");
  CHECK_THAT(resumed.err, Contains("WHAT IS NEW IN THEM DOES NOT RUN\n  each: [\"x\",\"y\"]\n") &&
                              Contains("ANEW AS THEY ARE NOW\n  one\n") && !Contains("description:"));
}

TEST_CASE("a step that failed is corrected, and the run ends well: what had run is kept, what is new runs", "[amend]") {
  const Workplace w;
  fail_a_run(w);
  const auto before = digest_of(ShownRun(w));
  const auto resumed = w.runbook({"resume", "@last", "--amend", "b.yaml", "--yes", "--reason", "misspelt"});
  INFO(resumed.err);
  CHECK(resumed.code == 0);
  CHECK(w.read("log") == "one\ntried\nbefore\ntwo\nlast\n");
  CHECK_THAT(resumed.err, Contains("~ two  changed") && Contains("nothing_like_this -> echo two") && Contains("+ before  added"));
  CHECK_THAT(resumed.err, Contains("DO NOT RUN AGAIN\n  one\n") && Contains("runbook rerun " + ShownRun(w).id() + " one"));

  const ShownRun run(w);
  CHECK(digest_of(run) != before);
  const auto amended = run.events("run_amended");
  REQUIRE(amended.size() == 1);
  CHECK(member(amended[0], "from") == before);
  CHECK(member(amended[0], "digest") == digest_of(run));
  CHECK(member(amended[0], "reason") == "misspelt");
  CHECK_THAT(w.runbook({"show", "@last"}).out, Contains(before) && Contains("amended by") && Contains("misspelt"));
  CHECK_THAT(w.runbook({"report", "@last"}).out, Contains(before) && Contains("+before") && Contains("~two (needs, script)"));
  // Both attempts are found under the name that the step had from its beginning.
  CHECK_THAT(w.runbook({"logs", "@last", "two", "--attempt", "1"}).out, Contains("nothing_like_this: command not found"));
  CHECK_THAT(w.shell("RUNBOOK_LANG=ko " + program() + " show @last").out, Contains("runbook 수정:") && Contains("처음 계획"));
}

TEST_CASE("what an amended run did is undone by the plan that it goes by", "[amend]") {
  const Workplace w;
  w.write("a.yaml", runbook_of("steps:\n  - { id: one, shell: echo one >> log, changes: log }\n"
                               "  - { id: two, shell: exit 1, changes: none }\n"));
  w.write("b.yaml",
          runbook_of("steps:\n  - { id: one, shell: echo one >> log, changes: log, undo: { shell: echo back >> log } }\n"
                     "  - { id: two, shell: exit 2, changes: none }\n"));
  REQUIRE(w.runbook({"run", "a.yaml"}).code == 5);
  REQUIRE(w.runbook({"resume", "@last", "--amend", "b.yaml", "--yes"}).code == 5);
  const auto undone = w.runbook({"undo", "@last"});
  INFO(undone.err);
  CHECK(undone.code == 0);
  CHECK(w.read("log") == "one\nback\n");
}

TEST_CASE("an approval is asked again, because it named the plan before", "[amend]") {
  const Workplace w;
  const std::string head = "steps:\n  - { id: go, approve: { ask: 'go?', by: Boss }, timeout: 1h }\n";
  w.write("a.yaml", runbook_of(head + "  - { id: one, shell: exit 1, changes: none }\n"));
  w.write("b.yaml", runbook_of(head + "  - { id: one, shell: touch done, changes: done }\n"));
  CHECK(w.runbook({"run", "a.yaml"}).code == 7);
  CHECK(w.runbook({"approve", "@last", "go"}).code == 0);
  CHECK(w.runbook({"resume", "@last"}).code == 5);
  const auto asked = w.runbook({"resume", "@last", "--amend", "b.yaml", "--yes"});
  INFO(asked.err);
  CHECK(asked.code == 7);
  CHECK_FALSE(w.has("done"));
  CHECK_THAT(asked.err, Contains("APPROVALS THAT ARE ASKED AGAIN"));
  CHECK(w.runbook({"approve", "@last", "go"}).code == 0);
  CHECK(w.runbook({"resume", "@last"}).code == 0);
  CHECK(w.has("done"));
}

TEST_CASE("what stands in the way is named, and nothing changes", "[amend]") {
  const Workplace w;
  fail_a_run(w);
  const auto before = ShownRun(w).json();
  struct Case {
    const char* text;
    int code;
    const char* why;
  };
  const auto c = GENERATE(values<Case>({
      {"steps:\n  - { id: two, shell: x, changes: log }\n", 3, "step `one` is not there any more, and it has run (succeeded)"},
      {"steps:\n  - { id: one, manual: 'done?', timeout: 1h }\n", 3, "step `one` was shell and is manual now"},
      {"steps:\n  - { id: one, shell: x, changes: log, nees: [] }\n", 3, "did you mean `needs`?"},
      {"lock: other\nsteps:\n  - { id: one, shell: x, changes: log }\n", 3, "its `lock` is another one"},
      {"vars:\n  tag: { type: string, ask: 'Which?' }\nsteps:\n  - { id: one, shell: x, changes: log }\n", 7, "--var tag="},
  }));
  w.write("c.yaml", runbook_of(c.text));
  const auto refused = w.runbook({"resume", "@last", "--amend", "c.yaml", "--yes"});
  INFO(refused.err);
  CHECK(refused.code == c.code);
  CHECK_THAT(refused.err, Contains(c.why));
  CHECK(ShownRun(w).json() == before);
  CHECK_THAT(w.runbook({"resume", "@last", "--amend", "b.yaml"}).err, Contains("say --yes"));
  CHECK(w.runbook({"resume", "@last", "--amend", "b.yaml"}).code == 7);
  CHECK(ShownRun(w).json() == before);
}

TEST_CASE("a run that has ended, or that an engine works on, is not amended", "[amend]") {
  const Workplace w;
  w.write("a.yaml",
          runbook_of("steps:\n  - { id: one, shell: 'touch begun; until [ -e go ]; do sleep 0.02; done', changes: a }\n"));
  w.write("b.yaml", runbook_of("steps:\n  - { id: one, shell: touch other, changes: a }\n"));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return w.has("begun"); }, "the step to begin");
  const auto beside = w.runbook({"resume", "@last", "--amend", "b.yaml", "--yes"});
  INFO(beside.err);
  CHECK(beside.code == 9);
  SECTION("killed, its step goes on, and is judged by what it was started as") {
    engine.signal(SIGKILL);
    engine.wait();
    const auto alone = w.runbook({"resume", "@last", "--amend", "b.yaml", "--yes"});
    INFO(alone.err);
    CHECK(alone.code == 7);
    CHECK_THAT(alone.err, Contains("step `one` runs"));
    w.write("go", "");
    CHECK(w.runbook({"resume", "@last"}).code == 0);
  }
  SECTION("ended") {
    w.write("go", "");
    CHECK(engine.wait().code == 0);
    CHECK(w.runbook({"resume", "@last", "--amend", "b.yaml", "--yes"}).code == 9);
  }
  CHECK(ShownRun(w).events("run_amended").empty());
  CHECK_FALSE(w.has("other"));
}

TEST_CASE("a doubt is decided before, by what its step was: `resolve`, then amend", "[amend]") {
  const Workplace w;
  w.write("a.yaml", runbook_of("steps:\n  - { id: one, shell: 'kill -9 $PPID; sleep 20', changes: a }\n"
                               "  - { id: two, shell: touch two, changes: two }\n"));
  w.write("b.yaml", runbook_of("steps:\n  - { id: one, shell: touch one, changes: a }\n"
                               "  - { id: two, shell: touch two, changes: two }\n"));
  REQUIRE(w.runbook({"run", "a.yaml"}).code == 7);
  const auto early = w.runbook({"resume", "@last", "--amend", "b.yaml", "--yes"});
  INFO(early.err);
  CHECK(early.code == 7);
  CHECK_THAT(early.err, Contains("step `one` is in doubt"));
  CHECK(w.runbook({"resolve", "@last", "one", "--as", "done", "--reason", "seen"}).code == 0);
  const auto later = w.runbook({"resume", "@last", "--amend", "b.yaml", "--yes"});
  INFO(later.err);
  CHECK(later.code == 0);
  CHECK_FALSE(w.has("one"));
  CHECK(w.has("two"));
}

TEST_CASE("whoever watches sees it amended, and the run go on", "[amend]") {
  const Workplace w;
  const std::string poll = "steps:\n  - { id: wait, shell: touch begun; test -e ";
  w.write("a.yaml", runbook_of(poll + "nowhere, changes: none, retry: { every: 20ms, for: 10m } }\n"));
  w.write("b.yaml", runbook_of(poll + "begun, changes: none, retry: { every: 20ms, for: 10m } }\n"));
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return w.has("begun"); }, "the step to begin");
  engine.signal(SIGKILL);
  engine.wait();
  auto watching = w.start({"watch", "@last"});
  wait_until([&] { return watching.output().find("no engine works") != std::string::npos; }, "the past to be told");
  const auto resumed = w.runbook({"resume", "@last", "--amend", "b.yaml", "--yes"});
  INFO(resumed.err);
  CHECK(resumed.code == 0);
  const auto seen = watching.wait();
  CHECK(seen.code == 0);
  CHECK_THAT(seen.err, Contains("amended by") && Contains("~wait (script)"));
}

TEST_CASE("what is owed to a channel that is gone is owed to nobody", "[amend]") {
  const Workplace w;
  const std::string steps = "steps:\n  - { id: one, shell: exit 1, changes: none }\n";
  w.write("a.yaml", runbook_of("notify: [{ url: 'http://127.0.0.1:1/', tell: [failed, finished] }]\n" + steps));
  w.write("b.yaml", runbook_of("steps:\n  - { id: one, shell: exit 0, changes: none }\n"));
  w.write("c.yaml", runbook_of("notify: [{ url: 'http://127.0.0.1:1/', tell: [failed, finished] }, "
                               "{ url: 'http://127.0.0.1:1/', tell: [finished] }]\n" +
                               steps));
  REQUIRE(w.runbook({"run", "a.yaml"}).code == 5);
  CHECK(w.runbook({"resume", "@last", "--amend", "c.yaml", "--yes"}).code == 5);
  const auto resumed = w.runbook({"resume", "@last", "--amend", "b.yaml", "--yes"});
  INFO(resumed.err);
  CHECK(resumed.code == 0);
  CHECK_THAT(resumed.err, Contains("- notify.2"));
}

TEST_CASE("on a terminal the differences are shown, and a no changes nothing", "[amend]") {
  const Workplace w;
  fail_a_run(w);
  const auto before = ShownRun(w).json();
  {
    Pty terminal(w, {"resume", "@last", "--amend", "b.yaml"});
    terminal.expect("WHAT DIFFERS");
    terminal.expect("go on with run");
    terminal.type("n\n");
    CHECK(terminal.wait().code == 8);
  }
  CHECK(ShownRun(w).json() == before);
  Pty terminal(w, {"resume", "@last", "--amend", "b.yaml"});
  terminal.expect("go on with run");
  terminal.type("ㅛ\n");
  CHECK(terminal.wait().code == 0);
  CHECK(ShownRun(w).events("run_amended").size() == 1);
}

TEST_CASE("killed at any place, the run has the runbook before or the one after, and goes on by the same command", "[amend]") {
  const std::string call = GENERATE("fdatasync", "pwrite64");
  bool was_killed = true;
  int old_runs = 0, new_runs = 0;
  for (int n = 1; was_killed && n < 200; n += call == "pwrite64" ? 7 : 1) {
    const Workplace w;
    if (w.shell("strace -o /dev/null -e trace=write true").code != 0) {
      WARN("not allowed to trace: nothing was tested");
      return;
    }
    fail_a_run(w);
    const auto before = digest_of(ShownRun(w));
    const auto killed =
        w.shell("export ASAN_OPTIONS=detect_leaks=0; strace -qq -o /dev/null -e trace=" + call + " -e inject=" + call +
                ":signal=KILL:when=" + std::to_string(n) + " '" + program() + "' resume @last --amend b.yaml --yes");
    was_killed = killed.code == 128 + SIGKILL;
    INFO(call << " " << n);
    const ShownRun between(w);
    const auto amended = between.events("run_amended");
    CHECK(amended.size() <= 1);
    CHECK((digest_of(between) == before) == amended.empty());
    ++(amended.empty() ? old_runs : new_runs);
    if (between.is_open()) {
      const auto again = w.runbook({"resume", "@last", "--amend", "b.yaml", "--yes"});
      INFO(again.err);
      CHECK(again.code == 0);
    }
    CHECK(ShownRun(w).events("run_amended").size() == 1);
    CHECK(w.read("log") == "one\ntried\nbefore\ntwo\nlast\n");
  }
  CHECK_FALSE(was_killed);
  CHECK(old_runs > 0);
  CHECK(new_runs > 0);
}
