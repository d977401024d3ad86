// The static side of an action kind: one constant that the reader, the plan, the schema and the reference are derived from.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runbook/field.h"
#include "runbook/keys.h"

namespace runbook {

// How the reader takes a key's value.
enum class FieldType {
  code,        // text without `${}`: shell, sql
  text,        // text with `${}`
  url,         // text with `${}`, each percent-encoded unless it is the whole beginning of the URL
  path,        // text with `${}`, relative to the step's cwd
  expression,  // a bare CEL expression
  boolean,
  integer,
  duration,
  name,   // the name of a connection
  texts,  // list of texts
  text_or_texts,
  text_map,  // {name: text}
  tree,      // any YAML, its texts with `${}`: becomes typed JSON
  choices,   // a list of texts with `${}`, or an expression that gives one
  items,     // list of texts or {text, input: TYPE, optional: true}; each becomes a map with `text`
};

struct KeyRow {
  std::string_view name;
  FieldType type;
  enum class Need { optional, required } need = Need::optional;
  std::string_view doc_en, doc_ko;
  bool may_hold_secrets = false;
  std::string_view words = {};                   // the only ones: "none"
  std::string_view fallback = {}, example = {};  // as in Key

  constexpr KeyRow one_of(std::string_view list) const {
    KeyRow out = *this;
    out.words = list;
    return out;
  }
  constexpr KeyRow by_default(std::string_view value) const {
    KeyRow out = *this;
    out.fallback = value;
    return out;
  }
  constexpr KeyRow like(std::string_view value) const {
    KeyRow out = *this;
    out.example = value;
    return out;
  }
};

struct ResultRow {
  std::string_view name;
  std::string_view type;                                              // CEL's name: "int", "string", "list", "dyn"
  enum class From { action, json_of, lines_of } from = From::action;  // derived by the judge from another row
  std::string_view source = {};
  bool lasting = false;  // other steps see it too (exit, status, affected, duration)
};

// What a step's own fields say of a result beyond its row.
struct KnownResult {
  std::string_view type;            // in the step's own expressions; others see a refusal as well, which is `false`
  std::vector<std::string> values;  // where it is a text: the only ones that it can be; empty: any
};

enum class Effect { reads, changes, unknown };

// What an attempt that changes something leaves behind when it comes to no good end.
// effects: what it had done by then. nothing: certainly. known: all of it or nothing, and its executor finds out which.
// doubt: nobody can tell. goes_on: it runs elsewhere, and its end is read from there.
enum class Aftermath { effects, nothing, known, doubt, goes_on };
struct Aftermaths {
  Aftermath failed = Aftermath::effects, timed_out = Aftermath::effects;
  Aftermath machine_died = Aftermath::doubt;  // the engine's
};

struct ActionKind {
  std::string_view name;
  std::string_view doc_en, doc_ko;
  std::string_view plain_key;  // the key that a plain text stands for: `shell: ls` is {script: ls}; empty: a map is required
  std::span<const KeyRow> keys, connection_keys;
  std::span<const ResultRow> result;
  std::string_view own_condition;  // "exit == 0"; replaced by an `expect` that names one of the condition's names
  // What the key table cannot say: exactly one of get/post/..., no params beside a script. Places come from the fields.
  void (*check)(const Fields& fields, Place action, Diagnostics& wrong) = nullptr;
  std::string (*describe)(const Record& fields) = nullptr;  // one line of a plan; fields as far as they are known
  // What it does by itself, when the step does not say `changes`.
  Effect (*effect)(const Fields& fields) = nullptr;
  bool asks_people = false;                                  // a question: no executor, the answer is its result
  std::span<const Choice> choices = {};                      // of its keys; `check` says it in words
  Aftermaths (*aftermaths)(const Fields& fields) = nullptr;  // where it is not the usual one
  KnownResult (*known_result)(const Fields& fields, const ResultRow& row) = nullptr;  // where the fields say more than the rows
};

}  // namespace runbook
