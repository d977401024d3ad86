// What a unit's expressions may read beside steps and results: vars.*, env.*, and secrets.* as marks.
#pragma once
#include "runbook/runbook.h"

namespace runbook {

cel::Scope unit_scope(const Unit& unit, const std::map<std::string, std::string, std::less<>>& environment);

// One of them reads what could not be read of the unit: that it comes to nothing is no mistake of its own.
bool reads_unread(const std::vector<cel::Reference>& references, const Unit& unit);

// One of what a `for_each` runs for: committed with the event that expands it.
struct Element {
  std::string key;
  Value item;
  bool operator==(const Element&) const = default;
};
// The elements of a list. The error says why it cannot be run through: too long, or two with the same key.
Result<std::vector<Element>, Phrase> elements_of(const Value& list);

// Where a step of a `for_each` stands: `item` and `index` are known in the unit that says `for_each`, and in no file that it
// uses, unless they are passed.
struct ElementPlace {
  Element element;
  std::int64_t index = 0;
  unsigned unit = 0;
};
// As unit_scope, of a step for one element.
cel::Scope element_scope(const std::vector<Unit>& units, unsigned unit,
                         const std::map<std::string, std::string, std::less<>>& environment,
                         std::shared_ptr<const ElementPlace> place);
// `${secrets.x}` resolves to this; the engine replaces it when a step starts, and nothing else ever shows the value.
std::string secret_mark(std::string_view name);
// What came from outside (a step's output, an answer) without anything that could be taken for such a mark:
// a server that answers with one would be sent the secret by the next step.
Value without_marks(const Value& value);

}  // namespace runbook
