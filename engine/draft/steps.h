// The entries of a procedure as steps: code cut where its comments cut it, variables taken out, names found.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "draft/outline.h"
#include "draft/placeholders.h"

namespace runbook::draft {

struct DraftStep {
  enum class Kind { shell, http_get, manual };
  Kind kind = Kind::shell;
  std::string id;
  Said title;
  std::vector<Said> notes;
  std::string code;  // or the URL
  bool only_reads = false;
  bool is_roots = false;  // the plan shows `# ` before it
  std::vector<Placeholder> placeholders;
  std::string expect;  // an expression made of an answer that the plan shows; empty: none
};
// A step, or a group of them where an entry holds several commands. No steps: everything in it became a variable.
struct DraftEntry {
  std::string id;
  Said title;
  bool is_optional = false;
  std::vector<Said> notes;
  std::vector<DraftStep> steps;
  std::vector<Assignment> assignments;
};

// Ids that stand once in a list.
class Names {
 public:
  std::string take(std::string wanted);
  std::string numbered(const std::string& stem);  // "step_1", "step_2"

 private:
  std::set<std::string> taken_;
};

class StepMaker {
 public:
  DraftEntry entry(const Action& action, Names& names);
  // Of a list of checks: nothing in it becomes a variable.
  std::vector<DraftStep> checks(const std::vector<Code>& code, Names& names, const std::string& stem);
  // What all the code so far takes from its environment and from PATH.
  std::set<std::string> environment() const;
  const std::set<std::string>& commands() const { return commands_; }
  const std::map<std::string, Assignment>& variables() const { return variables_; }
  // Of a variable that the plan gives no value: "<pod-name>"; empty: it has one.
  std::string placeholder_of(const std::string& variable) const;
  // Lines of checks that belong to no check.
  const std::vector<Said>& left_over() const { return left_over_; }

 private:
  // `notes`: takes what belongs to none of the steps.
  std::vector<DraftStep> steps_of(const Code& code, std::vector<Assignment>* assignments, std::vector<Said>& notes);
  std::string fill(const Block& code, std::size_t first_line, std::string_view text, std::vector<Placeholder>& found);
  std::string variable_for(const std::string& placeholder, const Block& code);

  std::map<std::string, Assignment> variables_;      // by the name in the plan
  std::map<std::string, std::string> placeholders_;  // by the variable's name
  std::set<std::string> read_, set_, commands_;
  std::vector<Said> left_over_;
};

}  // namespace runbook::draft
