#include "drive/secrets.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/program_search.h"
#include "base/safe_file.h"
#include "runbook/unit_scope.h"

namespace runbook {
namespace {

constexpr std::size_t longest_secret = 65536;

// All that comes before the end, or nothing when the time is up.
std::optional<Result<std::string, Failure>> read_until(int descriptor, Duration patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  std::string out;
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now()).count();
    pollfd readable{descriptor, POLLIN, 0};
    const int ready = ::poll(&readable, 1, static_cast<int>(std::max<std::int64_t>(left, 0)));
    if (ready == 0) return {};
    if (ready < 0 && errno == EINTR) continue;
    const auto n = ::read(descriptor, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failure(system_failure("cannot read", errno));
    if (n == 0) return out;
    if (out.size() + static_cast<std::size_t>(n) > longest_secret)
      return failure("larger than " + std::to_string(longest_secret) + " bytes");
    out.append(buffer.data(), static_cast<std::size_t>(n));
  }
}

Result<std::string, Failure> output_of(const std::vector<std::string>& words, Duration patience) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failure(system_failure("cannot make a pipe", errno));
  Descriptor read_end(ends[0]), write_end(ends[1]);
  const pid_t child = ::fork();
  if (child < 0) return failure(system_failure("cannot start " + words[0], errno));
  if (child == 0) {
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);  // the engine holds some back, and takes them by a descriptor
    ::dup2(write_end.get(), 1);
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  write_end = Descriptor();
  auto text = read_until(read_end.get(), patience);
  if (!text || !*text) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  if (!text) return failure("the command " + words[0] + " did not end within " + format_duration(patience));
  if (!*text) return *text;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return failure("the command " + words[0] + " failed");
  return *text;
}

std::string without_newline(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

Result<std::string, Failure> Secrets::read(const Secret& secret) {
  Result<std::string, Failure> value = failure(Failure());
  switch (secret.from) {
    case Secret::From::env: {
      const char* found = std::getenv(secret.what[0].c_str());
      if (!found) return failure("secret `" + secret.name + "`: the environment has no " + secret.what[0]);
      value = std::string(found);
      break;
    }
    case Secret::From::file: value = read_file(secret.what[0], longest_secret).map(without_newline); break;
    case Secret::From::command: value = output_of(secret.what, patience_).map(without_newline); break;
  }
  if (!value) return failure("secret `" + secret.name + "`: " + value.error());
  masker_.add(*value);
  return value;
}

Result<std::string, Failure> Secrets::fill(const Unit& unit, const std::string& text) {
  std::string out = text;
  for (const auto& [name, secret] : unit.secrets) {
    const std::string mark = secret_mark(name);
    if (out.find(mark) == std::string::npos) continue;
    const auto value = read(secret);
    if (!value) return value;
    for (auto at = out.find(mark); at != std::string::npos; at = out.find(mark, at + value->size()))
      out.replace(at, mark.size(), *value);
  }
  return out;
}

Result<Value, Failure> Secrets::fill_value(const Unit& unit, const Value& value) {
  if (const auto* text = value.string()) {
    const auto filled = fill(unit, *text);
    if (!filled) return failure(filled.error());
    return Value(*filled);
  }
  if (const auto* items = value.list()) {
    Value::List out;
    for (const auto& item : *items) {
      auto filled = fill_value(unit, item);
      if (!filled) return filled;
      out.push_back(std::move(*filled));
    }
    return Value(out);
  }
  if (const auto* members = value.map()) {
    Value::Map out;
    for (const auto& [key, member] : *members) {
      auto filled = fill_value(unit, member);
      if (!filled) return filled;
      out.emplace(key, std::move(*filled));
    }
    return Value(out);
  }
  return value;
}

Result<Record, Failure> Secrets::fill(const Unit& unit, const Record& record) {
  if (unit.secrets.empty()) return record;
  Record out;
  for (const auto& [name, value] : record) {
    auto filled = fill_value(unit, value);
    if (!filled) return failure(filled.error());
    out.emplace(name, std::move(*filled));
  }
  return out;
}

bool is_present(const Secret& secret) {
  switch (secret.from) {
    case Secret::From::env: return std::getenv(secret.what[0].c_str()) != nullptr;
    case Secret::From::file: return ::access(secret.what[0].c_str(), R_OK) == 0;
    case Secret::From::command: {
      const char* path = std::getenv("PATH");
      return is_program(secret.what[0], path == nullptr ? "" : path);
    }
  }
  return false;
}

}  // namespace runbook
