// A runbook as fuzzed, beside a part that it may use.
#pragma once
#include <string>

#include "runbook/read_runbook.h"

namespace runbook::fuzz {

class OneFile : public Files {
 public:
  explicit OneFile(std::string text) : text_(std::move(text)) {}
  Result<std::string, std::string> read(const std::string& path) const override {
    if (path == "/books/runbook.yaml") return text_;
    if (path == "/books/part.yaml") return std::string(part);
    return failure("there is no file " + path);
  }

 private:
  static constexpr std::string_view part = R"(runbook: 1
vars: { tag: { type: string, default: v1 }, hosts: { type: list, default: [a, b] } }
preconditions: [{ id: p, expect: 'vars.tag != ""' }]
baseline: [{ id: b, shell: date, outputs: { n: size(lines) } }]
steps:
  - { id: s, shell: "echo $tag", changes: none, outputs: { n: size(lines) } }
  - { id: g, steps: [{ id: t, shell: ls, changes: x, undo: { shell: ls }, probe: { shell: ls, expect: exit == 0 } }] }
success: [{ id: c, expect: steps.s.n > 0 }]
after: [끝]
outputs: { n: steps.s.n }
)";
  std::string text_;
};

inline Inputs inputs_of_fuzzed() {
  Inputs inputs;
  inputs.path = "/books/runbook.yaml";
  inputs.shown = "runbook.yaml";
  inputs.environment = {{"HOME", "/root"}, {"A", "b"}};
  inputs.limits = {1U << 16U, 5000, 64};
  return inputs;
}

}  // namespace runbook::fuzz
