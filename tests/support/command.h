// Runs the built program as a user does: arguments, environment, folder in; exit code, stdout, stderr out.
#pragma once
#include <sys/types.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace runbook::tests {

// code: 128 + N when killed by signal N
struct Outcome {
  int code = -1;
  std::string out, err;
};

// A folder that is gone with its owner, with a state directory of its own.
class Workplace {
 public:
  Workplace();
  ~Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  const std::string& path() const { return path_; }
  void write(const std::string& name, const std::string& text, bool executable = false) const;
  std::string read(const std::string& name) const;  // empty when there is none
  bool has(const std::string& name) const;

  std::map<std::string, std::string> environment;  // beside the test's own
  // `runbook ARGUMENTS`, without a terminal.
  Outcome runbook(const std::vector<std::string>& arguments) const;
  Outcome shell(const std::string& script) const;
  // Started and not waited for.
  class Running {
   public:
    Running(pid_t pid, std::string out, std::string err) : pid_(pid), out_(std::move(out)), err_(std::move(err)) {}
    Running(Running&& other) noexcept;
    ~Running();
    pid_t pid() const { return pid_; }
    void signal(int number) const;
    Outcome wait();
    std::string output() const;           // stderr so far
    std::string standard_output() const;  // stdout so far
   private:
    pid_t pid_;
    std::string out_, err_;
  };
  Running start(const std::vector<std::string>& arguments) const;
  std::string run_id() const;  // of the newest run

 private:
  std::string path_;
};

std::string program();  // the built `runbook`
// Looks every few milliseconds until it is true; fails the test after a generous limit.
void wait_until(const std::function<bool()>& condition, const std::string& what);
std::string read_file(const std::string& path);
bool is_alive(pid_t pid);
// This process's environment with `extra` in it, as exec takes it.
std::vector<std::string> environment_with(const std::map<std::string, std::string>& extra);

}  // namespace runbook::tests
