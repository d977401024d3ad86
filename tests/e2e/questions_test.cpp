// What people are asked, where nobody sits at a terminal: exit 7, the commands that answer, and what is recorded of them.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/e2e/shown_run.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;

namespace {

using Words = std::vector<std::string>;

// A run that waits for its one question, and what the program said.
Outcome asked(const Workplace& w, const std::string& steps, Words more = {}) {
  w.write("a.yaml", runbook_of(steps));
  Words words{"run", "a.yaml"};
  words.insert(words.end(), more.begin(), more.end());
  return w.runbook(words);
}

// Every command that the program prints as an answer begins like this.
Words commands_of(const ShownRun& run, const std::string& path) {
  Words out;
  const auto step = run.step(path);
  const auto* question = step.find("question");
  REQUIRE(question != nullptr);
  const auto* commands = question->find("commands");
  REQUIRE(commands != nullptr);
  for (const auto& command : *commands->list()) out.push_back(to_text(command));
  return out;
}

}  // namespace

TEST_CASE("a question without a terminal is exit 7, and every printed command answers it") {
  struct Case {
    const char* step;
    Words commands, answer;
    const char* after;
  };
  const auto c = GENERATE(values<Case>({
      {"{ id: q, manual: Look at it, timeout: 1h }",
       {"confirm RUN q", "confirm RUN q --no --reason \"REASON\""},
       {"confirm", "@last", "q"},
       "succeeded"},
      {"{ id: q, manual: Look at it, timeout: 1h }",
       {"confirm RUN q", "confirm RUN q --no --reason \"REASON\""},
       {"confirm", "@last", "q", "--no", "--reason", "dark"},
       "failed"},
      {"{ id: q, manual: Look at it, timeout: 1h }",
       {"confirm RUN q", "confirm RUN q --no --reason \"REASON\""},
       {"confirm", "@last", "q", "--answer", "yes"},
       "succeeded"},
      {"{ id: q, manual: { ask: Size, input: int }, timeout: 1h }",
       {"confirm RUN q --answer INT", "confirm RUN q --no --reason \"REASON\""},
       {"confirm", "@last", "q", "--answer", "7"},
       "succeeded"},
      {"{ id: q, manual: { ask: Colour, choose: [red, dark blue] }, timeout: 1h }",
       {"confirm RUN q --answer red", "confirm RUN q --no --reason \"REASON\""},
       {"confirm", "@last", "q", "--answer", "dark blue"},
       "succeeded"},
      {"{ id: q, approve: { ask: Go, by: [lead] }, timeout: 1h }",
       {"approve RUN q", "reject RUN q --reason \"REASON\""},
       {"approve", "@last", "q"},
       "succeeded"},
      {"{ id: q, optional: \"Needed?\", shell: touch done, changes: done }",
       {"confirm RUN q", "confirm RUN q --no --reason \"REASON\""},
       {"confirm", "@last", "q"},
       "succeeded"},
      {"{ id: q, optional: \"Needed?\", shell: touch done, changes: done }",
       {"confirm RUN q", "confirm RUN q --no --reason \"REASON\""},
       {"confirm", "@last", "q", "--no", "--reason", "small"},
       "skipped"},
      {"{ id: q, confirm: prod, shell: touch done, changes: done }",
       {"confirm RUN q --answer prod", "confirm RUN q --no --reason \"REASON\""},
       {"confirm", "@last", "q", "--answer", "prod"},
       "succeeded"},
  }));
  CAPTURE(c.step, c.answer);
  const Workplace w;
  const auto ran = asked(w, std::string("steps:\n  - ") + c.step + "\n");
  INFO(ran.err);
  REQUIRE(ran.code == 7);
  CHECK_FALSE(w.has("done"));
  const ShownRun waiting(w);
  CHECK(waiting.status() == "waiting");
  CHECK(waiting.is_open());
  const auto printed = commands_of(waiting, "q");
  REQUIRE(printed.size() == c.commands.size());
  for (std::size_t n = 0; n < printed.size(); ++n) {
    auto wanted = "runbook " + c.commands[n];
    wanted.replace(wanted.find("RUN"), 3, waiting.id());
    CHECK(printed[n] == wanted);
    CHECK_THAT(ran.err, Contains(wanted));
  }
  const auto answered = w.runbook(c.answer);
  INFO(answered.err);
  CHECK(answered.code == 0);
  CHECK_THAT(answered.err, Contains("runbook resume " + waiting.id()));
  CHECK(w.runbook({"resume", "@last"}).code == (std::string(c.after) == "failed" ? 5 : 0));
  CHECK(ShownRun(w).status_of("q") == c.after);
}

TEST_CASE("an answer in advance that can be none is refused before anything runs") {
  const Workplace w;
  w.write("a.yaml", runbook_of(R"(
steps:
  - { id: c, manual: { ask: which, choose: [web1, web2] }, timeout: 1m }
  - { id: n, manual: { ask: how many, input: int }, timeout: 1m }
  - { id: d, shell: touch done, changes: a file, confirm: prod }
)"));
  using Given = std::pair<std::vector<std::string>, const char*>;
  const std::vector<Given> wrong{{{"--answer", "c=web3"}, "--answer c=web3: the answer must be one of: web1, web2"},
                                 {{"--answer", "n=abc"}, "--answer n=abc: `abc` is no whole number"},
                                 {{"--confirm", "d=dev"}, "--confirm d=dev: the word is not the one to be typed"}};
  for (auto [flags, says] : wrong) {
    flags.insert(flags.begin(), {"run", "a.yaml", "--no-input"});
    const auto refused = w.runbook(flags);
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Contains(says));
    CHECK(w.run_id().empty());
  }
  CHECK(w.runbook({"run", "a.yaml", "--no-input", "--answer", "c=web2", "--answer", "n=3", "--confirm", "d=prod"}).code == 0);
  CHECK(w.has("done"));
}

TEST_CASE("an answer in advance that is neither yes nor no is refused before anything runs") {
  const Workplace w;
  w.write(
      "runbook.yaml",
      "runbook: 1\nid: sure\nsteps:\n  - { id: go, shell: touch done, changes: done }\n  - { id: q, manual: Sure, timeout: 1h }\n");
  const auto refused = w.runbook({"run", "runbook.yaml", "--yes", "--answer", "q=확인"});
  CHECK(refused.code == 2);
  CHECK_THAT(refused.err, Contains("확인"));
  CHECK_FALSE(w.has("done"));
  CHECK(w.runbook({"run", "runbook.yaml", "--yes", "--answer", "q=예"}).code == 0);
}

TEST_CASE("answers are values of later steps, with who gave them") {
  const Workplace w;
  const auto ran = asked(w, R"(
steps:
  - { id: list, shell: 'printf "one\ntwo\n"', changes: none, outputs: { names: lines } }
  - { id: pick, manual: { ask: Which, choose: steps.list.names }, timeout: 1h }
  - { id: size, manual: { ask: Size, input: int }, timeout: 1h }
  - { id: wait, manual: { ask: How long, input: duration }, timeout: 1h }
  - id: use
    shell: echo "$pick $size $wait by $who" > out
    env: { pick: "${steps.pick.answer}", size: "${steps.size.answer + 1}", wait: "${steps.wait.answer}", who: "${steps.pick.by}" }
    changes: out
)");
  INFO(ran.err);
  REQUIRE(ran.code == 7);
  CHECK_THAT(ran.err, Contains("one of: one, two"));
  CHECK(w.runbook({"confirm", "@last", "pick", "--answer", "two"}).code == 0);
  CHECK(w.runbook({"resume", "@last"}).code == 7);
  CHECK(w.runbook({"confirm", "@last", "size", "--answer", "41"}).code == 0);
  CHECK(w.runbook({"resume", "@last"}).code == 7);
  CHECK(w.runbook({"confirm", "@last", "wait", "--answer", "90m"}).code == 0);
  const auto ended = w.runbook({"resume", "@last"});
  INFO(ended.err);
  CHECK(ended.code == 0);
  const auto me = w.shell("id -un").out;
  CHECK(w.read("out") == "two 42 1h30m by " + me);
}

TEST_CASE("a checklist is done when all its items are, except the optional ones") {
  const Workplace w;
  const auto ran = asked(w, R"(
steps:
  - id: list
    manual:
      ask: Check these
      items: [valves, { text: pressure, input: int }, { text: lights, optional: true }]
    timeout: 1h
)");
  INFO(ran.err);
  REQUIRE(ran.code == 7);
  const std::string id = ShownRun(w).id();
  CHECK_THAT(ran.err, Contains("runbook confirm " + id + " list 1\n") &&
                          Contains("runbook confirm " + id + " list 2 --answer INT\n") &&
                          Contains("runbook confirm " + id + " list 3\n"));
  SECTION("both that must be") {
    CHECK(w.runbook({"confirm", "@last", "list", "2", "--answer", "5"}).code == 0);
    CHECK(w.runbook({"resume", "@last"}).code == 7);
    CHECK(w.runbook({"confirm", "@last", "list", "1"}).code == 0);
    CHECK(w.runbook({"resume", "@last"}).code == 0);
    const auto report = w.runbook({"report", "@last"}).out;
    CHECK_THAT(report, Contains("2. pressure") && Contains("5"));
  }
  SECTION("a no fails it") {
    CHECK(w.runbook({"confirm", "@last", "list", "1", "--no", "--reason", "it leaks"}).code == 0);
    const auto ended = w.runbook({"resume", "@last"});
    CHECK(ended.code == 5);
    CHECK_THAT(w.runbook({"show", "@last"}).out, Contains("it leaks"));
  }
  SECTION("a no to the optional one does not") {
    for (const auto& answer : {Words{"3", "--no", "--reason", "none here"}, Words{"1"}, Words{"2", "--answer", "5"}}) {
      Words words{"confirm", "@last", "list"};
      words.insert(words.end(), answer.begin(), answer.end());
      CHECK(w.runbook(words).code == 0);
    }
    CHECK(w.runbook({"resume", "@last"}).code == 0);
  }
}

TEST_CASE("a wrong answer is refused with a sentence and exit 2, and nothing moves") {
  struct Case {
    const char* step;
    Words answer;
    const char* sentence;
  };
  const auto c = GENERATE(values<Case>({
      {"{ id: q, manual: Look, timeout: 1h }", {"confirm", "@last", "q", "--answer", "maybe"}, "the answer is yes or no"},
      {"{ id: q, manual: Look, timeout: 1h }", {"confirm", "@last", "q", "2"}, "one question"},
      {"{ id: q, manual: Look, timeout: 1h }", {"approve", "@last", "q"}, "runbook confirm"},
      {"{ id: q, manual: Look, timeout: 1h }", {"confirm", "@last", "q", "--no"}, "--reason"},
      {"{ id: q, manual: Look, timeout: 1h }", {"confirm", "@last", "other"}, "no step `other`"},
      {"{ id: q, manual: Look, timeout: 1h }", {"confirm", "nowhere", "q"}, "there is no run `nowhere`"},
      {"{ id: q, manual: { ask: Size, input: int }, timeout: 1h }",
       {"confirm", "@last", "q", "--answer", "1-2"},
       "no whole number"},
      {"{ id: q, manual: { ask: Size, input: int }, timeout: 1h }", {"confirm", "@last", "q"}, "--answer VALUE"},
      {"{ id: q, manual: { ask: Share, input: number }, timeout: 1h }",
       {"confirm", "@last", "q", "--answer", "half"},
       "no number"},
      {"{ id: q, manual: { ask: Time, input: duration }, timeout: 1h }", {"confirm", "@last", "q", "--answer", "soon"}, "soon"},
      {"{ id: q, manual: { ask: Which, choose: [a, b] }, timeout: 1h }",
       {"confirm", "@last", "q", "--answer", "c"},
       "one of: a, b"},
      {"{ id: q, manual: { ask: All, items: [a, b] }, timeout: 1h }", {"confirm", "@last", "q", "3"}, "one of its 2 items"},
      {"{ id: q, approve: { ask: Go, by: [lead] }, timeout: 1h }", {"confirm", "@last", "q"}, "runbook approve"},
      {"{ id: q, approve: { ask: Go, by: [lead], not_operator: true }, timeout: 1h }",
       {"approve", "@last", "q"},
       "may not approve"},
      {"{ id: q, approve: { ask: Go, by: [\"user:nobody-else\"] }, timeout: 1h }", {"approve", "@last", "q"}, "user:nobody-else"},
      {"{ id: q, confirm: prod, shell: touch done, changes: done }",
       {"confirm", "@last", "q", "--answer", "test"},
       "not the one"},
      {"{ id: q, confirm: prod, shell: touch done, changes: done }", {"confirm", "@last", "q"}, "not the one"},
      {"{ id: q, manual: Look, timeout: 1h }", {"resolve", "@last", "q", "--as", "done"}, "--reason"},
      {"{ id: q, manual: Look, timeout: 1h }", {"resolve", "@last", "q", "--as", "perhaps", "--reason", "x"}, "--as"},
  }));
  CAPTURE(c.step, c.answer);
  const Workplace w;
  REQUIRE(asked(w, std::string("steps:\n  - ") + c.step + "\n").code == 7);
  const auto refused = w.runbook(c.answer);
  CHECK(refused.code == 2);
  CHECK_THAT(refused.err, Contains(c.sentence));
  CHECK(w.runbook({"resume", "@last"}).code == 7);
  CHECK(ShownRun(w).status_of("q") == "waiting");
  CHECK_FALSE(w.has("done"));
}

TEST_CASE("what people have said shows until an engine has taken it") {
  const Workplace w;
  REQUIRE(asked(w, "steps:\n  - { id: go, approve: Go on, timeout: 1h }\n").code == 7);
  CHECK_THAT(w.runbook({"show", "@last"}).out, !Contains("RECORDED"));
  CHECK(w.runbook({"approve", "@last", "go"}).code == 0);
  CHECK_THAT(w.runbook({"show", "@last"}).out, Contains("TAKEN BY THE NEXT RESUME\n  approve  go  "));
  CHECK(w.runbook({"resume", "@last"}).code == 0);
  CHECK_THAT(w.runbook({"show", "@last"}).out, !Contains("RECORDED"));
}

TEST_CASE("flags answer before anybody asks, of `run` and of `resume`; what does not fit answers nothing") {
  const std::string steps = R"(
steps:
  - { id: extra, optional: "Needed?", shell: touch extra, changes: extra }
  - { id: drop, confirm: prod, shell: touch drop, changes: drop }
  - { id: size, manual: { ask: Size, input: int }, timeout: 1h }
  - { id: which, manual: { ask: Which, choose: [a, b] }, timeout: 1h }
)";
  const Workplace w;
  SECTION("all given to run") {
    const auto ran = asked(w, steps, {"--with", "extra", "--confirm", "drop=prod", "--answer", "size=5", "--answer", "which=b"});
    INFO(ran.err);
    CHECK(ran.code == 0);
    CHECK((w.has("extra") && w.has("drop")));
    CHECK(ShownRun(w).json().find("\"how\":\"flag\"") != std::string::npos);
  }
  SECTION("--without leaves it out") {
    CHECK(asked(w, steps, {"--without", "extra", "--confirm", "drop=prod", "--answer", "size=5", "--answer", "which=b"}).code ==
          0);
    CHECK_FALSE(w.has("extra"));
    CHECK(ShownRun(w).status_of("extra") == "skipped");
  }
  SECTION("one after the other, to resume") {
    REQUIRE(asked(w, steps).code == 7);
    CHECK(w.runbook({"resume", "@last", "--with", "extra"}).code == 7);
    CHECK(w.has("extra"));
    CHECK(w.runbook({"resume", "@last", "--confirm", "drop=prod"}).code == 7);
    CHECK(w.has("drop"));
    CHECK(w.runbook({"resume", "@last", "--answer", "size=5"}).code == 7);
    CHECK(w.runbook({"resume", "@last", "--answer", "which=a"}).code == 0);
  }
  SECTION("a wrong word, number, choice") {
    CHECK(asked(w, steps, {"--without", "extra", "--confirm", "drop=test"}).code == 2);
    CHECK(w.run_id().empty());
    REQUIRE(asked(w, steps, {"--without", "extra"}).code == 7);
    CHECK(w.runbook({"resume", "@last", "--confirm", "drop=prod", "--answer", "size=big"}).code == 2);
    CHECK_FALSE(w.has("drop"));
    CHECK(w.runbook({"resume", "@last", "--confirm", "drop=prod"}).code == 7);
    CHECK(ShownRun(w).status_of("size") == "waiting");
    CHECK(w.runbook({"resume", "@last", "--answer", "size=5", "--answer", "which=c"}).code == 2);
    CHECK(ShownRun(w).status_of("size") == "waiting");
  }
  SECTION("a flag for a step that asks no such thing is wrong usage") {
    const auto wrong = GENERATE(table<std::string, std::string>(
        {{"--without", "drop"}, {"--with", "size"}, {"--confirm", "extra=x"}, {"--answer", "looks=yes"}}));
    CAPTURE(std::get<0>(wrong), std::get<1>(wrong));
    const auto refused =
        asked(w, steps + "  - { id: looks, shell: 'true', changes: none }\n", {std::get<0>(wrong), std::get<1>(wrong)});
    CHECK(refused.code == 2);
    CHECK_THAT(refused.err, Contains(std::get<1>(wrong).substr(0, std::get<1>(wrong).find('='))));
    CHECK_FALSE(w.has("drop"));
  }
  SECTION("a step that is not there is wrong usage") {
    CHECK(asked(w, steps, {"--with", "nothing"}).code == 2);
    CHECK(w.runbook({"runs"}).out.find("example") == std::string::npos);
  }
}

TEST_CASE("`--yes` answers no question of the runbook") {
  const Workplace w;
  const auto ran = asked(w, R"(
steps:
  - { id: look, manual: Look, timeout: 1h, needs: [] }
  - { id: go, approve: { ask: Go }, timeout: 1h, needs: [] }
  - { id: drop, confirm: prod, shell: touch done, changes: done, needs: [] }
  - { id: extra, optional: "Needed?", shell: touch done, changes: done, needs: [] }
)",
                         {"--yes"});
  CHECK(ran.code == 7);
  const ShownRun run(w);
  for (const auto* step : {"look", "go", "drop", "extra"}) CHECK(run.status_of(step) == "waiting");
  CHECK_FALSE(w.has("done"));
}

TEST_CASE("an engine that stays takes answers of other processes as they come") {
  const Workplace w;
  w.write("a.yaml", runbook_of(R"(
steps:
  - { id: look, manual: Look, timeout: 1h }
  - { id: go, approve: { ask: Go }, timeout: 1h }
  - { id: skipped, manual: Not needed, timeout: 1h }
  - { id: last, shell: touch last, changes: last }
)"));
  auto engine = w.start({"run", "a.yaml", "--wait"});
  const auto waits_for = [&](const std::string& step) {
    wait_until([&] { return count(engine.output(), " " + step + " --") + count(engine.output(), " " + step + "\n") > 1; },
               "the commands that answer " + step);
  };
  waits_for("look");
  const auto noted = w.runbook({"note", "@last", "the lights flicker"});
  CHECK(noted.code == 0);
  CHECK_THAT(noted.err, Contains("takes it now"));
  CHECK(w.runbook({"confirm", "@last", "look"}).code == 0);
  waits_for("go");
  CHECK(w.runbook({"approve", "@last", "go", "--reason", "ticket 7"}).code == 0);
  waits_for("skipped");
  CHECK(w.runbook({"resolve", "@last", "skipped", "--as", "skipped", "--reason", "clear already"}).code == 0);
  const auto ended = engine.wait();
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK(w.has("last"));
  const auto shown = w.runbook({"show", "@last"}).out;
  CHECK_THAT(shown, Contains("the lights flicker") && Contains("ticket 7") && Contains("clear already"));
  const auto report = w.runbook({"report", "@last"}).out;
  CHECK_THAT(report, Contains("the lights flicker") && Contains("approved by") && Contains("from the command line"));
}

TEST_CASE("whoever rejects an approval closes the run: exit 8") {
  const Workplace w;
  const std::string steps = R"(
lock: thing
steps:
  - { id: go, approve: { ask: Go }, timeout: 1h }
  - { id: last, shell: touch last, changes: last }
)";
  SECTION("while the engine lives") {
    w.write("a.yaml", runbook_of(steps));
    auto engine = w.start({"run", "a.yaml", "--wait"});
    wait_until([&] { return engine.output().find("runbook reject") != std::string::npos; }, "the question");
    CHECK(w.runbook({"reject", "@last", "go", "--reason", "not on a Friday"}).code == 0);
    const auto ended = engine.wait();
    INFO(ended.err);
    CHECK(ended.code == 8);
  }
  SECTION("by the next engine") {
    REQUIRE(asked(w, steps).code == 7);
    CHECK(w.runbook({"reject", "@last", "go", "--reason", "not on a Friday"}).code == 0);
    CHECK(w.runbook({"resume", "@last"}).code == 8);
  }
  const ShownRun run(w);
  CHECK_FALSE(run.is_open());
  CHECK(run.status() == "cancelled");
  CHECK(run.status_of("go") == "failed");
  CHECK(run.why("go") == "not on a Friday");
  CHECK_FALSE(w.has("last"));
  CHECK(asked(w, steps).code == 7);  // its lock is free again
}

TEST_CASE("an approval that nobody gives in time fails its step") {
  const Workplace w;
  w.write("a.yaml", runbook_of("steps:\n  - { id: go, approve: { ask: Go }, timeout: 300ms }\n"));
  const auto ran = w.runbook({"run", "a.yaml", "--wait"});
  INFO(ran.err);
  CHECK(ran.code == 5);
  CHECK_THAT(ran.err, Contains("nobody answered in time"));
}

TEST_CASE("two approvals are two people") {
  const Workplace w;
  REQUIRE(asked(w, "steps:\n  - { id: go, approve: { ask: Go, count: 2 }, timeout: 1h }\n").code == 7);
  CHECK(w.runbook({"approve", "@last", "go"}).code == 0);
  const auto waiting = w.runbook({"resume", "@last"});
  CHECK(waiting.code == 7);
  CHECK_THAT(waiting.err, Contains("1 of 2"));
  const auto again = w.runbook({"approve", "@last", "go"});
  CHECK(again.code == 2);
  CHECK_THAT(again.err, Contains("the same person"));
  CHECK(ShownRun(w).status_of("go") == "waiting");
}

TEST_CASE("another OS user approves: the kernel says who it was") {
  if (::geteuid() != 0) {
    WARN("skipped: only root can act as another user");
    return;
  }
  const Workplace w;
  ::chmod(w.path().c_str(), 0755);
  if (w.shell("setpriv --reuid=nobody --regid=nogroup --clear-groups '" + program() + "' version").code != 0) {
    WARN("skipped: another user cannot reach the built program, or setpriv is missing");
    return;
  }
  const auto as_nobody = [&](const std::string& words) {
    return w.shell("setpriv --reuid=nobody --regid=nogroup --clear-groups '" + program() + "' " + words);
  };
  REQUIRE(
      asked(w, "steps:\n  - { id: go, approve: { ask: Go, by: [\"user:nobody\"], not_operator: true }, timeout: 1h }\n").code ==
      7);
  const std::string id = w.run_id();
  CHECK(w.runbook({"approve", id, "go"}).code == 2);
  const auto approved = as_nobody("approve " + id + " go --reason 'looked at it'");
  INFO(approved.err);
  CHECK(approved.code == 0);
  const auto ended = w.runbook({"resume", id});
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK_THAT(w.runbook({"show", id}).out, Contains("approved by nobody (uid 65534"));
  SECTION("a group is the kernel's, too; two approvals are two users") {
    REQUIRE(
        asked(w, "steps:\n  - { id: go, approve: { ask: Go, by: [\"group:nogroup\", \"user:root\"], count: 2 }, timeout: 1h }\n")
            .code == 7);
    const std::string second = w.run_id();
    CHECK(as_nobody("approve " + second + " go").code == 0);
    CHECK(w.runbook({"resume", second}).code == 7);
    CHECK(w.runbook({"approve", second, "go"}).code == 0);
    CHECK(w.runbook({"resume", second}).code == 0);
  }
  SECTION("a name that is claimed in the request is not believed") {
    const auto files = w.shell("ls -ld state/requests").out;
    CHECK_THAT(files, Contains("drwx-wx-wt"));
    REQUIRE(asked(w, "steps:\n  - { id: go, approve: { ask: Go, by: [\"user:root\"] }, timeout: 1h }\n").code == 7);
    const std::string second = w.run_id();
    as_nobody("approve " + second + " go");
    CHECK(w.runbook({"resume", second}).code == 7);
    CHECK(ShownRun(w, second).status_of("go") == "waiting");
    // The same by hand: a file that says it is root's.
    w.write("forge.sh",
            "printf '%s' '{\"what\":\"approve\",\"step\":\"go\",\"name\":\"root\",\"how\":\"command\"}' > state/requests/" +
                second + ".0123456789abcdef0123456789abcdef\n");
    w.shell("setpriv --reuid=nobody --regid=nogroup --clear-groups bash forge.sh");
    CHECK(w.runbook({"resume", second}).code == 7);
    CHECK(ShownRun(w, second).status_of("go") == "waiting");
    CHECK_FALSE(ShownRun(w, second).events("request_refused").empty());
  }
}

TEST_CASE("a criterion without data asks where it says so") {
  const Workplace w;
  const auto ran = asked(w, R"(
steps:
  - { id: one, shell: touch one, changes: one }
success:
  - { id: rate, shell: 'echo no json', expect: json.rate < 1, no_data: ask, retry: { every: 10ms, for: 10ms } }
)");
  INFO(ran.err);
  CHECK(ran.code == 7);
  CHECK_THAT(ran.err, Contains("no data"));
  SECTION("accepted") {
    CHECK(w.runbook({"confirm", "@last", "success:rate", "--reason", "seen on the dashboard"}).code == 0);
    CHECK(w.runbook({"resume", "@last"}).code == 0);
  }
  SECTION("not accepted") {
    CHECK(w.runbook({"confirm", "@last", "success:rate", "--no", "--reason", "too high"}).code == 0);
    CHECK(w.runbook({"resume", "@last"}).code == 6);
  }
}

TEST_CASE("a missing variable is exit 7 and names its flag; given, it is not asked") {
  const Workplace w;
  const std::string text = R"(
vars:
  tag: { type: string, ask: "Which tag?", pattern: "v[0-9]+" }
  data: { type: bool, ask: "Data, too?" }
steps:
  - { id: one, shell: 'echo "$tag $data" > out', changes: out }
)";
  const auto ran = asked(w, text);
  CHECK(ran.code == 7);
  CHECK_THAT(ran.err, Contains("--var tag=") && Contains("Which tag?") && Contains("--var data="));
  CHECK(w.runbook({"runs"}).out.find("example") == std::string::npos);
  CHECK(asked(w, text, {"--var", "tag=x", "--var", "data=true"}).code == 3);
  CHECK(asked(w, text, {"--var", "tag=v5", "--var", "data=true"}).code == 0);
  CHECK(w.read("out") == "v5 true\n");
}

TEST_CASE("a failed step that may have changed something is not started again unasked") {
  const Workplace w;
  REQUIRE(asked(w, "steps:\n  - { id: one, shell: 'echo x >> log; test -e mended', changes: log }\n").code == 5);
  const auto waiting = w.runbook({"resume", "@last"});
  CHECK(waiting.code == 7);
  CHECK_THAT(waiting.err, Contains("may have changed something: exit == 0: 1 == 0"));
  CHECK(w.read("log") == "x\n");
  w.write("mended", "");
  struct Case {
    Words answer;
    int code;
    const char* log;
    const char* status;
  };
  const auto c = GENERATE(values<Case>({
      {{"resolve", "@last", "one", "--as", "not-done", "--reason", "looked"}, 0, "x\nx\n", "succeeded"},
      {{"resolve", "@last", "one", "--as", "done", "--reason", "looked"}, 0, "x\n", "succeeded"},
      {{"resolve", "@last", "one", "--as", "skipped", "--reason", "looked"}, 0, "x\n", "skipped"},
      {{"resolve", "@last", "one", "--as", "failed", "--reason", "looked"}, 5, "x\n", "failed"},
  }));
  CAPTURE(c.answer);
  CHECK(w.runbook(c.answer).code == 0);
  const auto ended = w.runbook({"resume", "@last"});
  INFO(ended.err);
  CHECK(ended.code == c.code);
  CHECK(w.read("log") == c.log);
  CHECK(ShownRun(w).status_of("one") == c.status);
}

TEST_CASE("`--answer STEP=again` lets it start once more, not for ever") {
  const Workplace w;
  REQUIRE(asked(w, "steps:\n  - { id: one, shell: 'echo x >> log; false', changes: log }\n").code == 5);
  CHECK(w.runbook({"resume", "@last", "--answer", "one=again"}).code == 5);
  CHECK(w.read("log") == "x\nx\n");
  CHECK(w.runbook({"resume", "@last"}).code == 7);
  CHECK(w.read("log") == "x\nx\n");
  CHECK(w.runbook({"resume", "@last", "--answer", "one=skip"}).code == 0);
}

TEST_CASE("what a person filed for a run that has no engine waits for the next one; a stale answer is refused") {
  const Workplace w;
  REQUIRE(asked(w, "steps:\n  - { id: look, manual: Look, timeout: 1h }\n").code == 7);
  CHECK(w.runbook({"confirm", "@last", "look"}).code == 0);
  CHECK(w.runbook({"confirm", "@last", "look", "--no", "--reason", "on second thoughts"}).code == 0);
  CHECK(w.runbook({"resume", "@last"}).code == 0);  // the first one counts
  const ShownRun run(w);
  CHECK(run.events("answered").size() == 1);
  CHECK(run.events("request_refused").size() == 1);
  CHECK_THAT(w.runbook({"report", "@last"}).out, Contains("refused"));
}
