#include "draft/script.h"

#include <algorithm>
#include <cctype>

#include "draft/lines.h"

namespace runbook::draft {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The words of one line outside quotes, up to the end of its first command.
std::vector<std::string> words_of_command(std::string_view line) {
  std::vector<std::string> out(1);
  char quote = 0;
  for (const char c : line) {
    if (quote != 0) {
      if (c == quote) quote = 0;
      else out.back() += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (is_blank(c)) {
      if (!out.back().empty()) out.emplace_back();
    } else if (std::string_view(";|&<>()#").find(c) != std::string_view::npos) {
      break;
    } else {
      out.back() += c;
    }
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

std::string_view name_before_equals(std::string_view line) {
  std::size_t length = 0;
  while (length < line.size() && (std::isalnum(static_cast<unsigned char>(line[length])) != 0 || line[length] == '_')) ++length;
  return length > 0 && !is_digit(line[0]) && length < line.size() && line[length] == '=' ? line.substr(0, length)
                                                                                         : std::string_view();
}

// "NAME=value" alone on its line, the value written out.
bool is_assignment(std::string_view line) {
  const auto name = name_before_equals(line);
  if (name.empty()) return false;
  auto value = line.substr(name.size() + 1);
  if (value.size() > 1 && (value[0] == '"' || value[0] == '\'') && value.find(value[0], 1) == value.size() - 1)
    value = value.substr(1, value.size() - 2);
  else if (value.find_first_of(" \t\"'") != std::string_view::npos) return false;
  return !value.empty() && value.find_first_of("$`\\;|&<>()") == std::string_view::npos;
}
std::string assigned_value(std::string_view line) {
  auto value = line.substr(line.find('=') + 1);
  if (value[0] == '"' || value[0] == '\'') value = value.substr(1, value.size() - 2);
  return std::string(value);
}

// Begins something that the lines below belong to, or changes what they mean.
bool is_shared(std::string_view word) {
  static constexpr std::string_view words[] = {"cd",   "export", "set", "source", ".",    "if",       "for",  "while", "until",
                                               "case", "{",      "}",   "do",     "done", "function", "trap", "eval",  "pushd"};
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool can_be_cut(const std::vector<std::string_view>& lines) {
  bool continued = false;
  for (const auto line : lines) {
    if (!continued && !line.empty() && is_blank(line[0]) && !trimmed(line).empty()) return false;
    continued = !line.empty() && line.back() == '\\';
    const auto words = words_of_command(line);
    if (!words.empty() && is_shared(words[0])) return false;
    if (line.find("<<") != std::string_view::npos || line.find("()") != std::string_view::npos || has_open_quote(line))
      return false;
    // A variable that is computed is for the lines below it.
    if (!name_before_equals(line).empty() && !is_assignment(line)) return false;
  }
  return true;
}

std::string comment_text(std::string_view line) {
  auto text = trimmed(line.substr(std::min(line.find_first_not_of('#'), line.size())));
  std::size_t digits = 0;
  while (digits < text.size() && is_digit(text[digits])) ++digits;
  if (digits > 0 && digits + 1 < text.size() && (text[digits] == '.' || text[digits] == ')') && is_blank(text[digits + 1]))
    text = trimmed(text.substr(digits + 1));
  return std::string(text);
}

bool is_comment(std::string_view line) { return trimmed(line).starts_with('#'); }

class Cutter {
 public:
  Cutter(std::vector<std::string_view> lines, std::size_t first) : lines_(std::move(lines)), first_(first) {}

  Script cut() && {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const auto line = trimmed(lines_[i]);
      if (line.empty()) {
        blank_ = true;
        continue;
      }
      if (is_comment(line)) comment(i, line);
      else code(i);
      blank_ = false;
    }
    finish();
    return std::move(out_);
  }

 private:
  bool heads_code(std::size_t i) const {
    while (i < lines_.size() && is_comment(lines_[i])) ++i;
    return i < lines_.size() && !trimmed(lines_[i]).empty();
  }
  void comment(std::size_t i, std::string_view line) {
    const Said said{comment_text(line), first_ + i};
    if (part_.code.empty() && part_.title.text.empty()) {
      part_.title = said;
    } else if (!part_.code.empty() && (blank_ || heads_code(i))) {
      finish();
      part_.title = said;
    } else {
      part_.notes.push_back(said);
    }
  }
  void code(std::size_t i) {
    if (part_.code.empty()) part_.line = first_ + i;
    part_.code += std::string(lines_[i]) + "\n";
  }
  void finish() {
    const auto lines = lines_of(part_.code);
    const bool assigns = !lines.empty() && std::all_of(lines.begin(), lines.end(), is_assignment);
    if (assigns) {
      out_.notes.insert(out_.notes.end(), part_.notes.begin(), part_.notes.end());
      for (std::size_t i = 0; i < lines.size(); ++i)
        out_.assignments.push_back(
            {std::string(name_before_equals(lines[i])), assigned_value(lines[i]), part_.title, part_.line + i});
    } else if (!part_.code.empty()) {
      out_.parts.push_back(part_);
    } else {
      if (!part_.title.text.empty()) out_.notes.push_back(part_.title);
      out_.notes.insert(out_.notes.end(), part_.notes.begin(), part_.notes.end());
    }
    part_ = {};
  }

  std::vector<std::string_view> lines_;
  std::size_t first_;
  bool blank_ = false;
  ScriptPart part_;
  Script out_;
};

bool is_plain_word(std::string_view word) {
  if (word.empty() || !is_lower(word[0])) return false;
  return std::all_of(word.begin(), word.end(), [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '_'; });
}

std::string as_name(std::string_view word) {
  std::string out(word);
  std::replace(out.begin(), out.end(), '-', '_');
  return out;
}

}  // namespace

Script read_script(std::string_view code, std::size_t first_line) {
  const auto lines = lines_of(code);
  const auto says_nothing = [](std::string_view line) { return trimmed(line).empty() || is_comment(line); };
  if (can_be_cut(lines) || std::all_of(lines.begin(), lines.end(), says_nothing)) return Cutter(lines, first_line).cut();
  Script out;
  ScriptPart part;
  part.line = first_line;
  part.code = code;
  out.parts.push_back(std::move(part));
  return out;
}

bool has_open_quote(std::string_view code) {
  char quote = 0;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '\\' && quote != '\'') ++i;
    else if (quote != 0) quote = code[i] == quote ? '\0' : quote;
    else if (code[i] == '\'' || code[i] == '"') quote = code[i];
    else if (code[i] == '#' && (i == 0 || is_blank(code[i - 1]))) return false;
  }
  return quote != 0;
}

std::set<std::string> names_read(std::string_view code) {
  std::set<std::string> out;
  char quote = 0;
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (code[i] == '\\' && quote == 0) ++i;
    else if (code[i] == '\'' && quote != '"') quote = quote == 0 ? '\'' : '\0';
    else if (code[i] == '"' && quote != '\'') quote = quote == 0 ? '"' : '\0';
    else if (code[i] == '#' && quote == 0 && (i == 0 || std::isspace(static_cast<unsigned char>(code[i - 1])) != 0))
      i = std::min(code.find('\n', i), code.size()) - 1;
    else if (code[i] == '$' && quote != '\'') {
      std::size_t begin = i + 1;
      if (begin < code.size() && code[begin] == '{') ++begin;
      std::size_t end = begin;
      while (end < code.size() && (is_upper(code[end]) || is_digit(code[end]) || code[end] == '_')) ++end;
      const bool goes_on = end < code.size() && is_lower(code[end]);
      if (end > begin + 1 && is_upper(code[begin]) && !goes_on) out.emplace(code.substr(begin, end - begin));
    }
  }
  return out;
}

std::set<std::string> names_set(std::string_view code) {
  std::set<std::string> out;
  for (const auto whole : lines_of(code)) {
    auto line = trimmed(whole);
    for (const std::string_view word : {"export ", "local ", "for ", "read -r ", "read "})
      if (line.starts_with(word)) line = line.substr(word.size());
    std::size_t length = 0;
    while (length < line.size() && (is_upper(line[length]) || is_digit(line[length]) || line[length] == '_')) ++length;
    const bool is_set = length > 0 && (length == line.size() || line[length] == '=' || line.substr(length).starts_with(" in "));
    if (is_set) out.emplace(line.substr(0, length));
  }
  return out;
}

std::set<std::string> commands_in(std::string_view code) {
  static constexpr std::string_view builtins[] = {
      "cd",   "export", "set",    "source", "if",    "for",  "while", "until", "case",     "do",     "done", "then",
      "else", "elif",   "fi",     "esac",   "echo",  "true", "false", "exit",  "trap",     "eval",   "read", "test",
      "wait", "local",  "return", "printf", "unset", "sudo", "time",  "pwd",   "function", "declare"};
  std::set<std::string> out;
  bool continued = false;
  for (const auto line : lines_of(code)) {
    const auto words = words_of_command(line);
    const bool begins = !continued && !words.empty() && !line.empty() && !is_blank(line[0]);
    if (begins && is_plain_word(words[0]) && std::find(std::begin(builtins), std::end(builtins), words[0]) == std::end(builtins))
      out.insert(words[0]);
    continued = !line.empty() && line.back() == '\\';
  }
  return out;
}

std::string name_from_command(std::string_view code) {
  for (const auto line : lines_of(code)) {
    if (is_comment(line)) continue;
    auto words = words_of_command(line);
    while (!words.empty() && (words[0] == "sudo" || words[0] == "bash" || words[0] == "sh")) words.erase(words.begin());
    if (words.empty() || is_shared(words[0])) continue;
    auto first = words[0].substr(words[0].rfind('/') + 1);
    first = first.substr(0, first.find('.'));
    if (!is_plain_word(first)) continue;
    std::vector<std::string> parts{as_name(first)};
    const bool is_script = words[0].find_first_of("/.") != std::string::npos;  // what follows are its arguments
    for (std::size_t i = 1; !is_script && i < words.size() && parts.size() < 3 && is_plain_word(words[i]) && words[i].size() < 20;
         ++i)
      parts.push_back(as_name(words[i]));
    if (parts.size() > 2 || (parts.size() == 2 && parts[0] == "kubectl")) {
      if (parts[0] == "kubectl" || parts[0] == "docker" || parts[0] == "systemctl") parts.erase(parts.begin());
    }
    std::string out = parts[0];
    for (std::size_t i = 1; i < parts.size(); ++i) out += "_" + parts[i];
    return out.substr(0, 40);
  }
  return {};
}

std::string name_from_title(std::string_view title) {
  std::string out;
  std::size_t words = 0;
  for (std::size_t i = 0; i < title.size() && words < 4;) {
    std::string word;
    while (i < title.size() && std::isalnum(static_cast<unsigned char>(title[i])) != 0)
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(title[i++])));
    if (word.empty()) ++i;
    else if (is_lower(word[0]) && (word.size() > 2 || !out.empty())) {
      out += (out.empty() ? "" : "_") + word;
      ++words;
    }
  }
  return out.size() > 2 ? out.substr(0, 40) : "";
}

}  // namespace runbook::draft
