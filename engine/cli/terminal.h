// The only writer to the terminal: results to stdout, progress and prompts to stderr, one block redrawn in place.
// A terminal that is gone (SIGHUP, EPIPE, EIO) is written to no more: the run goes on without it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/duration.h"
#include "loop/loop.h"

namespace runbook {

class Terminal {
 public:
  enum class Mode { plain, live };

  void live(Loop& loop) {
    loop_ = &loop;
    mode_ = Mode::live;
  }
  bool is_live() const { return mode_ == Mode::live; }

  void result(std::string_view text);  // stdout, as it is
  void line(std::string_view text);    // stderr, a whole line; in live mode it scrolls away above the block
  void lines(std::string_view text);   // stderr, whole lines
  void prompt(std::string_view text);  // stderr, without a newline; the block is taken away first, lines scroll away above it
  void prompt_answered() { prompt_.clear(); }  // the answer has been typed: the cursor is on a new line
  bool is_prompting() const { return !prompt_.empty(); }
  void withdraw_prompt();                      // the question is no longer asked
  void block(std::vector<std::string> lines);  // redrawn in place; at most ten times a second
  void clear_block();
  void gone() { is_gone_ = true; }
  bool is_gone() const { return is_gone_; }

 private:
  void write(int to, std::string_view text);
  void draw();

  Mode mode_ = Mode::plain;
  bool is_gone_ = false;
  Loop* loop_ = nullptr;
  std::vector<std::string> block_;
  std::size_t drawn_ = 0;
  std::string prompt_;  // shown and not answered: the cursor stands behind it
  Instant last_draw_{};
  Timer redraw_;
};

bool is_terminal(int descriptor);
int terminal_width();  // columns; 100 where it is not known

}  // namespace runbook
