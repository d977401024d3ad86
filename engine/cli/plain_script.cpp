#include "cli/plain_script.h"

#include <algorithm>
#include <array>
#include <vector>

namespace runbook {
namespace {

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& sorted, std::string_view word) {
  return std::binary_search(sorted.begin(), sorted.end(), word);
}

bool is_reserved(std::string_view word) {
  constexpr std::array<std::string_view, 16> reserved{"case", "coproc",   "do", "done", "elif",   "else", "esac",  "fi",
                                                      "for",  "function", "if", "in",   "select", "then", "until", "while"};
  return is_one_of(reserved, word);
}

// A shell or shellcheck has opinions on the words of these, which are not told here.
bool is_particular(std::string_view command) {
  constexpr std::array<std::string_view, 74> particular{
      "alias",    "bg",      "bind",      "break",    "builtin", "busybox",  "caller", "cd",      "chmod",  "command", "compgen",
      "complete", "compopt", "continue",  "cp",       "declare", "dirs",     "disown", "egrep",   "enable", "eval",    "exec",
      "exit",     "export",  "expr",      "fc",       "fg",      "fgrep",    "find",   "getopts", "grep",   "hash",    "help",
      "history",  "jobs",    "kill",      "let",      "ln",      "local",    "logout", "mapfile", "mv",     "popd",    "printf",
      "pushd",    "read",    "readarray", "readonly", "return",  "rgrep",    "rm",     "run",     "set",    "shift",   "shopt",
      "source",   "ssh",     "su",        "sudo",     "suspend", "tempfile", "time",   "times",   "tr",     "trap",    "type",
      "typeset",  "ulimit",  "umask",     "unalias",  "unset",   "wait",     "which",  "xargs"};
  return is_one_of(particular, command);
}

// What a pipe brings is lost on these (SC2216).
bool reads_nothing(std::string_view command) {
  constexpr std::array<std::string_view, 23> deaf{"basename", "cal",    "chgrp", "chown", "du",     "echo", "false", "fuser",
                                                  "getconf",  "getopt", "ipcrm", "ipcs",  "locale", "ls",   "ps",    "pwd",
                                                  "renice",   "rmdir",  "sleep", "test",  "touch",  "true", "uname"};
  return is_one_of(deaf, command);
}

// Variables that a shell sets itself, or keeps as a list.
bool is_shells_own(std::string_view name) {
  constexpr std::array<std::string_view, 20> own{"DIRSTACK", "EPOCHREALTIME", "EPOCHSECONDS", "EUID",       "FUNCNAME",
                                                 "GROUPS",   "HISTCMD",       "HOSTNAME",     "HOSTTYPE",   "IFS",
                                                 "MACHTYPE", "MAPFILE",       "OSTYPE",       "PIPESTATUS", "RANDOM",
                                                 "SECONDS",  "SHELLOPTS",     "SHLVL",        "SRANDOM",    "UID"};
  return name == "_" || name.starts_with("BASH") || name.starts_with("COMP") || name.starts_with("COPROC") ||
         is_one_of(own, name);
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_of_name(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_'; }

// A table: every character of every script is asked for.
constexpr auto characters_of_words = [] {
  std::array<bool, 256> out{};
  for (const char c : std::string_view("-./:=@%+,_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    out[static_cast<unsigned char>(c)] = true;
  return out;
}();
bool is_of_word(char c) { return characters_of_words[static_cast<unsigned char>(c)]; }

// Hangul and Han, three bytes each.
bool is_east_asian(std::string_view c) {
  const bool is_whole = c.size() == 3 && (c[1] & 0xC0) == 0x80 && (c[2] & 0xC0) == 0x80;
  return is_whole && ((c >= "ㄱ" && c <= "ㆎ") || (c >= "一" && c <= "鿿") || (c >= "가" && c <= "힣"));
}

class Reader {
 public:
  Reader(std::string_view script, const std::function<bool(std::string_view)>& is_set) : script_(script), is_set_(is_set) {}

  bool is_plain() {
    while (skip_lines() && !is_at_end())
      if (!line()) return false;
    return is_at_end();
  }

 private:
  bool is_at_end() const { return at_ == script_.size(); }
  char peek(std::size_t further = 0) const { return at_ + further < script_.size() ? script_[at_ + further] : '\0'; }
  bool take(std::string_view text) {
    const bool is_next = script_.substr(at_).starts_with(text);
    if (is_next) at_ += text.size();
    return is_next;
  }

  void skip_blanks() {
    while (is_blank(peek()) || (peek() == '\\' && peek(1) == '\n')) at_ += peek() == '\\' ? 2 : 1;
  }
  void skip_white() {
    while (is_blank(peek()) || peek() == '\n') ++at_;
  }
  bool skip_lines() {
    for (skip_white(); peek() == '#'; skip_white())
      if (!comment()) return false;
    return true;
  }

  // One that shellcheck takes for an order to it, for a `#!`, or for a line to be continued (SC1143) is not plain.
  bool comment() {
    const auto text = script_.substr(at_, script_.find('\n', at_) - at_);
    at_ += text.size();
    return !text.starts_with("#!") && !text.ends_with("\\") && text.find("shellcheck") == std::string_view::npos &&
           std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < ' ' && c != '\t'; });
  }

  // Commands and what joins them, to the end of a line that goes no further.
  bool line() {
    for (bool is_piped = false;;) {
      if (!command(is_piped)) return false;
      is_piped = false;
      skip_blanks();
      if (is_at_end() || take("\n")) return true;
      if (peek() == '#') return comment();
      if (take(";")) {
        skip_blanks();
        if (is_at_end() || take("\n")) return true;
      } else if (take("&&") || take("||")) {
        skip_white();
      } else if (take("|") && may_be_piped_) {
        skip_white();
        is_piped = true;
      } else {
        return false;
      }
    }
  }

  bool command(bool is_piped) {
    words_.clear();
    for (skip_blanks(); is_of_word(peek()) || is_quote(peek()); skip_blanks()) {
      if ((peek() == '1' || peek() == '2') && peek(1) == '>') break;
      const auto begin = at_;
      if (!word()) return false;
      words_.push_back(script_.substr(begin, at_ - begin));
    }
    if (words_.empty() || !has_no_opponent(is_piped)) return false;
    // A test that is redirected or piped was meant for a comparison, or for "or" (SC2065, SC2266).
    const bool is_test = words_[0] == "test";
    may_be_piped_ = !is_test;
    return is_test || redirections();
  }

  // Plain characters with at most one quotation among them.
  bool word() {
    while (is_of_word(peek())) ++at_;
    if (is_quote(peek())) {
      const auto begin = at_;
      if (!quotation()) return false;
      // More of the word would be as if the quotation had been meant to end elsewhere (SC1011, SC1078).
      const auto written = script_.substr(begin, at_ - begin);
      if (is_of_word(peek()) && (written[0] == '\'' || written.find('\n') != std::string_view::npos)) return false;
      while (is_of_word(peek())) ++at_;
    }
    return is_at_end() || is_blank(peek()) || std::string_view("\n;&|").find(peek()) != std::string_view::npos;
  }
  static bool is_quote(char c) { return c == '"' || c == '\''; }

  bool quotation() {
    const char quote = script_[at_++];
    if (peek() == '~') return false;  // SC2088
    while (!is_at_end() && peek() != quote) {
      const char c = peek();
      const bool is_ascii = (c >= ' ' && c <= '~') || c == '\t' || c == '\n';
      if (quote == '"' && c == '$') {
        if (!variable()) return false;
      } else if (is_ascii && (quote == '\'' || (c != '`' && c != '\\'))) {
        ++at_;
      } else if (is_east_asian(script_.substr(at_, 3))) {
        at_ += 3;
      } else {
        return false;
      }
    }
    return take(std::string_view(&quote, 1));
  }

  bool variable() {
    ++at_;
    const bool has_braces = take("{");
    const auto begin = at_;
    while (is_of_name(peek())) ++at_;
    const auto name = script_.substr(begin, at_ - begin);
    if (has_braces && !take("}")) return false;
    return peek() != '[' && !is_shells_own(name) && is_set_(name);
  }

  bool has_no_opponent(bool is_piped) const {
    const auto first = words_[0];
    if (first != ":") {
      const bool begins_well = is_letter(first[0]) || first[0] == '/' || first.starts_with("./") || first.starts_with("../");
      const auto is_of_path = [](char c) { return is_of_name(c) || c == '-' || c == '.' || c == '/'; };
      if (!begins_well || !is_of_name(first.back()) || !std::all_of(first.begin(), first.end(), is_of_path)) return false;
    }
    for (const auto word : words_)  // as if it had been meant for an assignment (SC2283), or as the end of a loop (SC1010)
      if (word[0] == '=' || word.starts_with("+=") || is_reserved(word)) return false;
    const auto name = first.substr(first.rfind('/') + 1);
    const auto second = words_.size() > 1 ? words_[1] : "";
    if (is_particular(name) || (is_piped && reads_nothing(name))) return false;
    if (name == "echo") return !is_flag(second);  // not every sh's
    if (name == "test") return words_.size() == 3 && second.size() == 2 && second[0] == '-' && is_of_file(second[1]);
    const auto is_other = [](std::string_view word) { return is_flag(word) && word != "-p"; };
    return name != "mkdir" || std::none_of(words_.begin(), words_.end(), is_other);  // SC2174
  }
  static bool is_flag(std::string_view word) {
    const auto begin = word.find_first_not_of("\"'");
    return begin != std::string_view::npos && word[begin] == '-';
  }
  static bool is_of_file(char test) { return std::string_view("defhrswxL").find(test) != std::string_view::npos; }

  // Where the output goes, then where the errors go: the other way round it is doubtful (SC2069).
  bool redirections() {
    skip_blanks();
    if (take(">&2") || take("1>&2")) may_be_piped_ = false;
    else if (take(">>") || take(">") || take("1>>") || take("1>")) {
      may_be_piped_ = false;
      if (!target()) return false;
    }
    skip_blanks();
    if (take("2>&1")) return is_at_end() || !is_of_word(peek());
    return !(take("2>>") || take("2>")) || target();
  }

  // A file, and neither a number nor a command (SC2210, SC2238), nor what bash takes for a connection.
  bool target() {
    skip_blanks();
    const auto begin = at_;
    if (!word() || at_ == begin) return false;
    const auto file = script_.substr(begin, at_ - begin);
    return file.find_first_of("/$") != std::string_view::npos && file.find("/dev/tcp") == std::string_view::npos &&
           file.find("/dev/udp") == std::string_view::npos;
  }

  std::string_view script_;
  const std::function<bool(std::string_view)>& is_set_;
  std::size_t at_ = 0;
  std::vector<std::string_view> words_;  // of the command that is read, as written
  bool may_be_piped_ = true;             // it, into the next
};

}  // namespace

bool is_plain_script(std::string_view script, const std::function<bool(std::string_view)>& is_set) {
  return Reader(script, is_set).is_plain();
}

}  // namespace runbook
