// The table of engine/README.md against what the folders include and link.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

const fs::path engine = fs::path(RUNBOOK_SOURCE_DIR) / "engine";

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

std::set<std::string> words(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

using Table = std::map<std::string, std::set<std::string>>;

Table table_of_readme() {
  Table table;
  std::istringstream lines(text_of(engine / "README.md"));
  const std::regex row(R"(\| `([a-z]+)` \|[^|]*\|([a-z ]*)\|)");
  std::smatch match;
  for (std::string line; std::getline(lines, line);)
    if (std::regex_match(line, match, row)) table[match[1]] = words(match[2]);
  return table;
}

std::vector<fs::path> sources() {
  std::vector<fs::path> out;
  for (const auto& entry : fs::recursive_directory_iterator(engine))
    if (entry.path().extension() == ".h" || entry.path().extension() == ".cpp") out.push_back(entry.path());
  return out;
}

std::string folder_of(const fs::path& source) { return (*fs::relative(source, engine).begin()).string(); }

std::vector<std::string> includes_of(const fs::path& source) {
  std::vector<std::string> out;
  const std::string text = text_of(source);
  const std::regex include(R"(#include [<"]([^>"]+)[>"])");
  for (std::sregex_iterator at(text.begin(), text.end(), include), end; at != end; ++at) out.push_back((*at)[1]);
  return out;
}

}  // namespace

TEST_CASE("every folder of the engine has a row, and every row a folder") {
  std::set<std::string> folders, rows;
  for (const auto& entry : fs::directory_iterator(engine))
    if (entry.is_directory()) folders.insert(entry.path().filename().string());
  for (const auto& [name, allowed] : table_of_readme()) rows.insert(name);
  CHECK(rows == folders);
}

TEST_CASE("a file includes only its own folder and those its row names") {
  const Table table = table_of_readme();
  for (const auto& source : sources()) {
    const std::string own = folder_of(source);
    for (const auto& included : includes_of(source)) {
      const std::string folder = included.substr(0, included.find('/'));
      if (table.count(folder) == 0 || included.find('/') == std::string::npos) continue;
      INFO(fs::relative(source, engine).string() << " includes " << included);
      CHECK((folder == own || table.at(own).count(folder) == 1));
    }
  }
}

TEST_CASE("a folder links only what its row names, and the rows have no circle") {
  const Table table = table_of_readme();
  const std::regex uses(R"(folder_library\((\w+)[^)]*?USES ([a-z \n]+?)(\n +LINKS[^)]*)?\))");
  for (const auto& [name, allowed] : table) {
    const std::string text = text_of(engine / name / "CMakeLists.txt");
    std::smatch match;
    if (!std::regex_search(text, match, uses)) continue;
    for (const auto& used : words(match[2])) {
      INFO(name << " links " << used);
      CHECK(allowed.count(used) == 1);
    }
  }
  std::set<std::string> done;
  for (bool more = true; more;) {
    more = false;
    for (const auto& [name, allowed] : table)
      if (done.count(name) == 0 && std::includes(done.begin(), done.end(), allowed.begin(), allowed.end())) {
        done.insert(name);
        more = true;
      }
  }
  CHECK(done.size() == table.size());
}

TEST_CASE("heavy headers stay in few files and out of headers that other folders include") {
  struct Heavy {
    const char* prefix;
    std::size_t most;
  };
  for (const Heavy& heavy : {Heavy{"boost/asio", 3}, Heavy{"boost/process", 2}, Heavy{"boost/json", 2}, Heavy{"CLI/", 1},
                             Heavy{"libpq-fe", 2}, Heavy{"curl/", 3}}) {
    std::size_t files = 0;
    for (const auto& source : sources())
      for (const auto& included : includes_of(source)) {
        if (included.rfind(heavy.prefix, 0) != 0) continue;
        ++files;
        INFO(fs::relative(source, engine).string() << " includes " << included);
        CHECK((source.extension() == ".cpp" || folder_of(source) == "net"));
        break;
      }
    INFO(heavy.prefix);
    CHECK(files > 0);
    CHECK(files <= heavy.most);
  }
}
