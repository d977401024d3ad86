// Changing `sql` steps where what answers is not simply the server: a pooler, a standby that was promoted, a transaction that
// somebody has prepared.
#include <catch2/catch.hpp>
#include <thread>

#include "tests/action/driven_change.h"
#include "tests/action/network_attempt.h"

using namespace runbook;
using namespace runbook::tests;
using namespace std::chrono_literals;
using Catch::Contains;
using Die = DrivenChange::Die;

namespace {

const PostgresServer& server() { return PostgresServer::get(); }

DrivenChange insert() {
  DrivenChange change;
  change.fields = {{"query", "INSERT INTO effects VALUES (1)"}};
  return change;
}

void fresh_effects() { server().psql("DROP TABLE IF EXISTS effects; CREATE TABLE effects (n int)"); }
std::string effects(const PostgresPlace& at = server()) { return at.psql("SELECT count(*) FROM effects"); }

// What the pooler's two sessions with the server are set to, as an application finds them.
std::string settings_through(const Pooler& pooler) {
  std::string one;
  for (const auto& [name, value] : pooler.environment()) one += name + "='" + value + "' ";
  one +=
      "psql -X -q -A -t -c \"BEGIN\" -c \"SELECT pg_sleep(0.3), string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings "
      "WHERE name NOT IN ('application_name', 'transaction_isolation')\" -c COMMIT";
  // Each into a file: two that write to one pipe may part each other's lines.
  return output_of("f=$(mktemp -d); " + one + " >$f/1 & " + one + " >$f/2; wait; cat $f/1 $f/2; rm -r $f");
}

}  // namespace

TEST_CASE("through a pooler: read and changed once, and the application's sessions are as they were") {
  fresh_effects();
  const Pooler pooler(server(), 2);
  const std::string before = settings_through(pooler);
  REQUIRE_THAT(before, Contains("statement_timeout=0 "));

  NetworkAttempt reading;
  reading.environment = pooler.environment();
  reading.fields = {{"query", "SELECT count(*) AS n FROM effects"}};
  const auto read = reading.run(*make_sql_executor());
  CHECK(read.result.at("affected") == Value(1));
  reading.fields = {{"query", "INSERT INTO effects VALUES (7)"}};
  CHECK_THAT(reading.run(*make_sql_executor()).remark, Contains("read-only transaction"));
  reading.fields = {{"query", "SELECT pg_sleep(20)"}};
  reading.within = 500ms;
  CHECK(reading.run(*make_sql_executor()).outcome == Outcome::timed_out);

  DrivenChange change = insert();
  change.reach(pooler);
  change.run();
  INFO(change.result().remark);
  CHECK(change.result().as_prepared);
  CHECK(change.progress.at("proof") == Value("witness"));
  CHECK(settings_through(pooler) == before);  // now: an attempt that is cut off takes its session with it
  DrivenChange unmet = insert();
  unmet.reach(pooler);
  unmet.verdict = cel::Verdict::not_met;
  unmet.run();
  DrivenChange late;
  late.fields = {{"script", "INSERT INTO effects VALUES (2); SELECT pg_sleep(20)"}};
  late.reach(pooler);
  late.within = 1s;
  late.run();
  CHECK(late.result().outcome == Outcome::timed_out);
  CHECK(effects() == "1\n");

  CHECK(settings_through(pooler) == before);
  for (int i = 0; i < 4; ++i) pooler.psql("INSERT INTO effects VALUES (100)");  // the application
  CHECK(effects() == "5\n");
}

TEST_CASE("through a pooler: an engine that dies at any point leaves the change done once, or undone and known to be") {
  fresh_effects();
  const Pooler pooler(server(), 2);
  int expected = 0;
  for (const Die die : {Die::at_progress, Die::in_statements, Die::at_prepared, Die::at_commit, Die::after_commit}) {
    DrivenChange change = insert();
    if (die == Die::in_statements) change.fields = {{"script", "INSERT INTO effects VALUES (1); SELECT pg_sleep(20)"}};
    change.reach(pooler);
    change.die = die;
    change.run();
    change.recover();
    INFO("died at " << static_cast<int>(die));
    CHECK(change.result().as_prepared == (die == Die::after_commit));
    expected += die == Die::after_commit ? 1 : 0;
    CHECK(effects() == std::to_string(expected) + "\n");
  }
}

TEST_CASE("a pooler with one session for all: no witness comes through, and the change is made once") {
  fresh_effects();
  const Pooler pooler(server(), 1);
  DrivenChange change = insert();
  change.reach(pooler);
  change.within = 40s;
  change.run();
  CHECK(change.result().as_prepared);
  CHECK(change.progress.at("proof") == Value("statistics"));
  CHECK(effects() == "1\n");
}

TEST_CASE("through a pooler nothing runs outside a transaction") {
  fresh_effects();
  const Pooler pooler(server(), 2);
  DrivenChange change = insert();
  change.fields["transaction"] = "none";
  change.reach(pooler);
  change.run();
  CHECK_FALSE(change.result().clean);
  CHECK_THAT(change.result().remark, Contains("not possible through a pooler"));
  CHECK(change.progress.empty());
  CHECK(effects() == "0\n");
}

TEST_CASE("a standby that takes the primary's place is not asked what became of the primary's transactions") {
  PostgresServer primary;
  primary.psql("CREATE TABLE effects (n int)");
  PostgresServer standby(PostgresServer::StandbyOf{primary}), other(PostgresServer::StandbyOf{primary});
  // So much to write that the checkpoint after the promotion takes long: until then pg_control_checkpoint() tells the old timeline.
  primary.psql("CREATE TABLE ballast AS SELECT n, repeat('x', 500) FROM generate_series(1, 20000) n");

  std::vector<DrivenChange> lost;
  for (const Die die : {Die::in_statements, Die::at_commit, Die::after_commit}) {
    DrivenChange change = insert();
    if (die == Die::in_statements) change.fields = {{"script", "INSERT INTO effects VALUES (1); SELECT pg_sleep(20)"}};
    change.reach(primary);
    change.die = die;
    change.run();
    REQUIRE(change.progress.at("proof") == Value("witness"));
    lost.push_back(std::move(change));
  }
  REQUIRE(effects(primary) == "1\n");
  const std::string address = primary.port();
  primary.halt();
  standby.move_to(address);
  for (DrivenChange& change : lost) {
    change.recover();
    REQUIRE(change.is_in_doubt());
    CHECK_THAT(change.doubt().evidence, Contains("the server is a standby now"));
  }
  DrivenChange too_early = insert();
  too_early.reach(standby);
  too_early.run();
  CHECK_THAT(too_early.result().remark, Contains("standby"));

  standby.promote();
  CHECK(standby.psql("SELECT timeline_id FROM pg_control_checkpoint()") == "1\n");
  for (DrivenChange& change : lost) {
    const std::string before = effects(standby);
    change.recover();
    REQUIRE(change.is_in_doubt());
    CHECK_THAT(change.doubt().evidence, Contains("its timeline is 00000002, and was 00000001"));
    CHECK(effects(standby) == before);
  }
  DrivenChange fresh = insert();
  fresh.reach(standby);
  fresh.run();
  CHECK(fresh.result().as_prepared);
  CHECK(fresh.progress.at("timeline") == Value("00000002"));

  // Another standby of the same primary, promoted too: the same cluster's name, the same timeline's number, another history.
  other.promote();
  DrivenChange stray = insert();
  stray.reach(standby);
  stray.die = Die::after_commit;
  stray.run();
  stray.reach(other);
  stray.recover();
  REQUIRE(stray.is_in_doubt());
  CHECK_THAT(stray.doubt().evidence, Contains("another server answers: its address"));
  stray.reach(standby);
  stray.recover();
  CHECK(stray.result().as_prepared);
}

TEST_CASE("a transaction that somebody has prepared is in doubt until it is ended, and then it is known") {
  fresh_effects();
  DrivenChange change = insert();
  change.die = Die::at_commit;  // the verdict is on record
  change.run();
  // Its number and its session stand for the ones that were prepared.
  std::string told = server().psql(
      "BEGIN; SELECT pg_current_xact_id(); SELECT pg_backend_pid(); INSERT INTO effects VALUES (1); PREPARE TRANSACTION 'left over'");
  change.progress["xid"] = told.substr(0, told.find('\n'));
  change.progress["pid"] = told.substr(told.find('\n') + 1, told.rfind('\n') - told.find('\n') - 1);
  for (const bool crash : {false, true}) {
    if (crash) server().crash();  // a prepared transaction survives it
    change.recover();
    REQUIRE(change.is_in_doubt());
    CHECK_THAT(change.doubt().evidence, Contains("prepared transaction"));
    CHECK(server().psql("SELECT count(*) FROM pg_prepared_xacts") == "1\n");
  }
  const bool commits = GENERATE(true, false);
  server().psql(std::string(commits ? "COMMIT" : "ROLLBACK") + " PREPARED 'left over'");
  change.recover();
  CHECK(change.result().as_prepared == commits);
  CHECK(change.result().outcome == (commits ? Outcome::completed : Outcome::not_started));
  CHECK(effects() == (commits ? "1\n" : "0\n"));
}
