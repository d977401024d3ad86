#include <fmt/core.h>
#include <signal.h>

#include <catch2/catch.hpp>

#include "net/net.h"
#include "net/postgres_value.h"
#include "tests/support/servers.h"

using namespace runbook;
using namespace runbook::tests;
using namespace std::chrono_literals;

namespace {

class Session {
 public:
  Session() : loop(make_loop()) {
    ::signal(SIGPIPE, SIG_IGN);
    const auto net = load_net();
    REQUIRE(net);
    postgres = (*net)->postgres(*loop);
  }
  Result<void, PostgresError> connect(std::map<std::string, std::string> parameters,
                                      std::vector<std::pair<std::string, std::string>> environment = {}) {
    Result<void, PostgresError> answer = failure(PostgresError{"no answer", {}, true});
    postgres->connect({std::move(parameters), std::move(environment), "runbook:test:step"}, [&](auto connected) {
      answer = connected;
      loop->stop();
    });
    loop->run();
    return answer;
  }
  Session& connected() {
    const auto& server = PostgresServer::get();
    const auto answer = connect({}, server.environment());
    INFO((answer ? "" : answer.error().sentence));
    REQUIRE(answer);
    return *this;
  }
  Result<PostgresResult, PostgresError> run(PostgresStatement statement) {
    Result<PostgresResult, PostgresError> answer = failure(PostgresError{"no answer", {}, true});
    postgres->run(std::move(statement), [&](auto result) {
      answer = std::move(result);
      loop->stop();
    });
    loop->run();
    return answer;
  }
  std::unique_ptr<Loop> loop;
  std::unique_ptr<Postgres> postgres;
};

std::string address() { return PostgresServer::get().value("PGHOST"); }
std::string port() { return PostgresServer::get().value("PGPORT"); }

}  // namespace

TEST_CASE("rows come typed") {
  Session session;
  session.connected();
  const auto result = session.run(
      {"select 1::smallint a, 2::int b, 3::bigint c, 1.5::float8 d, true e, null::int f, '{\"x\": [1, 2.5]}'::jsonb g, 42::numeric h, "
       "'2026-11-24 03:00'::timestamp i, '{1,2}'::int[] j, 'text' k, count(*) l, 'NaN'::float4 m, '6f1c9f0a-0000-4000-8000-000000000000'::uuid n",
       {}});
  REQUIRE(result);
  CHECK(result->affected == 1);
  const auto rows = rows_of(*result);
  REQUIRE(rows);
  const Value& row = rows->at(0);
  CHECK(*row.find("a") == Value(1));
  CHECK(*row.find("b") == Value(2));
  CHECK(*row.find("c") == Value(3));
  CHECK(*row.find("d") == Value(1.5));
  CHECK(*row.find("e") == Value(true));
  CHECK(row.find("f")->is_null());
  CHECK(*row.find("g")->find("x") == Value(Value::List{Value(1), Value(2.5)}));
  CHECK(*row.find("h") == Value(42.0));
  CHECK(*row.find("i") == Value("2026-11-24 03:00:00"));
  CHECK(*row.find("j") == Value("{1,2}"));
  CHECK(*row.find("k") == Value("text"));
  CHECK(*row.find("l") == Value(1));
  CHECK(row.find("m")->number() != nullptr);
}

TEST_CASE("two columns of one name cannot become a map") {
  Session session;
  session.connected();
  const auto result = session.run({"select 1 as n, 2 as n", {}});
  REQUIRE(result);
  const auto rows = rows_of(*result);
  REQUIRE_FALSE(rows);
  CHECK(rows.error() == "two columns are named `n`: name them apart with AS");
}

TEST_CASE("parameters are bound, never spliced, and keep their type") {
  Session session;
  session.connected();
  const auto evil = GENERATE(as<std::string>{}, "'; DROP TABLE t;--", "$(touch x)", "a\nb", "\\", "%0d%0a");
  const auto result = session.run(
      {"select $1 as t, $2 + 1 as n, pg_typeof($2)::text as type, $3 and true as b, 3 = any($4::int[]) as among, $5::jsonb->>'k' as j, repeat('x', $2) as r",
       {bind(Value(evil)), bind(Value(4)), bind(Value(true)), bind(Value(Value::List{Value(1), Value(3)})),
        bind(Value(Value::Map{{Value("k"), Value("v")}}))}});
  INFO((result ? "" : result.error().sentence));
  REQUIRE(result);
  const Value row = rows_of(*result)->at(0);
  CHECK(*row.find("t") == Value(evil));
  CHECK(*row.find("n") == Value(5));
  CHECK(*row.find("type") == Value("integer"));
  CHECK(*row.find("b") == Value(true));
  CHECK(*row.find("among") == Value(true));
  CHECK(*row.find("j") == Value("v"));
}

TEST_CASE("a zero byte in a parameter is an error, and the session goes on") {
  Session session;
  session.connected();
  const auto result = session.run({"select $1", {{0, std::string("a\0b", 3)}}});
  REQUIRE_FALSE(result);
  CHECK_THAT(result.error().sentence, Catch::Contains("zero byte"));
  CHECK(session.run({"select 1", {}}));
}

TEST_CASE("errors are sentences with SQLSTATE, and the session goes on") {
  Session session;
  session.connected();
  const auto missing = session.run({"select * from no_such_table", {}});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().sentence == "relation \"no_such_table\" does not exist (42P01)");
  CHECK(missing.error().sqlstate == "42P01");
  CHECK_FALSE(missing.error().lost);
  const auto two = session.run({"select 1; select 2", {}});
  REQUIRE_FALSE(two);
  CHECK_THAT(two.error().sentence, Catch::Contains("multiple commands"));
  CHECK_FALSE(session.run({"", {}}));
  CHECK(session.run({"select 1", {}}));
}

TEST_CASE("rows are capped by number and by bytes while they arrive, and the statement is stopped") {
  Session session;
  session.connected();
  struct Case {
    const char* text;
    const char* why;
  };
  const auto c =
      GENERATE(values<Case>({{"select generate_series(1, 1000000000) g", "more than 10000 rows"},
                             {"select repeat('x', 1000000), generate_series(1, 1000000) g", "more than 8388608 bytes"}}));
  const auto before = std::chrono::steady_clock::now();
  const auto result = session.run({c.text, {}});
  REQUIRE(result);
  CHECK(result->capped == c.why);
  CHECK(std::chrono::steady_clock::now() - before < 5s);
  const auto exact = session.run({"select g from generate_series(1, 10000) g", {}});
  REQUIRE(exact);
  CHECK(exact->capped.empty());
  CHECK(exact->rows.size() == 10000);
}

TEST_CASE("a statement of megabytes goes out while the server talks") {
  Session session;
  session.connected();
  const auto result = session.run({"select length($1) as n", {{0, std::string(std::size_t{8} << 20U, 'x')}}});
  REQUIRE(result);
  CHECK(*rows_of(*result)->at(0).find("n") == Value(8 << 20));
}

TEST_CASE("cancel stops a statement and leaves the session") {
  Session session;
  session.connected();
  const Timer timer = session.loop->at(session.loop->now() + 100ms, [&] { session.postgres->cancel(); });
  const auto result = session.run({"select pg_sleep(30)", {}});
  REQUIRE_FALSE(result);
  CHECK(result.error().sqlstate == "57014");
  CHECK(session.run({"select 1", {}}));
}

TEST_CASE("a lost server is an error that says so") {
  Session session;
  session.connected();
  const auto result = session.run({"select pg_terminate_backend(pg_backend_pid())", {}});
  REQUIRE_FALSE(result);
  CHECK(result.error().lost);
  const auto after = session.run({"select 1", {}});
  REQUIRE_FALSE(after);
  CHECK(after.error().lost);
}

TEST_CASE("COPY to the client is refused") {
  Session session;
  session.connected();
  const auto text = GENERATE("copy (select 1) to stdout", "copy pg_class from stdin");
  const auto result = session.run({text, {}});
  REQUIRE_FALSE(result);
}

TEST_CASE("failures to connect are one line with host, port and reason") {
  const auto refused = Session().connect({{"host", "127.0.0.1"}, {"port", "1"}, {"user", "x"}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().sentence == "connection to server at \"127.0.0.1\", port 1 failed: Connection refused");
  const auto unknown = Session().connect({{"host", "no-such-host.invalid"}, {"user", "x"}});
  REQUIRE_FALSE(unknown);
  CHECK_THAT(unknown.error().sentence, Catch::StartsWith("cannot resolve no-such-host.invalid: "));
  const auto password = Session().connect(
      {{"host", address()}, {"port", port()}, {"user", "runbook"}, {"password", "wrong"}, {"dbname", "postgres"}});
  REQUIRE_FALSE(password);
  CHECK_THAT(password.error().sentence, Catch::Contains("password authentication failed"));
  const auto keyword = Session().connect({{"no_such_keyword", "x"}});
  REQUIRE_FALSE(keyword);
  CHECK_THAT(keyword.error().sentence, Catch::Contains("no_such_keyword"));
  const auto tls = Session().connect(
      {{"host", address()}, {"port", port()}, {"user", "runbook"}, {"password", "secret"}, {"sslmode", "require"}});
  REQUIRE_FALSE(tls);
  CHECK_THAT(tls.error().sentence, Catch::Contains("SSL"));
}

TEST_CASE("hosts are resolved outside libpq: names, several hosts, several addresses, sockets, a service file") {
  const auto& server = PostgresServer::get();
  const std::map<std::string, std::string> login{
      {"user", "runbook"}, {"password", "secret"}, {"dbname", "postgres"}, {"port", port()}};
  const auto with = [&login](std::map<std::string, std::string> more) {
    more.insert(login.begin(), login.end());
    return more;
  };
  CHECK(Session().connect(with({{"host", "localhost"}})));  // ::1 first where there is one: the server listens on 127.0.0.1 only
  CHECK(Session().connect(with({{"host", "no-such-host.invalid,localhost"}})));
  CHECK(Session().connect(with({{"host", "127.0.0.1,127.0.0.1"}, {"port", "1," + port()}})));
  CHECK(Session().connect(with({{"host", "named-only"}, {"hostaddr", "127.0.0.1"}})));
  const std::string file = certificates() + "/pg_service.conf";
  output_of("printf '[here]\\nhost=localhost\\nport=" + port() + "\\ndbname=postgres\\nuser=runbook\\npassword=secret\\n' > " +
            file);
  ::setenv("PGSERVICEFILE", file.c_str(), 1);
  CHECK(Session().connect({{"service", "here"}}));
  CHECK(Session().connect({}, {{"PGSERVICE", "here"}}));
  CHECK_FALSE(Session().connect({{"service", "not_here"}}));
  ::unsetenv("PGSERVICEFILE");
  CHECK(Session().connect({}, server.environment()));
}

TEST_CASE("a session may be dropped at any moment") {
  PostgresServer::get();
  for (int step = 0; step < 40; ++step) {
    Session session;
    session.postgres->connect({{}, PostgresServer::get().environment(), "runbook:test:drop"},
                              [&](Result<void, PostgresError> connected) {
                                if (connected)
                                  session.postgres->run({"select pg_sleep(0.05)", {}}, [&](auto) { session.loop->stop(); });
                              });
    const Timer timer = session.loop->at(session.loop->now() + step * 1ms, [&] {
      session.postgres->cancel();
      session.postgres.reset();
    });
    session.loop->run();
  }
}

TEST_CASE("notices are kept, and the name of the session is seen by the server") {
  Session session;
  session.connected();
  CHECK(session.run({"do $$ begin raise warning 'mind the gap'; end $$", {}}));
  CHECK(session.postgres->notices() == std::vector<std::string>{"WARNING:  mind the gap"});
  const auto name = session.run({"select current_setting('application_name') as name", {}});
  REQUIRE(name);
  CHECK(*rows_of(*name)->at(0).find("name") == Value("runbook:test:step"));
  CHECK(session.postgres->server_version() >= 130000);
}
