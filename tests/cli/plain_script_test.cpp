// What is called plain is put before neither a shell nor shellcheck: so they must have nothing to say about any of it.
#include "cli/plain_script.h"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <cstdlib>
#include <random>
#include <set>
#include <sstream>
#include <utility>

#include "tests/support/command.h"

namespace runbook::testing {
namespace {

bool is_plain(std::string_view script) {
  const std::set<std::string, std::less<>> names{"tag",      "place",  "TOKEN",     "db_host",
                                                 "HOSTNAME", "RANDOM", "BASH_ARGV", "PIPESTATUS"};
  return is_plain_script(script, [&](std::string_view name) { return names.contains(name); });
}

// Scripts of pieces that belong together more often than not.
class Author {
 public:
  explicit Author(std::uint32_t seed) : random_(seed) {}

  std::string script() {
    std::string out;
    const auto commands = 1 + below(5);
    for (std::size_t i = 0; i < commands; ++i) {
      if (once_in(8)) out += one_of(comments_);
      out += command();
      if (once_in(4)) out += redirection();
      out += i + 1 == commands ? one_of({"", "", "\n", " \\\n", " # then", ";", "\n\n"}) : one_of(joints_);
    }
    if (once_in(12)) out.insert(below(out.size() + 1), one_of(odd_));
    return out;
  }

 private:
  using Pool = std::vector<const char*>;
  std::size_t below(std::size_t limit) { return random_() % limit; }
  bool once_in(std::size_t times) { return below(times) == 0; }
  std::string one_of(const Pool& pool) { return pool[below(pool.size())]; }

  std::string command() {
    std::string out = once_in(6) ? one_of(others_) : one_of(commands_);
    const auto words = below(5);
    for (std::size_t i = 0; i < words; ++i) out += (once_in(15) ? " \\\n  " : " ") + word();
    return out;
  }
  std::string word() {
    switch (below(10)) {
      case 0: return one_of(odd_words_);
      case 1: return one_of(plain_) + one_of(quoted_);
      case 2: return one_of(quoted_) + one_of(plain_);
      case 3: return once_in(4) ? one_of(quoted_) + one_of(plain_) + one_of(quoted_) : one_of(others_);
      case 4:
      case 5:
      case 6: return one_of(quoted_);
      default: return one_of(plain_);
    }
  }
  std::string redirection() {
    return one_of(once_in(5) ? Pool{" 2>&1 >/tmp/x", " > 3", " > cat", " <in", " >/a >/b", " >/dev/tcp/a/1", " &>/x", " >&2 2>/e",
                                    " 2>/e >&2", " >plain", " > \"cat\"", " > '2'", "2>/x", " 12>/x", " >| /x", " >/a b", " <<E",
                                    " >&/x"}
                             : Pool{" >/dev/null", " > /tmp/a", " >> ./log 2>&1", " 2>/dev/null", " >&2", " 1>&2",
                                    " > \"$place\"", " > \"$place/a\" 2>/tmp/b", " 2>&1", " 2>>/x", " >/x/y", " > plain/a"});
  }

  std::mt19937 random_;
  const Pool commands_{"echo",
                       "kubectl",
                       "true",
                       "false",
                       ":",
                       "curl",
                       "systemctl",
                       "psql",
                       "test",
                       "./scripts/smoke.sh",
                       "/usr/bin/env",
                       "git",
                       "cat",
                       "sleep",
                       "jq",
                       "sed",
                       "awk",
                       "head",
                       "tail",
                       "sort",
                       "tee",
                       "ls",
                       "ps",
                       "df",
                       "mkdir",
                       "mkdir -p",
                       "touch",
                       "docker",
                       "aws",
                       "helm",
                       "timeout 5 curl",
                       "nohup run-it",
                       "bash",
                       "sh -c",
                       "env",
                       "test -f",
                       "test -d",
                       "test -n",
                       "gzip",
                       "tar",
                       "ansible-playbook",
                       "terraform",
                       "date",
                       "rsync",
                       "chown",
                       "wc -l",
                       "cut",
                       "base64",
                       "openssl",
                       "pg_dump",
                       "mysql",
                       "uniq",
                       "seq",
                       "dirname",
                       "basename",
                       "mktemp",
                       "hostname",
                       "pwd",
                       "nc",
                       "ping",
                       "dig",
                       "tput",
                       "nice",
                       "make",
                       "python3",
                       "file"};
  const Pool others_{"cd",      "rm",      "find",    "grep",       "egrep",    "tr",    "trap", "exit",   "return",   "printf",
                     "read",    "set",     "unset",   "export",     "declare",  "local", "let",  "alias",  "eval",     "source",
                     ".",       "su",      "sudo",    "ssh",        "expr",     "mv",    "cp",   "ln",     "chmod",    "xargs",
                     "kill",    "time",    "which",   "tempfile",   "getopts",  "[",     "[[",   "if",     "then",     "do",
                     "done",    "fi",      "for",     "while",      "in",       "{",     "}",    "!",      "exec",     "command",
                     "builtin", "busybox", "break",   "continue",   "wait",     "hash",  "type", "umask",  "ulimit",   "pushd",
                     "shopt",   "a=b",     "a",       "\"quoted\"", "-x",       "foo,",  "a:b",  "dir/",   "b.",       "=x",
                     "9",       "_a",      "../x/rm", "/bin/echo",  "~/x",      "한글",  "case", "select", "function", "coproc",
                     "enable",  "dirs",    "suspend", "run",        "readonly", "jobs",  "fg",   "times",  "logout",   "mapfile",
                     "help"};
  const Pool plain_{"x",  "get", "pods",   "-n",     "-",    "--",        "--tail=5", "a=b",    "x,y",
                    "10", "0.5", "/etc/x", "./y",    "a:b",  "user@host", "%h",       "+x",     "http://host:80/a",
                    "-p", "-f",  "-e",     "-m",     "=",    "==",        "+=",       "+",      "a-z",
                    "@",  ",",   ":",      "end",    "..",   "/",         "ns/x.y",   "-lt",    "!=",
                    "-a", "-o",  "-eq",    "v5.3.0", "key=", "-exec",     "A",        "one/cat"};
  const Pool quoted_{"\"$place\"",
                     "\"$tag\"",
                     "\"${tag}\"",
                     "\"deployment/$tag\"",
                     "\"two words\"",
                     "'two words'",
                     "\"가나다 완료\"",
                     "'$x'",
                     "'{\"a\": 1}'",
                     "\"select 1;\n select 2\"",
                     "'s/a/b/'",
                     "'{print $1}'",
                     "\"$tag이\"",
                     "\"${place}s\"",
                     "\"*.x\"",
                     "'*'",
                     "\"[a]\"",
                     "\"-n\"",
                     "\"\"",
                     "''",
                     "\"=\"",
                     "\"a=b\"",
                     "\"$TOKEN\"",
                     "\"don't\"",
                     "'say \"x\"'",
                     "\"x!\"",
                     "\"a;b|c&d\"",
                     "\"(x)\"",
                     "\"#x\"",
                     "'#'",
                     "\"{a,b}\"",
                     "'\\.'",
                     "'a\\'",
                     "'%s %d'",
                     "\"done\"",
                     "\"100%\"",
                     "\"http://$db_host/?a=1&b=2\"",
                     "'`x`'",
                     "\"<a>\"",
                     "\" x\"",
                     "\"--flag\"",
                     "'가'",
                     "\"$tag:$place\"",
                     "\"x\ty\""};
  const Pool odd_words_{"$tag",
                        "\"$nowhere\"",
                        "\"$HOSTNAME\"",
                        "\"$RANDOM\"",
                        "\"$BASH_ARGV\"",
                        "\"$PIPESTATUS\"",
                        "\"$1\"",
                        "\"$?\"",
                        "\"$\"",
                        "*",
                        "a?",
                        "[x]",
                        "{a,b}",
                        "~",
                        "\"~/x\"",
                        "'~'",
                        "\\x",
                        "`x`",
                        "$(x)",
                        "\"`x`\"",
                        "\"$(x)\"",
                        "\"\\n\"",
                        "“x”",
                        "\"“x”\"",
                        "\"’\"",
                        "a\rb",
                        "\"\r\"",
                        "\xC2\xA0",
                        "\"\xC2\xA0\"",
                        "한글",
                        "\"$tag[0]\"",
                        "\"${tag[0]}\"",
                        "\"${tag:-x}\"",
                        "\"${#tag}\"",
                        "\"a\"b\"c\"",
                        "'a'b'c'",
                        "a\"$tag\"b",
                        "\"x\ny\"z",
                        "'",
                        "\"",
                        "(",
                        ")",
                        "<",
                        "&",
                        "done",
                        "then",
                        "}",
                        "$'x'",
                        "$\"x\"",
                        "#x",
                        "a#b",
                        "\"$tag\"'x'",
                        "x=$tag",
                        "!",
                        "^",
                        "\"—\""};
  const Pool joints_{"\n",      "\n",     "; ",         ";\n",  " && ",     " && ",     " || ", " | ",
                     " &&\n  ", " |\n  ", " && \\\n  ", "\n\n", " # why\n", "\n# so\n", " & ",  ";; ",
                     " |& ",    "&&",     "|",          " ! ",  "\r\n",     ";#x\n",    "\n| "};
  const Pool comments_{"# a comment\n", "#\n",        "  # it's \"open\n", "# shellcheck disable=SC2086\n",
                       "#!/bin/sh\n",   "# 가 ${x\n", "# more \\\n",       "#shellcheck\n"};
  const Pool odd_{"\\", "'", "\"", "`", "$", "(",  ")", "{", "}",  ";",  "&", "|",
                  "<",  ">", "#",  "~", "*", "\r", "=", "!", "\t", "\n", "[", "]"};
};

}  // namespace

TEST_CASE("simple commands of plain and quoted words are plain") {
  const char* script = GENERATE(
      "true", "echo done-with-it", "kubectl get pods -n \"ns-1\"", "kubectl rollout status \"deployment/$tag\" --timeout=3m",
      "curl -fsS -o /dev/null 'http://host/health?full=1'", "psql -c \"select 1;\nselect 2\"",
      "test -f \"$place/x\" && echo '있음'", "git symbolic-ref --short -q HEAD || git rev-parse HEAD",
      "echo \"$tag\" > \"$place/current\"", "cat /x 2>/dev/null || echo none", "systemctl restart x >/dev/null 2>&1",
      "# first\nmkdir -p /srv/x\n\ndf -k /srv/x | tail -1 # the last\n", "helm upgrade x \\\n  --set \"tag=$tag\" \\\n  --wait\n",
      ": nothing");
  INFO(script);
  CHECK(is_plain(script));
}

TEST_CASE("what a shell or shellcheck may have something to say about is not plain") {
  const char* script = GENERATE(
      "echo \"open", "if", "then x", "echo $tag", "echo \"$nowhere\"", "echo \"$RANDOM\"", "cd /x", "rm -r \"$place/\"", "ls *",
      "echo a > cat", "echo {a,b}", "a=b", "a = b", "-x", "x &", "x | echo", "x > /a | cat", "for x in 1", "echo done",
      "echo -e x", "echo \"\"-e x", "echo \"~/x\"", "cat <<E", "echo “x”", "echo a\rb", "x # shellcheck disable=SC1\n",
      "echo \"a\"b\"c\"", "x 2>&1 >/y", "test \"$tag\" = a", "test -n a", "a\n| b", "a &&", "a;;", "a\\ b", "a\\\nb", "\"a\" b",
      "mkdir -pm 700 /a/b", "./", "echo `x`", "x)", "}", "echo \"$tag[0]\"", "echo '\xEA\xB1\n'");
  INFO(script);
  CHECK_FALSE(is_plain(script));
}

TEST_CASE("neither bash nor sh nor shellcheck says anything about a script that is plain") {
  constexpr std::size_t wanted = 1000, in_a_file = 20;
  // NOLINTNEXTLINE(concurrency-mt-unsafe)
  const char* given = std::getenv("PLAIN_SCRIPT_SEED");
  const auto seed = given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10)) : 1;
  Author author(seed);
  const tests::Workplace place;
  std::size_t plain = 0, written = 0;
  std::string together;
  const std::string names = "read -r tag place TOKEN db_host HOSTNAME RANDOM BASH_ARGV PIPESTATUS\n";
  for (; plain < wanted; ++written) {
    const auto script = author.script();
    if (!is_plain(script)) continue;
    ++plain;
    // By itself for shellcheck; for the shells, which take a process each time, with others of its kind.
    const auto name = fmt::format("{:05}", plain);
    place.write(name + ".bash", "set -euo pipefail; " + names + script);
    place.write(name + ".sh", "set -eu; " + names + script);
    together += script + "\n";
    if (plain % in_a_file == 0) place.write("all-" + name, std::exchange(together, ""));
  }
  INFO("seed " << seed << ", " << written << " scripts");
  CHECK(written > plain * 3 / 2);
  const auto said = place.shell(
      "exec 2>&1\n"
      "for f in all-*; do bash -n \"$f\"; sh -n \"$f\"; done\n"
      "for s in bash sh; do shellcheck --norc -f gcc -S warning -e SC1090,SC1091,SC1128,SC2034 -s $s -- *.$s & done\nwait\n");
  // The first line is ours.
  std::string all;
  std::istringstream lines(said.out + said.err);
  for (std::string line; std::getline(lines, line);)
    if (line.find("sh:1:") == std::string::npos) all += line + "\n" + place.read(line.substr(0, line.find(':'))) + "\n";
  CHECK(all == "");
}

}  // namespace runbook::testing
