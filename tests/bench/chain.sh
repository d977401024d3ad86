#!/usr/bin/env bash
# A chain of durable `shell: "true"` steps against ninja running the same chain, in one run on one machine.
#   tests/bench/chain.sh [STEPS] [ROUNDS]     prints the median of each and the ratio
# What a step costs beyond ninja's edge is its intent, its record and its verdict, each synced to the disk.
set -euo pipefail
cd "$(dirname "$0")/../.."
steps=${1:-1000} rounds=${2:-3}
program=$PWD/build/release/runbook
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

{
  printf 'runbook: 1\nid: chain\ntitle: chain\nowner: bench\ncontact: bench\nsteps:\n'
  for ((i = 1; i <= steps; i++)); do printf '  - { id: s%d, shell: "true", changes: nothing really }\n' "$i"; done
} >"$place/chain.yaml"
{
  printf 'rule step\n  command = bash -euo pipefail -c true && touch $out\n'
  printf 'build s1: step\n'
  for ((i = 2; i <= steps; i++)); do printf 'build s%d: step s%d\n' "$i" "$((i - 1))"; done
} >"$place/build.ninja"
# An edge of the same length as a step: without touch ninja would have nothing to order by, so it runs `true` alone.
sed -i 's/ && touch $out//' "$place/build.ninja"

milliseconds() {
  local begin end
  begin=$(date +%s%N)
  "$@" >"$place/log" 2>&1 || { cat "$place/log" >&2; exit 1; }
  end=$(date +%s%N)
  echo $(((end - begin) / 1000000))
}
median() { sort -n | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

ours=() theirs=()
for ((round = 1; round <= rounds; round++)); do
  rm -f "$place/.ninja_log"
  theirs+=("$(milliseconds ninja -C "$place" "s$steps")")
  ours+=("$(milliseconds "$program" run "$place/chain.yaml" --state-dir "$place/state$round" --progress plain)")
done
a=$(printf '%s\n' "${ours[@]}" | median) b=$(printf '%s\n' "${theirs[@]}" | median)
echo "runbook ${ours[*]} ms (median $a), ninja ${theirs[*]} ms (median $b), $steps steps: ratio $(awk -v a="$a" -v b="$b" 'BEGIN { printf "%.2f", a / b }')"
