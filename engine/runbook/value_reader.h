// Reads single values of a YAML tree by the type that their key has; what does not fit becomes a diagnostic at its place.
#pragma once
#include <optional>

#include "runbook/field.h"
#include "runbook/runbook.h"
#include "yaml/document.h"

namespace runbook {

enum class Secrets { refused, allowed };

// What is known before the run: durations may be `${vars.x}`.
struct Known {
  cel::Scope scope = [](std::string_view) { return std::optional<Value>(); };
  // Of a variable: it is another one for each element of the `for_each` that uses the file.
  std::function<bool(std::string_view)> is_each = [](std::string_view) { return false; };
  bool incomplete = false;  // answers are missing: what cannot be resolved is no error yet
  // They read what was refused.
  std::function<bool(const std::vector<cel::Reference>&)> is_unread = [](const auto&) { return false; };
};

class ValueReader {
 public:
  explicit ValueReader(Diagnostics& wrong) : wrong_(wrong) {}
  void know(Known known) { known_ = std::move(known); }
  const Known& known() const { return known_; }
  Diagnostics& wrong() { return wrong_; }

  // `key` is the name that messages use. Each gives nothing after having complained.
  const std::string* scalar(const yaml::Node& node, std::string_view key);
  std::optional<Text> text(const yaml::Node& node, std::string_view key, Secrets secrets = Secrets::refused);
  std::optional<std::string> literal(const yaml::Node& node, std::string_view key);  // without `${}`
  std::optional<std::string> word(const yaml::Node& node, std::string_view key, std::string_view words);
  std::optional<std::string> code(const yaml::Node& node, std::string_view key);
  std::optional<Condition> expression(const yaml::Node& node, std::string_view key);
  std::optional<bool> boolean(const yaml::Node& node, std::string_view key);
  std::optional<std::int64_t> integer(const yaml::Node& node, std::string_view key);
  std::optional<Duration> duration(const yaml::Node& node, std::string_view key);
  // The same of a step, where it may be another one for each element.
  struct Length {
    Duration known{};
    std::optional<Text> of_element;
  };
  std::optional<Length> length(const yaml::Node& node, std::string_view key);
  std::optional<DurationRange> duration_range(const yaml::Node& node, std::string_view key);
  // An id of a step, check, variable ...: [a-z][a-z0-9_]*, not reserved.
  std::optional<std::string> name(const yaml::Node& node, std::string_view key);
  bool check_name(const std::string& name, Place at);
  bool check_file_id(const std::string& id, Place at);  // a runbook's own id may hold hyphens
  bool check_environment_name(const std::string& name, Place at);

  bool is_list(const yaml::Node& node, std::string_view key);
  bool is_map(const yaml::Node& node, const Phrase& what);
  std::vector<Text> texts(const yaml::Node& node, std::string_view key);
  std::vector<std::string> literals(const yaml::Node& node, std::string_view key);
  std::map<std::string, Text> environment(const yaml::Node& node, std::string_view key, Secrets secrets);
  std::vector<std::pair<std::string, Condition>> expressions(const yaml::Node& node, std::string_view key);
  // Any YAML as typed JSON: plain numbers, true, false and null as JSON has them, everything else a text with `${}`.
  std::optional<Field> tree(const yaml::Node& node, std::string_view key, Secrets secrets);

  // Of a text that is used before the run: with what is known. Nothing: complained about, or answers are missing.
  std::optional<Value> resolve_now(const Text& text, Place at);

 private:
  bool is_of_element(const Text& text) const;
  void complain(const cel::Complaints& complaints, const TextMap& map, std::size_t offset = 0);
  void refuse_secrets(const std::vector<cel::Reference>& references, const TextMap& map, std::size_t offset = 0);

  Diagnostics& wrong_;
  Known known_;
};

// What other readers take for true or false: `on`, `Yes`.
bool is_word_of_yaml(std::string_view text);
std::string_view one_line(std::string_view text);  // the first line, cut at 60 bytes: for messages
// JSON's reading of a plain scalar: null, true, false, a number; nothing: a text.
std::optional<Value> plain_value(std::string_view text);
Place whole(const yaml::Scalar& scalar);  // to underline a scalar without its quotes

}  // namespace runbook
