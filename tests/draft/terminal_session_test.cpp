// What was copied from a terminal: which lines are commands, which were printed.
#include "draft/terminal_session.h"

#include <catch2/catch.hpp>

using namespace runbook::draft;

namespace {

// "3: command" for each line of the commands, "3> line" for what was printed; "-" where all of it is code.
std::string read(std::string_view code, std::string_view language) {
  const auto session = read_session(code, language, 1);
  if (!session) return "-";
  std::string out = session->is_sql ? "sql\n" : session->is_roots ? "root\n" : "";
  std::string_view rest = session->commands;
  for (const auto line : session->lines) {
    const auto end = rest.find('\n');
    REQUIRE(end != std::string_view::npos);
    out += std::to_string(line) + ": " + std::string(rest.substr(0, end)) + "\n";
    rest.remove_prefix(end + 1);
  }
  CHECK(rest.empty());
  for (const auto& said : session->printed) out += std::to_string(said.line) + "> " + said.text + "\n";
  return out;
}

}  // namespace

TEST_CASE("commands behind prompts, and what they printed") {
  struct Case {
    const char* language;
    const char* code;
    const char* read;
  };
  const auto c = GENERATE(values<Case>({
      {"console", "$ ls\na.txt\n\n$ pwd\n/x\n", "1: ls\n4: pwd\n2> a.txt\n5> /x\n"},
      {"console", "# systemctl stop collector\n# systemctl status collector\n",
       "root\n1: systemctl stop collector\n2: systemctl status collector\n"},
      {"terminal", "# systemctl status a\n● a.service\n", "root\n1: systemctl status a\n2> ● a.service\n"},
      {"", "# systemctl stop a\n", "root\n1: systemctl stop a\n"},
      {"console", "[root@db ~]# df -h\n/dev/a 1G\n[root@db ~]# \n", "1: df -h\n3: \n2> /dev/a 1G\n"},
      {"", "[me@db data]$ ls -l\n", "1: ls -l\n"},
      {"bash", "root@db:~# uptime\n up 1 day\n", "1: uptime\n2>  up 1 day\n"},
      {"sh", "me@web-1.x:/var/log$ ls\n", "1: ls\n"},
      {"console", "(venv) me@web:~$ ls\n", "1: ls\n"},
      // A command goes on: behind a backslash, within quotes, within a here-document.
      {"console", "$ kubectl get \\\n    pods\nno pods\n", "1: kubectl get \\\n2:     pods\n3> no pods\n"},
      {"console", "$ echo 'a\nb'\na\n", "1: echo 'a\n2: b'\n3> a\n"},
      {"console", "$ cat <<EOF\n> a\n> EOF\na\n", "1: cat <<EOF\n2: a\n3: EOF\n4> a\n"},
      {"console", "$ cat <<'EOF'\na\n\nEOF\na\n", "1: cat <<'EOF'\n2: a\n3: \n4: EOF\n5> a\n"},
      {"console", "$ diff a b\n1c1\n< a\n---\n> b\n", "1: diff a b\n2> 1c1\n3> < a\n4> ---\n5> > b\n"},
      // Beside other prompts `#` begins a comment, and so does a sentence behind it.
      {"console", "# stop it first\n$ systemctl stop a\n", "1: # stop it first\n2: systemctl stop a\n"},
      {"", "# 먼저 멈춘다\n$ systemctl stop a\n", "1: # 먼저 멈춘다\n2: systemctl stop a\n"},
      {"console", "# 먼저 멈춘다\n# systemctl stop a\n", "root\n1: # 먼저 멈춘다\n2: systemctl stop a\n"},
      {"console", "# 먼저 멈춘다\nsystemctl stop a\n", "-"},
      {"console", "# Stop it\nsystemctl stop a\n", "-"},
      {"console", "ls\n", "-"},
      {"bash", "# systemctl stop a\n", "-"},
      {"bash", "# stop it\nsystemctl stop a\n", "-"},
      {"", "# stop it\nsystemctl stop a\n", "-"},
      {"", "# 확인한다\n", "-"},
      {"bash", "ls\n$ x\n", "-"},
      {"bash", "[ -f a ] # there\n[[ -f b ]]\n$X\n", "-"},
      {"bash", "scp me@db:/a b\nfor x in a; do\n", "-"},
      // psql
      {"console", "mydb=# SELECT 1\nmydb-# FROM t;\n 1\n(1 row)\n", "sql\n1: SELECT 1\n2: FROM t;\n3>  1\n4> (1 row)\n"},
      {"sql", "mydb=> SELECT 1;\n", "sql\n1: SELECT 1;\n"},
      {"console", "$ psql mydb\nmydb=# SELECT 1;\n", "1: psql mydb\n2> mydb=# SELECT 1;\n"},
  }));
  INFO(c.language << ":\n" << c.code);
  CHECK(read(c.code, c.language) == c.read);
}
