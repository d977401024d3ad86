#include "view/lint_output.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json.h"
#include "view/source_region.h"

namespace runbook {
namespace {

std::string_view level(Severity severity) { return severity == Severity::error ? "error" : "warning"; }

Value physical_location(const Place& at, const Sources& sources) {
  Value::Map location{{"artifactLocation", Value::Map{{"uri", source_uri(at, sources)}}}};
  const auto region = source_region(at, sources);
  if (region.line > 0)
    location.emplace("region", Value::Map{{"startLine", std::int64_t{region.line}},
                                          {"startColumn", std::int64_t{region.column}},
                                          {"endColumn", std::int64_t{region.end_column}}});
  return location;
}

Value message(const std::string& text) { return Value::Map{{"text", text}}; }

Value related(const Note& note, std::size_t number, const Sources& sources) {
  return Value::Map{{"id", static_cast<std::int64_t>(number)},
                    {"message", message(note.text.en)},
                    {"physicalLocation", physical_location(note.at, sources)}};
}

std::string with_help(const Diagnostic& d) { return d.help.empty() ? d.text.en : d.text.en + " (" + d.help.en + ")"; }

std::string indented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    out += line.empty() ? "\n" : fmt::format("    {}\n", line);
  }
  return out;
}

Value rule(const Diagnostic& d, const Explanation* explanation) {
  Value::Map out{{"id", d.code}, {"defaultConfiguration", Value::Map{{"level", level(d.severity)}}}};
  if (explanation != nullptr) {
    out.emplace("shortDescription", message(std::string(explanation->en)));
    out.emplace("help", message(explanation_text(*explanation, Language::english)));
  }
  return out;
}

// Workflow commands: a message may hold anything but these, a property neither `:` nor `,`.
std::string escaped(std::string_view text, std::string_view further) {
  std::string out;
  for (const char c : text)
    if (c == '%' || c == '\r' || c == '\n' || further.find(c) != std::string_view::npos)
      out += fmt::format("%{:02X}", static_cast<unsigned>(c));
    else out += c;
  return out;
}

}  // namespace

std::string lint_json(const std::vector<LintedFile>& files) {
  Value::List out;
  for (const auto& file : files)
    for (const auto& d : file.diagnostics) {
      const auto name = [&](const Place& at) { return at.file < file.sources.size() ? file.sources[at.file].name : file.shown; };
      Value::List notes;
      for (const auto& note : d.notes)
        notes.push_back(Value::Map{{"text", note.text.en},
                                   {"file", name(note.at)},
                                   {"line", std::int64_t{note.at.line}},
                                   {"column", std::int64_t{note.at.column}}});
      out.push_back(Value::Map{{"code", d.code},
                               {"severity", level(d.severity)},
                               {"text", d.text.en},
                               {"file", name(d.at)},
                               {"line", std::int64_t{d.at.line}},
                               {"column", std::int64_t{d.at.column}},
                               {"length", std::int64_t{d.at.length}},
                               {"help", d.help.en},
                               {"notes", std::move(notes)}});
    }
  return to_json(Value(std::move(out))) + "\n";
}

std::string lint_sarif(const std::vector<LintedFile>& files, const Explanation* (*explain)(std::string_view code)) {
  Value::List rules, results;
  std::vector<std::string> known;
  for (const auto& file : files)
    for (const auto& d : file.diagnostics) {
      auto found = std::find(known.begin(), known.end(), d.code);
      const auto index = found - known.begin();
      if (found == known.end()) {
        known.push_back(d.code);
        rules.push_back(rule(d, explain(d.code)));
      }
      Value::List others;
      for (const auto& note : d.notes) others.push_back(related(note, others.size() + 1, file.sources));
      Value::Map result{{"ruleId", d.code},
                        {"ruleIndex", std::int64_t{index}},
                        {"level", level(d.severity)},
                        {"message", message(with_help(d))},
                        {"locations", Value::List{Value::Map{{"physicalLocation", physical_location(d.at, file.sources)}}}}};
      if (!others.empty()) result.emplace("relatedLocations", std::move(others));
      results.push_back(std::move(result));
    }
  Value::Map driver{{"name", "runbook"}, {"rules", std::move(rules)}};
  Value::Map run{
      {"tool", Value::Map{{"driver", std::move(driver)}}}, {"columnKind", "utf16CodeUnits"}, {"results", std::move(results)}};
  return to_json(Value::Map{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                            {"version", "2.1.0"},
                            {"runs", Value::List{std::move(run)}}},
                 2) +
         "\n";
}

std::string lint_github(const std::vector<LintedFile>& files, Language language) {
  std::string out;
  for (const auto& file : files)
    for (const auto& d : file.diagnostics) {
      const auto& name = d.at.file < file.sources.size() ? file.sources[d.at.file].name : file.shown;
      const auto region = source_region(d.at, file.sources);
      out += fmt::format("::{} file={}", level(d.severity), escaped(name, ":,"));
      if (region.line > 0) out += fmt::format(",line={},col={},endColumn={}", region.line, region.column, region.end_column);
      std::string text = d.text.in(language);
      if (!d.help.empty()) text += "\n" + d.help.in(language);
      out += fmt::format(",title={}::{}\n", escaped(d.code, ":,"), escaped(text, ""));
    }
  return out;
}

std::string explanation_text(const Explanation& explanation, Language language) {
  const bool is_korean = language == Language::korean;
  std::string out = fmt::format("{}\n{}\n", explanation.code, is_korean ? explanation.ko : explanation.en);
  if (!explanation.wrong.empty()) out += fmt::format("\n{}\n{}", is_korean ? "틀린 예:" : "wrong:", indented(explanation.wrong));
  if (!explanation.right.empty()) out += fmt::format("\n{}\n{}", is_korean ? "맞는 예:" : "right:", indented(explanation.right));
  return out;
}

}  // namespace runbook
