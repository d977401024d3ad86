// Plans turned into skeletons: nothing is lost, what comes out is a runbook, whatever went in.
#include "draft/skeleton.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

#include "memory_files.h"
#include "plan/plan.h"

namespace runbook::testing {
namespace {

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}
std::string users_document() {
  return slurp(std::string(RUNBOOK_SOURCE_DIR) + "/examples/collector/release/docs/rollback-plan.ko.md");
}

void check_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(RUNBOOK_SOURCE_DIR) + "/tests/draft/golden/" + name;
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  CHECK(slurp(path) == text);
}

std::string skeleton_of(std::string_view text, const std::string& section = "", Language language = Language::english) {
  draft::PlanDocument document;
  document.text = text;
  document.path = "docs/plan.md";
  document.id = "plan";
  document.section = section;
  const auto made = draft::skeleton(document, language);
  if (!made) FAIL(made.error().en);
  return *made;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

// Takes every proposal: the key that is commented out directly below a mark.
std::string decided(const std::string& text) {
  std::string out;
  bool below_mark = false;
  for (const auto& line : lines_of(text)) {
    const auto at = line.find("# ");
    const bool is_comment = at != std::string::npos && line.find_first_not_of(' ') == at;
    const bool is_mark = is_comment && line.compare(at, 10, "# decide: ") == 0;
    const auto key = is_comment ? line.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at + 2) : std::string::npos;
    const bool is_proposal =
        below_mark && !is_mark && key != std::string::npos && key > at + 2 && line.compare(key, 2, ": ") == 0;
    out += (is_proposal ? line.substr(0, at) + line.substr(at + 2) : line) + "\n";
    below_mark = is_mark;
  }
  return out;
}

// The plan, and everything that is said of it.
struct Made {
  std::optional<Plan> plan;
  Diagnostics said;
  std::string shown;
};
Made plan_from(const std::string& text) {
  Inputs inputs = inputs_of("made.yaml");
  for (const char* name : {"DB_HOST", "DB_USER", "DB_NAME"}) inputs.environment.emplace(name, "x");
  auto reading = read_runbook(inputs, files_in({{"made.yaml", text}}), all_kinds());
  Made out;
  out.said = reading.diagnostics;
  const auto sources = reading.sources;
  if (reading.runbook) {
    auto planning = make_plan(std::move(*reading.runbook), inputs.environment);
    out.plan = std::move(planning.plan);
    out.said.insert(out.said.end(), planning.diagnostics.begin(), planning.diagnostics.end());
  }
  out.shown = rendered(out.said, sources);
  return out;
}

}  // namespace

TEST_CASE("the users' document as a skeleton, whole and one scenario of it") {
  const auto document = users_document();
  check_golden("rollback-plan.ko.yaml", skeleton_of(document, "", Language::korean));
  check_golden("rollback-plan-2.en.yaml", skeleton_of(document, "시나리오 2"));
}

TEST_CASE("the users' document has no errors as it comes, and plans when the marked decisions are made") {
  const std::string section = GENERATE("", "시나리오 1", "시나리오 2", "시나리오 3", "긴급 롤백");
  INFO(section);
  const auto text = skeleton_of(users_document(), section);
  const auto as_it_comes = plan_from(text);
  INFO(as_it_comes.shown);
  CHECK_FALSE(has_errors(as_it_comes.said));
  // What is open is warned of until it is decided.
  CHECK(as_it_comes.shown.find("RB243") != std::string::npos);
  const auto made = decided(text);
  CHECK(made != text);
  const auto planned = plan_from(made);
  INFO(planned.shown);
  CHECK(planned.plan.has_value());
  CHECK(planned.shown.find("RB243") == std::string::npos);
}

TEST_CASE("every line of the users' document that says something is named in its skeleton") {
  const auto text = skeleton_of(users_document());
  const auto lines = lines_of(users_document());
  bool in_code = false;
  std::string code;  // every command must be there, whichever line its step names
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto begin = lines[i].find_first_not_of(" ");
    if (begin == std::string::npos || lines[i].find_first_not_of("- ") == std::string::npos) continue;
    const auto words = lines[i].substr(begin);
    INFO(i + 1 << ": " << words);
    if (words.starts_with("```")) {
      in_code = !in_code;
      continue;
    }
    const bool is_named = text.find("plan.md:" + std::to_string(i + 1) + "\n") != std::string::npos ||
                          text.find("plan.md:" + std::to_string(i + 1) + "  ") != std::string::npos;
    const bool stands_there =
        text.find(words.substr(words.find(' ') + 1)) != std::string::npos || text.find(words) != std::string::npos;
    const bool is_heading_of_parts = words.starts_with("#") || words.ends_with("**:");
    CHECK((is_named || stands_there || is_heading_of_parts));
  }
}

TEST_CASE("a plan in English, with its parts under headings of their own") {
  const std::string plan = R"(---
owner: front matter
---
# Restart the web service

Restarts it node by node.

## When to use
The service answers slowly.

## Prerequisites
- [ ] You are on the VPN
- [ ] The queue is empty (optional)
```bash
kubectl get nodes
```

## Steps

### 1. Drain the node
```console
$ kubectl drain web1 --ignore-daemonsets
node/web1 drained
```

### 2. Restart (if needed)
```bash
for node in web1 web2; do
  ssh $node sudo systemctl restart web
done
```

### 3. Call the customer
Tell them that it is over.

### 4. Count
```sql
SELECT count(*) FROM jobs;
```

```json
{"n": 3}
```

## Verification
```bash
curl -fsS https://web.example/health
```
- [ ] The dashboard is green

| Owner | Team Web |
|---|---|
| Contact | #web |
| Step | Who |

Estimated time: about 20 minutes
Risk: high

## Follow-up
- [ ] Close the ticket
- Say `thanks`: ${name}
)";
  const auto text = skeleton_of(plan);
  check_golden("restart.en.yaml", text);
  const auto made = plan_from(decided(text));
  INFO(made.shown);
  CHECK(made.plan.has_value());
}

TEST_CASE("what a terminal showed: commands become steps, everything else is named") {
  using Catch::Contains;
  const auto steps_from = [](const std::string& block) {
    const auto text = skeleton_of("# T\n## Procedure\n1. 서비스를 중지한다\n" + block);
    const auto made = plan_from(decided(text));
    INFO(made.shown);
    CHECK(made.plan.has_value());
    return text.substr(text.find("steps:"));
  };
  CHECK_THAT(steps_from("```console\n# systemctl stop collector\n# systemctl status collector\nactive\n```\n"),
             Contains("    # plan.md:7  active\n"
                      "    # decide: behind `# ` in the plan: a command of root (is sudo needed?), or a comment?\n"
                      "    shell: |\n      systemctl stop collector\n      systemctl status collector\n"));
  CHECK_THAT(steps_from("```\n[root@db ~]# df -h\n/dev/a 1G\n```\n"),
             Contains("    # plan.md:6  /dev/a 1G\n    shell: df -h\n") && !Contains("root"));
  CHECK_THAT(steps_from("```console\n$ ls a\nx\n# the second\n$ ls b\ny\n```\n"),
             Contains("        # plan.md:6  x\n        shell: ls a\n") && Contains("      # plan.md:7\n      - id: ls_b\n") &&
                 Contains("        # plan.md:9  y\n        shell: ls b\n"));
  CHECK_THAT(steps_from("```console\nmydb=# SELECT 1;\n(1 row)\n```\n"),
             Contains("# plan.md:6  (1 row)\n") && Contains("<<'SQL'\n      SELECT 1;\n"));
  CHECK_THAT(steps_from("```bash\n# wait for it\n```\n"), Contains("# plan.md:5  wait for it\n") && Contains("manual:"));
  // Behind a variable nothing but a note can name it.
  CHECK_THAT(steps_from("```console\n$ FILE=a.gz\nset\n```\n"), Contains("# plan.md:6  set\n"));
}

TEST_CASE("what a plan leaves to be filled in is a variable that is asked for") {
  using Catch::Contains;
  const auto text = skeleton_of(
      "# T\n## Prerequisites\n```bash\nkubectl get node <node>\n```\n## Steps\n1. Delete\n```bash\n# the pod\n"
      "kubectl delete pod <pod-name>\nBACKUP=./a.gz\n```\n2. Run `kubectl drain <node>`\n3. Fill\n```sh\n"
      "BACKUP_FILE=./a.gz\n\n# now\n./restore.sh <backup-file> <state> <대상> <다른 대상> <대상> $target <target>\n```\n"
      "4. Count\n```sql\nSELECT * FROM t WHERE a = '<id>';\n```\n");
  INFO(text);
  CHECK_THAT(text, Contains("  # plan.md:4\n"
                            "  node:\n"
                            "    type: string\n"
                            "    # decide: what is <node>? it is asked at the start; a value that is always the same: "
                            "default: instead of ask:\n"
                            "    ask: \"<node>?\"\n"));
  CHECK_THAT(text, Contains("# plan.md:10  <pod-name>: became the variable vars.pod_name\n"));
  CHECK_THAT(text, Contains("kubectl drain \"$node\"\n") && Contains("kubectl delete pod \"$pod_name\"\n"));
  CHECK_THAT(text, Contains("./restore.sh \"$backup_file\" \"$state_value\" \"$value_1\" \"$value_2\" \"$value_1\" $target "
                            "\"$target_value\"\n"));
  CHECK_THAT(text, Contains("env:\n  BACKUP_FILE: \"${vars.backup_file_2}\"\n\n"));
  CHECK_THAT(text, Contains("# decide: what is <id>?\n") && Contains("a = '<id>';"));
  const auto made = plan_from(decided(text));
  INFO(made.shown);
  CHECK(made.plan.has_value());
  CHECK(made.said.empty());
}

TEST_CASE("what a plan shows as an output is named beside its commands, and never a command itself") {
  struct Case {
    const char* shown;
    bool is_output;
  };
  const auto one = GENERATE(values<Case>({
      {"기대 결과:\n```\nactive (running)\n2 nodes\n```\n", true},
      {"**예상 출력**:\n```text\nactive (running)\n2 nodes\n```\n", true},
      {"출력 예:\n```console\nactive (running)\n2 nodes\n```\n", true},
      {"- 결과 예시:\n  ```\n  active (running)\n  2 nodes\n  ```\n", true},
      {"**기대 결과**\n\n```\nactive (running)\n2 nodes\n```\n", true},
      {"기대 결과는 다음과 같습니다:\n```\nactive (running)\n2 nodes\n```\n", true},
      {"Expected output:\n```\nactive (running)\n2 nodes\n```\n", true},
      {"Output:\n```\nactive (running)\n2 nodes\n```\n", true},
      {"Example output (on web1):\n```output\nactive (running)\n2 nodes\n```\n", true},
      {"### Expected output\n```\nactive (running)\n2 nodes\n```\n", true},
      {"Save the output:\n```\nactive (running)\n2 nodes\n```\n", false},
      {"Expected output:\n```bash\nactive (running)\n2 nodes\n```\n", false},
      {"Then:\n```\nactive (running)\n2 nodes\n```\n", false},
  }));
  INFO(one.shown);
  const auto text = skeleton_of("# T\n## Steps\n1. Look\n```bash\nsystemctl status a\n```\n" + std::string(one.shown) +
                                "2. Go on\n```bash\n./go\n```\n");
  INFO(text);
  const bool is_named = text.find("  active (running)\n") != std::string::npos && text.find("  2 nodes\n") != std::string::npos &&
                        text.find("shell: systemctl status a\n") != std::string::npos;
  CHECK((is_named && text.find("      active (running)\n") == std::string::npos) == one.is_output);
  const auto made = plan_from(decided(text));
  INFO(made.shown);
  CHECK(made.plan.has_value());
}

TEST_CASE("an output stands with the command above it, in a list of checks as well") {
  using Catch::Contains;
  CHECK_THAT(skeleton_of("# T\n## Steps\n1. Look\n```bash\n# first\nls a\n\n# second\nls b\n```\nOutput:\n```\nb.txt\n```\n"),
             Contains("        # plan.md:13  b.txt\n        shell: ls b\n") && Contains("    # plan.md:11  Output:\n"));
  CHECK_THAT(skeleton_of("# T\n## Prerequisites\n```bash\nls a\n```\nOutput:\n```\na.txt\n```\n## Steps\n1. Go\n"),
             Contains("    # plan.md:8  a.txt\n") && !Contains("shell: a.txt"));
  CHECK_THAT(skeleton_of("# T\n## Steps\nOutput:\n```\na.txt\n```\n1. Go\n"),
             Contains("# plan.md:5  a.txt\n") && !Contains("shell: a.txt"));
}

TEST_CASE("the way back of a plan is never a step behind its procedure") {
  const std::string heading =
      GENERATE("롤백", "롤백 절차", "실패 시 롤백", "원복", "원복 방법", "Rollback", "If the upgrade failed", "5. 롤백",
               "5.1 원복 절차", "🔙 Rollback plan", "Rollback (if needed)", "배포 실패 시 조치");
  const std::string before =
      GENERATE("## 절차\n1. Deploy\n```bash\n./deploy\n```\n## ", "## 1. Deploy\n```bash\n./deploy\n```\n## ",
               "## 절차\n### 1. Deploy\n```bash\n./deploy\n```\n### ");
  const std::string below = GENERATE("```bash\n./back\n```\n", "1. Back\n```bash\n./back\n```\n2. `./look again`\n",
                                     "#### 절차\n```bash\n./back\n```\n");
  const auto plan = "# Release 5.4\n" + before + heading + "\n" + below;
  INFO(plan);
  const auto text = skeleton_of(plan);
  INFO(text);
  using Catch::Contains;
  CHECK_THAT(text, Contains("  # decide: the plan's way back: ") && Contains("    when: vars.scenario == \"scenario_2\"\n"));
  const auto deploy = text.find("./deploy"), mark = text.find("  # decide: the plan's way back"), back = text.find("./back");
  CHECK((deploy < mark && mark < back && back != std::string::npos));
  CHECK_FALSE(has_errors(plan_from(text).said));
  const auto made = plan_from(decided(text));
  INFO(made.shown);
  CHECK(made.plan.has_value());
}

TEST_CASE("items and labels of a procedure that name the way back") {
  const std::string back = GENERATE("2. 실패 시 롤백\n   ```bash\n   ./back\n   ```\n", "롤백 방법:\n```bash\n./back\n```\n",
                                    "**Rollback:**\n```bash\n./back\n```\n");
  const auto text = skeleton_of("# T\n## Steps\n1. Deploy\n```bash\n./deploy\n```\n" + back + "3. Look\n```bash\n./look\n```\n");
  INFO(text);
  const auto mark = text.find("  # decide: the plan's way back");
  CHECK(text.find("./look") < mark);
  CHECK((mark < text.find("./back") && text.find("./back") != std::string::npos));
  CHECK(plan_from(decided(text)).plan.has_value());
}

TEST_CASE("what only speaks of a way back is a step like others, and a plan of rollbacks is one") {
  const std::string plan = GENERATE("# T\n## Steps\n1. 롤백 계획 확인\n```bash\n./back\n```\n2. Go\n",
                                    "# T\n## Steps\n### 1. Prepare the rollback\n```bash\n./back\n```\n### 2. Go\n",
                                    "# Rollback of 5.4\n## Steps\n1. Rollback\n```bash\n./back\n```\n2. Go\n",
                                    "# 롤백 플랜\n## 절차\n### 1. 코드 롤백\n```bash\n./back\n```\n### 2. Go\n",
                                    "# T\n## 롤백\n```bash\n./back\n```\n", "# T\n## 롤백 절차\n```bash\n./back\n```\n",
                                    "# T\n## Steps\n### Rollback\n### Back\n```bash\n./back\n```\n");
  INFO(plan);
  const auto text = skeleton_of(plan);
  INFO(text);
  CHECK(text.find("way back") == std::string::npos);
  CHECK(text.find("vars.scenario") == std::string::npos);
  CHECK(text.find("./back") != std::string::npos);
}

TEST_CASE("boxes behind the procedure are no preconditions") {
  struct Case {
    const char* heading;
    const char* key;  // the last one above the box
  };
  const auto one = GENERATE(values<Case>({
      {"결과 확인", "success:"},
      {"확인 방법", "success:"},
      {"배포 후 확인사항", "success:"},
      {"확인 사항", "success:"},
      {"3. 결과 확인", "success:"},
      {"Verification", "success:"},
      {"How to verify", "success:"},
      {"공지", "steps:"},
      {"배포 전 확인사항", "preconditions:"},
      {"사전 확인", "preconditions:"},
  }));
  const bool is_numbered = GENERATE(false, true);
  const auto plan = std::string("# T\n## ") +
                    (is_numbered ? "1. Deploy\n```bash\n./deploy\n```\n" : "Steps\n1. Deploy\n```bash\n./deploy\n```\n") + "## " +
                    one.heading + "\n- [ ] 모두 정상\n";
  INFO(plan);
  const auto text = skeleton_of(plan);
  INFO(text);
  std::string key;
  for (const auto& line : lines_of(text)) {
    if (line == "preconditions:" || line == "steps:" || line == "success:" || line == "after:") key = line;
    if (line.find("모두 정상") != std::string::npos) break;
  }
  CHECK(key == one.key);
  const auto made = plan_from(decided(text));
  INFO(made.shown);
  CHECK(made.plan.has_value());
}

TEST_CASE("what is checked between two numbered steps stays between them") {
  const auto text = skeleton_of(
      "# T\n## 1. Stop\n```bash\n./stop\n```\n## 2. 결과 확인\n```bash\n./look\n```\n## 3. Start\n```bash\n"
      "./start\n```\n");
  INFO(text);
  const auto look = text.find("shell: ./look");
  CHECK((text.find("shell: ./stop") < look && look < text.find("shell: ./start")));
}

TEST_CASE("the number of a heading is no part of its title") {
  struct Case {
    const char* heading;
    const char* title;
  };
  const auto one = GENERATE(values<Case>({
      {"1. 브로커 중지", "브로커 중지"},
      {"1) 브로커 중지", "브로커 중지"},
      {"1.브로커 중지", "브로커 중지"},
      {"2.1 브로커 중지", "브로커 중지"},
      {"2.1. 브로커 중지", "브로커 중지"},
      {"2.1.12) 브로커 중지", "브로커 중지"},
      {"10.0.0.1 점검", "10.0.0.1 점검"},
      {"3.5GB 확보", "3.5GB 확보"},
      {"2026.11.27 점검", "2026.11.27 점검"},
  }));
  const auto text = skeleton_of("# T\n## Steps\n### " + std::string(one.heading) + "\n```bash\n./a\n```\n");
  INFO(text);
  CHECK(text.find(std::string("    title: ") + one.title + "\n") != std::string::npos);
}

TEST_CASE("a heading that only holds others is named, and no step") {
  using Catch::Contains;
  const auto text = skeleton_of("# Plan\n## 1. Deploy\n### 1.1 Image\n```bash\nkubectl set image x\n```\n## 2. Tell\nthe team\n");
  CHECK_THAT(text, Contains("title: Image\n") && Contains("# plan.md:2  1. Deploy\n") && Contains("manual: Tell\n") &&
                       !Contains("manual: Deploy"));
}

TEST_CASE("a plan without a procedure still becomes a runbook") {
  for (const char* plan : {"", "\n", "# Title\n", "just words\n", "- [ ] a box\n", "## 사전 조건\n- [ ] 백업\n"}) {
    INFO(plan);
    const auto made = plan_from(skeleton_of(plan));
    INFO(made.shown);
    CHECK(made.plan.has_value());
  }
}

TEST_CASE("a scenario is chosen by a part of its heading that only it has") {
  draft::PlanDocument document;
  const auto text = users_document();
  document.text = text;
  document.path = "plan.md";
  document.id = "plan";
  document.section = "시나리오";
  const auto made = draft::skeleton(document, Language::english);
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().en.find("names 3 scenarios") != std::string::npos);
  CHECK(made.error().en.find("시나리오 2: 데이터베이스 복원") != std::string::npos);
}

TEST_CASE("whatever Markdown goes in, a valid runbook comes out, and the same one again") {
  static const std::vector<std::string> pieces{"# ",
                                               "## ",
                                               "### ",
                                               "1. ",
                                               "- ",
                                               "- [ ] ",
                                               "* [x] ",
                                               "  ",
                                               "    ",
                                               "\t",
                                               "```",
                                               "```bash\n",
                                               "```sql\n",
                                               "~~~\n",
                                               "\n",
                                               "\n\n",
                                               "| ",
                                               "|---|\n",
                                               "---\n",
                                               "===\n",
                                               "<!--",
                                               "-->",
                                               "**",
                                               "`",
                                               "[a](b)",
                                               "절차",
                                               "사전 조건",
                                               "성공 기준",
                                               "체크리스트",
                                               "사후 분석",
                                               "시나리오 1",
                                               "조건: ",
                                               "Owner: ",
                                               "예상 소요 시간: 2-3분",
                                               "(필요시)",
                                               "롤백 후",
                                               "참고 문서",
                                               "Steps",
                                               "Verification",
                                               "A=b\n",
                                               "kubectl get pods\n",
                                               "$X ${Y} ${vars.z}",
                                               "curl http://a/b",
                                               "# comment\n",
                                               "echo \"a: b\" # c\n",
                                               "cd /x\n",
                                               "<<E\n",
                                               "\\",
                                               "'",
                                               "\"",
                                               "{",
                                               "}",
                                               "[",
                                               "]",
                                               ": ",
                                               " #",
                                               "!",
                                               "&",
                                               "*",
                                               "%",
                                               "@",
                                               "null",
                                               "true",
                                               "0x1F",
                                               "\r\n",
                                               "\x01",
                                               "\xff",
                                               "\xC2\x85",
                                               "\xE2\x80\xAE",
                                               "\xE2\x80\x8B",
                                               "\xEF\xBB\xBF",
                                               "\xF3\xA0\x80\xA1",
                                               "\xE2\x80\xA8",
                                               "🚨 ",
                                               "예상 응답: {\"a\":\"b\"}\n",
                                               "state",
                                               "in",
                                               "x\n",
                                               "- ",
                                               "...",
                                               "$ ls\n",
                                               "FILE=./a.gz\n",
                                               "```console\n",
                                               "[root@db ~]# df -h\n",
                                               "me@db:~$ cat <<E\n",
                                               "# systemctl stop a\n",
                                               "db=# SELECT 1;\n",
                                               "> ",
                                               "rm <pod-name>\n",
                                               "<상태>",
                                               " '<in>' ",
                                               "\"<a b>\"",
                                               "${",
                                               "Output:\n",
                                               "기대 결과:\n",
                                               "```\n",
                                               "롤백\n",
                                               "롤백 방법:\n",
                                               "If it fails\n",
                                               "결과 확인\n",
                                               "2.1 ",
                                               "word "};
  const auto seed = std::random_device{}();
  std::mt19937 random(seed);
  for (int round = 0; round < 3000; ++round) {
    std::string plan;
    for (auto i = random() % 60; i > 0; --i) plan += pieces[random() % pieces.size()];
    INFO("seed " << seed << ", round " << round << ":\n" << plan);
    const auto text = skeleton_of(plan);
    const auto made = plan_from(text);
    INFO(text << "\n" << made.shown);
    REQUIRE_FALSE(has_errors(made.said));
    REQUIRE(skeleton_of(plan) == text);
    const auto after = plan_from(decided(text));
    INFO(after.shown);
    REQUIRE(after.plan.has_value());
  }
}

}  // namespace runbook::testing
