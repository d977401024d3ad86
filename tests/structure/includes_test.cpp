// A precompiled header would hide an include that is missing: each file names what it uses, itself or by a header of ours.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

const fs::path root = RUNBOOK_SOURCE_DIR;

// What shows that a file uses a header; of a header with many names those that are used most.
const std::map<std::string, std::vector<std::string>> signs = {
    {"algorithm",
     {"std::sort(",     "std::stable_sort(", "std::find(",        "std::find_if(",     "std::any_of(",      "std::all_of(",
      "std::none_of(",  "std::count(",       "std::count_if(",    "std::remove_if(",   "std::transform(",   "std::replace(",
      "std::reverse(",  "std::unique(",      "std::lower_bound(", "std::upper_bound(", "std::max_element(", "std::min_element(",
      "std::includes(", "std::search(",      "std::copy_if(",     "std::clamp(",       "std::min(",         "std::max("}},
    {"array", {"std::array<"}},
    {"catch2/catch.hpp", {"TEST_CASE(", "REQUIRE(", "CHECK(", "INFO("}},
    {"chrono", {"std::chrono::"}},
    {"filesystem", {"std::filesystem::"}},
    {"fmt/core.h", {"fmt::format("}},
    {"fmt/format.h", {"fmt::join("}},
    {"fstream", {"std::ifstream", "std::ofstream", "std::fstream"}},
    {"functional", {"std::function<", "std::greater<", "std::ref("}},
    {"map", {"std::map<", "std::multimap<"}},
    {"memory", {"std::unique_ptr<", "std::shared_ptr<", "std::weak_ptr<", "std::make_unique<", "std::make_shared<"}},
    {"optional", {"std::optional<", "std::nullopt"}},
    {"set", {"std::set<", "std::multiset<"}},
    {"span", {"std::span<"}},
    {"sstream", {"std::istringstream", "std::ostringstream", "std::stringstream"}},
    {"string", {"std::string ", "std::string(", "std::string>", "std::to_string("}},
    {"string_view", {"std::string_view"}},
    {"utility", {"std::pair<", "std::exchange("}},
    {"variant", {"std::variant<", "std::visit(", "std::get_if<", "std::holds_alternative<", "std::monostate"}},
    {"vector", {"std::vector<"}},
};

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

// One of ours, as a file in the folder `from` names it; empty where it is another's.
fs::path ours(const std::string& name, const fs::path& from) {
  for (const auto& place : {from, root / "engine", root, root / "tests/plan", root / "tests/runbook"})
    if (fs::is_regular_file(place / name)) return fs::weakly_canonical(place / name);
  return {};
}

// Everything that is not ours and that the file includes, by whatever headers of ours.
void include(const fs::path& source, std::set<fs::path>& seen, std::set<std::string>& others) {
  if (!seen.insert(source).second) return;
  std::istringstream lines(text_of(source));
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("#include ", 0) != 0) continue;
    const auto name = line.substr(10, line.find_first_of(">\"", 10) - 10);
    if (const auto header = ours(name, source.parent_path()); !header.empty()) include(header, seen, others);
    else others.insert(name);
    if (name.rfind("fmt/", 0) == 0) others.insert("fmt/core.h");
  }
}

}  // namespace

TEST_CASE("what is precompiled is known here by its signs") {
  const struct {
    const char *file, *statement;
  } lists[] = {{"CMakeLists.txt", "set(RUNBOOK_PRECOMPILED"}, {"tests/CMakeLists.txt", "target_precompile_headers(test-support"}};
  for (const auto& [file, statement] : lists) {
    const std::string text = text_of(root / file);
    const auto begin = text.find(statement);
    REQUIRE(begin != std::string::npos);
    std::istringstream words(text.substr(begin, text.find(')', begin) - begin));
    std::size_t known = 0;
    for (std::string word; words >> word;) {
      if (word.front() != '<') continue;
      INFO(file << ": " << word);
      CHECK(signs.count(word.substr(1, word.size() - 2)) == 1);
      ++known;
    }
    CHECK(known > 0);
  }
}

TEST_CASE("each file includes what it uses of the precompiled headers") {
  for (const char* folder : {"engine", "tests"})
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") continue;
      if (entry.path().filename() == "includes_test.cpp") continue;  // the signs themselves
      std::set<fs::path> seen;
      std::set<std::string> others;
      include(fs::weakly_canonical(entry.path()), seen, others);
      const std::string text = text_of(entry.path());
      for (const auto& [header, names] : signs) {
        if (others.count(header) == 1) continue;
        const auto used =
            std::find_if(names.begin(), names.end(), [&](const auto& name) { return text.find(name) != std::string::npos; });
        INFO(fs::relative(entry.path(), root).string()
             << " uses " << (used == names.end() ? "" : *used) << " without <" << header << ">");
        CHECK(used == names.end());
      }
    }
}
