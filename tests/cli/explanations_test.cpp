// `lint --explain`: every code that the engine can say has its row, and the examples are what they claim to be.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "cli/explanations.h"
#include "cli/requirements.h"
#include "cli/script_check.h"
#include "plan/lint.h"
#include "planning.h"
#include "view/lint_output.h"

namespace runbook::testing {
namespace {

namespace fs = std::filesystem;

// Every code that stands in the sources, with the comments that show one left out.
std::set<std::string> codes_of_the_engine() {
  std::set<std::string> out;
  const std::regex code("\"(RB[0-9]{3})\"");
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(RUNBOOK_SOURCE_DIR) / "engine")) {
    const auto name = entry.path().filename().string();
    if (!entry.is_regular_file() || name.find("explanations") != std::string::npos) continue;
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);) {
      line = line.substr(0, line.find("//"));
      for (std::sregex_iterator at(line.begin(), line.end(), code), end; at != end; ++at) out.insert((*at)[1]);
    }
  }
  return out;
}

std::string indented(const std::string& text) {
  std::string out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out += "  " + line + "\n";
  return out;
}

// As base/explanation.h says.
std::string whole(const std::string& part) {
  if (part.starts_with("runbook:")) return part + "\n";
  if (part.starts_with("- ")) return "runbook: 1\nsteps:\n" + indented(part);
  const bool has_steps = part.starts_with("steps:") || part.find("\nsteps:") != std::string::npos;
  return "runbook: 1\n" + part + "\n" + (has_steps ? "" : "steps:\n  - { id: any, shell: ls, changes: none }\n");
}

Diagnostics said_of(const std::string& example) {
  auto files = files_in({{"runbook.yaml", whole(example)}});
  auto reading = read_runbook(inputs_of("runbook.yaml"), files, all_kinds());
  Diagnostics out = reading.diagnostics;
  const auto add = [&](const Diagnostics& further) { out.insert(out.end(), further.begin(), further.end()); };
  if (!reading.runbook) return out;
  const auto planning = make_plan(std::move(*reading.runbook), {});
  add(planning.diagnostics);
  if (!planning.plan) return out;
  lint(*planning.plan, Profile::production, out);
  add(missing_files(*planning.plan, false));
  add(check_scripts(*planning.plan, "/usr/bin:/bin").diagnostics);
  return out;
}

bool says(const Diagnostics& all, std::string_view code) {
  return std::any_of(all.begin(), all.end(), [&](const Diagnostic& d) { return d.code == code; });
}

std::string codes(const Diagnostics& all) {
  std::string out;
  for (const auto& d : all) out += d.code + " " + d.text.en + "\n";
  return out;
}

}  // namespace

TEST_CASE("every code that the engine can say is explained, once") {
  std::set<std::string> explained;
  for (const auto* one : all_explanations()) {
    INFO(one->code);
    CHECK(explained.insert(std::string(one->code)).second);
    CHECK_FALSE(one->en.empty());
    CHECK(std::any_of(one->ko.begin(), one->ko.end(), [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; }));
    CHECK(find_explanation(one->code) == one);
  }
  CHECK(explained == codes_of_the_engine());
  CHECK(find_explanation("RB999") == nullptr);
}

TEST_CASE("a wrong example is told its code, a right one is told nothing that is an error") {
  for (const auto* one : all_explanations()) {
    INFO(one->code);
    if (one->wrong.empty()) {
      CHECK_FALSE(one->no_example.empty());
      continue;
    }
    CHECK(one->no_example.empty());
    const auto wrong = said_of(std::string(one->wrong)), right = said_of(std::string(one->right));
    INFO("wrong:\n" << whole(std::string(one->wrong)) << codes(wrong));
    INFO("right:\n" << whole(std::string(one->right)) << codes(right));
    CHECK(says(wrong, one->code));
    CHECK_FALSE(says(right, one->code));
    CHECK_FALSE(has_errors(right));
  }
}

TEST_CASE("every rule of lint has a wrong and a right example") {
  for (const auto& rule : lint_rules()) {
    INFO(rule.message->code);
    const auto* explanation = find_explanation(rule.message->code);
    REQUIRE(explanation != nullptr);
    CHECK_FALSE(explanation->wrong.empty());
    CHECK_FALSE(explanation->right.empty());
    CHECK((rule.profile == Profile::production) == explanation->en.starts_with("(production)"));
  }
}

TEST_CASE("an explanation shows both examples, in the language of the screen") {
  CHECK(explanation_text(*find_explanation("RB403"), Language::english) ==
        "RB403\nA step cannot wait for itself.\n\nwrong:\n    - { id: a, shell: ls, changes: none, needs: [a] }\n\n"
        "right:\n    - { id: a, shell: ls, changes: none }\n");
  CHECK(explanation_text(*find_explanation("RB103"), Language::korean) ==
        "RB103\nNUL 바이트가 있습니다: 텍스트 파일이 아니거나 손상되었습니다.\n");
}

}  // namespace runbook::testing
