#include "view/used_files.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "plan/uses.h"
#include "view/sentences.h"
#include "view/table.h"

namespace runbook {
namespace {

using Source = Variable::Source;

// In the order in which they are told. What is the caller's is told last and without names: it stands among its variables.
struct Told {
  Source source;
  Sentence words;
};
constexpr std::array<Told, 3> all_told{
    {{Source::passed, {"passed", "전달"}}, {Source::fallback, {"default", "기본값"}}, {Source::unset, {"unset", "값 없음"}}}};
constexpr Sentence of_caller{"the caller's values", "호출한 쪽의 값"},
    else_of_caller{"else the caller's values", "나머지는 호출한 쪽의 값"};

// As it lies beside the runbook, however that was named.
std::string file_of(const Plan& plan, unsigned unit) {
  const auto& sources = plan.runbook.sources;
  const auto folder = std::filesystem::path(sources[0].path).parent_path();
  return shown(std::filesystem::path(sources[plan.runbook.units[unit].file].path).lexically_relative(folder).string());
}

}  // namespace

std::string sources_of_values(const Plan& plan, unsigned unit, Language language) {
  const auto& variables = plan.runbook.units[unit].variables;
  std::vector<std::string> parts;
  for (const auto& told : all_told) {
    std::vector<std::string> values;
    for (const auto& [name, variable] : variables) {
      if (variable.source != told.source) continue;
      const auto value = value_before_run(plan, variable);
      values.push_back(value.is_null() ? name : name + "=" + shown(to_text(value)));
    }
    if (!values.empty()) parts.push_back(std::string(told.words.in(language)) + " " + join(values, "  "));
  }
  // One that is asked for is asked for in the caller's name.
  if (std::any_of(variables.begin(), variables.end(),
                  [](const auto& named) { return named.second.source == Source::outer || named.second.source == Source::asked; }))
    parts.emplace_back((parts.empty() ? of_caller : else_of_caller).in(language));
  return join(parts, " | ");
}

std::string used_file(const Plan& plan, unsigned unit, Language language) {
  const auto values = sources_of_values(plan, unit, language);
  return file_of(plan, unit) + (values.empty() ? "" : ": " + values);
}

std::vector<std::string> use_lines(const Plan& plan, std::size_t indent, const Style& style) {
  struct Row {
    std::string file, values;
    std::vector<std::string> in;
  };
  std::vector<Row> rows;
  for (const auto& use : uses_of(plan)) {
    Row row{file_of(plan, use.unit), sources_of_values(plan, use.unit, style.language), {}};
    const auto same =
        std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.file == row.file && r.values == row.values; });
    auto& one = same == rows.end() ? rows.emplace_back(std::move(row)) : *same;
    if (std::find(one.in.begin(), one.in.end(), use.in) == one.in.end()) one.in.push_back(use.in);
  }
  Table table({"", "", ""});
  for (const auto& row : rows) table.add({row.file, join(row.in, ", "), row.values});
  return table.lines(indent, style);
}

}  // namespace runbook
