#include "action/sql.h"

#include <fmt/core.h>

#include "tests/action/network_attempt.h"
#include "tests/support/servers.h"

using namespace runbook;
using namespace runbook::tests;
using namespace std::chrono_literals;

namespace {

AttemptResult run(NetworkAttempt attempt) {
  if (attempt.connection.empty()) attempt.environment = PostgresServer::get().environment();
  const auto executor = make_sql_executor();
  return attempt.run(*executor);
}
AttemptResult query(const std::string& text) { return run({.fields = {{"query", text}}}); }
AttemptResult script(const std::string& text) { return run({.fields = {{"script", text}}}); }

const Value& first_row(const AttemptResult& result) {
  INFO(result.remark);
  REQUIRE(result.result.contains("rows"));
  REQUIRE(result.result.at("rows").list()->size() == 1);
  return result.result.at("rows").list()->at(0);
}

std::vector<std::string> codes_of(const Fields& fields) {
  Diagnostics wrong;
  sql_kind.check(fields, {}, wrong);
  std::vector<std::string> codes;
  for (const Diagnostic& each : wrong) codes.push_back(each.code);
  return codes;
}

}  // namespace

TEST_CASE("a query gives rows, affected and duration") {
  const AttemptResult result = query("SELECT count(*) AS n FROM generate_series(1, 5)");
  CHECK(result.outcome == Outcome::completed);
  CHECK(*first_row(result).find("n") == Value(5));
  CHECK(result.result.at("affected") == Value(1));
  CHECK(result.result.at("duration").duration() != nullptr);
  CHECK(result.unreadable.empty());
  CHECK(query("SELECT 1 AS a WHERE false").result.at("rows").list()->empty());
}

TEST_CASE("params keep their types") {
  const AttemptResult result = run({.fields = {{"query", "SELECT $1 + 1 AS n, $2 AS t, $3::text IS NULL AS none"},
                                               {"params", Value::List{Value(41), Value("'; DROP TABLE x;--"), Value()}}}});
  CHECK(*first_row(result).find("n") == Value(42));
  CHECK(*first_row(result).find("t") == Value("'; DROP TABLE x;--"));
  CHECK(*first_row(result).find("none") == Value(true));
}

TEST_CASE("a script runs statement by statement; the rows are those of the last that gave some") {
  const AttemptResult result = script(
      "CREATE TEMP TABLE t (n int);\nINSERT INTO t VALUES (1), (2); -- two; rows\nSELECT sum(n) AS total FROM t;\nDO $$ BEGIN; END $$;");
  INFO(result.remark);
  CHECK(result.unreadable.count("rows") == 1);  // temporary tables cannot be made in a read-only transaction
  const AttemptResult reads = script("SELECT 1 AS a;\n/* ; */ SELECT ';' AS b; DO $$ BEGIN PERFORM 1; END $$;");
  CHECK(*first_row(reads).find("b") == Value(";"));
  CHECK(reads.result.at("affected") == Value(2));
}

TEST_CASE("a file's statements are read when the attempt starts") {
  output_of("printf 'SELECT 7 AS seven;' > " + certificates() + "/statements.sql");
  CHECK(*first_row(run({.fields = {{"file", certificates() + "/statements.sql"}}})).find("seven") == Value(7));
  const AttemptResult missing = run({.fields = {{"file", "no/such.sql"}}});
  CHECK(missing.outcome == Outcome::could_not_start);
  CHECK_THAT(missing.remark, Catch::Contains("/tmp/no/such.sql"));
}

TEST_CASE("the transaction is read-only, its settings are its own, and the server knows run and step") {
  CHECK(*first_row(query("SHOW transaction_read_only")).find("transaction_read_only") == Value("on"));
  CHECK(*first_row(query("SELECT current_setting('application_name') AS name")).find("name") ==
        Value("runbook:k7f3:checks/step"));
  const AttemptResult timeout =
      query("SELECT setting::int BETWEEN 15000 AND 21000 AS near FROM pg_settings WHERE name = 'statement_timeout'");
  CHECK(*first_row(timeout).find("near") == Value(true));
}

TEST_CASE("there is no way to write through a step that only reads") {
  const auto& server = PostgresServer::get();
  server.psql(
      "DROP TABLE IF EXISTS victim; CREATE TABLE victim (n int); DROP SEQUENCE IF EXISTS counter; CREATE SEQUENCE counter;\n"
      "CREATE OR REPLACE PROCEDURE commits() LANGUAGE plpgsql AS $$ BEGIN COMMIT; SET TRANSACTION READ WRITE; INSERT INTO victim VALUES (1); COMMIT; END $$;\n"
      "CREATE OR REPLACE FUNCTION loosens() RETURNS int LANGUAGE plpgsql AS $$ BEGIN SET LOCAL transaction_read_only = off; INSERT INTO victim VALUES (1); RETURN 1; END $$;\n"
      "CREATE OR REPLACE FUNCTION resets() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RESET transaction_read_only; INSERT INTO victim VALUES (1); RETURN 1; END $$;\n"
      "CREATE OR REPLACE FUNCTION set_in_header() RETURNS int LANGUAGE sql SET transaction_read_only = off AS $$ INSERT INTO victim VALUES (1) RETURNING n $$;");
  const auto text = GENERATE(
      "INSERT INTO victim VALUES (1)",  // plainly
      "SET TRANSACTION READ WRITE; INSERT INTO victim VALUES (1)",
      "SET LOCAL TRANSACTION READ WRITE; INSERT INTO victim VALUES (1)",
      "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE; INSERT INTO victim VALUES (1)",
      "SET transaction_read_only = off; INSERT INTO victim VALUES (1)",
      "SET LOCAL transaction_read_only = off; INSERT INTO victim VALUES (1)",
      "SET \"transaction_read_only\" TO off; INSERT INTO victim VALUES (1)",
      "RESET transaction_read_only; INSERT INTO victim VALUES (1)", "RESET ALL; INSERT INTO victim VALUES (1)",
      "RESET \"transaction_read_only\"; SELECT nextval('counter')",  // a sequence's step is never rolled back
      "SET transaction_read_only TO DEFAULT; SELECT nextval('counter')",
      "SET LOCAL transaction_read_only = DEFAULT; SELECT nextval('counter')",
      "SELECT set_config('transaction_read_only', NULL, true); SELECT nextval('counter')",
      "SELECT resets(); SELECT nextval('counter')",
      "DO $$ BEGIN RESET transaction_read_only; INSERT INTO victim VALUES (1); END $$", "SELECT resets()",
      "DISCARD ALL; INSERT INTO victim VALUES (1)",
      "SELECT set_config('transaction_read_only', 'off', true); INSERT INTO victim VALUES (1)",
      "SELECT set_config('transaction_read_only', 'off', false); INSERT INTO victim VALUES (1)",
      "UPDATE pg_settings SET setting = 'off' WHERE name = 'transaction_read_only'; INSERT INTO victim VALUES (1)",
      "BEGIN; INSERT INTO victim VALUES (1); COMMIT", "COMMIT; INSERT INTO victim VALUES (1)",
      "/* x */ -- y\n cOmMiT; INSERT INTO victim VALUES (1)", "ROLLBACK; INSERT INTO victim VALUES (1)",
      "END; INSERT INTO victim VALUES (1)", "ABORT AND CHAIN; INSERT INTO victim VALUES (1)",
      "START TRANSACTION READ WRITE; INSERT INTO victim VALUES (1)", "PREPARE TRANSACTION 'x'; INSERT INTO victim VALUES (1)",
      "SAVEPOINT s; SET transaction_read_only = off; INSERT INTO victim VALUES (1); RELEASE s",
      "DO $$ BEGIN COMMIT; INSERT INTO victim VALUES (1); END $$",
      "DO $$ BEGIN SET LOCAL transaction_read_only = off; INSERT INTO victim VALUES (1); END $$",
      "DO $$ BEGIN EXECUTE 'COMMIT'; EXECUTE 'INSERT INTO victim VALUES (1)'; END $$", "CALL commits()", "SELECT loosens()",
      "SELECT set_in_header()", "WITH w AS (INSERT INTO victim VALUES (1) RETURNING n) SELECT n FROM w", "COPY victim FROM STDIN",
      "SELECT nextval('counter')",
      "SELECT 1 AS \"\\\"; COMMIT; INSERT INTO victim VALUES (1); --\"; INSERT INTO victim VALUES (1)",
      "SELECT E'\\'; COMMIT; INSERT INTO victim VALUES (1); --'; INSERT INTO victim VALUES (1)", "CREATE TABLE other (n int)",
      "EXPLAIN ANALYZE INSERT INTO victim VALUES (1)");
  const AttemptResult result = script(text);
  INFO(text);
  INFO(result.remark);
  CHECK_FALSE(result.remark.empty());
  CHECK((result.outcome == Outcome::could_not_start || result.unreadable.count("affected") == 1));
  CHECK(server.psql("SELECT count(*), (SELECT is_called FROM counter), to_regclass('other') IS NULL FROM victim") == "0|f|t\n");
}

TEST_CASE("several statements in a query are refused before anything is sent, and by the server too") {
  const AttemptResult result = query("SELECT 1; SELECT 2");
  CHECK(result.outcome == Outcome::could_not_start);
  CHECK(result.remark == "`query` is one statement, this holds 2: use `script`");
}

TEST_CASE("an error makes everything unreadable and says which statement it was") {
  const AttemptResult missing = query("SELECT * FROM no_such_table");
  CHECK(missing.outcome == Outcome::completed);
  CHECK(missing.remark == "relation \"no_such_table\" does not exist (42P01)");
  CHECK(missing.unreadable.at("rows") == missing.remark);
  CHECK(missing.unreadable.at("affected") == missing.remark);
  CHECK(script("SELECT 1; SELECT 1/0").remark == "statement 2: division by zero (22012)");
}

TEST_CASE("who cannot be reached is no data, not a failure to start") {
  const AttemptResult refused =
      run({.fields = {{"query", "SELECT 1"}}, .connection = {{"host", "127.0.0.1"}, {"port", 1}, {"user", "x"}}});
  CHECK(refused.outcome == Outcome::completed);
  CHECK(refused.remark == "connection to server at \"127.0.0.1\", port 1 failed: Connection refused");
  CHECK(refused.unreadable.count("rows") == 1);
  CHECK(run({.fields = {{"query", "SELECT pg_terminate_backend(pg_backend_pid())"}}}).unreadable.count("rows") == 1);
}

TEST_CASE("the deadline ends connecting and running, and the server stops working") {
  const SilentPort silent;
  const AttemptResult unconnected = run({.fields = {{"query", "SELECT 1"}},
                                         .connection = {{"host", "127.0.0.1"}, {"port", silent.port()}, {"user", "x"}},
                                         .within = 200ms});
  CHECK(unconnected.outcome == Outcome::timed_out);
  CHECK(unconnected.remark == "not connected in time");
  CHECK(run({.fields = {{"query", "SELECT pg_sleep(30) AS pause_for_deadline"}}, .within = 300ms}).outcome == Outcome::timed_out);
  CHECK(
      run({.fields = {{"query", "SELECT pg_sleep(30) AS pause_for_stop"}}, .cancel_after = std::pair{300ms, CancelReason::stop}})
          .outcome == Outcome::cancelled);
  const auto still_working = [] {
    return PostgresServer::get().psql(
               "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pause_for_%' AND pid <> pg_backend_pid() AND state = 'active'") !=
           "0\n";
  };
  const auto patience = std::chrono::steady_clock::now() + 10s;  // not the thirty of the statements
  while (still_working() && std::chrono::steady_clock::now() < patience) {}
  CHECK_FALSE(still_working());
}

TEST_CASE("more than ten thousand rows are no data") {
  const AttemptResult result = query("SELECT generate_series(1, 100000000) AS n");
  CHECK(result.outcome == Outcome::completed);
  CHECK(result.unreadable.at("rows") == "more than 10000 rows");
  CHECK(result.unreadable.at("affected") == "more than 10000 rows");
  CHECK(result.remark == "the statement gives more than 10000 rows: add a LIMIT");
  CHECK_FALSE(result.result.contains("rows"));
}

TEST_CASE("a reading attempt that an engine left behind is simply done again") {
  CHECK(run({.fields = {{"query", "SELECT 1"}}, .recovered = true}).outcome == Outcome::not_started);
}

TEST_CASE("notices of the server are facts of the attempt") {
  const AttemptResult result = script("DO $$ BEGIN RAISE WARNING 'mind the gap'; END $$; SELECT 1 AS a");
  CHECK(result.facts.at("notices") == Value(Value::List{Value("WARNING:  mind the gap")}));
}

TEST_CASE("the keys of sql are checked together") {
  const Field code = literal("SELECT 1");
  const Fields good{{"db", literal("main")}, {"query", code}, {"params", literal(1)}};
  CHECK(codes_of(good).empty());
  CHECK(codes_of({{"script", literal("SELECT 1; SELECT 2;")}}).empty());
  CHECK(codes_of({}) == std::vector<std::string>{"RB610"});
  CHECK(codes_of({{"query", literal(" -- nothing\n")}}) == std::vector<std::string>{"RB610"});
  CHECK(codes_of({{"query", code}, {"script", code}}) == std::vector<std::string>{"RB611"});
  CHECK(codes_of({{"script", code}, {"params", literal(1)}}) == std::vector<std::string>{"RB612"});
  CHECK(codes_of({{"query", code}, {"transaction", literal("all")}}) == std::vector<std::string>{"RB613"});
  CHECK(codes_of({{"query", literal("SELECT 1; SELECT 2")}}) == std::vector<std::string>{"RB614"});
  CHECK(codes_of({{"script", literal("BEGIN; SELECT 1")}}) == std::vector<std::string>{"RB615"});
  CHECK(sql_kind.effect(good) == Effect::reads);
  CHECK(sql_kind.effect({{"query", code}, {"transaction", literal("none")}}) == Effect::changes);
  CHECK(sql_kind.describe({{"db", "main"}, {"query", "SELECT 1\n   FROM t\n"}}) == "main: SELECT 1 FROM t");
}
