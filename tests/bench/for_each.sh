#!/usr/bin/env bash
# A `for_each` of durable `shell: "true"` steps against as many steps written one by one, in one run on one machine.
#   tests/bench/for_each.sh [ELEMENTS] [ROUNDS]     prints the median of each and the ratio: at most 1.2
set -euo pipefail
cd "$(dirname "$0")/../.."
elements=${1:-1000} rounds=${2:-3}
program=$PWD/build/release/runbook
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

head() { printf 'runbook: 1\nid: %s\ntitle: %s\nowner: bench\ncontact: bench\nsteps:\n' "$1" "$1"; }
{
  head written
  for ((i = 1; i <= elements; i++)); do printf '  - { id: s%d, shell: "true", changes: nothing really }\n' "$i"; done
} >"$place/written.yaml"
{
  head each
  printf '  - { id: s, for_each: [%s], shell: "true", changes: nothing really }\n' "$(seq -s ', ' "$elements")"
} >"$place/each.yaml"

milliseconds() {
  local begin end
  begin=$(date +%s%N)
  "$program" run "$place/$1.yaml" --state-dir "$place/$1.$2" --progress plain >"$place/log" 2>&1 || { cat "$place/log" >&2; exit 1; }
  end=$(date +%s%N)
  echo $(((end - begin) / 1000000))
}
median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

each=() written=()
for ((round = 1; round <= rounds; round++)); do
  written+=("$(milliseconds written "$round")")
  each+=("$(milliseconds each "$round")")
done
a=$(printf '%s\n' "${each[@]}" | median) b=$(printf '%s\n' "${written[@]}" | median)
echo "for_each ${each[*]} ms (median $a), written ${written[*]} ms (median $b), $elements elements: ratio $(awk -v a="$a" -v b="$b" 'BEGIN { printf "%.2f", a / b }')"
