#include "view/notice.h"

#include <catch2/catch.hpp>

#include "staged_run.h"

using namespace runbook;
using namespace runbook::testing;

namespace {

constexpr const char* several = R"(runbook: 1
id: restart
title: Restart
owner: DevOps
contact: "+82 2 555 0100"
steps:
  - { id: cache, shell: ./cache.sh, changes: the cache, on_fail: continue }
  - id: deploy
    shell: ./deploy.sh
    changes: the release
    rescue: [{ id: back, shell: ./back.sh, changes: the release }]
  - id: hosts
    for_each: '["a", "b", "c", "d", "e", "f"]'
    max_failures: 4
    shell: ./restart.sh
    changes: a host
success:
  - { id: health, shell: ./health.sh, expect: exit == 0 }
)";

std::string at_its_end(const StagedRun& run, Language language) {
  News news;
  news.what = Notice::finished;
  return *notice({}, run.state, news, language).find("text")->string();
}

}  // namespace

TEST_CASE("the last message names what failed, and what was rescued, also of a run that succeeded") {
  const auto plan = plan_of_text(several);
  StagedRun run(plan);
  SECTION("all went well") { CHECK_THAT(at_its_end(run.go(), Language::english), Catch::Contains("succeeded\n")); }
  SECTION("steps failed that may, one was rescued") {
    for (const char* path : {"cache", "deploy", "hosts[a]", "hosts[b]", "hosts[d]"}) run.result(path, {{"exit", 1}});
    run.go();
    REQUIRE(run.state.finished == RunStatus::succeeded);
    CHECK_THAT(at_its_end(run, Language::english),
               Catch::Contains("succeeded; failed: cache, hosts[a], hosts[b], hosts[d]; failed, and rescued: deploy\n"));
    CHECK_THAT(at_its_end(run, Language::korean),
               Catch::Contains("성공. 실패: cache, hosts[a], hosts[b], hosts[d]. 실패했으나 복구됨: deploy\n"));
  }
  SECTION("a criterion is not met") {
    run.result("success:health", {{"exit", 1}}).go();
    CHECK_THAT(at_its_end(run, Language::english), Catch::Contains("; failed: success:health\n"));
  }
}
