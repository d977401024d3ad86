// What a plan in Markdown says, sorted by what it means for a runbook; everything keeps the line it came from.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "draft/markdown.h"
#include "draft/plan_words.h"
#include "draft/script.h"

namespace runbook::draft {

// A block of code, and what the plan shows below it as its output.
struct Code : Block {
  std::vector<Said> printed;
};
// One entry of a procedure: a heading or a numbered item, with what stands below it.
struct Action {
  Said title;
  bool is_optional = false;
  std::vector<Code> code;
  std::vector<Said> notes;
};

struct Scenario {
  Said title;
  std::map<Meaning, Said> fields;  // condition, expected, impact ...: what this scenario says itself
  std::vector<Action> actions;
  bool is_way_back = false;  // of a plan that has a procedure beside it
};

struct Box {
  Said text;
  bool is_optional = false;
};
// `before`, `during`, `after` or `criteria`.
struct Checklist {
  Meaning when = Meaning::before;
  Said title;
  std::vector<Box> boxes;
  std::vector<Code> code;
};

struct Outline {
  Said title;
  std::vector<Said> description;
  std::map<Meaning, Said> fields;  // of the whole document
  std::vector<Scenario> scenarios;
  std::vector<Checklist> checklists;
  std::vector<Said> references;
  std::vector<Said> left_over;  // sentences and rows that found no place
};

// A script or SQL, told by the word behind its fence.
bool is_run(const Block& code);
Outline outline_of(std::string_view markdown);

}  // namespace runbook::draft
