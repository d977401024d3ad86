#include "golden_cases.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace runbook::testing {
namespace {

namespace fs = std::filesystem;

std::pair<std::string, std::string> split(const std::string& assignment) {
  const auto equals = assignment.find('=');
  return {assignment.substr(0, equals), assignment.substr(equals + 1)};
}

std::vector<GoldenCase> cases_in(const fs::path& path) {
  std::ifstream in(path);
  std::vector<GoldenCase> out;
  std::string* into = nullptr;
  const auto after = [](const std::string& line, std::string_view mark) { return line.substr(mark.size()); };
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("=== ")) {
      out.emplace_back().title = after(line, "=== ");
      into = nullptr;
    } else if (line == "--- says") {
      into = &out.back().says;
    } else if (line.starts_with("--- given ")) {
      out.back().given.push_back(after(line, "--- given "));
    } else if (line.starts_with("--- environment ")) {
      out.back().environment.push_back(after(line, "--- environment "));
    } else if (line.starts_with("--- ")) {
      into = &out.back().files.emplace_back(after(line, "--- "), "").second;
    } else if (into != nullptr) {
      *into += line + "\n";
    }
  }
  return out;
}

void write_cases(const fs::path& path, const std::vector<GoldenCase>& cases) {
  std::ofstream out(path);
  for (const auto& one : cases) {
    out << (&one == &cases.front() ? "" : "\n") << "=== " << one.title << "\n";
    for (const auto& [name, text] : one.files) out << "--- " << name << "\n" << text;
    for (const auto& given : one.given) out << "--- given " << given << "\n";
    for (const auto& set : one.environment) out << "--- environment " << set << "\n";
    out << "--- says\n" << one.says;
  }
}

// Blank lines around the parts of a case are for the eye.
std::string trimmed(std::string text) {
  while (text.ends_with("\n\n")) text.pop_back();
  return text == "\n" ? "" : text;
}

bool is_korean(const Phrase& phrase) {
  return std::any_of(phrase.ko.begin(), phrase.ko.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; });
}

}  // namespace

Inputs GoldenCase::inputs() const {
  Inputs inputs = inputs_of(files.front().first);
  for (const auto& one : given) inputs.variables.insert(split(one));
  for (const auto& one : environment) inputs.environment.insert(split(one));
  return inputs;
}

MemoryFiles GoldenCase::memory() const {
  MemoryFiles out;
  for (const auto& [name, text] : files) out.add(name, trimmed(text));
  return out;
}

std::map<std::string, int> check_golden_cases(const std::string& folder, const std::function<Said(const GoldenCase&)>& say) {
  std::map<std::string, int> codes;
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(fs::path(RUNBOOK_SOURCE_DIR) / "tests" / folder / "golden"))
    paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
  for (const auto& path : paths) {
    auto cases = cases_in(path);
    for (auto& one : cases) {
      INFO(path.filename().string() << ": " << one.title);
      REQUIRE_FALSE(one.files.empty());
      for (auto& [name, text] : one.files) text = trimmed(text);
      const Said said = say(one);
      if (!has_errors(said.diagnostics)) keep_valid(said.sources);
      const std::string text = rendered(said.diagnostics, said.sources);
      for (const auto& diagnostic : said.diagnostics) {
        ++codes[diagnostic.code];
        INFO(diagnostic.code << ": " << diagnostic.text.en << " / " << diagnostic.text.ko);
        CHECK(is_korean(diagnostic.text));
        for (const auto& note : diagnostic.notes) CHECK(is_korean(note.text));
      }
      if (update) one.says = text;
      else CHECK(text == trimmed(one.says));
    }
    if (update) write_cases(path, cases);
  }
  return codes;
}

}  // namespace runbook::testing
