// The explanation as lines of a screen, and as a value for the store.
#include <fmt/format.h>

#include <algorithm>

#include "base/text_width.h"
#include "cel/brief.h"
#include "cel/expression.h"

namespace runbook::cel {
namespace {

constexpr std::size_t gap = 6;              // columns between an expression and its values
constexpr std::size_t widest_aligned = 72;  // a longer one does not push the values of the others to the right

struct Line {
  std::size_t indent = 0;
  const char* mark = "";
  std::string text, detail;
};

bool is_logic(const Operand& o) { return o.op == "&&" || o.op == "||"; }
bool is_evaluated(const Operand& o) { return o.value || !o.error.empty(); }
bool is_comparison(const Operand& o) {
  return o.operands.size() == 2 &&
         (o.op == "==" || o.op == "!=" || o.op == "<" || o.op == "<=" || o.op == ">" || o.op == ">=" || o.op == "in");
}

const char* mark(const Operand& o) {
  if (!is_evaluated(o)) return "-";
  const auto* is = o.value ? o.value->boolean() : nullptr;
  if (!o.error.empty() || !is) return "?";
  return *is ? "✓" : "✗";
}

// On one line: an expression may be written over several.
std::string one_line(const std::string& text) {
  std::string line;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (!space) line += c;
    else if (!line.empty() && line.back() != ' ') line += ' ';
  }
  return printable(line);
}

std::string count_words(const Value& range) {
  const std::size_t n = range.list() ? range.list()->size() : range.map() ? range.map()->size() : 0;
  // An abridged range ends with how many more there were: then the number is not known here.
  if (const auto* list = range.list(); list && !list->empty())
    if (const auto* last = list->back().string(); last && last->starts_with("... ")) return "many elements";
  return fmt::format("{} element{}", n, n == 1 ? "" : "s");
}

std::string call_detail(const Operand& o) {
  std::string all;
  for (const auto& argument : o.operands) {
    if (!argument.value) continue;
    const auto shown = brief(*argument.value);
    if (shown == argument.text || shown == one_line(argument.text)) continue;
    // A literal: written in another way, it says the same.
    if (argument.op.empty() && !argument.text.empty() &&
        std::string_view("\"'rRbB").find(argument.text[0]) != std::string_view::npos &&
        (argument.text.back() == '"' || argument.text.back() == '\''))
      continue;
    if (!all.empty()) all += ", ";
    all += one_line(argument.text) + ": " + shown;
  }
  return all;
}

std::string detail(const Operand& o) {
  if (!is_evaluated(o)) return "not evaluated";
  if (!o.error.empty()) return o.error;
  if (is_comparison(o) && o.operands[0].value && o.operands[1].value)
    return fmt::format("{} {} {}", brief(*o.operands[0].value), o.op, brief(*o.operands[1].value));
  if (o.op == "!" && !o.operands.empty() && !is_logic(o.operands[0])) return detail(o.operands[0]);
  if (o.value && !o.value->boolean()) return brief(*o.value);
  if (o.op == "call") return call_detail(o);
  if ((o.op == "all" || o.op == "exists" || o.op == "exists_one") && !o.operands.empty() && o.operands[0].value &&
      o.operands.size() < 2)
    return count_words(*o.operands[0].value);
  return {};
}

void add_lines(const Operand& o, std::size_t indent, std::vector<Line>& lines);

void add_own_line(const Operand& o, std::size_t indent, std::vector<Line>& lines) {
  lines.push_back({indent, mark(o), one_line(o.text), detail(o)});
}

void add_lines(const Operand& o, std::size_t indent, std::vector<Line>& lines) {
  add_own_line(o, indent, lines);
  if (!is_evaluated(o)) return;
  if (is_logic(o) || o.op == "?:") {
    for (const auto& operand : o.operands)
      if (is_logic(o) || is_evaluated(operand)) add_lines(operand, indent + 1, lines);
  } else if (o.op == "!" && !o.operands.empty() && is_logic(o.operands[0])) {
    for (const auto& operand : o.operands[0].operands) add_lines(operand, indent + 1, lines);
  } else if (o.operands.size() > 1 && o.operands.back().op == "element") {
    const auto& element = o.operands.back();
    lines[lines.size() - 1].detail =
        fmt::format("{}{}{}", lines.back().detail, lines.back().detail.empty() ? "" : ", ", one_line(element.text));
    for (const auto& body : element.operands) add_lines(body, indent + 1, lines);
  }
}

}  // namespace

std::vector<std::string> explain_lines(const Operand& explained) {
  std::vector<Line> lines;
  if (is_logic(explained)) {
    for (const auto& operand : explained.operands) add_lines(operand, 0, lines);
  } else {
    add_lines(explained, 0, lines);
  }
  std::size_t width = 0;
  for (const auto& line : lines) {
    const std::size_t own = 2 * line.indent + display_width(line.text);
    if (own <= widest_aligned && !line.detail.empty()) width = std::max(width, own);
  }
  std::vector<std::string> texts;
  for (const auto& line : lines) {
    auto text = std::string(2 * line.indent, ' ') + line.mark + " ";
    if (line.detail.empty()) {
      texts.push_back(text + line.text);
      continue;
    }
    const std::size_t own = 2 * line.indent;
    text += pad_right(line.text, width > own ? width - own : 0);
    texts.push_back(text + std::string(gap, ' ') + printable(line.detail));
  }
  return texts;
}

Value to_value(const Operand& operand) {
  Value::Map map;
  map.emplace("text", operand.text);
  if (operand.value) map.emplace("value", *operand.value);
  if (!operand.error.empty()) map.emplace("error", operand.error);
  if (!operand.op.empty()) map.emplace("op", operand.op);
  if (!operand.operands.empty()) {
    Value::List list;
    for (const auto& inner : operand.operands) list.push_back(to_value(inner));
    map.emplace("operands", std::move(list));
  }
  return map;
}

Operand operand_from(const Value& value) {
  Operand operand;
  const auto text = [&value](std::string_view name) {
    const auto* member = value.find(name);
    const auto* found = member ? member->string() : nullptr;
    return found ? *found : std::string();
  };
  operand.text = text("text");
  operand.error = text("error");
  operand.op = text("op");
  if (const auto* own = value.find("value")) operand.value = *own;
  if (const auto* operands = value.find("operands"))
    if (const auto* list = operands->list())
      for (const auto& inner : *list) operand.operands.push_back(operand_from(inner));
  return operand;
}

}  // namespace runbook::cel
