// The built program on a terminal of its own, as somebody who types sees it.
#pragma once
#include <sys/types.h>

#include "tests/support/command.h"

namespace runbook::tests {

// What a terminal shows of the bytes written to it: enough of a VT100 for a block that is redrawn in place
// (CR, LF, cursor up, erase to the end of line or screen; colours are dropped). It never scrolls: every line ever shown is kept.
class Screen {
 public:
  void write(const std::string& bytes);
  std::vector<std::string> lines() const;  // without blanks at their ends
  bool has_line(const std::string& part) const;
  std::size_t count_lines(const std::string& part) const;

 private:
  void put(std::string glyph);
  void escape(char command, const std::string& parameters);

  std::vector<std::vector<std::string>> rows_{1};
  std::size_t row_ = 0, column_ = 0;
  std::string unfinished_;  // an escape sequence or a character that is not all there yet
};

class Pty {
 public:
  Pty(const Workplace& workplace, const std::vector<std::string>& arguments);
  ~Pty();
  Pty(const Pty&) = delete;
  Pty& operator=(const Pty&) = delete;

  pid_t pid() const { return pid_; }
  void type(const std::string& keys);  // "y\n", "\x03"
  // Waits for a text after the one that was waited for last.
  void expect(const std::string& text);
  // Reads what comes until it is true.
  void until(const std::function<bool()>& condition, const std::string& what);
  void hang_up();  // the terminal is gone: SIGHUP, reads and writes fail
  Outcome wait();  // `out` is all that was written to the terminal
  const std::string& output() const { return output_; }
  const Screen& screen() const { return screen_; }

 private:
  void take();  // what has been written by now

  int master_ = -1;
  pid_t pid_ = -1;
  std::string output_;
  std::size_t seen_ = 0;
  Screen screen_;
};

}  // namespace runbook::tests
