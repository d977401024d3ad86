// What a plan leaves to be filled in becomes a variable, and what the shell redirects stays.
#include "draft/placeholders.h"

#include <catch2/catch.hpp>

using namespace runbook::draft;

namespace {

std::string name_of(const std::string& text) {
  const auto name = name_of_placeholder(text);
  return name.empty() ? "value_1" : name;
}

}  // namespace

TEST_CASE("a placeholder becomes the shell's variable, as its surroundings quote it") {
  struct Case {
    const char* code;
    const char* filled;
  };
  const auto c = GENERATE(values<Case>({
      {"./restore.sh <backup-file> reports\n", "./restore.sh \"$backup_file\" reports\n"},
      {"kubectl delete pod <pod-name>", "kubectl delete pod \"$pod_name\""},
      {"scp <a> <User Name>@<host_1>:/x/<date>.sql\n", "scp \"$a\" \"$user_name\"@\"$host_1\":/x/\"$date\".sql\n"},
      {"kill <프로세스 번호>\n", "kill \"$value_1\"\n"},
      {"echo \"to <node>, now\"\n", "echo \"to ${node}, now\"\n"},
      {"curl -d '{\"pod\": \"<pod>\"}' http://<host>:80/x\n", "curl -d '{\"pod\": \"'\"$pod\"'\"}' http://\"$host\":80/x\n"},
      {"cat <<EOF\nhost: <host>\nEOF\nls <dir>\n", "cat <<EOF\nhost: ${host}\nEOF\nls \"$dir\"\n"},
      {"psql <<'SQL'\nSELECT '<id>';\nSQL\nls <dir>\n", "psql <<'SQL'\nSELECT '<id>';\nSQL\nls \"$dir\"\n"},
      {"cat <<\"E\" | sort\n<id>\nE\n", "cat <<\"E\" | sort\n<id>\nE\n"},
      {"FILE=<backup-file>\n", "FILE=\"$backup_file\"\n"},
      {"ls <dir> # don't <x>\nls <dir>\n", "ls \"$dir\" # don't <x>\nls \"$dir\"\n"},
  }));
  INFO(c.code);
  CHECK(fill_placeholders(c.code, name_of).code == c.filled);
}

TEST_CASE("what the shell redirects, and a tag that is closed, is no placeholder") {
  const std::string code =
      GENERATE("psql < file\n", "psql <file.sql\n", "diff <(a) <(b)\n", "cat <<EOF\nx\nEOF\n", "cat <<EOF>out\nx\nEOF\n",
               "cat <<<word>out\n", "a 2>&1 <&3\n", "a < b > c\n", "psql <dump >out\n", "psql <dump 2>err\n", "psql <dump2>&1\n",
               "psql <dump>>log\n", "cat 0<in>out\n", "psql <$FILE\n", "echo '<b>x</b>'\n", "echo \\<a>\n", "echo <", "echo <a",
               "echo <1>\n", "git log a<b@c>\n", "cat <a.txt>b\n");
  INFO(code);
  const auto filled = fill_placeholders(code, name_of);
  CHECK(filled.code == code);
  CHECK(filled.placeholders.empty());
}

TEST_CASE("each placeholder is told once, and that it stays where nothing is put in") {
  const auto filled = fill_placeholders("ls <a> <b> <a>\ncat <<'E'\n<a>\nE\n", name_of);
  REQUIRE(filled.placeholders.size() == 3);
  CHECK(filled.placeholders[0].text == "<a>");
  CHECK(filled.placeholders[0].variable == "a");
  CHECK(filled.placeholders[1].variable == "b");
  CHECK(filled.placeholders[2].text == "<a>");
  CHECK(filled.placeholders[2].variable.empty());
}
