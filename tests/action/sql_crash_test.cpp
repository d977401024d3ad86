// The server ends without a checkpoint in the middle of a changing `sql` step, the engine with it or not; numbers of
// transactions are given out again afterwards.
#include <atomic>
#include <catch2/catch.hpp>

#include "tests/action/driven_change.h"
#include "tests/support/postgres_relay.h"

using namespace runbook;
using namespace runbook::tests;
using Catch::Contains;
using Fate = PostgresRelay::Fate;
using Die = DrivenChange::Die;

namespace {

const PostgresServer& server() { return PostgresServer::get(); }
std::string effects() { return server().psql("SELECT count(*) FROM effects"); }

DrivenChange two_inserts() {
  DrivenChange change;
  change.fields = {{"script", "INSERT INTO effects VALUES (1); INSERT INTO effects VALUES (2)"}};
  return change;
}

// Commits of somebody else until the number is theirs.
void give_away(const std::string& xid, const PostgresServer& at) {
  at.psql("DO $$ DECLARE mine text; BEGIN LOOP mine := pg_current_xact_id()::text; COMMIT; EXIT WHEN mine::bigint >= " + xid +
          "; END LOOP; END $$");
}

}  // namespace

TEST_CASE("the server crashes at any statement, the engine with it or not: the change is there once or not at all") {
  server().psql(
      "DROP TABLE IF EXISTS effects; CREATE TABLE effects (n int);"
      "DROP TABLE IF EXISTS others; CREATE TABLE others (n int)");
  std::vector<std::string> protocol;
  {
    const PostgresRelay relay(
        std::stoi(server().port()),
        [&](const std::string& statement) {
          protocol.push_back(statement);
          return Fate::pass;
        },
        [] {});
    DrivenChange change = two_inserts();
    change.reach("PGPORT", std::to_string(relay.port()));
    change.run();
    REQUIRE(change.result().as_prepared);
    REQUIRE(change.progress.at("proof") == Value("witness"));
  }
  REQUIRE(protocol.size() >= 9);
  REQUIRE(protocol.back() == "COMMIT");

  int done = 0, undone = 0;
  for (std::size_t at = 0; at < protocol.size(); ++at) {
    for (const Fate fate : {Fate::cut_before, Fate::cut_after}) {
      for (const bool engine_dies : {false, true}) {
        INFO((fate == Fate::cut_before ? "before " : "after ") << protocol[at] << (engine_dies ? ", engine too" : ""));
        server().psql("TRUNCATE effects");
        std::size_t seen = 0;
        std::atomic<bool> crashing = false, crashed = false;
        const PostgresRelay relay(
            std::stoi(server().port()), [&](const std::string&) { return seen++ == at ? fate : Fate::pass; },
            [&] {
              crashing = true;
              server().crash();
              crashed = true;
              crashed.notify_all();
            });
        DrivenChange change = two_inserts();
        change.reach("PGPORT", std::to_string(relay.port()));
        if (engine_dies) change.dies_when = [&] { return crashing.load(); };
        change.run();
        if (engine_dies) {
          REQUIRE_FALSE(change.end.has_value());
          crashed.wait(false);
          server().psql("INSERT INTO others VALUES (7); INSERT INTO others VALUES (8); INSERT INTO others VALUES (9)");
          change.recover();
        }
        REQUIRE_FALSE(change.is_in_doubt());
        INFO(change.result().remark);
        const bool committed = change.result().as_prepared;
        CHECK(effects() == (committed ? "2\n" : "0\n"));
        CHECK(committed == (fate == Fate::cut_after && at + 1 == protocol.size()));
        ++(committed ? done : undone);
      }
    }
  }
  CHECK(done == 2);
  CHECK(undone == static_cast<int>(protocol.size()) * 4 - 2);
}

TEST_CASE("a number that the crashed server gives to somebody else is not taken for ours") {
  server().psql("DROP TABLE IF EXISTS effects; CREATE TABLE effects (n int)");
  // What happens to a number without a witness: the danger is real on this server.
  const std::string unwitnessed = server().psql("CHECKPOINT; BEGIN; SELECT pg_current_xact_id()");
  const std::string open = unwitnessed.substr(0, unwitnessed.find('\n'));
  server().crash();
  give_away(open, server());
  CHECK(server().psql("SELECT pg_xact_status('" + open + "')") == "committed\n");

  const auto die = GENERATE(Die::at_progress, Die::at_commit);
  DrivenChange change = two_inserts();
  change.die = die;
  change.run();
  REQUIRE(change.progress.at("proof") == Value("witness"));
  server().crash();
  give_away(std::to_string(std::stoll(to_text(change.progress.at("xid"))) + 3), server());
  change.recover();
  CHECK(change.result().outcome == Outcome::not_started);
  CHECK(effects() == "0\n");
}

namespace {

// The server has two places for ordinary roles: with one taken there is one for the change and none for its witness.
struct FullServer {
  PostgresServer server{"max_connections=5 superuser_reserved_connections=3 max_wal_senders=0"};
  FullServer() {
    server.psql("CREATE TABLE effects (n int); GRANT ALL ON effects TO PUBLIC; CREATE ROLE plain LOGIN PASSWORD 'secret'");
  }
  void take_a_place() const {
    std::string command;
    for (const auto& [name, value] : server.environment()) command += name + "='" + (name == "PGUSER" ? "plain" : value) + "' ";
    output_of(command + "psql -X -q -c 'SELECT pg_sleep(600)' >/dev/null 2>&1 & true");
    while (server.psql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'plain'") == "0\n") {}
  }
  DrivenChange run_change(Die die) const {
    DrivenChange change = two_inserts();
    change.reach(server);
    change.reach("PGUSER", "plain");
    change.die = die;
    do change.run();
    while (change.progress.empty());  // a session's place is taken for a moment after its end
    REQUIRE(change.progress.at("proof") == Value("statistics"));
    return change;
  }
};

}  // namespace

TEST_CASE("no place for a second connection: once all the same, and in doubt only after a crash of the server") {
  const FullServer full;
  full.take_a_place();
  const DrivenChange change = full.run_change(Die::never);
  CHECK_THAT(to_text(change.progress.at("why_not")), Contains("remaining connection slots") || Contains("too many clients"));
  CHECK(change.result().as_prepared);
  CHECK(full.server.psql("SELECT count(*) FROM effects") == "2\n");

  for (const auto& [die, done] : {std::pair(Die::at_progress, false), {Die::at_commit, false}, {Die::after_commit, true}}) {
    full.server.psql("TRUNCATE effects");
    DrivenChange lost = full.run_change(die);
    lost.recover();
    CHECK(lost.result().as_prepared == done);
    CHECK(full.server.psql("SELECT count(*) FROM effects") == (done ? "2\n" : "0\n"));
  }

  // Its number is somebody else's now, who has committed: only the statistics tell.
  full.server.psql("TRUNCATE effects; CHECKPOINT");
  DrivenChange lost = full.run_change(Die::at_commit);
  full.server.crash();
  give_away(to_text(lost.progress.at("xid")), full.server);
  CHECK(full.server.psql("SELECT pg_xact_status('" + to_text(lost.progress.at("xid")) + "')") == "committed\n");
  lost.recover();
  REQUIRE(lost.is_in_doubt());
  CHECK_THAT(lost.doubt().evidence, Contains("may have crashed"));
}

TEST_CASE("an acknowledged commit survives the server's crash where the database, or the role, does not wait for the disk") {
  server().psql(
      "DROP DATABASE IF EXISTS relaxed; CREATE DATABASE relaxed; ALTER DATABASE relaxed SET synchronous_commit = off;"
      "DROP ROLE IF EXISTS relaxed; CREATE ROLE relaxed LOGIN PASSWORD 'secret'; ALTER ROLE relaxed SET synchronous_commit = off");
  const auto& [role, database] = GENERATE(
      values<std::pair<std::string, std::string>>({{"runbook", "relaxed"}, {"relaxed", "postgres"}, {"relaxed", "relaxed"}}));
  server().psql("\\c " + database +
                "\nDROP TABLE IF EXISTS effects; CREATE TABLE effects (n int); GRANT ALL ON effects TO PUBLIC");
  for (int i = 1; i <= 3; ++i) {
    DrivenChange change = two_inserts();
    change.reach("PGUSER", role);
    change.reach("PGDATABASE", database);
    change.run();
    server().crash();
    CHECK(change.result().as_prepared);
    CHECK(server().psql("\\c " + database + "\nSELECT count(*) FROM effects") == std::to_string(2 * i) + "\n");
  }
}

TEST_CASE("a COMMIT that is answered with ROLLBACK has changed nothing, and is no success") {
  server().psql("DROP TABLE IF EXISTS effects; CREATE TABLE effects (n int)");
  const PostgresRelay relay(
      std::stoi(server().port()),
      [](const std::string& statement) { return statement == "COMMIT" ? Fate::rollback_instead : Fate::pass; }, [] {});
  DrivenChange change = two_inserts();
  change.reach("PGPORT", std::to_string(relay.port()));
  change.run();
  CHECK_FALSE(change.result().as_prepared);
  CHECK_FALSE(change.result().clean);
  CHECK_THAT(change.result().remark, Contains("rolled back instead of committing"));
  CHECK(effects() == "0\n");
}
