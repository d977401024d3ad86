// Code of a plan, cut where its comments cut it.
#include "draft/script.h"

#include <catch2/catch.hpp>

using namespace runbook::draft;

namespace {

// "title: code", notes behind a `#`, assignments as "$NAME=value"; newlines of the code as `;`.
std::string cut(std::string_view code) {
  std::string out;
  const auto script = read_script(code, 1);
  for (const auto& one : script.assignments) out += "$" + one.name + "=" + one.value + "\n";
  for (const auto& part : script.parts) {
    std::string body = part.code.substr(0, part.code.size() - 1);
    for (auto& c : body)
      if (c == '\n') c = ';';
    out += part.title.text + ": " + body;
    for (const auto& note : part.notes) out += " # " + note.text;
    out += "\n";
  }
  for (const auto& note : script.notes) out += "# " + note.text + "\n";
  return out;
}

}  // namespace

TEST_CASE("a comment above heads a step, a comment below is its note") {
  struct Case {
    const char* code;
    const char* parts;
  };
  const auto one = GENERATE(values<Case>({
      {"# a\none\n\n# b\ntwo\nthree\n", "a: one\nb: two;three\n"},
      {"# 1. a\none\n# 2. b\ntwo\n", "a: one\nb: two\n"},
      {"curl x\n# answer: ok\n", ": curl x # answer: ok\n"},
      {"one\n\ntwo\n", ": one;two\n"},
      {"# pick one\nFILE=./a.gz\n", "$FILE=./a.gz\n"},
      {"FILE='a b'\n\n# use it\nrun $FILE\n", "$FILE=a b\nuse it: run $FILE\n"},
      {"# a\none \\\n  --more\n# b\ntwo\n", "a: one \\;  --more\nb: two\n"},
      {"# only words\n# and more\n", "# only words\n# and more\n"},
      {"FILE=./a.gz\n# or b.gz\n", "$FILE=./a.gz\n# or b.gz\n"},
      {"# stop()\n", "# stop()\n"},
  }));
  INFO(one.code);
  CHECK(cut(one.code) == one.parts);
}

TEST_CASE("code that hangs together is not cut") {
  for (const char* code : {"# a\ncd /x\n# b\nls\n", "# a\nif true; then\n  ls\nfi\n# b\nls\n", "# a\ncat <<E\n# b\nE\n",
                           "# a\nX=$(date)\n# b\necho $X\n", "# a\necho 'open\n# b\n'\n", "# a\nexport A=b\n# b\nls\n",
                           "# a\nf() { ls; }\n# b\nf\n"}) {
    INFO(code);
    const auto script = read_script(code, 1);
    REQUIRE(script.parts.size() == 1);
    CHECK(script.parts[0].code == code);
    CHECK(script.assignments.empty());
  }
}

TEST_CASE("names that the code needs") {
  CHECK(names_read("psql -h $DB_HOST -d ${DB_NAME} '$NOT' \\$NOT $lower $Mixed # $NOT\n") ==
        std::set<std::string>{"DB_HOST", "DB_NAME"});
  CHECK(names_set("export A=1\nB=2\nfor C in x; do\nread -r D\n$E\n") == std::set<std::string>{"A", "B", "C", "D"});
  CHECK(commands_in("kubectl get \\\n  pods\ncd x\n./a.sh\necho a\njq . <b\nA=1 ls\n") == std::set<std::string>{"jq", "kubectl"});
  CHECK(name_from_command("kubectl rollout undo deployment/a\n") == "rollout_undo");
  CHECK(name_from_command("sudo ./scripts/restore-db.sh a\n") == "restore_db");
  CHECK(name_from_command("git checkout v5.3.0\n") == "git_checkout");
  CHECK(name_from_command("\"$X\"\n").empty());
  CHECK(name_from_title("3. Restart the web service now please") == "restart_the_web_service");
  CHECK(name_from_title("서비스 재시작").empty());
}
