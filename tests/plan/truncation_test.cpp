// A runbook that was cut off, by a full disk or a broken download, does not pass for a shorter one: wherever it is cut, it is
// refused or warned of. Within a line by its missing newline or what YAML says, between two lines by its missing `...`.
#include <filesystem>

#include "planning.h"
#include "tests/support/changed_file.h"

namespace runbook::testing {
namespace {

namespace fs = std::filesystem;
using tests::ChangedFile;
using tests::text_of_file;

bool is_parsed(const std::string& text) {
  Diagnostics warnings;
  return yaml::parse(text, 0, {}, warnings).has_value();
}

bool is_taken_in_silence(const fs::path& path, const std::string& text) {
  Inputs inputs;
  inputs.path = path.string();
  inputs.shown = path.filename().string();
  auto reading = read_runbook(inputs, ChangedFile(inputs.path, text), all_kinds());
  if (!reading.runbook || !reading.diagnostics.empty()) return false;
  const auto planning = make_plan(std::move(*reading.runbook), {}, Digest::left_out);
  return planning.plan && planning.diagnostics.empty();
}

}  // namespace

TEST_CASE("every truncation of every runbook of the project fails, or warns") {
  std::size_t cuts = 0;
  for (const char* folder : {"runbooks", "examples"})
    for (const auto& entry : fs::directory_iterator(fs::path(RUNBOOK_SOURCE_DIR) / folder)) {
      if (entry.path().extension() != ".yaml") continue;
      const std::string text = text_of_file(entry.path());
      INFO(entry.path().filename().string());
      REQUIRE(is_taken_in_silence(entry.path(), text));
      for (std::size_t cut = 0; cut < text.size(); ++cut, ++cuts)
        if (cut > 0 && text[cut - 1] != '\n' ? is_parsed(text.substr(0, cut))
                                             : is_taken_in_silence(entry.path(), text.substr(0, cut)))
          FAIL_CHECK("cut off at byte " << cut << ", before:\n" << text.substr(cut, 80));
    }
  CHECK(cuts > 20'000);
}

}  // namespace runbook::testing
