// A shell script as its author's commands: enough of the grammar to say what is called with which words, and where a variable
// is put into them. It never complains: what it cannot read is for `bash -n` to say.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace runbook {

struct ShellWord {
  struct Variable {
    std::string name;
    std::size_t offset = 0, length = 0;  // of `$name` or `${name}` in the script
  };
  std::string text;                    // without its quotes; `$name` as written
  std::size_t offset = 0, length = 0;  // in the script, quotes included
  std::vector<Variable> variables;     // expanded in it: unquoted or in double quotes
};

struct ShellCommand {
  std::vector<ShellWord> assignments;              // NAME=value before it, or alone
  std::vector<ShellWord> words;                    // without redirections and reserved words
  std::vector<ShellWord> written;                  // the files behind its `>` and `>>`
  std::string_view name() const;                   // of the program, without its folder: behind sudo, env, timeout ...
  std::size_t name_at() const;                     // which of the words it is
  std::vector<std::string_view> operands() const;  // behind the name, without flags and the values of those known to take one
};

// Also those inside $( ) and ` `; each before the one that it stands in.
std::vector<ShellCommand> shell_commands(std::string_view script);

}  // namespace runbook
