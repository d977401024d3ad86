#!/usr/bin/env bash
# Builds a `runbook` that has one kind more: echo.cpp beside this, and a line in a copy of kinds.cpp. Nothing else is compiled.
#   tests/structure/new_kind/build.sh BUILD_FOLDER FOLDER     gives FOLDER/runbook
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd) build=$1 into=$(cd "$2" && pwd)
kinds=$here/../../../engine/action/kinds.cpp
rows=$(sed -n 's/^constexpr std::array<Row, \([0-9]*\)> table.*/\1/p' "$kinds")
sed -e "s/std::array<Row, $rows> table/std::array<Row, $((rows + 1))> table/" \
  -e 's/^    {&shell_kind, .*/    {\&echo_kind, make_echo_executor},\n&/' \
  -e 's/^namespace runbook {$/&\nextern const ActionKind echo_kind;\nstd::unique_ptr<Executor> make_echo_executor(int);/' \
  "$kinds" >"$into/kinds.cpp"
cd "$build"
compiler=$(ninja -t commands engine/action/librunbook_action.a | grep 'action/kinds.cpp$' | sed 's/ -MD.* -o .*//; s/^.*ccache //')
$compiler -o "$into/kinds.o" -c "$into/kinds.cpp" &
$compiler -o "$into/echo.o" -c "$here/echo.cpp" &
wait -n
wait -n
link=$(ninja -t commands runbook | tail -n 1 | sed 's/^: && //; s/ && :$//')
${link/main.cpp.o -o runbook/main.cpp.o $into/kinds.o $into/echo.o -o $into/runbook}
for beside in runbook-supervisor runbook-net.so; do ln -sf "$PWD/$beside" "$into/$beside"; done
