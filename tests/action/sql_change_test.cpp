// Changing `sql` steps against the real server: what lasts, what does not, and what an engine finds that comes afterwards.
#include <catch2/catch.hpp>
#include <functional>
#include <thread>

#include "action/sql_evidence.h"
#include "tests/action/driven_change.h"

using namespace runbook;
using namespace runbook::tests;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

const PostgresServer& server() { return PostgresServer::get(); }

using Change = DrivenChange;

void fresh_table() {
  server().psql("DROP TABLE IF EXISTS reports; CREATE TABLE reports (n int); INSERT INTO reports VALUES (1), (2), (3);");
}
std::string count() { return server().psql("SELECT count(*) FROM reports"); }
Change deletes() {
  Change change;
  change.fields = {{"query", "DELETE FROM reports WHERE n < 3 RETURNING n"}};
  return change;
}
Change inserts(const std::string& script) {
  Change change;
  change.fields = {{"script", script}};
  return change;
}
// How many sessions have that in their statement.
std::string backends_with(const std::string& words) {
  return server().psql("SELECT count(*) FROM pg_stat_activity WHERE position('" + words +
                       "' in query) > 0 AND pid <> pg_backend_pid()");
}
// Without assertions: threads use it.
bool comes_true(const std::function<bool()>& condition) {
  const auto give_up = std::chrono::steady_clock::now() + 60s;
  bool is = condition();
  while (!is && std::chrono::steady_clock::now() < give_up) {
    std::this_thread::sleep_for(10ms);
    is = condition();
  }
  return is;
}
void wait_for_event(const std::string& pid, const std::string& event) {
  comes_true([&] { return server().psql("SELECT wait_event FROM pg_stat_activity WHERE pid = " + pid) == event + "\n"; });
}

}  // namespace

TEST_CASE("a change is committed once, and its result is known before the commit") {
  fresh_table();
  Change change = deletes();
  std::string during;
  change.before_commit = [&] { during = count(); };
  change.run();
  INFO(change.result().remark);
  CHECK(change.result().as_prepared);
  CHECK_FALSE(change.result().unchanged);
  CHECK(during == "3\n");
  CHECK(count() == "1\n");
  CHECK(change.prepared_result->result.at("affected") == Value(2));
  CHECK(change.prepared_result->result.at("rows").list()->size() == 2);
  CHECK(change.progress.at("proof") == Value("witness"));
  for (const char* each : {"xid", "pid", "system", "timeline", "lsn", "server"}) CHECK(change.progress.contains(each));
  CHECK(to_text(change.progress.at("timeline")).size() == 8);
  CHECK_THAT(to_text(change.progress.at("server")), Contains("127.0.0.1:"));
}

TEST_CASE("what is not met is rolled back, and fails") {
  fresh_table();
  Change change = deletes();
  change.verdict = cel::Verdict::not_met;
  change.run();
  CHECK(change.result().as_prepared);
  CHECK(change.result().remark == "rolled back");
  CHECK(change.result().unchanged);
  CHECK(count() == "3\n");
}

TEST_CASE("an engine that dies at any point of the protocol leaves the change done once, or undone and known to be") {
  struct Case {
    Change::Die die;
    Outcome outcome;
    bool as_prepared;
    const char* left;
  };
  const auto c = GENERATE(values<Case>({
      {Change::Die::at_start, Outcome::not_started, false, "3\n"},
      {Change::Die::at_progress, Outcome::not_started, false, "3\n"},
      {Change::Die::in_statements, Outcome::not_started, false, "3\n"},
      {Change::Die::at_prepared, Outcome::not_started, false, "3\n"},
      {Change::Die::at_commit, Outcome::not_started, false, "3\n"},
      {Change::Die::after_commit, Outcome::completed, true, "1\n"},
  }));
  fresh_table();
  Change change = inserts("DELETE FROM reports WHERE n < 3; SELECT pg_sleep(20)");
  if (c.die != Change::Die::in_statements) change = deletes();
  change.die = c.die;
  change.run();
  change.recover();
  INFO("point " << static_cast<int>(c.die) << ": " << change.result().remark);
  CHECK(change.result().outcome == c.outcome);
  CHECK(change.result().as_prepared == c.as_prepared);
  CHECK(change.result().unchanged == !c.as_prepared);
  CHECK(count() == c.left);
}

TEST_CASE("a verdict that was not met stays so after a crash, and nothing is committed") {
  fresh_table();
  Change change = deletes();
  change.verdict = cel::Verdict::not_met;
  change.die = Change::Die::at_commit;
  change.run();
  change.recover();
  CHECK(change.result().as_prepared);
  CHECK(count() == "3\n");
}

TEST_CASE("a cancellation that was on record is not forgotten by recovery; one that comes later does not hide a commit") {
  fresh_table();
  Change change = deletes();
  change.die = Change::Die::at_commit;
  change.run();
  change.recover(CancelReason::stop);
  CHECK(change.result().outcome == Outcome::cancelled);
  change = deletes();
  change.die = Change::Die::after_commit;
  change.run();
  change.recover(CancelReason::stop);
  CHECK(change.result().as_prepared);
  CHECK(count() == "1\n");
}

TEST_CASE("a backend that still works for a dead engine is ended before anything is done again") {
  fresh_table();
  Change change = inserts("DELETE FROM reports; SELECT pg_sleep(600)");
  change.die = Change::Die::in_statements;
  change.run();
  change.recover();
  CHECK(change.result().outcome == Outcome::not_started);
  CHECK(backends_with("pg_sleep(600)") == "0\n");
  CHECK(count() == "3\n");
}

TEST_CASE("an error in the middle undoes what went before and says which statement it was") {
  fresh_table();
  Change change = inserts("DELETE FROM reports; SELECT 1/0; SELECT 2");
  change.run();
  CHECK(change.result().outcome == Outcome::completed);
  CHECK_FALSE(change.result().clean);
  CHECK(change.result().remark == "statement 2: division by zero (22012)");
  CHECK(change.result().unchanged);
  CHECK(change.result().unreadable.contains("affected"));
  CHECK_FALSE(change.prepared_result.has_value());
  CHECK(count() == "3\n");
}

TEST_CASE("a constraint that fails at COMMIT is a failure, though everything before it was met") {
  server().psql(
      "DROP TABLE IF EXISTS parts; DROP TABLE IF EXISTS wholes; CREATE TABLE wholes (id int PRIMARY KEY); "
      "CREATE TABLE parts (whole int REFERENCES wholes DEFERRABLE INITIALLY DEFERRED)");
  Change change = inserts("INSERT INTO parts VALUES (7)");
  change.run();
  CHECK_FALSE(change.result().as_prepared);
  CHECK_FALSE(change.result().clean);
  CHECK_THAT(change.result().remark, Contains("COMMIT: ") && Contains("23503"));
  CHECK(change.result().unchanged);
  CHECK(server().psql("SELECT count(*) FROM parts") == "0\n");
}

TEST_CASE("statements that would leave the transaction are refused, or end in a failure without effect") {
  fresh_table();
  server().psql("CREATE OR REPLACE PROCEDURE leaves() LANGUAGE plpgsql AS $$ BEGIN DELETE FROM reports; COMMIT; END $$;");
  const auto text =
      GENERATE("DELETE FROM reports; COMMIT", "ROLLBACK; DELETE FROM reports", "DELETE FROM reports; COMMIT AND CHAIN",
               "/* x */ END; DELETE FROM reports", "DELETE FROM reports; PREPARE TRANSACTION 'x'", "CALL leaves()",
               "DO $$ BEGIN DELETE FROM reports; COMMIT; END $$", "DELETE FROM reports; SET TRANSACTION READ ONLY; COMMIT",
               "DELETE FROM reports; COPY reports FROM STDIN");
  Change change = inserts(text);
  change.run();
  INFO(text << ": " << change.result().remark);
  CHECK_FALSE(change.prepared_result.has_value());
  CHECK((change.result().outcome == Outcome::could_not_start || !change.result().clean));
  CHECK(count() == "3\n");
}

TEST_CASE("a deadline and a stop undo what is under way") {
  fresh_table();
  Change late = inserts("DELETE FROM reports; SELECT pg_sleep(601)");
  late.within = 500ms;
  late.run();
  CHECK(late.result().outcome == Outcome::timed_out);
  Change stopped = inserts("DELETE FROM reports; SELECT pg_sleep(601)");
  stopped.cancel_after = {300ms, CancelReason::stop};
  stopped.run();
  CHECK(stopped.result().outcome == Outcome::cancelled);
  CHECK(stopped.result().remark == "rolled back");
  CHECK((late.result().unchanged && stopped.result().unchanged));
  CHECK(comes_true([] { return backends_with("pg_sleep(601)") == "0\n"; }));
  CHECK(count() == "3\n");
}

TEST_CASE("the limits hold for the transaction only, and an acknowledged commit is on the disk") {
  Change change;
  change.fields = {
      {"query",
       "SELECT current_setting('statement_timeout') AS t, current_setting('lock_timeout') AS l, "
       "current_setting('idle_in_transaction_session_timeout') AS i, current_setting('client_connection_check_interval') AS c"}};
  change.run();
  const Value& row = change.prepared_result->result.at("rows").list()->at(0);
  CHECK(*row.find("i") == Value("1min"));
  CHECK(*row.find("c") == Value("2s"));
  CHECK(*row.find("t") != Value("0"));
  CHECK(*row.find("l") != Value("0"));
}

TEST_CASE("synchronous_commit is raised from off, and never lowered") {
  server().psql(
      "DROP TABLE IF EXISTS levels; CREATE TABLE levels (level text);"
      "CREATE OR REPLACE FUNCTION note_level() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO levels VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;"
      "DROP TABLE IF EXISTS watched; CREATE TABLE watched (n int);"
      "CREATE CONSTRAINT TRIGGER note AFTER INSERT ON watched DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION note_level()");
  inserts("SET LOCAL synchronous_commit = off; INSERT INTO watched VALUES (1)").run();
  inserts("SET LOCAL synchronous_commit = remote_apply; INSERT INTO watched VALUES (1)").run();
  CHECK(server().psql("SELECT string_agg(level, ' ') FROM levels") == "on remote_apply\n");
}

namespace {

// As somebody other than the owner of the cluster, in a database of its own.
Change as_role(const std::string& role, Change change) {
  for (auto& [name, value] : change.environment) {
    if (name == "PGUSER") value = role;
    if (name == "PGDATABASE") value = "restricted";
  }
  return change;
}
std::string in_restricted(const std::string& statements) { return server().psql("\\c restricted\n" + statements); }
void make_restricted() {
  static const bool made = [] {
    server().psql("CREATE DATABASE restricted");
    in_restricted(
        "CREATE TABLE notes (n int); GRANT ALL ON notes TO PUBLIC;"
        "CREATE ROLE single LOGIN PASSWORD 'secret' CONNECTION LIMIT 1; CREATE ROLE plain LOGIN PASSWORD 'secret'; CREATE ROLE lazy LOGIN PASSWORD 'secret';"
        "ALTER ROLE lazy SET synchronous_commit = off;");
    return true;
  }();
  static_cast<void>(made);
  in_restricted("GRANT EXECUTE ON FUNCTION pg_catalog.pg_current_xact_id() TO PUBLIC; DELETE FROM notes");
}
std::string notes() { return in_restricted("SELECT count(*) FROM notes"); }

}  // namespace

TEST_CASE("an ordinary role has the full proof") {
  make_restricted();
  Change change = as_role("plain", inserts("INSERT INTO notes VALUES (1)"));
  change.run();
  INFO(change.result().remark);
  CHECK(change.progress.at("proof") == Value("witness"));
  CHECK(notes() == "1\n");
}

TEST_CASE("a server without the functions still changes once; in doubt only when the engine was lost at COMMIT") {
  make_restricted();
  in_restricted("REVOKE EXECUTE ON FUNCTION pg_catalog.pg_current_xact_id() FROM PUBLIC");
  Change change = as_role("plain", inserts("INSERT INTO notes VALUES (1)"));
  change.run();
  CHECK(change.progress.at("proof") == Value("none"));
  CHECK_THAT(to_text(change.progress.at("why_not")), Contains("pg_current_xact_id"));
  CHECK(change.result().as_prepared);
  CHECK(notes() == "1\n");
  change.die = Change::Die::at_prepared;
  change.prepared.reset();
  change.run();
  change.recover();
  CHECK(change.result().outcome == Outcome::not_started);
  change.die = Change::Die::after_commit;
  change.run();
  change.recover();
  CHECK_THAT(change.doubt().evidence, Contains("cannot say"));
}

TEST_CASE("without a second connection the server's statistics stand in for the witness") {
  make_restricted();
  Change change = as_role("single", inserts("INSERT INTO notes VALUES (1)"));
  change.die = Change::Die::after_commit;
  change.run();
  CHECK(change.progress.at("proof") == Value("statistics"));
  CHECK_THAT(to_text(change.progress.at("why_not")), Contains("too many connections"));
  change.recover();
  CHECK(change.result().as_prepared);
  CHECK(notes() == "1\n");
  SECTION("a crash of the server in between makes `committed` worth nothing") {
    server().crash();
    change.recover();
    CHECK_THAT(change.doubt().evidence, Contains("may have crashed"));
  }
}

TEST_CASE("a commit that was acknowledged survives the server's crash, also where the role does not wait for the disk") {
  make_restricted();
  Change change = as_role("lazy", inserts("INSERT INTO notes VALUES (1)"));
  change.run();
  server().crash();
  CHECK(change.result().as_prepared);
  CHECK(notes() == "1\n");
}

TEST_CASE("a crash of the server and of the engine together: done once, or undone, and nobody else's number") {
  fresh_table();
  Change change = deletes();
  const auto die =
      GENERATE(Change::Die::at_progress, Change::Die::in_statements, Change::Die::at_commit, Change::Die::after_commit);
  change.die = die;
  if (die == Change::Die::in_statements) change.fields = {{"script", "DELETE FROM reports; SELECT pg_sleep(5)"}};
  const bool done = die == Change::Die::after_commit;
  change.run();
  server().crash();
  for (int i = 0; i < 3; ++i) server().psql("INSERT INTO reports VALUES (9)");  // takes the numbers that were not written down
  change.recover();
  INFO("died at " << static_cast<int>(die));
  CHECK(change.result().as_prepared == done);
  CHECK(change.result().outcome == (done ? Outcome::completed : Outcome::not_started));
  CHECK(count() == (done ? "4\n" : "6\n"));
}

TEST_CASE("what answers from another server or another history is not believed") {
  struct Case {
    const char* name;
    const char* value;
    const char* evidence;
  };
  const auto c = GENERATE(values<Case>({
      {"system", "7000000000000000000", "another cluster answers"},
      {"timeline", "000000AA", "its timeline is 00000001, and was 000000AA"},
      {"server", "10.1.2.3:5432", "another server answers"},
      {"lsn", "FFFF/0", "set back"},
  }));
  fresh_table();
  Change change = deletes();
  change.die = Change::Die::after_commit;
  change.run();
  change.progress[c.name] = c.value;
  change.recover();
  CHECK_THAT(change.doubt().evidence, Contains(c.evidence));
  CHECK(change.doubt().facts.contains("now"));
}

TEST_CASE("a transaction that the server never began left nothing; one that it has forgotten is in doubt") {
  fresh_table();
  Change change = deletes();
  change.die = Change::Die::at_commit;
  change.run();
  change.progress["xid"] = "99999999";
  change.recover();
  CHECK(change.result().outcome == Outcome::not_started);
  SqlEvidence known;
  known.system = "7";
  known.timeline = "00000001";
  PostgresResult answer;
  answer.rows = {{"7", "00000001", "0/5", std::nullopt, "false", "true", std::nullopt, std::nullopt}};
  const auto status = status_of(known, answer);
  REQUIRE(status.has_value());
  CHECK(status->mismatch.empty());
  CHECK(status->status.empty());
}

TEST_CASE("a transaction that is open without a backend is in doubt") {
  fresh_table();
  // Which does not look for its client, and so is open for as long as this takes.
  Change change = inserts("SET LOCAL client_connection_check_interval = 0; DELETE FROM reports; SELECT pg_sleep(602)");
  change.die = Change::Die::in_statements;
  change.run();
  change.progress["pid"] = "1";
  change.recover();
  server().psql(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(602)' AND pid <> pg_backend_pid()");
  CHECK_THAT(change.doubt().evidence, Contains("prepared transaction"));
}

TEST_CASE("a connection that breaks at COMMIT is followed by a question, not by a guess") {
  server().psql(
      "DROP TABLE IF EXISTS slow; CREATE TABLE slow (n int);"
      "CREATE OR REPLACE FUNCTION takes_long() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(60); RETURN NULL; END $$;"
      "CREATE CONSTRAINT TRIGGER note AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION takes_long()");
  Change change = inserts("INSERT INTO slow VALUES (1)");
  std::thread killer;
  change.before_commit = [&] {
    killer = std::thread([pid = to_text(change.progress.at("pid"))] {
      wait_for_event(pid, "PgSleep");
      server().psql("SELECT pg_terminate_backend(" + pid + ")");
    });
  };
  change.run();
  killer.join();
  CHECK(change.result().outcome == Outcome::not_started);
  CHECK(server().psql("SELECT count(*) FROM slow") == "0\n");
}

TEST_CASE("a deadline during COMMIT: the server's answer counts") {
  server().psql(
      "DROP TABLE IF EXISTS slow; CREATE TABLE slow (n int);"
      "CREATE OR REPLACE FUNCTION takes_long() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(20); RETURN NULL; END $$;"
      "CREATE CONSTRAINT TRIGGER note AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION takes_long()");
  Change change = inserts("INSERT INTO slow VALUES (1)");
  change.within = 1500ms;
  change.run();
  CHECK(change.result().outcome == Outcome::timed_out);
  CHECK(change.result().remark == "rolled back");
  CHECK(server().psql("SELECT count(*) FROM slow") == "0\n");
}

TEST_CASE("a server that cannot be asked leaves it in doubt") {
  fresh_table();
  Change change = deletes();
  change.die = Change::Die::after_commit;
  change.run();
  change.connection = {{"host", "127.0.0.1"}, {"port", "1"}};
  change.cancel_after = {200ms, CancelReason::stop};  // not to wait a minute for it
  change.recover();
  CHECK_THAT(change.doubt().evidence, Contains("cannot be asked"));
}

TEST_CASE("outside a transaction: what cannot run in one does, and a lost engine is in doubt") {
  fresh_table();
  Change change = inserts("DELETE FROM reports WHERE n = 1; VACUUM reports");
  change.fields["transaction"] = "none";
  change.run();
  INFO(change.result().remark);
  CHECK(change.result().result.at("affected") == Value(1));
  CHECK(count() == "2\n");
  change.fields["script"] = "DELETE FROM reports WHERE n = 2; SELECT 1/0";
  change.run();
  CHECK_FALSE(change.result().clean);
  CHECK_THAT(change.result().remark, Contains("1 of 2 statements had run"));
  CHECK(count() == "1\n");
  change.fields["script"] = "SELECT pg_sleep(20)";
  change.within = 500ms;
  change.run();
  CHECK(change.result().outcome == Outcome::timed_out);
  change.within = 20s;
  change.die = Change::Die::at_start;
  change.progress.clear();
  change.recover();
  CHECK(change.result().outcome == Outcome::not_started);
  change.fields["script"] = "SELECT pg_sleep(1)";
  change.die = Change::Die::in_statements;
  change.run();
  change.recover();
  CHECK_THAT(change.doubt().evidence, Contains("nobody can tell"));
}

namespace {

// Every commit waits for a standby that does not exist, while this lives.
class MissingStandby {
 public:
  MissingStandby() { set("ALTER SYSTEM SET synchronous_standby_names = 'nobody'"); }
  MissingStandby(const MissingStandby&) = delete;
  MissingStandby& operator=(const MissingStandby&) = delete;
  ~MissingStandby() { set("ALTER SYSTEM RESET synchronous_standby_names"); }

 private:
  static void set(const std::string& statement) {
    server().psql(statement);
    server().psql("SELECT pg_reload_conf()");
    std::this_thread::sleep_for(300ms);  // until every process of the server has seen it
  }
};

}  // namespace

TEST_CASE("a COMMIT that waits for a standby, cut short: it is there, and the warning is kept") {
  fresh_table();
  Change change = deletes();
  {
    const MissingStandby standby;
    change.within = 3s;
    change.run();
  }
  CHECK(change.progress.at("proof") == Value("witness"));  // which waits for no standby
  CHECK(change.result().as_prepared);
  CHECK_THAT(change.result().remark, Contains("canceling wait for synchronous replication"));
  CHECK(count() == "1\n");
}

TEST_CASE("a COMMIT whose answer is lost is found done") {
  fresh_table();
  Change change = deletes();
  {
    const MissingStandby standby;
    std::thread killer;
    change.before_commit = [&] {
      killer = std::thread([pid = to_text(change.progress.at("pid"))] {
        wait_for_event(pid, "SyncRep");
        server().psql("SELECT pg_terminate_backend(" + pid + ")");
      });
    };
    change.run();
    killer.join();
  }
  CHECK(change.result().as_prepared);
  CHECK(count() == "1\n");
}
