#include "base/sql_text.h"

#include <catch2/catch.hpp>

using namespace runbook;

TEST_CASE("statements are split where the server would") {
  struct Case {
    const char* script;
    std::vector<std::string> statements;
  };
  const auto c = GENERATE(values<Case>({
      {"", {}},
      {" ; ;-- only\n/* comments */;", {}},
      {"a; b", {"a", "b"}},
      {"select ';'; x", {"select ';'", "x"}},
      {"select 'it''s;'; x", {"select 'it''s;'", "x"}},
      {"select E'\\';'; x", {"select E'\\';'", "x"}},
      {"select '\\'; x", {"select '\\'", "x"}},
      {"select \"a;b\"; x", {"select \"a;b\"", "x"}},
      {"do $$ ; $$; x", {"do $$ ; $$", "x"}},
      {"do $a$ $$;$b$; $a$; x", {"do $a$ $$;$b$; $a$", "x"}},
      {"select $1;x", {"select $1", "x"}},
      {"select a$b$c; x", {"select a$b$c", "x"}},
      {"/* ; /* ; */ ; */ a; b", {"a", "b"}},
      {"a -- ;\n, c; b", {"a -- ;\n, c", "b"}},
      {"create rule r as on insert to t do (a; b); x", {"create rule r as on insert to t do (a; b)", "x"}},
      {"create function f() returns int begin atomic select 1; select case when true then 2 end; end; x",
       {"create function f() returns int begin atomic select 1; select case when true then 2 end; end", "x"}},
      {"select case when a then b end; x", {"select case when a then b end", "x"}},
      {"select 'open", {"select 'open"}},
  }));
  CHECK(split_statements(c.script) == c.statements);
}

TEST_CASE("transaction control is recognised, and what only resembles it is not") {
  for (const auto* text :
       {"commit", "BEGIN WORK", "/* a */ -- b\n Rollback to s", "end", "abort", "start transaction", "prepare p as select 1"}) {
    CHECK_FALSE(transaction_control(text).empty());
  }
  CHECK(transaction_control("set /* */ local transaction read write") == "SET TRANSACTION");
  CHECK(transaction_control("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE") == "SET SESSION CHARACTERISTICS");
  for (const auto* text : {"select commit", "set local x = 1", "committed", "savepoint s", "values ('commit')",
                           "set session my.transaction = 1", ""}) {
    CHECK(transaction_control(text).empty());
  }
}

TEST_CASE("a comment ends with its line, and none begins in a literal") {
  struct Case {
    const char* script;
    std::vector<std::string_view> comments;
  };
  const auto c = GENERATE(values<Case>({
      {"a - b", {}},
      {"a -- b\n, c --", {"-- b", "--"}},
      {"'-- a' \"-- b\" $$ -- c $$ /* -- d */ E'\\' -- e' -- f", {"-- f"}},
  }));
  CHECK(line_comments(c.script) == c.comments);
}

TEST_CASE("the highest parameter of a statement is found, wherever it stands") {
  struct Case {
    const char* statement;
    std::size_t highest;
  };
  const auto c = GENERATE(values<Case>({
      {"SELECT 1", 0},
      {"SELECT $2 + $1", 2},
      {"SELECT f($12)::text||$3", 12},
      {"SELECT '$1', \"$2\", a$3, $$ $4 $$, $a$ $5 $a$ -- $6\n /* $7 */", 0},
      {"SELECT $99999999999999999999999", 65'535},
  }));
  CHECK(highest_parameter(c.statement) == c.highest);
}
