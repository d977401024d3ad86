#include "rollback_run.h"

namespace runbook::testing {
namespace {

using namespace std::chrono_literals;

Record shell(std::string out, int exit = 0, std::string err = {}) {
  return {{"exit", exit}, {"stdout", std::move(out)}, {"stderr", std::move(err)}};
}
Record http(std::string text, int status = 200) { return {{"status", status}, {"text", std::move(text)}}; }
Record rows(std::int64_t n) { return {{"rows", Value::List{Value::Map{{"n", n}}}}, {"affected", 1}}; }
Record measured(const std::string& value) {
  return http(R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1763953200,")" + value +
              R"("]}]}})");
}

const std::string deployment = R"({"spec":{"template":{"spec":{"containers":[{"name":"collector","image":"collector:)";
const std::string pods =
    R"({"items":[{"status":{"phase":"Running","containerStatuses":[{"ready":true}]}},{"status":{"phase":"Running","containerStatuses":[{"ready":true}]}}]})";

}  // namespace

Plan rollback_plan() { return plan_of("rollback", "full-rollback.yaml", {{"tag", "v5.3.0"}, {"restore_data", "true"}}); }

StagedRun good_rollback(const Plan& plan) {
  StagedRun run(plan);
  run.result("preconditions:backup_exists", shell("-rw-r--r-- 1 kim kim 41M backups/collector_pre_5.4.sql.gz\n"))
      .result("preconditions:backup_intact", shell(""), 4s)
      .result("preconditions:clean_tree", shell(""))
      .result("now", shell(deployment + "v5.4.0\"}]}}}}"))
      .result("branch", shell("main\n"))
      .result("checkout", shell("HEAD is now at 3f2a91c v5.3.0\n"), 2s)
      .result("image", shell("deployment.apps/collector image updated\n"), 1s)
      .result("rolled", shell("deployment \"collector\" successfully rolled out\n"), 48s)
      .result("data/restore", shell("restoring backups/collector_pre_5.4.sql.gz\n120433 rows\n"), 312s)
      .result("data/count", rows(120433))
      .result("verify/health", http(R"({"status":"ok","service":"collector","database":"connected"})"))
      .result("verify/smoke", shell("7 passed\n"), 21s)
      .result("success:pods", shell(pods))
      .result("success:health", http(R"({"status":"ok"})"))
      .result("success:database", rows(120433))
      .result("success:error_rate", measured("0.0004"))
      .result("success:latency", measured("0.12"))
      .result("success:version", shell(deployment + "v5.3.0\"}]}}}}"));
  return run;
}

void answer_preconditions(StagedRun& run) {
  run.go().go_for(40s);
  run.answer("preconditions:impact", 12, 0).answer("preconditions:impact", true, 1).answer("preconditions:impact", "15m", 2);
  run.go_for(20s).answer("preconditions:restore_tested", true);
  for (std::int64_t item = 0; item < 3; ++item) run.answer("preconditions:communication", true, item);
  run.go_for(30s);
  for (std::int64_t item = 0; item < 5; ++item) run.answer("preconditions:before", true, item);
  run.go().go_for(90s);
}

void run_rollback(StagedRun& run) {
  answer_preconditions(run);
  run.answer("go", true, -1, "lee").go().go_for(15s);
  run.answer("data/restore", "collector_prod").go();
}

}  // namespace runbook::testing
