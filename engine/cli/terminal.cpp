#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "base/safe_file.h"

namespace runbook {
namespace {

constexpr Duration between_draws = std::chrono::milliseconds(100);
const std::string to_line_start = "\r\x1b[K";

}  // namespace

void Terminal::write(int to, std::string_view text) {
  if (to == 2 && is_gone_) return;
  if (!write_all(to, text) && to == 2) is_gone_ = true;
}

void Terminal::result(std::string_view text) { write(1, text); }

void Terminal::line(std::string_view text) {
  const auto block = block_;
  clear_block();
  // What was typed by now is still in the terminal's own buffer, only no longer to be seen.
  write(2, (prompt_.empty() ? "" : to_line_start) + std::string(text) + "\n" + prompt_);
  if (!block.empty()) {
    block_ = block;
    draw();
  }
}

void Terminal::lines(std::string_view text) {
  clear_block();
  withdraw_prompt();
  write(2, text);
}

void Terminal::prompt(std::string_view text) {
  clear_block();
  withdraw_prompt();
  prompt_ = text;
  write(2, text);
}

void Terminal::withdraw_prompt() {
  if (!prompt_.empty()) write(2, to_line_start);
  prompt_.clear();
}

void Terminal::block(std::vector<std::string> lines) {
  block_ = std::move(lines);
  if (redraw_ || loop_ == nullptr) return;
  const Instant now = loop_->now();
  if (now - last_draw_ >= between_draws) return draw();
  redraw_ = loop_->at(last_draw_ + between_draws, [this] {
    redraw_.reset();
    draw();
  });
}

void Terminal::clear_block() {
  redraw_.reset();
  if (drawn_ > 0) write(2, "\x1b[" + std::to_string(drawn_) + "A\r\x1b[J");
  drawn_ = 0;
  block_.clear();
}

void Terminal::draw() {
  std::string out;
  if (drawn_ > 0) out = "\x1b[" + std::to_string(drawn_) + "A\r\x1b[J";
  for (const auto& one : block_) out += one + "\n";
  drawn_ = block_.size();
  write(2, out);
  if (loop_ != nullptr) last_draw_ = loop_->now();
}

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

int terminal_width() {
  winsize size{};
  if (::ioctl(2, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) return size.ws_col;
  return 100;
}

}  // namespace runbook
