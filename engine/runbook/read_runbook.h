// From YAML to a typed Runbook: one table of keys, `use` spliced in, variables resolved. Pure: files come through a seam.
#pragma once
#include "runbook/runbook.h"
#include "runbook/unit_scope.h"
#include "yaml/document.h"

namespace runbook {

// Where files come from: the disk when a run begins, its snapshot ever after.
class Files {
 public:
  virtual ~Files() = default;
  // `path` is absolute and normal. The error is a sentence.
  virtual Result<std::string, std::string> read(const std::string& path) const = 0;
};

// What the runbook's meaning depends on beside its text.
struct Inputs {
  std::string path;                                             // absolute, of the file named
  std::string shown;                                            // as the operator named it, for messages
  std::map<std::string, std::string, std::less<>> variables;    // --var NAME=VALUE and answers, as text
  std::map<std::string, std::string, std::less<>> environment;  // every variable of the caller's environment
  yaml::Limits limits;
  bool strict = false;  // warnings that have a strict form are errors
};

struct Reading {
  std::optional<Runbook> runbook;  // nothing when there are errors
  // What could be read then, with marks where something could not: to find what else is wrong, and for nothing else.
  std::optional<Runbook> readable;
  Sources sources;          // as far as they could be read: for rendering the diagnostics
  Diagnostics diagnostics;  // errors and warnings, in the order of their places
};

// `kinds` are all the action kinds there are, questions among them.
Reading read_runbook(const Inputs& inputs, const Files& files, std::span<const ActionKind* const> kinds);

// Sorted by place; what is said of a file that is used twice is said once.
void in_order(Diagnostics& all);

// The kinds that ask people: `manual` and `approve`.
extern const ActionKind manual_kind, approve_kind;

// A value of this type from a text: `--var NAME=TEXT`, an answer. A list is `a,b` or JSON.
Result<Value, Phrase> parse_variable(VariableType type, std::string_view text);
// From a value that YAML or an expression gave; a text is parsed.
Result<Value, Phrase> convert_variable(VariableType type, const Value& value);
std::string_view type_name(VariableType type);
std::optional<VariableType> parse_type(std::string_view name);
std::string_view cel_type(VariableType type);  // CEL's name of the type of its values

}  // namespace runbook
