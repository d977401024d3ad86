#include <algorithm>
#include <array>
#include <cctype>

#include "plan/lint_rules.h"
#include "plan/messages.h"
#include "plan/step_code.h"

namespace runbook {
namespace {

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// What a step's texts can name.
struct Names {
  const Plan& plan;
  const Unit& unit;
  std::optional<StepIndex> step;

  bool has_element() const {
    if (!step) return false;
    const auto& planned = plan.at(*step);
    return planned.element && planned.element->unit == planned.step.unit;  // a used file does not see it
  }
  bool is_variable(std::string_view name) const {
    return !unit.variables.empty() && !name.empty() && unit.variables.contains(std::string(name));
  }
  // `vars.tag`, `secrets.token`, `steps.look.revision` of something that is there.
  bool is_path(std::string_view text) const {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos || !std::all_of(text.begin(), text.end(), [](char c) { return is_name(c) || c == '.'; }))
      return false;
    const auto root = text.substr(0, dot), rest = text.substr(dot + 1);
    if (root == "vars") return is_variable(rest);
    if (root == "secrets") return unit.secrets.contains(std::string(rest));
    const auto next = rest.find('.');
    return root == "steps" && step && next != std::string_view::npos && next + 1 < rest.size() &&
           visible_step(plan, *step, rest.substr(0, next)).has_value();
  }
  // Of what stands in `{{ }}` or behind `$`; empty: it is none that expressions have.
  std::string expression_for(std::string_view text) const {
    if (is_variable(text)) return "vars." + std::string(text);
    if (has_element() && (text == "item" || text == "index")) return std::string(text);
    return is_path(text) ? std::string(text) : std::string();
  }
};

// A script that puts a value in the place of such words names the value, too: sed "s/{{ tag }}/$tag/".
bool is_used_beside(std::string_view text, std::string_view name) {
  for (const std::string_view before : {"$", "${", "${vars."}) {
    const std::string used = std::string(before) + std::string(name);
    if (text.find(used) != std::string_view::npos) return true;
  }
  return false;
}

void say(Diagnostics& advice, Place at, std::string_view written, Phrase help) {
  advice.push_back(diagnose(messages::not_replaced, at, std::string(written)).helped(std::move(help)));
}

Phrase in_a_text(const std::string& expression) { return phrase("write `${{{}}}`", "`${{{}}}` 로 쓰십시오", expression); }
Phrase in_a_script(const Names& names, const std::string& expression) {
  const auto name = expression.substr(expression.rfind('.') + 1);
  if (names.is_variable(name) && expression == "vars." + name)
    return phrase("use \"${0}\": variables reach a script as environment variables",
                  "\"${0}\" 로 쓰십시오: 변수는 환경 변수로 스크립트에 전달됩니다", name);
  return phrase("pass it to the step: env: {{ {}: \"${{{}}}\" }}", "단계에 전달하십시오: env: {{ {}: \"${{{}}}\" }}", name,
                expression);
}
Phrase in_sql() {
  return phrase("write `$1`, `$2` ..., without quotes, and give the values in `params`: [\"${{vars.NAME}}\"]",
                "따옴표 없이 `$1`, `$2` ... 로 쓰고 값은 `params` 에 적으십시오: [\"${{vars.NAME}}\"]");
}
Phrase home(std::string_view rest) {
  return phrase(
      "no shell reads it here: write the whole path, or `${{env.HOME}}{0}` with `requires: {{ env: [HOME] }}`",
      "셸이 읽지 않는 곳입니다: 전체 경로를 쓰거나, `requires: {{ env: [HOME] }}` 와 함께 `${{env.HOME}}{0}` 로 쓰십시오", rest);
}

// `{{ tag }}`, as templates of other programs have it.
template <class Help>
void find_braces(const Names& names, std::string_view text, const TextMap& map, const Help& help, Diagnostics& advice) {
  for (auto at = text.find("{{"); at != std::string_view::npos; at = text.find("{{", at + 2)) {
    const auto end = text.find("}}", at);
    if (end == std::string_view::npos) return;
    const auto inside = trimmed(text.substr(at + 2, end - at - 2));
    const auto expression = names.expression_for(inside);
    if (expression.empty() || is_used_beside(text, inside.substr(inside.rfind('.') + 1))) continue;
    say(advice, map.at(at, end + 2 - at), text.substr(at, end + 2 - at), help(expression));
  }
}

// GraphQL and JSON written as a text have `$names` of their own.
bool has_own_dollars(std::string_view text) {
  constexpr std::array<std::string_view, 5> begins{"{", "query", "mutation", "subscription", "fragment"};
  return std::any_of(begins.begin(), begins.end(), [&](std::string_view one) { return trimmed(text).starts_with(one); });
}

// `$tag`, as scripts have it.
void find_dollars(const Names& names, const Text& value, Diagnostics& advice) {
  const std::string_view text = value.text.text();
  for (auto at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    auto end = at + 1;
    while (end < text.size() && is_name(text[end])) ++end;
    const bool is_escaped = at > 0 && (text[at - 1] == '$' || text[at - 1] == '\\');
    if (end == at + 1 || is_escaped) continue;
    const auto name = text.substr(at + 1, end - at - 1);
    const bool is_whole = at == 0 && end == text.size();
    if (!names.is_variable(name) && !is_whole) continue;
    const auto expression = names.expression_for(name);
    if (expression.empty() || has_own_dollars(text)) continue;
    say(advice, value.map.at(at, end - at), text.substr(at, end - at), in_a_text(expression));
  }
}

void look_at_text(const Names& names, const Text& text, Diagnostics& advice) {
  find_braces(names, text.text.text(), text.map, in_a_text, advice);
  find_dollars(names, text, advice);
}

// A value that is passed on as a whole: it is just the name of what was meant.
bool look_at_path(const Names& names, const Text& value, Diagnostics& advice) {
  const std::string_view text = value.text.text();
  if (!text.starts_with("vars.") && !text.starts_with("secrets.") && !text.starts_with("steps.")) return false;
  if (!names.is_path(text)) return false;
  say(advice, value.map.at(0, text.size()), text, in_a_text(std::string(text)));
  return true;
}

// What only a shell replaces: `~/x`, `$HOME/x`.
void look_at_home(const Text& value, Diagnostics& advice) {
  const std::string_view text = value.text.text();
  if (text.empty() || (text[0] != '~' && text[0] != '$')) return;
  constexpr std::string_view home_folder = "$HOME/";
  if (text.starts_with("~/")) return say(advice, value.map.at(0, text.size()), text, home(text.substr(1)));
  if (text.starts_with(home_folder))
    return say(advice, value.map.at(0, text.size()), text, home(text.substr(home_folder.size() - 1)));
}

// Programs that read such words themselves, or hand them to a shell.
bool reads_shell_words(std::string_view word) {
  constexpr std::array<std::string_view, 17> programs{"bash",     "sh",      "dash",  "zsh",  "ksh",   "ash",
                                                      "fish",     "ssh",     "scp",   "sftp", "rsync", "eval",
                                                      "envsubst", "ansible", "xargs", "awk",  "perl"};
  const auto name = program_of(word);
  return std::find(programs.begin(), programs.end(), name) != programs.end() || name.starts_with("python");
}

void look_at_words(const Names& names, const Field::List& words, Diagnostics& advice) {
  bool are_plain = true;
  for (const auto& word : words) {
    const auto* text = std::get_if<Text>(&word.is);
    if (text == nullptr) continue;
    if (!look_at_path(names, *text, advice)) find_braces(names, text->text.text(), text->map, in_a_text, advice);
    are_plain = are_plain && !reads_shell_words(text->text.text());
    if (!are_plain) continue;
    look_at_home(*text, advice);
    find_dollars(names, *text, advice);
  }
}

void look_at_field(const Names& names, const Field& field, Diagnostics& advice) {
  if (const auto* text = std::get_if<Text>(&field.is)) {
    if (!look_at_path(names, *text, advice)) look_at_text(names, *text, advice);
  } else if (const auto* list = std::get_if<Field::List>(&field.is)) {
    for (const auto& item : *list) look_at_field(names, item, advice);
  } else if (const auto* map = std::get_if<Field::Map>(&field.is)) {
    for (const auto& [key, member] : *map) look_at_field(names, member, advice);
  }
}

// Tools whose own settings may begin with `~`: they replace it themselves.
bool reads_home_itself(std::string_view name) { return name.starts_with("AWS_") || name.starts_with("ANSIBLE_"); }

// A script that gives a value of its environment to a shell once more.
bool reads_values_again(std::string_view script) {
  constexpr std::array<std::string_view, 3> ways{"eval", "envsubst", " -c"};
  return std::any_of(ways.begin(), ways.end(), [&](auto way) { return script.find(way) != std::string_view::npos; });
}

void look_at_environment(const Names& names, const std::map<std::string, Text>& environment, std::string_view script,
                         Diagnostics& advice) {
  for (const auto& [name, value] : environment) {
    if (look_at_path(names, value, advice)) continue;
    find_braces(names, value.text.text(), value.map, in_a_text, advice);
    if (!reads_values_again(script)) find_dollars(names, value, advice);
    if (!reads_home_itself(name)) look_at_home(value, advice);
  }
}

// `'$host'` and `$host`: SQL has only `$1`.
void look_at_sql(const Names& names, const StepCode& code, Diagnostics& advice) {
  const std::string_view text = code.text;
  for (auto at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
    auto end = at + 1;
    while (end < text.size() && is_name(text[end])) ++end;
    const bool is_tag = (end < text.size() && text[end] == '$') || (at > 0 && (is_name(text[at - 1]) || text[at - 1] == '$'));
    if (!is_tag && names.is_variable(text.substr(at + 1, end - at - 1)))
      say(advice, code.place(at, end - at), text.substr(at, end - at), in_sql());
  }
}

void look_at_code(const Names& names, const LintedCode& linted, Diagnostics& advice) {
  const auto& code = linted.code;
  if (code.map == nullptr) return;
  const bool is_sql = linted.action.kind->name == "sql";
  if (!is_sql && code.commands.empty()) return;  // `{{` may be another interpreter's
  if (is_sql && !names.unit.variables.empty()) look_at_sql(names, code, advice);
  find_braces(
      names, code.text, *code.map,
      [&](const std::string& expression) { return is_sql ? in_sql() : in_a_script(names, expression); }, advice);
}

}  // namespace

void check_references(const LintedCode& linted, Diagnostics& advice) {
  const auto& planned = linted.plan.at(linted.step);
  const Step& step = linted.is_undo ? *planned.step.undo : planned.step;
  const Names names{linted.plan, linted.plan.unit_of(linted.step), linted.step};
  look_at_code(names, linted, advice);
  for (const auto& [key, field] : linted.action.fields) {
    const auto* words = key == "argv" ? std::get_if<Field::List>(&field.is) : nullptr;
    if (words != nullptr) look_at_words(names, *words, advice);
    else look_at_field(names, field, advice);
  }
  look_at_environment(names, step.env, linted.code.text, advice);
  look_at_text(names, step.title, advice);
  if (step.changes_text) look_at_text(names, *step.changes_text, advice);
  if (step.cwd && !look_at_path(names, *step.cwd, advice)) {
    look_at_text(names, *step.cwd, advice);
    look_at_home(*step.cwd, advice);
  }
}

void check_references_of_file(const Plan& plan, Diagnostics& advice) {
  for (const auto& unit : plan.runbook.units) {
    const Names names{plan, unit, {}};
    look_at_environment(names, unit.env, {}, advice);
  }
  const Names names{plan, plan.runbook.units[0], {}};
  look_at_text(names, plan.runbook.title, advice);
  for (const auto& lock : plan.runbook.locks) look_at_text(names, lock, advice);
}

}  // namespace runbook
