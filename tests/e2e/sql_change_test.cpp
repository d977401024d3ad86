// SQL that changes something, against a real cluster: exactly once, whenever the engine is killed.
#include <signal.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <random>
#include <thread>

#include "tests/support/command.h"
#include "tests/support/servers.h"

using namespace runbook::tests;
using Catch::Contains;

namespace {

constexpr const char* head = "runbook: 1\nid: change\ntitle: change\nowner: ops\ncontact: \"010\"\nconnections: { db: {} }\n";

void reach(Workplace& w) {
  for (const auto& [name, value] : PostgresServer::get().environment()) w.environment[name] = value;
  w.environment["PGSSLMODE"] = "disable";
}

std::string ask(const Workplace& w, const std::string& sql) {
  const auto told = w.shell("psql -X -A -t -q -v ON_ERROR_STOP=1 -c \"" + sql + "\"");
  INFO(told.err);
  REQUIRE(told.code == 0);
  return told.out;
}

}  // namespace

TEST_CASE("a change is committed when its result is as expected, and rolled back when it is not") {
  Workplace w;
  reach(w);
  ask(w, "DROP TABLE IF EXISTS thing; CREATE TABLE thing(n int)");
  w.write("a.yaml", std::string(head) + R"yaml(
steps:
  - id: good
    sql: { db: db, query: "INSERT INTO thing SELECT generate_series(1, 3) RETURNING n" }
    changes: three rows
    expect: affected == 3
    outputs: { first: "rows[0].n" }
  - id: bad
    sql: { db: db, script: "INSERT INTO thing VALUES (100); INSERT INTO thing VALUES (101)" }
    changes: rows
    expect: affected == 5
)yaml");
  const auto ran = w.runbook({"run", "a.yaml"});
  INFO(ran.err);
  CHECK(ran.code == 5);
  CHECK_THAT(ran.err, Contains("its transaction was rolled back: it changed nothing") && Contains("not changed       bad") &&
                          !Contains("possibly"));
  CHECK_THAT(w.runbook({"show", "@last"}).out, Contains("not changed       bad") && !Contains("possibly"));
  CHECK_THAT(w.runbook({"report", "@last"}).out, Contains("**Not changed**\n  - `bad`") && Contains("rolled back"));
  CHECK(ask(w, "SELECT n FROM thing ORDER BY n") == "1\n2\n3\n");
  CHECK_THAT(w.runbook({"show", "@last"}).out, Contains("first=1"));
}

TEST_CASE("a change is made once however often its engine is killed") {
  Workplace w;
  reach(w);
  ask(w, "DROP TABLE IF EXISTS once; CREATE TABLE once(run text, step text)");
  w.write("a.yaml", std::string(head) + R"yaml(
vars: { tag: { type: string, required: true } }
steps:
  - { id: one, sql: { db: db, query: "INSERT INTO once VALUES ($1, 'one')", params: ["${vars.tag}"] }, changes: a row, expect: affected == 1 }
  - { id: two, sql: { db: db, script: "INSERT INTO once SELECT 'x', 'x' WHERE false; SELECT pg_sleep(0.01)" }, changes: nothing much }
  - { id: three, sql: { db: db, query: "INSERT INTO once VALUES ($1, 'three')", params: ["${vars.tag}"] }, changes: a row, expect: affected == 1 }
)yaml");
  std::mt19937 dice(7);
  std::uniform_int_distribution<int> delay(5, 90);
  const auto kill_soon = [&](Workplace::Running engine) {
    std::this_thread::sleep_for(std::chrono::milliseconds(delay(dice)));  // the random point at which it dies, not a wait
    engine.signal(SIGKILL);
    engine.wait();
  };
  for (int round = 0; round < 20; ++round) {
    w.environment["RUNBOOK_STATE_DIR"] = w.path() + "/state" + std::to_string(round);
    kill_soon(w.start({"run", "a.yaml", "--var", "tag=t" + std::to_string(round)}));
    if (w.run_id().empty()) continue;  // it died before there was a run
    kill_soon(w.start({"resume", "@last"}));
    kill_soon(w.start({"resume", "@last"}));
    const auto ended = w.runbook({"resume", "@last"});
    INFO(ended.err);
    CHECK(ended.code == 0);
    CHECK(ask(w, "SELECT step, count(*) FROM once WHERE run = 't" + std::to_string(round) + "' GROUP BY step ORDER BY step") ==
          "one|1\nthree|1\n");
  }
}

TEST_CASE("an engine that dies while its COMMIT is under way: the verdict and the outputs are those that were stored") {
  Workplace w;
  reach(w);
  // The COMMIT takes until `go` is called. The server does not look for its client, so that it commits however long that takes.
  ask(w,
      "DROP TABLE IF EXISTS slow; CREATE TABLE slow (n int); DROP SEQUENCE IF EXISTS go; CREATE SEQUENCE go;"
      "CREATE OR REPLACE FUNCTION waits() RETURNS trigger LANGUAGE plpgsql AS 'DECLARE called boolean := false; BEGIN"
      " SET LOCAL client_connection_check_interval = 0; SET LOCAL statement_timeout = 0;"
      " WHILE NOT called LOOP PERFORM pg_sleep(0.02); SELECT is_called INTO called FROM go; END LOOP; RETURN NULL; END';"
      "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION waits()");
  w.write("a.yaml", std::string(head) + R"yaml(
steps:
  - id: one
    sql: { db: db, query: "INSERT INTO slow VALUES (41) RETURNING n + 1 AS next" }
    changes: a row
    expect: affected == 1 && rows[0].next == 42
    outputs: { next: "rows[0].next" }
)yaml");
  auto engine = w.start({"run", "a.yaml"});
  wait_until([&] { return ask(w, "SELECT count(*) FROM pg_stat_activity WHERE query = 'COMMIT' AND state = 'active'") == "1\n"; },
             "the COMMIT to be under way");
  engine.signal(SIGKILL);
  engine.wait();
  ask(w, "SELECT nextval('go')");
  wait_until([&] { return ask(w, "SELECT count(*) FROM slow") == "1\n"; }, "the server to commit");
  const auto ended = w.runbook({"resume", "@last"});
  INFO(ended.err);
  CHECK(ended.code == 0);
  CHECK(ask(w, "SELECT count(*) FROM slow") == "1\n");
  CHECK_THAT(w.runbook({"show", "@last"}).out, Contains("next=42"));
}
