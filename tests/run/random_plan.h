// Runbooks at random, and the smallest part of one that still shows what the whole showed.
#pragma once
#include <functional>
#include <random>

#include "tests/run/staged_run.h"

namespace runbook::tests {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }

 private:
  std::mt19937_64 engine_;  // the same numbers everywhere
};

// A runbook with whatever the language has for order, repetition, questions and doubt.
class Author {
 public:
  explicit Author(Dice& dice) : dice_(dice), room_(dice_.one_in(40) ? 20 + dice_.below(41) : 1 + dice_.below(8)) {}

  std::string write() {
    std::string text;
    if (dice_.one_in(2)) {
      text += "preconditions:\n";
      for (std::size_t n = 1 + dice_.below(3); n > 0; --n) text += check(n);
    }
    if (dice_.one_in(4))
      text += "baseline:\n  - id: b1\n    shell: look\n" + std::string(dice_.one_in(2) ? "    hold: 4s\n" : "");
    if (dice_.one_in(3)) {
      text += "watch:\n  - id: w1\n    shell: look\n    every: 5s\n";
      if (dice_.one_in(2)) text += "    hold: 20s\n";
      if (dice_.one_in(2)) text += "    then: pause\n";
    }
    if (dice_.one_in(3)) {
      text += "notify:\n  - url: http://all\n";
      if (dice_.one_in(2)) text += "  - url: http://some\n    tell: [waiting, finished]\n";
    }
    text += "steps:\n" + list(2, room_ > 8 ? room_ : 1 + dice_.below(6), 0);
    if (dice_.one_in(2)) text += "success:\n" + check(1) + (dice_.one_in(2) ? check(2) : "");
    if (dice_.one_in(3)) text += "finally:\n  - id: tidy\n    shell: tidy\n    changes: none\n";
    return text;
  }

 private:
  std::string check(std::size_t n) {
    const std::string id = "c" + std::to_string(n);
    switch (dice_.below(4)) {
      case 0: return "  - id: " + id + "\n    manual: is it so?\n    timeout: 10m\n";
      case 1: return "  - id: " + id + "\n    shell: look\n    retry: {every: 2s, for: 10s}\n    hold: 4s\n";
      case 2: return "  - id: " + id + "\n    expect: 1 + 1 == 2\n";
      default: return "  - id: " + id + "\n    shell: look\n";
    }
  }
  std::string list(std::size_t indent, std::size_t count, int depth) {
    const std::string in(indent, ' ');
    std::string text;
    std::vector<std::string> ids;
    for (std::size_t n = 0; n < count && last_ < room_; ++n) {
      const std::string id = "s" + std::to_string(++last_);
      text += in + "- id: " + id + "\n";
      const std::string key = in + "  ";
      if (dice_.one_in(3)) {  // some of those above, or none
        std::string needs;
        for (const auto& above : ids)
          if (dice_.one_in(2)) needs += (needs.empty() ? "" : ", ") + above;
        text += key + "needs: [" + needs + "]\n";
      }
      if (!ids.empty() && dice_.one_in(6)) text += key + "when: \"" + std::string(dice_.one_in(2) ? "true" : "1 == 2") + "\"\n";
      if (dice_.one_in(5)) text += key + "on_fail: continue\n";
      if (dice_.one_in(8)) text += key + "optional: is it needed?\n";
      const bool is_outermost = !in_each_;
      if (is_outermost && dice_.one_in(6)) text += for_each(key);
      if (depth < 2 && last_ < room_ && dice_.one_in(5)) {
        text += key + "steps:\n" + list(indent + 4, 1 + dice_.below(3), depth + 1);
      } else {
        text += body(key);
      }
      if (is_outermost) in_each_ = false;
      if (depth < 2 && last_ < room_ && dice_.one_in(7))
        text += key + "rescue:\n" + list(indent + 4, 1 + dice_.below(2), depth + 1);
      ids.push_back(id);
    }
    return text;
  }
  // Of no, some or many elements; now and then of a list that nobody can run through.
  std::string for_each(const std::string& key) {
    in_each_ = true;
    std::string list;
    for (std::size_t n = dice_.below(5); n > 0; --n) list += (list.empty() ? "e" : ", e") + std::to_string(n);
    if (dice_.one_in(3)) list = "'[run.operator + string(0)].map(e, e + \"x\")'";
    else if (dice_.one_in(8)) list = "'[run.id, run.id]'";
    else list = "[" + list + "]";
    std::string text = key + "for_each: " + list + "\n";
    if (dice_.one_in(2)) text += key + "at_once: " + std::to_string(1 + dice_.below(3)) + "\n";
    if (dice_.one_in(2)) text += key + "max_failures: " + std::to_string(dice_.below(3)) + "\n";
    return text;
  }
  std::string body(const std::string& key) {
    switch (dice_.below(8)) {
      case 0: return key + "manual: done?\n" + key + "timeout: 10m\n";
      case 1: return key + "approve: {ask: \"may it?\", by: Boss}\n" + key + "timeout: 10m\n";
      case 2:
        if (dice_.one_in(2))  // seldom true: polled for long
          return key + "shell: look\n" + key + "changes: none\n" + key + "expect: exit == 1\n" + key +
                 "retry: {every: 1s, for: 3m}\n";
        return key + "shell: look\n" + key + "changes: none\n" + (dice_.one_in(2) ? key + "retry: {every: 5s, for: 20s}\n" : "") +
               (dice_.one_in(3) ? key + "hold: 6s\n" + "" : "");
      default: break;
    }
    std::string text = key + "shell: act\n" + key + "changes: something\n";
    if (dice_.one_in(4)) text += key + "rerun: safe\n" + (dice_.one_in(2) ? key + "retry: {every: 3s, for: 9s}\n" : "");
    if (dice_.one_in(2)) text += key + "probe: {shell: look, expect: exit == 0}\n";
    if (dice_.one_in(6)) text += key + "confirm: yes-do-it\n";
    if (dice_.one_in(5)) text += key + "preconditions:\n" + key + "  - id: guard\n" + key + "    shell: look\n";
    if (dice_.one_in(4)) text += key + "undo: {shell: back}\n";
    return text;
  }

  Dice& dice_;
  const std::size_t room_;  // steps at most
  std::size_t last_ = 0;
  bool in_each_ = false;  // a `for_each` holds no other
};

// Nothing where the text is no runbook.
inline std::optional<Plan> try_plan(const std::string& text) {
  auto reading = read_runbook(testing::inputs_of("runbook.yaml"),
                              testing::files_in({{"runbook.yaml", "runbook: 1\nid: test\ntitle: Test\n" + text}}), all_kinds());
  if (!reading.runbook) return {};
  return make_plan(std::move(*reading.runbook), {}).plan;
}

// Leaves out lines, each with what is indented below it, as long as `still` holds for what remains.
std::string shrink(std::string text, const std::function<bool(const std::string&)>& still);

// The same runbook as somebody may have corrected it: a few steps gone, new, or otherwise. Not always one that can be planned.
std::string amended_text(const std::string& text, Dice& dice);

}  // namespace runbook::tests
