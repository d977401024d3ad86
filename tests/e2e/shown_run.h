// What the tests of the whole program ask about a run, as `runbook show RUN --output json` tells it.
#pragma once
#include "base/value.h"
#include "tests/support/command.h"

namespace runbook::tests {

class ShownRun {
 public:
  explicit ShownRun(const Workplace& workplace, const std::string& run = "@last");

  std::string id() const { return text("run"); }
  std::string status() const { return text("status"); }
  bool is_open() const;
  // A step by its path: "succeeded", ...; empty when there is none such.
  std::string status_of(const std::string& path) const;
  Value step(const std::string& path) const;  // null when there is none such
  std::string why(const std::string& path) const;
  std::vector<Value> events(const std::string& type) const;
  const std::string& json() const { return json_; }

 private:
  std::string text(const char* member) const;
  std::string json_;
  Value root_;
};

std::size_t count(const std::string& text, const std::string& part);
// The member as text; empty where there is none.
std::string member(const Value& map, const std::string& name);

// The head that every runbook needs; steps and the rest follow.
std::string runbook_of(const std::string& rest);
// `runbook run a.yaml MORE...`, of a file that is written so.
Outcome run(const Workplace& w, const std::string& rest, std::vector<std::string> more = {});

}  // namespace runbook::tests
