// The one table of the language's keys: the reader refuses by it, the schema, completion and reference are made from it.
// Action kinds bring their own rows (action_kind.h).
#pragma once
#include <span>
#include <string>
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
  baseline = 1U << 17U,
  watch = 1U << 18U,
  channel = 1U << 19U,     // an entry of `notify`
  candidates = 1U << 20U,  // an action that lists what a variable may be
};

enum class ValueType {
  version,
  id,
  literal,
  literals,
  text,
  texts,
  text_or_texts,
  headers,
  texts_by_name,
  expression,
  expressions_by_name,
  duration,
  duration_range,
  boolean,
  integer,
  word,
  words,  // a list of them
  regex,
  names,
  value,
  choices,
  list_or_expression,
  step_list,
  precondition_list,
  criterion_list,
  guard_list,
  baseline_list,
  watch_list,
  channels,
  follow_ups,
  used_file,
  retry,
  undo,
  probe,
  variables,
  secrets,
  connections,
  requirements,
  defaults,
  source,
  values_by_name,
};

struct Key {
  std::string_view name;
  unsigned where;  // bits of Where
  ValueType type;
  std::string_view words;  // of a `word` or `words`: "stop continue"
  std::string_view doc_en, doc_ko;
  std::string_view fallback = {};  // what holds where it is left out, if one word says it: "5m"
  std::string_view example = {};   // its value, as JSON or a plain text
  unsigned required_in = 0;        // bits of Where

  constexpr Key required(unsigned places) const {
    Key out = *this;
    out.required_in = places;
    return out;
  }
  constexpr Key by_default(std::string_view value) const {
    Key out = *this;
    out.fallback = value;
    return out;
  }
  constexpr Key like(std::string_view value) const {
    Key out = *this;
    out.example = value;
    return out;
  }
  bool in(Where place) const { return (where & static_cast<unsigned>(place)) != 0; }
  bool required_at(Where place) const { return (required_in & static_cast<unsigned>(place)) != 0; }
};

// Keys of one map of which only so many may stand together.
struct Choice {
  enum class Take { exactly_one, at_least_one, at_most_one } take;
  std::string_view names;  // "env file command"
};

std::span<const Key> all_keys();
const Key* find_key(std::string_view name, Where where);
// Every place where a key of this name may stand; empty: there is none.
std::vector<Where> places_of(std::string_view name);
std::span<const Where> all_places();
std::string_view place_id(Where where);  // "step"; its name in a schema
std::vector<Choice> choices_in(Where where);
// The words of a list that is written with blanks: "stop continue".
std::vector<std::string> words_of(std::string_view list);
std::span<const std::string_view> reserved_names();  // that nothing may be called
std::vector<std::string> key_names(Where where);
bool lists_checks(Where where);  // an entry of a list of checks
bool asks_nobody(Where where);   // of these, where no person may be asked
Phrase where_name(Where where);  // "a step"
// What other tools call it: `name` is `title` here, `depends_on` is `needs`. Empty: no such word.
std::string_view familiar_name(std::string_view name);

}  // namespace runbook
