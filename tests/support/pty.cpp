#include "tests/support/pty.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

namespace runbook::tests {
namespace {

constexpr winsize wide{50, 160, 0, 0};  // nothing the program prints is wrapped by the terminal

std::size_t length_of(unsigned char first) { return first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4; }

std::string without_blanks_at_the_end(const std::vector<std::string>& cells) {
  std::string out;
  for (const auto& cell : cells) out += cell;
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

}  // namespace

void Screen::write(const std::string& bytes) {
  const std::string text = unfinished_ + bytes;
  unfinished_.clear();
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\x1b') {
      const auto end = text.find_first_not_of("0123456789;?", i + 2);
      if (end == std::string::npos) {
        unfinished_ = text.substr(i);
        return;
      }
      escape(text[end], text.substr(i + 2, end - i - 2));
      i = end + 1;
      continue;
    }
    const auto size = length_of(static_cast<unsigned char>(text[i]));
    if (i + size > text.size()) {
      unfinished_ = text.substr(i);
      return;
    }
    put(text.substr(i, size));
    i += size;
  }
}

void Screen::put(std::string glyph) {
  if (glyph == "\r") {
    column_ = 0;
    return;
  }
  if (glyph == "\n") {
    if (++row_ == rows_.size()) rows_.emplace_back();
    return;
  }
  auto& row = rows_[row_];
  if (row.size() <= column_) row.resize(column_ + 1, " ");
  row[column_++] = std::move(glyph);
}

void Screen::escape(char command, const std::string& parameters) {
  const auto number = parameters.empty() ? 1 : static_cast<std::size_t>(std::strtoul(parameters.c_str(), nullptr, 10));
  if (command == 'A') row_ -= std::min(row_, number);
  if (command != 'J' && command != 'K') return;
  if (command == 'J') rows_.resize(row_ + 1);
  rows_[row_].resize(std::min(rows_[row_].size(), column_));
}

std::vector<std::string> Screen::lines() const {
  std::vector<std::string> out;
  for (const auto& row : rows_) out.push_back(without_blanks_at_the_end(row));
  return out;
}

bool Screen::has_line(const std::string& part) const { return count_lines(part) > 0; }

std::size_t Screen::count_lines(const std::string& part) const {
  const auto all = lines();
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const std::string& line) { return line.find(part) != std::string::npos; }));
}

Pty::Pty(const Workplace& workplace, const std::vector<std::string>& arguments) {
  auto entries = environment_with(workplace.environment);
  entries.emplace_back("TERM=xterm");
  const std::string path = program();
  std::vector<std::string> words{path};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> environment, list;
  for (auto& entry : entries) environment.push_back(entry.data());
  for (auto& word : words) list.push_back(word.data());
  environment.push_back(nullptr);
  list.push_back(nullptr);
  pid_ = ::forkpty(&master_, nullptr, nullptr, &wide);
  if (pid_ == 0) {
    if (::chdir(workplace.path().c_str()) == 0) ::execve(path.c_str(), list.data(), environment.data());
    ::_exit(127);
  }
  REQUIRE(pid_ > 0);
  ::fcntl(master_, F_SETFD, FD_CLOEXEC);
  ::fcntl(master_, F_SETFL, O_NONBLOCK);
}

Pty::~Pty() {
  hang_up();
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Pty::type(const std::string& keys) {
  REQUIRE(::write(master_, keys.data(), keys.size()) == static_cast<ssize_t>(keys.size()));
}

void Pty::take() {
  char bytes[4096];
  for (;;) {
    const auto got = master_ < 0 ? -1 : ::read(master_, bytes, sizeof bytes);
    if (got <= 0) return;  // nothing now, or the other side is closed
    const std::string text(bytes, static_cast<std::size_t>(got));
    output_ += text;
    screen_.write(text);
  }
}

void Pty::until(const std::function<bool()>& condition, const std::string& what) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  for (take(); !condition(); take()) {
    if (std::chrono::steady_clock::now() >= give_up) FAIL("waited for: " << what << "\nthe terminal showed:\n" << output_);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

void Pty::expect(const std::string& text) {
  std::size_t at = std::string::npos;
  until([&] { return (at = output_.find(text, seen_)) != std::string::npos; }, text);
  seen_ = at + text.size();
}

void Pty::hang_up() {
  if (master_ >= 0) ::close(master_);
  master_ = -1;
}

Outcome Pty::wait() {
  int status = 0;
  until([&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; }, "the program to end");
  take();
  pid_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), output_, ""};
}

}  // namespace runbook::tests
