// What the channels of `notify` are owed, and when they are owed it no more.
#include "tests/run/staged_run.h"

using namespace runbook;
using namespace runbook::tests;
using Names = std::vector<std::string>;

namespace {

const std::string channels = "notify:\n  - {url: 'http://all'}\n  - {url: 'http://some', tell: [waiting, finished]}\n";

// "failed a: 1", one for each untold news with the channels that have not been told.
Names owed(const StagedRun& run) {
  Names out;
  for (const auto& news : run.state.untold) {
    std::string line = std::string(name_of(news.what)) + (news.step.empty() ? "" : " " + news.step) + ":";
    for (const auto channel : news.channels) line += " " + std::to_string(channel);
    out.push_back(line);
  }
  return out;
}

}  // namespace

TEST_CASE("each kind of news is owed to the channels that want it, in the order in which things happened") {
  StagedRun run(channels + R"(
steps:
  - {id: ask, approve: 'yes?', timeout: 1h}
  - {id: maybe, shell: x, changes: it, on_fail: continue}
  - id: all
    steps: [{id: inner, shell: x, changes: it}]
)");
  CHECK(owed(run) == Names{"waiting ask: 1 2"});
  CHECK(run.ask({.what = Request::What::approve, .step = "ask", .by = second_person}).empty());
  CHECK(owed(run).empty());  // nobody needs to be told of a question that has been answered
  run.finish("maybe", 1);
  CHECK(owed(run).empty());  // the run goes on
  run.finish("all/inner", 1);
  CHECK(owed(run) == Names{"failed all/inner: 1", "finished: 1 2"});  // its group says nothing new
}

TEST_CASE("who was told is owed no more, whether it arrived or not") {
  StagedRun run(channels + "steps: [{id: a, shell: x, changes: it}]\n");
  run.finish("a");
  REQUIRE(owed(run) == Names{"finished: 1 2"});
  const auto of = run.state.untold[0].seq;
  const auto ended = run.state.last_at;
  run.record(Notified{of, 2, Notice::finished, false, "HTTP 404"});
  CHECK(owed(run) == Names{"finished: 1"});
  run.record(Notified{of + 100, 1, Notice::finished, true, ""});
  CHECK(owed(run) == Names{"finished: 1"});
  run.record(Notified{of, 1, Notice::finished, true, ""});
  CHECK(owed(run).empty());
  CHECK(run.state.last_at == ended);
}

TEST_CASE("nothing is owed where nobody wants to be told") {
  StagedRun run("steps: [{id: a, shell: x, changes: it}]\n");
  run.finish("a", 1);
  CHECK(owed(run).empty());
}
