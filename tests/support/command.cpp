#include "tests/support/command.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

extern char** environ;

namespace runbook::tests {
namespace {

namespace fs = std::filesystem;

std::string fresh_name(const std::string& folder, const char* kind) {
  static std::atomic<int> count{0};
  return folder + "/." + kind + std::to_string(count++);
}

int code_of(int status) { return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status); }

pid_t launch(const std::vector<std::string>& words, const std::map<std::string, std::string>& extra, const std::string& folder,
             const std::string& out, const std::string& err) {
  auto entries = environment_with(extra);
  std::vector<char*> arguments, environment;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  for (auto& entry : entries) environment.push_back(entry.data());
  arguments.push_back(nullptr);
  environment.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  pid_t pid = -1;
  const int failed = ::posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  REQUIRE(failed == 0);
  return pid;
}

}  // namespace

std::vector<std::string> environment_with(const std::map<std::string, std::string>& extra) {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto at = text.find('=');
    if (at != std::string::npos) all[text.substr(0, at)] = text.substr(at + 1);
  }
  for (const auto& [name, value] : extra) all[name] = value;
  std::vector<std::string> out;
  for (const auto& [name, value] : all) out.push_back(name + "=" + value);
  return out;
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

bool is_alive(pid_t pid) {
  const std::string stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  const auto at = stat.rfind(") ");
  return at != std::string::npos && stat[at + 2] != 'Z';
}

void wait_until(const std::function<bool()>& condition, const std::string& what) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    INFO("waited for: " << what);
    REQUIRE(std::chrono::steady_clock::now() < give_up);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

std::string program() { return std::string(RUNBOOK_BINARY_DIR) + "/runbook"; }

Workplace::Workplace() {
  std::string name = (fs::temp_directory_path() / "runbook-test-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  path_ = name;
  environment = {{"RUNBOOK_STATE_DIR", path_ + "/state"}, {"RUNBOOK_LANG", "en"}, {"NO_COLOR", "1"}, {"TZ", "UTC"}};
}

Workplace::~Workplace() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void Workplace::write(const std::string& name, const std::string& text, bool executable) const {
  const fs::path path = fs::path(path_) / name;
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  if (executable) ::chmod(path.c_str(), 0755);
}

std::string Workplace::read(const std::string& name) const { return read_file(path_ + "/" + name); }
bool Workplace::has(const std::string& name) const { return fs::exists(fs::path(path_) / name); }

Workplace::Running Workplace::start(const std::vector<std::string>& arguments) const {
  std::vector<std::string> words{program()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const std::string out = fresh_name(path_, "out"), err = fresh_name(path_, "err");
  return Running(launch(words, environment, path_, out, err), out, err);
}

Outcome Workplace::runbook(const std::vector<std::string>& arguments) const { return start(arguments).wait(); }

Outcome Workplace::shell(const std::string& script) const {
  const std::string out = fresh_name(path_, "out"), err = fresh_name(path_, "err");
  return Running(launch({"bash", "-c", script}, environment, path_, out, err), out, err).wait();
}

std::string Workplace::run_id() const {
  const auto listed = runbook({"runs", "--output", "json"});
  const auto at = listed.out.find("\"run\":\"");
  if (at == std::string::npos) return "";
  const auto begin = at + 7;
  return listed.out.substr(begin, listed.out.find('"', begin) - begin);
}

Workplace::Running::Running(Running&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      out_(std::move(other.out_)),
      err_(std::move(other.err_)) {}

Workplace::Running::~Running() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Workplace::Running::signal(int number) const { ::kill(pid_, number); }

Outcome Workplace::Running::wait() {
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {}
  pid_ = -1;
  return {code_of(status), read_file(out_), read_file(err_)};
}

std::string Workplace::Running::output() const { return read_file(err_); }
std::string Workplace::Running::standard_output() const { return read_file(out_); }

}  // namespace runbook::tests
