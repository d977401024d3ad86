// A run without an engine: events from `decide`, results from a script, a clock that only the test moves. Screens are
// functions of what comes out, so this is all the world that they need.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "run/accept.h"
#include "run/decide.h"
#include "run/state.h"

namespace runbook::testing {

// Reads tests/view/<folder>/<file> and what it uses.
Plan plan_of(const std::string& folder, const std::string& file,
             const std::map<std::string, std::string, std::less<>>& variables = {});
Plan plan_of_text(const std::string& yaml);

class StagedRun {
 public:
  explicit StagedRun(const Plan& plan, Record answers = {});

  // What an attempt of this step comes back with, and how long it takes; the last one given stays. Default: exit 0 in 1s.
  StagedRun& result(const std::string& path, Record record, Duration takes = std::chrono::seconds(1));
  StagedRun& times_out(const std::string& path);
  StagedRun& in_doubt(const std::string& path, std::string evidence);
  StagedRun& never_ends(const std::string& path);
  // Until nothing more happens by itself, or until this step's attempt runs.
  StagedRun& go();
  StagedRun& go_for(Duration time);
  StagedRun& ask(Request request);
  StagedRun& answer(const std::string& path, Value answer, std::int64_t item = -1, const std::string& by = "kim");
  StagedRun& event(Body body);

  const Plan& plan;
  State state;
  std::vector<Event> events;
  Instant now;
  std::function<void(const Event&)> observer;

 private:
  enum class Ending { completes, times_out, in_doubt, never };
  struct Script {
    Ending ending = Ending::completes;
    Record record;
    Duration takes = std::chrono::seconds(1);
    std::string evidence;
  };
  struct Open {
    StepIndex step;
    std::int64_t k;
    Instant started, until;
    Script script;
  };
  void record(Body body);
  void go_until(Instant end);
  Script script_of(StepIndex step) const;
  void finish(const Open& open);

  std::map<std::string, Script, std::less<>> scripts_;
  std::vector<Open> open_;
};

// Compares with tests/view/golden/<name>; UPDATE_GOLDEN=1 in the environment writes it instead.
bool matches_golden(const std::string& name, const std::string& text);
std::string golden_difference(const std::string& name, const std::string& text);

}  // namespace runbook::testing
