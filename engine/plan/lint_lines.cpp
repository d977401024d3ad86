#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/sql_text.h"
#include "plan/lint_rules.h"
#include "plan/messages.h"
#include "plan/step_code.h"

namespace runbook {
namespace {

// Where a line of the file was joined to the line before it, as YAML does in `>`, in quotes, and without either.
struct Joint {
  std::size_t line = 0;    // where the line before begins in the text
  std::size_t before = 0;  // where it ends
  std::size_t offset = 0;  // where this one begins
};

std::vector<Joint> joints_of(const StepCode& code) {
  std::vector<Joint> out;
  const std::string_view text = code.text;
  auto line = code.map->at(0).line;
  std::size_t begin = 0, last = 0;
  code.map->each_further([&](std::size_t offset, const Place& place) {
    const bool is_escaped = offset == std::exchange(last, offset);  // `\` at the line's end in double quotes: on purpose
    if (place.line == line || offset > text.size()) return;
    line = place.line;
    std::size_t before = offset;
    while (before > 0 && (text[before - 1] == ' ' || text[before - 1] == '\t')) --before;
    const bool is_joined = !is_escaped && before > 0 && before < offset && text[before - 1] != '\n';
    if (is_joined) out.push_back({begin, before, offset});
    begin = offset;
  });
  return out;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

// The word that begins there, as far as it can be the name of a program, or of a variable before `=`.
std::string_view plain_word(std::string_view rest) {
  const auto is_part = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' || c == '/' || c == '+';
  };
  return rest.substr(0, static_cast<std::size_t>(std::find_if_not(rest.begin(), rest.end(), is_part) - rest.begin()));
}

// `systemctl`, `./stop.sh`, `[ `, `total=`; not `deployment/web`, `alpine:3`, `app.yaml`, `"$name"`, `/data`, which are given to
// the command of the line before.
bool looks_like_a_command(std::string_view rest) {
  if (rest.starts_with("[ ") || rest.starts_with("[[ ")) return true;
  const auto word = plain_word(rest);
  if (word.empty() || std::isdigit(static_cast<unsigned char>(word[0])) != 0) return false;
  if (word.size() < rest.size() && rest[word.size()] == '=') return word.find_first_of("-./+") == std::string_view::npos;
  if (word.size() < rest.size() && !is_blank(rest[word.size()]) && rest[word.size()] != ';' && rest[word.size()] != ')')
    return false;
  if (word.starts_with("./") || word.ends_with(".sh") || word == ".") return true;
  return word.find_first_of("./") == std::string_view::npos;
}

// An option or an operator: no command begins like this, whoever writes it there goes on with the line before.
bool goes_on(std::string_view rest) {
  return !rest.empty() && (rest[0] == '-' || rest[0] == '|' || rest[0] == '&' || rest[0] == '<' || rest[0] == '>');
}

// What a line may end with before a command of its own.
bool ends_a_command(std::string_view line) {
  constexpr std::string_view operators = ";&|({";
  if (operators.find(line.back()) != std::string_view::npos) return true;
  constexpr std::array<std::string_view, 3> words{" do", " then", " else"};
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return line.ends_with(word); });
}

// The words of the script, for what lies within one and what begins one.
class Words {
 public:
  explicit Words(const StepCode& code) {
    for (const auto& command : code.commands) {
      for (const auto& word : command.assignments) all_.push_back(&word);
      for (const auto& word : command.words) all_.push_back(&word);
    }
  }
  bool begins_at(std::size_t offset) const {
    return std::any_of(all_.begin(), all_.end(), [&](const ShellWord* word) { return word->offset == offset; });
  }
  bool goes_through(std::size_t offset) const {
    return std::any_of(all_.begin(), all_.end(),
                       [&](const ShellWord* word) { return word->offset < offset && offset < word->offset + word->length; });
  }

 private:
  std::vector<const ShellWord*> all_;
};

// A ` # comment` before the joint, which goes on behind it.
bool is_in_comment(std::string_view text, const Joint& joint, const Words& words) {
  for (auto at = text.find('#', joint.line); at < joint.before; at = text.find('#', at + 1))
    if ((at == joint.line || is_blank(text[at - 1]) || text[at - 1] == ';') && !words.goes_through(at) && !words.begins_at(at))
      return true;
  return false;
}

// What the joining makes of a script that a shell reads, where it cannot be meant.
const Joint* lost_command(const StepCode& code, const std::vector<Joint>& joints) {
  const std::string_view text = code.text;
  const Words words(code);
  const Joint* found = nullptr;
  bool is_meant = false;  // a long command, folded by somebody who knows that
  for (const auto& joint : joints) {
    const auto rest = text.substr(joint.offset);
    const bool is_quoted = words.goes_through(joint.offset) && !words.begins_at(joint.offset);
    // `\` and a blank: the word behind it begins with that blank.
    const bool is_escaped = text[joint.before - 1] == '\\' && words.begins_at(joint.before - 1);
    if (is_escaped || (!is_quoted && is_in_comment(text, joint, words))) return &joint;
    if (is_quoted || ends_a_command(text.substr(joint.line, joint.before - joint.line))) continue;
    is_meant = is_meant || goes_on(rest);
    if (found == nullptr && looks_like_a_command(rest)) found = &joint;
  }
  return is_meant ? nullptr : found;
}

// The same of Python, where a statement ends with its line unless something is open.
const Joint* lost_statement(const StepCode& code, const std::vector<Joint>& joints) {
  const std::string_view text = code.text;
  for (const auto& joint : joints) {
    const auto so_far = text.substr(0, joint.before);
    const auto number = [&](std::string_view of) {
      return std::count_if(so_far.begin(), so_far.end(), [&](char c) { return of.find(c) != std::string_view::npos; });
    };
    const bool is_open = number("([{") != number(")]}") || number("'") % 2 != 0 || number("\"") % 2 != 0;
    const char first = text[joint.offset];
    const bool is_word = std::isalpha(static_cast<unsigned char>(first)) != 0 || first == '_';
    if (!is_open && is_word && std::string_view(",;:\\+-*/%=<>&|.").find(so_far.back()) == std::string_view::npos) return &joint;
  }
  return nullptr;
}

const Joint* swallowed_by_comment(std::string_view sql, const std::vector<Joint>& joints) {
  for (const auto comment : line_comments(sql)) {
    const auto begin = static_cast<std::size_t>(comment.data() - sql.data());
    const auto found = std::find_if(joints.begin(), joints.end(), [&](const Joint& joint) {
      return begin < joint.before && joint.offset < begin + comment.size();
    });
    if (found != joints.end()) return &*found;
  }
  return nullptr;
}

enum class Reader { shell, python, postgres, unknown };

Reader reader_of(const Action& action) {
  if (action.kind->name == "sql") return Reader::postgres;
  const auto field = action.fields.find("interpreter");
  if (field == action.fields.end()) return Reader::shell;
  const auto* text = std::get_if<Text>(&field->second.is);
  const auto program = text != nullptr ? program_of(text->text.text()) : std::string_view();
  if (program == "bash" || program == "sh" || program == "dash" || program == "ksh") return Reader::shell;
  return program.starts_with("python") ? Reader::python : Reader::unknown;
}

const Joint* lost(const StepCode& code, Reader reader, const std::vector<Joint>& joints) {
  switch (reader) {
    case Reader::shell: return lost_command(code, joints);
    case Reader::python: return lost_statement(code, joints);
    case Reader::postgres: return swallowed_by_comment(code.text, joints);
    case Reader::unknown: break;
  }
  return nullptr;
}

// A few words of the line, for the message.
std::string beginning(std::string_view text, std::size_t offset) {
  auto line = text.substr(offset);
  line = line.substr(0, std::min(line.find('\n'), line.size()));
  constexpr std::size_t enough = 40;
  if (line.size() <= enough) return std::string(line);
  return std::string(line.substr(0, line.find(' '))).substr(0, enough) + " ...";
}

}  // namespace

void check_joined_lines(const LintedCode& linted, Diagnostics& advice) {
  const auto& code = linted.code;
  if (code.map == nullptr || code.map->is_in_one_piece()) return;
  const auto joints = joints_of(code);
  if (joints.empty()) return;
  const auto reader = reader_of(linted.action);
  const Joint* joint = lost(code, reader, joints);
  if (joint == nullptr) return;
  const auto line = beginning(code.text, joint->offset);
  advice.push_back(
      diagnose(messages::joined_lines, code.place(joint->offset, line.size()), line)
          .helped(reader == Reader::postgres
                      ? phrase("write `|`: the comment then ends with its line", "`|` 로 쓰십시오: 주석이 그 줄에서 끝납니다")
                      : phrase("write `|`: each line is then a command of its own; for one long command write `|`, too, and "
                               "`\\` at the line ends",
                               "`|` 로 쓰십시오: 줄마다 하나의 명령이 됩니다. 긴 명령 하나라면 `|` 로 쓰고 줄 끝에 `\\` 를 "
                               "붙이십시오")));
}

}  // namespace runbook
