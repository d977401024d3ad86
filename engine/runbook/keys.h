// The one table of the language's keys: the reader refuses by it, the schema, completion and reference are made from it.
// Action kinds bring their own rows (action_kind.h).
#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"

namespace runbook {

// The maps of a runbook. A group is a step with `steps` or `use`; a guard is an entry of a step's own `preconditions`.
enum class Where : unsigned {
  top = 1U << 0U,
  variable = 1U << 1U,
  secret = 1U << 2U,
  requirements = 1U << 3U,
  defaults = 1U << 4U,
  source = 1U << 5U,
  step = 1U << 6U,
  group = 1U << 7U,
  precondition = 1U << 8U,
  criterion = 1U << 9U,
  guard = 1U << 10U,
  probe = 1U << 11U,
  undo = 1U << 12U,
  retry = 1U << 13U,
  use = 1U << 14U,
  spliced = 1U << 15U,
  follow_up = 1U << 16U,
  candidates = 1U << 17U,  // an action that lists what a variable may be
};

enum class ValueType {
  version,
  id,
  literal,
  literals,
  text,
  texts,
  text_or_texts,
  texts_by_name,
  expression,
  expressions_by_name,
  duration,
  duration_range,
  boolean,
  word,
  regex,
  names,
  variable_type,
  value,
  choices,
  step_list,
  check_list,
  follow_ups,
  used_file,
  retry,
  single_step,
  variables,
  secrets,
  connections,
  requirements,
  defaults,
  source,
  values_by_name,
  later,
};

struct Key {
  std::string_view name;
  unsigned where;  // bits of Where
  ValueType type;
  std::string_view words;  // of a `word`: "stop continue"
  std::string_view doc_en, doc_ko;
  bool is_later() const { return type == ValueType::later; }  // known, and refused by name: not supported yet
  bool in(Where place) const { return (where & static_cast<unsigned>(place)) != 0; }
};

std::span<const Key> all_keys();
const Key* find_key(std::string_view name, Where where);
// Every place where a key of this name may stand; empty: there is none.
std::vector<Where> places_of(std::string_view name);
std::vector<std::string> key_names(Where where);  // without those of a later version
Phrase where_name(Where where);                   // "a step"
// What other tools call it: `name` is `title` here, `depends_on` is `needs`. Empty: no such word.
std::string_view familiar_name(std::string_view name);

}  // namespace runbook
