#include "view/doctor.h"

#include <catch2/catch.hpp>

using namespace runbook;

namespace {

Surroundings good() {
  Surroundings out;
  out.state_directory = "/var/lib/runbook";
  out.file_system = "ext4";
  return out;
}

std::vector<Finding> bad_ones(const Surroundings& found) {
  std::vector<Finding> out;
  for (auto& finding : findings(found, Language::english))
    if (finding.weight != Finding::Weight::good) out.push_back(finding);
  return out;
}

}  // namespace

TEST_CASE("where nothing weakens the promise, the doctor says so") {
  CHECK(bad_ones(good()).empty());
  CHECK_THAT(doctor_screen(findings(good(), Language::english), {}), Catch::Contains("Nothing here weakens"));
  CHECK_THAT(doctor_screen(findings(good(), Language::korean), {Language::korean}), Catch::Contains("약하게 하는 것이 없습니다"));
}

TEST_CASE("each weakness is one finding, with what it means and a remedy, in both languages") {
  struct Case {
    const char* name;
    void (*spoil)(Surroundings&);
    Finding::Weight weight;
    const char* about;
    const char* remedy;
  };
  const auto c = GENERATE(values<Case>({
      {"state", [](Surroundings& s) { s.state_problem = "Read-only file system"; }, Finding::Weight::broken, "Read-only",
       "--state-dir"},
      {"damage", [](Surroundings& s) { s.state_damage = "/var/lib/runbook/state.db is damaged: it is no database"; },
       Finding::Weight::broken, "is no database", "mv /var/lib/runbook /var/lib/runbook.damaged"},
      {"overlay",
       [](Surroundings& s) {
         s.keeps = Surroundings::Keeps::doubtful;
         s.file_system = "overlay";
       },
       Finding::Weight::weak, "overlay", "volume"},
      {"nfs",
       [](Surroundings& s) {
         s.keeps = Surroundings::Keeps::nothing;
         s.file_system = "nfs";
       },
       Finding::Weight::broken, "nfs", "ext4"},
      {"supervisor", [](Surroundings& s) { s.supervisor_problem = "cannot open"; }, Finding::Weight::broken, "cannot open",
       "one build"},
      {"network", [](Surroundings& s) { s.network_problem = "libpq is missing"; }, Finding::Weight::broken, "libpq",
       "runbook-net.so"},
      {"first", [](Surroundings& s) { s.is_first_process = true; }, Finding::Weight::weak, "process 1", "--init"},
      {"service", [](Surroundings& s) { s.service = "agent.service"; }, Finding::Weight::weak, "agent.service",
       "KillMode=process"},
      {"session", [](Surroundings& s) { s.in_session = s.kills_user_processes = true; }, Finding::Weight::weak,
       "KillUserProcesses", "enable-linger"},
      {"manager", [](Surroundings& s) { s.in_user_manager = true; }, Finding::Weight::weak, "last session", "enable-linger"},
      {"memory", [](Surroundings& s) { s.oom_group = "/kubepods/pod7"; }, Finding::Weight::weak, "/kubepods/pod7", "OOMPolicy"},
      {"group", [](Surroundings& s) { s.can_delegate = false; }, Finding::Weight::weak, "control group", "Delegate=yes"},
  }));
  INFO(c.name);
  auto spoiled = good();
  c.spoil(spoiled);
  const auto found = bad_ones(spoiled);
  REQUIRE(found.size() == 1);
  CHECK(found[0].weight == c.weight);
  CHECK_THAT(found[0].about, Catch::Contains(c.about));
  CHECK_THAT(found[0].remedy, Catch::Contains(c.remedy));
  CHECK_FALSE(found[0].means.empty());
  for (const auto& finding : findings(spoiled, Language::korean))
    if (finding.weight != Finding::Weight::good) CHECK(finding.means != found[0].means);
  CHECK_THAT(doctor_screen(found, {}), Catch::Contains("-->") && !Catch::Contains("Nothing here weakens"));
}

TEST_CASE("lingering, or a session that kills nothing, is no weakness") {
  auto found = good();
  found.in_user_manager = found.lingers = true;
  found.in_session = true;
  CHECK(bad_ones(found).empty());
}
