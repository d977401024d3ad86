// What differs between two plans, as whoever corrected a runbook reads it.
#include "plan/differences.h"

#include <fmt/format.h>

#include "planning.h"

using namespace runbook;
using namespace runbook::testing;

namespace {

std::string told(const std::vector<Difference>& all) {
  std::string out;
  for (const auto& one : all) {
    out += fmt::format("{}{}", one.how == Differs::added ? "+" : one.how == Differs::removed ? "-" : "~", one.name);
    for (const auto& field : one.fields) out += " " + field.name;
    out += "\n";
  }
  return out;
}

const std::string before = R"(id: a
title: A
owner: kim
lock: one
vars: { tag: { type: string, default: v1 } }
connections: { db: { host: here, dbname: x, sslmode: verify-full } }
steps:
  - { id: one, shell: a, changes: a }
  - { id: each, for_each: [x, y], shell: b, changes: b, expect: exit == 0 }
  - { id: gone, shell: c, changes: c }
success:
  - { id: ok, shell: look, expect: exit == 0 }
)";

std::string with(const std::string& from, const std::string& to) {
  std::string out = before;
  const auto at = out.find(from);
  REQUIRE(at != std::string::npos);
  return out.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("differences are named by step and field, and beside the steps by their keys") {
  struct Case {
    const char *from, *to, *steps, *parts;
  };
  const auto c = GENERATE(values<Case>({
      {"shell: a", "shell: other", "~one script\n", ""},
      {"shell: b, ", "timeout: 9s, shell: bb, ", "~each[] script timeout\n", ""},
      {"[x, y]", "[x, z]", "~each for_each\n", ""},
      {"  - { id: gone, shell: c, changes: c }\n", "", "-gone\n", ""},
      {"  - { id: gone", "  - { id: new, shell: n, changes: n }\n  - { id: gone", "+new\n~gone needs\n", ""},
      {"exit == 0 }\n  - { id: gone", "exit == 1 }\n  - { id: gone", "~each[] expect\n", ""},
      {"shell: look, expect: exit == 0", "shell: look, expect: exit == 1", "~success:ok expect\n", ""},
      {"owner: kim", "owner: lee", "", "~owner \n"},
      {"lock: one\n", "", "", "-lock \n"},
      {"default: v1", "default: v2", "", "~vars.tag \n"},
      {"host: here", "host: there", "", "~connections.db host\n"},
      {"id: a\n", "id: a  # a remark\n", "", ""},
  }));
  const Plan from = plan_of(before), to = plan_of(with(c.from, c.to));
  INFO(c.to);
  CHECK(told(different_steps(from, to)) == c.steps);
  CHECK(told(different_parts(from, to)) == c.parts);
  CHECK(from.digest != to.digest);
}
