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
  std::string text, detail, was;
};

// One operand as it was in earlier looks; nothing where it cannot be found again (it was not evaluated, or there was an error).
struct Look {
  const Operand* operand = nullptr;
  std::int64_t times = 1;
};
using Looks = std::vector<Look>;

Looks inside(const Looks& looks, std::size_t index) {
  Looks out = looks;
  for (auto& look : out) {
    const bool is_there = look.operand != nullptr && index < look.operand->operands.size();
    look.operand = is_there ? &look.operand->operands[index] : nullptr;
  }
  return out;
}

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

constexpr std::string_view no_value = "?";

// What changed of a comparison: one side where the other stayed the same, else both.
std::string value_then(const Operand& now, const Look& look, bool left, bool right) {
  if (look.operand == nullptr || look.operand->operands.size() != now.operands.size()) return std::string(no_value);
  const auto& sides = look.operand->operands;
  const auto side = [&](std::size_t i) { return sides[i].value ? brief(*sides[i].value) : std::string(no_value); };
  if (left && right) return fmt::format("{} {} {}", side(0), now.op, side(1));
  return side(left ? 0 : 1);
}

std::string was_words(const Operand& o, const Looks& looks) {
  if (looks.size() < 2 || !is_comparison(o)) return {};
  const auto changed = [&](std::size_t side) {
    return std::any_of(looks.begin(), looks.end(), [&](const Look& look) {
      if (look.operand == nullptr || look.operand->operands.size() != 2) return side == 0;
      return look.operand->operands[side].value != o.operands[side].value;
    });
  };
  const bool left = changed(0), right = changed(1);
  if (!left && !right) return {};
  struct Times {
    std::string value;
    std::int64_t times;
  };
  std::vector<Times> values;
  std::int64_t all = 0;
  for (const auto& look : looks) {
    auto value = value_then(o, look, left, right);
    all += look.times;
    if (!values.empty() && values.back().value == value) values.back().times += look.times;
    else values.push_back({std::move(value), look.times});
  }
  constexpr std::int64_t most_singly = 12;
  std::string out;
  for (const auto& [value, times] : values) {
    const auto text = all > most_singly && times > 1 ? fmt::format("{} ({}x)", value, times) : value;
    for (std::int64_t i = 0; i < (all > most_singly ? 1 : times); ++i) out += (out.empty() ? "" : " ") + text;
  }
  return values.size() < 2 ? std::string() : out;
}

void add_lines(const Operand& o, std::size_t indent, const Looks& looks, std::vector<Line>& lines) {
  lines.push_back({indent, mark(o), one_line(o.text), detail(o), was_words(o, looks)});
  if (!is_evaluated(o)) return;
  if (is_logic(o) || o.op == "?:") {
    for (std::size_t i = 0; i < o.operands.size(); ++i)
      if (is_logic(o) || is_evaluated(o.operands[i])) add_lines(o.operands[i], indent + 1, inside(looks, i), lines);
  } else if (o.op == "!" && !o.operands.empty() && is_logic(o.operands[0])) {
    const auto negated = inside(looks, 0);
    for (std::size_t i = 0; i < o.operands[0].operands.size(); ++i)
      add_lines(o.operands[0].operands[i], indent + 1, inside(negated, i), lines);
  } else if (o.operands.size() > 1 && o.operands.back().op == "element") {
    const auto& element = o.operands.back();
    lines[lines.size() - 1].detail =
        fmt::format("{}{}{}", lines.back().detail, lines.back().detail.empty() ? "" : ", ", one_line(element.text));
    for (const auto& body : element.operands) add_lines(body, indent + 1, {}, lines);
  }
}

}  // namespace

std::vector<std::string> explain_lines(const Operand& explained) { return explain_lines(explained, {}); }

std::vector<std::string> explain_lines(const Operand& explained, const std::vector<Earlier>& history) {
  Looks looks;
  for (const auto& earlier : history) looks.push_back({&earlier.explained, earlier.times});
  std::vector<Line> lines;
  if (is_logic(explained)) {
    for (std::size_t i = 0; i < explained.operands.size(); ++i) add_lines(explained.operands[i], 0, inside(looks, i), lines);
  } else {
    add_lines(explained, 0, looks, lines);
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
    texts.push_back(text + std::string(gap, ' ') + printable(line.detail) +
                    (line.was.empty() ? "" : std::string(was) + printable(line.was)));
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
