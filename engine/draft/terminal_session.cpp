#include "draft/terminal_session.h"

#include <algorithm>
#include <cctype>

#include "draft/lines.h"

namespace runbook::draft {
namespace {

bool is_in(char c, std::string_view others) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || others.find(c) != std::string_view::npos;
}
std::size_t length_of(std::string_view text, std::string_view others) {
  return static_cast<std::size_t>(std::find_if(text.begin(), text.end(), [&](char c) { return !is_in(c, others); }) -
                                  text.begin());
}

// The mark that ends a prompt, and the blank behind it; 0: it does not stand here.
std::size_t mark_length(std::string_view text, std::string_view marks) {
  if (text.empty() || marks.find(text[0]) == std::string_view::npos) return 0;
  if (text.size() == 1) return 1;
  return text[1] == ' ' ? 2 : 0;
}

// "$ ", "[root@db ~]# ", "user@host:~$ ", "(venv) user@host:~$ "; "# " alone is told by what stands around it. 0: none.
std::size_t shell_prompt(std::string_view line) {
  if (line.starts_with('(')) {
    const auto close = line.find(") ");
    if (close == std::string_view::npos) return 0;
    const auto rest = shell_prompt(line.substr(close + 2));
    return rest == 0 ? 0 : close + 2 + rest;
  }
  if (line.starts_with('[')) {
    const auto close = line.find(']');
    if (close == std::string_view::npos) return 0;
    const auto mark = mark_length(line.substr(close + 1), "#$");
    return mark == 0 ? 0 : close + 1 + mark;
  }
  if (const auto mark = mark_length(line, "$"); mark > 0) return mark;
  const auto user = length_of(line, "._-");
  if (user == 0 || user == line.size() || line[user] != '@') return 0;
  const auto host = length_of(line.substr(user + 1), "._-");
  const auto colon = user + 1 + host;
  if (host == 0 || colon == line.size() || line[colon] != ':') return 0;
  const auto end = std::min(line.find_first_of("#$", colon), line.size());
  if (line.substr(colon, end - colon).find(' ') != std::string_view::npos) return 0;
  const auto mark = mark_length(line.substr(end), "#$");
  return mark == 0 ? 0 : end + mark;
}

// "mydb=# ", "mydb=> ", and "mydb-# " where a statement goes on.
std::size_t sql_prompt(std::string_view line) {
  const auto name = length_of(line, "_");
  if (name == 0 || name == line.size() || std::string_view("=-(").find(line[name]) == std::string_view::npos) return 0;
  const auto mark = mark_length(line.substr(name + 1), "#>");
  return mark == 0 ? 0 : name + 1 + mark;
}

std::size_t root_prompt(std::string_view line) { return mark_length(line, "#"); }

// Behind `# `: a command and no sentence.
bool looks_like_command(std::string_view text) {
  const auto word = text.substr(0, text.find(' '));
  static constexpr std::string_view of_loops[] = {"then", "do", "else", "fi", "done", "esac", "in"};
  if (word.empty() || std::find(std::begin(of_loops), std::end(of_loops), word) != std::end(of_loops)) return false;
  const bool is_word = length_of(word, "-_./~=") == word.size();
  return is_word &&
         (std::islower(static_cast<unsigned char>(word[0])) != 0 || word.find_first_of("/=") != std::string_view::npos);
}

// What prompts stand in a block, and what `# ` means in it.
struct Prompts {
  bool shell = false, sql = false, root = false;

  std::size_t length(std::string_view line) const {
    if (sql) return sql_prompt(line);
    const auto found = shell_prompt(line);
    if (found > 0 || !root) return found;
    const auto mark = root_prompt(line);
    return mark > 0 && looks_like_command(line.substr(mark)) ? mark : 0;
  }
};

Prompts prompts_of(const std::vector<std::string_view>& lines, std::string_view language) {
  bool is_first = true, begins_with_prompt = false, has_sql = false, has_shell = false;
  std::size_t root_commands = 0, comments = 0, without = 0;
  for (const auto line : lines) {
    if (line.find_first_not_of(' ') == std::string_view::npos) continue;
    if (line.starts_with('#')) {
      const auto rest = line.substr(root_prompt(line));
      if (!rest.empty()) ++(looks_like_command(rest) ? root_commands : comments);
      continue;
    }
    const bool is_shell = shell_prompt(line) > 0, is_sql = sql_prompt(line) > 0;
    has_shell = has_shell || is_shell;
    has_sql = has_sql || is_sql;
    if (is_first) begins_with_prompt = is_shell || is_sql;
    is_first = false;
    without += !is_shell && !is_sql;
  }
  const bool is_terminal = is_of_terminals(language);
  Prompts out;
  out.shell = has_shell && (is_terminal || begins_with_prompt);
  out.sql = !has_shell && has_sql && (is_terminal || begins_with_prompt);
  // Beside other prompts it is a comment. So it is in a language of scripts, and where sentences stand behind it while lines
  // without it may be the commands.
  const bool is_clear = is_terminal ? comments == 0 || without == 0 : language.empty() && comments == 0 && without == 0;
  out.root = !has_shell && !has_sql && root_commands > 0 && is_clear;
  return out;
}

// Whether a command goes on in its next line, which needs no prompt.
class Command {
 public:
  void begin(std::string_view line) {
    text_.clear();
    mark_.clear();
    add(line);
  }
  void add(std::string_view line) {
    if (!mark_.empty()) {
      if (line == mark_) mark_.clear();
      return;
    }
    text_ += line;
    goes_on_ = line.ends_with('\\') || has_open_quote(text_);
    text_ += '\n';
    const auto here = line.find("<<");
    if (here == std::string_view::npos || line.substr(here).starts_with("<<<")) return;
    const auto begin = line.find_first_not_of("-'\"\\ ", here + 2);
    if (begin != std::string_view::npos) mark_ = line.substr(begin, length_of(line.substr(begin), "_"));
  }
  bool goes_on() const { return goes_on_ || !mark_.empty(); }

 private:
  std::string text_, mark_;  // of a here-document that is open
  bool goes_on_ = false;
};

}  // namespace

bool is_of_terminals(std::string_view language) {
  for (const std::string_view name : {"console", "shell-session", "shellsession", "sh-session", "terminal"})
    if (language == name) return true;
  return false;
}

std::optional<TerminalSession> read_session(std::string_view code, std::string_view language, std::size_t first_line) {
  const auto lines = lines_of(code);
  const auto prompts = prompts_of(lines, language);
  if (!prompts.shell && !prompts.sql && !prompts.root) return {};
  TerminalSession out;
  out.is_sql = prompts.sql;
  out.is_roots = prompts.root;
  Command command;
  bool follows_command = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    auto line = lines[i];
    const auto prompt = prompts.length(line);
    const bool is_comment = prompt == 0 && !prompts.sql && line.starts_with('#') && line != "#";
    const bool is_second_prompt = follows_command && !prompts.sql && (line.starts_with("> ") || line == ">");
    if (prompt > 0) command.begin(line = line.substr(prompt));
    else if (is_second_prompt) command.add(line = line.substr(std::min<std::size_t>(2, line.size())));
    else if (follows_command && command.goes_on()) command.add(line);
    else {
      follows_command = false;
      if (!is_comment) {
        if (line.find_first_not_of("# \t") != std::string_view::npos) out.printed.push_back({std::string(line), first_line + i});
        continue;
      }
    }
    follows_command = follows_command || prompt > 0;
    out.commands += std::string(line) + "\n";
    out.lines.push_back(first_line + i);
  }
  return out;
}

}  // namespace runbook::draft
