// The scripts of `runbook completion`: each asks the program itself what may come next.
#include "cli/completion.h"

namespace runbook {
namespace {

// The words are cut anew: bash has broken them at `=` and `:`, and wants back only what follows the last of these.
constexpr std::string_view bash = R"SH(# source <(runbook completion bash)
_runbook() {
  local line=${COMP_LINE:0:COMP_POINT} word rest cut
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  word=${words[${#words[@]}-1]}
  cut=${word%"${word##*[=:]}"}
  COMPREPLY=()
  while IFS=$'\t' read -r word rest; do
    COMPREPLY+=("${word#"$cut"}")
  done < <("${words[0]}" --complete "${words[@]:1}" 2>/dev/null)
  if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
  return 0
}
complete -o bashdefault -o default -F _runbook runbook
)SH";

constexpr std::string_view zsh = R"SH(#compdef runbook
# source <(runbook completion zsh), after compinit
_runbook() {
  local word text
  local -a found open
  while IFS=$'\t' read -r word text; do
    word=${word//:/\\:}
    if [[ $word == *= ]]; then open+=("$word:$text"); else found+=("$word:$text"); fi
  done < <("${words[1]}" --complete "${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( ${#found} + ${#open} == 0 )); then _files; return; fi
  (( ${#found} )) && _describe runbook found
  (( ${#open} )) && _describe runbook open -S ''
  return 0
}
compdef _runbook runbook
)SH";

constexpr std::string_view fish = R"SH(# runbook completion fish | source
function __runbook_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found ($words[1] --complete $words[2..-1] 2>/dev/null)
  if test (count $found) -gt 0
    printf '%s\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c runbook -f -a '(__runbook_complete)'
)SH";

}  // namespace

std::string_view completion_script(std::string_view shell) {
  if (shell == "bash") return bash;
  if (shell == "zsh") return zsh;
  return shell == "fish" ? fish : std::string_view();
}

}  // namespace runbook
