// The public YAML test suite through the front door. It need not read all of it (tags, complex keys and second documents are
// refused on purpose): whatever it is given, it answers, soon, and in little memory.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sstream>

#include "base/json.h"
#include "tests/support/command.h"
#include "tests/support/node_packages.h"
#include "tests/yaml/read.h"

namespace runbook::yaml::tests {
namespace {

struct Input {
  std::string id, text;
};

std::vector<Input> suite() {
  const runbook::tests::Workplace place;
  const auto said = place.shell("node " RUNBOOK_SOURCE_DIR "/tests/yaml/suite.mjs " RUNBOOK_BINARY_DIR "/../node");
  INFO(said.err);
  REQUIRE(said.code == 0);
  std::vector<Input> out;
  std::istringstream lines(said.out);
  for (std::string line; std::getline(lines, line);) {
    const auto one = parse_json(line);
    REQUIRE(one);
    out.push_back({*one->find("id")->string(), *one->find("text")->string()});
  }
  return out;
}

enum Answer { read = 0, refused = 1, silent = 2 };

Answer answer_to(const std::string& text) {
  Diagnostics warnings;
  const auto root = parse(text, 0, {}, warnings);
  if (root) return read;
  const Sources sources{{"suite.yaml", "/suite.yaml", text}};
  for (const auto& one : root.error())
    if (render(one, sources, {}).empty()) return silent;
  return root.error().empty() ? silent : refused;
}

struct Ended {
  int status = 0;
  long kilobytes = 0;  // beyond what this program has
};

// In a process of its own, which a clock ends.
Ended ended(const std::string& text) {
  struct rusage before {
  }, after{};
  ::getrusage(RUSAGE_SELF, &before);
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(10);
    ::_exit(answer_to(text));
  }
  Ended out;
  while (::wait4(child, &out.status, 0, &after) < 0) {}
  out.kilobytes = after.ru_maxrss - before.ru_maxrss;
  return out;
}

}  // namespace

TEST_CASE("no input of the public YAML test suite crashes, hangs or takes more than 64 MiB") {
  if (!runbook::tests::has_node_packages()) return;
  const auto inputs = suite();
  CHECK(inputs.size() >= 400);
  std::size_t counts[3] = {};
  for (const auto& [id, text] : inputs) {
    // As it is, without its last newline, and cut in the middle.
    for (const auto& variant : {text, text.substr(0, text.empty() ? 0 : text.size() - 1), text.substr(0, text.size() / 2)}) {
      INFO(id << ":\n" << variant);
      const auto one = ended(variant);
      REQUIRE(WIFEXITED(one.status));
      REQUIRE(WEXITSTATUS(one.status) <= refused);
      CHECK(one.kilobytes < 64 * 1024);
      ++counts[WEXITSTATUS(one.status)];
    }
  }
  CHECK(counts[read] > 100);
  CHECK(counts[refused] > 300);
}

}  // namespace runbook::yaml::tests
