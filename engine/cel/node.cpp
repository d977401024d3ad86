#include "cel/node.h"

#include <algorithm>
#include <array>

namespace runbook::cel {

std::string_view spelling(Operator op) {
  static constexpr std::array<std::string_view, 11> texts = {"+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">="};
  return texts[static_cast<std::size_t>(op)];
}

std::string_view spelling(Macro macro) {
  static constexpr std::array<std::string_view, 5> texts = {"all", "exists", "exists_one", "filter", "map"};
  return texts[static_cast<std::size_t>(macro)];
}

bool is_type_name(std::string_view name) {
  static constexpr std::array<std::string_view, 12> names = {"bool",
                                                             "bytes",
                                                             "double",
                                                             "int",
                                                             "list",
                                                             "map",
                                                             "null_type",
                                                             "string",
                                                             "type",
                                                             "uint",
                                                             "google.protobuf.Duration",
                                                             "google.protobuf.Timestamp"};
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace runbook::cel
