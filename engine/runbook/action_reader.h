// An action's fields, read by its kind's table of keys; the same for the fields of a connection.
#pragma once
#include "runbook/keyed_map.h"
#include "runbook/value_reader.h"

namespace runbook {

class ActionReader {
 public:
  ActionReader(ValueReader& values, Kinds kinds) : values_(values), kinds_(kinds) {}

  // The one action that stands in a step's or check's map; a diagnostic for a second one. Nothing: there is none, or it was
  // refused.
  struct Found {
    std::optional<Action> action;
    bool is_there = false;
  };
  Found find(const yaml::Node& map);
  // `url`, `host` ...: the kind whose connection it is follows from its keys.
  Fields connection(const yaml::Node& map, const std::string& name);

 private:
  std::optional<Action> read(const yaml::Scalar& key, const yaml::Node& value, const ActionKind& kind);
  std::optional<Fields> fields(const yaml::Node& map, std::span<const KeyRow> rows, std::string_view whose, Secrets all_secrets);
  std::optional<Field> field(const yaml::Node& node, const KeyRow& row, Secrets secrets);
  std::optional<Field> text_list(const yaml::Node& node, const KeyRow& row, Secrets secrets);
  std::optional<Field> text_map(const yaml::Node& node, const KeyRow& row, Secrets secrets);
  std::optional<Field> items(const yaml::Node& node, const KeyRow& row);

  ValueReader& values_;
  Kinds kinds_;
};

// The connections that the action names: are they there, and of its kind?
void check_connection(const Action& action, const Unit& unit, Diagnostics& wrong);

}  // namespace runbook
