// `lint`: all that can be said of runbooks without contact with anything.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>
#include <tuple>

#include "base/edit_distance.h"
#include "base/kept.h"
#include "cli/commands.h"
#include "cli/explanations.h"
#include "cli/file_review.h"
#include "cli/inputs.h"
#include "cli/source_document.h"
#include "plan/lint.h"
#include "runbook/read_runbook.h"
#include "view/lint_output.h"
#include "view/sentences.h"

namespace runbook {
namespace {

constexpr Sentence counted{"{} files, {} errors, {} warnings", "파일 {}개, 오류 {}개, 경고 {}개"};

ExitCode explain_code(const Context& context) {
  std::string code = context.arguments.topic;
  std::transform(code.begin(), code.end(), code.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (const auto* found = find_explanation(code)) {
    context.terminal.result(explanation_text(*found, context.style.language));
    return ExitCode::done;
  }
  std::vector<std::string> known;
  for (const auto* one : all_explanations()) known.emplace_back(one->code);
  const auto near = nearest(code, known);
  return context.fail(ExitCode::usage, fmt::format("there is no code `{}`{}", code,
                                                   near ? fmt::format("; did you mean {}?", *near) : std::string(": RB101 ...")));
}

std::vector<std::string> files_of(const Context& context) {
  std::vector<std::string> files = context.arguments.files;
  if (files.empty())
    for (const auto& entry : std::filesystem::directory_iterator("."))
      if (entry.path().extension() == ".yaml" || entry.path().extension() == ".yml")
        files.push_back(entry.path().filename().string());
  std::sort(files.begin(), files.end());
  return files;
}

// The error was said; it is the exit code.
Result<LintedFile, ExitCode> lint_file(const Context& context, const std::string& file, bool is_last) {
  auto inputs = gather_inputs(context, file);
  if (!inputs) return failure(inputs.error());
  auto reviewed = review_file(context, *inputs, ScriptReaders::shells_and_shellcheck, Digest::left_out);
  LintedFile out{file, std::move(reviewed.sources), std::move(reviewed.diagnostics)};
  if (!reviewed.plan) return out;
  const Plan& plan = *reviewed.plan;
  if (context.arguments.profile == "production") lint(plan, Profile::production, out.diagnostics);
  const auto changed = changes_of_source(plan.runbook);
  out.diagnostics.insert(out.diagnostics.end(), changed.begin(), changed.end());
  in_order(out.diagnostics);
  if (is_last) keep_until_the_end(std::move(reviewed));
  return out;
}

// A file that several of them use is complained about once.
void say_once(std::vector<LintedFile>& files) {
  std::set<std::tuple<std::string, std::uint32_t, std::uint32_t, std::string, std::string>> said;
  for (auto& file : files)
    std::erase_if(file.diagnostics, [&](const Diagnostic& d) {
      const auto& path = d.at.file < file.sources.size() ? file.sources[d.at.file].path : file.shown;
      return !said.emplace(path, d.at.line, d.at.column, d.code, d.text.en).second;
    });
}

std::string lint_text(const Context& context, const std::vector<LintedFile>& files) {
  std::string out;
  std::size_t errors = 0, warnings = 0;
  for (const auto& file : files) {
    for (const auto& d : file.diagnostics) (d.severity == Severity::error ? errors : warnings)++;
    out += rendered(context, file.diagnostics, file.sources);
  }
  return out + say(context.style.language, counted, files.size(), errors, warnings) + "\n";
}

}  // namespace

ExitCode lint_command(const Context& context) {
  if (!context.arguments.topic.empty()) return explain_code(context);
  const auto files = files_of(context);
  if (files.empty()) return context.fail(ExitCode::usage, "there are no runbooks here; name a file");
  std::vector<LintedFile> linted;
  for (const auto& file : files) {
    auto one = lint_file(context, file, &file == &files.back());
    if (!one) return one.error();
    linted.push_back(std::move(*one));
  }
  const bool is_wrong = std::any_of(linted.begin(), linted.end(), [](const auto& file) { return has_errors(file.diagnostics); });
  say_once(linted);
  const std::string& output = context.arguments.output;
  if (output == "json") context.terminal.result(lint_json(linted));
  else if (output == "sarif") context.terminal.result(lint_sarif(linted, find_explanation));
  else if (output == "github") context.terminal.result(lint_github(linted, context.style.language));
  else context.terminal.result(lint_text(context, linted));
  return is_wrong ? ExitCode::invalid : ExitCode::done;
}

}  // namespace runbook
