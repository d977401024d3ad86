// The cel-spec project's conformance cases, where a copy lies beside the project: they are not part of it.
#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <string>

TEST_CASE("the cases of the CEL conformance suite pass") {
  const std::filesystem::path folder = std::filesystem::path(RUNBOOK_SOURCE_DIR).parent_path() / "shared/cel-conformance";
  std::string command = RUNBOOK_BINARY_DIR "/cel-conformance";
  bool any = false;
  if (std::filesystem::is_directory(folder)) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() != ".jsonl") continue;
      command += " '" + entry.path().string() + "'";
      any = true;
    }
  }
  if (!any) {
    WARN("skipped: no cel-conformance folder beside the project");
    return;
  }
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  char part[4096];
  for (std::size_t count = 0; (count = std::fread(part, 1, sizeof part, pipe)) > 0;) output.append(part, count);
  const int status = ::pclose(pipe);
  INFO(output);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK_THAT(output, Catch::Contains(", 0 failed"));
}
