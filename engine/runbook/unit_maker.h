// From a file's declarations to a unit: its variables with their values, wherever these come from.
#pragma once
#include "runbook/file_set.h"

namespace runbook {

// How a file comes into a runbook: named by the operator (no caller), or by `use`.
struct Caller {
  const Unit* unit = nullptr;
  unsigned index = 0;                  // of that unit
  const yaml::Node* passed = nullptr;  // `vars` of the `use`
  Place at;
  bool incomplete = false;  // the caller's own answers are missing
  bool each = false;        // the `use` stands under `for_each`: `item` and `index` may be passed
  bool unread = false;      // what it passes could not be read
};

class UnitMaker {
 public:
  UnitMaker(const Inputs& inputs, Diagnostics& wrong) : inputs_(inputs), wrong_(wrong) {}
  struct Made {
    Unit unit;
    std::vector<std::string> unanswered;
    bool incomplete = false;
  };
  Made make(const SourceDocument& document, const Caller& caller);

 private:
  void value_of(const DeclaredVariable& declared, const SourceDocument& from, const Caller& caller, Made& made);
  void fallback(const DeclaredVariable& declared, Variable& variable, Made& made);
  bool accept(Variable& variable, const Value& raw, Place at);
  void unknown_inputs(const Unit& unit);

  const Inputs& inputs_;
  Diagnostics& wrong_;
};

}  // namespace runbook
