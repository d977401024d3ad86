// What screens say of a `for_each` and of a rescue: a few elements one by one, of many the counts and what went wrong.
#include "view/elements.h"

#include <algorithm>

#include "golden.h"
#include "staged_run.h"
#include "view/document.h"
#include "view/end_screen.h"
#include "view/plan_screen.h"
#include "view/progress.h"
#include "view/report.h"
#include "view/show.h"

using namespace runbook;
using namespace runbook::testing;
using namespace std::chrono_literals;

namespace {

constexpr const char* rolling = R"yaml(runbook: 1
id: rolling
title: Rolling restart
vars:
  hosts: { type: list, default: [web1, web2, web3] }
steps:
  - id: each
    title: every server
    for_each: vars.hosts
    at_once: 2
    max_failures: 1
    steps:
      - { id: drain, title: "take ${item} out", shell: ./drain.sh, changes: "${item} gets no requests", expected: 10s, undo: { shell: ./back.sh } }
      - id: restart
        shell: ./restart.sh
        changes: "${item} restarts"
        rescue: [{ id: page, manual: "restart ${item} by hand", timeout: 1h }]
    rescue:
      - { id: back, for_each: "steps.each.items.map(i, i.key)", shell: ./back.sh, changes: the server is back }
  - { id: tell, shell: ./tell.sh, changes: none }
)yaml";

std::string many(int elements, const std::string& how) {
  std::string list;
  for (int i = 1; i <= elements; ++i) list += (list.empty() ? "n" : ", n") + std::to_string(i);
  return "runbook: 1\nid: many\ntitle: Many\nsteps:\n  - { id: each, for_each: [" + list + "], shell: ./x.sh, changes: it, " +
         "undo: { shell: ./back.sh }, " + how + " }\n";
}

std::string told_by(StagedRun& run, const Style& style) {
  std::string text;
  run.observer = [&](const Event& event) { text += join_lines(plain_lines(run.state.plan(), run.state, event, style)); };
  run.go();
  return text;
}
std::string shown(const StagedRun& run, const Style& style) {
  return show_screen(run.state.plan(), run.state, run.events, {"k7f3", "test.yaml", "", "", {}}, style);
}
std::string ended(const StagedRun& run, const Style& style) { return end_screen(run.state.plan(), run.state, "k7f3", {}, style); }
std::string reported(const StagedRun& run) {
  return report_markdown(run.state.plan(), run.state, run.events, {"k7f3", "test.yaml"}, Language::english);
}
std::ptrdiff_t lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

}  // namespace

TEST_CASE("the plan shows what is done for every element, and what when it fails") {
  const auto plan = plan_of_text(rolling);
  check_golden("plan-each.en.txt", plan_screen(plan, nullptr, {}, english));
  check_golden("plan-each.ko.txt", plan_screen(plan, nullptr, {}, korean));
  check_golden("explain-each.mmd", explain_mermaid(plan));
}

TEST_CASE("of a few elements everything is told, with the rescue of one that failed") {
  const auto plan = plan_of_text(rolling);
  StagedRun run(plan);
  run.result("each[web2]/restart", {{"exit", 1}, {"stdout", ""}, {"stderr", "no such unit\n"}}, 3s);
  std::string text = told_by(run, english);
  run.answer("rescue:each[web2]/restart/page", Value(true));
  text += told_by(run, english);
  check_golden("plain-each.en.txt", text);
  check_golden("show-each.en.txt", shown(run, english));
  check_golden("end-each.ko.txt", ended(run, korean));
  CHECK(reported(run).find("`each[web2]/restart` : exit == 0: 1 == 0 (handled by its rescue)") != std::string::npos);
}

TEST_CASE("of a thousand elements the counts are told, and the first that failed") {
  const auto plan = plan_of_text(many(1000, "max_failures: 1000"));
  StagedRun run(plan);
  for (int i = 1; i <= 200; ++i)
    run.result("each[n" + std::to_string(5 * i) + "]", {{"exit", 1}, {"stdout", ""}, {"stderr", ""}}, 1s);
  const auto text = told_by(run, english);
  CHECK(text.find("each  200 of 1000 ended, 40 failed") != std::string::npos);
  CHECK(text.find("each[n100]") != std::string::npos);
  CHECK(text.find("each[n105]") == std::string::npos);
  CHECK(lines(text) < 80);
  CHECK(shown(run, english).find("1000 of 1000 ended, 200 failed") != std::string::npos);
  CHECK(shown(run, english).find("each[...] (800)") != std::string::npos);
  CHECK(lines(shown(run, english)) < 130);
  CHECK(lines(ended(run, english)) < 110);
  CHECK(lines(reported(run)) < 300);
  CHECK(ended(run, english).find("180 more of `each`") != std::string::npos);
}

TEST_CASE("a rescue that fails, too, is told with both reasons") {
  const auto plan = plan_of_text(
      "runbook: 1\nid: r\ntitle: R\nsteps:\n  - { id: s, shell: ./x.sh, changes: it, rescue: [{ id: back, shell: ./back.sh, changes: "
      "it }] }\n");
  StagedRun run(plan);
  run.result("s", {{"exit", 1}, {"stdout", ""}, {"stderr", ""}})
      .result("rescue:s/back", {{"exit", 2}, {"stdout", ""}, {"stderr", ""}});
  std::string text = told_by(run, korean);
  check_golden("plain-rescue-failed.ko.txt", text);
  check_golden("end-rescue-failed.ko.txt", ended(run, korean));
}
