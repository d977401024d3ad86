#!/usr/bin/env bash
# Seeded bugs: each patch of tests/crash/mutants breaks one promise of the engine, and the test that it names must fail.
#   tests/crash/mutants.sh [NAME]...    without a name: all; NAME: a part of a patch's file name
#   tests/crash/mutants.sh --table      the table of README.md, from the patches
# Works on a copy of the tree in build/mutants, which stays there: the second time only what has changed is built.
# A patch begins with `# caught by: test-store "name of the case"`; then a sentence, then the difference.
set -euo pipefail
cd "$(dirname "$0")/../.."
scratch=$PWD/build/mutants
source=$scratch/source build=$scratch/build
program_of() { sed -n '1s/^# caught by: \([a-z0-9-]*\) ".*"$/\1/p' "$1"; }
case_of() { sed -n '1s/^# caught by: [a-z0-9-]* "\(.*\)"$/\1/p' "$1"; }
table() {
  local patch
  for patch in tests/crash/mutants/*.patch; do
    printf '| %s | %s | %s: %s |\n' "$(basename "$patch" .patch)" "$(sed -n '2s/^# //p' "$patch")" "$(program_of "$patch")" "$(case_of "$patch")"
  done
}
if [ "${1:-}" = --table ]; then
  table
  exit
fi
export CCACHE_BASEDIR=$scratch CCACHE_NOHASHDIR=1

patches=()
for patch in "$PWD"/tests/crash/mutants/*.patch; do
  for name in "${@:-}"; do
    [[ ${patch##*/} != *"$name"* ]] || { patches+=("$patch"); break; }
  done
done
[ ${#patches[@]} -gt 0 ] || { echo "tests/crash/mutants.sh: no such mutant" >&2; exit 2; }

diff <(sed -n '/^## Seeded bugs/,$p' tests/crash/README.md | grep '^| [0-9]') <(table) ||
  { echo "tests/crash/README.md: its table is not that of the patches (tests/crash/mutants.sh --table)" >&2; exit 1; }

# Only what differs is copied: files keep their times, and what an interrupted mutant left is put right.
rm -rf "$scratch/fresh"
mkdir -p "$scratch/fresh" "$source"
git ls-files -z --cached --others --exclude-standard |
  while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done |
  tar --null -T - -cf - | tar -xf - -C "$scratch/fresh"
(cd "$source" && find . -type f) | while IFS= read -r file; do [ -e "$scratch/fresh/$file" ] || rm "$source/$file"; done
(cd "$scratch/fresh" && find . -type f) | while IFS= read -r file; do
  cmp -s "$scratch/fresh/$file" "$source/$file" || install -D -m "$(stat -c %a "$scratch/fresh/$file")" "$scratch/fresh/$file" "$source/$file"
done
cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 -DCMAKE_CXX_FLAGS=-w >"$scratch/cmake.log" ||
  { cat "$scratch/cmake.log"; exit 1; }

make_program() { cmake --build "$build" --target "$1" runbook-program >"$scratch/build.log" 2>&1; }
# Fails as the test does; 99 where there is no such test.
run_case() {
  local pattern
  pattern=$(sed 's/[],[*\\]/\\&/g' <<<"$2")
  timeout 300 "$build/$1" "$pattern" >"$scratch/test.log" 2>&1 || return 1
  ! grep -q "No test cases matched" "$scratch/test.log" || return 99
}

# Unbroken, every named test passes: or its failure says nothing.
for patch in "${patches[@]}"; do
  [ -n "$(program_of "$patch")" ] || { echo "${patch##*/}: its first line names no test" >&2; exit 2; }
done
mapfile -t tests < <(for patch in "${patches[@]}"; do printf '%s\t%s\n' "$(program_of "$patch")" "$(case_of "$patch")"; done | sort -u)
for test in "${tests[@]}"; do
  IFS=$'\t' read -r program name <<<"$test"
  make_program "$program" || { tail -n 30 "$scratch/build.log"; exit 1; }
  status=0
  run_case "$program" "$name" || status=$?
  [ "$status" != 99 ] || { echo "$program has no test \"$name\"" >&2; exit 2; }
  [ "$status" = 0 ] || { tail -n 40 "$scratch/test.log"; echo "fails without any mutant: $program \"$name\"" >&2; exit 1; }
done

caught=0
for patch in "${patches[@]}"; do
  name=$(basename "$patch" .patch) program=$(program_of "$patch")
  if ! patch -d "$source" -p1 --fuzz=0 --dry-run -s <"$patch" >"$scratch/patch.log" 2>&1; then
    echo "$name: does not apply"
    cat "$scratch/patch.log"
    continue
  fi
  patch -d "$source" -p1 --fuzz=0 -s <"$patch"
  if ! make_program "$program"; then
    echo "$name: does not build"
    grep -m 5 "error" "$scratch/build.log" || tail -n 5 "$scratch/build.log"
  elif run_case "$program" "$(case_of "$patch")"; then
    echo "$name: SURVIVED $program \"$(case_of "$patch")\""
  else
    echo "$name: caught by $program \"$(case_of "$patch")\""
    caught=$((caught + 1))
  fi
  patch -d "$source" -p1 --fuzz=0 -s -R <"$patch"
done

echo "${#patches[@]} mutants, $caught caught"
[ "$caught" = ${#patches[@]} ]
