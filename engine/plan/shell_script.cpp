#include "plan/shell_script.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace runbook {
namespace {

constexpr std::size_t deepest = 20;  // $( ) in $( ): bounds the stack
constexpr std::size_t usual_words = 8;

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool is_reserved(std::string_view word) {
  constexpr std::array<std::string_view, 16> reserved{"if",    "then", "else", "elif", "fi", "do", "done", "while",
                                                      "until", "for",  "case", "esac", "{",  "}",  "!",    "time"};
  return std::find(reserved.begin(), reserved.end(), word) != reserved.end();
}

bool is_assignment(std::string_view word) {
  const auto equals = word.find('=');
  return equals != std::string_view::npos && equals > 0 && std::isdigit(static_cast<unsigned char>(word[0])) == 0 &&
         std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals), is_name);
}

// Neither of these begins anything in a word, or ends it.
constexpr auto ordinary = [] {
  std::array<bool, 256> out{};
  out.fill(true);
  for (const char c : std::string_view(" \t\r\n;&|()<>\\'\"`$")) out[static_cast<unsigned char>(c)] = false;
  return out;
}();

class Scanner {
 public:
  Scanner(std::string_view script, std::vector<ShellCommand>& out) : script_(script), out_(out) {}

  // Up to the end, or to the `)` or backtick that closes what it stands in.
  void commands(std::size_t depth, char closing) {
    depth_ = depth;
    closing_ = closing;
    ShellCommand command;
    const auto end_command = [&] {
      if (!command.words.empty() || !command.assignments.empty() || !command.written.empty())
        out_.push_back(std::exchange(command, {}));
    };
    while (at_ < script_.size()) {
      const char c = script_[at_];
      if (closing != '\0' && c == closing) break;
      if (c == '\n') {
        end_command();
        ++at_;
        skip_documents();
      } else if (c == ' ' || c == '\t' || c == '\r') {
        ++at_;
      } else if (c == '\\' && peek(1) == '\n') {
        at_ += 2;
      } else if (c == '#') {
        at_ = std::min(script_.find('\n', at_), script_.size());
      } else if (c == ';' || c == '&' || c == '|' || c == '(' || c == ')') {
        const bool redirects = c == '&' && peek(1) == '>';
        if (!redirects) end_command();
        ++at_;
      } else if (c == '<' || c == '>') {
        redirection(command);
      } else {
        auto next = word();
        const bool begins = command.words.empty();
        const bool is_descriptor =
            (peek(0) == '<' || peek(0) == '>') && next.text.find_first_not_of("0123456789") == std::string::npos;
        if (is_descriptor) continue;  // 2>file
        if (begins && is_assignment(script_.substr(next.offset, next.length))) command.assignments.push_back(std::move(next));
        else if (!begins || !is_reserved(next.text)) {
          if (begins) command.words.reserve(usual_words);
          command.words.push_back(std::move(next));
        }
      }
    }
    end_command();
  }
  std::size_t position() const { return at_; }
  void start_at(std::size_t offset) { at_ = offset; }

 private:
  char peek(std::size_t further) const { return at_ + further < script_.size() ? script_[at_ + further] : '\0'; }

  void redirection(ShellCommand& command) {
    const bool reads = script_[at_] == '<';
    ++at_;
    if (reads && peek(0) == '<' && peek(1) != '<') {
      ++at_;
      const bool strips_tabs = peek(0) == '-';
      if (strips_tabs) ++at_;
      while (peek(0) == ' ' || peek(0) == '\t') ++at_;
      documents_.push_back({word().text, strips_tabs});
      return;
    }
    while (peek(0) == '<' || peek(0) == '>' || peek(0) == '&' || peek(0) == '|') ++at_;
    if (peek(0) == '(') return;  // <( ) and >( ) hold commands
    while (peek(0) == ' ' || peek(0) == '\t') ++at_;
    if (at_ >= script_.size() || std::string_view("\n;&|()<>").find(script_[at_]) != std::string_view::npos) return;
    auto file = word();
    if (!reads) command.written.push_back(std::move(file));
  }

  void skip_documents() {
    for (const auto& [end, strips_tabs] : std::exchange(documents_, {})) {
      while (at_ < script_.size()) {
        const auto line_end = std::min(script_.find('\n', at_), script_.size());
        auto line = script_.substr(at_, line_end - at_);
        at_ = std::min(line_end + 1, script_.size());
        if (strips_tabs) line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
        if (line == end) break;
      }
    }
  }

  ShellWord word() {
    ShellWord out;
    out.offset = at_;
    while (at_ < script_.size() && std::string_view(" \t\r\n;&|()<>").find(script_[at_]) == std::string_view::npos) {
      const char c = script_[at_];
      if (c == '`' && closing_ == '`') break;
      if (c == '\\') {
        if (peek(1) != '\n') out.text += peek(1);
        at_ = std::min(at_ + 2, script_.size());
      } else if (c == '\'') {
        const auto end = std::min(script_.find('\'', at_ + 1), script_.size());
        out.text += script_.substr(at_ + 1, end - at_ - 1);
        at_ = std::min(end + 1, script_.size());
      } else if (c == '"') {
        ++at_;
        double_quoted(out);
      } else {
        one(out);
      }
    }
    if (at_ == out.offset) ++at_;
    out.length = at_ - out.offset;
    return out;
  }

  void double_quoted(ShellWord& out) {
    while (at_ < script_.size() && script_[at_] != '"') {
      if (script_[at_] == '\\' && at_ + 1 < script_.size()) {
        if (std::string_view("\"\\$`").find(script_[at_ + 1]) == std::string_view::npos) out.text += '\\';
        out.text += script_[at_ + 1];
        at_ += 2;
      } else {
        one(out);
      }
    }
    at_ = std::min(at_ + 1, script_.size());
  }

  // What stands for itself, as far as it goes; or one character, or what a `$` or a backtick begins.
  void one(ShellWord& out) {
    const std::size_t begin = at_;
    while (at_ < script_.size() && ordinary[static_cast<unsigned char>(script_[at_])]) ++at_;
    if (at_ > begin) {
      out.text += script_.substr(begin, at_ - begin);
      return;
    }
    if (script_[at_] == '`') nested(at_ + 1, '`');
    else if (script_[at_] == '$' && peek(1) == '(') nested(at_ + 2, ')');
    else if (script_[at_] == '$' && peek(1) == '{') braces(out);
    else if (script_[at_] == '$' && (std::isalpha(static_cast<unsigned char>(peek(1))) != 0 || peek(1) == '_')) {
      ++at_;
      while (at_ < script_.size() && is_name(script_[at_])) ++at_;
      out.variables.push_back({std::string(script_.substr(begin + 1, at_ - begin - 1)), begin, at_ - begin});
    } else {
      ++at_;
    }
    out.text += script_.substr(begin, at_ - begin);
  }

  void nested(std::size_t inside, char closing) {
    if (depth_ >= deepest) {
      at_ = script_.size();
      return;
    }
    Scanner scanner(script_, out_);
    scanner.start_at(inside);
    scanner.commands(depth_ + 1, closing);
    at_ = std::min(scanner.position() + 1, script_.size());
    if (closing == ')' && script_.substr(inside, 1) == "(" && peek(0) == ')') ++at_;  // $(( ))
  }

  void braces(ShellWord& out) {
    const std::size_t begin = at_;
    std::size_t open = 0;
    do {
      if (script_[at_] == '{') ++open;
      if (script_[at_] == '}') --open;
      ++at_;
    } while (at_ < script_.size() && (open > 0 || script_[at_ - 1] == '$'));
    const auto inside = script_.substr(begin + 2, at_ - begin - 2);
    const auto end = std::find_if_not(inside.begin(), inside.end(), is_name);
    const std::string name(inside.begin(), end);
    const bool is_quoted = inside.find("@Q") != std::string_view::npos;
    if (!name.empty() && !is_quoted) out.variables.push_back({name, begin, at_ - begin});
  }

  struct Document {
    std::string end;
    bool strips_tabs = false;
  };
  std::string_view script_;
  std::vector<ShellCommand>& out_;
  std::size_t at_ = 0, depth_ = 0;
  char closing_ = '\0';
  std::vector<Document> documents_;  // << whose text begins on the next line
};

}  // namespace

std::size_t ShellCommand::name_at() const {
  constexpr std::array<std::string_view, 7> before{"sudo", "env", "exec", "command", "nohup", "builtin", "timeout"};
  std::size_t i = 0;
  while (i + 1 < words.size() && std::find(before.begin(), before.end(), words[i].text) != before.end()) {
    const bool has_duration = words[i].text == "timeout";
    for (++i; i + 1 < words.size() && (words[i].text.starts_with("-") || is_assignment(words[i].text)); ++i)
      if (words[i].text == "-u" || words[i].text == "-g") ++i;  // as whom, without what
    if (has_duration && i + 1 < words.size()) ++i;
  }
  return words.empty() ? 0 : std::min(i, words.size() - 1);
}

std::string_view ShellCommand::name() const {
  if (words.empty()) return {};
  const std::string_view name = words[name_at()].text;
  return name.substr(name.rfind('/') == std::string_view::npos ? 0 : name.rfind('/') + 1);
}

std::vector<std::string_view> ShellCommand::operands() const {
  constexpr std::array<std::string_view, 11> with_value{"-n", "--namespace",    "--context", "--kubeconfig", "-C",      "-f",
                                                        "-H", "--kube-context", "-l",        "--profile",    "--region"};
  std::vector<std::string_view> out;
  for (std::size_t i = name_at() + 1; i < words.size(); ++i) {
    const std::string_view word = words[i].text;
    if (std::find(with_value.begin(), with_value.end(), word) != with_value.end()) ++i;
    else if (!word.starts_with("-")) out.emplace_back(word);
  }
  return out;
}

std::vector<ShellCommand> shell_commands(std::string_view script) {
  std::vector<ShellCommand> out;
  Scanner(script, out).commands(0, '\0');
  return out;
}

}  // namespace runbook
