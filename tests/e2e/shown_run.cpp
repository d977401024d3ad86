#include "tests/e2e/shown_run.h"

#include <catch2/catch.hpp>

#include "base/json.h"

namespace runbook::tests {

ShownRun::ShownRun(const Workplace& workplace, const std::string& run) {
  const auto shown = workplace.runbook({"show", run, "--output", "json"});
  INFO(shown.err);
  REQUIRE(shown.code == 0);
  json_ = shown.out;
  auto parsed = parse_json(json_);
  REQUIRE(parsed);
  root_ = std::move(*parsed);
}

bool ShownRun::is_open() const {
  const auto* open = root_.find("open");
  return open != nullptr && *open == Value(true);
}

Value ShownRun::step(const std::string& path) const {
  const auto* steps = root_.find("steps");
  if (steps != nullptr && steps->list() != nullptr)
    for (const auto& step : *steps->list())
      if (member(step, "path") == path) return step;
  return {};
}

std::string ShownRun::status_of(const std::string& path) const { return member(step(path), "status"); }
std::string ShownRun::why(const std::string& path) const { return member(step(path), "why"); }
std::string ShownRun::text(const char* name) const { return member(root_, name); }

std::vector<Value> ShownRun::events(const std::string& type) const {
  std::vector<Value> out;
  const auto* all = root_.find("events");
  if (all != nullptr && all->list() != nullptr)
    for (const auto& event : *all->list())
      if (member(event, "type") == type) out.push_back(event);
  return out;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

std::string member(const Value& map, const std::string& name) {
  const auto* found = map.find(name);
  return found != nullptr ? to_text(*found) : "";
}

std::string runbook_of(const std::string& rest) {
  return "runbook: 1\nid: example\ntitle: example\nowner: ops\napprover: lead\ncontact: \"010\"\n" + rest;
}

Outcome run(const Workplace& w, const std::string& rest, std::vector<std::string> more) {
  w.write("a.yaml", runbook_of(rest));
  more.insert(more.begin(), {"run", "a.yaml"});
  return w.runbook(more);
}

}  // namespace runbook::tests
